/*
id = "assessed_45_working_days"
title = "Assessments completed in 45 working days"
question = "Are child and family assessments finished in time?"
theme = "unassessed"
kind = "process"
explains = "time_to_assessment"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of child and family assessments were completed within {assessed_within_working_days} working days"
definition = "Of child and family assessments started in the month, the share completed within {assessed_within_working_days} working days in England. Those still open stay in the denominator."
numerator = "assessments completed in time"
denominator = "assessments started"
ask = "What do the late ones have in common?"
cannot_tell = "It cannot tell whether an assessment was any good, or of children who were never referred for one."
source = "Working Together to Safeguard Children 2023"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["child_and_family_assessments"]
horizon_days = 70
dimensions = ["locality", "age_band", "sex", "ethnicity_group"]
*/
SELECT child_id, started_on AS event_on,
       CASE WHEN working_days <= :assessed_within_working_days THEN 1 ELSE 0 END AS numerator,
       1 AS denominator
FROM child_and_family_assessments
