//! Which shown figures tell of a withheld one: the least change of what is shown that would let it be what it cannot be.
//!
//! A linear programme lets every count that only this release shows stray from what is shown, and asks for the least
//! straying in all that leaves the withheld count the wanted number. The figures that stray are those to withhold as well.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, Variable};

use super::components::{Component, components};
use super::programme::{A_TRIFLE, LARGEST};
use super::rows::{Counts, Rule};
use crate::domain::Dimension;

/// What it costs to stray by one: a figure of the whole is what a board reads first, and hides its levels with it.
fn cost(dimension: Dimension) -> f64 {
    if dimension == Dimension::Total { 100.0 } else { 1.0 }
}

/// What tells of a figure.
pub(super) enum Tellers {
    /// Shown figures, by position.
    Figures(BTreeSet<usize>),
    /// Earlier releases, whatever this one shows.
    EarlierAlone,
    /// The programme names none.
    NotKnown,
}

/// Of the counts that only this release shows, with the figure that shows each: the figures that keep a count from being a
/// number that is wanted of it.
pub(super) fn tellers(
    counts: &Counts<'_>,
    rules: &[Rule],
    shown_now: &BTreeMap<usize, (usize, Dimension)>,
    wanted: &BTreeMap<usize, Vec<i64>>,
) -> Tellers {
    let mut tellers = BTreeSet::new();
    let mut is_earlier_alone = !wanted.is_empty();
    for component in components(counts, rules, &wanted.keys().copied().collect()) {
        let own = component.counts.iter().filter_map(|count| Some((*count, wanted.get(count)?)));
        // The ends tell of the numbers between.
        let ends = own.flat_map(|(count, values)| {
            let ends: BTreeSet<i64> = values.iter().min().into_iter().chain(values.iter().max()).copied().collect();
            ends.into_iter().map(move |value| (count, value))
        });
        for wanted in ends {
            let of_value = of_value(&component, counts, rules, shown_now, wanted);
            is_earlier_alone &= matches!(of_value, Tellers::EarlierAlone);
            if let Tellers::Figures(figures) = of_value {
                tellers.extend(figures);
            }
        }
    }
    match (is_earlier_alone, tellers.is_empty()) {
        (true, _) => Tellers::EarlierAlone,
        (false, true) => Tellers::NotKnown,
        (false, false) => Tellers::Figures(tellers),
    }
}

fn of_value(
    component: &Component,
    counts: &Counts<'_>,
    rules: &[Rule],
    shown_now: &BTreeMap<usize, (usize, Dimension)>,
    (wanted, value): (usize, i64),
) -> Tellers {
    let rules: Vec<&Rule> = component.rules.iter().filter_map(|number| rules.get(*number)).collect();
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut own: BTreeMap<usize, Variable> = BTreeMap::new();
    let mut strays: Vec<(usize, Variable)> = Vec::new();
    let terms = rules.iter().flat_map(|rule| rule.row.terms.iter().map(|(at, _)| *at));
    for at in component.counts.iter().copied().chain(terms) {
        if own.contains_key(&at) {
            continue;
        }
        let known = counts.get(at);
        let (low, high) = (known.low as f64, known.high.min(LARGEST.max(known.low)) as f64);
        let bounds = match shown_now.get(&at) {
            _ if at == wanted => (value as f64, value as f64),
            Some(_) => (0.0, LARGEST as f64),
            None => (low, high),
        };
        let count = problem.add_var(0.0, bounds);
        own.insert(at, count);
        if let Some((figure, dimension)) = shown_now.get(&at).filter(|_| at != wanted) {
            let stray = problem.add_var(cost(*dimension), (0.0, LARGEST as f64));
            problem.add_constraint([(count, 1.0), (stray, 1.0)], ComparisonOp::Ge, low);
            problem.add_constraint([(count, 1.0), (stray, -1.0)], ComparisonOp::Le, high);
            strays.push((*figure, stray));
        }
    }
    for rule in rules {
        let mut sum = LinearExpr::empty();
        for (at, by) in &rule.row.terms {
            if let Some(own) = own.get(at) {
                sum.add(*own, *by as f64);
            }
        }
        if rule.row.high < LARGEST * 1_000 {
            problem.add_constraint(sum.clone(), ComparisonOp::Le, rule.row.high as f64);
        }
        if rule.row.low > -LARGEST * 1_000 {
            problem.add_constraint(sum, ComparisonOp::Ge, rule.row.low as f64);
        }
    }
    let solution = match problem.solve() {
        Ok(outcome) => outcome.into_solution().ok(),
        Err(Error::Infeasible) => return Tellers::EarlierAlone,
        Err(_) => None,
    };
    let Some(solution) = solution else { return Tellers::NotKnown };
    let strayed = strays.into_iter().filter(|(_, stray)| solution.var_value_raw(*stray) > A_TRIFLE);
    Tellers::Figures(strayed.map(|(figure, _)| figure).collect())
}
