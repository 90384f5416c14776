/*
id = "rhi_offered"
title = "Return home interviews offered"
question = "When a child comes back, are they offered someone independent to talk to?"
theme = "missing"
kind = "process"
explains = "missing_again"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "a return home interview was offered after {value} of returns"
definition = "Of returns from missing in the month for which an offer was recorded as made or not made, the share after which a return home interview was offered. Nothing recorded is not known: it is counted beside it, not as no offer."
numerator = "returns with an interview offered"
denominator = "returns with a record of it"
ask = "Why was it not offered, and why is so much not recorded?"
cannot_tell = "It cannot tell whether the child was listened to, or whether the offer was one the child could accept."
source = "Statutory guidance on children who run away or go missing from home or care, 2014"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["interview_offers"]
horizon_days = 3
dimensions = []
[[part]]
id = "not_recorded"
label = "Nothing recorded"
unit = "count"
*/
SELECT child_id, returned_on AS event_on, '' AS part,
       CASE WHEN offered THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM interview_offers WHERE offered IS NOT NULL
UNION ALL
SELECT child_id, returned_on AS event_on, 'not_recorded' AS part, 1 AS numerator, 0 AS denominator
FROM interview_offers WHERE offered IS NULL
