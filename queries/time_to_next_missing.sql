/*
id = "time_to_next_missing"
title = "Time to the next missing spell"
question = "When a child comes back, how long are they safe before they go missing again?"
theme = "missing"
kind = "outcome"
better = "higher"
shape = "survival"
unit = "proportion"
headline_part = "s28"
sentence = "after {value} of returns the child had not gone missing again within 28 days"
definition = "By the quarter of the return: the share of returns after which the child had not gone missing again by 7, 28, 90 and 180 days, and the median. Turning 18 or dying competes; moving away ends what can be seen and censors. The as-at date ends the wait of children who have not gone again."
numerator = "none"
denominator = "returns from missing"
ask = "In which week do most children go again, and who sees them in it?"
cannot_tell = "It cannot tell why a child went again, or whether an absence went unreported."
source = "Aalen and Johansen 1978; Kaplan and Meier 1958"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells"]
horizon_days = 28
monthly = false
signal_on = "quarter"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "s7"
label = "Not again after 7 days"
unit = "proportion"
[[part]]
id = "s28"
label = "Not again after 28 days"
unit = "proportion"
[[part]]
id = "s90"
label = "Not again after 90 days"
unit = "proportion"
[[part]]
id = "s180"
label = "Not again after 180 days"
unit = "proportion"
[[part]]
id = "median"
label = "Median, days"
unit = "days"
[[part]]
id = "n7"
label = "Still followed at 7 days"
unit = "proportion"
[[part]]
id = "n28"
label = "Still followed at 28 days"
unit = "proportion"
[[part]]
id = "n90"
label = "Still followed at 90 days"
unit = "proportion"
[[part]]
id = "n180"
label = "Still followed at 180 days"
unit = "proportion"
[[relation]]
kind = "known_elsewhere"
counts = [
    { part = "s7", kind = "denominator" },
    { part = "s28", kind = "denominator" },
    { part = "s90", kind = "denominator" },
    { part = "s180", kind = "denominator" },
    { part = "median", kind = "denominator" },
    { measure = "rhi_held_72h", kind = "denominator" },
    { measure = "reasons_for_missing", part = "no_interview", kind = "denominator" },
]
*/
SELECT child_id, ended_on AS event_on,
       CASE WHEN next_started_on IS NOT NULL THEN CAST(next_started_on AS INTEGER)
            WHEN follow_up_end = 'left_area' THEN CAST(follow_up_ended_on AS INTEGER) - 1
            ELSE CAST(follow_up_ended_on AS INTEGER) END - CAST(ended_on AS INTEGER) AS time,
       CASE WHEN next_started_on IS NOT NULL THEN 1
            WHEN follow_up_end IN ('18', 'died') THEN 2 ELSE 0 END AS cause
FROM missing_spells
WHERE end_kind = 'returned'
