/*
id = "reasons_for_missing"
title = "Why children go missing"
question = "What do children say in return home interviews about why they went?"
theme = "extent"
kind = "context"
better = "neither"
shape = "proportion"
unit = "proportion"
sentence = "{value} of return home interviews gave exploitation as a reason"
definition = "Of return home interviews held in the last twelve months, the share that recorded any coded reason, and each reason. One interview can record several. No interview: of returns in the same months, the share after which no interview was held."
numerator = "interviews with the reason"
denominator = "interviews held"
ask = "What have we changed because of what children told us?"
cannot_tell = "It cannot tell why children went who were not interviewed, nor what they did not want to say."
source = "Partnership definition"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["interviews", "returns"]
horizon_days = 0
dimensions = ["age_band", "sex", "looked_after"]
monthly = false
chart = "none"
headline_part = "exploitation"
[[part]]
id = "family_conflict"
label = "Conflict at home"
unit = "proportion"
[[part]]
id = "peer_influence"
label = "Friends or peers"
unit = "proportion"
[[part]]
id = "exploitation"
label = "Exploitation"
unit = "proportion"
[[part]]
id = "placement_unhappy"
label = "Unhappy where they live"
unit = "proportion"
[[part]]
id = "boundaries"
label = "Rules and boundaries"
unit = "proportion"
[[part]]
id = "no_interview"
label = "Returns without an interview"
unit = "proportion"
[[relation]]
kind = "known_elsewhere"
counts = [
    { kind = "denominator" },
    { part = "boundaries", kind = "denominator" },
    { part = "exploitation", kind = "denominator" },
    { part = "family_conflict", kind = "denominator" },
    { part = "peer_influence", kind = "denominator" },
    { part = "placement_unhappy", kind = "denominator" },
]
*/
SELECT child_id, held_on AS event_on, '' AS part, CASE WHEN reasons IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator
FROM interviews
UNION ALL
SELECT child_id, held_on AS event_on, 'family_conflict' AS part,
       CASE WHEN reasons LIKE '%family_conflict%' THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM interviews
UNION ALL
SELECT child_id, held_on AS event_on, 'peer_influence' AS part,
       CASE WHEN reasons LIKE '%peer_influence%' THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM interviews
UNION ALL
SELECT child_id, held_on AS event_on, 'exploitation' AS part,
       CASE WHEN reasons LIKE '%exploitation%' THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM interviews
UNION ALL
SELECT child_id, held_on AS event_on, 'placement_unhappy' AS part,
       CASE WHEN reasons LIKE '%placement_unhappy%' THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM interviews
UNION ALL
SELECT child_id, held_on AS event_on, 'boundaries' AS part,
       CASE WHEN reasons LIKE '%boundaries%' THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM interviews
UNION ALL
SELECT child_id, returned_on AS event_on, 'no_interview' AS part,
       CASE WHEN held_on IS NULL AND NOT held_undated THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM returns
