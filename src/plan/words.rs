//! The plan in sentences for a leader. About the past and about what past weeks would come to; never a promise.

use chrono::NaiveDate;

use crate::domain::british_date;
use crate::release::{ActionStanding, FinishDates, Plan, PlanForecast, PlanSummary};

/// The finding in at most ten words.
pub fn headline(summary: &PlanSummary) -> String {
    let late = past_first_date(summary);
    match (summary.actions, summary.open, late) {
        (0, _, _) => "The plan has no action yet".into(),
        (_, 0, _) => "No action is open".into(),
        (_, _, 0) => "No open action is past its first date".into(),
        (_, 1, 1) => "The one open action is past its first date".into(),
        (_, open, 1) => format!("1 of {open} open actions is past its first date"),
        (_, open, late) => format!("{late} of {open} open actions are past their first date"),
    }
}

/// Open actions past the date first agreed, whatever date they bear now.
pub fn past_first_date(summary: &PlanSummary) -> u32 {
    summary.overdue + summary.on_time_only_by_redating
}

/// What is late.
pub fn late(summary: &PlanSummary) -> String {
    let in_time = match (summary.planned_by_now, summary.delivered_in_time) {
        (0, _) => String::new(),
        (1, 0) => ", and was not done by its first date".into(),
        (1, _) => ", and was done by its first date".into(),
        (_, done) => format!("; of those, {} done by their first date", were(done)),
    };
    let mut text = format!(
        "Of {} agreed, {} delivered. {} due by now as first agreed{in_time}.",
        counted(summary.actions, "action", "actions"),
        are(summary.delivered),
        upper(&were(summary.planned_by_now)),
    );
    if summary.on_time_only_by_redating > 0 {
        text.push_str(&match past_first_date(summary) {
            1 => " The one open action past its first date would look on time, because the date was moved.".into(),
            late => format!(
                " Of {late} open actions past their first date, {} would look on time, because the date was moved.",
                summary.on_time_only_by_redating
            ),
        });
    }
    if summary.withdrawn > 0 {
        let stay = if summary.withdrawn == 1 { "stays" } else { "stay" };
        text.push_str(&format!(" {} withdrawn and {stay} in the plan as agreed.", upper(&were(summary.withdrawn))));
    }
    text
}

/// By how much: the middle of all actions whose first date has come, those done in time among them, since a middle of the
/// late ones alone would make a plan look worse than it is.
pub fn slipped(plan: &Plan, as_at: NaiveDate) -> String {
    let gone = plan.unlisted.iter().filter(|gone| gone.original_due_on <= as_at).count() as u32;
    slipped_of(&plan.summary, plan.summary.planned_by_now - gone)
}

fn slipped_of(summary: &PlanSummary, come: u32) -> String {
    match (summary.median_days_slipped.map(whole_days), summary.most_days_slipped) {
        (None, _) => "No action's first date has come.".into(),
        (Some(_), None) => "No action has slipped past its first date.".into(),
        (Some(middle), Some(most)) => {
            let whose = counted(come, "action whose first date has come", "actions whose first date has come");
            let middle = match (come, middle) {
                (1, _) => String::new(),
                (_, ..=0) => format!(" The middle of all {come} did not slip."),
                (_, middle) => {
                    format!(" The middle of all {come}, those done in time among them, slipped {}.", days(middle))
                }
            };
            format!(
                "Of {whose}, {} slipped.{middle} The worst of the whole plan slipped {}.",
                summary.slipped,
                days(most)
            )
        }
    }
}

/// A middle number of days as it is printed everywhere: half a day is a day more.
pub fn whole_days(middle: f64) -> i64 {
    middle.round() as i64
}

/// `1 action`, `3 actions`.
pub fn actions(number: u32) -> String {
    counted(number, "action", "actions")
}

/// `1 action, 2 times`; `none`.
pub fn redated(summary: &PlanSummary) -> String {
    match summary.redatings {
        0 => "none".into(),
        times => format!("{}, {}", actions(summary.redated), counted(times, "time", "times")),
    }
}

/// How often dates were moved. That nobody recorded a change is said only where there is a history to record it in.
pub fn moved_dates(summary: &PlanSummary, history_supplied: bool) -> String {
    if summary.redatings == 0 {
        return "No date was moved.".into();
    }
    let mut text = format!(
        "{} had a date moved, {} in all.",
        counted(summary.redated, "action", "actions"),
        counted(summary.redatings, "time", "times"),
    );
    if summary.redatings_noticed > 0 && history_supplied {
        let show = if summary.redatings_noticed == 1 { "it shows" } else { "they show" };
        text.push_str(&format!(
            " {} not recorded by anyone: {show} only because the lists differ.",
            upper(&were(summary.redatings_noticed))
        ));
    }
    text
}

/// When it may end, with the pace it rests on.
pub fn finish(plan: &Plan) -> String {
    finish_of(&plan.forecast)
}

fn finish_of(forecast: &PlanForecast) -> String {
    match forecast.finish {
        FinishDates::Finished => "Nothing remains to be done.".into(),
        FinishDates::TooLittleHistory { weeks } => {
            format!(
                "No forecast: there are {} of history, and fewer than 8 cannot carry one.",
                counted(weeks, "whole week", "whole weeks")
            )
        }
        FinishDates::By { percent_50: None, percent_85: None, percent_95: None }
            if forecast.delivered_in_weeks == 0 =>
        {
            format!("The end {}; {} left.", nothing_delivered(forecast.weeks), remain(forecast.remaining))
        }
        FinishDates::By { percent_50, percent_85, percent_95 } => {
            let few = few_deliveries(forecast.delivered_in_weeks)
                .map_or_else(String::new, |few| format!(" This {few}: read it as a guess."));
            let why = outpaced(forecast).map_or_else(String::new, |why| format!(" {}.", upper(&why)));
            format!(
                "{} left. Drawing the last {} weeks again and again ({} delivered in them), {}.{why}{few}",
                upper(&remain(forecast.remaining)),
                forecast.weeks,
                forecast.delivered_in_weeks,
                runs_finish([("half", percent_50), ("85 in 100", percent_85), ("95 in 100", percent_95)]),
            )
        }
    }
}

/// By when shares of the runs finish, smallest first. Of a share that is not reached within ten years nothing is known but
/// that fewer finish; so it is with every larger share.
fn runs_finish(shares: [(&str, Option<NaiveDate>); 3]) -> String {
    let reached = shares.iter().filter_map(|(share, on)| Some((share, british_date((*on)?))));
    let by = reached.enumerate().map(|(nth, (share, on))| {
        let of = if nth == 0 { " of 10,000 runs finish" } else { "" };
        format!("{share}{of} by {on}")
    });
    let by = by.collect::<Vec<String>>().join(", ");
    match shares.iter().find(|(_, on)| on.is_none()) {
        None => by,
        Some((share, _)) if by.is_empty() => format!("fewer than {share} of 10,000 runs finish within ten years"),
        Some((share, _)) => format!("{by}; fewer than {share} finish within ten years"),
    }
}

/// `by 31 January 2027, in 85 of 100 runs`; where that is more than ten years away, what is known instead. Then how little it
/// rests on, or that actions are added as fast as they are delivered.
pub fn finish_in_short(forecast: &PlanForecast, half: Option<NaiveDate>, in_85: Option<NaiveDate>) -> String {
    let finish = match (half, in_85) {
        (_, Some(on)) => format!("by {}, in 85 of 100 runs", british_date(on)),
        (Some(half), None) => {
            format!("fewer than 85 in 100 runs finish within ten years, half by {}", british_date(half))
        }
        (None, None) => "fewer than half of the runs finish within ten years".to_owned(),
    };
    let (added, delivered) = (forecast.added_in_weeks, forecast.delivered_in_weeks);
    let pace = format!("{added} added, {delivered} delivered in {}", counted(forecast.weeks, "week", "weeks"));
    let because = outpaced(forecast).filter(|_| in_85.is_none()).map(|_| pace);
    because
        .or_else(|| few_deliveries(delivered))
        .map_or_else(|| finish.clone(), |because| format!("{finish}; {because}"))
}

/// The day by which a share of the runs finish, for a table's cell.
pub fn share_finishes(share: &str, on: Option<NaiveDate>) -> String {
    on.map_or_else(|| format!("fewer than {share} within ten years"), british_date)
}

/// Where actions were added at least as fast as they were delivered: why no end is in sight.
fn outpaced(forecast: &PlanForecast) -> Option<String> {
    let (added, delivered) = (forecast.added_in_weeks, forecast.delivered_in_weeks);
    let how = match added.cmp(&delivered) {
        std::cmp::Ordering::Less => return None,
        std::cmp::Ordering::Equal => "as fast as",
        std::cmp::Ordering::Greater => "faster than",
    };
    (added > 0).then(|| {
        format!(
            "actions are added {how} they are delivered: {added} agreed and {delivered} delivered in the last {}",
            counted(forecast.weeks, "week", "weeks")
        )
    })
}

/// Where nothing was delivered, nothing can be drawn from.
pub fn nothing_delivered(weeks: u32) -> String {
    format!("cannot be forecast: nothing delivered in the last {}", counted(weeks, "week", "weeks"))
}

/// Deliveries below which a forecast says how few it rests on.
const FEW_DELIVERIES: u32 = 8;

/// `rests on 3 deliveries`, where they are few.
pub fn few_deliveries(delivered: u32) -> Option<String> {
    let rests = || format!("rests on {} alone", counted(delivered, "delivery", "deliveries"));
    (1..FEW_DELIVERIES).contains(&delivered).then(rests)
}

/// What pace would meet the dates.
pub fn needed(plan: &Plan) -> Option<String> {
    let forecast = &plan.forecast;
    if forecast.remaining == 0 {
        return None;
    }
    let rate = |rate: Option<f64>, last: Option<NaiveDate>, which: &str| {
        let last = british_date(last?);
        Some(match rate {
            Some(rate) => format!("{which} ({last}) needs {rate:.1} a week"),
            None => format!("{which} ({last}) can no longer be met"),
        })
    };
    let open = || {
        plan.actions.iter().filter(|one| {
            !matches!(one.standing, ActionStanding::DoneInTime | ActionStanding::DoneLate | ActionStanding::Withdrawn)
        })
    };
    let first = rate(
        forecast.needed_a_week_original,
        open().map(|one| one.action.original_due_on).max(),
        "The last date first agreed",
    );
    let now = rate(forecast.needed_a_week, open().map(|one| one.action.due_on).max(), "the last date as it stands");
    let parts: Vec<String> = [first, now].into_iter().flatten().collect();
    let recent = forecast.recent_a_week.map_or_else(String::new, |rate| format!("; the recent pace is {rate:.1}"));
    (!parts.is_empty()).then(|| format!("{}{recent}.", parts.join(", ")))
}

/// What the forecast assumes.
pub const ASSUMES: &str = "This is no promise. It assumes that weeks to come are like the weeks drawn from, that each action is as hard as the last, and that new actions arrive as they did. The last actions of a plan are usually its hardest, so read the later dates";

/// Where an action stands, in words.
pub fn stands(standing: ActionStanding) -> &'static str {
    match standing {
        ActionStanding::Overdue => "Overdue",
        ActionStanding::OnTimeOnlyByRedating => "Past its first date; not overdue only because the date was moved",
        ActionStanding::NotDue => "Open, first date not reached",
        ActionStanding::DoneLate => "Done, after its first date",
        ActionStanding::DoneInTime => "Done by its first date",
        ActionStanding::Withdrawn => "Withdrawn",
    }
}

/// `1 day`, `12 days`.
pub fn days(number: i64) -> String {
    if number == 1 { "1 day".into() } else { format!("{number} days") }
}

fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn are(number: u32) -> String {
    format!("{number} {}", if number == 1 { "is" } else { "are" })
}

fn were(number: u32) -> String {
    format!("{number} {}", if number == 1 { "was" } else { "were" })
}

fn remain(number: u32) -> String {
    format!("{} {}", counted(number, "action", "actions"), if number == 1 { "is" } else { "are" })
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> PlanSummary {
        PlanSummary {
            actions: 1,
            planned_by_now: 1,
            delivered: 0,
            delivered_in_time: 0,
            evidenced: 0,
            withdrawn: 1,
            open: 1,
            overdue: 0,
            on_time_only_by_redating: 1,
            redated: 1,
            redatings: 1,
            redatings_noticed: 1,
            median_days_slipped: Some(35.5),
            most_days_slipped: Some(36),
            slipped: 1,
            last_original_due_on: None,
            last_due_on: None,
        }
    }

    #[test]
    fn one_action_is_told_in_the_singular() {
        let summary = one_of_each();
        assert_eq!(headline(&summary), "The one open action is past its first date");
        assert_eq!(
            late(&summary),
            "Of 1 action agreed, 0 are delivered. 1 was due by now as first agreed, and was not done by its first date. \
             The one open action past its first date would look on time, because the date was moved. 1 was withdrawn and \
             stays in the plan as agreed."
        );
        assert_eq!(redated(&summary), "1 action, 1 time");
        assert_eq!(
            moved_dates(&summary, true),
            "1 action had a date moved, 1 time in all. 1 was not recorded by anyone: it shows only because the lists differ."
        );
    }

    #[test]
    fn without_a_history_nobody_is_said_not_to_have_recorded() {
        assert_eq!(moved_dates(&one_of_each(), false), "1 action had a date moved, 1 time in all.");
    }

    #[test]
    fn half_a_day_is_rounded_once() {
        assert_eq!(
            slipped_of(&PlanSummary { planned_by_now: 2, ..one_of_each() }, 2),
            "Of 2 actions whose first date has come, 1 slipped. The middle of all 2, those done in time among them, slipped 36 \
             days. The worst of the whole plan slipped 36 days."
        );
    }

    #[test]
    fn the_middle_is_of_all_whose_first_date_has_come_and_may_not_have_slipped() {
        let mut summary = one_of_each();
        (summary.planned_by_now, summary.slipped) = (15, 5);
        summary.median_days_slipped = Some(0.0);
        assert_eq!(
            slipped_of(&summary, 15),
            "Of 15 actions whose first date has come, 5 slipped. The middle of all 15 did not slip. The worst of the whole plan \
             slipped 36 days."
        );
        summary.planned_by_now = 1;
        assert_eq!(
            slipped_of(&summary, 1),
            "Of 1 action whose first date has come, 5 slipped. The worst of the whole plan slipped 36 days."
        );
    }

    fn forecast(delivered_in_weeks: u32, added_in_weeks: u32, dates: [Option<&str>; 3]) -> PlanForecast {
        let [percent_50, percent_85, percent_95] = dates.map(|on| on.map(|on| on.parse().unwrap()));
        PlanForecast {
            remaining: 2,
            weeks: 26,
            delivered_in_weeks,
            added_in_weeks,
            counts_evidence: false,
            finish: FinishDates::By { percent_50, percent_85, percent_95 },
            needed_a_week_original: None,
            needed_a_week: None,
            recent_a_week: None,
            fan: Vec::new(),
        }
    }

    #[test]
    fn a_forecast_says_on_how_few_deliveries_it_rests() {
        assert_eq!(few_deliveries(1).unwrap(), "rests on 1 delivery alone");
        assert_eq!((few_deliveries(0), few_deliveries(8)), (None, None));
        assert_eq!(
            finish_of(&forecast(0, 0, [None; 3])),
            "The end cannot be forecast: nothing delivered in the last 26 weeks; 2 actions are left."
        );
        let few = finish_of(&forecast(3, 0, [Some("2027-01-31"), None, None]));
        assert!(few.ends_with("within ten years. This rests on 3 deliveries alone: read it as a guess."), "{few}");
    }

    #[test]
    fn of_a_share_that_is_not_reached_only_that_fewer_finish_is_said() {
        let drawn = "2 actions are left. Drawing the last 26 weeks again and again (9 delivered in them), ";
        let by = |dates: [Option<&str>; 3]| finish_of(&forecast(9, 0, dates)).replace(drawn, "");
        let (half, most, all) = (Some("2027-01-31"), Some("2027-06-30"), Some("2027-09-30"));
        assert_eq!(
            by([half, most, all]),
            "half of 10,000 runs finish by 31 January 2027, 85 in 100 by 30 June 2027, 95 in 100 by 30 September 2027."
        );
        assert_eq!(
            by([half, most, None]),
            "half of 10,000 runs finish by 31 January 2027, 85 in 100 by 30 June 2027; fewer than 95 in 100 finish within ten \
             years."
        );
        assert_eq!(
            by([half, None, None]),
            "half of 10,000 runs finish by 31 January 2027; fewer than 85 in 100 finish within ten years."
        );
        assert_eq!(by([None; 3]), "fewer than half of 10,000 runs finish within ten years.");
        let short = |dates: [Option<&str>; 2]| {
            let [half, most] = dates.map(|on| on.map(|on| on.parse().unwrap()));
            finish_in_short(&forecast(9, 0, [None; 3]), half, most)
        };
        assert_eq!(short([half, most]), "by 30 June 2027, in 85 of 100 runs");
        assert_eq!(short([half, None]), "fewer than 85 in 100 runs finish within ten years, half by 31 January 2027");
        assert_eq!(short([None, None]), "fewer than half of the runs finish within ten years");
    }

    #[test]
    fn where_actions_are_added_faster_than_they_are_delivered_that_is_the_reason() {
        let told = finish_of(&forecast(9, 12, [None; 3]));
        let why = "ctions are added faster than they are delivered: 12 agreed and 9 delivered in the last 26 weeks";
        assert!(told.ends_with(&format!("within ten years. A{why}.")), "{told}");
        let short = finish_in_short(&forecast(9, 12, [None; 3]), None, None);
        assert_eq!(short, "fewer than half of the runs finish within ten years; 12 added, 9 delivered in 26 weeks");
        assert!(outpaced(&forecast(9, 9, [None; 3])).unwrap().contains("as fast as"));
        assert_eq!(outpaced(&forecast(9, 8, [None; 3])), None);
    }
}
