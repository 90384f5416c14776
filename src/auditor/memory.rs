//! Tables found in earlier rounds of one audit. What withholds more leaves them possible, so that a round asks a programme
//! only for the numbers that none of them has. Each is held against the rows and the bounds of its round before it counts.

use std::collections::{BTreeSet, HashMap};

use super::components::Component;
use super::counts::{Key, Which};
use super::rows::Counts;
use crate::domain::{Dimension, Period};

/// A count, whichever round's figures tell it.
type Column = (u32, u32, Which, Dimension, u32, Period, usize);

/// Each count's number in table after table. Counts that stood in one system have equally many.
#[derive(Debug, Default)]
pub(super) struct Memory {
    words: HashMap<String, u32>,
    numbers: HashMap<Column, Vec<i64>>,
}

impl Memory {
    /// Tables of a component's counts, put together from those of the systems it was in before; what was shown then has the
    /// number shown.
    pub(super) fn tables(&self, component: &Component, counts: &Counts<'_>) -> Vec<Vec<i64>> {
        let numbers = |at: &usize| {
            let known = self.column(counts.key(*at)?).and_then(|column| self.numbers.get(&column));
            known.filter(|numbers| !numbers.is_empty())
        };
        let Some(columns) = component.counts.iter().map(numbers).collect::<Option<Vec<&Vec<i64>>>>() else {
            return Vec::new();
        };
        let most = columns.iter().map(|numbers| numbers.len()).max().unwrap_or(0);
        // A system with fewer tables begins again: any of its tables goes with any of another's.
        let table = |number: usize| columns.iter().filter_map(|own| own.get(number % own.len()).copied()).collect();
        (0..most).map(table).collect()
    }

    /// Keeps the tables of a component for the next round, in place of those before.
    pub(super) fn keep(&mut self, component: &Component, counts: &Counts<'_>, tables: &[Vec<i64>]) {
        for (own, at) in component.counts.iter().enumerate() {
            let Some(key) = counts.key(*at) else { continue };
            let column = self.new_column(key);
            self.numbers.insert(column, tables.iter().filter_map(|table| table.get(own).copied()).collect());
        }
    }

    /// Keeps what is known exactly, of counts that stand in none of these components.
    pub(super) fn keep_known(&mut self, counts: &Counts<'_>, in_components: &BTreeSet<usize>) {
        for (at, known) in counts.known.iter().enumerate() {
            if let Some(key) = counts.key(at)
                && !known.is_open()
                && !in_components.contains(&at)
            {
                let column = self.new_column(key);
                self.numbers.insert(column, vec![known.low]);
            }
        }
    }

    fn column(&self, key: Key<'_>) -> Option<Column> {
        let word = |word: &str| self.words.get(word).copied();
        let (measure, part, level) = (word(key.measure)?, word(key.part)?, word(key.level)?);
        Some((measure, part, key.which, key.dimension, level, key.period, key.since))
    }

    fn new_column(&mut self, key: Key<'_>) -> Column {
        let mut word = |word: &str| {
            let next = self.words.len() as u32;
            if let Some(number) = self.words.get(word) {
                return *number;
            }
            self.words.insert(word.to_owned(), next);
            next
        };
        let (measure, part, level) = (word(key.measure), word(key.part), word(key.level));
        (measure, part, key.which, key.dimension, level, key.period, key.since)
    }
}
