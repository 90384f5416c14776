//! Linear and integer programmes, for systems that plain search leaves undecided.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};

use super::search::{Answer, System};

/// Larger systems are tried in fractions alone, whose corners are whole where rows are windows and tables; in whole numbers
/// they could take minutes, and undecided is safe.
const MOST_IN_WHOLE_NUMBERS: usize = 16;
/// Systems asked for every value of every count must be smaller still.
const MOST_FOR_A_VALUE: usize = 40;
/// Beyond this not even in fractions.
const MOST_UNKNOWNS: usize = 300;
/// Counts beyond this are left out of a table: a table without them proves as much.
const LARGEST: i64 = 1_000_000;

/// A table, or that none was found. That there is none is not taken from floating-point numbers.
pub(super) fn table(system: &System, fixed: Option<(usize, i64)>) -> Answer {
    let most = if fixed.is_some() { MOST_FOR_A_VALUE } else { MOST_UNKNOWNS };
    if system.bounds.len() > most {
        return Answer::NotKnown;
    }
    let found = solved(system, fixed, false);
    let found = match found {
        None if system.bounds.len() <= MOST_IN_WHOLE_NUMBERS => solved(system, fixed, true),
        found => found,
    };
    found.map_or(Answer::NotKnown, Answer::Table)
}

/// A solution that is a table: checked in whole numbers, since programmes work in floating point.
fn solved(system: &System, fixed: Option<(usize, i64)>, whole: bool) -> Option<Vec<i64>> {
    let mut variables = ProblemVariables::new();
    let own: Vec<Variable> = system
        .bounds
        .iter()
        .enumerate()
        .map(|(at, (low, high))| {
            let (low, high) =
                fixed.filter(|(fixed, _)| *fixed == at).map_or((*low, *high), |(_, value)| (value, value));
            let own = variable().min(low as f64).max(high.min(LARGEST) as f64);
            variables.add(if whole { own.integer() } else { own })
        })
        .collect();
    let mut model = variables.minimise(Expression::from(0.0)).using(microlp);
    for row in system.rows() {
        let sum: Expression = row.terms.iter().filter_map(|(at, by)| own.get(*at).map(|own| *by as f64 * *own)).sum();
        if row.low == row.high {
            model = model.with(constraint!(sum == row.low as f64));
            continue;
        }
        if row.high < LARGEST * 1_000 {
            model = model.with(constraint!(sum.clone() <= row.high as f64));
        }
        if row.low > -LARGEST * 1_000 {
            model = model.with(constraint!(sum >= row.low as f64));
        }
    }
    let solution = model.solve().ok()?;
    let table: Vec<i64> = own.iter().map(|own| solution.value(*own).round() as i64).collect();
    let is_fixed = fixed.is_none_or(|(at, value)| table.get(at) == Some(&value));
    (is_fixed && system.holds(&table)).then_some(table)
}
