//! What else must be hidden so that a hidden figure is not the difference of shown ones.
//!
//! No two periods overlap unless one holds the other, so that every sum is a small table of its own: the levels of a
//! dimension, the months of a quarter, the quarters of a year, the parts of a figure. Each is settled by itself (`choose`),
//! and all again until none hides more. What is decided here is then audited by code that knows nothing of it.

use std::collections::BTreeSet;

use super::choose;
use super::coarser::{Coarser, Step};
use super::lattice::{Lattice, Of};
use crate::domain::Dimension;

/// Hides what must be hidden beside what is hidden already.
pub(super) fn hide(lattice: &mut Lattice<'_>, coarser: &Coarser) {
    coarsen(lattice, coarser);
    let sums = lattice.sums.clone();
    let steps: Vec<Step> = sums
        .iter()
        .map(|sum| {
            let step = |at: &usize| lattice.figures.get(*at).map(|exact| coarser.step(&exact.figure));
            sum.terms.iter().filter_map(step).max().unwrap_or_default()
        })
        .collect();
    loop {
        let mut more = beneath(lattice);
        for (sum, step) in sums.iter().zip(&steps) {
            more |= choose::settle(lattice, sum, *step);
        }
        if !more {
            return;
        }
    }
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
    let steps: Vec<Step> = lattice.figures.iter().map(|exact| coarser.step(&exact.figure)).collect();
    let step = |at: usize| steps.get(at).copied().unwrap_or_default();
    let mut hidden: Vec<usize> = Vec::new();
    let mut in_every_part = BTreeSet::new();
    for (at, place) in lattice.places.iter().enumerate() {
        let (measure, _, dimension, _, period) = *place;
        let is_whole = dimension == Dimension::Total;
        let is_named = lattice.figures.get(at).is_some_and(|exact| coarser.withholds(&exact.figure));
        if is_named || step(at) == Step::Nothing || (!is_whole && step(at) >= Step::Coarser) {
            hidden.push(at);
        }
        if !is_whole && step(at) >= Step::CoarserStill {
            in_every_part.insert((measure, dimension, period));
        }
    }
    for (at, place) in lattice.places.iter().enumerate() {
        if in_every_part.contains(&(place.0, place.2, place.4)) {
            hidden.push(at);
        }
    }
    for sum in lattice.sums.iter().filter(|sum| sum.of == Of::Periods) {
        let reached = sum.terms.iter().map(|at| step(*at)).max().unwrap_or_default();
        if reached >= Step::Coarser {
            hidden.extend(&sum.terms);
        }
        if reached >= Step::CoarserStill {
            hidden.push(sum.whole);
        }
    }
    for at in hidden {
        lattice.hide(at);
    }
}
