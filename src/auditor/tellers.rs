//! Which shown figures tell of a withheld one: the least change of what is shown that would let it be what it cannot be.
//!
//! A linear programme lets every count that only this release shows stray from what is shown, and asks for the least
//! straying in all that leaves the withheld count the wanted number. The figures that stray are those to withhold as well.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{LinearExpr, OptimizationDirection, Problem, Solution, Variable};

use super::components::{Component, components};
use super::programme::{A_TRIFLE, LARGEST, Solved, add_row};
use super::rows::{Counts, Rule};
use crate::domain::{Dimension, Figure, Period};

/// What it costs to withhold a figure, for each child by which it would have to be another. A level is the least; the whole
/// is what a board reads first; and the longer its period, the more later sums would tell of it, and must be withheld with it.
fn cost(figure: &Figure) -> f64 {
    let of_period = match figure.period {
        Period::Month(_) => 1.0,
        Period::Quarter(_) => 10.0,
        Period::TwelveMonthsTo(_) => 100.0,
    };
    match (figure.dimension, figure.part()) {
        (Dimension::Total, None) => 100.0 * of_period,
        (Dimension::Total, Some(_)) => 10.0 * of_period,
        _ => 1.0,
    }
}

/// Every figure of this release that shows a count, and what it costs to withhold them all.
#[derive(Debug, Default)]
pub(super) struct ShownBy {
    figures: Vec<usize>,
    cost: f64,
}

impl ShownBy {
    pub(super) fn add(&mut self, at: usize, figure: &Figure) {
        self.figures.push(at);
        self.cost += cost(figure);
    }
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

/// One programme per system of counts that rows tie together, in which what only this release shows may stray.
pub(super) struct Straying {
    programmes: Vec<Programme>,
    /// By count, the programme it stands in.
    at: BTreeMap<usize, usize>,
}

impl Straying {
    /// Of the systems that hold these counts. `shown_now` are the counts that only this release shows.
    pub(super) fn of(
        counts: &Counts<'_>,
        rules: &[Rule],
        shown_now: &BTreeMap<usize, ShownBy>,
        wanted: &BTreeSet<usize>,
    ) -> Self {
        let mut straying = Self { programmes: Vec::new(), at: BTreeMap::new() };
        for component in components(counts, rules, wanted) {
            straying.at.extend(component.counts.iter().map(|count| (*count, straying.programmes.len())));
            straying.programmes.push(Programme::of(&component, counts, rules, shown_now));
        }
        straying
    }

    /// The figures that keep these counts from being numbers that are wanted of them. The ends tell of the numbers between.
    pub(super) fn tellers(&self, wanted: &BTreeMap<usize, Vec<i64>>) -> Tellers {
        let mut figures = BTreeSet::new();
        let mut is_earlier_alone = !wanted.is_empty();
        for (count, values) in wanted {
            let Some(programme) = self.at.get(count).and_then(|at| self.programmes.get(*at)) else { continue };
            let ends: BTreeSet<i64> = values.iter().min().into_iter().chain(values.iter().max()).copied().collect();
            for value in ends {
                let tellers = programme.tellers(*count, value);
                is_earlier_alone &= matches!(tellers, Tellers::EarlierAlone);
                if let Tellers::Figures(named) = tellers {
                    figures.extend(named);
                }
            }
        }
        match (is_earlier_alone, figures.is_empty()) {
            (true, _) => Tellers::EarlierAlone,
            (false, true) => Tellers::NotKnown,
            (false, false) => Tellers::Figures(figures),
        }
    }
}

/// The programme of one system: least straying in all.
struct Programme {
    own: BTreeMap<usize, Variable>,
    /// How far each figure strays.
    strays: Vec<(usize, Variable)>,
    /// Where nothing is wanted.
    solved: Solved,
}

impl Programme {
    fn of(component: &Component, counts: &Counts<'_>, rules: &[Rule], shown_now: &BTreeMap<usize, ShownBy>) -> Self {
        let rules: Vec<&Rule> = component.rules.iter().filter_map(|number| rules.get(*number)).collect();
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut own: BTreeMap<usize, Variable> = BTreeMap::new();
        let mut up_and_down: BTreeMap<usize, [Variable; 2]> = BTreeMap::new();
        let mut strays: Vec<(usize, Variable)> = Vec::new();
        let terms = rules.iter().flat_map(|rule| rule.row.terms.iter().map(|(at, _)| *at));
        for at in component.counts.iter().copied().chain(terms) {
            if own.contains_key(&at) {
                continue;
            }
            let known = counts.get(at);
            own.insert(at, problem.add_var(0.0, (known.low as f64, known.high.min(LARGEST.max(known.low)) as f64)));
            if let Some(ShownBy { figures, cost }) = shown_now.get(&at) {
                let up = problem.add_var(*cost, (0.0, LARGEST as f64));
                let down = problem.add_var(*cost, (0.0, known.low as f64));
                up_and_down.insert(at, [up, down]);
                strays.extend(figures.iter().flat_map(|figure| [(*figure, up), (*figure, down)]));
            }
        }
        for rule in rules {
            let mut sum = LinearExpr::empty();
            for (at, by) in &rule.row.terms {
                if let Some(own) = own.get(at) {
                    sum.add(*own, *by as f64);
                }
                if let Some([up, down]) = up_and_down.get(at) {
                    sum.add(*up, *by as f64);
                    sum.add(*down, -*by as f64);
                }
            }
            add_row(&mut problem, &sum, &rule.row);
        }
        Self { own, strays, solved: Solved::of(problem.solve()) }
    }

    /// The figures that stray least in all where a count is `value`.
    fn tellers(&self, count: usize, value: i64) -> Tellers {
        let Some(own) = self.own.get(&count).copied() else { return Tellers::NotKnown };
        let strayed = |solution: &Solution| {
            let strayed = self.strays.iter().filter(|(_, stray)| solution.var_value_raw(*stray) > A_TRIFLE);
            Tellers::Figures(strayed.map(|(figure, _)| *figure).collect())
        };
        // Where not even straying makes a table, what is taken for granted does not hold, and tells nothing of earlier releases.
        let Solved::Corner(_) = &self.solved else { return Tellers::NotKnown };
        match self.solved.clone().with(own, value) {
            Solved::Corner(solution) => strayed(&solution),
            Solved::Impossible => Tellers::EarlierAlone,
            Solved::NotKnown => Tellers::NotKnown,
        }
    }
}
