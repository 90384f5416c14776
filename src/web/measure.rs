//! A measure's page: the question, the finding, the chart, how it breaks down, what it means, what it cannot tell.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces;
use crate::charts::{self, words};
use crate::domain::british_date;
use crate::release::{Board, Measure, Report, Sufficiency};

pub(super) fn page(context: &Context<'_>, measure: &Measure) -> String {
    let report = context.inputs.report;
    let path = format!("measures/{}", measure.id);
    let place = Place { depth: 1, path: &path };
    let root = place.root();
    let main = html! {
        p .question { (measure.question) }
        h1 { (measure.title) span .hidden { ": " } span .finding { (words::active_title(measure, report)) } }
        (sufficiency(&root, measure))
        @if charts::latest(measure, report).is_some() {
            p .lead { (words::sentence(measure, report)) }
        }
        @if charts::headline_chart(measure, report, 36).is_some() {
            section aria-labelledby="over-time" {
                h2 #over-time { "The whole partnership" }
                (pieces::whole(&root, measure, report, 36, 0))
                p .small { (words::change(measure, report)) "." }
            }
        }
        (parts(&root, measure, report))
        (breakdowns(&root, measure, report))
        (beneath(&root, measure, report))
        section aria-labelledby="means" {
            h2 #means { "What it means" }
            dl {
                dt { "Definition" } dd { (measure.definition) }
                @if measure.numerator != "none" { dt { "Counted" } dd { (words::upper_first(&measure.numerator)) "." } }
                @if measure.denominator != "none" { dt { "Out of" } dd { (words::upper_first(&measure.denominator)) "." } }
                dt { "Target" } dd { (target(measure)) }
                dt { "Ask this" } dd { (measure.ask) }
                dt { "What this cannot tell you" } dd { (measure.cannot_tell) }
                dt { "Complete after" } dd {
                    @if measure.horizon_days == 0 { "The month's end." }
                    @else { (measure.horizon_days) " days from the month's end. Until then a month is provisional: drawn hollow and dotted, and never judged." }
                }
                dt { "Method" } dd { (measure.method) ". " (words::method_in_words(measure.shape)) }
                dt { "Source of the definition" } dd { (measure.source) ". " (measure.owner) " answers for it; last reviewed " (british_date(measure.reviewed_on)) "." }
            }
            p .small { "Symbols: [c] withheld to protect children; [x] cannot be known from the data supplied; [z] not defined; [k] rounds to zero; [u] low reliability. A gap in a line is a period that is withheld or not known." }
            details {
                summary { "The query that counts it" }
                div .scroll tabindex="0" role="group" aria-label="The query" { pre { code { (measure.sql) } } }
            }
            (pieces::csv_link(&root, &format!("measures/{}.csv", measure.id), "every figure of this measure"))
            p .download {
                a href={ (root) "measures/" (measure.id) ".xlsx" } { "The same as a spreadsheet (XLSX)" }
                " · "
                a href={ (root) "api/v1/figures/" (measure.id) } { "for programs (JSON)" }
            }
        }
    };
    document(context, place, &measure.title, &main)
}

fn sufficiency(root: &str, measure: &Measure) -> Markup {
    html! {
        @match &measure.sufficiency {
            Sufficiency::Sufficient => p .small { "The data supplied is sufficient for this measure. " a href={ (root) "data" } { "Data sufficiency" } },
            Sufficiency::Partial { because } => div .inset {
                p { strong { "It can be worked out, with reservations." } }
                ul { @for reason in because { li { (reason) } } }
            },
            Sufficiency::CannotBeKnown { wanted } => div .inset {
                p { strong { "This cannot be known from the data supplied." } " What would answer it:" }
                ul { @for want in wanted { li { (words::upper_first(want)) } } }
            },
        }
    }
}

fn target(measure: &Measure) -> String {
    measure.target.as_ref().map_or_else(
        || "None set by the partnership.".into(),
        |target| {
            format!(
                "{} by {}; {} answers for it.",
                words::value_full(measure.unit, target.value),
                british_date(target.by),
                target.owner_role
            )
        },
    )
}

fn parts(root: &str, measure: &Measure, report: &Report<Board>) -> Markup {
    let Some(spec) = charts::parts_chart(measure, report, 36) else {
        return Markup::default();
    };
    let subtitle = format!("{}, {}, 36 months to {}", spec.title, report.about.area, report.about.month.in_words());
    html! {
        section aria-labelledby="parts" {
            h2 #parts { "Its parts" }
            (pieces::figure(&spec, &subtitle, &pieces::time_table(root, measure, report, 36)))
        }
    }
}

fn breakdowns(root: &str, measure: &Measure, report: &Report<Board>) -> Markup {
    let shown: Vec<_> = measure
        .dimensions
        .iter()
        .filter_map(|dimension| Some((dimension, pieces::by_dimension(root, measure, report, *dimension, 0)?)))
        .collect();
    html! {
        @if !shown.is_empty() {
            section aria-labelledby="breakdowns" {
                h2 #breakdowns { "One dimension at a time" }
                p .small { "Groups differ in size and in the children they serve; the order is not a ranking." }
                div .multiples { @for (dimension, picture) in shown {
                    div { h3 { (dimension.in_words()) } (picture) }
                } }
            }
        }
    }
}

/// The process measures that explain an outcome, or the outcome that a process measure explains.
fn beneath(root: &str, measure: &Measure, report: &Report<Board>) -> Markup {
    let explaining: Vec<&Measure> =
        report.measures.iter().filter(|other| other.explains.as_deref() == Some(measure.id.as_str())).collect();
    let explained = report.measures.iter().find(|other| Some(other.id.as_str()) == measure.explains.as_deref());
    html! {
        @if !explaining.is_empty() {
            section aria-labelledby="beneath" {
                h2 #beneath { "What services did" }
                p { "These explain the outcome above; they do not stand for it." }
                (pieces::kpis(root, "Process measures beneath this outcome", &explaining, report, 1))
            }
        }
        @if let Some(outcome) = explained {
            p .inset { "This is what services did. The outcome it explains is " a href={ (root) "measures/" (outcome.id) } { (outcome.title) } "." }
        }
    }
}
