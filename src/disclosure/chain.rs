//! The whole's months and the longer periods they make. Every window of twelve months shares eleven with the next, so that
//! one hidden month is the difference of two windows.
//!
//! Hidden months are kept in groups within a calendar quarter: what one gains the other loses, and no window that holds the
//! whole group, or none of it, changes. A window that would split a group is hidden; windows that end with a quarter never
//! do. Where a group is not enough (rare events), the windows that hold it are hidden, or all but those at a year's
//! distance, whichever hides less.

use std::collections::BTreeMap;

use super::coarser::Step;
use super::lattice::{Lattice, NO_FIGURE, Of, Sum};
use super::needs;
use crate::domain::{Dimension, Month, Period, Quarter};

/// A hidden month costs one; a window, which shares eleven of its months with the next, half; what stands beneath it too.
const COST_OF_WINDOW: f64 = 0.5;
const COST_BENEATH: f64 = 0.25;
/// The latest window stands on the first screen.
const COST_OF_LATEST: f64 = 6.0;

/// Hides months or windows until no hidden month is told; true where something was hidden.
pub(super) fn settle(lattice: &mut Lattice<'_>, sums: &[Sum], step: Step) -> bool {
    let others = if step >= Step::OneMore { 2 } else { 1 };
    let before = lattice.hidden.clone();
    let beneath = cells_beneath(lattice);
    let mut best: Option<(f64, Vec<bool>)> = None;
    let patterns: &[fn(&mut Lattice<'_>, &[Sum], usize)] =
        if step >= Step::Yearly { &[yearly] } else { &[grouped, quarterly, yearly] };
    for pattern in patterns {
        lattice.hidden.clone_from(&before);
        beneath_small(lattice, sums);
        if step >= Step::Yearly
            || sums
                .iter()
                .any(|sum| sum.terms.iter().any(|at| lattice.keeps_secret(*at)) && !lattice.is_hidden(sum.whole))
        {
            pattern(lattice, sums, others);
        }
        let cost = cost(lattice, sums, &before, &beneath);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, lattice.hidden.clone()));
        }
    }
    if let Some((_, hidden)) = best {
        lattice.hidden = hidden;
    }
    lattice.hidden != before
}

/// Groups within quarters; windows that split one, or hold one that is not enough, are hidden.
fn grouped(lattice: &mut Lattice<'_>, sums: &[Sum], others: usize) {
    let mut quarters: BTreeMap<Quarter, Vec<usize>> = BTreeMap::new();
    for at in sums.iter().flat_map(|sum| &sum.terms) {
        let Some(place) = lattice.places.get(*at) else { continue };
        let months = quarters.entry(place.4.last_month().quarter()).or_default();
        if !months.contains(at) {
            months.push(*at);
        }
    }
    for months in quarters.into_values() {
        // No figure need be the quarter's whole: what matters is that the months make up for each other.
        let group = Sum { of: Of::Months, whole: NO_FIGURE, terms: months };
        while !needs::protects(lattice, &group, others) {
            let Some(partner) = least_telling(lattice, &group.terms) else { break };
            lattice.hide(partner);
        }
        let enough = needs::protects(lattice, &group, others);
        let hidden: Vec<usize> = group.terms.into_iter().filter(|at| lattice.keeps_secret(*at)).collect();
        for sum in sums {
            let held = hidden.iter().filter(|at| sum.terms.contains(at)).count();
            if held > 0 && (held < hidden.len() || !enough) {
                lattice.hide(sum.whole);
            }
        }
    }
}

/// No months, and windows that end a quarter alone (and the latest): what a quarter holds is spread over its months anyhow.
fn quarterly(lattice: &mut Lattice<'_>, sums: &[Sum], _others: usize) {
    let latest = sums.iter().filter_map(|sum| end_of(lattice, sum)).max();
    for sum in sums {
        for month in &sum.terms {
            lattice.hide(*month);
        }
        let end = end_of(lattice, sum);
        if end != latest && !end.is_some_and(Month::ends_quarter) {
            lattice.hide(sum.whole);
        }
    }
}

/// A count of children that is small over a whole window hides the window's months, zeros included: each of those left would
/// be at least one.
fn beneath_small(lattice: &mut Lattice<'_>, sums: &[Sum]) {
    for sum in sums {
        let is_plain = lattice.counts(sum.whole).1.is_none();
        let is_small = lattice.places.get(sum.whole).zip(lattice.rules.get(sum.whole)).is_some_and(|(place, rules)| {
            lattice.given.get(sum.whole).is_some_and(|given| given.is_withheld(*rules, place.2))
        });
        if is_plain && is_small {
            for month in &sum.terms {
                lattice.hide(*month);
            }
        }
    }
}

/// Windows at a year's distance from the latest that ends a quarter alone; then further months in these.
fn yearly(lattice: &mut Lattice<'_>, sums: &[Sum], others: usize) {
    let windows = || sums.iter().filter(|sum| sum.terms.len() == 12);
    let ends = || windows().filter_map(|sum| end_of(lattice, sum));
    let kept = ends().filter(|end| end.ends_quarter()).max().or_else(|| ends().max());
    let away: Vec<usize> = windows()
        .filter(|sum| kept.zip(end_of(lattice, sum)).is_some_and(|(kept, end)| kept.since(end) % 12 != 0))
        .map(|sum| sum.whole)
        .collect();
    for whole in away {
        lattice.hide(whole);
    }
    for sum in sums.iter().rev() {
        while !needs::protects(lattice, sum, others) {
            let more = least_telling(lattice, &sum.terms).unwrap_or(sum.whole);
            if !lattice.hide(more) {
                break;
            }
        }
    }
}

fn least_telling(lattice: &Lattice<'_>, terms: &[usize]) -> Option<usize> {
    terms
        .iter()
        .filter(|at| !lattice.is_hidden(**at) && !lattice.known_before.get(**at).copied().unwrap_or(false))
        .filter(|at| lattice.given.get(**at).is_some_and(|given| given.counts() != [0, 0, 0]))
        .min_by_key(|at| (lattice.given.get(**at).map(super::primary::GivenAway::least), **at))
        .copied()
}

fn end_of(lattice: &Lattice<'_>, sum: &Sum) -> Option<Month> {
    lattice.places.get(sum.whole).map(|place| place.4.last_month())
}

/// How many figures of breakdowns stand beneath each figure.
fn cells_beneath(lattice: &Lattice<'_>) -> BTreeMap<usize, usize> {
    let mut beneath = BTreeMap::new();
    for (above, _) in &lattice.beneath {
        if lattice.places.get(*above).is_some_and(|place| place.2 == Dimension::Total) {
            *beneath.entry(*above).or_insert(0) += 1;
        }
    }
    beneath
}

fn cost(lattice: &Lattice<'_>, sums: &[Sum], before: &[bool], beneath: &BTreeMap<usize, usize>) -> f64 {
    let latest = sums.iter().filter_map(|sum| end_of(lattice, sum)).max();
    let mut cost = 0.0;
    for (at, (hidden, before)) in lattice.hidden.iter().zip(before).enumerate() {
        if *hidden && !*before {
            let period = lattice.places.get(at).map(|place| place.4);
            let is_month = matches!(period, Some(Period::Month(_)));
            cost += if is_month { 1.0 } else { COST_OF_WINDOW };
            cost += beneath.get(&at).map_or(0.0, |cells| *cells as f64 * COST_BENEATH);
            if !is_month && period.map(Period::last_month) == latest {
                cost += COST_OF_LATEST;
            }
        }
    }
    cost
}
