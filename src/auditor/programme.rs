//! The linear programme of a system, from one solution of which others are reached in a few steps.
//!
//! Its corners are whole numbers nearly always, where rows are windows and tables. A table is taken only where it holds in
//! whole numbers; that none exists is taken from the programme, whose coefficients are ones.

use std::collections::VecDeque;

use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, Solution, SolveOptions, Variable};

use super::system::{Row, System};

/// What is known of a wanted value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A table that has it.
    Table(Vec<i64>),
    /// No table has it.
    Impossible,
    /// Not decided.
    NotKnown,
}

/// Counts beyond this are left out of a table: a table without them proves as much.
pub(super) const LARGEST: i64 = 1_000_000;

/// Counts made whole one after the other before branching.
const MOST_MADE_WHOLE: usize = 40;
/// The same where nothing else is left to try.
const MOST_MADE_WHOLE_AT_LAST: usize = 600;
/// Corners kept to start from, and those started from for one value.
const MOST_KEPT: usize = 12;
const MOST_STARTS: usize = 4;
/// Larger systems are not branched: each branch would take long.
const LARGEST_BRANCHED: usize = 200;
/// Branches before giving up.
const MOST_BRANCHES: u64 = 200;
/// A count this near to a whole number is that number.
pub(super) const A_TRIFLE: f64 = 1e-6;

/// A system, and one solution of its programme.
pub(super) struct Programme<'a> {
    system: &'a System,
    hubs: Vec<bool>,
    own: Vec<Variable>,
    solved: Solved,
    /// Corners that lead to tables, the latest last: from those a number next to one asked for before is a few steps away.
    tables: VecDeque<Solution>,
}

/// What a programme came to.
#[derive(Clone)]
pub(super) enum Solved {
    Corner(Solution),
    Impossible,
    NotKnown,
}

impl Solved {
    pub(super) fn of(outcome: Result<microlp::SolveOutcome, Error>) -> Self {
        match outcome.map(|outcome| outcome.into_solution().ok()) {
            Ok(Some(corner)) => Self::Corner(corner),
            Err(Error::Infeasible) => Self::Impossible,
            Ok(None) | Err(_) => Self::NotKnown,
        }
    }

    /// The same, and a count at `value`.
    pub(super) fn with(self, count: Variable, value: i64) -> Self {
        match self {
            // What stands at the value already cannot be moved to it.
            Self::Corner(corner) if (corner.var_value_raw(count) - value as f64).abs() > A_TRIFLE => {
                Self::of(corner.fix_var(count, value as f64))
            }
            other => other,
        }
    }
}

/// A row over a sum that stands for its own.
pub(super) fn add_row(problem: &mut Problem, sum: &LinearExpr, row: &Row) {
    if row.low == row.high {
        problem.add_constraint(sum.clone(), ComparisonOp::Eq, row.low as f64);
        return;
    }
    if row.high < LARGEST * 1_000 {
        problem.add_constraint(sum.clone(), ComparisonOp::Le, row.high as f64);
    }
    if row.low > -LARGEST * 1_000 {
        problem.add_constraint(sum.clone(), ComparisonOp::Ge, row.low as f64);
    }
}

/// The rows of a system over variables added one for each unknown.
fn problem(system: &System, add: impl Fn(&mut Problem, (i64, i64)) -> Variable) -> (Problem, Vec<Variable>) {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let bounds = system.bounds.iter();
    let own: Vec<Variable> = bounds.map(|&(low, high)| add(&mut problem, (low, high.min(LARGEST.max(low))))).collect();
    for row in system.rows() {
        let mut sum = LinearExpr::empty();
        for &(at, by) in &row.terms {
            if let Some(own) = own.get(at) {
                sum.add(*own, by as f64);
            }
        }
        add_row(&mut problem, &sum, row);
    }
    (problem, own)
}

/// A table with the numbers of a part in their places.
pub(super) fn with_part(mut table: Vec<i64>, own: &[usize], numbers: &[i64]) -> Vec<i64> {
    for (unknown, number) in own.iter().zip(numbers) {
        if let Some(place) = table.get_mut(*unknown) {
            *place = *number;
        }
    }
    table
}

impl<'a> Programme<'a> {
    /// Not solved before something is asked of it.
    pub(super) fn of(system: &'a System) -> Self {
        Self::about(system, Vec::new())
    }

    /// The same for a system that falls apart where its hubs are known: of each unknown, whether it is one.
    pub(super) fn about(system: &'a System, hubs: Vec<bool>) -> Self {
        Self { system, hubs, own: Vec::new(), solved: Solved::NotKnown, tables: VecDeque::new() }
    }

    /// Solves it, once.
    fn solve(&mut self) -> &Solved {
        if self.own.is_empty() {
            let (problem, own) =
                problem(self.system, |problem, (low, high)| problem.add_var(0.0, (low as f64, high as f64)));
            self.solved = Solved::of(problem.solve());
            self.own = own;
        }
        &self.solved
    }

    /// The parts that the system falls into with its hubs as in a table, of which something is wanted; none where it has no
    /// hubs.
    pub(super) fn parts_about(&self, table: &[i64], is_wanted: impl Fn(usize) -> bool) -> Vec<(Vec<usize>, System)> {
        if !self.hubs.contains(&true) {
            return Vec::new();
        }
        self.system.parts_about(table, |unknown| self.hubs.get(unknown).copied().unwrap_or(false), is_wanted)
    }

    /// Least and most of an unknown, as far as rows have narrowed it.
    pub(super) fn bounds(&self, unknown: usize) -> (i64, i64) {
        self.system.bounds.get(unknown).copied().unwrap_or_default()
    }

    /// A table.
    pub(super) fn table(&mut self) -> Answer {
        match self.solve().clone() {
            Solved::Corner(corner) => self.made_a_table(corner, None, MOST_MADE_WHOLE_AT_LAST),
            Solved::Impossible => Answer::Impossible,
            Solved::NotKnown => Answer::NotKnown,
        }
    }

    /// A table in which `unknown` has `value`: from the corner that is a table and has it nearly, then from the others.
    pub(super) fn table_with(&mut self, unknown: usize, value: i64) -> Answer {
        let (low, high) = self.bounds(unknown);
        if !(low..=high).contains(&value) {
            return Answer::Impossible;
        }
        match self.solve() {
            Solved::Corner(_) => {}
            Solved::Impossible => return Answer::Impossible,
            Solved::NotKnown => return Answer::NotKnown,
        }
        let Some(own) = self.own.get(unknown).copied() else { return Answer::NotKnown };
        let away = |corner: &Solution| (corner.var_value_raw(own) - value as f64).abs();
        let mut starts: Vec<(f64, usize)> = self.tables.iter().map(away).zip(0..).collect();
        starts.sort_by(|a, b| a.0.total_cmp(&b.0));
        starts.truncate(MOST_STARTS);
        // In the end the first corner, which may be no table, and with patience.
        for start in starts.into_iter().map(|(_, start)| Some(start)).chain([None]) {
            let most = if start.is_some() { MOST_MADE_WHOLE } else { MOST_MADE_WHOLE_AT_LAST };
            let start = start.and_then(|start| self.tables.get(start)).cloned().map(Solved::Corner);
            let start = start.unwrap_or_else(|| self.solved.clone());
            match start.with(own, value) {
                Solved::Corner(corner) => match self.made_a_table(corner, Some((unknown, value)), most) {
                    Answer::NotKnown => {}
                    answer => return answer,
                },
                Solved::Impossible => return Answer::Impossible,
                Solved::NotKnown => {}
            }
        }
        self.in_whole_numbers(Some((unknown, value)))
    }

    /// The corner where it is a table, else a table reached from it by making one count after another whole.
    fn made_a_table(&mut self, mut corner: Solution, fixed: Option<(usize, i64)>, most: usize) -> Answer {
        let mut moved: Vec<Variable> =
            fixed.iter().filter_map(|(unknown, _)| self.own.get(*unknown).copied()).collect();
        let mut is_in_parts = false;
        for _ in 0..most {
            let exact: Vec<f64> = self.own.iter().map(|own| corner.var_value_raw(*own)).collect();
            let table: Vec<i64> = exact.iter().map(|count| count.round() as i64).collect();
            let is_fixed = fixed.is_none_or(|(unknown, value)| table.get(unknown) == Some(&value));
            if is_fixed && self.system.holds(&table) {
                self.keep(corner, moved);
                return Answer::Table(table);
            }
            if !is_in_parts && self.hubs_are_whole(&exact) {
                is_in_parts = true;
                if let Some(table) = self.in_parts(table, &exact, fixed) {
                    self.keep(corner, moved);
                    return Answer::Table(table);
                }
            }
            let Some((own, next)) = self.made_whole(&corner, &exact) else { break };
            moved.push(own);
            corner = next;
        }
        if fixed.is_none() { self.in_whole_numbers(None) } else { Answer::NotKnown }
    }

    fn hubs_are_whole(&self, exact: &[f64]) -> bool {
        let is_whole = |(is_hub, count): (&bool, &f64)| !*is_hub || (count - count.round()).abs() < A_TRIFLE;
        self.hubs.contains(&true) && self.hubs.iter().zip(exact).all(is_whole)
    }

    /// A table with the hubs as in this one: the parts that are not whole are made so one by one.
    fn in_parts(&self, mut table: Vec<i64>, exact: &[f64], fixed: Option<(usize, i64)>) -> Option<Vec<i64>> {
        let is_broken =
            |unknown: usize| exact.get(unknown).is_some_and(|count| (count - count.round()).abs() > A_TRIFLE);
        for (own, mut part) in self.parts_about(&table, is_broken) {
            if let Some((unknown, value)) = fixed
                && let Some(at) = own.iter().position(|own| *own == unknown)
                && let Some(bounds) = part.bounds.get_mut(at)
            {
                *bounds = (value, value);
            }
            if !part.narrow() {
                return None;
            }
            let Answer::Table(numbers) = Programme::of(&part).table() else { return None };
            table = with_part(table, &own, &numbers);
        }
        self.system.holds(&table).then_some(table)
    }

    /// Keeps a corner that is a table to start from, free again in what was fixed on the way to it.
    fn keep(&mut self, corner: Solution, moved: Vec<Variable>) {
        if self.tables.len() >= MOST_KEPT {
            self.tables.pop_front();
        }
        let free = moved.into_iter().try_fold(corner, |corner, own| match corner.unfix_var(own) {
            Ok((outcome, _)) => outcome.into_solution().ok(),
            Err(_) => None,
        });
        self.tables.extend(free);
    }

    /// By branching, within an allowance of branches.
    fn in_whole_numbers(&self, fixed: Option<(usize, i64)>) -> Answer {
        if self.system.bounds.len() > LARGEST_BRANCHED {
            return Answer::NotKnown;
        }
        let mut system = self.system.clone();
        if let Some((unknown, value)) = fixed
            && let Some(bounds) = system.bounds.get_mut(unknown)
        {
            *bounds = (value, value);
        }
        if !system.narrow() {
            return Answer::Impossible;
        }
        let end = |end: i64| i32::try_from(end).unwrap_or(i32::MAX);
        let (problem, own) =
            problem(&system, |problem, (low, high)| problem.add_integer_var(0.0, (end(low), end(high))));
        let mut options = SolveOptions::default();
        options.node_limit = Some(MOST_BRANCHES);
        match Solved::of(problem.solve_with(options)) {
            Solved::Corner(corner) => {
                let table: Vec<i64> = own.iter().map(|own| corner.var_value_raw(*own).round() as i64).collect();
                if system.holds(&table) { Answer::Table(table) } else { Answer::NotKnown }
            }
            Solved::Impossible => Answer::Impossible,
            Solved::NotKnown => Answer::NotKnown,
        }
    }

    /// With one more count made whole: to the nearest whole number, or to the one on its other side. First those in which most
    /// rows meet, since the rest falls apart into small tables once they are whole; of these the nearest to a whole number.
    fn made_whole(&self, corner: &Solution, exact: &[f64]) -> Option<(Variable, Solution)> {
        let off = |count: f64| (count - count.round()).abs();
        let broken = exact.iter().zip(&self.own).enumerate().filter(|(_, (count, _))| off(**count) > A_TRIFLE);
        let (_, (count, own)) = broken.min_by(|(a, (one, _)), (b, (other, _))| {
            let (fewer, more) = (self.system.rows_with(*b), self.system.rows_with(*a));
            fewer.cmp(&more).then(off(**one).total_cmp(&off(**other)))
        })?;
        let nearest = count.round();
        let other = if nearest > *count { nearest - 1.0 } else { nearest + 1.0 };
        [nearest, other].into_iter().find_map(|whole| match Solved::of(corner.clone().fix_var(*own, whole)) {
            Solved::Corner(next) => Some((*own, next)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::system::{FAR, Row};
    use super::*;

    /// Two hidden levels that sum to 7.
    fn pair() -> System {
        let mut system = System::default();
        let (east, west) = (system.unknown(1, FAR), system.unknown(1, FAR));
        system.row(Row { terms: vec![(east, 1), (west, 1)], low: 7, high: 7 });
        system
    }

    #[test]
    fn a_table_is_found_or_shown_not_to_exist() {
        let system = pair();
        let mut programme = Programme::of(&system);
        assert_eq!(programme.table_with(0, 2), Answer::Table(vec![2, 5]));
        assert_eq!(programme.table_with(0, 7), Answer::Impossible);
    }

    #[test]
    fn parity_is_found_by_branching() {
        // 2a + 2b = 7 has solutions in fractions and none in whole numbers.
        let mut system = System::default();
        let (a, b) = (system.unknown(0, 9), system.unknown(0, 9));
        system.row(Row { terms: vec![(a, 2), (b, 2)], low: 7, high: 7 });
        assert_eq!(Programme::of(&system).table(), Answer::Impossible);
    }

    /// Rows over five unknowns of at most 4, each unknown in or not, some with a minus, and how wide the sum may be.
    fn any_rows() -> impl Strategy<Value = Vec<(Vec<i64>, i64, i64)>> {
        prop::collection::vec((prop::collection::vec(-1..=1_i64, 5), -4..=10_i64, 0..=1_i64), 1..=5)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn it_agrees_with_counting_out(rows in any_rows()) {
            let mut system = System::default();
            for _ in 0..5 {
                system.unknown(0, 4);
            }
            for (coefficients, low, width) in &rows {
                let terms = coefficients.iter().copied().enumerate().filter(|(_, by)| *by != 0).collect();
                system.row(Row { terms, low: *low, high: low + width });
            }
            let digits = |number: i64| (0..5).map(|at| number / 5_i64.pow(at) % 5).collect::<Vec<i64>>();
            let tables: Vec<Vec<i64>> = (0..5_i64.pow(5)).map(digits).filter(|table| system.holds(table)).collect();
            let mut programme = Programme::of(&system);
            for unknown in 0..5 {
                for value in 0..5 {
                    let is_possible = tables.iter().any(|table| table[unknown] == value);
                    match programme.table_with(unknown, value) {
                        Answer::Table(table) => prop_assert!(system.holds(&table) && table[unknown] == value),
                        Answer::Impossible => prop_assert!(!is_possible, "{unknown} can be {value}"),
                        Answer::NotKnown => {}
                    }
                }
            }
        }
    }
}
