//! Repeatable events over time since a start: the mean cumulative function, with leaving as censoring or as a terminal end.

use std::collections::BTreeMap;

/// One stretch of a child at risk: days after `start` up to and including `stop`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whose it is; time away is a gap between two stretches of one child.
    pub child: u64,
    /// At risk on days after this one; none is before day 0.
    pub start: Option<u32>,
    /// The last day of the stretch.
    pub stop: u32,
    /// Whether the event happened on `stop`.
    pub event: bool,
    /// Whether the child left for good on `stop`, so that no event can follow. After an event on the same day.
    pub terminal: bool,
}

/// One day with an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanCount {
    /// Days.
    pub time: u32,
    /// Children's stretches at risk.
    pub at_risk: u64,
    /// Events on this day.
    pub events: u64,
    /// Mean events a child by this day.
    pub mean: f64,
    /// Its robust standard error, by child.
    pub se: f64,
}

/// The mean number of events a child by each day: M(t) = Σ S(u−) dN(u) ÷ Y(u), where S is the share not yet ended for good.
///
/// Without terminal ends S is 1 and this is the mean cumulative function with Lawless and Nadeau's robust variance; with them,
/// Ghosh and Lin's, as published: of those who end for good, dM(u) ÷ Y(u). The variance is the sum over children of their
/// squared influence. Empty where no event was seen.
/// Source: Lawless and Nadeau 1995; Ghosh and Lin 2000.
///
/// ```
/// use sightline::stats::{Stretch, mean_cumulative};
/// let stretch = |child, stop, event| Stretch { child, start: None, stop, event, terminal: false };
/// // Two children followed to day 9; one event on day 4: half an event a child.
/// let first = stretch(1, 4, true);
/// let rest = Stretch { start: Some(4), ..stretch(1, 9, false) };
/// let means = mean_cumulative(&[first, rest, stretch(2, 9, false)]);
/// assert_eq!((means[0].time, means[0].at_risk, means[0].mean), (4, 2, 0.5));
/// ```
pub fn mean_cumulative(stretches: &[Stretch]) -> Vec<MeanCount> {
    let mut days: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for stretch in stretches.iter().filter(|stretch| stretch.event || stretch.terminal) {
        let (events, ends) = days.entry(stretch.stop).or_default();
        *events += u64::from(stretch.event);
        *ends += u64::from(stretch.terminal);
    }
    let mut children: BTreeMap<u64, Influence> = BTreeMap::new();
    let (mut mean, mut remaining) = (0.0, 1.0);
    let mut means = Vec::new();
    for (time, (events, ends)) in days {
        let at_risk: Vec<&Stretch> = stretches.iter().filter(|stretch| stretch.covers(time)).collect();
        let y = at_risk.len() as f64;
        let step = remaining * events as f64 / y;
        mean += step;
        // Of those who ended before, the loss of what the mean has gained since.
        for influence in children.values_mut() {
            influence.of_mean -= step * influence.of_end;
        }
        let hazard = ends as f64 / y;
        for stretch in at_risk {
            let own = |happened: bool| f64::from(u8::from(happened && stretch.stop == time));
            let influence = children.entry(stretch.child).or_default();
            influence.of_mean += remaining * own(stretch.event) / y - step / y;
            influence.of_end += (own(stretch.terminal) - hazard) / y;
        }
        remaining *= 1.0 - hazard;
        if events > 0 {
            let variance: f64 = children.values().map(|influence| influence.of_mean.powi(2)).sum();
            means.push(MeanCount { time, at_risk: y as u64, events, mean, se: variance.sqrt() });
        }
    }
    means
}

/// What one child moves: the mean count, and the (negative logarithm of the) share not yet ended.
#[derive(Clone, Copy, Debug, Default)]
struct Influence {
    of_mean: f64,
    of_end: f64,
}

impl Stretch {
    fn covers(&self, day: u32) -> bool {
        self.start.is_none_or(|start| start < day) && self.stop >= day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// child, start (−1 before day 0), stop, event, terminal.
    const ROWS: [(u64, i64, u32, u8, u8); 12] = [
        (1, -1, 4, 1, 0),
        (1, 4, 9, 1, 0),
        (1, 9, 20, 0, 0),
        (2, -1, 9, 1, 0),
        (2, 9, 12, 0, 1),
        (3, -1, 15, 0, 0),
        (4, -1, 4, 1, 0),
        (4, 4, 6, 0, 0),
        (4, 10, 18, 1, 0),
        (4, 18, 25, 0, 1),
        (5, -1, 7, 0, 1),
        (6, 2, 18, 1, 0),
    ];

    fn stretch(&(child, start, stop, event, ends): &(u64, i64, u32, u8, u8), terminal: bool) -> Stretch {
        Stretch { child, start: u32::try_from(start).ok(), stop, event: event == 1, terminal: terminal && ends == 1 }
    }

    fn close(means: &[MeanCount], expected: &[(u32, f64, f64)]) {
        assert_eq!(means.len(), expected.len());
        for (mean, (time, value, se)) in means.iter().zip(expected) {
            assert!(mean.time == *time && (mean.mean - value).abs() < 1e-9 && (mean.se - se).abs() < 1e-9, "{mean:?}");
        }
    }

    #[test]
    fn agrees_with_r() {
        // R 4, survival: survfit(Surv(start, stop, event) ~ 1, id = id, robust = TRUE): cumhaz and std.chaz.
        let r = [
            (4, 0.333_333_333_333, 0.192_450_089_730),
            (9, 0.833_333_333_333, 0.375_770_812_735),
            (18, 1.5, 0.308_070_458_511),
        ];
        close(&mean_cumulative(&ROWS.map(|row| stretch(&row, false))), &r);
    }

    #[test]
    fn ghosh_lin_agrees_with_r() {
        // R 4.2.2, mets 1.3.2, on the rows above with each event on a day of its own (mets takes ties one after another):
        // recurrentMarginal(phreg(Surv(start, stop, status) ~ cluster(id)), phreg(Surv(start, stop, death) ~ cluster(id))).
        let rows = [
            (1, -1, 4, 1, 0),
            (1, 4, 9, 1, 0),
            (1, 9, 20, 0, 0),
            (2, -1, 10, 1, 0),
            (2, 10, 12, 0, 1),
            (3, -1, 15, 0, 0),
            (4, -1, 5, 1, 0),
            (4, 5, 6, 0, 0),
            (4, 11, 18, 1, 0),
            (4, 18, 25, 0, 1),
            (5, -1, 7, 0, 1),
            (6, 2, 19, 1, 0),
        ];
        let r = [
            (4, 0.166_666_666_667, 0.152_145_154_863),
            (5, 0.333_333_333_333, 0.192_450_089_730),
            (9, 0.533_333_333_333, 0.347_827_117_551),
            (10, 0.733_333_333_333, 0.347_597_042_139),
            (18, 0.946_666_666_667, 0.419_338_908_283),
            (19, 1.16, 0.318_647_289_044),
        ];
        close(&mean_cumulative(&rows.map(|row| stretch(&row, true))), &r);
    }

    #[test]
    fn no_events_no_means() {
        assert_eq!(mean_cumulative(&[]), Vec::new());
        assert_eq!(
            mean_cumulative(&[Stretch { child: 1, start: None, stop: 5, event: false, terminal: true }]),
            Vec::new()
        );
    }

    proptest! {
        #[test]
        fn never_falls_and_order_does_not_matter(rows in prop::collection::vec((0_u64..9, 0_u32..30, any::<bool>(), any::<bool>()), 1..40)) {
            let mut rows: Vec<Stretch> =
                rows.iter().map(|&(child, stop, event, terminal)| Stretch { child, start: None, stop, event, terminal }).collect();
            let means = mean_cumulative(&rows);
            prop_assert!(means.iter().all(|mean| mean.mean >= 0.0 && mean.se >= 0.0));
            prop_assert!(means.windows(2).all(|pair| pair[0].mean <= pair[1].mean));
            rows.reverse();
            let again = mean_cumulative(&rows);
            prop_assert!(means.iter().zip(&again).all(|(one, other)| (one.mean - other.mean).abs() < 1e-12 && (one.se - other.se).abs() < 1e-9));
        }
    }
}
