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
    /// A table of a part, with the other numbers as they are, is a table of the whole. Leaves out parts of which nothing is
    /// wanted.
    pub(super) fn parts_about(
        &self,
        table: &[i64],
        is_fixed: impl Fn(usize) -> bool,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Vec<(Vec<usize>, Self)> {
        let mut is_placed: Vec<bool> = (0..self.bounds.len()).map(&is_fixed).collect();
        let mut parts = Vec::new();
        for first in 0..self.bounds.len() {
            let (own, rows) = self.reached_from(first, &mut is_placed);
            if own.iter().any(|unknown| is_wanted(*unknown)) {
                let part = self.part(table, &own, &rows);
                parts.push((own, part));
            }
        }
        parts
    }

    /// The unknowns that rows tie to one, not counting those placed before, and these rows; none where it is placed itself.
    fn reached_from(&self, first: usize, is_placed: &mut [bool]) -> (Vec<usize>, BTreeSet<usize>) {
        let mut place =
            |unknown: usize| is_placed.get_mut(unknown).is_some_and(|placed| !std::mem::replace(placed, true));
        let (mut own, mut rows, mut next) = (Vec::new(), BTreeSet::new(), 0);
        if place(first) {
            own.push(first);
        }
        while let Some(unknown) = own.get(next).copied() {
            next += 1;
            for at in self.rows_of.get(unknown).into_iter().flatten().copied() {
                if rows.insert(at)
                    && let Some(row) = self.rows.get(at)
                {
                    own.extend(row.terms.iter().map(|(unknown, _)| *unknown).filter(|unknown| place(*unknown)));
                }
            }
        }
        (own, rows)
    }

    /// Only these unknowns and rows, every other unknown at a table's number.
    fn part(&self, table: &[i64], own: &[usize], rows: &BTreeSet<usize>) -> Self {
        let mut part = Self::default();
        let mut at = BTreeMap::new();
        for unknown in own {
            let (low, high) = self.bounds_of(*unknown);
            at.insert(*unknown, part.unknown(low, high));
        }
        for row in rows.iter().filter_map(|row| self.rows.get(*row)) {
            let fixed = row.terms.iter().filter(|(unknown, _)| !at.contains_key(unknown));
            let fixed: i64 = fixed.map(|(unknown, by)| by * table.get(*unknown).copied().unwrap_or(0)).sum();
            let terms = row.terms.iter().filter_map(|(unknown, by)| Some((*at.get(unknown)?, *by))).collect();
            part.row(Row { terms, low: row.low - fixed, high: row.high - fixed });
        }
        part
    }

    /// In how many rows an unknown stands.
    pub(super) fn rows_with(&self, unknown: usize) -> usize {
        self.rows_of.get(unknown).map_or(0, Vec::len)
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
    fn with_the_whole_known_two_breakdowns_fall_apart() {
        let mut system = System::default();
        let [whole, east, west, girls, boys] = [9, 9, 9, 9, 9].map(|high| system.unknown(0, high));
        system.row(Row { terms: vec![(east, 1), (west, 1), (whole, -1)], low: 0, high: 0 });
        system.row(Row { terms: vec![(girls, 1), (boys, 1), (whole, -1)], low: 0, high: 0 });
        let table = [7, 3, 4, 1, 6];
        assert!(system.holds(&table));
        let parts = system.parts_about(&table, |unknown| unknown == whole, |unknown| unknown == boys);
        let [(own, mut part)] = <[_; 1]>::try_from(parts).unwrap();
        assert_eq!(own, [girls, boys], "of the areas nothing is wanted");
        assert!(part.narrow());
        assert_eq!(part.bounds, [(0, 7), (0, 7)], "the whole is 7 in this table");
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
