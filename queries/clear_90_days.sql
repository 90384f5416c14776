/*
id = "clear_90_days"
title = "Clear of missing for 90 days"
question = "Do children who kept going missing stop?"
theme = "missing"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of children who had been repeatedly missing were then clear of it for {clear_days} days"
definition = "Of children who were repeatedly missing at month end ({repeat_missing_spells} or more spells started in the {repeat_missing_days} days before), the share not missing on any of the {clear_days} days after it. Only children followed in the area for all those days are counted; those who left, died or turned 18 within them are counted beside it."
numerator = "children clear for all the days"
denominator = "children repeatedly missing at month end and followed for all the days"
ask = "For the children who stopped: what changed, and who would know?"
cannot_tell = "It cannot tell a child who is safe from one whose absences are no longer reported. Nor does it know of custody: no extract says who was in it, so such a child counts as clear."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells", "months"]
horizon_days = 90
rolling = false
signal_on = "quarter"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "followup_ended"
label = "Left within the days, not counted"
unit = "children"
[[relation]]
kind = "within"
count = { kind = "denominator" }
of = [{ measure = "repeat_missing_children", kind = "numerator" }]
*/
WITH repeatedly AS (
    SELECT s.child_id, m.counted_on, COUNT(*) AS spells,
           MAX(s.follow_up_end) AS follow_up_end,
           MAX(CAST(s.follow_up_ended_on AS INTEGER) - CAST(m.counted_on AS INTEGER)) AS days_followed
    FROM missing_spells s
    JOIN months m ON s.started_on <= m.counted_on
    WHERE CAST(s.started_on AS INTEGER) > CAST(m.counted_on AS INTEGER) - :repeat_missing_days
    GROUP BY s.child_id, m.counted_on
),
cohort AS (
    SELECT child_id, counted_on,
           CASE WHEN follow_up_end <> 'as_at' AND days_followed <= :clear_days THEN 1 ELSE 0 END AS lost
    FROM repeatedly
    WHERE spells >= :repeat_missing_spells AND (follow_up_end = 'as_at' OR days_followed > 0)
),
missing_after AS (
    SELECT c.child_id AS missing_child, c.counted_on AS missing_from, COUNT(*) AS spells
    FROM cohort c
    JOIN missing_spells s ON c.child_id = s.child_id
    WHERE CAST(s.started_on AS INTEGER) <= CAST(c.counted_on AS INTEGER) + :clear_days
      AND (s.started_on > c.counted_on
           OR (s.end_kind <> 'unknown' AND (s.ended_on IS NULL OR s.ended_on > c.counted_on)))
    GROUP BY c.child_id, c.counted_on
),
told AS (
    SELECT c.child_id, c.counted_on, c.lost, CASE WHEN a.spells IS NULL THEN 1 ELSE 0 END AS clear
    FROM cohort c LEFT JOIN missing_after a ON c.child_id = a.missing_child AND c.counted_on = a.missing_from
)
SELECT child_id, counted_on AS event_on, '' AS part, clear AS numerator, 1 AS denominator FROM told WHERE lost = 0
UNION ALL
SELECT child_id, counted_on AS event_on, 'followup_ended' AS part, 1 AS numerator, 0 AS denominator FROM told WHERE lost = 1
