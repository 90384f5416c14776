//! Between frames and rows: typed columns out of a frame, rows gathered by child, columns back into a frame.

use std::collections::HashMap;

use polars::prelude::*;
use rayon::slice::ParallelSliceMut as _;

/// Days since 1 January 1970, as polars stores a date.
pub type Day = i32;

/// The dates of a column; null is not known.
pub(crate) fn days(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<Day>>> {
    let dates = frame.column(name)?.cast(&DataType::Date)?;
    Ok(dates.as_materialized_series().date()?.physical().iter().collect())
}

/// The instants of a column, in milliseconds of UTC; null where only a date was recorded.
pub(crate) fn instants(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    let instants = frame.column(name)?.cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?;
    Ok(instants.as_materialized_series().datetime()?.physical().iter().collect())
}

/// The whole numbers of a column.
pub(crate) fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    let numbers = frame.column(name)?.cast(&DataType::Int64)?;
    Ok(numbers.as_materialized_series().i64()?.iter().collect())
}

/// The keys of a column that has no gaps: `child_id` and its kind.
pub(crate) fn keys(frame: &DataFrame, name: &str) -> PolarsResult<Vec<i64>> {
    Ok(numbers(frame, name)?.into_iter().flatten().collect())
}

/// The truths of a column; null is not recorded.
pub(crate) fn truths(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<bool>>> {
    Ok(frame.column(name)?.as_materialized_series().bool()?.iter().collect())
}

/// The codes of a column as small numbers of `names`; null stays null.
pub(crate) fn codes(frame: &DataFrame, name: &str, names: &mut Names) -> PolarsResult<Vec<Option<Code>>> {
    let texts = frame.column(name)?.cast(&DataType::String)?;
    Ok(texts.as_materialized_series().str()?.iter().map(|text| text.map(|text| names.code(text))).collect())
}

/// A code set's member, small enough to copy; its word is in [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Code(u32);

#[cfg(test)]
impl Code {
    /// A code told apart by its word's bytes, where a test needs no names.
    pub(crate) fn for_tests(word: &str) -> Self {
        Self(word.bytes().fold(0, |code, byte| code.wrapping_mul(31).wrapping_add(u32::from(byte))))
    }
}

/// The words behind codes. Numbers are given in order of first sight, so nothing may sort by them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    words: Vec<String>,
    known: HashMap<String, u32>,
}

impl Names {
    /// The code for a word, new or known.
    pub(crate) fn code(&mut self, word: &str) -> Code {
        if let Some(&known) = self.known.get(word) {
            return Code(known);
        }
        let next = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.known.insert(word.to_owned(), next);
        Code(next)
    }

    /// The word of a code.
    pub(crate) fn word(&self, code: Code) -> &str {
        self.words.get(code.0 as usize).map_or("", String::as_str)
    }
}

/// Rows gathered by child, children in order of their keys.
#[derive(Debug)]
pub(crate) struct ByChild<T> {
    rows: Vec<(i64, T)>,
}

impl<T: Send> ByChild<T> {
    /// Sorts rows by child; rows of one child keep no order, so rules sort what they need.
    pub(crate) fn new(mut rows: Vec<(i64, T)>) -> Self {
        rows.par_sort_unstable_by_key(|(child, _)| *child);
        Self { rows }
    }

    /// The rows of one child; empty where there are none.
    pub(crate) fn of(&self, child: i64) -> &[(i64, T)] {
        let from = self.rows.partition_point(|(key, _)| *key < child);
        let rest = self.rows.get(from..).unwrap_or_default();
        let len = rest.partition_point(|(key, _)| *key == child);
        rest.get(..len).unwrap_or_default()
    }

    /// Every child that has a row, in order.
    pub(crate) fn children(&self) -> impl Iterator<Item = i64> {
        self.rows.chunk_by(|(a, _), (b, _)| a == b).filter_map(|rows| rows.first().map(|(child, _)| *child))
    }
}

/// A column of dates.
pub(crate) fn date_column(name: &str, days: Vec<Option<Day>>) -> PolarsResult<Column> {
    Column::new(name.into(), days).cast(&DataType::Date)
}

/// The first day after 1 January 1970 as a date, for configuration and tests.
pub fn day_of(date: chrono::NaiveDate) -> Day {
    use chrono::Datelike as _;
    date.num_days_from_ce() - 719_163
}

/// The date of a day.
pub fn date_of(day: Day) -> chrono::NaiveDate {
    chrono::NaiveDate::from_num_days_from_ce_opt(day + 719_163).expect("days of records lie within the calendar")
}
