/*
id = "missing_nights"
title = "Nights missing"
question = "How many nights do children spend missing?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "rate"
unit = "per_1000_child_days"
sentence = "nights missing stood at {value}"
definition = "Child-nights missing in the month (a night counts where the child was out over the midnight that ends the day; open spells count every night to the as-at date) per 1,000 child-days at risk. A child is at risk from the first signal or missing spell until {risk_lapses_days} days after the last."
numerator = "child-nights missing"
denominator = "child-days at risk"
ask = "Which children account for most of these nights, and what would bring them home?"
cannot_tell = "It cannot tell where a child was or what happened there. Spells whose end nobody recorded have no nights; one that the police keep open goes on adding a night for every night, so that a record nobody closed looks like a child who never came back: see the longest spell under Missing at month end."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells", "days_at_risk", "months"]
horizon_days = 0
chart = "xmr"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "population"
label = "Per 10,000 children aged 10 to 17"
unit = "per_10000_children"
*/
SELECT s.child_id, m.counted_on AS event_on,
       LEAST(COALESCE(CAST(s.ended_on AS INTEGER), CAST(m.until_on AS INTEGER)), CAST(m.until_on AS INTEGER))
       - GREATEST(CAST(s.started_on AS INTEGER), CAST(m.month_on AS INTEGER)) AS numerator,
       0 AS denominator
FROM missing_spells s
JOIN months m ON s.started_on < m.until_on
WHERE s.end_kind <> 'unknown' AND (s.ended_on IS NULL OR s.ended_on > m.month_on)
UNION ALL
SELECT child_id, counted_on AS event_on, 0 AS numerator, days AS denominator FROM days_at_risk
