//! The log-rank test: whether two or more groups wait alike. Not for several spells a child.

#![allow(clippy::indexing_slicing, reason = "groups are numbered below the length of each vector made from them")]

use std::collections::BTreeSet;

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
    let groups = rows.iter().map(|(group, _)| group + 1).max()?;
    let times: BTreeSet<u32> = rows.iter().filter(|(_, row)| row.event).map(|(_, row)| row.time).collect();
    let mut excess = vec![0.0; groups];
    let mut variance = vec![vec![0.0; groups]; groups];
    for time in &times {
        let (mut at_risk, mut events) = (vec![0.0; groups], 0.0);
        for (group, row) in rows {
            if row.time >= *time && row.entry.is_none_or(|entry| entry < *time) {
                at_risk[*group] += 1.0;
                if row.event && row.time == *time {
                    excess[*group] += 1.0;
                    events += 1.0;
                }
            }
        }
        let n: f64 = at_risk.iter().sum();
        let spread = if n > 1.0 { events * (n - events) / (n - 1.0) } else { 0.0 };
        for one in 0..groups {
            let share = at_risk[one] / n;
            excess[one] -= events * share;
            for other in 0..groups {
                let same = if one == other { share } else { 0.0 };
                variance[one][other] += spread * (same - share * at_risk[other] / n);
            }
        }
    }
    // A group never at risk says nothing; of the rest, the last follows from the others.
    let mut kept: Vec<usize> = (0..groups).filter(|group| variance[*group][*group] > 0.0).collect();
    kept.pop()?;
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
