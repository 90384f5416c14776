/*
id = "in_full_time_education"
title = "In full-time education"
question = "Are children at risk in school, all day, every day?"
theme = "safer"
kind = "outcome"
better = "higher"
shape = "proportion"
unit = "proportion"
sentence = "{value} of school-age children at risk were in full-time education"
definition = "Of children of compulsory school age in a risk period at the end of a month of term, the share recorded as in full-time education. Beside it, the sessions they attended out of the full calendar's sessions: a reduced timetable attended perfectly is not full attendance. A child with no record is not known and counted beside it, not as absent. Months without sessions, such as August, have no figure."
numerator = "children in full-time education"
denominator = "children of compulsory school age at risk, with a record"
ask = "For each child on a reduced timetable or on none: who decided it, and when does it end?"
cannot_tell = "It cannot tell what a child learns, or whether school is a safe place for them. Birth months are known, not birthdays."
source = "Education Act 1996, sections 7, 8 and 19; partnership definition"
owner = "Head of education"
reviewed_on = 2026-10-01
needs = ["school_months"]
horizon_days = 0
chart = "steps"
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "sessions"
label = "Sessions attended, of the full calendar"
unit = "proportion"
[[part]]
id = "not_known"
label = "No record"
unit = "children"
*/
SELECT child_id, counted_on AS event_on, '' AS part,
       CASE WHEN status = 'full_time' THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM school_months WHERE status IS NOT NULL
UNION ALL
SELECT child_id, counted_on AS event_on, 'sessions' AS part, attended AS numerator, calendar_sessions AS denominator
FROM school_months WHERE calendar_sessions IS NOT NULL
UNION ALL
SELECT child_id, counted_on AS event_on, 'not_known' AS part, 1 AS numerator, 0 AS denominator
FROM school_months WHERE status IS NULL
