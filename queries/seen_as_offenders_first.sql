/*
id = "seen_as_offenders_first"
title = "Arrested before anyone assessed their safety"
question = "Do we meet exploited children first as suspects, and which children?"
theme = "extent"
kind = "context"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "{value} of children at risk who were arrested were arrested before any safeguarding assessment"
definition = "Of children whose first recorded arrest while at risk was in the {arrests_pooled_days} days (three years) up to month end: the share with no exploitation or child and family assessment completed before the day of that arrest. A child counts once. Three years are pooled because the groups are small."
numerator = "children arrested before any assessment"
denominator = "children at risk with a first arrest in the three years"
ask = "For each of these children: who knew of the exploitation before the arrest, and what did they do?"
cannot_tell = "It cannot tell whether the arrest was right, nor of an assessment or an arrest before the records begin, nor of arrests recorded elsewhere. A difference between groups is a difference in how children were treated or recorded, not in what they did."
source = "Partnership definition; adultification: Davis and Marsh 2020"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["harm_days", "risk_levels", "months"]
horizon_days = 0
look_back = "arrests_pooled_days"
rolling = false
signal_on = "quarter"
dimensions = ["ethnicity_group"]
chart = "none"
*/
WITH arrested AS (
    SELECT child_id, MIN(harmed_on) AS arrested_on FROM harm_days WHERE harm = 'arrest' GROUP BY child_id
),
assessed AS (
    SELECT child_id AS assessed_child, MIN(completed_on) AS assessed_on FROM risk_levels GROUP BY child_id
),
first_met AS (
    SELECT a.child_id, a.arrested_on,
           CASE WHEN s.assessed_on < a.arrested_on THEN 0 ELSE 1 END AS unassessed
    FROM arrested a LEFT JOIN assessed s ON a.child_id = s.assessed_child
)
SELECT f.child_id, m.counted_on AS event_on, f.unassessed AS numerator, 1 AS denominator
FROM first_met f
JOIN months m ON f.arrested_on <= m.counted_on
WHERE CAST(m.counted_on AS INTEGER) - CAST(f.arrested_on AS INTEGER) < :arrests_pooled_days
