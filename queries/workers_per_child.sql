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
needs = ["involvements", "known_at_month_end"]
horizon_days = 0
dimensions = ["age_band", "looked_after"]
rolling = false
chart = "none"
[[part]]
id = "median"
label = "Median number of workers"
unit = "count"
total = "median"
[[relation]]
kind = "same_count"
count = { kind = "denominator" }
of = [{ part = "median", kind = "denominator" }]
[[relation]]
kind = "within"
count = { kind = "denominator" }
of = [{ measure = "children_known", kind = "numerator" }]
*/
WITH had AS (
    SELECT k.child_id, k.counted_on, COUNT(DISTINCT i.professional_id) AS workers
    FROM known_at_month_end k
    JOIN involvements i ON k.child_id = i.child_id
    WHERE i.started_on <= k.counted_on
      AND (i.ended_on IS NULL OR CAST(i.ended_on AS INTEGER) > CAST(k.counted_on AS INTEGER) - 365)
    GROUP BY k.child_id, k.counted_on
)
SELECT child_id, counted_on AS event_on, '' AS part,
       CASE WHEN workers >= :many_workers THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM had
UNION ALL
SELECT child_id, counted_on AS event_on, 'median' AS part, CAST(workers AS BIGINT) AS numerator, 1 AS denominator FROM had
