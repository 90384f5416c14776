/*
id = "plans_per_child"
title = "Children with two or more plans at once"
question = "How many children at risk are held by several plans at the same time?"
theme = "extent"
kind = "context"
better = "neither"
shape = "proportion"
unit = "proportion"
sentence = "{value} of children at risk had two or more plans open at month end"
definition = "Of children in a risk period at month end, the share with two or more kinds of plan open on that day: in need, protection, early help, or looked after. A lower bound: plans that no extract holds are not in it."
numerator = "children with two or more kinds of plan open"
denominator = "children in a risk period"
ask = "Who holds the whole picture for these children, and does the child know who that is?"
cannot_tell = "It cannot tell whether the plans agree with one another."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["open_plans", "known_at_month_end"]
horizon_days = 0
dimensions = ["age_band", "looked_after"]
rolling = false
chart = "none"
[[relation]]
kind = "same_count"
count = { kind = "denominator" }
of = [{ measure = "children_known", kind = "numerator" }]
*/
WITH held AS (
    SELECT k.child_id AS held_child, k.counted_on AS held_on, COUNT(DISTINCT p.kind) AS kinds
    FROM known_at_month_end k
    JOIN open_plans p ON k.child_id = p.child_id
    WHERE p.started_on <= k.counted_on AND (p.ended_on IS NULL OR p.ended_on > k.counted_on)
    GROUP BY k.child_id, k.counted_on
)
SELECT k.child_id, k.counted_on AS event_on,
       CASE WHEN h.kinds >= 2 THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM known_at_month_end k LEFT JOIN held h ON k.child_id = h.held_child AND k.counted_on = h.held_on
