//! How far a table has been made coarser, because what it withholds could be worked out at the step before.

use std::collections::BTreeMap;

use crate::domain::{Dimension, Figure, Period};

/// The order in which a table is made coarser. Each step withholds at least what the step before does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// As fine as the figures are.
    #[default]
    Fine,
    /// One more withheld in each sum than would do by itself.
    OneMore,
    /// The table is withheld: of the whole, the months of the quarter, or the quarters of the year; of a breakdown, its levels.
    Coarser,
    /// What it is a part of is withheld too: the quarter or the year; the dimension in every part.
    CoarserStill,
    /// Nothing of it.
    Nothing,
}

impl Step {
    fn next(self) -> Self {
        match self {
            Self::Fine => Self::OneMore,
            Self::OneMore => Self::Coarser,
            Self::Coarser => Self::CoarserStill,
            Self::CoarserStill | Self::Nothing => Self::Nothing,
        }
    }
}

/// A table: a measure's part by one dimension in one period.
type Table = (String, String, Dimension, Period);

/// The step each table has reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coarser {
    steps: BTreeMap<Table, Step>,
}

impl Coarser {
    /// The step of the table that a figure stands in.
    pub fn step(&self, figure: &Figure) -> Step {
        if self.steps.is_empty() { Step::Fine } else { self.steps.get(&table(figure)).copied().unwrap_or_default() }
    }

    /// Makes the tables of these figures coarser by a step each; false where nothing is left to withhold.
    pub fn coarsen<'a>(&mut self, figures: impl IntoIterator<Item = &'a Figure>) -> bool {
        let mut tables: Vec<Table> = figures.into_iter().map(table).collect();
        tables.sort();
        tables.dedup();
        let mut changed = false;
        for table in tables {
            let step = self.steps.entry(table).or_default();
            let next = step.next();
            changed |= next != *step;
            *step = next;
        }
        changed
    }
}

fn table(figure: &Figure) -> Table {
    (figure.measure.clone(), figure.part().unwrap_or_default().to_owned(), figure.dimension, figure.period)
}
