//! What else must be hidden so that a hidden figure is not the difference of shown ones.
//!
//! Tables are small: a breakdown is one measure, one dimension and, at month ends, one period; over twelve months a level
//! is hidden in every window or in none, since overlapping windows share their months (`choose`, by integer programme).
//! The whole's months and twelve-month figures are a chain (`chain`, the cheapest of a few patterns). The steps are repeated
//! until none hides more. What is decided here is then audited by code that knows nothing of it.

use std::collections::{BTreeMap, BTreeSet};

use super::coarser::{Coarser, Step};
use super::lattice::{Lattice, Of, Sum};
use super::{chain, choose};
use crate::domain::{Dimension, Period};

/// Hides what must be hidden beside what is hidden already.
pub(super) fn hide(lattice: &mut Lattice<'_>, coarser: &Coarser) {
    coarsen(lattice, coarser);
    let tables = tables(lattice, coarser);
    loop {
        let mut more = beneath(lattice);
        for table in &tables {
            more |= match table.of {
                Of::Months => chain::settle(lattice, &table.sums, table.step),
                _ => choose::settle(lattice, &table.sums, &table.variable_of, table.step),
            };
        }
        if !more {
            return;
        }
    }
}

/// Sums settled together.
struct Table {
    of: Of,
    sums: Vec<Sum>,
    /// Figures hidden together share a variable.
    variable_of: BTreeMap<usize, usize>,
    step: Step,
}

fn tables(lattice: &Lattice<'_>, coarser: &Coarser) -> Vec<Table> {
    type Name<'a> = (&'a str, bool, Dimension, Option<&'a str>, Option<Period>);
    let mut tables: BTreeMap<Name<'_>, Table> = BTreeMap::new();
    for sum in &lattice.sums {
        let Some(first) = sum.terms.first() else { continue };
        let (Some(place), Some(exact)) = (lattice.places.get(*first), lattice.figures.get(*first)) else { continue };
        let (measure, part, dimension, _, period) = *place;
        let is_window = matches!(period, Period::TwelveMonthsTo(_));
        let name = match sum.of {
            Of::Months => (measure, true, dimension, Some(part), None),
            _ if dimension == Dimension::Total => (measure, false, dimension, None, Some(period)),
            _ => (measure, false, dimension, None, (!is_window).then_some(period)),
        };
        let step = coarser.step(&exact.figure);
        let table = tables.entry(name).or_insert_with(|| Table {
            of: sum.of,
            sums: Vec::new(),
            variable_of: BTreeMap::new(),
            step,
        });
        table.step = table.step.max(step);
        table.sums.push(sum.clone());
    }
    for table in tables.values_mut() {
        let mut variables = BTreeMap::new();
        let cells: BTreeSet<usize> =
            table.sums.iter().flat_map(|sum| sum.terms.iter().chain([&sum.whole])).copied().collect();
        for cell in cells {
            let Some(&(measure, part, dimension, level, period)) = lattice.places.get(cell) else { continue };
            let is_window = matches!(period, Period::TwelveMonthsTo(_)) && dimension != Dimension::Total;
            let next = variables.len();
            let variable =
                *variables.entry((measure, part, dimension, level, (!is_window).then_some(period))).or_insert(next);
            table.variable_of.insert(cell, variable);
        }
    }
    tables.into_values().collect()
}

/// A hidden figure hides those beneath it, zeros included, and its twin; until none hides more.
fn beneath(lattice: &mut Lattice<'_>) -> bool {
    let mut changed = false;
    loop {
        let mut more = Vec::new();
        for &(above, below) in &lattice.beneath {
            if lattice.is_hidden(above) && !lattice.is_hidden(below) {
                more.push(below);
            }
        }
        for &(one, other) in &lattice.twins {
            match (lattice.is_hidden(one), lattice.is_hidden(other)) {
                (true, false) => more.push(other),
                (false, true) => more.push(one),
                _ => {}
            }
        }
        if more.is_empty() {
            return changed;
        }
        changed = true;
        for at in more {
            lattice.hide(at);
        }
    }
}

/// What the step a table has reached withholds whatever its counts.
fn coarsen(lattice: &mut Lattice<'_>, coarser: &Coarser) {
    let mut dimensions = BTreeSet::new();
    for at in 0..lattice.figures.len() {
        let (Some(exact), Some(place)) = (lattice.figures.get(at), lattice.places.get(at)) else { continue };
        let (measure, _, dimension, _, period) = *place;
        let step = coarser.step(&exact.figure);
        let is_total = dimension == Dimension::Total;
        let is_month = matches!(period, Period::Month(_));
        let hides = match step {
            Step::Fine | Step::OneMore => false,
            Step::Yearly => !is_total,
            Step::NoMonths => !is_total || is_month,
            Step::Nothing => true,
        };
        if hides {
            lattice.hide(at);
        }
        if !is_total && step >= Step::NoMonths {
            let own_period = (!matches!(period, Period::TwelveMonthsTo(_))).then_some(period);
            dimensions.insert((measure, dimension, own_period));
        }
    }
    for at in 0..lattice.figures.len() {
        let Some(&(measure, _, dimension, _, period)) = lattice.places.get(at) else { continue };
        if dimensions.contains(&(measure, dimension, Some(period))) || dimensions.contains(&(measure, dimension, None))
        {
            lattice.hide(at);
        }
    }
}
