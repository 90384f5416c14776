/*
id = "workers_per_child"
title = "Different workers in twelve months"
question = "How many allocated workers does a child at risk have to get to know?"
theme = "extent"
kind = "context"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "{value} of children at risk had {many_workers} or more allocated workers in twelve months"
definition = "Of children in a risk period at month end with any allocated worker in the twelve months to it: the share with {many_workers} or more different workers in those months, and the median number."
numerator = "children with many workers"
denominator = "children with any worker"
ask = "Which of these children has had one person who stayed?"
cannot_tell = "It cannot tell how well a worker and a child knew each other."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["involvements", "risk_periods", "months"]
horizon_days = 0
dimensions = ["age_band", "looked_after"]
rolling = false
chart = "none"
[[part]]
id = "median"
label = "Median number of workers"
unit = "count"
total = "median"
*/
WITH known AS (
    SELECT r.child_id, m.counted_on
    FROM risk_periods r
    JOIN months m ON r.started_on <= m.counted_on
    WHERE r.closed_on IS NULL OR r.closed_on > m.counted_on
),
had AS (
    SELECT i.child_id AS had_child, m.counted_on AS had_on, COUNT(DISTINCT i.professional_id) AS workers
    FROM involvements i
    JOIN months m ON i.started_on <= m.counted_on
    WHERE i.ended_on IS NULL OR CAST(i.ended_on AS INTEGER) > CAST(m.counted_on AS INTEGER) - 365
    GROUP BY i.child_id, m.counted_on
),
told AS (
    SELECT k.child_id, k.counted_on, h.workers
    FROM known k JOIN had h ON k.child_id = h.had_child AND k.counted_on = h.had_on
)
SELECT child_id, counted_on AS event_on, '' AS part,
       CASE WHEN workers >= :many_workers THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM told
UNION ALL
SELECT child_id, counted_on AS event_on, 'median' AS part, CAST(workers AS BIGINT) AS numerator, 1 AS denominator FROM told
