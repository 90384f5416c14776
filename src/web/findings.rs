//! The findings map: what the inspectors found, and for each the outcomes, the actions and the answer today.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::moved;
use super::pieces;
use super::plan::mark;
use super::plan_pieces::{listed, not_listed, owner, slipped};
use crate::charts::{self, words as figures};
use crate::domain::british_date;
use crate::judgement::judge;
use crate::plan::words;
use crate::release::{
    ActionStanding, AnsweredBy, Board, InspectionFinding, Kind, Measure, Plan, PlanAction, Report, Sufficiency,
};

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let title = "Inspection findings";
    let main = html! {
        p .question { "What did the inspectors find, what is being done, and what is the answer today?" }
        h1 { (title) }
        @if report.findings.is_empty() {
            p .inset.for-the-analyst { "No finding is set. Add one " code { "[[finding]]" } " for each to " code { "partnership.toml" } ", with its id as actions name it, what it says, and the measures that answer it." }
        } @else {
            p { "For each finding: the answer today in one sentence, from the latest complete figures; then the outcomes and the actions behind it." }
            (summary(report, ""))
            @for (nth, finding) in report.findings.iter().enumerate() { (one(report, finding, nth)) }
        }
    };
    document(context, Place { depth: 0, path: "findings" }, title, &main)
}

/// The table of findings; `at` is the page that holds what each row leads to, empty where it stands on it.
pub(super) fn summary(report: &Report<Board>, at: &str) -> Markup {
    let caption = "Findings and the answer today";
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Finding" } th scope="col" { "The answer today" } th scope="col" .n { "Actions delivered" } th scope="col" .n { "Past first date" } } }
        tbody { @for (nth, finding) in report.findings.iter().enumerate() {
            @let actions = actions(report, finding);
            tr {
                th scope="row" { a href={ (at) "#finding-" (nth) } { (finding.id) ": " (finding.says) } }
                td { (answer(report, finding)) }
                td .n { @if actions.is_empty() { "none linked" } @else { (delivered(&actions)) " of " (actions.len()) } }
                td .n { @if actions.is_empty() { "-" } @else { (past_first(&actions)) } }
            }
        } }
    } };
    html! { (pieces::scroll(caption, &table)) (pieces::csv_link("./", "tables/findings.csv", "this table")) }
}

fn one(report: &Report<Board>, finding: &InspectionFinding, nth: usize) -> Markup {
    let actions = actions(report, finding);
    html! {
        section aria-labelledby={ "finding-" (nth) } {
            h2 id={ "finding-" (nth) } { (finding.id) ": " (finding.says) }
            p { strong { (answer(report, finding)) } }
            @if !finding.measures.is_empty() { (outcomes(report, finding)) }
            @if actions.is_empty() {
                p .absent { "No action of the plan names this finding." }
            } @else { (action_table(&finding.id, &actions)) }
        }
    }
}

/// The answer in one sentence; the same wherever it stands.
pub(super) fn answer(report: &Report<Board>, finding: &InspectionFinding) -> String {
    match (finding.answered_by, listed(report)) {
        (AnsweredBy::Plan, Some(plan)) => pace(plan),
        (AnsweredBy::Moved, Some(plan)) => moved::in_one_sentence(&moved::verdicts(report, plan)),
        (AnsweredBy::Plan | AnsweredBy::Moved, None) => format!("This cannot be known: {}", not_listed(report)),
        (AnsweredBy::Outcomes, _) => outcomes_shown(report),
        (AnsweredBy::Measures, _) => finding
            .measures
            .first()
            .and_then(|id| report.measures.iter().find(|measure| &measure.id == id))
            .map_or_else(|| "No measure answers it yet.".into(), |measure| latest(report, measure)),
    }
}

/// `17 of 40 actions are delivered; 20 of 23 open actions are past their first date; …`.
fn pace(plan: &Plan) -> String {
    let summary = &plan.summary;
    format!(
        "{} of {} actions are delivered, where {} were due as first agreed; {}. {}",
        summary.delivered,
        summary.actions,
        summary.planned_by_now,
        figures::lower_first(&words::headline(summary)),
        words::finish(plan),
    )
}

/// A measure's own sentence with its latest complete value and interval, and whether it changed.
fn latest(report: &Report<Board>, measure: &Measure) -> String {
    if let Sufficiency::CannotBeKnown { wanted } = &measure.sufficiency {
        return format!(
            "{} cannot be known from the data supplied; what would answer it: {}.",
            measure.title,
            wanted.join("; ")
        );
    }
    let Some((figure, value)) = charts::latest(measure, report).and_then(|figure| Some((figure, figure.value?))) else {
        return format!("{}: no complete period can be shown.", measure.title);
    };
    let after = measure.sentence.split_once("{value}").map_or("", |(_, after)| after);
    let says_unit = after.contains(" per 1") || after.trim_start().starts_with(figure.unit.in_words());
    let shown = if says_unit { figures::number(figure.unit, value) } else { figures::value_full(figure.unit, value) };
    let sentence = figures::upper_first(&measure.sentence.replace("{value}", &shown));
    let interval = figures::interval(figure).map_or_else(String::new, |interval| format!("; {interval}"));
    let change = figures::variation(measure, &judge(measure, report));
    format!("{sentence} ({}{interval}). {change}.", figures::when(measure, report, figure))
}

/// How many outcomes lead a page, and how many of them can be shown.
fn outcomes_shown(report: &Report<Board>) -> String {
    let of = |kind: Kind| report.measures.iter().filter(move |measure| measure.kind == kind);
    let outcomes = of(Kind::Outcome).count();
    let unknown =
        of(Kind::Outcome).filter(|measure| matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. })).count();
    let shown = of(Kind::Outcome).filter(|measure| charts::latest(measure, report).is_some()).count();
    format!(
        "{outcomes} outcomes for children and staff lead these pages: {shown} have a complete period to show, {unknown} cannot be known from the data supplied; {} process measures stand only beneath the outcome they explain.",
        of(Kind::Process).count(),
    )
}

fn outcomes(report: &Report<Board>, finding: &InspectionFinding) -> Markup {
    let measures: Vec<&Measure> =
        finding.measures.iter().filter_map(|id| report.measures.iter().find(|measure| &measure.id == id)).collect();
    html! {
        h3 { "Outcomes" }
        ul { @for measure in measures { li {
            a href={ "./measures/" (measure.id) } { (measure.title) } ": " (latest(report, measure))
        } } }
    }
}

fn actions<'a>(report: &'a Report<Board>, finding: &InspectionFinding) -> Vec<&'a PlanAction> {
    let all = report.plan.iter().flat_map(|plan| &plan.actions);
    all.filter(|one| one.action.finding.as_deref() == Some(finding.id.as_str())).collect()
}

fn delivered(actions: &[&PlanAction]) -> usize {
    let done = |one: &&&PlanAction| matches!(one.standing, ActionStanding::DoneLate | ActionStanding::DoneInTime);
    actions.iter().filter(done).count()
}

fn past_first(actions: &[&PlanAction]) -> usize {
    actions.iter().filter(|one| one.days_past_original.is_some()).count()
}

fn action_table(finding: &str, actions: &[&PlanAction]) -> Markup {
    let caption = format!("Actions that answer {finding}");
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Action" } th scope="col" { "Whose it is" } th scope="col" { "Where it stands" } th scope="col" { "First due" } th scope="col" .n { "Days slipped" } } }
        tbody { @for one in actions { tr {
            th scope="row" { a href={ "./plan/" (one.slug) } { (one.action.id) ": " (one.action.title) } }
            td { (owner(&one.action)) }
            td { (mark(one.standing)) " " (words::stands(one.standing)) }
            td { (british_date(one.action.original_due_on)) }
            td .n { (slipped(one.days_slipped)) }
        } } }
    } };
    pieces::scroll(&caption, &table)
}
