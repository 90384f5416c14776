/*
id = "missing_burden"
title = "Missing spells of a child since the first signal"
question = "Once a child is known to be at risk, how often do they then go missing?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "recurrent"
unit = "spells_per_child"
headline_part = "m180"
sentence = "within 180 days of the first signal there had been {value} on average"
definition = "By the year of a child's first signal (every year that ends with a quarter): the mean number of missing spells a child by 30, 90, 180 and 365 days after it, children who never went missing included. A child who moves away is followed to that day; turning 18 or dying ends it. Spells before the first signal are not in it."
numerator = "none"
denominator = "children with a first signal in the year"
ask = "What does a child get in the first month after the first signal that would keep the next year quiet?"
cannot_tell = "It cannot tell of signals from before the extracts begin: in the first year of the data, some first signals were not the first."
source = "Lawless and Nadeau 1995; Ghosh and Lin 2000"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells", "children_signalled"]
horizon_days = 180
chart = "none"
signal_on = "quarter"
dimensions = ["locality", "age_band", "sex", "looked_after"]
[[part]]
id = "m30"
label = "Spells a child by 30 days"
unit = "spells_per_child"
[[part]]
id = "m90"
label = "Spells a child by 90 days"
unit = "spells_per_child"
[[part]]
id = "m180"
label = "Spells a child by 180 days"
unit = "spells_per_child"
[[part]]
id = "m365"
label = "Spells a child by 365 days"
unit = "spells_per_child"
[[part]]
id = "n30"
label = "Still followed at 30 days"
unit = "proportion"
[[part]]
id = "n90"
label = "Still followed at 90 days"
unit = "proportion"
[[part]]
id = "n180"
label = "Still followed at 180 days"
unit = "proportion"
[[part]]
id = "n365"
label = "Still followed at 365 days"
unit = "proportion"
*/
SELECT s.child_id, c.first_signal_on AS event_on,
       CAST(s.started_on AS INTEGER) - CAST(c.first_signal_on AS INTEGER) AS time, 1 AS cause
FROM missing_spells s
JOIN children_signalled c ON s.child_id = c.child_id
WHERE s.started_on >= c.first_signal_on
UNION ALL
SELECT child_id, first_signal_on AS event_on,
       CAST(followed_until_on AS INTEGER) - CAST(first_signal_on AS INTEGER) AS time,
       CASE WHEN ended_for_good THEN 2 ELSE 0 END AS cause
FROM children_signalled
