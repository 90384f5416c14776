/*
id = "missing_rate"
title = "Missing spells"
question = "How often do children who are at risk go missing?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "rate"
rate_of = "events"
unit = "per_1000_child_days"
sentence = "missing spells stood at {value}"
definition = "Missing spells that started in the month per 1,000 child-days at risk. The spell that opened a child's risk period is not counted: it is what made the child known. A child is at risk from the first signal or missing spell until {risk_lapses_days} days after the last. Per 10,000 children aged 10 to 17 every spell counts, so that recording more children at low risk cannot look like success."
numerator = "missing spells after the one that opened the risk period"
denominator = "child-days at risk"
ask = "If the rate fell, did it fall per 10,000 children too, or did we only record more children at low risk?"
cannot_tell = "It cannot tell of absences that nobody reported, or how long a child was gone."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells", "risk_periods", "days_at_risk"]
horizon_days = 0
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "population"
label = "Per 10,000 children aged 10 to 17"
unit = "per_10000_children"
[[part]]
id = "end_unknown"
label = "Spells whose end is not known"
unit = "count"
[[relation]]
kind = "within"
count = { kind = "numerator" }
of = [{ part = "population", kind = "numerator" }]
[[relation]]
kind = "known_elsewhere"
counts = [
    { kind = "denominator" },
    { measure = "missing_nights", kind = "denominator" },
    { measure = "harm_rate", kind = "denominator" },
    { measure = "unassessed_days", kind = "denominator" },
]
*/
WITH openers AS (
    SELECT child_id AS opened_by, started_on AS opened_on, 1 AS opened FROM risk_periods WHERE opened_by_spell
),
numbered AS (
    SELECT child_id, started_on, end_kind,
           ROW_NUMBER() OVER (PARTITION BY child_id, started_on ORDER BY started_at_ms) AS nth
    FROM missing_spells
),
spells AS (
    SELECT n.child_id, n.started_on, CASE WHEN o.opened = 1 AND n.nth = 1 THEN 1 ELSE 0 END AS opener
    FROM numbered n LEFT JOIN openers o ON n.child_id = o.opened_by AND n.started_on = o.opened_on
)
SELECT child_id, started_on AS event_on, '' AS part, 1 AS numerator, 0 AS denominator FROM spells WHERE opener = 0
UNION ALL
SELECT child_id, counted_on AS event_on, '' AS part, 0 AS numerator, days AS denominator FROM days_at_risk
UNION ALL
SELECT child_id, started_on AS event_on, 'population' AS part, 1 AS numerator, 0 AS denominator FROM spells
UNION ALL
SELECT child_id, started_on AS event_on, 'end_unknown' AS part, 1 AS numerator, 0 AS denominator
FROM missing_spells WHERE end_kind = 'unknown'
