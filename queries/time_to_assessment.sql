/*
id = "time_to_assessment"
title = "Time to assessment"
question = "When risk is signalled, how long until the child is assessed?"
theme = "unassessed"
kind = "outcome"
better = "lower"
shape = "survival"
unit = "proportion"
headline_part = "s10"
sentence = "{value} of children whose clock started were still unassessed after 10 days"
definition = "By the month or quarter in which a clock of unassessed risk started: the share still unassessed after 3, 10 and 45 days, as one minus the Aalen-Johansen incidence of being assessed. Closing without assessment and leaving are competing ends; clocks still open are followed to the as-at date."
numerator = "none"
denominator = "clocks started"
ask = "What happens between the signal and the assessment on the days nothing seems to happen?"
cannot_tell = "It cannot tell how good an assessment was, or whether it changed anything for the child."
source = "Aalen and Johansen 1978"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["unassessed_clocks"]
horizon_days = 45
look_back = "assessment_valid_days"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after", "theme"]
[[part]]
id = "s3"
label = "Still unassessed after 3 days"
unit = "proportion"
[[part]]
id = "s10"
label = "Still unassessed after 10 days"
unit = "proportion"
[[part]]
id = "s45"
label = "Still unassessed after 45 days"
unit = "proportion"
[[part]]
id = "median"
label = "Median, days"
unit = "days"
[[part]]
id = "p90"
label = "90th percentile, days"
unit = "days"
[[part]]
id = "n3"
label = "Still followed at 3 days"
unit = "proportion"
[[part]]
id = "n10"
label = "Still followed at 10 days"
unit = "proportion"
[[part]]
id = "n45"
label = "Still followed at 45 days"
unit = "proportion"
[[part]]
id = "rmst45"
label = "Mean days unassessed in the first 45"
unit = "days"
[[relation]]
kind = "same_denominator"
parts = ["s3", "s10", "s45", "median", "p90", "rmst45"]
[[relation]]
kind = "nests"
steps = ["s3", "s10", "s45"]
[[relation]]
kind = "known_elsewhere"
counts = [
    { part = "s10", kind = "denominator" },
    { measure = "never_assessed", part = "assessed-91", kind = "denominator" },
    { measure = "unassessed_now", part = "started", kind = "numerator" },
]
*/
SELECT child_id, started_on AS event_on, theme,
       COALESCE(CAST(stopped_on AS INTEGER), :as_at) - CAST(started_on AS INTEGER) AS time,
       CASE cause WHEN 'assessed' THEN 1 WHEN 'closed_unassessed' THEN 2 WHEN 'left' THEN 3 ELSE 0 END AS cause
FROM unassessed_clocks
