/*
id = "never_assessed"
title = "Never assessed"
question = "For how many children does the worry end without anyone having assessed it?"
theme = "unassessed"
kind = "outcome"
better = "lower"
shape = "incidence"
unit = "proportion"
headline_part = "unassessed-91"
sentence = "within 91 days {value} of clocks had ended without an assessment"
definition = "By the quarter in which a clock of unassessed risk started: how it had ended by 91 days (how soon children are assessed is in `time_to_assessment`). It ends when the child is assessed, when every signal in it is closed without assessment, or when the child leaves or turns 18; each competes with the others (Aalen-Johansen), and clocks still open are followed to the as-at date. The shares add up to everyone."
numerator = "none"
denominator = "clocks started"
ask = "Who closed these worries without seeing the child, and on what grounds?"
cannot_tell = "It cannot tell whether closing was right. Nor does it count risk that no agency recorded a signal for."
source = "Aalen and Johansen 1978"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["unassessed_clocks"]
horizon_days = 91
monthly = false
signal_on = "quarter"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after", "theme"]
[[part]]
id = "unassessed-91"
label = "Ended without assessment by 91 days"
unit = "proportion"
day = 91
causes = [2, 3]
[[part]]
id = "assessed-91"
label = "Assessed by 91 days"
unit = "proportion"
day = 91
causes = [1]
[[part]]
id = "closed_unassessed-91"
label = "Closed not assessed by 91 days"
unit = "proportion"
day = 91
causes = [2]
[[part]]
id = "left-91"
label = "Left by 91 days"
unit = "proportion"
day = 91
causes = [3]
[[part]]
id = "open-91"
label = "Still open at 91 days"
unit = "proportion"
day = 91
[[relation]]
kind = "same_denominator"
parts = ["unassessed-91", "assessed-91", "closed_unassessed-91", "left-91", "open-91"]
[[relation]]
kind = "adds_up"
whole = "denominator"
parts = ["assessed-91", "closed_unassessed-91", "left-91", "open-91"]
[[relation]]
kind = "counts_add_up"
whole = { part = "unassessed-91", kind = "numerator" }
terms = [{ part = "closed_unassessed-91", kind = "numerator" }, { part = "left-91", kind = "numerator" }]
*/
SELECT child_id, started_on AS event_on, theme,
       COALESCE(CAST(stopped_on AS INTEGER), :as_at) - CAST(started_on AS INTEGER) AS time,
       CASE cause WHEN 'assessed' THEN 1 WHEN 'closed_unassessed' THEN 2 WHEN 'left' THEN 3 ELSE 0 END AS cause
FROM unassessed_clocks
