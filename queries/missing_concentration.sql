/*
id = "missing_concentration"
title = "Missing spells of the few with most"
question = "How much of going missing is the same few children?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "concentration"
unit = "proportion"
sentence = "the {concentration_percent}% of missing children with most spells made {value} of all spells"
definition = "Of the missing spells that started in the last 12 months, the share of the {concentration_percent}% of missing children (rounded up to a whole child) who have most. Children tied at the border have the same number, so which of them is taken changes nothing."
numerator = "spells of the children with most"
denominator = "missing spells"
ask = "Does each of these few children have one person who knows them, and a plan that has changed since last month?"
cannot_tell = "It cannot tell whether these children are the ones at most harm: one spell can be worse than twenty. A fall can also mean that more children go missing once."
source = "Partnership definition; variance of a Lorenz ordinate after Beach and Davidson 1983"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells"]
horizon_days = 0
monthly = false
chart = "none"
signal_on = "quarter"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "children"
label = "Children with most spells"
unit = "children"
[[relation]]
kind = "same_count"
count = { kind = "denominator" }
of = [{ measure = "missing_rate", part = "population", kind = "numerator" }]
*/
SELECT child_id, started_on AS event_on, '' AS part, 1 AS numerator, 0 AS denominator FROM missing_spells
UNION ALL
SELECT child_id, started_on AS event_on, 'children' AS part, 1 AS numerator, 0 AS denominator FROM missing_spells
