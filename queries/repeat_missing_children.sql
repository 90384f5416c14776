/*
id = "repeat_missing_children"
title = "Children repeatedly missing"
question = "How many children keep going missing?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "{value} of the children missing in {repeat_missing_days} days were missing {repeat_missing_spells} times or more"
definition = "Of children with a missing spell that started in the {repeat_missing_days} days up to month end, the share with {repeat_missing_spells} or more."
numerator = "children with {repeat_missing_spells} or more spells in the {repeat_missing_days} days"
denominator = "children with at least one"
ask = "Does every one of these children have a plan that names why they go missing and who is changing that?"
cannot_tell = "It cannot tell whether a child goes missing less because they are safer or because nobody reports it."
source = "Partnership definition; there is no national definition of repeat missing"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells", "months"]
horizon_days = 0
look_back = "repeat_missing_days"
signal_on = "quarter"
rolling = false
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "children"
label = "Children repeatedly missing"
unit = "children"
[[relation]]
kind = "same_numerator"
parts = ["", "children"]
*/
WITH counted AS (
    SELECT s.child_id, m.counted_on, COUNT(*) AS spells
    FROM missing_spells s
    JOIN months m ON s.started_on <= m.counted_on
    WHERE CAST(s.started_on AS INTEGER) > CAST(m.counted_on AS INTEGER) - :repeat_missing_days
    GROUP BY s.child_id, m.counted_on
)
SELECT child_id, counted_on AS event_on, '' AS part,
       CASE WHEN spells >= :repeat_missing_spells THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM counted
UNION ALL
SELECT child_id, counted_on AS event_on, 'children' AS part, 1 AS numerator, 0 AS denominator
FROM counted WHERE spells >= :repeat_missing_spells
