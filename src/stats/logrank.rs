//! The log-rank test: whether two or more groups wait alike; for several spells a child, its clustered form.

#![allow(clippy::indexing_slicing, reason = "groups are numbered below the length of each vector made from them")]

use std::collections::{BTreeMap, BTreeSet};

use statrs::distribution::{ChiSquared, ContinuousCDF as _};

use super::survival::Followed;

/// A chi-squared test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquaredTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: u32,
    /// The chance of a statistic this large where nothing differs.
    pub p: f64,
}

/// Σ over event times of observed less expected events in each group, squared against its hypergeometric variance.
///
/// Rows are (group, child followed), groups numbered from 0; late entry is allowed. Ties are handled by the variance
/// d·(n − d)/(n − 1). None with one group, or where nothing varies (no event while two groups were at risk).
/// Source: Mantel 1966; Klein and Moeschberger 2003, section 7.3.
///
/// ```
/// use sightline::stats::{Followed, logrank};
/// let child = |group, time| (group, Followed { entry: None, time, event: true });
/// let test = logrank(&[child(0, 1), child(0, 2), child(1, 8), child(1, 9)]).unwrap();
/// assert!(test.df == 1 && (test.statistic - 2.8823529).abs() < 1e-6);
/// ```
pub fn logrank(rows: &[(usize, Followed)]) -> Option<ChiSquaredTest> {
    let tables = tables(rows);
    let groups = rows.iter().map(|(group, _)| group + 1).max()?;
    let mut excess = vec![0.0; groups];
    let mut variance = vec![vec![0.0; groups]; groups];
    for table in &tables {
        let (n, events) = (table.at_risk.iter().sum::<f64>(), table.events.iter().sum::<f64>());
        let spread = if n > 1.0 { events * (n - events) / (n - 1.0) } else { 0.0 };
        for (one, row) in variance.iter_mut().enumerate() {
            let share = table.at_risk[one] / n;
            excess[one] += table.events[one] - events * share;
            for (other, cell) in row.iter_mut().enumerate() {
                let same = if one == other { share } else { 0.0 };
                *cell += spread * (same - share * table.at_risk[other] / n);
            }
        }
    }
    test(&excess, &variance)
}

/// The log-rank test where a child contributes several spells: the same excess, against the variance of its sum over children.
///
/// Rows are (group, child, spell). A spell adds Σ (own group − share of its group at risk) × (own event − d/n) over the
/// event times it was at risk; children are independent, their spells need not be. It is the robust score test of R's
/// `coxph(…, cluster = id, ties = "breslow")` at no effect. None as for [`logrank`].
///
/// ```
/// use sightline::stats::{Followed, clustered_logrank, logrank};
/// let spell = |group, child, time| (group, child, Followed { entry: None, time, event: true });
/// let spells = [spell(0, 1, 1), spell(0, 1, 2), spell(0, 2, 3), spell(1, 3, 5), spell(1, 4, 8), spell(1, 4, 9)];
/// assert!(clustered_logrank(&spells).is_some_and(|test| test.df == 1 && test.p < 1.0));
/// assert!(clustered_logrank(&spells[..3]).is_none(), "one group");
/// ```
pub fn clustered_logrank(rows: &[(usize, u64, Followed)]) -> Option<ChiSquaredTest> {
    let groups = rows.iter().map(|(group, _, _)| group + 1).max()?;
    let plain: Vec<(usize, Followed)> = rows.iter().map(|(group, _, row)| (*group, *row)).collect();
    let tables = tables(&plain);
    let mut sorted = rows.to_vec();
    sorted.sort_unstable_by_key(|(group, child, row)| (*child, *group, row.entry, row.time, row.event));
    let mut scores: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for (group, child, row) in &sorted {
        let score = scores.entry(*child).or_insert_with(|| vec![0.0; groups]);
        for table in tables.iter().filter(|table| at_risk(row, table.time)) {
            let (n, events) = (table.at_risk.iter().sum::<f64>(), table.events.iter().sum::<f64>());
            let own = f64::from(u8::from(row.event && row.time == table.time));
            for (one, score) in score.iter_mut().enumerate() {
                let mine = f64::from(u8::from(one == *group));
                *score += (mine - table.at_risk[one] / n) * (own - events / n);
            }
        }
    }
    let mut excess = vec![0.0; groups];
    let mut variance = vec![vec![0.0; groups]; groups];
    for score in scores.values() {
        for (one, row) in variance.iter_mut().enumerate() {
            excess[one] += score[one];
            for (cell, other) in row.iter_mut().zip(score) {
                *cell += score[one] * other;
            }
        }
    }
    test(&excess, &variance)
}

/// One event time: those at risk and the events, by group.
struct Table {
    time: u32,
    at_risk: Vec<f64>,
    events: Vec<f64>,
}

fn tables(rows: &[(usize, Followed)]) -> Vec<Table> {
    let groups = rows.iter().map(|(group, _)| group + 1).max().unwrap_or(0);
    let times: BTreeSet<u32> = rows.iter().filter(|(_, row)| row.event).map(|(_, row)| row.time).collect();
    let table = |time: u32| {
        let (mut at, mut events) = (vec![0.0; groups], vec![0.0; groups]);
        for (group, row) in rows.iter().filter(|(_, row)| at_risk(row, time)) {
            at[*group] += 1.0;
            events[*group] += f64::from(u8::from(row.event && row.time == time));
        }
        Table { time, at_risk: at, events }
    };
    times.into_iter().map(table).collect()
}

fn at_risk(row: &Followed, time: u32) -> bool {
    row.time >= time && row.entry.is_none_or(|entry| entry < time)
}

/// Excess squared against its variance; none with fewer than two groups that vary.
fn test(excess: &[f64], variance: &[Vec<f64>]) -> Option<ChiSquaredTest> {
    // A group never at risk says nothing; of the rest, the last follows from the others.
    let mut kept: Vec<usize> = (0..excess.len()).filter(|group| variance[*group][*group] > 0.0).collect();
    kept.pop()?;
    if kept.is_empty() {
        return None;
    }
    let matrix: Vec<Vec<f64>> =
        kept.iter().map(|row| kept.iter().map(|column| variance[*row][*column]).collect()).collect();
    let excess: Vec<f64> = kept.iter().map(|group| excess[*group]).collect();
    let solved = super::linear::solve(matrix, &excess)?;
    let statistic: f64 = solved.iter().zip(&excess).map(|(left, right)| left * right).sum();
    let chi = ChiSquared::new(kept.len() as f64).ok()?;
    Some(ChiSquaredTest { statistic, df: kept.len() as u32, p: chi.sf(statistic) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freireich_as_published() {
        // R 4, survival: survdiff(Surv(time, status) ~ drug) on Freireich 1963 gives chi-squared 16.79294 on 1 df.
        let placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
        let treated = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35];
        let event = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
        let mut rows: Vec<_> = placebo.iter().map(|&time| (0, Followed { entry: None, time, event: true })).collect();
        rows.extend(
            treated.iter().zip(event).map(|(&time, event)| (1, Followed { entry: None, time, event: event == 1 })),
        );
        let test = logrank(&rows).unwrap();
        assert!((test.statistic - 16.792_94).abs() < 1e-5, "{test:?}");
        assert!((test.p - 4.168_809e-5).abs() < 1e-10, "{test:?}");
        rows.reverse();
        assert!((logrank(&rows).unwrap().statistic - test.statistic).abs() < 1e-9);
    }

    #[test]
    fn nothing_to_compare() {
        let open = Followed { entry: None, time: 4, event: false };
        assert_eq!(logrank(&[]), None);
        assert_eq!(logrank(&[(0, open), (1, open)]), None, "all censored");
        assert_eq!(logrank(&[(0, Followed { event: true, ..open })]), None, "one group");
    }
}
