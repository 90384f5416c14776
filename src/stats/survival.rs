//! Kaplan-Meier: time to one ending, with late entry. Not for endings that compete (see `CumulativeIncidence` and `Waiting`).

// Exact comparisons are with 0 and 1, which are reached exactly.
#![allow(clippy::float_cmp, reason = "a survival of exactly 0 or 1 is reached exactly")]

use std::collections::BTreeMap;

use super::incidence::{CumulativeIncidence, Ending};
use super::intervals::{Estimate, Z95};

/// One child followed from `entry` (before day 0 where none) to `time`, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// At risk on days after this one; none is before day 0, so that a time of 0 counts.
    pub entry: Option<u32>,
    /// The last day followed.
    pub time: u32,
    /// Whether it ended in the event rather than being censored.
    pub event: bool,
}

/// A row whose entry is not before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry is not before time in row {row}")]
pub struct EntryNotBeforeTime {
    /// Counted from 1.
    pub row: usize,
}

/// One time at which something ended or was censored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalStep {
    /// Days.
    pub time: u32,
    /// Entered before and not ended before.
    pub at_risk: u64,
    /// Events on this day; they come before censorings.
    pub events: u64,
    /// Censored on this day.
    pub censored: u64,
    /// Share surviving after this day.
    pub survival: f64,
    /// Greenwood's standard error of `survival`; none at 0.
    pub se: Option<f64>,
}

impl SurvivalStep {
    /// Survival with log-log limits; no limits at 1 or 0.
    pub fn estimate(&self) -> Estimate {
        log_log(self.survival, self.se)
    }
}

/// The product-limit estimate Π (1 − d/n), a step at each time.
///
/// Greenwood variance, log-log limits. Source: Kaplan and Meier 1958; Klein and Moeschberger 2003, chapter 4.
///
/// ```
/// use sightline::stats::{Followed, KaplanMeier};
/// let child = |time, event| Followed { entry: None, time, event };
/// let curve = KaplanMeier::new(&[child(2, true), child(3, false), child(5, true)]).unwrap();
/// assert!((curve.at(2).unwrap().survival - 2.0 / 3.0).abs() < 1e-12);
/// assert!(curve.at(1).unwrap().estimate().lower.is_none(), "no event yet: no limits");
/// assert!(KaplanMeier::new(&[Followed { entry: Some(4), time: 4, event: true }]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KaplanMeier {
    steps: Vec<SurvivalStep>,
    ends: Vec<(Option<u32>, u32)>,
    /// Where spells of one child are taken together: the same curve, with each child's influence on it.
    by_child: Option<CumulativeIncidence>,
}

impl KaplanMeier {
    /// From rows in any order.
    pub fn new(rows: &[Followed]) -> Result<Self, EntryNotBeforeTime> {
        if let Some(at) = rows.iter().position(|row| row.entry.is_some_and(|entry| entry >= row.time)) {
            return Err(EntryNotBeforeTime { row: at + 1 });
        }
        let mut by_time: BTreeMap<u32, (u64, u64, u64)> = BTreeMap::new();
        for row in rows {
            let (events, censored, _) = by_time.entry(row.time).or_default();
            *(if row.event { events } else { censored }) += 1;
        }
        // Entered on a day is at risk from the day after.
        let mut entries: Vec<u32> = rows.iter().filter_map(|row| row.entry).collect();
        entries.sort_unstable();
        let mut at_risk = rows.len() - entries.len();
        let mut entered = 0;
        let (mut survival, mut sum) = (1.0, 0.0);
        let mut steps = Vec::with_capacity(by_time.len());
        for (time, (events, censored, _)) in by_time {
            let new = entries.iter().skip(entered).take_while(|entry| **entry < time).count();
            entered += new;
            at_risk += new;
            let (n, d) = (at_risk as f64, events as f64);
            survival *= 1.0 - d / n;
            if events > 0 && d < n {
                sum += d / (n * (n - d));
            }
            let se = (survival > 0.0).then(|| survival * f64::sqrt(sum));
            steps.push(SurvivalStep { time, at_risk: at_risk as u64, events, censored, survival, se });
            at_risk -= (events + censored) as usize;
        }
        Ok(Self { steps, ends: rows.iter().map(|row| (row.entry, row.time)).collect(), by_child: None })
    }

    /// From (child, spell) rows: the same curve, with standard errors that take the spells of one child as one (the
    /// infinitesimal jackknife, as R's `survfit(…, cluster = id)`). With one spell a child they are Greenwood's.
    ///
    /// ```
    /// use sightline::stats::{Followed, KaplanMeier};
    /// let spell = |child, time, event| (child, Followed { entry: None, time, event });
    /// let apart = KaplanMeier::clustered(&[spell(1, 2, true), spell(2, 9, false)]).unwrap();
    /// let one_child = KaplanMeier::clustered(&[spell(1, 2, true), spell(1, 9, false)]).unwrap();
    /// assert!((apart.at(2).unwrap().se.unwrap() - 0.125_f64.sqrt()).abs() < 1e-12);
    /// assert!(one_child.at(2).unwrap().se.unwrap() < 1e-12, "one child says nothing of how children vary");
    /// ```
    pub fn clustered(rows: &[(u64, Followed)]) -> Result<Self, EntryNotBeforeTime> {
        let spells: Vec<Followed> = rows.iter().map(|(_, row)| *row).collect();
        let mut curve = Self::new(&spells)?;
        let ending = |(child, row): &(u64, Followed)| Ending {
            child: *child,
            entry: row.entry,
            time: row.time,
            cause: usize::from(row.event),
        };
        let by_child = CumulativeIncidence::new(&rows.iter().map(ending).collect::<Vec<_>>())?;
        let errors: BTreeMap<u32, f64> = by_child.curve(1).into_iter().map(|(time, _, se)| (time, se)).collect();
        for step in &mut curve.steps {
            let under = errors.range(..=step.time).next_back().map_or(0.0, |(_, se)| *se);
            step.se = step.se.map(|_| under);
        }
        curve.by_child = Some(by_child);
        Ok(curve)
    }

    /// How long children were followed, by reverse Kaplan-Meier: censoring is the event, and the event censors.
    ///
    /// Its median is the median follow-up. Source: Schemper and Smith 1996.
    ///
    /// ```
    /// use sightline::stats::{Followed, KaplanMeier};
    /// let child = |time, event| Followed { entry: None, time, event };
    /// let follow_up = KaplanMeier::follow_up(&[child(2, true), child(4, false), child(6, false)]).unwrap();
    /// assert_eq!(follow_up.quantile(0.5).unwrap().value, 5.0);
    /// assert!(KaplanMeier::follow_up(&[child(2, true)]).unwrap().quantile(0.5).is_none(), "nobody was censored");
    /// ```
    pub fn follow_up(rows: &[Followed]) -> Result<Self, EntryNotBeforeTime> {
        let turned: Vec<Followed> = rows.iter().map(|row| Followed { event: !row.event, ..*row }).collect();
        Self::new(&turned)
    }

    /// Every time at which something ended or was censored, in order.
    pub fn steps(&self) -> &[SurvivalStep] {
        &self.steps
    }

    /// Survival after `day`, with the numbers at risk on it. None past the end of follow-up, unless all had the event.
    pub fn at(&self, day: u32) -> Option<SurvivalStep> {
        let last = self.steps.last()?;
        let under = self.steps.iter().rev().find(|step| step.time <= day);
        let survival = under.map_or(1.0, |step| step.survival);
        if day > last.time && survival > 0.0 {
            return None;
        }
        let at_risk = |(entry, time): &&(Option<u32>, u32)| entry.is_none_or(|entry| entry < day) && *time >= day;
        let own = under.filter(|step| step.time == day);
        Some(SurvivalStep {
            time: day,
            at_risk: self.ends.iter().filter(at_risk).count() as u64,
            events: own.map_or(0, |step| step.events),
            censored: own.map_or(0, |step| step.censored),
            survival,
            se: under.map_or(Some(0.0), |step| step.se),
        })
    }

    /// The first day by which a share `q` had the event: survival below 1 − q; the midpoint where it is exactly 1 − q over
    /// a stretch (to the end of follow-up, if it never falls further). None where never reached; limits by inverting the
    /// limits of the curve.
    pub fn quantile(&self, q: f64) -> Option<Estimate> {
        let value = self.crossing(1.0 - q, |step| Some(step.survival))?;
        Some(Estimate {
            value,
            lower: self.crossing(1.0 - q, |step| step.estimate().lower),
            upper: self.crossing(1.0 - q, |step| step.estimate().upper),
        })
    }

    fn crossing(&self, level: f64, of: impl Fn(&SurvivalStep) -> Option<f64>) -> Option<f64> {
        let under = |slack: f64| self.steps.iter().find(|step| of(step).is_some_and(|share| share < level + slack));
        let first = under(1e-9)?;
        if of(first).is_some_and(|share| share < level - 1e-9) {
            return Some(f64::from(first.time));
        }
        let next = under(-1e-9).or(self.steps.last())?;
        Some(f64::midpoint(f64::from(first.time), f64::from(next.time)))
    }

    /// Mean days without the event within the first `tau`: the area under the curve, with its standard error.
    ///
    /// Variance Σ (area from tᵢ to τ)² dᵢ ÷ (nᵢ(nᵢ − dᵢ)). None where `tau` is past the end of follow-up.
    pub fn restricted_mean(&self, tau: u32) -> Option<(f64, f64)> {
        self.at(tau)?;
        let within: Vec<&SurvivalStep> = self.steps.iter().filter(|step| step.time < tau).collect();
        let (mut area, mut variance, mut end) = (0.0, 0.0, tau);
        for step in within.iter().rev() {
            area += step.survival * f64::from(end - step.time);
            end = step.time;
            let (n, d) = (step.at_risk as f64, step.events as f64);
            if d > 0.0 && d < n {
                variance += area * area * d / (n * (n - d));
            }
        }
        let se = self.by_child.as_ref().map_or_else(
            || variance.sqrt(),
            |by_child| by_child.standard_error(1, |time| f64::from(tau.saturating_sub(time))),
        );
        Some((area + f64::from(end), se))
    }
}

/// The most the event's share could be where none was seen among `n` at risk: 1 − 0.05^(1/n), one-sided 95 %.
///
/// ```
/// assert!((sightline::stats::no_event_bound(std::num::NonZeroU64::new(59).unwrap()) - 0.0495).abs() < 1e-4);
/// ```
pub fn no_event_bound(n: std::num::NonZeroU64) -> f64 {
    1.0 - 0.05_f64.powf(1.0 / n.get() as f64)
}

fn log_log(share: f64, se: Option<f64>) -> Estimate {
    let undefined = Estimate { value: share, lower: None, upper: None };
    let Some(se) = se.filter(|se| share > 0.0 && share < 1.0 && *se > 0.0) else {
        return undefined;
    };
    let half = Z95 * se / (share * share.ln().abs());
    Estimate { value: share, lower: Some(share.powf(half.exp())), upper: Some(share.powf((-half).exp())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(left: f64, right: f64, within: f64) {
        assert!((left - right).abs() < within, "{left} is not {right}");
    }

    fn rows(of: &[(i64, u32, u8)]) -> Vec<Followed> {
        of.iter()
            .map(|&(entry, time, event)| Followed { entry: u32::try_from(entry).ok(), time, event: event == 1 })
            .collect()
    }

    /// 6-mercaptopurine, Freireich 1963; survival as printed in Klein and Moeschberger 2003, table 4.1B.
    #[test]
    fn freireich_as_published() {
        let times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35];
        let event = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
        let of: Vec<_> = times.iter().zip(event).map(|(&time, event)| (-1, time, event)).collect();
        let curve = KaplanMeier::new(&rows(&of)).unwrap();
        for (day, survival, se) in [
            (6, 0.857, 0.0764),
            (7, 0.807, 0.0869),
            (10, 0.753, 0.0963),
            (13, 0.690, 0.1068),
            (16, 0.627, 0.1141),
            (22, 0.538, 0.1282),
            (23, 0.448, 0.1346),
        ] {
            near(curve.at(day).unwrap().survival, survival, 5e-4);
            near(curve.at(day).unwrap().se.unwrap(), se, 1e-4);
        }
        assert_eq!(curve.quantile(0.5).unwrap().value, 23.0);
        assert_eq!(curve.at(36), None);
    }

    #[test]
    fn flat_stretches_take_the_midpoint() {
        // R 4, survival: quantile(survfit(Surv(1:4, c(1,1,1,0)) ~ 1), .5) is 2.5; with c(1,1,0,0) it is 3.
        let median = |events: [u8; 4]| {
            let of: Vec<_> = (1..5).zip(events).map(|(time, event)| (-1, time, event)).collect();
            KaplanMeier::new(&rows(&of)).unwrap().quantile(0.5).map(|median| median.value)
        };
        assert_eq!(median([1, 1, 1, 0]), Some(2.5));
        assert_eq!(median([1, 1, 0, 0]), Some(3.0));
        assert_eq!(median([1, 0, 0, 0]), None, "more than half still waiting");
    }

    #[test]
    fn everyone_and_no_one() {
        // R: survfit(Surv(1:6, rep(1, 6)) ~ 1, conf.type = "log-log"): median 3.5, limits 1 and NA; at 0 no limits.
        let all =
            KaplanMeier::new(&rows(&[(-1, 1, 1), (-1, 2, 1), (-1, 3, 1), (-1, 4, 1), (-1, 5, 1), (-1, 6, 1)])).unwrap();
        assert_eq!(all.quantile(0.5), Some(Estimate { value: 3.5, lower: Some(1.0), upper: None }));
        near(all.at(3).unwrap().estimate().lower.unwrap(), 0.110_948_26, 1e-8);
        assert_eq!(all.at(9).unwrap().estimate(), Estimate { value: 0.0, lower: None, upper: None });
        let none = KaplanMeier::new(&rows(&[(-1, 4, 0), (-1, 4, 0)])).unwrap();
        assert_eq!(none.at(4).unwrap().estimate(), Estimate { value: 1.0, lower: None, upper: None });
        assert_eq!(none.restricted_mean(4), Some((4.0, 0.0)));
        assert_eq!(KaplanMeier::new(&[]).unwrap().at(0), None);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_limits_bracket(of in prop::collection::vec((-1_i64..5, 6_u32..40, 0_u8..2), 1..60)) {
            let curve = KaplanMeier::new(&rows(&of)).unwrap();
            let mut turned = of.clone();
            turned.reverse();
            let other = KaplanMeier::new(&rows(&turned)).unwrap();
            prop_assert_eq!(curve.steps(), other.steps());
            let mut before = 1.0;
            for step in curve.steps() {
                prop_assert!(step.survival <= before && step.survival >= 0.0);
                before = step.survival;
                let estimate = step.estimate();
                prop_assert!(estimate.lower.is_none_or(|lower| lower <= estimate.value));
                prop_assert!(estimate.upper.is_none_or(|upper| upper >= estimate.value));
            }
        }
    }
}
