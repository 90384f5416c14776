//! The linear programme of a system, from one solution of which others are reached in a few steps.
//!
//! Its corners are whole numbers nearly always, where rows are windows and tables. A table is taken only where it holds in
//! whole numbers; that none exists is taken from the programme, whose coefficients are ones.

use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, Solution, SolveOptions, Variable};

use super::system::System;

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
const MOST_MADE_WHOLE: usize = 200;
/// Branches before giving up.
const MOST_BRANCHES: u64 = 200;
/// A count this near to a whole number is that number.
const A_TRIFLE: f64 = 1e-6;

/// A system, and one solution of its programme.
pub(super) struct Programme<'a> {
    system: &'a System,
    own: Vec<Variable>,
    solved: Solved,
}

/// What the programme came to.
#[derive(Clone)]
enum Solved {
    Corner(Solution),
    Impossible,
    NotKnown,
}

impl Solved {
    fn of(outcome: Result<microlp::SolveOutcome, Error>) -> Self {
        match outcome.map(|outcome| outcome.into_solution().ok()) {
            Ok(Some(corner)) => Self::Corner(corner),
            Err(Error::Infeasible) => Self::Impossible,
            Ok(None) | Err(_) => Self::NotKnown,
        }
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
        if row.low == row.high {
            problem.add_constraint(sum, ComparisonOp::Eq, row.low as f64);
            continue;
        }
        if row.high < LARGEST * 1_000 {
            problem.add_constraint(sum.clone(), ComparisonOp::Le, row.high as f64);
        }
        if row.low > -LARGEST * 1_000 {
            problem.add_constraint(sum, ComparisonOp::Ge, row.low as f64);
        }
    }
    (problem, own)
}

impl<'a> Programme<'a> {
    /// Solved once.
    pub(super) fn of(system: &'a System) -> Self {
        let (problem, own) = problem(system, |problem, (low, high)| problem.add_var(0.0, (low as f64, high as f64)));
        let solved = Solved::of(problem.solve());
        Self { system, own, solved }
    }

    /// Least and most of an unknown, as far as rows have narrowed it.
    pub(super) fn bounds(&self, unknown: usize) -> (i64, i64) {
        self.system.bounds.get(unknown).copied().unwrap_or_default()
    }

    /// A table.
    pub(super) fn table(&self) -> Answer {
        self.near(None, self.solved.clone())
    }

    /// A table in which `unknown` has `value`.
    pub(super) fn table_with(&self, unknown: usize, value: i64) -> Answer {
        let (low, high) = self.bounds(unknown);
        if !(low..=high).contains(&value) {
            return Answer::Impossible;
        }
        let (Some(own), Solved::Corner(corner)) = (self.own.get(unknown), &self.solved) else {
            return Answer::NotKnown;
        };
        // What stands at the value already cannot be moved to it.
        let is_there = (corner.var_value_raw(*own) - value as f64).abs() < A_TRIFLE;
        let fixed = if is_there { self.solved.clone() } else { Solved::of(corner.clone().fix_var(*own, value as f64)) };
        self.near(Some((unknown, value)), fixed)
    }

    /// The corner where it is a table, else a table reached from it by making one count after another whole.
    fn near(&self, fixed: Option<(usize, i64)>, solved: Solved) -> Answer {
        let mut corner = match solved {
            Solved::Corner(corner) => corner,
            Solved::Impossible => return Answer::Impossible,
            Solved::NotKnown => return Answer::NotKnown,
        };
        for _ in 0..MOST_MADE_WHOLE {
            let exact: Vec<f64> = self.own.iter().map(|own| corner.var_value_raw(*own)).collect();
            let table: Vec<i64> = exact.iter().map(|count| count.round() as i64).collect();
            let is_fixed = fixed.is_none_or(|(unknown, value)| table.get(unknown) == Some(&value));
            if is_fixed && self.system.holds(&table) {
                return Answer::Table(table);
            }
            match self.made_whole(&corner, &exact) {
                Some(next) => corner = next,
                None => break,
            }
        }
        self.in_whole_numbers(fixed)
    }

    /// By branching, within an allowance of branches.
    fn in_whole_numbers(&self, fixed: Option<(usize, i64)>) -> Answer {
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

    /// With the count nearest to a whole number made whole: to that number, or to the one on its other side.
    fn made_whole(&self, corner: &Solution, exact: &[f64]) -> Option<Solution> {
        let off = |count: f64| (count - count.round()).abs();
        let broken = exact.iter().zip(&self.own).filter(|(count, _)| off(**count) > A_TRIFLE);
        let (count, own) = broken.min_by(|a, b| off(*a.0).total_cmp(&off(*b.0)))?;
        let nearest = count.round();
        let other = if nearest > *count { nearest - 1.0 } else { nearest + 1.0 };
        [nearest, other].into_iter().find_map(|whole| match Solved::of(corner.clone().fix_var(*own, whole)) {
            Solved::Corner(next) => Some(next),
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
        let programme = Programme::of(&system);
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
            let programme = Programme::of(&system);
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
