//! From one table to another near it: a count is changed, and others make up for it, row by row.

use super::search::{Row, System};

/// Changes tried before giving up.
const TRIES: usize = 300;
/// Changes in one chain.
const LONGEST: usize = 40;

/// A table in which `unknown` has `value`, reached from `base` by making up for the change; none where none was found.
pub(super) fn repaired(system: &System, base: &[i64], unknown: usize, value: i64) -> Option<Vec<i64>> {
    let (low, high) = system.bounds.get(unknown).copied()?;
    if !(low..=high).contains(&value) {
        return None;
    }
    let mut chain = Chain { system, table: base.to_vec(), touched: vec![false; base.len()], tries: TRIES };
    chain.set(unknown, value);
    chain.mend(0).then_some(chain.table)
}

struct Chain<'a> {
    system: &'a System,
    table: Vec<i64>,
    touched: Vec<bool>,
    tries: usize,
}

impl Chain<'_> {
    fn value(&self, unknown: usize) -> i64 {
        self.table.get(unknown).copied().unwrap_or(0)
    }

    fn set(&mut self, unknown: usize, value: i64) {
        if let Some(own) = self.table.get_mut(unknown) {
            *own = value;
        }
        if let Some(touched) = self.touched.get_mut(unknown) {
            *touched = true;
        }
    }

    /// By how much a row's sum is off; 0 where it holds.
    fn off(&self, row: &Row) -> i64 {
        let sum: i64 = row.terms.iter().map(|(at, by)| by * self.value(*at)).sum();
        if sum < row.low {
            row.low - sum
        } else if sum > row.high {
            row.high - sum
        } else {
            0
        }
    }

    /// The first row that does not hold, of those a touched count stands in.
    fn broken(&self) -> Option<&Row> {
        let touched = self.touched.iter().enumerate().filter(|(_, touched)| **touched).map(|(at, _)| at);
        touched.flat_map(|at| self.system.rows_with(at)).find(|row| self.off(row) != 0)
    }

    /// Mends broken rows, the change that breaks fewest others first.
    fn mend(&mut self, depth: usize) -> bool {
        let Some(row) = self.broken() else { return true };
        if depth >= LONGEST {
            return false;
        }
        let off = self.off(row);
        let mut changes: Vec<(i64, usize, i64)> = row
            .terms
            .iter()
            .filter(|(at, _)| !self.touched.get(*at).copied().unwrap_or(true))
            .filter_map(|&(at, by)| {
                let (low, high) = self.system.bounds.get(at).copied()?;
                let wanted = self.value(at) + off / by;
                let changed = wanted.clamp(low, high);
                (changed != self.value(at)).then(|| (self.breaks(at, changed), at, changed))
            })
            .collect();
        changes.sort_unstable();
        for (_, at, changed) in changes.into_iter().take(4) {
            let Some(left) = self.tries.checked_sub(1) else { return false };
            self.tries = left;
            let before = self.value(at);
            self.set(at, changed);
            if self.mend(depth + 1) {
                return true;
            }
            self.set(at, before);
            if let Some(touched) = self.touched.get_mut(at) {
                *touched = false;
            }
        }
        false
    }

    /// How far off its rows are in all once a count is changed, less how far they are now.
    fn breaks(&self, at: usize, changed: i64) -> i64 {
        let by = changed - self.value(at);
        let of = |row: &Row, more: i64| {
            let sum: i64 = row.terms.iter().map(|(at, by)| by * self.value(*at)).sum::<i64>() + more;
            (row.low - sum).max(sum - row.high).max(0)
        };
        self.system
            .rows_with(at)
            .map(|row| {
                let coefficient = row.terms.iter().find(|(own, _)| *own == at).map_or(0, |(_, by)| *by);
                of(row, coefficient * by) - of(row, 0)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::FAR;
    use super::*;

    #[test]
    fn what_one_month_gains_its_neighbour_loses() {
        // Two windows over three months; the last two months are in both.
        let mut system = System::default();
        let months: Vec<usize> = (0..3).map(|_| system.unknown(1, FAR)).collect();
        system.row(Row { terms: months.iter().map(|at| (*at, 1)).collect(), low: 12, high: 12 });
        system.row(Row { terms: months.iter().skip(1).map(|at| (*at, 1)).collect(), low: 9, high: 9 });
        let table = repaired(&system, &[3, 4, 5], 1, 1).unwrap();
        assert_eq!(table, [3, 1, 8]);
        assert_eq!(repaired(&system, &[3, 4, 5], 0, 2), None, "the first month is the difference of the two");
    }
}
