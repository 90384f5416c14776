//! A workbook of one edition: cover, contents, notes, then one table a sheet. No merges, freezes, filters or fills.
//!
//! Its creation date is the as-at date, so that the same figures give the same bytes. Where its figures come from is on
//! the cover and, since a table starts at A1, in the foot of every sheet that is printed.

use std::collections::BTreeSet;

use chrono::Datelike;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use crate::domain::{Figure, Symbol, british_date};

use super::figures_csv::{COLUMNS, inert};
use super::xlsx_cell::{name, number_shown};
use super::{Edition, Measure, Report};

/// The longest foot a sheet may have.
const FOOT_AT_MOST: usize = 255;
/// Characters a column of text is wide.
const TEXT_WIDTH: f64 = 24.0;
/// Characters a column of prose is wide.
const PROSE_WIDTH: f64 = 90.0;

/// A table that is not of figures: what a page shows in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// For the sheet's name and the contents.
    pub title: String,
    /// What a reader must know of it.
    pub note: String,
    /// One a column.
    pub header: Vec<String>,
    /// As many cells each as there are columns; what is missing is left empty.
    pub rows: Vec<Vec<String>>,
}

/// What a workbook says beyond its figures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// Lines for the cover: what was filtered, that it is a draft.
    pub cover: &'a [String],
    /// Tables in words, before the figures.
    pub words: &'a [Words],
}

/// The workbook as bytes, with one sheet for each measure that has figures among `figures`.
pub fn xlsx<E: Edition>(report: &Report<E>, figures: &[Figure]) -> Result<Vec<u8>, XlsxError> {
    workbook(report, figures, Beside::default())
}

/// The workbook as bytes, with what stands `beside` the figures before them.
pub fn workbook<E: Edition>(report: &Report<E>, figures: &[Figure], beside: Beside<'_>) -> Result<Vec<u8>, XlsxError> {
    let sheets = sheets(report, figures, beside.words);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let foot = foot(report);
    cover(report, beside.cover, framed(workbook.add_worksheet(), &foot))?;
    contents(&sheets, framed(workbook.add_worksheet(), &foot))?;
    notes(&sheets, framed(workbook.add_worksheet(), &foot))?;
    for (place, sheet) in sheets.iter().enumerate() {
        table(sheet, place + 1, framed(workbook.add_worksheet(), &foot))?;
    }
    workbook.save_to_buffer()
}

/// One table with its name in the workbook.
struct Sheet<'a> {
    name: String,
    title: String,
    note: String,
    rows: Rows<'a>,
}

/// What a sheet holds.
enum Rows<'a> {
    Figures(Vec<&'a Figure>),
    Words(&'a Words),
}

fn sheets<'a, E: Edition>(report: &'a Report<E>, figures: &'a [Figure], words: &'a [Words]) -> Vec<Sheet<'a>> {
    let mut taken = BTreeSet::from(["cover".to_owned(), "contents".to_owned(), "notes".to_owned()]);
    let mut sheets: Vec<Sheet> = words
        .iter()
        .map(|words| Sheet {
            name: name(&words.title, &mut taken),
            title: words.title.clone(),
            note: words.note.clone(),
            rows: Rows::Words(words),
        })
        .collect();
    for measure in &report.measures {
        let own: Vec<&Figure> = figures.iter().filter(|figure| figure.measure == measure.id).collect();
        if !own.is_empty() {
            let Measure { id, title, definition, cannot_tell, .. } = measure;
            sheets.push(Sheet {
                name: name(title, &mut taken),
                title: format!("{title} (version {})", measure.version()),
                note: format!("{id}: {definition} What it cannot tell: {cannot_tell}"),
                rows: Rows::Figures(own),
            });
        }
    }
    sheets
}

fn framed<'w>(sheet: &'w mut Worksheet, foot: &str) -> &'w mut Worksheet {
    sheet.set_footer(foot).set_landscape().set_print_fit_to_pages(1, 0)
}

/// What every printed sheet says of where its figures come from.
fn foot<E: Edition>(report: &Report<E>) -> String {
    let about = &report.about;
    let release = report.id.get(..12).unwrap_or(&report.id);
    let line = format!(
        "{}, {}. Data to {}. Release {release}, {} edition: {}",
        about.area,
        about.month.in_words(),
        british_date(about.as_at),
        E::NAME,
        about.policy
    );
    let end = "&R&P of &N";
    let room = FOOT_AT_MOST - end.len() - 2;
    let line: String = line.replace('&', "and").chars().take(room).collect();
    format!("&L{line}{end}")
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
fn cover<E: Edition>(report: &Report<E>, beside: &[String], sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Cover")?;
    let about = &report.about;
    let origin = if about.sample {
        "Made-up data: no row describes a real child"
    } else {
        "Extracts of the partnership's agencies"
    };
    let mut lines = vec![
        title(report),
        about.partnership.clone(),
        format!("Period: {} and before", about.month.in_words()),
        format!("Data to {}", british_date(about.as_at)),
        format!("Edition: {}", E::NAME),
        format!("Disclosure: {}", about.policy),
        format!("Release: {}", report.id),
        origin.to_owned(),
    ];
    lines.extend_from_slice(beside);
    prose(sheet, &lines)
}

fn contents(sheets: &[Sheet], sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Contents")?;
    let lines = sheets.iter().map(|sheet| format!("{}: {}", sheet.name, sheet.title));
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
        lines.push(format!("[note {}] {}", place + 1, sheet.note));
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

/// From A1, marked as a table; the first heading of words and the value of figures lead to the note.
fn table(sheet: &Sheet, note: usize, to: &mut Worksheet) -> Result<(), XlsxError> {
    to.set_name(&sheet.name)?;
    let (headings, rows) = match &sheet.rows {
        Rows::Figures(figures) => {
            for (row, figure) in figures.iter().enumerate() {
                write_row(to, row as u32 + 1, figure)?;
            }
            let heading =
                |column: &str| if column == "value" { format!("value [note {note}]") } else { column.to_owned() };
            (COLUMNS.map(heading).to_vec(), figures.len())
        }
        Rows::Words(words) => {
            for (row, cells) in words.rows.iter().enumerate() {
                for (column, cell) in (0..words.header.len() as u16).zip(cells) {
                    write_shown(to, row as u32 + 1, column, cell)?;
                }
            }
            (own_headings(&words.header, note), words.rows.len())
        }
    };
    let columns: Vec<TableColumn> = headings.iter().map(|heading| TableColumn::new().set_header(heading)).collect();
    let marked = Table::new()
        .set_name(format!("table_{note}"))
        .set_style(TableStyle::None)
        .set_banded_rows(false)
        .set_autofilter(false)
        .set_columns(&columns);
    // A table has a row beneath its header, if an empty one.
    to.add_table(0, 0, rows.max(1) as u32, headings.len().max(1) as u16 - 1, &marked)?;
    let wide = if matches!(sheet.rows, Rows::Figures(_)) { 3 } else { headings.len().max(1) as u16 - 1 };
    to.set_column_range_width(0, wide, TEXT_WIDTH)?;
    Ok(())
}

/// What a page shows as a number is one here, shown in the same way.
fn write_shown(to: &mut Worksheet, row: u32, column: u16, cell: &str) -> Result<(), XlsxError> {
    match number_shown(cell) {
        Some((number, format)) => {
            to.write_number_with_format(row, column, number, &Format::new().set_num_format(format))?;
        }
        // A dash alone is nothing to show, and no formula.
        None if cell == "-" => _ = to.write_string(row, column, cell)?,
        None => _ = to.write_string(row, column, inert(cell))?,
    }
    Ok(())
}

/// A table's headings differ from each other and are none of them empty.
fn own_headings(header: &[String], note: usize) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut own = Vec::new();
    for (place, heading) in header.iter().enumerate() {
        let heading = if heading.is_empty() { format!("Column {}", place + 1) } else { inert(heading) };
        let heading = if place == 0 { format!("{heading} [note {note}]") } else { heading };
        let heading = if taken.insert(heading.to_lowercase()) { heading } else { format!("{heading} ({})", place + 1) };
        own.push(heading);
    }
    own
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_never_empty_or_twice_the_same() {
        let header = ["", "Value", "value", "=1+1"].map(str::to_owned);
        assert_eq!(own_headings(&header, 2), ["Column 1 [note 2]", "Value", "value (3)", "'=1+1"]);
    }
}
