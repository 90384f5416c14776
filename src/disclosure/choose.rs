//! The fewest further figures of a small table that protect the hidden ones, by integer programme.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};

use super::coarser::Step;
use super::lattice::{Lattice, Of, Sum};
use super::needs::{self, KINDS};

/// Tables with more open choices are settled greedily.
const MOST_CHOICES: usize = 60;

/// Hides what must be hidden so that every sum protects its hidden terms; true where something was.
pub(super) fn settle(
    lattice: &mut Lattice<'_>,
    sums: &[Sum],
    variable_of: &BTreeMap<usize, usize>,
    step: Step,
) -> bool {
    let others = if step >= Step::OneMore { 2 } else { 1 };
    let mut changed = together(lattice, sums, variable_of);
    // A table may leave too few figures for so many: then all of them are hidden, and that protects.
    while !sums.iter().all(|sum| needs::protects(lattice, sum, others)) {
        let more = by_programme(lattice, sums, variable_of, others).unwrap_or_else(|| greedily(lattice, sums, others));
        let mut hid = false;
        for at in more {
            hid |= lattice.hide(at);
        }
        hid |= together(lattice, sums, variable_of);
        changed |= hid;
        if !hid {
            return changed;
        }
    }
    changed
}

/// Figures that share a variable are hidden together, save where an earlier release shows them. A window whose whole is
/// hidden hides everything beneath it, and says nothing of the others.
fn together(lattice: &mut Lattice<'_>, sums: &[Sum], variable_of: &BTreeMap<usize, usize>) -> bool {
    let beneath_hidden: BTreeSet<usize> = sums
        .iter()
        .filter(|sum| sum.of == Of::Levels && lattice.is_hidden(sum.whole))
        .flat_map(|sum| sum.terms.iter().copied())
        .collect();
    let hidden: BTreeSet<usize> = variable_of
        .iter()
        .filter(|(at, _)| lattice.is_hidden(**at) && !beneath_hidden.contains(at))
        .map(|(_, variable)| *variable)
        .collect();
    let mut changed = false;
    for (at, variable) in variable_of {
        let is_shown_for_good = lattice.known_before.get(*at).copied().unwrap_or(false);
        if hidden.contains(variable) && !is_shown_for_good {
            changed |= lattice.hide(*at);
        }
    }
    changed
}

/// Figures that may be hidden: not hidden yet, not told before, and telling of somebody.
fn can_protect(lattice: &Lattice<'_>, at: usize) -> bool {
    let told_before = lattice.known_before.get(at).copied().unwrap_or(false);
    let is_empty = lattice.given.get(at).is_none_or(|given| given.counts() == [0, 0, 0]);
    !lattice.is_hidden(at) && !told_before && !is_empty
}

/// What the programme chooses; none where it finds nothing.
fn by_programme(
    lattice: &Lattice<'_>,
    sums: &[Sum],
    variable_of: &BTreeMap<usize, usize>,
    others: usize,
) -> Option<Vec<usize>> {
    let mut cost: BTreeMap<usize, f64> = BTreeMap::new();
    for (at, variable) in variable_of {
        let is_term = sums.iter().any(|sum| sum.terms.contains(at));
        if is_term && can_protect(lattice, *at) {
            let least = lattice.given.get(*at).map_or(0, |given| given.least().min(1_000));
            *cost.entry(*variable).or_default() += 1.0 + f64::from(least) / 2_000.0;
        }
    }
    if cost.len() > MOST_CHOICES || cost.is_empty() {
        return None;
    }
    let mut variables = ProblemVariables::new();
    let own: BTreeMap<usize, Variable> = cost.keys().map(|name| (*name, variables.add(variable().binary()))).collect();
    // The order of figures breaks ties, so that the same table always hides the same.
    let objective: Expression = own
        .iter()
        .zip(cost.values())
        .enumerate()
        .map(|(rank, ((_, own), cost))| (*cost + rank as f64 * 1e-5) * *own)
        .sum();
    let mut model = variables.minimise(objective).using(microlp);
    let choice = |at: &usize| {
        let own = variable_of.get(at).and_then(|variable| own.get(variable));
        own.filter(|_| can_protect(lattice, *at)).copied()
    };
    for sum in sums {
        let whole_hidden = lattice.is_hidden(sum.whole);
        let whole = choice(&sum.whole);
        for (place, at) in sum.terms.iter().chain([&sum.whole]).enumerate() {
            let fixed = lattice.keeps_secret(*at);
            let own = choice(at);
            if !fixed && own.is_none() {
                continue;
            }
            let rest = || sum.terms.iter().chain([&sum.whole]).enumerate().filter(|(other, _)| *other != place);
            let hidden = rest().filter(|(_, at)| lattice.keeps_secret(**at)).count();
            if hidden >= others {
                continue;
            }
            let more: Expression = rest().filter_map(|(_, at)| choice(at)).sum();
            let needed = (others - hidden) as f64;
            model = match own {
                Some(own) if !fixed => model.with(constraint!(more >= needed * own)),
                _ => model.with(constraint!(more >= needed)),
            };
        }
        if whole_hidden || !sum.terms.iter().any(|at| lattice.keeps_secret(*at)) {
            continue;
        }
        for kind in KINDS {
            if !needs::is_told(lattice, sum, kind) {
                continue;
            }
            let there: i64 = sum
                .terms
                .iter()
                .filter(|at| lattice.keeps_secret(**at))
                .map(|at| needs::room(lattice, *at, kind))
                .sum();
            let needed = needs::room_needed(lattice, sum, kind) - there;
            if needed <= 0 {
                continue;
            }
            let mut more: Expression = sum
                .terms
                .iter()
                .filter_map(|at| choice(at).map(|own| (needs::room(lattice, *at, kind).min(needed)) as f64 * own))
                .sum();
            if let Some(whole) = whole {
                more += needed as f64 * whole;
            }
            model = model.with(constraint!(more >= needed as f64));
        }
    }
    let solution = model.solve().ok()?;
    let chosen: BTreeSet<usize> =
        own.iter().filter(|(_, own)| solution.value(**own) > 0.5).map(|(name, _)| *name).collect();
    let cells: Vec<usize> = variable_of
        .iter()
        .filter(|(at, variable)| chosen.contains(variable) && can_protect(lattice, **at))
        .map(|(at, _)| *at)
        .collect();
    (!cells.is_empty()).then_some(cells)
}

/// In the first sum that does not protect: the term that tells least, or where none is left, all of it.
fn greedily(lattice: &Lattice<'_>, sums: &[Sum], others: usize) -> Vec<usize> {
    let Some(sum) = sums.iter().find(|sum| !needs::protects(lattice, sum, others)) else { return Vec::new() };
    let least = sum
        .terms
        .iter()
        .filter(|at| can_protect(lattice, **at))
        .min_by_key(|at| (lattice.given.get(**at).map(super::primary::GivenAway::least), **at));
    match least {
        Some(at) => vec![*at],
        None => sum.terms.iter().copied().filter(|at| !lattice.is_hidden(*at)).collect(),
    }
}
