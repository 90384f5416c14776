/*
id = "help_sustained"
title = "Help sustained within 90 days"
question = "When help reaches a child, does it last?"
theme = "help"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "help was sustained within {help_sustained_within_days} days for {value} of needs"
definition = "Of needs identified in the month, the share for which help was sustained within {help_sustained_within_days} days. Where a service records when help was sustained, that date counts. Where it records none for any child, help that started within those days counts as sustained if the child attended again. Needs never referred stay in the denominator."
numerator = "needs with help sustained in time"
denominator = "needs identified"
ask = "What do the children who came once and not again have in common?"
cannot_tell = "It cannot tell whether the help changed anything. Services that record no date of their own have only two contacts to show."
source = "Partnership definition"
owner = "Head of early help"
reviewed_on = 2026-10-01
needs = ["service_journeys"]
horizon_days = 90
dimensions = ["service", "locality", "agency", "age_band", "sex", "ethnicity_group"]
[[relation]]
kind = "same_count"
count = { kind = "numerator" }
of = [{ measure = "uptake_chain", part = "sustained", kind = "numerator" }]
[[relation]]
kind = "same_count"
count = { kind = "rest" }
of = [{ measure = "uptake_chain", part = "sustained", kind = "rest" }]
*/
WITH sustained AS (
    SELECT child_id, identified_on, service, identified_by,
           CASE WHEN records_sustained THEN CAST(sustained_on AS INTEGER)
                WHEN attended_again THEN CAST(started_on AS INTEGER) END - CAST(identified_on AS INTEGER) AS days
    FROM service_journeys
)
SELECT child_id, identified_on AS event_on, service, identified_by AS agency,
       CASE WHEN days <= :help_sustained_within_days THEN 1 ELSE 0 END AS numerator,
       1 AS denominator
FROM sustained
