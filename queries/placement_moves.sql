/*
id = "placement_moves"
title = "Moves of carer"
question = "How often do looked-after children at risk have to move, and do they go missing after?"
theme = "extent"
kind = "context"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "after {value} of moves the child went missing within {missing_after_move_days} days"
definition = "Of moves from one placement to the next, within one stay in care, of children in a risk period on that day: the share after which a missing spell started within {missing_after_move_days} days. Beside it, the number of moves."
numerator = "moves followed by a missing spell"
denominator = "moves"
ask = "Was the child asked before the move, and who stayed the same through it?"
cannot_tell = "It cannot tell whether the move caused the missing spell or risk caused the move."
source = "Partnership definition"
owner = "Head of children in care"
reviewed_on = 2026-10-01
needs = ["placements", "risk_periods", "missing_spells"]
horizon_days = 28
dimensions = ["age_band", "sex"]
chart = "none"
[[part]]
id = "moves"
label = "Moves"
unit = "count"
*/
WITH ordered AS (
    SELECT child_id, started_on, LAG(ended_on) OVER (PARTITION BY child_id ORDER BY started_on, ended_on) AS before_ended_on
    FROM placements
),
moves AS (
    SELECT DISTINCT o.child_id, o.started_on AS moved_on
    FROM ordered o
    JOIN risk_periods r ON o.child_id = r.child_id
    WHERE o.before_ended_on = o.started_on AND r.started_on <= o.started_on
      AND (r.closed_on IS NULL OR r.closed_on > o.started_on)
),
followed AS (
    SELECT m.child_id AS missing_child, m.moved_on AS missing_from, COUNT(*) AS spells
    FROM moves m
    JOIN missing_spells s ON m.child_id = s.child_id
    WHERE s.started_on >= m.moved_on
      AND CAST(s.started_on AS INTEGER) - CAST(m.moved_on AS INTEGER) <= :missing_after_move_days
    GROUP BY m.child_id, m.moved_on
)
SELECT m.child_id, m.moved_on AS event_on, '' AS part,
       CASE WHEN f.spells IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator
FROM moves m LEFT JOIN followed f ON m.child_id = f.missing_child AND m.moved_on = f.missing_from
UNION ALL
SELECT child_id, moved_on AS event_on, 'moves' AS part, 1 AS numerator, 0 AS denominator FROM moves
