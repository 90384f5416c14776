//! The pace of the action plan: what is late, by how much, whose it is, when it may end, what finishing changed.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::moved;
use super::pieces;
use super::plan_pieces::{
    date, dates_figure, drawn, finish_cells, history_supplied, listed, not_listed, number, owner, slipped,
};
use crate::charts::plan::{DateRow, Dates, Ended, PlanCurve};
use crate::domain::british_date;
use crate::plan::{completed_by, words};
use crate::release::{ActionStanding, Board, GroupBy, Plan, PlanAction, Report, ScoredForecast};

/// Rows of the chart of dates.
const MOST_DATES: usize = 20;

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let place = Place { depth: 0, path: "plan" };
    let title = "Action-plan pace";
    let main = html! {
        p .question { "Is the action plan moving fast enough, when will it end at this pace, and has finishing an action changed anything for a child?" }
        @match listed(report) {
            None => {
                h1 { (title) }
                p .inset { "The pace of the action plan cannot be known: " (not_listed(report)) " What would answer it: the list of actions, with the date first agreed for each, and if possible the history of its changes." }
            }
            Some(plan) => {
                h1 { (title) span .hidden { ": " } span .finding { (words::headline(&plan.summary)) } }
                (body(report, plan))
            }
        }
    };
    document(context, place, title, &main)
}

fn body(report: &Report<Board>, plan: &Plan) -> Markup {
    html! {
        p .lead { (words::late(&plan.summary)) }
        p .lead { (moved::found(&moved::verdicts(report, plan))) " " a href="#changed" { "What finishing changed" } }
        (curve(report, plan))
        section aria-labelledby="late" {
            h2 #late { "What is late, and by how much?" }
            p { (words::slipped(plan, report.about.as_at)) " " (words::moved_dates(&plan.summary, history_supplied(report))) }
            (late_table(plan))
            (bands(plan))
            (dates(report, plan))
        }
        section aria-labelledby="whose" {
            h2 #whose { "Whose is it?" }
            p .small { "In order of name, which is no ranking: plans differ in size and difficulty." }
            (groups(report, plan, GroupBy::Agency, "By agency", "Agency"))
            (groups(report, plan, GroupBy::OwnerRole, "By owner", "Owner"))
            (groups(report, plan, GroupBy::Finding, "By inspection finding", "Finding"))
        }
        section aria-labelledby="end" {
            h2 #end { "When will it end?" }
            p { (words::finish(plan)) }
            @if let Some(needed) = words::needed(plan) { p { (needed) } }
            p .small { (words::ASSUMES) "." @if plan.forecast.counts_evidence { " An action counts once its evidence was accepted." } }
            (past_forecasts(plan))
            (ageing(plan))
        }
        section aria-labelledby="changed" {
            h2 #changed { "What did finishing change?" }
            p { (evidence(plan)) }
            (moved::done_but_unmoved(report, plan))
        }
        section aria-labelledby="all" {
            h2 #all { "Every action" }
            (all_actions(plan))
        }
    }
}

fn curve(report: &Report<Board>, plan: &Plan) -> Markup {
    let chart = PlanCurve {
        id: "plan-curve".into(),
        title: "Planned and delivered, with the forecast".into(),
        actions: plan.summary.actions,
        as_at: report.about.as_at,
        points: plan.curve.clone(),
        fan: plan.forecast.fan.clone(),
        grows: plan.forecast.added_in_weeks > 0,
    };
    let table = html! { table {
        caption { "Actions due and delivered, running totals" }
        thead { tr {
            th scope="col" { "By" } th scope="col" .n { "Due as first agreed" } th scope="col" .n { "Due as dates now stand" }
            th scope="col" .n { "Delivered" } th scope="col" .n { "With evidence" }
        } }
        tbody { @for point in &plan.curve { tr {
            th scope="row" { (british_date(point.on)) }
            td .n { (point.planned) } td .n { (point.as_redated) }
            td .n { (number(point.delivered)) } td .n { (number(point.evidenced)) }
        } } }
    } };
    let ahead = html! { @if !plan.forecast.fan.is_empty() {
        table {
            caption { "Forecast of actions delivered in all" }
            thead { tr {
                th scope="col" { "By" } th scope="col" .n { "5 in 100 runs at most" } th scope="col" .n { "15 in 100" }
                th scope="col" .n { "Half" } th scope="col" .n { "85 in 100" } th scope="col" .n { "95 in 100" }
            } }
            tbody { @for point in &plan.forecast.fan { tr {
                th scope="row" { (british_date(point.on)) }
                td .n { (point.percent_5) } td .n { (point.percent_15) } td .n { (point.percent_50) }
                td .n { (point.percent_85) } td .n { (point.percent_95) }
            } } }
        }
    } };
    let tables = html! {
        (pieces::scroll("Actions due and delivered, running totals", &table))
        (pieces::scroll("Forecast of actions delivered in all", &ahead))
        (pieces::csv_link("./", "tables/plan-curve.csv", "the curve"))
    };
    let subtitle =
        format!("Actions of the plan, {}, running totals; {}", report.about.area, words::actions(plan.summary.actions));
    let how = "Blue: due as first agreed. Dotted green: due as dates now stand. Purple: delivered; beyond the last day counted, half of the forecast's runs, in a band of 70 and a band of 90 in 100.";
    drawn("./", &chart.title, &subtitle, &chart.svg(), &chart.describe(), Some(how), &tables)
}

/// Open actions past the date first agreed, the most days first.
fn late_table(plan: &Plan) -> Markup {
    let mut late: Vec<&PlanAction> = plan.actions.iter().filter(|one| one.days_past_original.is_some()).collect();
    late.sort_by_key(|one| std::cmp::Reverse(one.days_past_original));
    if late.is_empty() {
        return Markup::default();
    }
    let caption = "Open actions past the date first agreed, longest first";
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { "Action" } th scope="col" { "Whose it is" } th scope="col" { "First due" } th scope="col" { "Now due" }
            th scope="col" .n { "Times moved" } th scope="col" .n { "Days past first date" } th scope="col" .n { "Days past present date" }
        } }
        tbody { @for one in late { tr {
            th scope="row" { (link(one)) }
            td { (owner(&one.action)) }
            td { (british_date(one.action.original_due_on)) }
            td { (british_date(one.action.due_on)) }
            td .n { (one.action.redatings.len()) }
            td .n { (one.days_past_original.unwrap_or(0)) }
            td .n { @match one.days_overdue { Some(days) => (days), None => "not yet: moved" } }
        } } }
    } };
    pieces::scroll(caption, &table)
}

fn link(one: &PlanAction) -> Markup {
    html! { a href={ "./plan/" (one.slug) } { (one.action.id) ": " (one.action.title) } }
}

fn bands(plan: &Plan) -> Markup {
    let caption = "Open actions by days past their dates";
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Late by" } th scope="col" .n { "Past the first date" } th scope="col" .n { "Past the present date" } } }
        tbody { @for band in &plan.overdue { tr {
            th scope="row" { (band.label) } td .n { (band.past_original) } td .n { (band.past_due) }
        } } }
    } };
    html! {
        (pieces::scroll(caption, &table))
        p .small { "The difference between the two columns is what moving dates has hidden." }
    }
}

/// Actions that slipped or were re-dated, the most days first.
fn dates(report: &Report<Board>, plan: &Plan) -> Markup {
    let mut moved: Vec<&PlanAction> =
        plan.actions.iter().filter(|one| one.days_slipped > 0 || !one.action.redatings.is_empty()).collect();
    moved.sort_by_key(|one| (std::cmp::Reverse(one.days_slipped), one.action.id.clone()));
    if moved.is_empty() {
        return Markup::default();
    }
    let shown = moved.len().min(MOST_DATES);
    let rows: Vec<DateRow> = moved.iter().take(MOST_DATES).map(|one| date_row(one, report)).collect();
    let chart = Dates { id: "plan-dates".into(), title: "Dates as they moved".into(), as_at: report.about.as_at, rows };
    let subtitle = match moved.len() {
        1 => "The one action that slipped or was re-dated".to_owned(),
        all => format!("{shown} of {all} actions that slipped or were re-dated, the most days first"),
    };
    let caption = "Actions that slipped or were re-dated";
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Action" } th scope="col" { "First due" } th scope="col" { "Moved to" } th scope="col" { "Done" } th scope="col" .n { "Days slipped" } } }
        tbody { @for one in &moved { tr {
            th scope="row" { (link(one)) }
            td { (british_date(one.action.original_due_on)) }
            td { @if one.action.redatings.is_empty() { "-" } @else { @for change in &one.action.redatings { (british_date(change.to)) br; } } }
            td { (date(completed_by(&one.action, report.about.as_at))) }
            td .n { (slipped(one.days_slipped)) }
        } } }
    } };
    dates_figure("./", &chart, &subtitle, &pieces::scroll(caption, &table))
}

/// One action's line in a chart of dates.
pub(super) fn date_row(one: &PlanAction, report: &Report<Board>) -> DateRow {
    let as_at = report.about.as_at;
    DateRow {
        label: format!("{} {}", one.action.id, one.action.title),
        original_due_on: one.action.original_due_on,
        moved_to: one.action.redatings.iter().map(|change| change.to).collect(),
        ended: completed_by(&one.action, as_at).map_or(Ended::NotDone(one.action.due_on.max(as_at)), Ended::Done),
        days_slipped: one.days_slipped,
    }
}

fn groups(report: &Report<Board>, plan: &Plan, by: GroupBy, caption: &str, heading: &str) -> Markup {
    let name = |name: &str| match by {
        _ if name.is_empty() => "Not stated".to_owned(),
        GroupBy::Finding => report
            .findings
            .iter()
            .find(|finding| finding.id == name)
            .map_or_else(|| name.to_owned(), |finding| format!("{}: {}", finding.id, finding.says)),
        _ => crate::charts::words::level(name),
    };
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { (heading) } th scope="col" .n { "Actions" } th scope="col" .n { "Delivered" } th scope="col" .n { "Due as first agreed" }
            th scope="col" .n { "Open past first date" } th scope="col" .n { "Re-dated" } th scope="col" .n { "Days slipped, middle" }
            th scope="col" { "Half of runs finish" } th scope="col" { "85 in 100" }
        } }
        tbody { @for group in plan.groups.iter().filter(|group| group.by == by) {
            @let summary = &group.summary;
            tr {
                th scope="row" { (name(&group.name)) }
                td .n { (summary.actions) } td .n { (summary.delivered) } td .n { (summary.planned_by_now) }
                td .n { (words::past_first_date(summary)) } td .n { (summary.redated) }
                td .n { @match summary.median_days_slipped { Some(middle) => (words::whole_days(middle)), None => "-" } }
                (finish_cells(group))
            }
        } }
    } };
    html! { h3 { (caption) } (pieces::scroll(caption, &table)) }
}

fn past_forecasts(plan: &Plan) -> Markup {
    if plan.past_forecasts.is_empty() {
        return html! { p .small { "No earlier forecast was kept: this is the first. Each build keeps its own, and later ones are scored here." } };
    }
    let answered = |yes: Option<bool>, (right, wrong): (&'static str, &'static str)| match yes {
        None => "too early",
        Some(true) => right,
        Some(false) => wrong,
    };
    let scored: Vec<&ScoredForecast> = plan.past_forecasts.iter().filter(|one| one.within_range.is_some()).collect();
    let hit = scored.iter().filter(|one| one.within_range == Some(true)).count();
    let caption = "Earlier forecasts and what became of them";
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { "Made on" } th scope="col" .n { "Left then" } th scope="col" { "85 in 100 finish by" } th scope="col" { "Finished by then" }
            th scope="col" { "Range for the next 13 weeks" } th scope="col" .n { "Delivered in them" } th scope="col" { "In the range" }
        } }
        tbody { @for one in &plan.past_forecasts { tr {
            th scope="row" { (british_date(one.forecast.made_on)) }
            td .n { (one.forecast.remaining) }
            td { (words::share_finishes("85 in 100", one.forecast.percent_85)) }
            td { (answered(one.finished_by_85, ("yes", "no"))) }
            td { (one.forecast.next_13_weeks_low) " to " (one.forecast.next_13_weeks_high) }
            td .n { (number(one.next_13_weeks_actual)) }
            td { (answered(one.within_range, ("yes", "no"))) }
        } } }
    } };
    html! {
        h3 { "How earlier forecasts fared" }
        @if !scored.is_empty() {
            p { "Of " (scored.len()) " old enough to score, the deliveries of the next 13 weeks lay in the range given in " (hit) "; nine in ten should." }
        }
        (pieces::scroll(caption, &table))
    }
}

fn ageing(plan: &Plan) -> Markup {
    let ageing = &plan.ageing;
    let caption = "Share of actions still open, by days since they were agreed";
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Days since agreed" } th scope="col" .n { "Followed so long" } th scope="col" .n { "Still open" } th scope="col" .n { "95% interval" } } }
        tbody { @for step in &ageing.steps { tr {
            th scope="row" { (step.days) } td .n { (step.at_risk) } td .n { (percent(step.still_open)) }
            td .n { @if let (Some(lower), Some(upper)) = (step.lower, step.upper) { (percent(lower)) " to " (percent(upper)) } @else { "-" } }
        } } }
    } };
    html! {
        h3 { "How long actions stay open" }
        p {
            @match ageing.median_days {
                Some(days) => { "Half had ended " (words::days(words::whole_days(days))) " after they were agreed. " }
                None => "More than half are still open at the end of what was followed. ",
            }
            @if let (Some(middle), Some(oldest)) = (ageing.median_open_days, ageing.oldest_open_days) {
                @if plan.summary.open == 1 { "The one action open now was agreed " (words::days(oldest)) " ago. " }
                @else { "Of the actions open now, the middle one was agreed " (words::days(words::whole_days(middle))) " ago and the oldest " (words::days(oldest)) ". " }
            }
            "Those still open are counted."
        }
        (pieces::scroll(caption, &table))
    }
}

fn evidence(plan: &Plan) -> String {
    let summary = &plan.summary;
    match summary.delivered {
        0 => "No action is delivered yet.".into(),
        delivered => format!(
            "Evidence was accepted for {} of the {delivered} delivered ({:.0}%). Done without evidence is a claim.",
            summary.evidenced,
            f64::from(summary.evidenced) / f64::from(delivered) * 100.0,
        ),
    }
}

fn all_actions(plan: &Plan) -> Markup {
    let caption = "Every action, in order of its number";
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { "Action" } th scope="col" { "Whose it is" } th scope="col" { "Where it stands" } th scope="col" { "First due" }
            th scope="col" .n { "Times moved" } th scope="col" .n { "Days slipped" }
        } }
        tbody { @for one in &plan.actions { tr {
            th scope="row" { (link(one)) }
            td { (owner(&one.action)) }
            td { (mark(one.standing)) " " (words::stands(one.standing)) @if one.done_before_agreed { "; done before it was agreed" } }
            td { (british_date(one.action.original_due_on)) }
            td .n { (one.action.redatings.len()) } td .n { (slipped(one.days_slipped)) }
        } } }
    } };
    html! {
        @if !plan.unlisted.is_empty() {
            @if plan.unlisted.len() == 1 {
                p .inset { "1 action that an earlier list held is no longer listed. It stays in the plan as agreed: due on its first date, and delivered only if it was done while listed." }
            } @else {
                p .inset { (plan.unlisted.len()) " actions that an earlier list held are no longer listed. They stay in the plan as agreed: due on their first date, and delivered only if they were done while listed." }
            }
        }
        (pieces::scroll(caption, &table))
        (pieces::csv_link("./", "tables/plan.csv", "every action"))
    }
}

/// A shape beside the words, so that neither colour nor shape carries the meaning alone.
pub(super) fn mark(standing: ActionStanding) -> Markup {
    let (class, shape) = match standing {
        ActionStanding::Overdue => ("concern", "◆"),
        ActionStanding::OnTimeOnlyByRedating => ("concern", "◇"),
        ActionStanding::NotDue => ("quiet", "○"),
        ActionStanding::DoneLate => ("quiet", "■"),
        ActionStanding::DoneInTime => ("good", "▲"),
        ActionStanding::Withdrawn => ("quiet", "×"),
    };
    html! { span class={ "mark " (class) } aria-hidden="true" { (shape) } }
}
