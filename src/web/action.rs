//! One action: its dates as they moved, its evidence, and the outcomes it was meant to move with its completion marked.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::moved::{self, Verdict};
use super::pieces;
use super::plan::{date_row, mark};
use super::plan_pieces::{date, dates_figure, history_supplied, owner};
use crate::charts::plan::Dates;
use crate::charts::{ChartSpec, Drawing, Lines, Note, Point, Series, words as figures};
use crate::domain::{Month, british_date};
use crate::plan::{completed_by, monthly, words};
use crate::release::{Action, Board, Known, Measure, PlanAction, Report};

/// Months of an outcome shown.
const MONTHS: i32 = 36;

pub(super) fn page(context: &Context<'_>, one: &PlanAction) -> String {
    let report = context.inputs.report;
    let action = &one.action;
    let title = format!("{}: {}", action.id, action.title);
    let path = format!("plan/{}", one.slug);
    let verdicts = moved::of_action(report, one);
    let main = html! {
        p .question { a href="../plan" { "Action-plan pace" } }
        h1 { (title) span .hidden { ": " } span .finding { (mark(one.standing)) " " (words::stands(one.standing)) } }
        p .lead { (lead(one)) }
        (notes(one, history_supplied(report)))
        section aria-labelledby="dates" { h2 #dates { "Its dates" } (dates(report, one)) }
        section aria-labelledby="about" { h2 #about { "What it is" } (about(report, action)) }
        section aria-labelledby="changed" {
            h2 #changed { "What did finishing change?" }
            (outcomes(report, one, &verdicts))
        }
    };
    document(context, Place { depth: 1, path: &path }, &title, &main)
}

/// By how much, whose, until when.
fn lead(one: &PlanAction) -> String {
    let action = &one.action;
    let slipped = match one.days_slipped {
        0 => "It has not slipped from its first date".to_owned(),
        late if late > 0 => format!("It has slipped {} from its first date", words::days(late)),
        early => format!("It was done {} before its first date", words::days(-early)),
    };
    let moved = match action.redatings.len() {
        0 => "its date was never moved".to_owned(),
        1 => "its date was moved once".to_owned(),
        times => format!("its date was moved {times} times"),
    };
    format!("{slipped}; {moved}. It is owned by: {}.", owner(action))
}

/// What a reader must know before believing the dates.
fn notes(one: &PlanAction, history_supplied: bool) -> Markup {
    let unrecorded = one.action.redatings.iter().filter(|change| change.known == Known::Noticed).count();
    let mut notes = Vec::new();
    if one.done_before_agreed {
        notes.push("It was done before the plan took it in: the plan did not bring it about, and it is no part of the plan's pace.".to_owned());
    }
    if one.done_without_date {
        notes.push("It is said to be done, without a date. It counts as not delivered.".to_owned());
    }
    if one.action.original_overwritten {
        notes.push("A later list gave another first date. The one first seen is kept.".to_owned());
    }
    match unrecorded {
        0 => {}
        _ if !history_supplied => {}
        1 => notes
            .push("1 of its changes of date was recorded by nobody, and was noticed because the lists differ.".into()),
        _ => notes.push(format!(
            "{unrecorded} of its changes of date were recorded by nobody, and were noticed because the lists differ."
        )),
    }
    html! { @if !notes.is_empty() { div .inset { @for note in notes { p { (note) } } } } }
}

fn dates(report: &Report<Board>, one: &PlanAction) -> Markup {
    let chart = Dates {
        id: format!("dates-{}", one.slug),
        title: "Its dates as they moved".into(),
        as_at: report.about.as_at,
        rows: vec![crate::charts::plan::DateRow { label: one.action.id.clone(), ..date_row(one, report) }],
    };
    let caption = "What happened to it, by date";
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Date" } th scope="col" { "What happened" } } }
        tbody { @for (on, what) in history(&one.action, history_supplied(report), report.about.as_at) { tr { th scope="row" { (british_date(on)) } td { (what) } } } }
    } };
    html! {
        (dates_figure("../", &chart, &format!("{}, first due {}", one.action.id, british_date(one.action.original_due_on)), &pieces::scroll(caption, &table)))
    }
}

/// Everything dated, in order.
fn history(action: &Action, history_supplied: bool, as_at: NaiveDate) -> Vec<(NaiveDate, String)> {
    let mut facts = vec![
        (action.agreed_on, format!("Agreed, to be done by {}", british_date(action.original_due_on))),
        (action.original_due_on, "The date first agreed".to_owned()),
    ];
    facts.extend(action.started_on.filter(|on| *on <= as_at).map(|on| (on, "Started".to_owned())));
    for change in &action.redatings {
        let known = match change.known {
            Known::Recorded => "Date moved",
            Known::Noticed if history_supplied => "Date found moved, recorded by nobody,",
            Known::Noticed => "Date found moved",
        };
        facts.push((change.on, format!("{known} from {} to {}", british_date(change.from), british_date(change.to))));
    }
    facts.extend(completed_by(action, as_at).map(|on| (on, "Done".to_owned())));
    facts.extend(action.withdrawn_on.filter(|on| *on <= as_at).map(|on| (on, "Withdrawn".to_owned())));
    facts.extend(action.evidenced_on.filter(|on| *on <= as_at).map(|on| (on, "Evidence accepted".to_owned())));
    if action.due_on != action.original_due_on {
        facts.push((action.due_on, "The date as it now stands".to_owned()));
    }
    facts.sort_by_key(|(on, _)| *on);
    facts
}

fn about(report: &Report<Board>, action: &Action) -> Markup {
    let finding = action.finding.as_ref().map(|id| {
        let says = report.findings.iter().find(|finding| &finding.id == id).map(|finding| finding.says.as_str());
        says.map_or_else(|| id.clone(), |says| format!("{id}: {says}"))
    });
    let evidence = match (action.evidenced_on.filter(|on| *on <= report.about.as_at), &action.evidence) {
        (Some(on), Some(what)) => format!("{}, accepted {}", figures::level(what), british_date(on)),
        (Some(on), None) => format!("Accepted {}; what it is was not stated", british_date(on)),
        (None, _) => "None accepted".into(),
    };
    html! { dl {
        dt { "Inspection finding" } dd { @match finding { Some(finding) => a href="../findings" { (finding) }, None => "Not stated" } }
        dt { "Whose it is" } dd { (owner(action)) }
        dt { "Started" } dd { (date(action.started_on)) }
        dt { "Evidence" } dd { (evidence) }
    } }
}

fn outcomes(report: &Report<Board>, one: &PlanAction, verdicts: &[Verdict<'_>]) -> Markup {
    if one.action.measures.is_empty() {
        return html! { p .absent { "It names no outcome, so nothing can be said of what finishing it changes for children." } };
    }
    if verdicts.is_empty() {
        let linked =
            one.action.measures.iter().filter_map(|id| report.measures.iter().find(|measure| &measure.id == id));
        return html! {
            p { "It is not done. It is meant to move:" }
            ul { @for measure in linked { li { a href={ "../measures/" (measure.id) } { (measure.title) } } } }
        };
    }
    html! {
        @for verdict in verdicts { (outcome(report, verdict)) }
        (moved::caution())
    }
}

fn outcome(report: &Report<Board>, verdict: &Verdict<'_>) -> Markup {
    let (class, shape, says) = moved::says(&verdict.moved);
    let name = verdict.measure.map_or(verdict.measure_id, |measure| measure.title.as_str());
    html! {
        h3 { @match verdict.measure { Some(measure) => a href={ "../measures/" (measure.id) } { (name) }, None => (name) } }
        p { span class={ "mark " (class) } aria-hidden="true" { (shape) } " " strong { (says) } ". " (figures::upper_first(&moved::estimate(&verdict.moved, verdict.measure))) "." }
        @if let Some(measure) = verdict.measure { (chart(report, verdict, measure)) }
    }
}

/// The outcome by month, with the action's completion marked.
fn chart(report: &Report<Board>, verdict: &Verdict<'_>, measure: &Measure) -> Markup {
    let all = monthly(report, measure);
    let Some(last) = all.last().map(|figure| figure.period.last_month()) else {
        return html! { p .absent { "It has no monthly figure to show." } };
    };
    let points: Vec<Point> = all
        .iter()
        .filter(|figure| last.since(figure.period.last_month()) < MONTHS)
        .map(|figure| Point {
            period: figure.period,
            value: figure.value,
            interval: figure.lower.zip(figure.upper),
            provisional: figure.provisional,
        })
        .collect();
    let done = verdict.action.action.completed_on.map(|on| Note {
        month: Month::of(on),
        title: format!("{} done {}", verdict.action.action.id, british_date(on)),
    });
    let series = Series { label: measure.title.clone(), points };
    let spec = ChartSpec {
        id: format!("outcome-{}-{}", verdict.action.slug, measure.id),
        title: measure.title.clone(),
        drawing: Drawing::Lines(Lines {
            unit: measure.unit,
            series: vec![series],
            target: None,
            notes: done.into_iter().collect(),
        }),
    };
    let subtitle = format!("{}, {}, {}", measure.title, report.about.area, figures::how_long(&spec.drawing));
    pieces::figure("../", &spec, &subtitle, &pieces::time_table("../", measure, report, MONTHS))
}
