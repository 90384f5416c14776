/*
id = "rhi_held_72h"
title = "Return home interviews held in 72 hours"
question = "When a child comes back, is a return home interview held within three days?"
theme = "missing"
kind = "process"
explains = "missing_again"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "a return home interview was held within 72 hours of {value} of returns"
definition = "Of all returns from missing in the month, the share with a return home interview held within {rhi_within_days} days. Interviews held on a day nobody recorded are not known and counted beside it."
numerator = "returns with an interview in time"
denominator = "returns from missing"
ask = "What do children tell the interviewers, and where does it go?"
cannot_tell = "It cannot tell whether the child was listened to, nor whether the interviewer was independent: an interview counts whoever held it. A police prevention interview is not a return home interview."
source = "Statutory guidance on children who run away or go missing from home or care, 2014"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["returns"]
horizon_days = 3
dimensions = ["locality", "age_band", "sex", "looked_after"]
[[part]]
id = "held_date_not_known"
label = "Held on a day nobody recorded"
unit = "count"
[[relation]]
kind = "counts_add_up"
whole = { kind = "denominator" }
terms = [{ measure = "rhi_offered", kind = "denominator" }, { measure = "rhi_offered", part = "not_recorded", kind = "numerator" }]
*/
SELECT child_id, returned_on AS event_on, '' AS part,
       CASE WHEN CAST(held_on AS INTEGER) - CAST(returned_on AS INTEGER) <= :rhi_within_days THEN 1 ELSE 0 END AS numerator,
       1 AS denominator
FROM returns
UNION ALL
SELECT child_id, returned_on AS event_on, 'held_date_not_known' AS part, 1 AS numerator, 0 AS denominator
FROM returns WHERE held_undated
