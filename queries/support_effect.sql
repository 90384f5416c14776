/*
id = "support_effect"
title = "Does support help?"
question = "Are children safer after a service starts than matched children who still wait for it?"
theme = "impact"
kind = "outcome"
better = "lower"
shape = "effect"
unit = "days"
headline_part = "missing_nights"
sentence = "the difference between the two changes stood at {value}"
definition = "Missing nights, and days with a harm event, in the 90 days from the first attended contact less those in the 90 days before, against the same change in children with a need for the same service who had waited as long and not yet started, with the same band of missing spells in the 90 days before (0, 1 or 2, 3 to 5, 6 or more), the same age band and the same latest theme, at most a year apart. A comparison child counts until the own start. It cannot be told with fewer than {effect_fewest_children} children on either side, nor where a change of {effect_worth_having_percent}% of the level before could have been missed."
numerator = "none"
denominator = "children who started and were matched"
ask = "Where it cannot be told: would more children, or a longer wait, tell us? Where it helps: who is still waiting for it?"
cannot_tell = "It cannot tell that the service caused the difference: children who start and children who still wait may differ in ways nobody recorded. A bare before and after would mislead, since children start at their worst and would improve anyway."
source = "Risk-set matching: Li, Propert and Rosenbaum 2001; difference in differences with a bootstrap of children"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["service_journeys", "missing_spells"]
horizon_days = 90
dimensions = ["service"]
monthly = false
rolling = false
chart = "none"
[[part]]
id = "missing_nights"
label = "Missing nights per child in 90 days"
unit = "days"
[[part]]
id = "harm_days"
label = "Days with harm per child in 90 days"
unit = "days"
[[relation]]
kind = "same_denominator"
parts = ["missing_nights", "harm_days"]
*/
SELECT child_id, identified_on AS event_on, service,
       COALESCE(CAST(started_on AS INTEGER), CAST(ended_on AS INTEGER), :as_at) - CAST(identified_on AS INTEGER) AS time,
       CASE WHEN started_on IS NOT NULL THEN 1 WHEN ended_on IS NOT NULL THEN 2 ELSE 0 END AS cause
FROM service_journeys
WHERE started_on IS NULL OR started_on > identified_on
