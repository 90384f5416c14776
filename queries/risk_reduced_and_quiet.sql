/*
id = "risk_reduced_and_quiet"
title = "Risk assessed as reduced, and quiet after"
question = "When we say that a child's risk has fallen, do the months after bear us out?"
theme = "safer"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of risks assessed as reduced were followed by {quiet_days} days with no missing spell and no recorded harm"
definition = "Of risk periods in which an assessment for the first time gave a lower level than the one before it, in the twelve months of that assessment: the share with no missing spell and no harm event in the {quiet_days} days after. Only children followed for all those days are counted; those who left, died or turned 18 within them are counted beside it."
numerator = "risk periods quiet for all the days"
denominator = "risk periods assessed as reduced and followed for all the days"
ask = "Where the assessor was wrong, what did they not know, and who did know it?"
cannot_tell = "It cannot tell whether the risk would have fallen anyway, or of harm that nobody recorded. It is no measure of one assessor."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["risk_reductions"]
horizon_days = 180
monthly = false
chart = "none"
signal_on = "quarter"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "followup_ended"
label = "Left within the days, not counted"
unit = "children"
*/
WITH told AS (
    SELECT child_id, reduced_on,
           CASE WHEN "left" AND CAST(followed_until_on AS INTEGER) - CAST(reduced_on AS INTEGER) < :quiet_days
                THEN 1 ELSE 0 END AS lost,
           CASE WHEN CAST(next_missing_on AS INTEGER) - CAST(reduced_on AS INTEGER) <= :quiet_days THEN 0
                WHEN CAST(next_harm_on AS INTEGER) - CAST(reduced_on AS INTEGER) <= :quiet_days THEN 0
                ELSE 1 END AS quiet
    FROM risk_reductions
)
SELECT child_id, reduced_on AS event_on, '' AS part, quiet AS numerator, 1 AS denominator FROM told WHERE lost = 0
UNION ALL
SELECT child_id, reduced_on AS event_on, 'followup_ended' AS part, 1 AS numerator, 0 AS denominator FROM told WHERE lost = 1
