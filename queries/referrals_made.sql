/*
id = "referrals_made"
title = "Referrals made"
question = "How many referrals for help were made?"
theme = "help"
kind = "process"
explains = "help_started"
better = "neither"
shape = "count"
unit = "count"
sentence = "{value} referrals to services were made"
definition = "Referrals of children to a service in the month, whatever came of them."
numerator = "referrals"
denominator = "none"
ask = "How many of these were for a child already waiting for the same service?"
cannot_tell = "A referral is not help. It cannot tell whether any child attended."
source = "Partnership definition"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["referrals"]
horizon_days = 0
dimensions = ["service", "agency", "locality"]
*/
SELECT child_id, referred_on AS event_on, service, agency, 1 AS numerator, 0 AS denominator FROM referrals
