//! What is withheld because the audit found that what is withheld already could be worked out: the figures that tell it, and
//! where that is not enough, tables made coarser by a step.

use std::collections::{BTreeMap, BTreeSet};

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

/// A figure: a measure's level (with its part) by one dimension in one period.
type Place = (String, String, Dimension, Period);

/// The step each table has reached, and figures withheld by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coarser {
    steps: BTreeMap<Table, Step>,
    named: BTreeSet<Place>,
}

impl Coarser {
    /// The step of the table that a figure stands in.
    pub fn step(&self, figure: &Figure) -> Step {
        if self.steps.is_empty() { Step::Fine } else { self.steps.get(&table(figure)).copied().unwrap_or_default() }
    }

    /// Withholds these figures; false where all of them were named before.
    pub fn withhold<'a>(&mut self, figures: impl IntoIterator<Item = &'a Figure>) -> bool {
        let before = self.named.len();
        self.named.extend(figures.into_iter().map(place));
        self.named.len() > before
    }

    /// Whether a figure is withheld by name.
    pub fn withholds(&self, figure: &Figure) -> bool {
        !self.named.is_empty() && self.named.contains(&place(figure))
    }

    /// Makes the tables of these figures coarser by a step each, those alone that have not come as far as `most`; false where
    /// all have.
    pub fn coarsen_to<'a>(&mut self, most: Step, figures: impl IntoIterator<Item = &'a Figure>) -> bool {
        let short = |figure: &&Figure| self.step(figure) < most;
        let short: Vec<&Figure> = figures.into_iter().filter(short).collect();
        self.coarsen(short)
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

fn place(figure: &Figure) -> Place {
    (figure.measure.clone(), figure.level.clone(), figure.dimension, figure.period)
}
