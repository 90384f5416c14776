/*
id = "feels_safe"
title = "Children who say they feel safe"
question = "Do children at risk tell us that they feel safe?"
theme = "safer"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of children asked said that they felt safe"
definition = "Each child's latest answer in a quarter to whether they feel safe, over four quarters: the share scoring 4 or 5 of 5. Independent askers apart: an advocate. Asked: of children at risk in a quarter, the share who were asked in it."
numerator = "answers of 4 or 5"
denominator = "children's latest answers in a quarter"
ask = "Who was not asked, and what would they have said?"
cannot_tell = "It cannot tell of children who were not asked, who may be those least safe; nor what a child does not say to the person who asks."
source = "Partnership definition"
owner = "Participation lead"
reviewed_on = 2026-10-01
needs = ["voice", "days_at_risk"]
horizon_days = 0
dimensions = ["age_band", "sex", "looked_after"]
monthly = false
chart = "none"
[[part]]
id = "independent"
label = "Asked by an advocate"
unit = "proportion"
[[part]]
id = "asked"
label = "Children at risk asked in the quarter"
unit = "proportion"
*/
WITH said AS (
    SELECT child_id, asked_on, asked_by, score,
           CAST(strftime(asked_on, '%Y') AS INTEGER) * 4 + CAST((CAST(strftime(asked_on, '%m') AS INTEGER) + 2) / 3 AS INTEGER) AS quarter
    FROM voice WHERE question = 'feels_safe' AND score IS NOT NULL
),
answers AS (
    SELECT child_id, asked_on, quarter, score,
           ROW_NUMBER() OVER (PARTITION BY child_id, quarter ORDER BY asked_on DESC, 5 - score DESC, asked_by DESC) AS nth
    FROM said
),
independently AS (
    SELECT child_id, asked_on, score,
           ROW_NUMBER() OVER (PARTITION BY child_id, quarter ORDER BY asked_on DESC, 5 - score DESC) AS nth
    FROM said WHERE asked_by = 'advocate'
),
lived AS (
    SELECT child_id, counted_on,
           CAST(strftime(counted_on, '%Y') AS INTEGER) * 4 + CAST((CAST(strftime(counted_on, '%m') AS INTEGER) + 2) / 3 AS INTEGER) AS quarter
    FROM days_at_risk
),
at_risk AS (
    SELECT child_id, quarter, MAX(counted_on) AS counted_on FROM lived GROUP BY child_id, quarter
),
asked AS (
    SELECT child_id AS asked_child, quarter AS asked_quarter FROM answers WHERE nth = 1
)
SELECT child_id, asked_on AS event_on, '' AS part, CASE WHEN score >= 4 THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM answers WHERE nth = 1
UNION ALL
SELECT child_id, asked_on AS event_on, 'independent' AS part,
       CASE WHEN score >= 4 THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM independently WHERE nth = 1
UNION ALL
SELECT r.child_id, r.counted_on AS event_on, 'asked' AS part,
       CASE WHEN a.asked_child IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator
FROM at_risk r LEFT JOIN asked a ON r.child_id = a.asked_child AND r.quarter = a.asked_quarter
