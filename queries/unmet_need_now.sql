/*
id = "unmet_need_now"
title = "Needs without help at month end"
question = "How many needs of children are still waiting for a first contact?"
theme = "help"
kind = "outcome"
better = "lower"
shape = "stock"
unit = "needs"
sentence = "{value} were still without a first attended contact at month end"
definition = "Needs identified by the end of the month without a first attended contact, not ended and the child not left, by the days since the need was identified. A child and service count once, by the older need."
numerator = "needs still waiting"
denominator = "none"
ask = "Who has waited over half a year, and who has told them why?"
cannot_tell = "It cannot tell of needs that nobody identified. A child whose records could not be linked reads as still waiting."
source = "Partnership definition"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["service_journeys", "months"]
horizon_days = 0
dimensions = ["service", "locality", "agency", "age_band", "sex"]
[[part]]
id = "0-30"
label = "0 to 30 days"
unit = "needs"
[[part]]
id = "31-90"
label = "31 to 90 days"
unit = "needs"
[[part]]
id = "91-180"
label = "91 to 180 days"
unit = "needs"
[[part]]
id = "over-180"
label = "Over 180 days"
unit = "needs"
[[part]]
id = "started"
label = "Waits begun in the month"
unit = "count"
[[part]]
id = "stopped"
label = "Waits ended in the month"
unit = "count"
[[relation]]
kind = "adds_up"
whole = ""
parts = ["0-30", "31-90", "91-180", "over-180"]
[[relation]]
kind = "carries"
stock = ""
started = "started"
stopped = "stopped"
*/
WITH waiting AS (
    SELECT j.child_id, j.service, j.identified_by, j.identified_on, m.counted_on,
           CAST(m.counted_on AS INTEGER) - CAST(j.identified_on AS INTEGER) AS age_days
    FROM service_journeys j
    JOIN months m ON j.identified_on <= m.counted_on
    WHERE (j.started_on IS NULL OR j.started_on > m.counted_on)
      AND (j.ended_on IS NULL OR j.ended_on > m.counted_on)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY child_id, service, counted_on ORDER BY identified_on) = 1
)
SELECT child_id, counted_on AS event_on, service, identified_by AS agency, '' AS part, 1 AS numerator, 0 AS denominator FROM waiting
UNION ALL
SELECT child_id, counted_on AS event_on, service, identified_by AS agency,
       CASE WHEN age_days <= 30 THEN '0-30' WHEN age_days <= 90 THEN '31-90'
            WHEN age_days <= 180 THEN '91-180' ELSE 'over-180' END AS part,
       1 AS numerator, 0 AS denominator
FROM waiting
UNION ALL
SELECT child_id, wait_started_on AS event_on, service, identified_by AS agency, 'started' AS part, 1 AS numerator, 0 AS denominator
FROM service_journeys WHERE wait_started_on IS NOT NULL
UNION ALL
SELECT child_id, wait_stopped_on AS event_on, service, identified_by AS agency, 'stopped' AS part, 1 AS numerator, 0 AS denominator
FROM service_journeys WHERE wait_stopped_on IS NOT NULL
