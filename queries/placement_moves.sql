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
definition = "Of moves from one placement to the next, within one stay in care, of children in a risk period on that day: the share after which a missing spell started within {missing_after_move_days} days. Beside it, moves per 1,000 days that children in a risk period spent looked after."
numerator = "moves followed by a missing spell"
denominator = "moves"
rate_of = "events"
ask = "Was the child asked before the move, and who stayed the same through it?"
cannot_tell = "It cannot tell whether the move caused the missing spell or risk caused the move."
source = "Partnership definition"
owner = "Head of children in care"
reviewed_on = 2026-10-01
needs = ["moves_of_carer", "looked_after_days", "missing_spells"]
horizon_days = 28
dimensions = ["age_band", "sex"]
chart = "none"
[[part]]
id = "moves"
label = "Moves of carer"
unit = "per_1000_looked_after_days"
[[relation]]
kind = "same_count"
count = { kind = "denominator" }
of = [{ part = "moves", kind = "numerator" }]
*/
WITH followed AS (
    SELECT m.child_id AS missing_child, m.moved_on AS missing_from, COUNT(*) AS spells
    FROM moves_of_carer m
    JOIN missing_spells s ON m.child_id = s.child_id
    WHERE s.started_on >= m.moved_on
      AND CAST(s.started_on AS INTEGER) - CAST(m.moved_on AS INTEGER) <= :missing_after_move_days
    GROUP BY m.child_id, m.moved_on
)
SELECT m.child_id, m.moved_on AS event_on, '' AS part,
       CASE WHEN f.spells IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator
FROM moves_of_carer m LEFT JOIN followed f ON m.child_id = f.missing_child AND m.moved_on = f.missing_from
UNION ALL
SELECT child_id, moved_on AS event_on, 'moves' AS part, 1 AS numerator, 0 AS denominator FROM moves_of_carer
UNION ALL
SELECT child_id, counted_on AS event_on, 'moves' AS part, 0 AS numerator, days AS denominator FROM looked_after_days
