//! The board's first screen: what needs attention, as a table, without scrolling at 1366 by 768.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces;
use crate::charts::latest;
use crate::charts::words::{self, Standing};
use crate::domain::british_date;
use crate::release::{Board, Kind, Measure, Report};

/// Rows of the table of what needs attention.
pub(super) const MOST_ROWS: usize = 7;
/// Rows of what meets its target.
const MOST_MET: usize = 3;

/// Outcome measures that need attention, the worst standing first, in the registry's order within one.
pub(super) fn attention(report: &Report<Board>) -> Vec<(&Measure, Standing)> {
    let mut rows: Vec<_> =
        outcomes(report).filter(|(_, standing)| !matches!(standing, Standing::Met | Standing::ClearlyMet)).collect();
    rows.sort_by_key(|(_, standing)| *standing);
    rows
}

fn outcomes(report: &Report<Board>) -> impl Iterator<Item = (&Measure, Standing)> {
    report
        .measures
        .iter()
        .filter(|measure| measure.kind == Kind::Outcome)
        .map(|measure| (measure, words::standing(measure, report)))
}

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let place = Place { depth: 0, path: "" };
    let all = attention(report);
    let rows: Vec<_> = all.iter().take(MOST_ROWS).copied().collect();
    let met: Vec<_> =
        outcomes(report).filter(|(_, standing)| matches!(standing, Standing::Met | Standing::ClearlyMet)).collect();
    let title = format!("{} impact report", report.about.month.in_words());
    let main = html! {
        div .top {
            h1 { (report.about.partnership) ": " (title) }
            p .status { "Draft. " (data_to(report)) }
        }
        section aria-labelledby="says" .says {
            h2 #says { "In three sentences" span .when { " (generated from the figures)" } }
            ol { @for (measure, _) in rows.iter().filter(|(measure, _)| latest(measure, report).is_some()).take(3) {
                li { (words::sentence(measure, report)) " " a href={ "./measures/" (measure.id) } { "See " (words::lower_first(&measure.title)) } }
            } }
        }
        div .columns {
            section aria-labelledby="attention" {
                h2 #attention { "What needs attention" }
                (attention_table(&rows, report))
            }
            section aria-labelledby="met" {
                h2 #met { "What is meeting its target" }
                @if met.is_empty() {
                    p { "No measure with a target met it in its latest complete period." }
                } @else {
                    ul .met { @for (measure, standing) in met.iter().take(MOST_MET) {
                        li {
                            a href={ "./measures/" (measure.id) } { (measure.title) }
                            br;
                            (pieces::latest_cell(measure, report)) ", target " (pieces::target_cell(measure))
                            br;
                            span class={ "mark " (standing.class()) } aria-hidden="true" { (standing.mark()) }
                            " " (words::assurance(measure, report))
                        }
                    } }
                }
                h2 { "How to read this" }
                p .small {
                    "Order: target missed with the whole interval; target missed, the interval reaching it; cannot be known; no target set. "
                    "Within each, the order of the " a href="./methods" { "methods page" } ", which is no ranking. "
                    (words::CHANGE) "."
                }
                p .small { (rest(report, &all, met.len())) }
            }
        }
    };
    document(context, place, &title, &main)
}

fn attention_table(rows: &[(&Measure, Standing)], report: &Report<Board>) -> Markup {
    let table = html! {
        table .attention {
            caption .hidden { "What needs attention: latest complete period of each measure" }
            thead { tr {
                th scope="col" { "Measure" }
                th scope="col" { "Latest complete" }
                th scope="col" { "Target" }
                th scope="col" { "24 months" }
                th scope="col" { "Against target" }
                th scope="col" { "Who is acting" }
            } }
            tbody { @for (measure, _) in rows { tr {
                th scope="row" { a href={ "./measures/" (measure.id) } { (measure.title) } }
                td { (pieces::latest_cell(measure, report)) }
                td { (pieces::target_cell(measure)) }
                td .sparks { (pieces::spark_cell(measure, report, 0)) }
                td { (pieces::standing_cell(measure, report)) }
                td { (measure.target.as_ref().map_or("No one named", |target| target.owner_role.as_str())) }
            } } }
        }
    };
    html! {
        (pieces::scroll("What needs attention", &table))
        (pieces::csv_link("./", "tables/first-screen.csv", "this table"))
    }
}

/// `Data to 31 October 2026; Police to 30 September 2026, late`.
fn data_to(report: &Report<Board>) -> String {
    let mut behind: BTreeMap<&str, (chrono::NaiveDate, bool)> = BTreeMap::new();
    for source in report.sources.iter().filter(|source| source.data_to < report.about.as_at) {
        let late = source.late_by_days.is_some_and(|days| days > 0);
        behind
            .entry(source.agency.as_str())
            .and_modify(|(to, was_late)| {
                *to = (*to).min(source.data_to);
                *was_late |= late;
            })
            .or_insert((source.data_to, late));
    }
    let mut text = format!("Data to {}", british_date(report.about.as_at));
    for (agency, (to, late)) in behind {
        _ = write!(text, "; {agency} to {}{}", british_date(to), if late { ", late" } else { "" });
    }
    text.push('.');
    text
}

/// The outcome measures in neither list, in one sentence.
fn rest(report: &Report<Board>, attention: &[(&Measure, Standing)], met: usize) -> String {
    let below: Vec<Standing> = attention.iter().skip(MOST_ROWS).map(|(_, standing)| *standing).collect();
    let of = |wanted: &[Standing]| below.iter().filter(|standing| wanted.contains(standing)).count();
    let total = outcomes(report).count();
    let met = met.saturating_sub(MOST_MET);
    let mut parts = Vec::new();
    for (count, what) in [
        (of(&[Standing::ClearlyMissed, Standing::Missed]), "missed the target"),
        (of(&[Standing::CannotBeKnown]), "cannot be known from the data supplied"),
        (of(&[Standing::NotShown]), "have no complete period to show"),
        (of(&[Standing::NoTarget]), "have no target set"),
        (met, "met the target"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if parts.is_empty() {
        return format!("All {total} outcome measures are on this page.");
    }
    format!("Of {total} outcome measures, those not on this page: {}.", parts.join("; "))
}
