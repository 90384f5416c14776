/*
id = "harm_rate"
title = "Harm that others recorded"
question = "Are children at risk coming to less harm?"
theme = "safer"
kind = "outcome"
better = "lower"
shape = "rate"
rate_of = "events"
unit = "per_1000_child_days"
sentence = "days with recorded harm stood at {value}"
definition = "Days on which a child at risk was recorded as a victim of crime or of exploitation, attended an emergency department, or was arrested, per 1,000 child-days at risk. A child counts once a day, in the whole and in each kind. Harm on the day that opened a risk period is what made the child known; it is counted beside it, not in it."
numerator = "child-days with recorded harm"
denominator = "child-days at risk"
ask = "Which of these harms happened to a child whose plan was written to prevent it?"
cannot_tell = "It cannot tell of harm that nobody recorded. An arrest can be harm done by a child who is being exploited, and more recording can look like more harm."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["harm_days", "days_at_risk"]
horizon_days = 0
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "victim"
label = "Victim of crime or exploitation"
unit = "per_1000_child_days"
[[part]]
id = "ed_attendance"
label = "Emergency department attendance"
unit = "per_1000_child_days"
[[part]]
id = "arrest"
label = "Arrest"
unit = "per_1000_child_days"
[[part]]
id = "opened"
label = "Days of harm that opened a risk period, not counted"
unit = "count"
[[relation]]
kind = "same_denominator"
parts = ["", "victim", "ed_attendance", "arrest"]
[[relation]]
kind = "nests"
steps = ["", "victim"]
[[relation]]
kind = "nests"
steps = ["", "ed_attendance"]
[[relation]]
kind = "nests"
steps = ["", "arrest"]
*/
SELECT child_id, harmed_on AS event_on, '' AS part, 1 AS numerator, 0 AS denominator
FROM harm_days WHERE NOT opened GROUP BY child_id, harmed_on
UNION ALL
SELECT child_id, counted_on AS event_on, '' AS part, 0 AS numerator, days AS denominator FROM days_at_risk
UNION ALL
SELECT child_id, harmed_on AS event_on, harm AS part, 1 AS numerator, 0 AS denominator
FROM harm_days WHERE NOT opened
UNION ALL
SELECT child_id, harmed_on AS event_on, 'opened' AS part, 1 AS numerator, 0 AS denominator
FROM harm_days WHERE opened GROUP BY child_id, harmed_on
