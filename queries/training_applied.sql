/*
id = "training_applied"
title = "Training applied in practice"
question = "When someone's use of their training is audited, is it good enough?"
theme = "workforce"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of audits of trained practitioners graded the use of training 3 or 4"
definition = "Audits of trained practitioners in the last twelve months, by their date, of which the grade for applying the training was 3 or 4 (of 1 to 4). Each audit counts; the interval allows for people audited more than once."
numerator = "audits graded 3 or 4"
denominator = "audits of trained practitioners"
ask = "What do the practitioners graded 1 or 2 say would have helped?"
cannot_tell = "It cannot tell about people who were not audited, and an audit sees records more than conversations with children."
source = "Partnership definition"
owner = "Workforce lead"
reviewed_on = 2026-10-01
needs = ["training_audits"]
horizon_days = 0
monthly = false
chart = "none"
dimensions = ["agency"]
*/
SELECT staff_id AS child_id, audited_on AS event_on, agency,
       CASE WHEN grade >= 3 THEN 1 ELSE 0 END AS numerator,
       1                                      AS denominator
FROM training_audits
