/*
id = "missing_again"
title = "Missing again within 28 days"
question = "When a child comes back from being missing, do they go missing again within four weeks?"
theme = "missing"
kind = "outcome"
better = "lower"
shape = "proportion"
unit = "proportion"
sentence = "{value} of children who came back were missing again within {missing_again_days} days"
definition = "Of children who returned from missing in the month, the share whose next missing spell starts within {missing_again_days} days of their first return in it. A child who leaves, dies or turns 18 within those days with no further spell is taken out and counted beside it."
numerator = "children missing again in time"
denominator = "children who returned in the month"
ask = "For the children who went missing again, what did the first return home interview tell us, and what was done about it?"
cannot_tell = "It cannot tell how long a child was safe before, or whether every missing episode was reported."
source = "Partnership definition; there is no national definition of repeat missing"
owner = "Head of safeguarding"
reviewed_on = 2026-10-01
needs = ["missing_spells"]
horizon_days = 28
dimensions = ["locality", "age_band", "sex", "ethnicity_group", "looked_after"]
[[part]]
id = "first_in_12_months"
label = "First return in 12 months"
unit = "proportion"
monthly = false
[[part]]
id = "known_repeaters"
label = "Known repeaters"
unit = "proportion"
monthly = false
[[part]]
id = "history_not_known"
label = "Returns before the records reach back 12 months"
unit = "proportion"
monthly = false
[[part]]
id = "followup_ended"
label = "Left within the 28 days, not counted"
unit = "children"
[[relation]]
kind = "adds_up"
whole = ""
parts = ["first_in_12_months", "known_repeaters", "history_not_known"]
*/
WITH first_returns AS (
    SELECT child_id, ended_on, started_at_ms, follow_up_end,
           CAST(next_started_on AS INTEGER) - CAST(ended_on AS INTEGER) AS days_to_next,
           CAST(follow_up_ended_on AS INTEGER) - CAST(ended_on AS INTEGER) AS days_followed,
           CASE WHEN CAST(ended_on AS INTEGER) - CAST(previous_returned_on AS INTEGER) <= :first_return_months * 365 / 12
                THEN 'known_repeaters'
                WHEN CAST(ended_on AS INTEGER) - MIN(CAST(started_on AS INTEGER)) OVER () < :first_return_months * 365 / 12
                THEN 'history_not_known' ELSE 'first_in_12_months' END AS history
    FROM missing_spells
    WHERE end_kind = 'returned'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY child_id, STRFTIME(ended_on, '%Y-%m') ORDER BY ended_on, started_at_ms) = 1
),
followed AS (
    SELECT child_id, ended_on, history,
           CASE WHEN days_to_next <= :missing_again_days THEN 1 ELSE 0 END AS again,
           CASE WHEN days_to_next IS NULL AND follow_up_end <> 'as_at' AND days_followed <= :missing_again_days
                THEN 1 ELSE 0 END AS lost
    FROM first_returns
)
SELECT child_id, ended_on AS event_on, '' AS part, again AS numerator, 1 AS denominator FROM followed WHERE lost = 0
UNION ALL
SELECT child_id, ended_on AS event_on, history AS part, again AS numerator, 1 AS denominator FROM followed WHERE lost = 0
UNION ALL
SELECT child_id, ended_on AS event_on, 'followup_ended' AS part, 1 AS numerator, 0 AS denominator FROM followed WHERE lost = 1
