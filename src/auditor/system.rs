//! Whole numbers under linear rows, and bounds narrowed as far as rows show by themselves.
//!
//! Knows nothing of figures.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Stands for "without limit"; sums of a thousand of them stay within 64 bits.
pub(super) const FAR: i64 = 1 << 40;

/// `low ≤ Σ coefficient × unknown ≤ high`.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Row {
    fn holds(&self, table: &[i64]) -> bool {
        let sum = self.terms.iter().map(|(at, by)| by * table.get(*at).copied().unwrap_or(0)).sum::<i64>();
        (self.low..=self.high).contains(&sum)
    }
}

/// Unknown whole numbers, each within bounds, and the rows they keep.
#[derive(Clone, Debug, Default)]
pub(super) struct System {
    pub(super) bounds: Vec<(i64, i64)>,
    rows: Vec<Row>,
    rows_of: Vec<Vec<usize>>,
}

impl System {
    /// A new unknown within bounds.
    pub(super) fn unknown(&mut self, low: i64, high: i64) -> usize {
        self.bounds.push((low, high));
        self.rows_of.push(Vec::new());
        self.bounds.len() - 1
    }

    /// A row all of whose tables must keep.
    pub(super) fn row(&mut self, row: Row) {
        let at = self.rows.len();
        for &(unknown, _) in &row.terms {
            if let Some(rows) = self.rows_of.get_mut(unknown) {
                rows.push(at);
            }
        }
        self.rows.push(row);
    }

    /// Every row.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The system with some unknowns at a table's numbers, in parts that no row ties together; each with the unknowns it is of.
    /// Its tables are tables of the whole with the other numbers as they are. Leaves out the parts of which nothing is wanted.
    pub(super) fn parts_about(
        &self,
        table: &[i64],
        is_fixed: impl Fn(usize) -> bool,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Vec<(Vec<usize>, Self)> {
        let mut part_of: Vec<Option<usize>> = vec![None; self.bounds.len()];
        let mut parts = Vec::new();
        for first in 0..self.bounds.len() {
            if is_fixed(first) || part_of.get(first).is_some_and(Option::is_some) {
                continue;
            }
            let (mut own, mut rows) = (vec![first], BTreeSet::new());
            let mut place = |unknown: usize| part_of.get_mut(unknown).map(|of| of.replace(parts.len()).is_none());
            place(first);
            let mut next = 0;
            while let Some(unknown) = own.get(next).copied() {
                next += 1;
                for row in self.rows_of.get(unknown).into_iter().flatten() {
                    if rows.insert(*row)
                        && let Some(row) = self.rows.get(*row)
                    {
                        own.extend(
                            row.terms.iter().map(|(at, _)| *at).filter(|at| !is_fixed(*at) && place(*at) == Some(true)),
                        );
                    }
                }
            }
            parts.push(if own.iter().any(|at| is_wanted(*at)) { Some((own, rows)) } else { None });
        }
        parts.into_iter().flatten().map(|(own, rows)| (own.clone(), self.part(table, &own, &rows))).collect()
    }

    /// Only these unknowns and rows, every other unknown at a table's number.
    fn part(&self, table: &[i64], own: &[usize], rows: &BTreeSet<usize>) -> Self {
        let mut part = Self::default();
        let at: BTreeMap<usize, usize> = own
            .iter()
            .map(|unknown| {
                let (low, high) = self.bounds_of(*unknown);
                (*unknown, part.unknown(low, high))
            })
            .collect();
        for row in rows.iter().filter_map(|row| self.rows.get(*row)) {
            let fixed = |(unknown, by): &(usize, i64)| match at.get(unknown) {
                Some(_) => 0,
                None => by * table.get(*unknown).copied().unwrap_or(0),
            };
            let fixed: i64 = row.terms.iter().map(fixed).sum();
            let terms = row.terms.iter().filter_map(|(unknown, by)| Some((*at.get(unknown)?, *by))).collect();
            part.row(Row { terms, low: row.low - fixed, high: row.high - fixed });
        }
        part
    }

    /// In how many rows an unknown stands.
    pub(super) fn rows_with(&self, unknown: usize) -> usize {
        self.rows_of.get(unknown).map_or(0, Vec::len)
    }

    /// The rows an unknown stands in.
    pub(super) fn rows_of(&self, unknown: usize) -> &[usize] {
        self.rows_of.get(unknown).map_or(&[], Vec::as_slice)
    }

    /// Whether a table keeps the rows of an unknown.
    pub(super) fn holds_about(&self, table: &[i64], unknown: usize) -> bool {
        self.rows_of(unknown).iter().filter_map(|at| self.rows.get(*at)).all(|row| row.holds(table))
    }

    /// Whether a table keeps every bound and every row.
    pub(super) fn holds(&self, table: &[i64]) -> bool {
        let within = self.bounds.iter().zip(table).all(|((low, high), value)| (*low..=*high).contains(value));
        within && self.rows.iter().all(|row| row.holds(table))
    }

    /// Narrows the bounds of every unknown, row by row until nothing changes; false where no table is left. May stop early,
    /// which loses only sharpness.
    pub(super) fn narrow(&mut self) -> bool {
        let mut queue: VecDeque<usize> = (0..self.rows.len()).collect();
        let mut queued = vec![true; self.rows.len()];
        for _ in 0..60 * (self.rows.len() + 4) {
            let Some(at) = queue.pop_front() else { return true };
            if let Some(queued) = queued.get_mut(at) {
                *queued = false;
            }
            let Some(changed) = self.narrow_row(at) else { return false };
            for row in changed.into_iter().filter_map(|unknown| self.rows_of.get(unknown)).flatten() {
                if queued.get_mut(*row).is_some_and(|queued| !std::mem::replace(queued, true)) {
                    queue.push_back(*row);
                }
            }
        }
        true
    }

    fn bounds_of(&self, unknown: usize) -> (i64, i64) {
        self.bounds.get(unknown).copied().unwrap_or_default()
    }

    /// The least and the most a term of a row can be.
    fn reach(&self, (unknown, by): (usize, i64)) -> (i64, i64) {
        let (low, high) = self.bounds_of(unknown);
        if by > 0 { (by * low, by * high) } else { (by * high, by * low) }
    }

    /// The unknowns of a row whose bounds it narrows; none where it cannot hold.
    fn narrow_row(&mut self, at: usize) -> Option<Vec<usize>> {
        let Row { terms, low, high } = self.rows.get(at)?.clone();
        let reaches = terms.iter().map(|term| self.reach(*term));
        let (least, most) = reaches.fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        if least > high || most < low {
            return None;
        }
        let mut changed = Vec::new();
        for (unknown, by) in terms {
            let before = self.bounds_of(unknown);
            // What the others leave; those without limit limit nothing, since the quotient stays beyond the bounds.
            let own = self.reach((unknown, by));
            let (at_most, at_least) = (high - (least - own.0), low - (most - own.1));
            let (new_low, new_high) = if by > 0 {
                (ceiling(at_least, by), at_most.div_euclid(by))
            } else {
                (ceiling(-at_most, -by), (-at_least).div_euclid(-by))
            };
            let after = (before.0.max(new_low), before.1.min(new_high));
            if after.0 > after.1 {
                return None;
            }
            if after != before {
                if let Some(bounds) = self.bounds.get_mut(unknown) {
                    *bounds = after;
                }
                changed.push(unknown);
            }
        }
        Some(changed)
    }
}

fn ceiling(number: i64, by: i64) -> i64 {
    -((-number).div_euclid(by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_two_that_sum_to_seven() {
        let mut system = System::default();
        let (east, west) = (system.unknown(1, FAR), system.unknown(1, FAR));
        system.row(Row { terms: vec![(east, 1), (west, 1)], low: 7, high: 7 });
        assert!(system.narrow());
        assert_eq!(system.bounds, [(1, 6), (1, 6)]);
    }

    #[test]
    fn rows_that_cannot_hold_together_are_found() {
        let mut system = System::default();
        let (east, west) = (system.unknown(0, FAR), system.unknown(0, FAR));
        system.row(Row { terms: vec![(east, 1), (west, 1)], low: 7, high: 7 });
        system.row(Row { terms: vec![(east, 1), (west, -1)], low: 9, high: FAR });
        assert!(!system.narrow());
    }
}
