//! A workbook of one edition: cover, contents, notes, then one table a sheet. No merges, freezes, filters or fills.
//!
//! Its creation date is the as-at date, so that the same figures give the same bytes.

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError};

use crate::domain::{Figure, Symbol, british_date};

use super::figures_csv::{COLUMNS, inert};
use super::{Edition, Measure, Report};

/// The longest name a sheet may have.
const SHEET_NAME_AT_MOST: usize = 31;
/// Characters a column of text is wide.
const TEXT_WIDTH: f64 = 24.0;
/// Characters a column of prose is wide.
const PROSE_WIDTH: f64 = 90.0;

/// The workbook as bytes, with one sheet for each measure that has figures among `figures`.
pub fn xlsx<E: Edition>(report: &Report<E>, figures: &[Figure]) -> Result<Vec<u8>, XlsxError> {
    let sheets: Vec<Sheet> = report
        .measures
        .iter()
        .map(|measure| Sheet::of(measure, figures))
        .filter(|sheet| !sheet.figures.is_empty())
        .collect();
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    cover(report, workbook.add_worksheet())?;
    contents(&sheets, workbook.add_worksheet())?;
    notes(&sheets, workbook.add_worksheet())?;
    for (place, sheet) in sheets.iter().enumerate() {
        table(sheet, place + 1, workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

/// One measure and its figures.
struct Sheet<'a> {
    name: String,
    measure: &'a Measure,
    figures: Vec<&'a Figure>,
}

impl<'a> Sheet<'a> {
    fn of(measure: &'a Measure, figures: &'a [Figure]) -> Self {
        Self {
            name: measure.id.chars().take(SHEET_NAME_AT_MOST).collect(),
            measure,
            figures: figures.iter().filter(|figure| figure.measure == measure.id).collect(),
        }
    }
}

fn properties<E: Edition>(report: &Report<E>) -> Result<DocProperties, XlsxError> {
    let as_at = report.about.as_at;
    let (year, month, day) = (as_at.year() as u16, as_at.month() as u8, as_at.day() as u8);
    Ok(DocProperties::new()
        .set_title(title(report))
        .set_author(&report.about.partnership)
        .set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?))
}

fn title<E: Edition>(report: &Report<E>) -> String {
    format!("{} impact report, {}", report.about.month.in_words(), report.about.area)
}

/// Whose figures, to what date, under which policy, from which release.
fn cover<E: Edition>(report: &Report<E>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Cover")?;
    let about = &report.about;
    let origin = if about.sample {
        "Made-up data: no row describes a real child"
    } else {
        "Extracts of the partnership's agencies"
    };
    prose(
        sheet,
        &[
            title(report),
            about.partnership.clone(),
            format!("Data to {}", british_date(about.as_at)),
            format!("Edition: {}", E::NAME),
            format!("Disclosure: {}", about.policy),
            format!("Release: {}", report.id),
            origin.to_owned(),
        ],
    )
}

fn contents(sheets: &[Sheet], sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Contents")?;
    let lines = sheets.iter().map(|sheet| format!("{}: {}", sheet.name, sheet.measure.title));
    prose(sheet, &std::iter::once("Contents".to_owned()).chain(lines).collect::<Vec<_>>())
}

/// What the symbols mean, then a numbered note on each table.
fn notes(sheets: &[Sheet], sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Notes")?;
    let symbols = [
        Symbol::Confidential,
        Symbol::Unavailable,
        Symbol::NotApplicable,
        Symbol::RoundsToZero,
        Symbol::LowReliability,
    ];
    let mut lines = vec!["Notes".to_owned()];
    lines.extend(symbols.map(|symbol| format!("[{}] {}", symbol.letter(), symbol.in_words())));
    for (place, sheet) in sheets.iter().enumerate() {
        let Measure { id, definition, cannot_tell, .. } = sheet.measure;
        lines.push(format!("[note {}] {id}: {definition} What it cannot tell: {cannot_tell}", place + 1));
    }
    prose(sheet, &lines)
}

fn prose(sheet: &mut Worksheet, lines: &[String]) -> Result<(), XlsxError> {
    sheet.set_column_width(0, PROSE_WIDTH)?;
    for (row, line) in lines.iter().enumerate() {
        sheet.write_string(row as u32, 0, inert(line))?;
    }
    Ok(())
}

/// The figures from A1, marked as a table; where a value is absent its symbol stands in brackets.
fn table(sheet: &Sheet, note: usize, to: &mut Worksheet) -> Result<(), XlsxError> {
    to.set_name(&sheet.name)?;
    for (row, figure) in sheet.figures.iter().enumerate() {
        write_row(to, row as u32 + 1, figure)?;
    }
    let columns: Vec<TableColumn> = COLUMNS
        .into_iter()
        .map(|column| {
            let heading = if column == "value" { format!("value [note {note}]") } else { column.to_owned() };
            TableColumn::new().set_header(heading)
        })
        .collect();
    let marked = Table::new()
        .set_name(format!("table_{note}"))
        .set_style(TableStyle::None)
        .set_banded_rows(false)
        .set_autofilter(false)
        .set_columns(&columns);
    to.add_table(0, 0, sheet.figures.len() as u32, COLUMNS.len() as u16 - 1, &marked)?;
    to.set_column_range_width(0, 3, TEXT_WIDTH)?;
    Ok(())
}

fn write_row(to: &mut Worksheet, row: u32, figure: &Figure) -> Result<(), XlsxError> {
    let period = figure.period.to_string();
    let texts = [figure.measure.as_str(), &period, figure.dimension.id(), &figure.level];
    for (column, text) in (0..).zip(texts) {
        to.write_string(row, column, inert(text))?;
    }
    let counts = [figure.numerator, figure.denominator].map(|count| count.map(|count| count as f64));
    let numbers = counts.into_iter().chain([figure.value, figure.lower, figure.upper]);
    for (column, number) in (4..).zip(numbers) {
        if let Some(number) = number {
            to.write_number(row, column, number)?;
        } else if column == VALUE
            && let Some(symbol) = figure.symbol
        {
            to.write_string(row, column, format!("[{}]", symbol.letter()))?;
        }
    }
    to.write_string(row, 9, figure.unit.id())?;
    to.write_string(row, 10, figure.symbol.map_or("", Symbol::letter))?;
    to.write_string(row, 11, if figure.provisional { "true" } else { "false" })?;
    Ok(())
}

/// The column of the value.
const VALUE: u16 = 6;
