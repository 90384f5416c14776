/*
id = "trained_now"
title = "People with training in date"
question = "Of the people whose role needs it, how many have multi-agency exploitation training in date?"
theme = "workforce"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
rolling = false
of_children = false
chart = "steps"
sentence = "{value} of people in roles that need it had exploitation training in date"
definition = "People with unexpired multi-agency exploitation training at the end of the month, of the headcount of roles that need it. Training that expires on the last day is in date; without an expiry date it counts for {training_valid_days} days. A person in two roles counts in each, as the headcount does. An agency's role without a headcount for the month, or with more people trained than it has, is left out on both sides: its share is not known."
numerator = "people with training in date"
denominator = "people in roles that need it"
ask = "Which roles are least covered, and who falls out of date in the next three months?"
cannot_tell = "It cannot tell whether people use what they learned: see whether training is applied. A role that no headcount names is not in it."
source = "Partnership definition"
owner = "Workforce lead"
reviewed_on = 2026-10-01
needs = ["trained_months"]
horizon_days = 0
dimensions = ["agency"]
*/
SELECT counted_on AS event_on, agency,
       trained   AS numerator,
       headcount AS denominator
FROM trained_months
WHERE trained IS NOT NULL
