/*
id = "children_known"
title = "Children known to be at risk"
question = "How many children do we know to be missing or exploited, and by what?"
theme = "extent"
kind = "context"
better = "neither"
shape = "stock"
unit = "children"
sentence = "{value} were in a risk period at month end"
definition = "Children in a risk period at the end of the month, by the theme of their latest signal and the agency that raised it. New: children whose risk period opened in the month, by the theme and the agency of the signal that opened it. A risk period closes {risk_lapses_days} days after the last signal, missing spell or assessment above low."
numerator = "children in a risk period"
denominator = "none"
ask = "Which children would we expect to see here and do not, and who would have noticed them?"
cannot_tell = "More can mean more harm or better recognition; it cannot tell which. A child nobody recorded a signal for is not in it."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["risk_periods", "known_at_month_end", "signals_raised", "months"]
horizon_days = 0
dimensions = ["theme", "agency", "locality", "age_band", "sex", "ethnicity_group", "looked_after"]
chart = "none"
[[part]]
id = "new"
label = "New in the month"
unit = "children"
[[part]]
id = "population"
label = "Per 10,000 children aged 10 to 17"
unit = "per_10000_children"
*/
WITH spans AS (
    SELECT child_id AS signalled, theme, agency, raised_on,
           LEAD(raised_on) OVER (PARTITION BY child_id ORDER BY raised_on, theme, agency) AS until_on
    FROM signals_raised
),
opened AS (
    SELECT signalled, theme, agency, raised_on FROM spans WHERE until_on IS NULL OR until_on > raised_on
),
latest AS (
    SELECT s.signalled, s.theme, s.agency, m.counted_on AS at_on
    FROM spans s
    JOIN months m ON s.raised_on <= m.counted_on
    WHERE s.until_on IS NULL OR s.until_on > m.counted_on
)
SELECT k.child_id, k.counted_on AS event_on, l.theme, l.agency, '' AS part, 1 AS numerator, 0 AS denominator
FROM known_at_month_end k LEFT JOIN latest l ON k.child_id = l.signalled AND k.counted_on = l.at_on
UNION ALL
SELECT r.child_id, r.started_on AS event_on, o.theme, o.agency, 'new' AS part, 1 AS numerator, 0 AS denominator
FROM risk_periods r LEFT JOIN opened o ON r.child_id = o.signalled AND r.started_on = o.raised_on
