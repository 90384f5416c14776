//! What a method gives back: a table under named columns, written as CSV or as a JSON array of objects with the same keys.

use chrono::NaiveDate;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Whole(u64),
    Number(f64),
    /// Not defined: an empty cell in CSV, null in JSON.
    Blank,
}

impl Cell {
    /// In CSV: numbers to 15 significant digits, as R writes them.
    fn csv(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Blank => String::new(),
        }
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        if !value.is_finite() {
            return Self::Blank;
        }
        // The fifteen digits are where sums in different orders still agree; minus zero is zero.
        let rounded = format!("{value:.14e}").parse().unwrap_or(value);
        Self::Number(rounded + 0.0)
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::Whole(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<NaiveDate> for Cell {
    fn from(value: NaiveDate) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Blank, Into::into)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Whole(whole) => to.serialize_u64(*whole),
            Self::Number(number) => to.serialize_f64(*number),
            Self::Blank => to.serialize_none(),
        }
    }
}

/// A row of cells, each from whatever it is.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$(crate::cli::stat::table::Cell::from($cell)),*] };
}
pub(super) use cells;

/// A method's answer, with what is said beside it on standard error.
pub(super) struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    /// What the figures alone do not say, one sentence each.
    pub(super) notes: Vec<String>,
}

impl Table {
    pub(super) fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(super) fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::csv))?;
        }
        writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
    }

    /// One object a line.
    pub(super) fn json(&self) -> anyhow::Result<String> {
        let objects: Result<Vec<String>, _> =
            self.rows.iter().map(|row| serde_json::to_string(&Object { columns: &self.columns, row })).collect();
        let objects = objects?;
        Ok(if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", objects.join(",\n")) })
    }
}

/// A row under its columns, in their order.
struct Object<'a> {
    columns: &'a [&'static str],
    row: &'a [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(self.row) {
            map.serialize_entry(column, cell)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_defined_is_empty_or_null_and_never_nan() {
        let mut table = Table::new(&["a", "b", "c", "d"]);
        table.push(cells![f64::NAN, None::<f64>, 0.1 + 0.2, -0.0]);
        assert_eq!(String::from_utf8(table.csv().unwrap()).unwrap(), "a,b,c,d\n,,0.3,0\n");
        assert_eq!(table.json().unwrap(), "[\n{\"a\":null,\"b\":null,\"c\":0.3,\"d\":0.0}\n]\n");
        assert_eq!(Table::new(&["a"]).json().unwrap(), "[]\n");
    }
}
