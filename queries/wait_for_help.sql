/*
id = "wait_for_help"
title = "How the wait for help ends"
question = "How do children's waits for help end: with help, or some other way?"
theme = "help"
kind = "outcome"
better = "higher"
shape = "incidence"
unit = "proportion"
headline_part = "started-180"
sentence = "within 180 days {value} of waits had ended with help"
definition = "By the quarter in which a need was identified: how the wait had ended by 180 days. It ends when the child first attends, when the offer is declined or none is made, or when the child moves, ages out or the referral ends otherwise; each competes with the others (Aalen-Johansen), and waits that still last are followed to the as-at date. The shares add up to everyone."
numerator = "none"
denominator = "needs identified"
ask = "When a child or family says no, who asks again, and how differently?"
cannot_tell = "It cannot tell whether an offer fitted the child. A child whose records could not be linked reads as still waiting."
source = "Aalen and Johansen 1978"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["service_journeys"]
horizon_days = 180
monthly = false
signal_on = "quarter"
dimensions = []
[[part]]
id = "started-180"
label = "Started by 180 days"
unit = "proportion"
day = 180
causes = [1]
[[part]]
id = "refused-180"
label = "Declined or not offered by 180 days"
unit = "proportion"
day = 180
causes = [2]
[[part]]
id = "left-180"
label = "Moved, aged out or ended otherwise by 180 days"
unit = "proportion"
day = 180
causes = [3]
[[part]]
id = "waiting-180"
label = "Still waiting at 180 days"
unit = "proportion"
day = 180
[[relation]]
kind = "same_denominator"
parts = ["started-180", "refused-180", "left-180", "waiting-180"]
[[relation]]
kind = "adds_up"
whole = "denominator"
parts = ["started-180", "refused-180", "left-180", "waiting-180"]
[[relation]]
kind = "known_elsewhere"
counts = [
    { part = "started-180", kind = "denominator" },
    { measure = "help_started", kind = "denominator" },
    { measure = "help_sustained", kind = "denominator" },
    { measure = "uptake_chain", part = "referred", kind = "denominator" },
]
*/
SELECT child_id, identified_on AS event_on, service, identified_by AS agency,
       COALESCE(CAST(started_on AS INTEGER), CAST(ended_on AS INTEGER), :as_at) - CAST(identified_on AS INTEGER) AS time,
       CASE WHEN started_on IS NOT NULL THEN 1
            WHEN ending IN ('declined', 'not_offered') THEN 2
            WHEN ended_on IS NOT NULL THEN 3 ELSE 0 END AS cause
FROM service_journeys
