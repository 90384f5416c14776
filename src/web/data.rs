//! Data sufficiency: what arrived, how late, how whole, and which questions it can answer.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces::{csv_link, scroll};
use crate::charts::words::{self, Decimals};
use crate::domain::{Unit, british_date};
use crate::release::{Edition, LinkRate, Measure, Report, Reporting, Source, Sufficiency};

pub(super) fn page(context: &Context<'_>) -> String {
    let main = body(context.inputs.report);
    document(context, Place { depth: 0, path: "data" }, "Data sufficiency", &main)
}

/// The page of either edition.
pub(super) fn body<E: Edition>(report: &Report<E>) -> Markup {
    html! {
        h1 { "Data sufficiency" }
        p .question { "Can the data supplied answer the questions this report asks?" }
        section aria-labelledby="measures" { h2 #measures { "By measure" } (by_measure(report)) }
        section aria-labelledby="sources" {
            h2 #sources { "By source" }
            p { "Rows in are rows kept, set aside for the sender to mend, and dropped by a rule. A dash is not stated or withheld." }
            (by_source(report))
        }
        section aria-labelledby="links" { h2 #links { "Linking children across agencies" } (links(report)) }
        section aria-labelledby="found" { h2 #found { "What the checks found" } (findings(report)) }
        section aria-labelledby="late" { h2 #late { "How late records arrive" } (arrival(report)) }
        section aria-labelledby="whole" { h2 #whole { "How complete the columns are" } (completeness(report)) }
    }
}

fn count(value: Option<u64>) -> String {
    value.map_or_else(|| "-".into(), |value| words::whole(i64::try_from(value).unwrap_or(i64::MAX)))
}

fn by_measure<E: Edition>(report: &Report<E>) -> Markup {
    let answer = |sufficiency: &Sufficiency| match sufficiency {
        Sufficiency::Sufficient => ("Sufficient", Vec::new()),
        Sufficiency::Partial { because } => ("With reservations", because.clone()),
        Sufficiency::CannotBeKnown { wanted } => (
            "Cannot be known from the data supplied",
            wanted.iter().map(|want| format!("Would answer it: {want}")).collect(),
        ),
    };
    let (whole, others): (Vec<&Measure>, Vec<&Measure>) =
        report.measures.iter().partition(|measure| measure.sufficiency == Sufficiency::Sufficient);
    let table = |caption: &str, measures: &[&Measure]| {
        html! { table {
            caption { (caption) }
            thead { tr { th scope="col" { "Measure" } th scope="col" { "Answer" } th scope="col" { "Why" } } }
            tbody { @for measure in measures {
                @let (says, why) = answer(&measure.sufficiency);
                tr {
                    th scope="row" { a href={ "./measures/" (measure.id) } { (measure.title) } }
                    td { (says) }
                    td { @if why.is_empty() { "-" } @else { @for reason in &why { (reason) br; } } }
                }
            } }
        } }
    };
    let caption = "Measures that the data cannot answer, or not wholly";
    html! {
        p { @if whole.is_empty() { "None" } @else { (words::upper_first(&words::in_words(whole.len()))) } " of the " (report.measures.len()) " measures can be worked out whole from the data supplied." }
        @if !others.is_empty() { (scroll(caption, &table(caption, &others))) }
        @if !whole.is_empty() {
            details {
                summary { "View those that can, as a table" }
                (scroll("Measures that can be worked out whole", &table("Measures that can be worked out whole", &whole)))
            }
        }
    }
}

fn by_source<E: Edition>(report: &Report<E>) -> Markup {
    let late = |source: &Source| match source.late_by_days {
        None => "Not stated".to_owned(),
        Some(days) if days > 0 => format!("{days} days"),
        Some(_) => "On time".into(),
    };
    let table = html! { table {
        caption { "Sources as they arrived" }
        thead { tr {
            th scope="col" { "Source" } th scope="col" { "Agency" } th scope="col" { "Data to" }
            th scope="col" { "Latest event" } th scope="col" { "Due" } th scope="col" { "Late by" }
            th scope="col" .n { "Rows in" } th scope="col" .n { "Kept" } th scope="col" .n { "Set aside" } th scope="col" .n { "Dropped" }
        } }
        tbody { @for source in &report.sources { tr {
            th scope="row" { (source.name) }
            td { (words::level(&source.agency)) }
            td { (british_date(source.data_to)) }
            td { (source.latest_event.map_or_else(|| "-".into(), crate::domain::Month::in_words)) }
            td { (source.due_on.map_or_else(|| "-".into(), british_date)) }
            td { (late(source)) }
            td .n { (count(source.rows_in)) } td .n { (count(source.kept)) }
            td .n { (count(source.quarantined)) } td .n { (count(source.dropped)) }
        } } }
    } };
    html! { (scroll("Sources as they arrived", &table)) (csv_link("./", "tables/sources.csv", "the sources")) }
}

fn links<E: Edition>(report: &Report<E>) -> Markup {
    let linked = |link: &LinkRate| {
        let (linked, all) = (link.linked?, link.identifiers.filter(|all| *all > 0)?);
        (!link.own_identifiers).then_some((Unit::Proportion, linked as f64 / all as f64))
    };
    let decimals = Decimals::of(report.about.links.iter().filter_map(linked));
    let table = html! { table {
        caption { "Identifiers that the crosswalk knows" }
        thead { tr { th scope="col" { "Agency" } th scope="col" .n { "Identifiers" } th scope="col" .n { "Linked" } th scope="col" .n { "Share linked" } } }
        tbody { @for link in &report.about.links { tr {
            th scope="row" { (words::level(&link.agency)) }
            td .n { (count(link.identifiers)) }
            td .n { (count(link.linked)) }
            td .n {
                @match linked(link) {
                    _ if link.own_identifiers => "Uses the partnership's own",
                    Some((unit, share)) => (decimals.number(unit, share)),
                    None => "-",
                }
            }
        } } }
    } };
    html! { (scroll("Identifiers that the crosswalk knows", &table)) (csv_link("./", "tables/links.csv", "the link rates")) }
}

fn findings<E: Edition>(report: &Report<E>) -> Markup {
    let any = report.sources.iter().any(|source| !source.findings.is_empty());
    let table = html! { table {
        caption { "Findings by source and rule" }
        thead { tr { th scope="col" { "Source" } th scope="col" { "Rule" } th scope="col" { "What it says" } th scope="col" { "The rows were" } th scope="col" .n { "Rows" } } }
        tbody { @for source in &report.sources { @for finding in &source.findings { tr {
            th scope="row" { (source.name) }
            td { (finding.rule) } td { (finding.says) }
            td { @if finding.outcome == "quarantined" { "set aside" } @else { (finding.outcome) } }
            td .n { (count(finding.rows)) }
        } } } }
    } };
    html! { @if any { (scroll("Findings by source and rule", &table)) } @else { p { "The checks found nothing." } } }
}

/// The share of records that have arrived by days since the event, and of the last month.
fn arrival<E: Edition>(report: &Report<E>) -> Markup {
    const DAYS: [u32; 4] = [0, 7, 28, 91];
    let tables: Vec<(&Source, &Reporting)> =
        report.sources.iter().flat_map(|source| source.reporting.iter().map(move |one| (source, one))).collect();
    let by = |one: &Reporting, days: u32| one.curve.iter().find(|point| point.days == days).map(|point| point.share);
    let of_last_month = |one: &Reporting| one.months.last().map(|month| month.expected_share);
    let every =
        tables.iter().flat_map(|(_, one)| DAYS.map(|days| by(one, days)).into_iter().chain([of_last_month(one)]));
    let decimals = Decimals::of(every.flatten().map(|share| (Unit::Proportion, share)));
    let share =
        |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| decimals.number(Unit::Proportion, share));
    let known =
        |measured_by: &str| if measured_by == "recorded_on" { "The sender's own dates" } else { "Earlier extracts" };
    let table = html! { table {
        caption { "Share of records that have arrived, by days since the event" }
        thead { tr {
            th scope="col" { "Source" } th scope="col" { "Records" } th scope="col" { "Known from" }
            @for days in DAYS { th scope="col" .n { @if days == 0 { "Same day" } @else { (days) " days" } } }
            th scope="col" .n { "Expected of the last month" }
        } }
        tbody { @for (source, one) in &tables { tr {
            th scope="row" { (source.name) }
            td { (one.table.replace('_', " ")) }
            td { (known(&one.measured_by)) }
            @for days in DAYS { td .n { (share(by(one, days))) } }
            td .n { (share(of_last_month(one))) }
        } } }
    } };
    html! {
        @if tables.is_empty() {
            p { "No source says when its records were made, and no earlier extract can tell: months are taken as complete to the cut date." }
        } @else {
            p { "A month is provisional until enough of its records are expected to have arrived." }
            (scroll("Share of records that have arrived, by days since the event", &table))
        }
    }
}

/// How many of the optional columns in use are empty, in a sentence.
fn columns_without_a_value(columns: usize, empty: usize) -> String {
    let of = if columns == 1 {
        "The one optional column in use".to_owned()
    } else {
        format!("Of {columns} optional columns in use")
    };
    match (columns, empty) {
        (1, 0) => format!("{of} has a value in at least one row."),
        (1, _) => format!("{of} has no value in any row."),
        (_, 0) => format!("{of}, each has a value in at least one row."),
        (_, some) if some == columns => format!("{of}, none has a value in any row."),
        (_, some) => format!("{of}, {} no value in any row.", words::how_many_have(some)),
    }
}

fn completeness<E: Edition>(report: &Report<E>) -> Markup {
    let all = || report.sources.iter().flat_map(|source| &source.completeness);
    let decimals = Decimals::of(all().map(|(_, share)| (Unit::Proportion, *share)));
    let (any, empty) = (all().count(), all().filter(|(_, share)| **share == 0.0).count());
    let table = html! { table {
        caption { "Share of rows that have a value" }
        thead { tr { th scope="col" { "Source" } th scope="col" { "Column" } th scope="col" .n { "Has a value" } } }
        tbody { @for source in &report.sources { @for (column, share) in &source.completeness { tr {
            th scope="row" { (source.name) }
            td { (column) }
            td .n { (decimals.number(Unit::Proportion, *share)) }
        } } } }
    } };
    html! { @if any > 0 {
        p { (columns_without_a_value(any, empty)) }
        details { summary { "View every column as a table" } (scroll("Share of rows that have a value", &table)) }
    } @else { p { "No optional column is in use." } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_value_are_told_in_english() {
        let said = [(10, 0), (10, 1), (10, 3), (10, 10), (1, 0), (1, 1)]
            .map(|(all, empty)| columns_without_a_value(all, empty));
        assert_eq!(
            said,
            [
                "Of 10 optional columns in use, each has a value in at least one row.",
                "Of 10 optional columns in use, one has no value in any row.",
                "Of 10 optional columns in use, three have no value in any row.",
                "Of 10 optional columns in use, none has a value in any row.",
                "The one optional column in use has a value in at least one row.",
                "The one optional column in use has no value in any row.",
            ]
        );
    }
}
