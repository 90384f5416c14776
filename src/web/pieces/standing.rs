//! Where a measure stands: its latest value, its target, its line, what its chart says; a row for each of several.

use maud::{Markup, PreEscaped, html};

use super::scroll;
use crate::charts;
use crate::charts::words::{self, Mark};
use crate::domain::Figure;
use crate::judgement::{Judgement, is_later_withheld, judge, withheld_latest};
use crate::release::{Edition, Measure, Report};

/// The latest value with what it counts and its period, for a table's cell: `1.4 per 1,000 child-days, Aug 2026`.
pub(in crate::web) fn latest_cell<E: Edition>(measure: &Measure, report: &Report<E>) -> Markup {
    let latest = charts::latest(measure, report);
    html! {
        @match latest.and_then(|figure| Some((figure, figure.value?))) {
            Some((figure, value)) => {
                strong { (words::value_short(figure.unit, value)) }
                @if let Some(of_what) = of_what(measure, figure) { " " (of_what) "," }
                " " span .when .whole {
                    (words::period_short(figure.period))
                    @if is_later_withheld(measure, report) { ", later withheld" }
                }
            }
            None => {
                @match withheld_latest(measure, report) {
                    Some(period) => { "withheld, " span .when .whole { (words::period_short(period)) } }
                    None => "-",
                }
            }
        }
    }
}

/// What a value is of, where the measure's name does not say: its unit, or the part of the measure that leads.
pub(in crate::web) fn of_what(measure: &Measure, figure: &Figure) -> Option<String> {
    let led = |part: &&crate::release::Part| Some(part.id.as_str()) == figure.part().filter(|id| !id.is_empty());
    let part = measure.parts.iter().find(led).map(|part| words::lower_first(&part.label));
    part.or_else(|| words::unit_short(figure.unit).map(str::to_owned))
}

/// A mark and words, so that neither shape nor colour carries the meaning alone.
fn marked(mark: Mark, says: &str) -> Markup {
    html! {
        @if !mark.shape.is_empty() { span class={ "mark " (mark.class) } aria-hidden="true" { (mark.shape) } " " }
        (says)
    }
}

/// What the latest complete point says.
pub(in crate::web) fn variation_cell(measure: &Measure, judged: &Judgement) -> Markup {
    marked(words::variation_mark(judged), &words::variation(measure, judged))
}

/// How the target fared so far.
pub(in crate::web) fn assurance_cell(judged: &Judgement) -> Markup {
    marked(words::assurance_mark(judged), &words::assurance(judged))
}

/// A word-sized line, with an id of its own on the page.
pub(in crate::web) fn spark_cell<E: Edition>(measure: &Measure, report: &Report<E>, nth: usize) -> Markup {
    html! {
        @match charts::spark(measure, report) {
            Some(mut spec) => {
                ({ spec.id = format!("{}-{nth}", spec.id); PreEscaped(charts::svg(&spec)) })
            }
            None => "-",
        }
    }
}

/// Over the column of word-sized lines: how long the longest is.
pub(in crate::web) fn spark_heading<E: Edition>(measures: &[&Measure], report: &Report<E>) -> String {
    let lengths = measures.iter().filter_map(|measure| charts::spark(measure, report)?.drawing.months());
    match lengths.map(|(first, last)| words::months_between(first, last)).max() {
        None | Some(1) => "Over time".into(),
        Some(months) => format!("{months} months"),
    }
}

/// Measures with where they stand: one row each; those that cannot be known are named beneath, with what would answer them.
pub(in crate::web) fn kpis<E: Edition>(
    root: &str,
    caption: &str,
    measures: &[&Measure],
    report: &Report<E>,
    nth: usize,
) -> Markup {
    let (not_known, measures): (Vec<&Measure>, Vec<&Measure>) =
        measures.iter().partition(|measure| measure.sufficiency.wanted().is_some());
    if measures.is_empty() {
        return cannot_be_known(root, &not_known);
    }
    let table = html! {
        table .kpis {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Measure" }
                th scope="col" { "Latest complete" }
                th scope="col" { "Target" }
                th scope="col" { (spark_heading(&measures, report)) }
                th scope="col" { "Change" }
                th scope="col" { "Against target" }
            } }
            tbody { @for measure in measures { @let judged = judge(measure, report); tr {
                th scope="row" { a href={ (root) "measures/" (measure.id) } { (measure.title) } }
                td { (latest_cell(measure, report)) }
                td { (target_cell(measure)) }
                td { (spark_cell(measure, report, nth)) }
                td { (variation_cell(measure, &judged)) }
                td { (assurance_cell(&judged)) }
            } } }
        }
    };
    html! { (scroll(caption, &table)) (cannot_be_known(root, &not_known)) }
}

/// Measures that the data supplied cannot answer, each with the extracts that would; nothing where there is none.
pub(in crate::web) fn cannot_be_known(root: &str, measures: &[&Measure]) -> Markup {
    let one = |measure: &Measure| {
        let wanted: Vec<&str> = measure.sufficiency.wanted().unwrap_or_default().iter().map(String::as_str).collect();
        html! {
            a href={ (root) "measures/" (measure.id) } { (measure.title) }
            " (what would answer it: " (words::listed(&wanted, "and")) ")"
        }
    };
    html! {
        @match measures {
            [] => {}
            [only] => p .absent .not-known { "Cannot be known from the data supplied: " (one(only)) "." }
            all => div .absent .not-known {
                p { "Cannot be known from the data supplied:" }
                ul { @for measure in all { li { (one(measure)) } } }
            }
        }
    }
}

/// The target's number, or that there is none.
pub(in crate::web) fn target_cell(measure: &Measure) -> String {
    measure.target.as_ref().map_or_else(|| "None set".into(), |target| words::value_short(measure.unit, target.value))
}
