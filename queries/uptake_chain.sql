/*
id = "uptake_chain"
title = "From need to help, step by step"
question = "Where on the way to help do children drop out?"
theme = "help"
kind = "outcome"
better = "higher"
shape = "chain"
unit = "proportion"
headline_part = "attended"
sentence = "{value} of needs had led to a first attended contact within {help_within_days} days"
definition = "Of needs identified in the twelve months, the share referred, offered, accepted, first attended and sustained within {help_within_days} days of the need, with the median wait from the step before among all who reached that step. Declined and not offered are shown apart."
numerator = "needs that reached the step in time"
denominator = "needs identified"
ask = "At the step that loses most children, what would have to change for them to go on?"
cannot_tell = "It cannot tell why a child did not go on. Where services record no date of an offer, the step is dated by the next one."
source = "Partnership definition"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["service_journeys"]
horizon_days = 90
monthly = false
dimensions = ["service", "locality"]
[[part]]
id = "referred"
label = "Referred"
unit = "proportion"
[[part]]
id = "offered"
label = "Offered"
unit = "proportion"
[[part]]
id = "accepted"
label = "Accepted"
unit = "proportion"
[[part]]
id = "attended"
label = "First attended"
unit = "proportion"
[[part]]
id = "sustained"
label = "Sustained"
unit = "proportion"
[[part]]
id = "declined"
label = "Declined"
unit = "proportion"
[[part]]
id = "not_offered"
label = "Not offered"
unit = "proportion"
[[part]]
id = "referred-wait"
label = "Need to referral, median days"
unit = "days"
total = "median"
[[part]]
id = "offered-wait"
label = "Referral to offer, median days"
unit = "days"
total = "median"
[[part]]
id = "attended-wait"
label = "Offer to first attended, median days"
unit = "days"
total = "median"
[[relation]]
kind = "same_denominator"
parts = ["referred", "offered", "accepted", "attended", "sustained", "declined", "not_offered"]
[[relation]]
kind = "within"
count = { part = "offered", kind = "numerator" }
of = [{ part = "referred", kind = "numerator" }]
[[relation]]
kind = "within"
count = { part = "accepted", kind = "numerator" }
of = [{ part = "referred", kind = "numerator" }, { part = "offered", kind = "numerator" }]
[[relation]]
kind = "within"
count = { part = "attended", kind = "numerator" }
of = [{ part = "referred", kind = "numerator" }, { part = "offered", kind = "numerator" }, { part = "accepted", kind = "numerator" }]
[[relation]]
kind = "within"
count = { part = "sustained", kind = "numerator" }
of = [{ part = "referred", kind = "numerator" }, { part = "offered", kind = "numerator" }, { part = "accepted", kind = "numerator" }, { part = "attended", kind = "numerator" }]
[[relation]]
kind = "same_as"
part = "attended"
measure = "help_started"
other_part = ""
[[relation]]
kind = "same_count"
count = { part = "referred", kind = "numerator" }
of = [{ part = "offered-wait", kind = "denominator" }]
[[relation]]
kind = "same_count"
count = { part = "offered", kind = "numerator" }
of = [{ part = "attended-wait", kind = "denominator" }]
[[relation]]
kind = "same_count"
count = { part = "referred", kind = "denominator" }
of = [{ part = "referred-wait", kind = "denominator" }]
*/
WITH steps AS (
    SELECT child_id, identified_on, service, ending,
           CASE WHEN CAST(referred_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN CAST(referred_on AS INTEGER) - CAST(identified_on AS INTEGER) END AS referred,
           CASE WHEN CAST(offered_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN CAST(offered_on AS INTEGER) - CAST(identified_on AS INTEGER) END AS offered,
           CASE WHEN CAST(accepted_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN CAST(accepted_on AS INTEGER) - CAST(identified_on AS INTEGER) END AS accepted,
           CASE WHEN CAST(started_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN CAST(started_on AS INTEGER) - CAST(identified_on AS INTEGER) END AS attended,
           CASE WHEN records_sustained AND CAST(sustained_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN CAST(sustained_on AS INTEGER) - CAST(identified_on AS INTEGER)
                WHEN NOT records_sustained AND attended_again AND CAST(started_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN CAST(started_on AS INTEGER) - CAST(identified_on AS INTEGER) END AS sustained,
           CASE WHEN CAST(ended_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days THEN 1 ELSE 0 END AS ended
    FROM service_journeys
)
SELECT child_id, identified_on AS event_on, service, 'referred' AS part, CASE WHEN referred IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'offered' AS part, CASE WHEN offered IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'accepted' AS part, CASE WHEN accepted IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'attended' AS part, CASE WHEN attended IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'sustained' AS part, CASE WHEN sustained IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'declined' AS part, CASE WHEN ending = 'declined' AND ended = 1 THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'not_offered' AS part, CASE WHEN ending = 'not_offered' AND ended = 1 THEN 1 ELSE 0 END AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'referred-wait' AS part, referred AS numerator, 1 AS denominator FROM steps
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'offered-wait' AS part, offered - referred AS numerator, 1 AS denominator FROM steps WHERE referred IS NOT NULL
UNION ALL
SELECT child_id, identified_on AS event_on, service, 'attended-wait' AS part, attended - offered AS numerator, 1 AS denominator FROM steps WHERE offered IS NOT NULL
