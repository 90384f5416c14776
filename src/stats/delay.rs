//! Delay from an event to its recording, when the latest events have not had time to be recorded late.

#![allow(clippy::indexing_slicing, reason = "delays index vectors of one entry a day up to the longest")]

/// One recorded event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Days from the event to its recording.
    pub delay: u32,
    /// Days from the event to the as-at date: the longest delay that could have been seen.
    pub window: u32,
}

/// The share of events recorded within each number of days, of those recorded within `longest`; entry d is for delay d.
///
/// By the reverse-time hazard: of events recorded within x days that could have been seen at x, the share recorded on x itself;
/// F(d) = Π over x above d of one less that share. Events with a delay over `longest` or their window are left out. The
/// complete share cannot be known from what has been recorded: choose `longest` with that in mind. Empty without events.
/// Source: Lagakos, Barraj and De Gruttola 1988; Kalbfleisch and Lawless 1991.
///
/// ```
/// use sightline::stats::{Recorded, reported_share};
/// // Two old events, recorded after 0 and 2 days; one of today, recorded at once.
/// let rows = [(0, 30), (2, 30), (0, 0)].map(|(delay, window)| Recorded { delay, window });
/// assert_eq!(reported_share(&rows, 2), vec![0.5, 0.5, 1.0]);
/// ```
pub fn reported_share(rows: &[Recorded], longest: u32) -> Vec<f64> {
    let seen: Vec<&Recorded> = rows.iter().filter(|row| row.delay <= row.window && row.delay <= longest).collect();
    if seen.is_empty() {
        return Vec::new();
    }
    let days = longest as usize + 1;
    let (mut on, mut enter) = (vec![0.0; days], vec![0.0; days]);
    for row in seen {
        on[row.delay as usize] += 1.0;
        // In reverse time a row comes into view at its window and goes at its delay.
        enter[row.window.min(longest) as usize] += 1.0;
    }
    let mut shares = vec![1.0; days];
    let (mut share, mut at_risk) = (1.0, 0.0);
    for day in (0..days).rev() {
        shares[day] = share;
        at_risk += enter[day];
        if at_risk > 0.0 {
            share *= 1.0 - on[day] / at_risk;
        }
        at_risk -= on[day];
    }
    shares
}

/// What a reported count will come to: the count over the share recorded within the days that have passed.
///
/// None where that share is 0. It stands beside the reported count, never instead of it.
pub fn nowcast(reported: u64, shares: &[f64], days_passed: usize) -> Option<f64> {
    let share = shares.get(days_passed).or(shares.last()).copied()?;
    (share > 0.0).then(|| reported as f64 / share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Followed, KaplanMeier};

    #[test]
    fn is_kaplan_meier_with_entry_in_reverse_time() {
        let rows: Vec<Recorded> = (0..60)
            .map(|at| Recorded { delay: (at * 7) % 11, window: (at * 5) % 23 })
            .filter(|row| row.delay <= row.window)
            .collect();
        let longest = 10;
        let shares = reported_share(&rows, longest);
        // Reverse time of a delay is longest + 1 − delay; a row enters just before its window's.
        let reversed: Vec<Followed> = rows
            .iter()
            .map(|row| Followed {
                entry: Some(longest - row.window.min(longest)),
                time: longest + 1 - row.delay,
                event: true,
            })
            .collect();
        let curve = KaplanMeier::new(&reversed).unwrap();
        for (day, share) in shares.iter().enumerate() {
            let expected = curve.at(longest - day as u32).unwrap().survival;
            assert!((share - expected).abs() < 1e-12, "{day}: {share} {expected}");
        }
    }

    #[test]
    fn half_reported_is_doubled() {
        assert_eq!(nowcast(6, &[0.5, 1.0], 0), Some(12.0));
        assert_eq!(nowcast(6, &[0.5, 1.0], 40), Some(6.0));
        assert_eq!(nowcast(6, &[0.0, 1.0], 0), None);
        assert_eq!(nowcast(6, &[], 0), None);
        assert!(reported_share(&[Recorded { delay: 9, window: 3 }], 20).is_empty());
    }
}
