/*
id = "ed_screened"
title = "Screened in the emergency department"
question = "Does the emergency department look for exploitation, and act when it finds it?"
theme = "unassessed"
kind = "process"
explains = "unassessed_days"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of eligible attendances were screened for exploitation"
definition = "Of attendances eligible for screening in the month, the share screened. Beside it, of those screened the share found positive, and of those positive the share acted on within 10 days. The agency shares totals only: a child may be in them more than once."
numerator = "attendances screened"
denominator = "eligible attendances"
ask = "What happens to a positive screening after ten days?"
cannot_tell = "It cannot tell of single children, so not whether those found positive were then assessed, nor how good a screening was."
source = "Partnership definition"
owner = "Designated doctor"
reviewed_on = 2026-10-01
needs = ["ed_screening"]
horizon_days = 10
of_children = false
[[part]]
id = "positive"
label = "Positive, of those screened"
unit = "proportion"
[[part]]
id = "acted"
label = "Acted on within 10 days, of those positive"
unit = "proportion"
[[relation]]
kind = "same_count"
count = { kind = "numerator" }
of = [{ part = "positive", kind = "denominator" }]
[[relation]]
kind = "same_count"
count = { part = "positive", kind = "numerator" }
of = [{ part = "acted", kind = "denominator" }]
*/
SELECT month_on AS event_on, '' AS part, screened AS numerator, attendances_eligible AS denominator
FROM ed_screening
UNION ALL
SELECT month_on AS event_on, 'positive' AS part, positive AS numerator, screened AS denominator
FROM ed_screening
UNION ALL
SELECT month_on AS event_on, 'acted' AS part, acted_within_10_days AS numerator, positive AS denominator
FROM ed_screening
