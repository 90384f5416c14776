//! Typed columns: what a contract's fields become, whatever file they came from.

use std::collections::HashMap;

use polars::prelude::*;

use super::contract::Kind;
use super::dates;

/// A column of one contract, over all files of a source.
#[derive(Clone, Debug)]
pub(crate) enum Typed {
    /// Pseudonyms.
    Keys(Vec<Option<i64>>),
    /// Days.
    Days(Vec<Option<i32>>),
    /// Days and instants.
    Whens(Vec<Option<dates::When>>),
    /// Words, each distinct one stored once.
    Words(Words),
    /// Whole numbers.
    Numbers(Vec<Option<i64>>),
    /// Truths.
    Truths(Vec<Option<bool>>),
    /// Not kept.
    Nothing(usize),
}

/// Words by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    rows: Vec<Option<u32>>,
    distinct: Vec<String>,
    known: HashMap<String, u32>,
}

impl Words {
    pub(crate) fn push(&mut self, text: Option<&str>) {
        let number = text.map(|text| self.number(text));
        self.rows.push(number);
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = self.distinct.len() as u32;
        self.distinct.push(text.to_owned());
        self.known.insert(text.to_owned(), number);
        number
    }

    /// Each word once.
    pub(crate) fn distinct(&self) -> impl Iterator<Item = &str> {
        self.distinct.iter().map(String::as_str)
    }

    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let number = self.rows.get(row).copied().flatten()?;
        self.distinct.get(number as usize).map(String::as_str)
    }

    fn append(&mut self, other: &Self) {
        let renumbered: Vec<u32> = other.distinct.iter().map(|text| self.number(text)).collect();
        self.rows
            .extend(other.rows.iter().map(|number| number.and_then(|number| renumbered.get(number as usize).copied())));
    }
}

impl Typed {
    /// No rows of a field's type.
    pub(crate) fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Child | Kind::Id(_) => Self::Keys(Vec::new()),
            Kind::Date | Kind::Month | Kind::Quarter => Self::Days(Vec::new()),
            Kind::Instant => Self::Whens(Vec::new()),
            Kind::Code(_) | Kind::Listed(_) | Kind::Word | Kind::Text | Kind::Factors => Self::Words(Words::default()),
            Kind::Number | Kind::Scale(_) => Self::Numbers(Vec::new()),
            Kind::YesNo | Kind::MissingFlag => Self::Truths(Vec::new()),
            Kind::Seen => Self::Nothing(0),
        }
    }

    /// Rows of nothing known, for a column that a file lacks.
    pub(crate) fn unknown(kind: Kind, rows: usize) -> Self {
        match Self::empty(kind) {
            Self::Keys(_) => Self::Keys(vec![None; rows]),
            Self::Days(_) => Self::Days(vec![None; rows]),
            Self::Whens(_) => Self::Whens(vec![None; rows]),
            Self::Words(mut words) => {
                words.rows = vec![None; rows];
                Self::Words(words)
            }
            Self::Numbers(_) => Self::Numbers(vec![None; rows]),
            Self::Truths(_) => Self::Truths(vec![None; rows]),
            Self::Nothing(_) => Self::Nothing(rows),
        }
    }

    /// Another file's rows beneath these; both come from one field and so have one type.
    pub(crate) fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Keys(a), Self::Keys(b)) | (Self::Numbers(a), Self::Numbers(b)) => a.extend(b),
            (Self::Days(a), Self::Days(b)) => a.extend(b),
            (Self::Whens(a), Self::Whens(b)) => a.extend(b),
            (Self::Words(a), Self::Words(b)) => a.append(&b),
            (Self::Truths(a), Self::Truths(b)) => a.extend(b),
            (Self::Nothing(a), Self::Nothing(b)) => *a += b,
            _ => {}
        }
    }

    pub(crate) fn has(&self, row: usize) -> bool {
        match self {
            Self::Keys(values) | Self::Numbers(values) => values.get(row).is_some_and(Option::is_some),
            Self::Days(values) => values.get(row).is_some_and(Option::is_some),
            Self::Whens(values) => values.get(row).is_some_and(Option::is_some),
            Self::Words(words) => words.rows.get(row).is_some_and(Option::is_some),
            Self::Truths(values) => values.get(row).is_some_and(Option::is_some),
            Self::Nothing(_) => false,
        }
    }

    /// A number that is equal for equal values, for telling rows apart by key.
    pub(crate) fn identity(&self, row: usize) -> Option<i64> {
        match self {
            Self::Keys(values) | Self::Numbers(values) => values.get(row).copied().flatten(),
            Self::Days(values) => values.get(row).copied().flatten().map(i64::from),
            Self::Whens(values) => values.get(row).copied().flatten().map(|(day, at)| at.unwrap_or(i64::from(day))),
            Self::Words(words) => words.rows.get(row).copied().flatten().map(i64::from),
            Self::Truths(values) => values.get(row).copied().flatten().map(i64::from),
            Self::Nothing(_) => None,
        }
    }

    /// The day, of a date or an instant.
    pub(crate) fn day(&self, row: usize) -> Option<i32> {
        match self {
            Self::Days(days) => days.get(row).copied().flatten(),
            Self::Whens(whens) => whens.get(row).copied().flatten().map(|(day, _)| day),
            _ => None,
        }
    }

    /// The instant, where a time was written.
    pub(crate) fn instant(&self, row: usize) -> Option<i64> {
        match self {
            Self::Whens(whens) => whens.get(row).copied().flatten().and_then(|(_, at)| at),
            _ => None,
        }
    }

    pub(crate) fn key(&self, row: usize) -> Option<i64> {
        match self {
            Self::Keys(keys) => keys.get(row).copied().flatten(),
            _ => None,
        }
    }

    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Words(words) => words.get(row),
            _ => None,
        }
    }

    pub(crate) fn truth(&self, row: usize) -> Option<bool> {
        match self {
            Self::Truths(truths) => truths.get(row).copied().flatten(),
            _ => None,
        }
    }

    /// Forgets the value of a row.
    pub(crate) fn clear(&mut self, row: usize) {
        match self {
            Self::Days(days) => {
                if let Some(day) = days.get_mut(row) {
                    *day = None;
                }
            }
            Self::Whens(whens) => {
                if let Some(when) = whens.get_mut(row) {
                    *when = None;
                }
            }
            _ => {}
        }
    }

    /// The given rows as a polars column of this name.
    pub(crate) fn column(&self, name: &str, rows: &[usize]) -> Column {
        let name: PlSmallStr = name.into();
        match self {
            Self::Keys(values) | Self::Numbers(values) => {
                Column::new(name, rows.iter().map(|row| values.get(*row).copied().flatten()).collect::<Vec<_>>())
            }
            Self::Days(_) | Self::Whens(_) => {
                Column::new(name, rows.iter().map(|row| self.day(*row)).collect::<Vec<_>>())
            }
            Self::Words(words) => {
                let texts: StringChunked = rows.iter().map(|row| words.get(*row)).collect();
                texts.with_name(name).into_column()
            }
            Self::Truths(values) => {
                Column::new(name, rows.iter().map(|row| values.get(*row).copied().flatten()).collect::<Vec<_>>())
            }
            Self::Nothing(_) => Column::new(name, vec![None::<i64>; rows.len()]),
        }
    }
}
