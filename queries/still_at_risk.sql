/*
id = "still_at_risk"
title = "At risk and not re-assessed"
question = "Which children were assessed at medium or high risk and have not been looked at since?"
theme = "extent"
kind = "outcome"
better = "lower"
shape = "stock"
unit = "children"
sentence = "{value} assessed at medium or high risk had not been re-assessed for {reassess_days} days"
definition = "Children in a risk period at month end whose latest assessment gave a level above low and was completed more than {reassess_days} days before. Any later assessment that counts, whatever its level, is a re-assessment."
numerator = "children not re-assessed"
denominator = "none"
ask = "Who holds each of these children, and what do they know of their safety today?"
cannot_tell = "It cannot tell whether a worker sees the child between assessments, nor of children whose level nobody recorded."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["risk_levels", "known_at_month_end"]
horizon_days = 0
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
chart = "none"
*/
WITH spans AS (
    SELECT child_id, completed_on, above_low,
           LEAD(completed_on) OVER (PARTITION BY child_id ORDER BY completed_on, above_low) AS until_on
    FROM risk_levels
)
SELECT k.child_id, k.counted_on AS event_on, 1 AS numerator, 0 AS denominator
FROM known_at_month_end k
JOIN spans s ON k.child_id = s.child_id
WHERE s.above_low AND (s.until_on IS NULL OR s.until_on > k.counted_on)
  AND CAST(k.counted_on AS INTEGER) - CAST(s.completed_on AS INTEGER) > :reassess_days
