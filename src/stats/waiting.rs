//! Time until an awaited end, with other ends competing: Aalen-Johansen incidence and what follows from it.

use std::collections::BTreeMap;

use super::intervals::{Estimate, Z95};
use super::survival::log_log;

/// One spell: followed for `time` days until `cause`, 0 while still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingSpell {
    /// Days from the start.
    pub time: u32,
    /// How it ended; 0 is censored.
    pub cause: u8,
    /// Whose it is: several spells of one child are not independent.
    pub child: i64,
}

/// The share still waiting over time: one minus the Aalen-Johansen incidence of the awaited cause. Other endings compete:
/// they end the spell without ending the wait.
///
/// At one time endings come before censorings, and a spell of 0 days counts. Standard errors are from the influence of
/// each child on the incidence (the infinitesimal jackknife), so that spells of one child are clustered. Limits are on the
/// log-log scale; none where the share is 1 or 0. Source: Aalen and Johansen 1978; Therneau and Grambsch 2000, chapter 8.
#[derive(Clone, Debug)]
pub struct Waiting {
    spells: Vec<WaitingSpell>,
    steps: Vec<Step>,
}

/// One time at which something ended.
#[derive(Clone, Debug)]
struct Step {
    time: u32,
    at_risk: f64,
    awaited: f64,
    ended: f64,
    /// Still in the spell just before.
    event_free_before: f64,
    /// Incidence of the awaited cause from here on.
    incidence: f64,
}

impl Waiting {
    /// From spells in any order; `awaited` is the cause that ends the wait.
    pub fn new(mut spells: Vec<WaitingSpell>, awaited: u8) -> Self {
        spells.sort_unstable_by_key(|spell| (spell.time, spell.cause == 0));
        let mut by_time: BTreeMap<u32, (f64, f64, f64)> = BTreeMap::new();
        for spell in &mut spells {
            let (ends, all, left) = by_time.entry(spell.time).or_default();
            *ends += f64::from(u8::from(spell.cause == awaited));
            *all += f64::from(u8::from(spell.cause != 0));
            *left += 1.0;
            // From here on 1 is the awaited cause and 2 any other.
            spell.cause = match spell.cause {
                0 => 0,
                cause if cause == awaited => 1,
                _ => 2,
            };
        }
        let (mut at_risk, mut event_free, mut incidence) = (spells.len() as f64, 1.0, 0.0);
        let mut steps = Vec::new();
        for (time, (awaited, ended, left)) in by_time {
            if ended > 0.0 {
                incidence += event_free * awaited / at_risk;
                steps.push(Step { time, at_risk, awaited, ended, event_free_before: event_free, incidence });
                event_free *= 1.0 - ended / at_risk;
            }
            at_risk -= left;
        }
        Self { spells, steps }
    }

    /// The share still waiting after `day` days. None where nobody was followed so long, unless the last
    /// still followed had ended.
    pub fn still_waiting_at(&self, day: u32) -> Option<Estimate> {
        let reaches = self.spells.iter().any(|spell| spell.time >= day);
        let resolved = self.steps.last().is_some_and(|last| last.ended >= last.at_risk);
        if !reaches && !resolved {
            return None;
        }
        let share = (1.0 - self.incidence_at(day)).clamp(0.0, 1.0);
        let se = self.standard_error(|step| f64::from(u8::from(step.time <= day)));
        Some(log_log(share, Some(se)))
    }

    /// The first day by which `share` of the spells had reached the awaited end; the midpoint where exactly that share had
    /// over a stretch. None where it was never reached. Limits by inverting the limits of the share still waiting.
    pub fn quantile(&self, share: f64) -> Option<Estimate> {
        let waiting = 1.0 - share;
        let left = |step: &Step| 1.0 - step.incidence;
        let first = self.steps.iter().find(|step| left(step) <= waiting + 1e-12)?;
        let next = self.steps.iter().find(|step| left(step) < waiting - 1e-12);
        let exact = (left(first) - waiting).abs() < 1e-12;
        // Flat to the end of follow-up, the stretch ends there, as in R's survival: quantile(survfit(Surv(1:4,
        // c(1, 1, 0, 0)) ~ 1), 0.5) is 3.
        let end = next.map_or(self.spells.last()?.time, |next| next.time);
        let value = if exact { f64::midpoint(f64::from(first.time), f64::from(end)) } else { f64::from(first.time) };
        // Limits fall with time as the share does, so the first to cross is found by halving. Where nobody waits any more
        // no limits are defined: a limit that would cross only there is none.
        let crossing = |limit: fn(Estimate) -> Option<f64>| {
            let crossed = |step: &Step| {
                let share = self.limits_at(step);
                share.value <= 0.0 || limit(share).is_some_and(|limit| limit <= waiting)
            };
            let at = self.steps.partition_point(|step| !crossed(step));
            let step = self.steps.get(at).filter(|step| left(step) > 1e-12)?;
            Some(f64::from(step.time))
        };
        let lower = crossing(|share| share.lower);
        let upper = crossing(|share| share.upper);
        Some(Estimate { value, lower: lower.map(|lower| lower.min(value)), upper: upper.map(|upper| upper.max(value)) })
    }

    /// The share still waiting at a step, with its limits.
    fn limits_at(&self, at: &Step) -> Estimate {
        let se = self.standard_error(|step| f64::from(u8::from(step.time <= at.time)));
        log_log((1.0 - at.incidence).clamp(0.0, 1.0), Some(se))
    }

    /// Mean days waiting within the first `days`: the area beneath the share still waiting. None where nobody was followed
    /// so long and not every spell had ended.
    pub fn restricted_mean(&self, days: u32) -> Option<Estimate> {
        self.still_waiting_at(days)?;
        let area: f64 = self.weights(|step| f64::from(days.saturating_sub(step.time)));
        let value = f64::from(days) - area;
        let half = Z95 * self.standard_error(|step| f64::from(days.saturating_sub(step.time)));
        let limits = half > 0.0;
        Some(Estimate {
            value,
            lower: limits.then(|| (value - half).max(0.0)),
            upper: limits.then(|| (value + half).min(f64::from(days))),
        })
    }

    fn incidence_at(&self, day: u32) -> f64 {
        self.steps.iter().rev().find(|step| step.time <= day).map_or(0.0, |step| step.incidence)
    }

    /// Σ weight(t) × d incidence(t).
    fn weights(&self, weight: impl Fn(&Step) -> f64) -> f64 {
        self.steps.iter().map(|step| weight(step) * step.event_free_before * step.awaited / step.at_risk).sum()
    }

    /// The standard error of Σ weight(t) × d incidence(t): the root of the sum over children of their squared influence.
    ///
    /// A spell's influence on the incidence step at t is G(t−)·dM₁(t)/Y(t) for its own awaited end, less the incidence
    /// still to come × dM(t)/(Y(t)−d(t)) for every ending, where dM is its own ending less the share expected while at risk.
    fn standard_error(&self, weight: impl Fn(&Step) -> f64) -> f64 {
        let total = self.weights(&weight);
        let mut so_far = 0.0;
        // What one spell at risk over a step loses by expectation, cumulated; and what its own ending at the step gives.
        let mut expected = 0.0;
        let mut by_time: BTreeMap<u32, (f64, f64, f64)> = BTreeMap::new();
        for step in &self.steps {
            let gain = weight(step) * step.event_free_before / step.at_risk;
            so_far += gain * step.awaited;
            let later = total - so_far;
            let survivors = step.at_risk - step.ended;
            let loss = if survivors > 0.0 { later / survivors } else { 0.0 };
            expected += (gain * step.awaited - loss * step.ended) / step.at_risk;
            by_time.insert(step.time, (expected, gain, loss));
        }
        let mut by_child: BTreeMap<i64, f64> = BTreeMap::new();
        for spell in &self.spells {
            let expected = by_time.range(..=spell.time).next_back().map_or(0.0, |(_, (expected, _, _))| *expected);
            let (gain, loss) = by_time.get(&spell.time).map_or((0.0, 0.0), |(_, gain, loss)| (*gain, *loss));
            let own = match spell.cause {
                1 => gain - loss,
                2 => -loss,
                _ => 0.0,
            };
            *by_child.entry(spell.child).or_default() += own - expected;
        }
        by_child.values().map(|influence| influence * influence).sum::<f64>().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spells(rows: &[(u32, u8)]) -> Vec<WaitingSpell> {
        rows.iter().zip(1..).map(|(&(time, cause), child)| WaitingSpell { time, cause, child }).collect()
    }

    fn near(left: Option<f64>, right: f64) {
        assert!((left.unwrap() - right).abs() < 1e-9, "{left:?} is not {right}");
    }

    #[test]
    fn by_hand_with_a_competing_end_and_an_open_spell() {
        // Five clocks: awaited on day 2, other end on day 3, awaited on day 5, open on day 5, open on day 9.
        let waiting = Waiting::new(spells(&[(2, 1), (3, 2), (5, 1), (5, 0), (9, 0)]), 1);
        // Incidence: 1/5; then event-free 4/5, 3/5; then + 3/5 × 1/3 = 2/5.
        near(waiting.still_waiting_at(1).map(|share| share.value), 1.0);
        near(waiting.still_waiting_at(2).map(|share| share.value), 0.8);
        near(waiting.still_waiting_at(4).map(|share| share.value), 0.8);
        near(waiting.still_waiting_at(5).map(|share| share.value), 0.6);
        assert_eq!(waiting.still_waiting_at(10), None, "nobody was followed so long");
        assert_eq!(waiting.quantile(0.5), None, "never reached");
        near(waiting.quantile(0.2).map(|day| day.value), 3.5);
        // Area: 2 + 3 × 0.8 + 1 × 0.6.
        near(waiting.restricted_mean(6).map(|mean| mean.value), 5.0);
    }

    #[test]
    fn without_censoring_the_variance_is_binomial() {
        let rows: Vec<(u32, u8)> = (0..40).map(|day| (day, if day % 4 == 0 { 2 } else { 1 })).collect();
        let waiting = Waiting::new(spells(&rows), 1);
        // By day 19, 15 of 40 were assessed.
        let se = waiting.standard_error(|step| f64::from(u8::from(step.time <= 19)));
        near(Some(se * se), 0.375 * 0.625 / 40.0);
    }

    #[test]
    fn spells_of_one_child_are_one_child() {
        let alone = Waiting::new(spells(&[(2, 1), (4, 0), (6, 1), (9, 2)]), 1);
        let twice = spells(&[(2, 1), (2, 1), (4, 0), (4, 0), (6, 1), (6, 1), (9, 2), (9, 2)]);
        let paired = twice.iter().zip([1, 1, 2, 2, 3, 3, 4, 4]).map(|(spell, child)| WaitingSpell { child, ..*spell });
        let clustered = Waiting::new(paired.collect(), 1);
        let at = |waiting: &Waiting| waiting.still_waiting_at(5).unwrap();
        near(at(&clustered).lower, at(&alone).lower.unwrap());
    }

    #[test]
    fn quantiles_as_r_gives_them() {
        // R 4, survival: quantile(survfit(Surv(1:6, rep(1, 6)) ~ 1, conf.type = "log-log"), 0.5) is 3.5, limits 1 and NA.
        let all = Waiting::new(spells(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)]), 1);
        assert_eq!(all.quantile(0.5), Some(Estimate { value: 3.5, lower: Some(1.0), upper: None }));
        let flat = Waiting::new(spells(&[(1, 1), (2, 1), (3, 0), (4, 0)]), 1);
        near(flat.quantile(0.5).map(|day| day.value), 3.0);
    }

    #[test]
    fn the_ends_of_the_scale_have_no_limits() {
        let open = Waiting::new(spells(&[(9, 0), (9, 0)]), 1).still_waiting_at(5).unwrap();
        assert_eq!(open, Estimate { value: 1.0, lower: None, upper: None });
        assert_eq!(Waiting::new(Vec::new(), 1).still_waiting_at(5), None);
        let at_once = Waiting::new(spells(&[(0, 1), (0, 1)]), 1);
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
        let all = rows.iter().map(|&(time, cause, child)| WaitingSpell { time, cause, child }).collect();
        let waiting = Waiting::new(all, 1);
        for (day, incidence, se) in [
            (2, 0.1, 0.088_317_608_663),
            (5, 0.2, 0.123_288_280_059),
            (8, 0.316_666_666_667, 0.145_638_229_278),
            (12, 0.472_222_222_222, 0.124_232_900_003),
        ] {
            near(waiting.still_waiting_at(day).map(|share| 1.0 - share.value), incidence);
            near(Some(waiting.standard_error(|step| f64::from(u8::from(step.time <= day)))), se);
        }
    }

    proptest! {
        #[test]
        fn incidences_and_those_left_make_one(rows in prop::collection::vec((0_u32..30, 0_u8..3, 0_i64..20), 1..60)) {
            let of = |awaited: u8| {
                let all = rows.iter().map(|&(time, cause, child)| WaitingSpell { time, cause, child });
                Waiting::new(all.collect(), awaited)
            };
            let (one, two) = (of(1), of(2));
            let left = one.steps.last().map_or(1.0, |step| step.event_free_before * (1.0 - step.ended / step.at_risk));
            prop_assert!((one.incidence_at(30) + two.incidence_at(30) + left - 1.0).abs() < 1e-9);
            for share in (0..30).filter_map(|day| one.still_waiting_at(day)) {
                prop_assert!(share.lower.is_none_or(|lower| lower <= share.value));
                prop_assert!(share.upper.is_none_or(|upper| upper >= share.value));
            }
        }
    }
}
