/*
id = "moved_and_lost_school"
title = "Moved and out of school"
question = "When a looked-after child at risk has to move, is the child still in full-time school a month later?"
theme = "extent"
kind = "context"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "a month after {value} of moves the child was out of full-time education"
definition = "Of moves from one placement to the next of children in a risk period and of compulsory school age, whose school status is recorded for the first month of term to end within 30 days from the {school_after_move_days}th day after the move: the share not in full-time education in it. Not known: moves after which no school recorded a status."
numerator = "moves with the child out of full-time education"
denominator = "moves with a recorded school status"
ask = "Was a school place part of the plan before the child moved?"
cannot_tell = "It cannot tell of months without sessions, such as August."
source = "Partnership definition"
owner = "Head of the virtual school"
reviewed_on = 2026-10-01
needs = ["moves_of_carer", "school_months"]
horizon_days = 61
dimensions = ["age_band"]
monthly = false
chart = "none"
[[part]]
id = "not_known"
label = "School status not known"
unit = "count"
*/
WITH schooled AS (
    SELECT m.child_id, m.moved_on, s.status,
           ROW_NUMBER() OVER (PARTITION BY m.child_id, m.moved_on ORDER BY s.counted_on) AS nth
    FROM moves_of_carer m
    JOIN school_months s ON m.child_id = s.child_id
    WHERE CAST(s.counted_on AS INTEGER) - CAST(m.moved_on AS INTEGER) >= :school_after_move_days
      AND CAST(s.counted_on AS INTEGER) - CAST(m.moved_on AS INTEGER) <= :school_after_move_days + 30
)
SELECT child_id, moved_on AS event_on, '' AS part,
       CASE WHEN status = 'full_time' THEN 0 ELSE 1 END AS numerator, 1 AS denominator
FROM schooled WHERE nth = 1 AND status IS NOT NULL
UNION ALL
SELECT child_id, moved_on AS event_on, 'not_known' AS part, 1 AS numerator, 0 AS denominator
FROM schooled WHERE nth = 1 AND status IS NULL
