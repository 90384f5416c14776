//! Whole numbers under linear rows: bounds are narrowed, then a table with a wanted value is looked for.
//!
//! Knows nothing of figures. A table that is found proves that the value is possible; that none exists is proved by bounds
//! or by having tried all; where neither is done within the allowance of steps the answer is that it is not known.

use std::collections::VecDeque;

/// Stands for "without limit"; sums of a thousand of them stay within 64 bits.
pub(super) const FAR: i64 = 1 << 40;

/// `low ≤ Σ coefficient × unknown ≤ high`.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) low: i64,
    pub(super) high: i64,
}

/// Unknown whole numbers, each within bounds, and the rows they keep.
#[derive(Clone, Debug, Default)]
pub(super) struct System {
    pub(super) bounds: Vec<(i64, i64)>,
    rows: Vec<Row>,
    rows_of: Vec<Vec<usize>>,
}

/// What is known of a wanted value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A table that has it.
    Table(Vec<i64>),
    /// No table has it.
    Impossible,
    /// The allowance of steps was used up.
    NotKnown,
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

    /// The rows an unknown stands in.
    pub(super) fn rows_with(&self, unknown: usize) -> impl Iterator<Item = &Row> {
        self.rows_of.get(unknown).into_iter().flatten().filter_map(|row| self.rows.get(*row))
    }

    /// Whether a table keeps every bound and every row.
    pub(super) fn holds(&self, table: &[i64]) -> bool {
        let within = self.bounds.iter().zip(table).all(|((low, high), value)| (*low..=*high).contains(value));
        let sum = |row: &Row| row.terms.iter().map(|(at, by)| by * table.get(*at).copied().unwrap_or(0)).sum::<i64>();
        within && self.rows.iter().all(|row| (row.low..=row.high).contains(&sum(row)))
    }

    /// Narrows the bounds of every unknown as far as rows allow; false where no table is left.
    pub(super) fn narrow(&mut self) -> bool {
        let mut state = State { bounds: std::mem::take(&mut self.bounds), trail: Vec::new() };
        let kept = self.propagate(&mut state, (0..self.rows.len()).collect());
        self.bounds = state.bounds;
        kept
    }

    /// A table in which `unknown` has `value`, as near to `wish` elsewhere as it comes, within `steps` steps.
    pub(super) fn table(&self, fixed: Option<(usize, i64)>, wish: &dyn Fn(usize) -> i64, steps: usize) -> Answer {
        let mut state = State { bounds: self.bounds.clone(), trail: Vec::new() };
        if let Some((unknown, value)) = fixed {
            let rows = self.rows_of.get(unknown).cloned().unwrap_or_default();
            if !state.narrow_to(unknown, value, value) || !self.propagate(&mut state, rows.into()) {
                return Answer::Impossible;
            }
        }
        let order = self.breadth_first(fixed.map(|(unknown, _)| unknown));
        let mut left = steps;
        match self.search(&mut state, &order, 0, wish, &mut left) {
            Some(true) => {
                let table: Vec<i64> = state.bounds.iter().map(|(low, _)| *low).collect();
                // Proof is the table itself, not the search that led to it.
                if self.holds(&table) { Answer::Table(table) } else { Answer::NotKnown }
            }
            Some(false) => Answer::Impossible,
            None => Answer::NotKnown,
        }
    }

    /// Unknowns in the order in which rows reach them from the first, so that a row is filled soon after it is begun.
    fn breadth_first(&self, first: Option<usize>) -> Vec<usize> {
        let mut seen = vec![false; self.bounds.len()];
        let mut order: Vec<usize> = Vec::with_capacity(self.bounds.len());
        let mut next = 0;
        for start in first.into_iter().chain(0..self.bounds.len()) {
            let mut reached = vec![start];
            loop {
                for unknown in reached.drain(..) {
                    if seen.get_mut(unknown).is_some_and(|seen| !std::mem::replace(seen, true)) {
                        order.push(unknown);
                    }
                }
                let Some(&unknown) = order.get(next) else { break };
                next += 1;
                for row in self.rows_of.get(unknown).into_iter().flatten().filter_map(|row| self.rows.get(*row)) {
                    reached.extend(row.terms.iter().map(|(other, _)| *other));
                }
            }
        }
        order
    }

    /// Depth first over the unknowns in order: the wished value, then those below it, then those above it.
    fn search(
        &self,
        state: &mut State,
        order: &[usize],
        from: usize,
        wish: &dyn Fn(usize) -> i64,
        left: &mut usize,
    ) -> Option<bool> {
        let open = order.iter().enumerate().skip(from).find(|(_, unknown)| state.is_open(**unknown));
        let Some((at, &unknown)) = open else { return Some(true) };
        let (low, high) = state.of(unknown);
        let value = wish(unknown).clamp(low, high);
        for (low, high) in [(value, value), (low, value - 1), (value + 1, high)] {
            if low > high {
                continue;
            }
            *left = left.checked_sub(1)?;
            let mark = state.trail.len();
            let rows = self.rows_of.get(unknown).cloned().unwrap_or_default();
            if state.narrow_to(unknown, low, high) && self.propagate(state, rows.into()) {
                match self.search(state, order, at, wish, left) {
                    Some(false) => {}
                    answer => return answer,
                }
            }
            state.undo(mark);
        }
        Some(false)
    }

    /// Narrows bounds row by row until nothing changes; false on a contradiction. May stop early, which loses only sharpness.
    fn propagate(&self, state: &mut State, mut queue: VecDeque<usize>) -> bool {
        let mut queued = vec![false; self.rows.len()];
        for &row in &queue {
            if let Some(queued) = queued.get_mut(row) {
                *queued = true;
            }
        }
        let mut left = 60 * (self.rows.len() + 4);
        while let Some(at) = queue.pop_front() {
            if let Some(queued) = queued.get_mut(at) {
                *queued = false;
            }
            left -= 1;
            let Some(row) = self.rows.get(at) else { continue };
            let mark = state.trail.len();
            if !state.narrow_row(row) {
                return false;
            }
            if left == 0 {
                // What remains in the queue must still hold when every unknown is fixed: checked row by row.
                return self.rows.iter().all(|row| state.can_hold(row));
            }
            for change in mark..state.trail.len() {
                let unknown = state.trail.get(change).map_or(0, |change| change.0);
                for &row in self.rows_of.get(unknown).into_iter().flatten() {
                    if queued.get_mut(row).is_some_and(|queued| !std::mem::replace(queued, true)) {
                        queue.push_back(row);
                    }
                }
            }
        }
        true
    }
}

/// Bounds during a search, with what they were before each change.
struct State {
    bounds: Vec<(i64, i64)>,
    trail: Vec<(usize, (i64, i64))>,
}

impl State {
    fn of(&self, unknown: usize) -> (i64, i64) {
        self.bounds.get(unknown).copied().unwrap_or((0, 0))
    }

    fn is_open(&self, unknown: usize) -> bool {
        let (low, high) = self.of(unknown);
        low < high
    }

    fn narrow_to(&mut self, unknown: usize, low: i64, high: i64) -> bool {
        let before = self.of(unknown);
        let after = (before.0.max(low), before.1.min(high));
        if after != before {
            self.trail.push((unknown, before));
            if let Some(bounds) = self.bounds.get_mut(unknown) {
                *bounds = after;
            }
        }
        after.0 <= after.1
    }

    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((unknown, before)) = self.trail.pop()
                && let Some(bounds) = self.bounds.get_mut(unknown)
            {
                *bounds = before;
            }
        }
    }

    /// The least and the most a row's sum can be.
    fn reach(&self, row: &Row) -> (i64, i64) {
        row.terms.iter().fold((0, 0), |(least, most), &(unknown, by)| {
            let (low, high) = self.of(unknown);
            if by > 0 { (least + by * low, most + by * high) } else { (least + by * high, most + by * low) }
        })
    }

    fn can_hold(&self, row: &Row) -> bool {
        let (least, most) = self.reach(row);
        least <= row.high && most >= row.low
    }

    fn narrow_row(&mut self, row: &Row) -> bool {
        let (least, most) = self.reach(row);
        if least > row.high || most < row.low {
            return false;
        }
        for &(unknown, by) in &row.terms {
            let (low, high) = self.of(unknown);
            // The others' least and most; those without limit limit nothing, since the quotient stays beyond the bounds.
            let (own_least, own_most) = if by > 0 { (by * low, by * high) } else { (by * high, by * low) };
            let (at_most, at_least) = (row.high - (least - own_least), row.low - (most - own_most));
            let (new_low, new_high) = if by > 0 {
                (ceiling(at_least, by), at_most.div_euclid(by))
            } else {
                (ceiling(-at_most, -by), (-at_least).div_euclid(-by))
            };
            if (new_low > low || new_high < high) && !self.narrow_to(unknown, new_low, new_high) {
                return false;
            }
        }
        true
    }
}

fn ceiling(number: i64, by: i64) -> i64 {
    -((-number).div_euclid(by))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two hidden levels that sum to 7.
    fn pair() -> System {
        let mut system = System::default();
        let (east, west) = (system.unknown(1, FAR), system.unknown(1, FAR));
        system.row(Row { terms: vec![(east, 1), (west, 1)], low: 7, high: 7 });
        system
    }

    #[test]
    fn bounds_of_two_that_sum_to_seven() {
        let mut system = pair();
        assert!(system.narrow());
        assert_eq!(system.bounds, [(1, 6), (1, 6)]);
    }

    #[test]
    fn a_table_is_found_or_shown_not_to_exist() {
        let system = pair();
        assert_eq!(system.table(Some((0, 2)), &|_| 0, 10), Answer::Table(vec![2, 5]));
        assert_eq!(system.table(Some((0, 7)), &|_| 0, 10), Answer::Impossible);
    }

    #[test]
    fn parity_is_found_by_trying_all() {
        // 2a + 2b = 7 has solutions in fractions and none in whole numbers.
        let mut system = System::default();
        let (a, b) = (system.unknown(0, 9), system.unknown(0, 9));
        system.row(Row { terms: vec![(a, 2), (b, 2)], low: 7, high: 7 });
        assert_eq!(system.table(None, &|_| 3, 100), Answer::Impossible);
    }

    #[test]
    fn too_few_steps_are_no_answer() {
        let mut system = System::default();
        let unknowns: Vec<usize> = (0..6).map(|_| system.unknown(0, 50)).collect();
        let all = |by: i64| unknowns.iter().map(|&unknown| (unknown, by)).collect();
        system.row(Row { terms: all(2), low: 101, high: 101 });
        assert_eq!(system.table(None, &|_| 3, 5), Answer::NotKnown);
    }
}
