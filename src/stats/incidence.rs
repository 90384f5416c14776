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
    rows: Vec<Row>,
    children: usize,
    causes: usize,
    steps: Vec<Step>,
    /// The last day on which anyone was followed.
    followed_to: Option<u32>,
}

/// A spell among the steps.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    /// From 0, in the order of their ids.
    child: usize,
    /// At risk at the steps from this one.
    first: usize,
    /// And before this one.
    end: usize,
    /// How it ended, at the last step at risk; 0 where it was censored.
    cause: usize,
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

    /// The share not ended from here on: exactly 0 when all at risk end, so that rounding leaves nobody behind.
    fn left_after(&self) -> f64 {
        if self.all() >= self.at_risk { 0.0 } else { self.left_before * (1.0 - self.hazard()) }
    }
}

impl CumulativeIncidence {
    /// From rows in any order; the error names the first row (from 1) whose entry is not before its time.
    pub fn new(rows: &[Ending]) -> Result<Self, EntryNotBeforeTime> {
        if let Some(at) = rows.iter().position(|row| row.entry.is_some_and(|entry| entry >= row.time)) {
            return Err(EntryNotBeforeTime { row: at + 1 });
        }
        // Sorted, so that no order of rows shows in the last digit of a sum.
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let causes = rows.iter().map(|row| row.cause).max().unwrap_or(0);
        let mut times: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.cause > 0) {
            times.entry(row.time).or_insert_with(|| vec![0.0; causes])[row.cause - 1] += 1.0;
        }
        let followed = Followed::new(&rows);
        let mut left_before = 1.0;
        let mut steps = Vec::with_capacity(times.len());
        for (time, ends) in times {
            let step = Step { time, at_risk: followed.at_risk(time), ends, left_before };
            left_before = step.left_after();
            steps.push(step);
        }
        let mut children: Vec<u64> = rows.iter().map(|row| row.child).collect();
        children.dedup();
        let until = |day: u32| steps.partition_point(|step: &Step| step.time <= day);
        let placed = rows.iter().map(|row| Row {
            child: children.partition_point(|child| *child < row.child),
            first: row.entry.map_or(0, until),
            end: until(row.time),
            cause: row.cause,
        });
        Ok(Self { rows: placed.collect(), children: children.len(), causes, followed_to: followed.last(), steps })
    }

    /// The number of causes seen, which are 1 up to this.
    pub fn causes(&self) -> usize {
        self.causes
    }

    /// The days on which something ended, with the share by then ended by `cause` and its standard error.
    pub fn curve(&self, cause: usize) -> Vec<(u32, f64, f64)> {
        let mut share = 0.0;
        let point = |step: &Step| {
            share += step.gain(cause);
            (step.time, share, self.standard_error(cause, within(step.time)))
        };
        self.steps.iter().map(point).collect()
    }

    /// The days on which something ended, with the share by then ended by `cause`.
    pub(super) fn shares(&self, cause: usize) -> impl Iterator<Item = (u32, f64)> {
        self.steps.iter().scan(0.0, move |share, step| {
            *share += step.gain(cause);
            Some((step.time, *share))
        })
    }

    /// The share ended by `cause` by `day`, with its standard error. None past the end of follow-up, unless all had ended.
    pub fn at(&self, cause: usize, day: u32) -> Option<(f64, f64)> {
        self.reaches(day).then(|| (self.weighted(cause, within(day)), self.standard_error(cause, within(day))))
    }

    /// Whether anyone was followed for `day` days, or all had ended before.
    pub(super) fn reaches(&self, day: u32) -> bool {
        self.followed_to.is_some_and(|last| last >= day) || (!self.steps.is_empty() && self.left_at(day) <= 0.0)
    }

    /// The last day on which anyone was followed.
    pub(super) fn followed_to(&self) -> Option<u32> {
        self.followed_to
    }

    /// The share not ended in any way by `day`.
    pub fn left_at(&self, day: u32) -> f64 {
        self.steps.iter().rev().find(|step| step.time <= day).map_or(1.0, Step::left_after)
    }

    /// Σ weight(t) dF(t).
    pub(super) fn weighted(&self, cause: usize, weight: impl Fn(u32) -> f64) -> f64 {
        self.steps.iter().map(|step| weight(step.time) * step.gain(cause)).sum()
    }

    /// The standard error of Σ weight(t) dF(t): 1 up to a day for the incidence on it, the days left for an area.
    ///
    /// An ending of the cause at t gives S(t−)·weight(t) ÷ Y(t); every ending at t takes its part of what was still to come,
    /// the sum of later weight dF, by 1 ÷ (Y(t) − d(t)); and each spell at risk at t gives back what was to be expected of
    /// it there. A child's influence is the sum over its spells.
    pub(super) fn standard_error(&self, cause: usize, weight: impl Fn(u32) -> f64) -> f64 {
        let mut to_come = self.weighted(cause, &weight);
        // By step: what an ending of the cause gives and any ending takes; and what is expected of a spell before it.
        let (mut gives, mut takes) = (Vec::with_capacity(self.steps.len()), Vec::with_capacity(self.steps.len()));
        let mut expected_before = vec![0.0];
        let mut expected = 0.0;
        for step in &self.steps {
            let weight = weight(step.time);
            to_come -= weight * step.gain(cause);
            let survivors = step.at_risk - step.all();
            let take = if survivors > 0.0 { to_come / survivors } else { 0.0 };
            expected += (weight * step.gain(cause) - take * step.all()) / step.at_risk;
            gives.push(weight * step.left_before / step.at_risk);
            takes.push(take);
            expected_before.push(expected);
        }
        let mut influence = vec![0.0; self.children];
        for row in &self.rows {
            let own = match row.cause {
                0 => 0.0,
                own if own == cause => gives[row.end - 1] - takes[row.end - 1],
                _ => -takes[row.end - 1],
            };
            influence[row.child] += own - (expected_before[row.end] - expected_before[row.first]);
        }
        influence.iter().map(|of_child| of_child * of_child).sum::<f64>().sqrt()
    }
}

/// When spells begin and end, to count those at risk.
struct Followed {
    entries: Vec<u32>,
    times: Vec<u32>,
}

impl Followed {
    fn new(rows: &[Ending]) -> Self {
        let mut entries: Vec<u32> = rows.iter().filter_map(|row| row.entry).collect();
        let mut times: Vec<u32> = rows.iter().map(|row| row.time).collect();
        entries.sort_unstable();
        times.sort_unstable();
        Self { entries, times }
    }

    /// Those with entry < day ≤ time: all who end on the day or later, but those who had not entered.
    fn at_risk(&self, day: u32) -> f64 {
        let from = |days: &[u32]| days.len() - days.partition_point(|other| *other < day);
        (from(&self.times) - from(&self.entries)) as f64
    }

    fn last(&self) -> Option<u32> {
        self.times.last().copied()
    }
}

/// 1 up to and on `day`, 0 after it.
pub(super) fn within(day: u32) -> impl Fn(u32) -> f64 {
    move |time| f64::from(u8::from(time <= day))
}

#[cfg(test)]
mod tests;
