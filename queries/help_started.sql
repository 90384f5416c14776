/*
id = "help_started"
title = "Help started within 90 days"
question = "When a child needs help, does it reach them?"
theme = "help"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "help had started within {help_within_days} days for {value} of needs"
definition = "Of needs identified in the month, the share for which the child first attended the service within {help_within_days} days. Needs never referred stay in the denominator; a need repeated within {need_repeats_days} days of one still waiting is the same need."
numerator = "needs with a first attended contact in time"
denominator = "needs identified"
ask = "For which service do children wait longest, and what are they offered meanwhile?"
cannot_tell = "It cannot tell whether the help was enough, or of needs that nobody identified. A child whose records could not be linked reads as having had no help."
source = "Partnership definition"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["service_journeys"]
horizon_days = 90
dimensions = ["service", "locality", "agency", "age_band", "sex", "ethnicity_group"]
*/
SELECT child_id, identified_on AS event_on, service, identified_by AS agency,
       CASE WHEN CAST(started_on AS INTEGER) - CAST(identified_on AS INTEGER) <= :help_within_days
            THEN 1 ELSE 0 END AS numerator,
       1 AS denominator
FROM service_journeys
