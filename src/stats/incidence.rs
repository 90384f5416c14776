//! Cumulative incidence of endings that compete (Aalen-Johansen), with late entry and several spells a child. Never one
//! minus Kaplan-Meier of one cause, which counts the other endings as if they had not happened.

#![allow(clippy::indexing_slicing, reason = "rows, children and causes are numbered below the lengths made from them")]

use std::collections::BTreeMap;

use super::survival::EntryNotBeforeTime;

/// One spell at risk of ending in one of several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// Whose it is: several spells of one child are not independent.
    pub child: u64,
    /// At risk on days after this one; none is before day 0, so that a time of 0 counts.
    pub entry: Option<u32>,
    /// The last day followed.
    pub time: u32,
    /// How it ended, from 1; 0 is censored.
    pub cause: usize,
}

/// The share that has ended by each cause by each day: F(t) = Σ S(u−) d(u) ÷ Y(u), S the share not ended in any way.
///
/// Endings precede censorings at the same time; at risk is entry < t ≤ time. Standard errors are the root of the sum over
/// children of their squared influence (the infinitesimal jackknife); with one spell a child and no ties lost, these are
/// Greenwood's. Source: Aalen and Johansen 1978; Therneau and Grambsch 2000, chapter 8.
///
/// ```
/// use sightline::stats::{CumulativeIncidence, Ending};
/// let spell = |child, time, cause| Ending { child, entry: None, time, cause };
/// // Of four, one ends by cause 1 on day 2, one by cause 2 on day 3; two go on.
/// let curves = CumulativeIncidence::new(&[spell(1, 2, 1), spell(2, 3, 2), spell(3, 9, 0), spell(4, 9, 0)]).unwrap();
/// let (share, se) = curves.at(2, 5).unwrap();
/// assert!((share - 0.25).abs() < 1e-12 && (se * se - 0.25 * 0.75 / 4.0).abs() < 1e-12);
/// assert!(curves.at(2, 10).is_none(), "nobody was followed so long");
/// assert!(CumulativeIncidence::new(&[Ending { entry: Some(4), ..spell(1, 4, 1) }]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CumulativeIncidence {
    rows: Vec<Ending>,
    children: usize,
    causes: usize,
    steps: Vec<Step>,
}

/// One time at which something ended.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    time: u32,
    at_risk: f64,
    /// By cause; the first is cause 1.
    ends: Vec<f64>,
    /// The share not ended just before.
    left_before: f64,
}

impl Step {
    fn all(&self) -> f64 {
        self.ends.iter().sum()
    }

    fn hazard(&self) -> f64 {
        self.all() / self.at_risk
    }

    fn gain(&self, cause: usize) -> f64 {
        self.left_before * self.ends.get(cause - 1).copied().unwrap_or(0.0) / self.at_risk
    }
}

impl CumulativeIncidence {
    /// From rows in any order; the error names the first row (from 1) whose entry is not before its time.
    pub fn new(rows: &[Ending]) -> Result<Self, EntryNotBeforeTime> {
        if let Some(at) = rows.iter().position(|row| row.entry.is_some_and(|entry| entry >= row.time)) {
            return Err(EntryNotBeforeTime { row: at + 1 });
        }
        // Sorted, so that no order of rows shows in the last digit of a sum; children numbered from 0.
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let numbers: BTreeMap<u64, u64> = {
            let mut ids: Vec<u64> = rows.iter().map(|row| row.child).collect();
            ids.dedup();
            ids.into_iter().zip(0..).collect()
        };
        for row in &mut rows {
            row.child = numbers.get(&row.child).copied().unwrap_or(0);
        }
        let causes = rows.iter().map(|row| row.cause).max().unwrap_or(0);
        let mut times: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.cause > 0) {
            times.entry(row.time).or_insert_with(|| vec![0.0; causes])[row.cause - 1] += 1.0;
        }
        let mut left = 1.0;
        let mut steps = Vec::with_capacity(times.len());
        for (time, ends) in times {
            let at_risk = rows.iter().filter(|row| row.covers(time)).count() as f64;
            let step = Step { time, at_risk, ends, left_before: left };
            // Exactly 0 when all at risk end, so that rounding leaves nobody behind.
            left *= if step.all() >= at_risk { 0.0 } else { 1.0 - step.hazard() };
            steps.push(step);
        }
        Ok(Self { children: numbers.len(), rows, causes, steps })
    }

    /// The number of causes seen, which are 1 up to this.
    pub fn causes(&self) -> usize {
        self.causes
    }

    /// The days on which something ended, with the share by then ended by `cause` and its standard error.
    pub fn curve(&self, cause: usize) -> Vec<(u32, f64, f64)> {
        let mut curve = Vec::with_capacity(self.steps.len());
        let mut share = 0.0;
        self.pass(
            cause,
            |_| 1.0,
            |step, influence| {
                share += step.gain(cause);
                curve.push((step.time, share, root_of_squares(influence)));
            },
        );
        curve
    }

    /// The share ended by `cause` by `day`, with its standard error. None past the end of follow-up, unless all had ended.
    pub fn at(&self, cause: usize, day: u32) -> Option<(f64, f64)> {
        let followed = self.rows.iter().any(|row| row.time >= day);
        if !followed && (self.steps.is_empty() || self.left_at(day) > 0.0) {
            return None;
        }
        let within = |time: u32| f64::from(u8::from(time <= day));
        Some((self.weighted(cause, within), self.standard_error(cause, within)))
    }

    /// The share not ended in any way by `day`.
    pub fn left_at(&self, day: u32) -> f64 {
        let last = self.steps.iter().rev().find(|step| step.time <= day);
        last.map_or(1.0, |step| if step.all() >= step.at_risk { 0.0 } else { step.left_before * (1.0 - step.hazard()) })
    }

    /// Σ weight(t) dF(t).
    fn weighted(&self, cause: usize, weight: impl Fn(u32) -> f64) -> f64 {
        self.steps.iter().map(|step| weight(step.time) * step.gain(cause)).sum()
    }

    /// The standard error of Σ weight(t) dF(t): 1 up to a day for the incidence on it, the days left for an area.
    pub(super) fn standard_error(&self, cause: usize, weight: impl Fn(u32) -> f64) -> f64 {
        let mut se = 0.0;
        self.pass(cause, weight, |_, influence| se = root_of_squares(influence));
        se
    }

    /// Goes through the steps with each child's influence on Σ weight dF so far.
    ///
    /// A spell at risk moves its own step by S(t−)(dN − dF/S)/Y, and all later ones through S by its dM/(Y − d).
    fn pass(&self, cause: usize, weight: impl Fn(u32) -> f64, mut see: impl FnMut(&Step, &[f64])) {
        let (mut of_share, mut of_left) = (vec![0.0; self.children], vec![0.0; self.children]);
        for step in &self.steps {
            let (gain, weight) = (step.gain(cause), weight(step.time));
            for (share, left) in of_share.iter_mut().zip(&of_left) {
                *share -= weight * gain * left;
            }
            let survivors = step.at_risk - step.all();
            for row in self.rows.iter().filter(|row| row.covers(step.time)) {
                let own = |happened: bool| f64::from(u8::from(happened && row.time == step.time));
                let child = row.child as usize;
                of_share[child] += weight * (step.left_before * own(row.cause == cause) - gain) / step.at_risk;
                if survivors > 0.0 {
                    of_left[child] += (own(row.cause > 0) - step.hazard()) / survivors;
                }
            }
            see(step, &of_share);
        }
    }
}

impl Ending {
    fn covers(&self, day: u32) -> bool {
        self.entry.is_none_or(|entry| entry < day) && self.time >= day
    }
}

fn root_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;
