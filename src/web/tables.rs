//! Downloads: the figures behind every table, in the columns of the export.

use super::first;
use super::plan_tables;
use super::site::Inputs;
use crate::charts;
use crate::domain::{Dimension, Figure};
use crate::release::{Board, Edition, Measure, Report, export};

/// Every figure of a measure, and each of its tables apart: (path, text).
pub(super) fn of_measure(report: &Report<Board>, measure: &Measure) -> Vec<(String, String)> {
    let all: Vec<Figure> = report.figures.iter().filter(|figure| figure.measure == measure.id).cloned().collect();
    let mut files: Vec<(String, String)> = Dimension::ALL
        .into_iter()
        .filter(|dimension| *dimension == Dimension::Total || measure.dimensions.contains(dimension))
        .map(|dimension| {
            let rows: Vec<Figure> = all.iter().filter(|figure| figure.dimension == dimension).cloned().collect();
            (format!("tables/{}-{dimension}.csv", measure.id), text(&rows))
        })
        .collect();
    files.push((format!("measures/{}.csv", measure.id), text(&all)));
    files
}

/// The first screen's table and the tables about sources, links and definitions.
pub(super) fn of_report(inputs: &Inputs<'_>) -> Vec<(String, String)> {
    let report = inputs.report;
    let first: Vec<Figure> = first::attention(report)
        .into_iter()
        .take(first::MOST_ROWS)
        .filter_map(|(measure, _)| charts::latest(measure, report).cloned())
        .collect();
    let definitions =
        report.about.definitions.iter().map(|one| vec![one.name.clone(), one.value.clone(), one.decides.clone()]);
    let mut files = vec![
        ("tables/first-screen.csv".into(), text(&first)),
        ("tables/definitions.csv".into(), plain(&["name", "value", "decides"], definitions)),
    ];
    files.extend(of_sources(report));
    let more = plan_tables::files(report).into_iter();
    files.extend(more.map(|(path, columns, rows)| (path.to_owned(), plain(columns, rows.into_iter()))));
    files
}

/// The tables of the page on data sufficiency, of either edition.
pub(super) fn of_sources<E: Edition>(report: &Report<E>) -> Vec<(String, String)> {
    let number = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    let sources = report.sources.iter().map(|source| {
        vec![
            source.name.clone(),
            source.agency.clone(),
            source.format.clone(),
            source.data_to.to_string(),
            source.latest_event.map_or_else(String::new, |month| month.to_string()),
            source.late_by_days.map_or_else(String::new, |days| days.to_string()),
            number(source.rows_in),
            number(source.kept),
            number(source.quarantined),
            number(source.dropped),
        ]
    });
    let links = report.about.links.iter().map(|link| {
        vec![link.agency.clone(), number(link.identifiers), number(link.linked), link.own_identifiers.to_string()]
    });
    let source_columns = [
        "source",
        "agency",
        "format",
        "data_to",
        "latest_event",
        "late_by_days",
        "rows_in",
        "kept",
        "quarantined",
        "dropped",
    ];
    vec![
        ("tables/sources.csv".into(), plain(&source_columns, sources)),
        ("tables/links.csv".into(), plain(&["agency", "identifiers", "linked", "own_identifiers"], links)),
    ]
}

pub(super) fn text(figures: &[Figure]) -> String {
    let mut bytes = Vec::new();
    export::csv(figures, &mut bytes).expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("the export is made of text")
}

fn plain(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).expect("writing to memory cannot fail");
    for row in rows {
        writer.write_record(row.into_iter().map(inert)).expect("every row has a cell for each column");
    }
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("the rows are text")
}

/// A spreadsheet must not take text for a formula.
fn inert(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
