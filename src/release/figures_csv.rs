//! `figures.csv`: every figure of an edition in the columns of the export, written and read back.

use std::io;
use std::str::FromStr;

use crate::domain::{Dimension, Figure, Period, Symbol, Unit};

/// The columns of every export, in order.
pub const COLUMNS: [&str; 12] = [
    "measure",
    "period",
    "dimension",
    "level",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "unit",
    "symbol",
    "provisional",
];

/// Values are rounded to this many parts of one: six decimals, the same bytes on every machine.
const PARTS_OF_ONE: f64 = 1e6;

/// The figure with its value and interval as a release keeps them.
pub(super) fn as_kept(figure: Figure) -> Figure {
    Figure {
        value: figure.value.map(rounded),
        lower: figure.lower.map(rounded),
        upper: figure.upper.map(rounded),
        ..figure
    }
}

/// Six decimals; no negative zero.
pub(super) fn rounded(number: f64) -> f64 {
    (number * PARTS_OF_ONE).round() / PARTS_OF_ONE + 0.0
}

/// Writes the header and one row per figure.
pub(super) fn write(figures: &[Figure], to: impl io::Write) -> io::Result<()> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(to);
    rows.write_record(COLUMNS)?;
    for figure in figures {
        rows.write_record(row(figure))?;
    }
    rows.flush()
}

fn row(figure: &Figure) -> [String; 12] {
    [
        inert(&figure.measure),
        figure.period.to_string(),
        figure.dimension.id().to_owned(),
        inert(&figure.level),
        cell(figure.numerator),
        cell(figure.denominator),
        cell(figure.value),
        cell(figure.lower),
        cell(figure.upper),
        figure.unit.id().to_owned(),
        figure.symbol.map_or_else(String::new, |symbol| symbol.letter().to_owned()),
        figure.provisional.to_string(),
    ]
}

fn cell<T: ToString>(number: Option<T>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// Text that a spreadsheet would take for a formula is preceded by an apostrophe.
pub(super) fn inert(text: &str) -> String {
    if text.starts_with(ACTIVE) { format!("'{text}") } else { text.to_owned() }
}

/// The apostrophe too, so that what was written can be told from what was added.
const ACTIVE: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

fn as_it_was(text: &str) -> String {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(ACTIVE)).unwrap_or(text).to_owned()
}

/// Reads figures back. The error names the line, never its text.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Figure>, String> {
    let mut rows = csv::Reader::from_reader(bytes);
    let header = rows.headers().map_err(|_| "the header is unreadable".to_owned())?;
    if header.iter().ne(COLUMNS) {
        return Err("the columns are not those of an export".to_owned());
    }
    rows.records()
        .enumerate()
        .map(|(row, record)| {
            record.ok().and_then(|record| figure(&record)).ok_or_else(|| format!("row {} is unreadable", row + 1))
        })
        .collect()
}

fn figure(record: &csv::StringRecord) -> Option<Figure> {
    let text = |column: usize| record.get(column);
    Some(Figure {
        measure: as_it_was(text(0)?),
        period: Period::from_str(text(1)?).ok()?,
        dimension: Dimension::from_id(text(2)?)?,
        level: as_it_was(text(3)?),
        numerator: number(text(4)?)?,
        denominator: number(text(5)?)?,
        value: number(text(6)?)?,
        lower: number(text(7)?)?,
        upper: number(text(8)?)?,
        unit: Unit::from_id(text(9)?)?,
        symbol: match text(10)? {
            "" => None,
            letter => Some(Symbol::from_letter(letter)?),
        },
        provisional: text(11)?.parse().ok()?,
    })
}

/// Nothing for an empty cell; none at all for one that is not a number.
#[expect(clippy::option_option, reason = "an empty cell is not an unreadable one")]
fn number<T: FromStr>(text: &str) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}
