//! The mean number of events a child by one day since a start, from rows of events and ends: made for many cohorts at once.

use std::collections::BTreeMap;

use super::intervals::{Estimate, Z95};

/// One row of a child's history: an event, or the end of what was seen of the child. Each child has exactly one end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Whose it is.
    pub child: i64,
    /// Days since the start.
    pub time: u32,
    /// An event rather than an end.
    pub event: bool,
    /// An end for good, after which no event can come; else the child was merely not seen any longer.
    pub terminal: bool,
}

/// What happened on one day, and what it adds for whoever is still followed.
#[derive(Clone, Copy, Debug, Default)]
struct DayOf {
    at_risk: f64,
    events: f64,
    terminal: f64,
    remaining_before: f64,
    /// The mean by this day.
    mean: f64,
}

/// The mean number of events a child by `day`: M = Σ S(u−) dN(u) ÷ Y(u), with Y the children still followed and S the share
/// not ended for good (Ghosh and Lin; without ends for good, Lawless and Nadeau's mean cumulative function).
///
/// The standard error is the root of the sum over children of their squared influence; limits on the logarithmic scale. Events
/// come before ends on a day. None where nobody was followed to `day` and not all had ended for good; no limits where there was
/// no event. The same as [`super::mean_cumulative`] at that day, in time that grows with the rows.
/// Source: Lawless and Nadeau 1995; Ghosh and Lin 2000.
///
/// ```
/// use sightline::stats::{HistoryRow, mean_count_by};
/// let row = |child, time, event| HistoryRow { child, time, event, terminal: false };
/// // Two children followed to day 9; one event on day 4: half an event a child.
/// let mean = mean_count_by(&[row(1, 4, true), row(1, 9, false), row(2, 9, false)], 9).unwrap();
/// assert_eq!(mean.value, 0.5);
/// assert!(mean_count_by(&[row(1, 4, true), row(1, 9, false)], 10).is_none(), "nobody was followed so long");
/// ```
pub fn mean_count_by(rows: &[HistoryRow], day: u32) -> Option<Estimate> {
    let days = days_of(rows, day);
    let reaches = rows.iter().any(|row| !row.event && row.time >= day);
    let ended = rows.iter().filter(|row| !row.event).all(|row| row.terminal);
    if rows.is_empty() || (!reaches && !ended) {
        return None;
    }
    let value = days.values().next_back().map_or(0.0, |last| last.mean);
    if value <= 0.0 {
        return Some(Estimate { value: 0.0, lower: None, upper: None });
    }
    let se = influences(rows, &days, day, value).values().map(|influence| influence * influence).sum::<f64>().sqrt();
    let half = Z95 * se / value;
    let limits = se > 1e-12;
    Some(Estimate { value, lower: limits.then(|| value * (-half).exp()), upper: limits.then(|| value * half.exp()) })
}

/// Every day up to `day` on which something happened, in order.
fn days_of(rows: &[HistoryRow], day: u32) -> BTreeMap<u32, DayOf> {
    let mut days: BTreeMap<u32, DayOf> = BTreeMap::new();
    let mut ends: Vec<u32> = rows.iter().filter(|row| !row.event).map(|row| row.time).collect();
    ends.sort_unstable();
    for row in rows.iter().filter(|row| row.time <= day && (row.event || row.terminal)) {
        let of = days.entry(row.time).or_default();
        of.events += f64::from(u8::from(row.event));
        of.terminal += f64::from(u8::from(row.terminal));
    }
    let (mut mean, mut remaining) = (0.0, 1.0);
    for (time, of) in &mut days {
        of.at_risk = (ends.len() - ends.partition_point(|end| end < time)) as f64;
        of.remaining_before = remaining;
        if of.at_risk > 0.0 {
            mean += remaining * of.events / of.at_risk;
            remaining *= 1.0 - of.terminal / of.at_risk;
        }
        of.mean = mean;
    }
    days
}

/// Each child's influence on the mean by `day`.
///
/// An event at t gives S(t−)/Y(t); being followed at t takes S(t−)·dN(t)/Y(t)² for its share of the events seen, and its share
/// of the ends for good is set against what the mean gains afterwards.
fn influences(rows: &[HistoryRow], days: &BTreeMap<u32, DayOf>, day: u32, total: f64) -> BTreeMap<i64, f64> {
    let mut expected = BTreeMap::new();
    let mut so_far = 0.0;
    for (time, of) in days {
        let y = of.at_risk;
        if y > 0.0 {
            so_far += of.remaining_before * of.events / (y * y);
            so_far -= of.terminal / (y * y) * (total - of.mean);
        }
        expected.insert(*time, so_far);
    }
    let mut influences: BTreeMap<i64, f64> = BTreeMap::new();
    for row in rows {
        let on_day = days.get(&row.time).filter(|of| row.time <= day && of.at_risk > 0.0);
        let mut moved = 0.0;
        if row.event {
            moved += on_day.map_or(0.0, |of| of.remaining_before / of.at_risk);
        } else {
            moved -= expected.range(..=row.time.min(day)).next_back().map_or(0.0, |(_, expected)| *expected);
            if row.terminal {
                moved -= on_day.map_or(0.0, |of| (total - of.mean) / of.at_risk);
            }
        }
        *influences.entry(row.child).or_default() += moved;
    }
    influences
}

#[cfg(test)]
mod tests {
    use super::super::recurrent::{MeanCount, Stretch, mean_cumulative};
    use super::*;
    use proptest::prelude::*;

    fn row(child: i64, time: u32, event: bool, terminal: bool) -> HistoryRow {
        HistoryRow { child, time, event, terminal }
    }

    #[test]
    fn by_hand_with_an_end_for_good() {
        // Four children: a spell on day 3; one turns 18 on day 5; a spell of another on day 8, when three are followed.
        let rows = [
            row(1, 3, true, false),
            row(1, 20, false, false),
            row(2, 5, false, true),
            row(3, 8, true, false),
            row(3, 20, false, false),
            row(4, 20, false, false),
        ];
        // 1/4, and then 3/4 × 1/3.
        assert!((mean_count_by(&rows, 10).unwrap().value - 0.5).abs() < 1e-12);
        assert_eq!(mean_count_by(&rows, 2).unwrap(), Estimate { value: 0.0, lower: None, upper: None });
        assert_eq!(mean_count_by(&rows, 21), None);
        assert_eq!(mean_count_by(&[], 0), None);
    }

    #[test]
    fn everyone_followed_is_the_plain_mean_with_its_plain_error() {
        // 3, 1, 0 and 0 spells by day 30: mean 1, variance of the mean Σ (x − 1)² ÷ 16 = 6 ÷ 16.
        let mut rows: Vec<HistoryRow> = (1..=4).map(|child| row(child, 60, false, false)).collect();
        rows.extend([(1, 2), (1, 9), (1, 9), (2, 14)].map(|(child, time)| row(child, time, true, false)));
        let mean = mean_count_by(&rows, 30).unwrap();
        assert!((mean.value - 1.0).abs() < 1e-12);
        assert!((mean.upper.unwrap() - (Z95 * (6.0_f64 / 16.0).sqrt()).exp()).abs() < 1e-9);
    }

    /// The same history as stretches; two events of a child on one day cannot be stretches, so days are spread apart.
    fn stretches(rows: &[HistoryRow]) -> Vec<Stretch> {
        let mut of = Vec::new();
        let mut children: Vec<i64> = rows.iter().map(|row| row.child).collect();
        children.sort_unstable();
        children.dedup();
        for child in children {
            let mut own: Vec<&HistoryRow> = rows.iter().filter(|row| row.child == child).collect();
            own.sort_by_key(|row| (row.time, !row.event));
            let mut start = None;
            for row in own {
                of.push(Stretch {
                    child: child.unsigned_abs(),
                    start,
                    stop: row.time,
                    event: row.event,
                    terminal: row.terminal,
                });
                start = Some(row.time);
            }
        }
        of
    }

    proptest! {
        #[test]
        fn agrees_with_the_curve_of_stretches(
            children in prop::collection::vec((prop::collection::btree_set(0_u32..40, 0..5), 0_u32..60, any::<bool>()), 1..12),
            day in 0_u32..40,
        ) {
            let mut rows = Vec::new();
            for ((events, end, terminal), child) in children.iter().zip(1_i64..) {
                // Strictly before the end, so that every stretch has a day of its own.
                rows.extend(events.iter().filter(|&&time| time < *end).map(|&time| row(child, time, true, false)));
                rows.push(row(child, *end, false, *terminal));
            }
            let curve = mean_cumulative(&stretches(&rows));
            let at: Option<&MeanCount> = curve.iter().rev().find(|point| point.time <= day);
            if let Some(ours) = mean_count_by(&rows, day) {
                prop_assert!((ours.value - at.map_or(0.0, |point| point.mean)).abs() < 1e-9);
                if let (Some(upper), Some(point)) = (ours.upper, at) {
                    // The curve's error is that on the day of its last event; ends since then move the later days alone.
                    let se = (upper / ours.value).ln() / Z95 * ours.value;
                    prop_assert!((se - point.se).abs() < 1e-6, "{} {}", se, point.se);
                }
            }
        }
    }
}
