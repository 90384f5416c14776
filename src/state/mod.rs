//! What build remembers from one run to the next: of each table its counts, columns and codes, and of each row a keyed
//! hash with the date it was first seen. Never a value. Read by build alone.
//!
//! Kept as long as the row is in its sender's latest extract: what leaves an extract leaves `state/` with the next build.

mod drift;
mod file;
mod lag;
pub mod plan;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

pub use drift::drift;
pub use file::{FOLDER, StateError, forget, read, write_whole};
pub use lag::{Arrived, arrived};

use crate::ingest::Shape;

/// Everything remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Tells whether the pseudonyms were made with today's key.
    pub key_check: String,
    /// By source and table.
    pub tables: BTreeMap<(String, String), Remembered>,
}

/// One table of one source as the last build saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// The cut date of every build that saw it, in order.
    pub cuts: BTreeSet<NaiveDate>,
    /// Rows in its files.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<String>,
    /// By column, a keyed hash of each code seen in it.
    pub codes: BTreeMap<String, BTreeSet<u64>>,
    /// Each row by its keyed hash, with the cut date of the first build that saw it.
    pub first_seen: BTreeMap<u64, NaiveDate>,
    /// True where only the smallest hashes are kept.
    pub sampled: bool,
}

impl Remembered {
    /// The largest hash of which it is known whether the table had it; none where of all.
    fn known_to(&self) -> Option<u64> {
        self.first_seen.last_key_value().map(|(key, _)| *key).filter(|_| self.sampled)
    }
}

impl State {
    /// What is to be remembered after a build over these tables. A table whose extract is older than the one remembered
    /// leaves what is known of it as it is.
    #[must_use]
    pub fn after(&self, key_check: &str, shapes: &[Shape]) -> Self {
        let same_key = self.key_check == key_check;
        let mut tables = if same_key { self.tables.clone() } else { BTreeMap::new() };
        for shape in shapes {
            let place = (shape.source.clone(), shape.table.clone());
            let before = tables.remove(&place).unwrap_or_default();
            let now = if before.cuts.last().is_some_and(|last| shape.cut_on < *last) {
                before
            } else {
                remembered(before, shape)
            };
            tables.insert(place, now);
        }
        let named: BTreeSet<&str> = shapes.iter().map(|shape| shape.source.as_str()).collect();
        // A source taken out of the settings is forgotten.
        tables.retain(|(source, _), _| named.contains(source.as_str()));
        Self { key_check: key_check.to_owned(), tables }
    }
}

fn remembered(before: Remembered, shape: &Shape) -> Remembered {
    let first_cut = before.cuts.first().copied().unwrap_or(shape.cut_on);
    let known_to = before.known_to();
    let first_seen = shape.keys.iter().map(|keyed| {
        let seen = before.first_seen.get(&keyed.key).copied();
        // Beyond the hashes that were kept nobody knows: taken to have been there from the first.
        let unknown = known_to.is_some_and(|known_to| keyed.key > known_to);
        (keyed.key, seen.unwrap_or(if unknown { first_cut } else { shape.cut_on }))
    });
    let mut codes = before.codes;
    for (column, now) in &shape.codes {
        codes.entry(column.clone()).or_default().extend(now);
    }
    let mut cuts = before.cuts;
    cuts.insert(shape.cut_on);
    Remembered {
        rows: shape.rows,
        columns: shape.columns.clone(),
        codes,
        first_seen: first_seen.collect(),
        sampled: shape.is_sampled(),
        cuts,
    }
}
