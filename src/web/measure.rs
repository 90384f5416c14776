//! A measure's page: the question, the finding, the chart, how it breaks down, what it means, what it cannot tell.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::{history, pieces};
use crate::charts::{self, words};
use crate::dashboards::commentary::Subject;
use crate::domain::british_date;
use crate::judgement::{Judgement, Method, case_mix, judge};
use crate::release::{Edition, Measure, Report, Shape, Sufficiency};

/// Months of a page's charts.
const MONTHS: usize = 36;

pub(super) fn page(context: &Context<'_>, measure: &Measure) -> String {
    let report = context.inputs.report;
    let path = format!("measures/{}", measure.id);
    let place = Place { depth: 1, path: &path };
    let root = place.root();
    let judged = judge(measure, report);
    let main = html! {
        p .question { (measure.question) }
        h1 { (measure.title) span .hidden { ": " } span .finding { (words::active_title(measure, report, &judged)) } }
        @if charts::latest(measure, report).is_some() {
            p .lead { (words::sentence(measure, report, &judged)) }
        }
        @if let Some(mix) = case_mix(measure, report) { p .inset { (words::case_mix(mix)) } }
        (sufficiency(&root, measure))
        (pieces::written(context, &Subject::Measure(measure.id.clone()), &root))
        @if !matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
            (over_time(&root, measure, report, &judged))
            (target(measure, &judged))
            (parts(&root, measure, report, &judged))
            (by_days(&root, measure, report))
            (breakdowns(&root, measure, report))
            (history::section(&root, context.inputs.history, measure, report))
        }
        (beneath(&root, measure, report))
        (meaning(&root, measure, &judged))
    };
    document(context, place, &measure.title, &main)
}

fn over_time<E: Edition>(root: &str, measure: &Measure, report: &Report<E>, judged: &Judgement) -> Markup {
    html! {
        section aria-labelledby="over-time" {
            h2 #over-time { "The whole partnership over time" }
            p { (words::change(measure, judged)) }
            (pieces::whole(root, measure, report, MONTHS, "m"))
            @if let Some(moves) = pieces::moves(root, measure, report, judged) {
                h3 { (words::moves_named(judged)) }
                (moves)
            }
            @if charts::latest(measure, report).is_some() {
                p .small {
                    (words::method_chosen(judged))
                    @if judged.choice.method != Method::None {
                        " " a href={ (root) "methods#" (judged.choice.method.id()) } { "How this chart works" }
                    }
                }
            }
            @for phase in judged.phases.iter().filter(|phase| phase.reason.is_some()) {
                p .small { "Limits start anew in " (phase.from.in_words()) ": " (phase.reason.as_deref().unwrap_or_default()) "." }
            }
            @if judged.is_charted() && !judged.choice.method.judges_moves() {
                details {
                    summary { "Limits and signals as a table" }
                    (pieces::judged_table(root, measure, judged))
                }
            }
        }
    }
}

fn target(measure: &Measure, judged: &Judgement) -> Markup {
    let Some(target) = &measure.target else {
        return Markup::default();
    };
    html! {
        section aria-labelledby="target" {
            h2 #target { "The target" }
            p {
                (words::value_full(measure.unit, target.value)) " by " (british_date(target.by)) "; "
                (target.owner_role) " answers for it. "
                @if judged.assurance.is_some() { strong { (words::assurance(judged)) "." } }
            }
            p {
                @if let Some(explained) = words::assurance_explained(judged) { (explained) " " }
                @if let Some(way) = words::trajectory(measure, judged) { (way) }
            }
        }
    }
}

/// The other ways the measure is cut over time: its parts, or for a share still waiting each of its days.
fn parts<E: Edition>(root: &str, measure: &Measure, report: &Report<E>, judged: &Judgement) -> Markup {
    let led_by_control =
        !judged.choice.method.judges_moves() && charts::control_chart(measure, report, judged, MONTHS).is_some();
    let own = (measure.shape != Shape::Stock && led_by_control)
        .then(|| charts::headline_chart(measure, report, MONTHS))
        .flatten()
        .filter(|_| !matches!(measure.shape, Shape::Proportion | Shape::Rate));
    let Some(spec) = charts::parts_chart(measure, report, MONTHS).or(own) else {
        return Markup::default();
    };
    let subtitle = format!("{}, {}, {}", spec.title, report.about.area, words::how_long(&spec.drawing));
    html! {
        section aria-labelledby="parts" {
            h2 #parts { "Its parts" }
            (pieces::figure(root, &spec, &subtitle, &pieces::time_table(root, measure, report, 36)))
        }
    }
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

/// By days since the start, where the chart over time does not show it already.
fn by_days<E: Edition>(root: &str, measure: &Measure, report: &Report<E>) -> Markup {
    let picture = (measure.shape != Shape::Recurrent).then(|| pieces::by_days(root, measure, report, "m")).flatten();
    html! {
        @if let Some(picture) = picture {
            section aria-labelledby="by-days" {
                h2 #by-days { "By days since the start" }
                (picture)
            }
        }
    }
}

fn breakdowns<E: Edition>(root: &str, measure: &Measure, report: &Report<E>) -> Markup {
    let shown: Vec<_> = pieces::all_dimensions(root, measure, report);
    let not_recorded = pieces::not_recorded(measure, report);
    html! {
        @if !shown.is_empty() || !not_recorded.is_empty() {
            section aria-labelledby="breakdowns" {
                h2 #breakdowns { "For which children" }
                @if !not_recorded.is_empty() { (pieces::cannot_be_broken_down(&not_recorded)) }
                @if !shown.is_empty() {
                p .small {
                    "One dimension at a time, all on one scale. Groups differ in size and in the children they serve; the order is not a ranking. "
                    a href={ (root) "methods#funnel" } { "How groups are compared" }
                }
                div .multiples { @for (dimension, picture) in shown {
                    div { h3 { (dimension.in_words()) } (picture) }
                } }
                }
            }
        }
    }
}

/// The process measures that explain an outcome, or the outcome that a process measure explains.
fn beneath<E: Edition>(root: &str, measure: &Measure, report: &Report<E>) -> Markup {
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

fn meaning(root: &str, measure: &Measure, judged: &Judgement) -> Markup {
    html! {
        section aria-labelledby="means" {
            h2 #means { "What it means" }
            dl {
                dt { "Ask this" } dd { (measure.ask) }
                dt { "What this cannot tell you" } dd { (measure.cannot_tell) }
                dt { "Definition" } dd { (measure.definition) }
                @if measure.numerator != "none" { dt { "Counted" } dd { (words::upper_first(&measure.numerator)) "." } }
                @if measure.denominator != "none" { dt { "Out of" } dd { (words::upper_first(&measure.denominator)) "." } }
                @for rule in &measure.rules { dt { (rule.title) } dd { (pieces::steps(rule)) } }
                @if measure.target.is_none() { dt { "Target" } dd { "None set by the partnership." } }
                dt { "Complete after" } dd {
                    @if measure.horizon_days == 0 { "The month's end." }
                    @else { (measure.horizon_days) " days from the month's end. Until then a month is provisional: drawn hollow and dotted, and never judged." }
                }
                dt { "Method" } dd {
                    (measure.method) ". " (words::method_in_words(measure.shape)) " "
                    @if judged.is_charted() { "Change is judged on: " (words::method_name(judged.choice.method)) ". " }
                    a href={ (root) "methods" } { "All methods, with their sources" }
                }
                dt { "Source of the definition" } dd { (measure.source) ". " (measure.owner) " answers for it; last reviewed " (british_date(measure.reviewed_on)) "." }
            }
            p .small { "Symbols: [c] withheld to protect children; [x] cannot be known from the data supplied; [z] not defined; [k] rounds to zero; [u] low reliability. A gap in a line is a period that is withheld or not known." }
            details {
                summary { "The query that counts it" }
                div .scroll tabindex="0" role="group" aria-label="The query" { pre { code { (measure.sql) } } }
            }
            (pieces::csv_link(root, &format!("measures/{}.csv", measure.id), "every figure of this measure"))
            p .download {
                a href={ (root) "measures/" (measure.id) ".xlsx" } { "The same as a spreadsheet (XLSX)" }
                " · "
                a href={ (root) "api/v1/figures/" (measure.id) } { "for programs (JSON)" }
            }
        }
    }
}
