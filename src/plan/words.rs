//! The plan in sentences for a leader. About the past and about what past weeks would come to; never a promise.

use crate::domain::british_date;
use crate::release::{ActionStanding, FinishDates, Plan, PlanSummary};

/// The finding in at most ten words.
pub fn headline(summary: &PlanSummary) -> String {
    let late = past_first_date(summary);
    match (summary.actions, summary.open, late) {
        (0, _, _) => "The plan has no action yet".into(),
        (_, 0, _) => "No action is open".into(),
        (_, _, 0) => "No open action is past its first date".into(),
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
    let mut text = format!(
        "Of {} agreed, {} delivered. {} due by now as first agreed; of those, {} done by their first date.",
        counted(summary.actions, "action", "actions"),
        are(summary.delivered),
        were(summary.planned_by_now),
        were(summary.delivered_in_time),
    );
    if summary.on_time_only_by_redating > 0 {
        text.push_str(&format!(
            " Of {} past their first date, {} would look on time, because the date was moved.",
            counted(past_first_date(summary), "open action", "open actions"),
            summary.on_time_only_by_redating,
        ));
    }
    if summary.withdrawn > 0 {
        text.push_str(&format!(" {} withdrawn and stay in the plan as agreed.", upper(&were(summary.withdrawn))));
    }
    text
}

/// By how much.
pub fn slipped(summary: &PlanSummary) -> String {
    match (summary.median_days_slipped, summary.most_days_slipped) {
        (None, _) => "No action's first date has come.".into(),
        (Some(_), None) => "No action has slipped past its first date.".into(),
        (Some(middle), Some(most)) => format!(
            "Among actions whose first date has come, {} slipped. The middle one slipped {}, the worst of all {}.",
            summary.slipped,
            days(middle.floor() as i64),
            days(most),
        ),
    }
}

/// How often dates were moved.
pub fn moved_dates(summary: &PlanSummary) -> String {
    if summary.redatings == 0 {
        return "No date was moved.".into();
    }
    let mut text = format!(
        "{} had a date moved, {} in all.",
        counted(summary.redated, "action", "actions"),
        counted(summary.redatings, "time", "times"),
    );
    if summary.redatings_noticed > 0 {
        text.push_str(&format!(
            " {} not recorded by anyone: it shows only because the lists differ.",
            upper(&were(summary.redatings_noticed))
        ));
    }
    text
}

/// When it may end, with the pace it rests on.
pub fn finish(plan: &Plan) -> String {
    let forecast = &plan.forecast;
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
            format!(
                "At the pace of the last {} weeks it does not end: nothing was delivered in them, and {} left.",
                forecast.weeks,
                remain(forecast.remaining),
            )
        }
        FinishDates::By { percent_50, percent_85, percent_95 } => {
            let by = |date: Option<chrono::NaiveDate>| {
                date.map_or_else(|| "not within ten years".to_owned(), |date| format!("by {}", british_date(date)))
            };
            format!(
                "{} left. Drawing the last {} weeks again and again ({} delivered in them), half of 10,000 runs finish {}, 85 in 100 {}, 95 in 100 {}.",
                upper(&remain(forecast.remaining)),
                forecast.weeks,
                forecast.delivered_in_weeks,
                by(percent_50),
                by(percent_85),
                by(percent_95),
            )
        }
    }
}

/// What pace would meet the dates.
pub fn needed(plan: &Plan) -> Option<String> {
    let forecast = &plan.forecast;
    if forecast.remaining == 0 {
        return None;
    }
    let rate = |rate: Option<f64>, last: Option<chrono::NaiveDate>, which: &str| {
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
