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
needs = ["open_plans", "risk_periods", "months"]
horizon_days = 0
dimensions = ["age_band", "looked_after"]
rolling = false
chart = "none"
*/
WITH known AS (
    SELECT r.child_id, m.counted_on
    FROM risk_periods r
    JOIN months m ON r.started_on <= m.counted_on
    WHERE r.closed_on IS NULL OR r.closed_on > m.counted_on
),
held AS (
    SELECT p.child_id AS held_child, m.counted_on AS held_on, COUNT(DISTINCT p.kind) AS kinds
    FROM open_plans p
    JOIN months m ON p.started_on <= m.counted_on
    WHERE p.ended_on IS NULL OR p.ended_on > m.counted_on
    GROUP BY p.child_id, m.counted_on
)
SELECT k.child_id, k.counted_on AS event_on,
       CASE WHEN h.kinds >= 2 THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM known k LEFT JOIN held h ON k.child_id = h.held_child AND k.counted_on = h.held_on
