//! Downloads: the figures behind every table, in the columns of the export.

use super::first;
use super::plan_tables;
use super::site::Inputs;
use crate::charts;
use crate::charts::words;
use crate::domain::{Dimension, Figure};
use crate::judgement::{Judgement, judge};
use crate::release::{Board, Edition, Measure, Report, export};

/// Where the files of [`of_measure`] lie.
pub(super) fn paths_of_measure(measure: &Measure) -> Vec<String> {
    let tables = dimensions(measure).map(|dimension| format!("tables/{}-{dimension}.csv", measure.id));
    tables.chain([format!("measures/{}.csv", measure.id), format!("tables/{}-judged.csv", measure.id)]).collect()
}

/// The whole, and every dimension that the measure is broken down by.
fn dimensions(measure: &Measure) -> impl Iterator<Item = Dimension> {
    Dimension::ALL
        .into_iter()
        .filter(|dimension| *dimension == Dimension::Total || measure.dimensions.contains(dimension))
}

/// Every figure of a measure, and each of its tables apart: (path, text).
pub(super) fn of_measure(report: &Report<Board>, measure: &Measure) -> Vec<(String, String)> {
    let all = report.figures_of(&measure.id);
    let mut files: Vec<(String, String)> = dimensions(measure)
        .map(|dimension| {
            let rows: Vec<Figure> = all.iter().filter(|figure| figure.dimension == dimension).cloned().collect();
            (format!("tables/{}-{dimension}.csv", measure.id), text(&rows))
        })
        .collect();
    files.push((format!("measures/{}.csv", measure.id), text(all)));
    files.push((format!("tables/{}-judged.csv", measure.id), judged(&judge(measure, report))));
    files
}

/// Every judged period with its limits and signal: the numbers of a control chart.
fn judged(judged: &Judgement) -> String {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let rows = judged.points.iter().map(|point| {
        vec![
            point.period.to_string(),
            number(point.value),
            point.provisional.to_string(),
            point.phase.to_string(),
            number(point.centre),
            number(point.limits.map(|limits| limits.0)),
            number(point.limits.map(|limits| limits.1)),
            words::rule(point.signal).replace('-', ""),
            words::point(point).to_owned(),
        ]
    });
    let columns =
        ["period", "value", "provisional", "phase", "centre", "lower_limit", "upper_limit", "signal", "state"];
    plain(&columns, rows)
}

/// The first screen's table as it stands there.
fn first_screen(report: &Report<Board>) -> String {
    let outcomes = first::outcomes(report);
    let rows = first::in_the_table(&first::attention(&outcomes)).into_iter().map(|row| {
        let latest = charts::latest(row.measure, report);
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        vec![
            row.measure.id.clone(),
            row.measure.title.clone(),
            latest.map_or_else(String::new, |figure| figure.period.to_string()),
            number(latest.and_then(|figure| figure.value)),
            row.measure.unit.id().to_owned(),
            number(row.measure.target.as_ref().map(|target| target.value)),
            words::variation(row.measure, &row.judged),
            words::assurance(&row.judged),
            first::acting(row.measure, report),
        ]
    });
    let columns =
        ["measure", "title", "period", "value", "unit", "target", "change", "against_target", "who_is_acting"];
    plain(&columns, rows)
}

/// The first screen's table and the tables about sources, links and definitions.
pub(super) fn of_report(inputs: &Inputs<'_>) -> Vec<(String, String)> {
    let report = inputs.report;
    let definitions =
        report.about.definitions.iter().map(|one| vec![one.name.clone(), one.value.clone(), one.decides.clone()]);
    let mut files = vec![
        ("tables/first-screen.csv".into(), first_screen(report)),
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
