/*
id = "oversight_records_safety"
title = "Oversight that says whether the child is safer"
question = "When a manager looks at a child's case, do they write down whether the child is safer?"
theme = "extent"
kind = "context"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of cases audited had oversight that says whether the child is safer"
definition = "Of cases in the quarterly random audits of the last twelve months, by the quarter's last day, the share whose last management oversight says whether the child is safer or not. The agencies share totals only. An agency's quarter in which more are said to record it than were sampled is left out: it is not known."
numerator = "cases whose last oversight says so"
denominator = "cases sampled"
ask = "What did the last oversight of the other children's cases talk about instead?"
cannot_tell = "It cannot tell whether what the oversight says is true, and it cannot tell of cases outside the random sample."
source = "Partnership definition"
owner = "Principal social worker"
reviewed_on = 2026-10-01
needs = ["oversight_audits"]
horizon_days = 0
of_children = false
monthly = false
dimensions = ["agency"]
chart = "none"
*/
SELECT audited_to_on AS event_on, agency, recorded AS numerator, sampled AS denominator
FROM oversight_audits
