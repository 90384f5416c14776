//! Time until an awaited end, with other ends competing: the share still waiting and what follows from it. The curve itself
//! is Aalen-Johansen's (see `CumulativeIncidence`).

use super::incidence::{CumulativeIncidence, within};
use super::intervals::{Estimate, Z95};
use super::survival::log_log;

/// The share still waiting over time: one minus the cumulative incidence of the awaited cause. Other endings compete: they
/// end the spell without ending the wait.
///
/// Standard errors take the spells of one child as one (the infinitesimal jackknife). Limits are on the log-log scale; none
/// where the share is 1 or 0.
///
/// ```
/// use sightline::stats::{CumulativeIncidence, Ending};
/// let spell = |child, time, cause| Ending { child, entry: None, time, cause };
/// // Awaited on day 2, another ending on day 3, two still waiting on day 9.
/// let curves = CumulativeIncidence::new(&[spell(1, 2, 1), spell(2, 3, 2), spell(3, 9, 0), spell(4, 9, 0)]).unwrap();
/// let waiting = curves.waiting(1);
/// assert!((waiting.still_waiting_at(5).unwrap().value - 0.75).abs() < 1e-12);
/// assert!(waiting.quantile(0.5).is_none(), "more than half still waiting at the end");
/// ```
#[derive(Clone, Debug)]
pub struct Waiting {
    curves: CumulativeIncidence,
    awaited: usize,
}

impl CumulativeIncidence {
    /// The wait for one cause, from 1.
    pub fn waiting(self, awaited: usize) -> Waiting {
        Waiting { curves: self, awaited }
    }
}

impl Waiting {
    /// The share still waiting after `day` days. None where nobody was followed so long, unless all had ended.
    pub fn still_waiting_at(&self, day: u32) -> Option<Estimate> {
        self.curves.reaches(day).then(|| self.estimate(day, self.curves.weighted(self.awaited, within(day))))
    }

    /// The first day by which `share` of the spells had reached the awaited end; the midpoint where exactly that share had
    /// over a stretch. None where it was never reached. Limits by inverting the limits of the share still waiting.
    pub fn quantile(&self, share: f64) -> Option<Estimate> {
        let waiting = 1.0 - share;
        let steps: Vec<(u32, f64)> = self.curves.shares(self.awaited).map(|(day, ended)| (day, 1.0 - ended)).collect();
        let (first, left) = steps.iter().find(|(_, left)| *left <= waiting + 1e-12)?;
        let next = steps.iter().find(|(_, left)| *left < waiting - 1e-12);
        let exact = (left - waiting).abs() < 1e-12;
        // Flat to the end of follow-up, the stretch ends there, as in R's survival: quantile(survfit(Surv(1:4,
        // c(1, 1, 0, 0)) ~ 1), 0.5) is 3.
        let end = next.map_or(self.curves.followed_to()?, |(day, _)| *day);
        let value = if exact { f64::midpoint(f64::from(*first), f64::from(end)) } else { f64::from(*first) };
        // Limits fall with time as the share does, so the first to cross is found by halving. Where nobody waits any more
        // no limits are defined: a limit that would cross only there is none.
        let crossing = |limit: fn(Estimate) -> Option<f64>| {
            let crossed = |(day, left): &(u32, f64)| {
                let share = self.estimate(*day, 1.0 - left);
                share.value <= 0.0 || limit(share).is_some_and(|limit| limit <= waiting)
            };
            let (day, _) = steps.get(steps.partition_point(|step| !crossed(step))).filter(|(_, left)| *left > 1e-12)?;
            Some(f64::from(*day))
        };
        let lower = crossing(|share| share.lower);
        let upper = crossing(|share| share.upper);
        Some(Estimate { value, lower: lower.map(|lower| lower.min(value)), upper: upper.map(|upper| upper.max(value)) })
    }

    /// The share still waiting after `day` days, of whom `ended` reached the awaited end, with its limits.
    fn estimate(&self, day: u32, ended: f64) -> Estimate {
        log_log((1.0 - ended).clamp(0.0, 1.0), Some(self.curves.standard_error(self.awaited, within(day))))
    }

    /// Mean days waiting within the first `days`: the area beneath the share still waiting. None where nobody was followed
    /// so long and not every spell had ended.
    pub fn restricted_mean(&self, days: u32) -> Option<Estimate> {
        let left = |time: u32| f64::from(days.saturating_sub(time));
        let area = self.curves.reaches(days).then(|| self.curves.weighted(self.awaited, left))?;
        let value = f64::from(days) - area;
        let half = Z95 * self.curves.standard_error(self.awaited, left);
        let limits = half > 0.0;
        Some(Estimate {
            value,
            lower: limits.then(|| (value - half).max(0.0)),
            upper: limits.then(|| (value + half).min(f64::from(days))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ending;
    use super::*;
    use proptest::prelude::*;

    fn waiting(rows: &[Ending]) -> Waiting {
        CumulativeIncidence::new(rows).unwrap().waiting(1)
    }

    fn spells(rows: &[(u32, usize)]) -> Vec<Ending> {
        rows.iter().zip(1..).map(|(&(time, cause), child)| Ending { child, entry: None, time, cause }).collect()
    }

    fn near(left: Option<f64>, right: f64) {
        assert!((left.unwrap() - right).abs() < 1e-9, "{left:?} is not {right}");
    }

    #[test]
    fn by_hand_with_a_competing_end_and_an_open_spell() {
        // Five clocks: awaited on day 2, other end on day 3, awaited on day 5, open on day 5, open on day 9.
        let curve = waiting(&spells(&[(2, 1), (3, 2), (5, 1), (5, 0), (9, 0)]));
        // Incidence: 1/5; then event-free 4/5, 3/5; then + 3/5 × 1/3 = 2/5.
        near(curve.still_waiting_at(1).map(|share| share.value), 1.0);
        near(curve.still_waiting_at(2).map(|share| share.value), 0.8);
        near(curve.still_waiting_at(4).map(|share| share.value), 0.8);
        near(curve.still_waiting_at(5).map(|share| share.value), 0.6);
        assert_eq!(curve.still_waiting_at(10), None, "nobody was followed so long");
        assert_eq!(curve.quantile(0.5), None, "never reached");
        near(curve.quantile(0.2).map(|day| day.value), 3.5);
        // Area: 2 + 3 × 0.8 + 1 × 0.6.
        near(curve.restricted_mean(6).map(|mean| mean.value), 5.0);
    }

    #[test]
    fn without_censoring_the_variance_is_binomial() {
        let rows: Vec<(u32, usize)> = (0..40).map(|day| (day, if day % 4 == 0 { 2 } else { 1 })).collect();
        let curve = waiting(&spells(&rows));
        // By day 19, 15 of 40 were assessed.
        let se = curve.curves.standard_error(1, within(19));
        near(Some(se * se), 0.375 * 0.625 / 40.0);
    }

    #[test]
    fn spells_of_one_child_are_one_child() {
        let alone = waiting(&spells(&[(2, 1), (4, 0), (6, 1), (9, 2)]));
        let twice = spells(&[(2, 1), (2, 1), (4, 0), (4, 0), (6, 1), (6, 1), (9, 2), (9, 2)]);
        let paired = twice.iter().zip([1, 1, 2, 2, 3, 3, 4, 4]).map(|(spell, child)| Ending { child, ..*spell });
        let clustered = waiting(&paired.collect::<Vec<_>>());
        let at = |curve: &Waiting| curve.still_waiting_at(5).unwrap();
        near(at(&clustered).lower, at(&alone).lower.unwrap());
    }

    #[test]
    fn quantiles_as_r_gives_them() {
        // R 4, survival: quantile(survfit(Surv(1:6, rep(1, 6)) ~ 1, conf.type = "log-log"), 0.5) is 3.5, limits 1 and NA.
        let all = waiting(&spells(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)]));
        assert_eq!(all.quantile(0.5), Some(Estimate { value: 3.5, lower: Some(1.0), upper: None }));
        let flat = waiting(&spells(&[(1, 1), (2, 1), (3, 0), (4, 0)]));
        near(flat.quantile(0.5).map(|day| day.value), 3.0);
    }

    #[test]
    fn the_ends_of_the_scale_have_no_limits() {
        let open = waiting(&spells(&[(9, 0), (9, 0)])).still_waiting_at(5).unwrap();
        assert_eq!(open, Estimate { value: 1.0, lower: None, upper: None });
        assert_eq!(waiting(&[]).still_waiting_at(5), None);
        let at_once = waiting(&spells(&[(0, 1), (0, 1)]));
        assert_eq!(at_once.still_waiting_at(10).map(|share| share.value), Some(0.0), "a spell of 0 days counts");
    }

    /// R 4, survival: survfit(Surv(time, factor(cause, 0:2)) ~ 1, data, influence = TRUE), its influence summed by child.
    #[test]
    fn clustered_errors_agree_with_r() {
        let rows = [
            (2, 1, 1),
            (5, 2, 1),
            (5, 1, 2),
            (5, 0, 3),
            (8, 1, 3),
            (8, 2, 4),
            (8, 0, 4),
            (12, 1, 5),
            (15, 0, 5),
            (20, 1, 6),
        ];
        let curve = waiting(&rows.map(|(time, cause, child)| Ending { child, entry: None, time, cause }));
        for (day, incidence, se) in [
            (2, 0.1, 0.088_317_608_663),
            (5, 0.2, 0.123_288_280_059),
            (8, 0.316_666_666_667, 0.145_638_229_278),
            (12, 0.472_222_222_222, 0.124_232_900_003),
        ] {
            near(curve.still_waiting_at(day).map(|share| 1.0 - share.value), incidence);
            near(Some(curve.curves.standard_error(1, within(day))), se);
        }
    }

    proptest! {
        #[test]
        fn limits_bracket_the_share(rows in prop::collection::vec((0_u32..30, 0_usize..3, 0_u64..20), 1..60)) {
            let rows = rows.into_iter().map(|(time, cause, child)| Ending { child, entry: None, time, cause });
            let curve = waiting(&rows.collect::<Vec<_>>());
            for share in (0..30).filter_map(|day| curve.still_waiting_at(day)) {
                prop_assert!(share.lower.is_none_or(|lower| lower <= share.value));
                prop_assert!(share.upper.is_none_or(|upper| upper >= share.value));
            }
        }
    }
}
