//! A file's cells as they arrived, by column, with the lines on which rows stand.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use polars::prelude::StringChunked;

/// One column's cells.
#[derive(Debug)]
pub(crate) enum Cells {
    /// Text of a CSV file: all of it in one string, and where each cell ends.
    Text(Arena),
    /// Text of a Parquet file.
    Utf8(StringChunked),
    /// Days since 1970.
    Days(Vec<Option<i32>>),
    /// Milliseconds since 1970, of UTC or of local time.
    Millis { values: Vec<Option<i64>>, utc: bool },
    /// Whole numbers.
    Numbers(Vec<Option<i64>>),
    /// Truths.
    Truths(Vec<Option<bool>>),
}

/// Many short texts in one allocation.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    text: String,
    ends: Vec<usize>,
}

impl Arena {
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }
}

impl Cells {
    /// A cell as text, trimmed; none where empty.
    pub(crate) fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        let trimmed = |text| Some(str::trim(text)).filter(|text| !text.is_empty()).map(Cow::Borrowed);
        match self {
            Self::Text(arena) => trimmed(arena.get(row)),
            Self::Utf8(texts) => texts.get(row).and_then(trimmed),
            Self::Days(days) => {
                let day = (*days.get(row)?)?;
                Some(Cow::Owned(super::dates::date_of(day).to_string()))
            }
            Self::Millis { values, .. } => values.get(row).copied().flatten().map(|ms| Cow::Owned(ms.to_string())),
            Self::Numbers(numbers) => numbers.get(row).copied().flatten().map(|number| Cow::Owned(number.to_string())),
            Self::Truths(truths) => {
                truths.get(row).copied().flatten().map(|truth| Cow::Borrowed(if truth { "yes" } else { "no" }))
            }
        }
    }

    pub(crate) fn has(&self, row: usize) -> bool {
        match self {
            Self::Text(_) | Self::Utf8(_) => self.text(row).is_some(),
            Self::Days(days) => days.get(row).is_some_and(Option::is_some),
            Self::Millis { values, .. } => values.get(row).is_some_and(Option::is_some),
            Self::Numbers(numbers) => numbers.get(row).is_some_and(Option::is_some),
            Self::Truths(truths) => truths.get(row).is_some_and(Option::is_some),
        }
    }

    fn hash(&self, row: usize, hasher: &mut DefaultHasher) {
        match self {
            Self::Text(_) | Self::Utf8(_) => {
                hasher.write(self.text(row).unwrap_or_default().as_bytes());
                hasher.write_u8(0xff);
            }
            Self::Days(days) => days.get(row).hash(hasher),
            Self::Millis { values, .. } => values.get(row).hash(hasher),
            Self::Numbers(numbers) => numbers.get(row).hash(hasher),
            Self::Truths(truths) => truths.get(row).hash(hasher),
        }
    }
}

/// Where rows stand in their file.
#[derive(Debug)]
pub(crate) enum Lines {
    /// Each row's line.
    Listed(Vec<u32>),
    /// Row after row, beneath a header.
    InOrder,
}

/// The columns wanted of a file.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Rows that have as many cells as the header.
    pub(crate) rows: usize,
    /// In the order wanted.
    pub(crate) columns: Vec<Cells>,
    /// Where the rows stand.
    pub(crate) lines: Lines,
    /// Lines with more or fewer cells than the header; not among the rows.
    pub(crate) ragged: Vec<u64>,
}

impl Sheet {
    /// A row's number: its line in the file, the headings being line 1.
    pub(crate) fn line(&self, row: usize) -> u64 {
        match &self.lines {
            Lines::Listed(lines) => lines.get(row).map_or(0, |line| u64::from(*line)),
            Lines::InOrder => row as u64 + 2,
        }
    }

    /// A keyed hash of a row's cells.
    pub(crate) fn row_hash(&self, row: usize, salt: &[u8; 32]) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(salt);
        for cells in &self.columns {
            cells.hash(row, &mut hasher);
        }
        hasher.finish()
    }
}
