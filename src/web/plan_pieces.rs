//! Pieces that the pages of the plan share: charts in their figures, dates and owners in words.

use chrono::NaiveDate;
use maud::{Markup, PreEscaped, html};

use super::pieces;
use crate::charts::plan::Dates;
use crate::charts::words;
use crate::domain::british_date;
use crate::plan::words as plan_words;
use crate::release::{Action, Board, DrawnFrom, Edition, FinishDates, Plan, PlanGroup, Report};

/// A chart, the words for it, how to read it, and its table folded beneath.
pub(super) fn drawn(
    root: &str,
    title: &str,
    subtitle: &str,
    svg: &str,
    says: &str,
    how: Option<&str>,
    table: &Markup,
) -> Markup {
    html! {
        figure {
            p .subtitle { (subtitle) }
            div .scroll tabindex="0" role="group" aria-label={ "Chart: " (title) } { (PreEscaped(svg)) }
            figcaption {
                p { (says) }
                @if let Some(how) = how { p { (how) } }
            }
            details { summary { "View as a table" } (table) }
            @if let Some(id) = super::site::id_of_chart(svg) { (pieces::svg_link(root, id, title)) }
        }
    }
}

/// A chart of dates with the meaning of its marks.
pub(super) fn dates_figure(root: &str, chart: &Dates, subtitle: &str, table: &Markup) -> Markup {
    let how = "Open circle: the date first agreed. Orange dot: a later date. Square: done. A dotted line is an action not done.";
    drawn(root, &chart.title, subtitle, &chart.svg(), &chart.describe(), Some(how), table)
}

/// Days past the date first agreed: `320`, `0`, `375 early`.
pub(super) fn slipped(days: i64) -> String {
    if days < 0 { format!("{} early", days.unsigned_abs()) } else { days.to_string() }
}

/// A date, or a dash where there is none.
pub(super) fn date(on: Option<NaiveDate>) -> String {
    on.map_or_else(|| "-".into(), british_date)
}

/// A number, or a dash where it is not known yet.
pub(super) fn number(value: Option<u32>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

/// The role that owns an action and its agency; says so where nobody is named.
pub(super) fn owner(action: &Action) -> String {
    let agency = words::level(&action.agency);
    match &action.owner_role {
        Some(role) => format!("{}, {}", words::level(role), words::lower_first(&agency)),
        None => format!("No one named, {}", words::lower_first(&agency)),
    }
}

/// Dates of a group's finish for two cells: half of the runs, 85 in 100; with how little they rest on, where it is little.
pub(super) fn finish_cells(group: &PlanGroup) -> Markup {
    match (group.finish, group.drawn_from) {
        (FinishDates::Finished, _) => html! { td { "nothing left" } td { "nothing left" } },
        (FinishDates::TooLittleHistory { .. }, _) => html! { td { "too little history" } td { "too little history" } },
        (FinishDates::By { .. }, Some(DrawnFrom { weeks, delivered: 0 })) => {
            let says = plan_words::nothing_delivered(weeks);
            html! { td { (says) } td { (says) } }
        }
        (FinishDates::By { percent_50, percent_85, .. }, drawn_from) => {
            let few = drawn_from.and_then(|from| plan_words::few_deliveries(from.delivered));
            let few = few.map_or_else(String::new, |few| format!(" ({few})"));
            let by = plan_words::share_finishes;
            html! { td { (by("half", percent_50)) (few) } td { (by("85 in 100", percent_85)) (few) } }
        }
    }
}

/// The plan, where its list names any action. An empty list is not a plan that is finished.
pub(super) fn listed<E: Edition>(report: &Report<E>) -> Option<&Plan> {
    report.plan.as_ref().filter(|plan| plan.summary.actions > 0)
}

/// Why there is no plan to speak of.
pub(super) fn not_listed<E: Edition>(report: &Report<E>) -> &'static str {
    if report.plan.is_some() {
        "the list of actions that was supplied is empty."
    } else {
        "no list of actions was supplied."
    }
}

/// The plan's pace in a few numbers, for pages and for the first screen; says so where there is no plan.
pub(super) fn pace(root: &str, report: &Report<Board>) -> Markup {
    let Some(plan) = listed(report) else {
        return html! { p .absent { "The pace of the action plan cannot be known: " (not_listed(report)) } };
    };
    let summary = &plan.summary;
    let slipped = summary
        .median_days_slipped
        .map_or_else(|| "none due yet".to_owned(), |middle| plan_words::days(plan_words::whole_days(middle)));
    let finish = match plan.forecast.finish {
        FinishDates::Finished => "nothing left".to_owned(),
        FinishDates::TooLittleHistory { .. } => "too little history to say".to_owned(),
        FinishDates::By { .. } if plan.forecast.delivered_in_weeks == 0 => {
            plan_words::nothing_delivered(plan.forecast.weeks)
        }
        FinishDates::By { percent_50, percent_85, .. } => {
            plan_words::finish_in_short(&plan.forecast, percent_50, percent_85)
        }
    };
    html! { dl .pace {
        dt { "Delivered" } dd { (summary.delivered) " of " (summary.planned_by_now) " due (" (summary.actions) " in all)" }
        dt { "Open past first date" } dd { (plan_words::past_first_date(summary)) " (" (summary.overdue) " overdue)" }
        dt { "Slipped (median)" } dd { (slipped) }
        dt { "Re-dated" } dd { (plan_words::redated(summary)) }
        dt { "Forecast finish" } dd { (finish) }
        dt .hidden { "More" } dd { a href={ (root) "plan" } { "Action-plan pace" } }
    } }
}

/// Whether the changes of the plan's actions were supplied beside the list.
pub(super) fn history_supplied<E: Edition>(report: &Report<E>) -> bool {
    report.sources.iter().any(|source| source.tables.iter().any(|table| table == "action_history"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixture;

    fn told(weeks: u32, delivered: u32) -> String {
        let mut group = fixture::plan("2026-03-31".parse().unwrap()).groups.remove(0);
        group.finish = FinishDates::By { percent_50: "2027-01-31".parse().ok(), percent_85: None, percent_95: None };
        group.drawn_from = Some(DrawnFrom { weeks, delivered });
        finish_cells(&group).into_string()
    }

    #[test]
    fn a_group_that_delivered_nothing_has_no_date_and_one_that_delivered_little_says_so() {
        assert_eq!(told(12, 0).matches("cannot be forecast: nothing delivered in the last 12 weeks").count(), 2);
        assert_eq!(
            told(12, 3),
            "<td>31 January 2027 (rests on 3 deliveries alone)</td><td>fewer than 85 in 100 within ten years (rests on 3 deliveries alone)</td>"
        );
        assert!(!told(12, 8).contains("rests"));
    }
}
