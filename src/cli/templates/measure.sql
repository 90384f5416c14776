/*
# What each key means: `sightline reference` writes it into queries/schema.json; `sightline explain missing_again` shows one.
id = "{id}"
title = "{title}"
question = "When a child comes back from being missing, had they been away for more than three days?"
theme = "missing"
kind = "context"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "{value} of returns came after more than three days"
definition = "Of returns from missing in the month, the share that came more than three days after the child was first reported missing."
numerator = "returns after more than three days"
denominator = "returns in the month"
ask = "What would have brought these children back sooner?"
cannot_tell = "It cannot tell what happened to the child while they were missing."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells"]
horizon_days = 0
dimensions = ["locality", "age_band", "sex"]
*/
SELECT child_id, ended_on AS event_on,
       CASE WHEN CAST(ended_on AS INTEGER) - CAST(started_on AS INTEGER) > 3 THEN 1 ELSE 0 END AS numerator,
       1 AS denominator
FROM missing_spells
WHERE end_kind = 'returned'
