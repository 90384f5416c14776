/*
id = "unassessed_days"
title = "Days in unassessed risk"
question = "How much time do children spend at a risk that nobody has assessed?"
theme = "unassessed"
kind = "outcome"
better = "lower"
shape = "rate"
unit = "per_1000_child_days"
sentence = "days in unassessed risk stood at {value}"
definition = "Child-days in the month in which a clock of unassessed risk was running (open clocks count to the as-at date) per 1,000 child-days at risk. A signal starts a clock unless an assessment completed in the {assessment_valid_days} days before covers it; the clock stops when the child is assessed, leaves, or every signal in it is closed."
numerator = "child-days in unassessed risk"
denominator = "child-days at risk"
ask = "Where do signals wait, and who can decide that they need not?"
cannot_tell = "It cannot tell of risk that no agency recorded a signal for, or how good an assessment was."
source = "Partnership definition; there is no national definition of unassessed risk"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["unassessed_clocks", "days_at_risk", "months"]
horizon_days = 0
look_back = "assessment_valid_days"
chart = "steps"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
*/
SELECT c.child_id, m.counted_on AS event_on,
       LEAST(COALESCE(CAST(c.stopped_on AS INTEGER), CAST(m.until_on AS INTEGER)), CAST(m.until_on AS INTEGER))
       - GREATEST(CAST(c.started_on AS INTEGER), CAST(m.month_on AS INTEGER)) AS numerator,
       0 AS denominator
FROM unassessed_clocks c
JOIN months m ON c.started_on < m.until_on
WHERE c.stopped_on IS NULL OR c.stopped_on > m.month_on
UNION ALL
SELECT child_id, counted_on AS event_on, 0 AS numerator, days AS denominator FROM days_at_risk
