/*
id = "signals_raised"
title = "Signals raised"
question = "Which agencies tell the partnership that a child may be at risk?"
theme = "unassessed"
kind = "process"
explains = "unassessed_days"
better = "neither"
shape = "count"
unit = "count"
sentence = "agencies raised {value} signals"
definition = "Signals of risk raised in the month, harm events among them. Signals closed as duplicate or error never were signals. A return from missing counts only where an agency raised a signal for it."
numerator = "signals raised"
denominator = "none"
ask = "Which agency is silent, and would it be if it knew what to look for?"
cannot_tell = "More signals can mean more risk or better recognition. It cannot tell which."
source = "Partnership definition"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["signals_raised"]
horizon_days = 0
dimensions = ["agency", "theme", "locality"]
*/
SELECT child_id, raised_on AS event_on, agency, theme, 1 AS numerator, 0 AS denominator FROM signals_raised
