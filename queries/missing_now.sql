/*
id = "missing_now"
title = "Children missing at month end"
question = "How many children are missing now, and for how long have they been gone?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "stock"
unit = "children"
sentence = "{value} were recorded as missing at month end"
definition = "Children in a missing spell that had not ended by the last day of the month; hours are counted to the end of that day. Spells whose end nobody recorded are counted beside it, not as missing."
numerator = "children missing at month end"
denominator = "none"
ask = "For each child who has not come back: who is looking, and what has been tried since yesterday?"
cannot_tell = "It cannot tell of children whose absence was never reported, or whether an old open record is a child still missing."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells", "months"]
horizon_days = 0
dimensions = ["locality", "age_band", "sex", "looked_after"]
[[part]]
id = "over-24h"
label = "Over 24 hours"
unit = "children"
[[part]]
id = "over-72h"
label = "Over 72 hours"
unit = "children"
[[part]]
id = "longest"
label = "Longest, days"
unit = "days"
total = "max"
[[part]]
id = "end_unknown"
label = "Spells started in the month whose end is not known"
unit = "count"
[[part]]
id = "started"
label = "Missing spells started in the month"
unit = "count"
[[part]]
id = "stopped"
label = "Missing spells ended in the month"
unit = "count"
[[relation]]
kind = "nests"
steps = ["", "over-24h", "over-72h"]
[[relation]]
kind = "carries"
stock = ""
started = "started"
stopped = "stopped"
*/
WITH gone AS (
    SELECT s.child_id, m.counted_on,
           CAST(m.counted_on AS INTEGER) - CAST(s.started_on AS INTEGER) AS days,
           (CAST(m.until_on AS BIGINT) * 86400000 - s.started_at_ms) AS gone_ms
    FROM missing_spells s
    JOIN months m ON s.started_on <= m.counted_on
    WHERE s.end_kind <> 'unknown' AND (s.ended_on IS NULL OR s.ended_on > m.counted_on)
)
SELECT child_id, counted_on AS event_on, '' AS part, 1 AS numerator, 0 AS denominator FROM gone
UNION ALL
SELECT child_id, counted_on AS event_on, 'over-24h' AS part, 1 AS numerator, 0 AS denominator FROM gone WHERE gone_ms > 86400000
UNION ALL
SELECT child_id, counted_on AS event_on, 'over-72h' AS part, 1 AS numerator, 0 AS denominator FROM gone WHERE gone_ms > 259200000
UNION ALL
SELECT child_id, counted_on AS event_on, 'longest' AS part, days AS numerator, 0 AS denominator FROM gone
UNION ALL
SELECT child_id, started_on AS event_on, 'end_unknown' AS part, 1 AS numerator, 0 AS denominator
FROM missing_spells WHERE end_kind = 'unknown'
UNION ALL
SELECT child_id, started_on AS event_on, 'started' AS part, 1 AS numerator, 0 AS denominator
FROM missing_spells WHERE end_kind <> 'unknown'
UNION ALL
SELECT child_id, ended_on AS event_on, 'stopped' AS part, 1 AS numerator, 0 AS denominator
FROM missing_spells WHERE end_kind <> 'unknown' AND ended_on IS NOT NULL
