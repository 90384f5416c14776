//! Pieces that the pages of the plan share: charts in their figures, dates and owners in words.

use chrono::NaiveDate;
use maud::{Markup, PreEscaped, html};

use super::pieces;
use crate::charts::plan::Dates;
use crate::charts::words;
use crate::domain::british_date;
use crate::release::{Action, Board, Edition, FinishDates, Plan, Report};

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

/// Dates of a finish for two cells: half of the runs, 85 in 100.
pub(super) fn finish_cells(finish: FinishDates) -> Markup {
    let by = |on: Option<NaiveDate>| on.map_or_else(|| "not within ten years".to_owned(), british_date);
    match finish {
        FinishDates::Finished => html! { td { "nothing left" } td { "nothing left" } },
        FinishDates::TooLittleHistory { .. } => html! { td { "too little history" } td { "too little history" } },
        FinishDates::By { percent_50, percent_85, .. } => html! { td { (by(percent_50)) } td { (by(percent_85)) } },
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
    let slipped =
        summary.median_days_slipped.map_or_else(|| "none due yet".to_owned(), |days| format!("{days:.0} days"));
    let finish = match plan.forecast.finish {
        FinishDates::Finished => "nothing left".to_owned(),
        FinishDates::TooLittleHistory { .. } => "too little history to say".to_owned(),
        FinishDates::By { percent_85: Some(on), .. } => format!("by {}, in 85 of 100 runs", british_date(on)),
        FinishDates::By { percent_85: None, .. } => "not within ten years, in 85 of 100 runs".to_owned(),
    };
    html! { dl .pace {
        dt { "Delivered" } dd { (summary.delivered) " of " (summary.planned_by_now) " due (" (summary.actions) " in all)" }
        dt { "Open past first date" } dd { (crate::plan::words::past_first_date(summary)) " (" (summary.overdue) " overdue)" }
        dt { "Slipped (median)" } dd { (slipped) }
        dt { "Re-dated" } dd { (summary.redated) " actions, " (summary.redatings) " times" }
        dt { "Forecast finish" } dd { (finish) }
        dt .hidden { "More" } dd { a href={ (root) "plan" } { "Action-plan pace" } }
    } }
}
