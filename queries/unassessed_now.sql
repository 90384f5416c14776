/*
id = "unassessed_now"
title = "Children in unassessed risk at month end"
question = "How many children are waiting for someone to assess their risk, and for how long?"
theme = "unassessed"
kind = "outcome"
better = "lower"
shape = "stock"
unit = "children"
sentence = "{value} had a clock of unassessed risk running at month end"
definition = "Children whose clock of unassessed risk was running at the end of the month, by the days since it started."
numerator = "children with a running clock"
denominator = "none"
ask = "Who are the children waiting longest, and what is each of them waiting for?"
cannot_tell = "It cannot tell of risk that no agency recorded a signal for. It counts open clocks in the data supplied."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["unassessed_clocks", "months"]
horizon_days = 0
look_back = "assessment_valid_days"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after", "theme"]
[[part]]
id = "0-3"
label = "0 to 3 days"
unit = "children"
[[part]]
id = "4-10"
label = "4 to 10 days"
unit = "children"
[[part]]
id = "11-45"
label = "11 to 45 days"
unit = "children"
[[part]]
id = "over-45"
label = "Over 45 days"
unit = "children"
[[part]]
id = "started"
label = "Clocks started in the month"
unit = "count"
[[part]]
id = "stopped"
label = "Clocks stopped in the month"
unit = "count"
[[relation]]
kind = "adds_up"
whole = ""
parts = ["0-3", "4-10", "11-45", "over-45"]
[[relation]]
kind = "carries"
stock = ""
started = "started"
stopped = "stopped"
*/
WITH running AS (
    SELECT c.child_id, c.theme, m.counted_on,
           CAST(m.counted_on AS INTEGER) - CAST(c.started_on AS INTEGER) AS age_days
    FROM unassessed_clocks c
    JOIN months m ON c.started_on <= m.counted_on
    WHERE c.stopped_on IS NULL OR c.stopped_on > m.counted_on
)
SELECT child_id, counted_on AS event_on, theme, '' AS part, 1 AS numerator, 0 AS denominator FROM running
UNION ALL
SELECT child_id, counted_on AS event_on, theme,
       CASE WHEN age_days <= 3 THEN '0-3' WHEN age_days <= 10 THEN '4-10'
            WHEN age_days <= 45 THEN '11-45' ELSE 'over-45' END AS part,
       1 AS numerator, 0 AS denominator
FROM running
UNION ALL
SELECT child_id, started_on AS event_on, theme, 'started' AS part, 1 AS numerator, 0 AS denominator FROM unassessed_clocks
UNION ALL
SELECT child_id, stopped_on AS event_on, theme, 'stopped' AS part, 1 AS numerator, 0 AS denominator
FROM unassessed_clocks WHERE stopped_on IS NOT NULL
