//! Done but unmoved: a completed action against the outcome it was meant to move, since it was completed.
//!
//! Works from displayed monthly figures alone. It says what the figure did, never that the action did it: one series without
//! a control cannot tell.

use chrono::NaiveDate;

use crate::domain::Month;
use crate::stats::{Family, SeriesPoint, segmented};

/// Complete months after the month of completion before anything is said. After a true fall of a quarter in a small area a
/// signal comes within six months only one time in four.
pub const MONTHS_BEFORE_TELLING: i32 = 9;
/// Complete months on each side below which a series is described, not tested.
const FEWEST_A_SIDE: usize = 8;
/// Months over which errors may be correlated (Newey-West).
pub const LAG_MONTHS: usize = 3;

/// One complete month's displayed figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// When.
    pub month: Month,
    /// The value.
    pub value: f64,
    /// Count and what it is of, for a rate; none for a share or a stock.
    pub counts: Option<(f64, f64)>,
}

/// What the outcome has done since.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moved {
    /// Fewer than nine complete months have passed.
    TooEarly {
        /// Complete months since.
        months: i32,
    },
    /// The displayed figures cannot answer.
    CannotBeKnown(WhyNot),
    /// The whole interval lies on the better side.
    Improving(Effect),
    /// The interval reaches across no change.
    NoClearChange(Effect),
    /// The whole interval lies on the worse side.
    GettingWorse(Effect),
}

/// Why the displayed figures cannot answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The release has no such measure.
    NoSuchMeasure,
    /// The data supplied cannot answer the measure.
    NoData,
    /// It has no monthly figure.
    NotMonthly,
    /// Fewer than eight complete months are shown before or after.
    TooFewMonths {
        /// Shown up to the month of completion.
        before: usize,
        /// Shown after it.
        after: usize,
    },
    /// Neither way is better, and the action does not say which way it is meant to move.
    NoDirection,
    /// The model has no solution (a side without events).
    NoFit,
}

/// The latest month against what the line before completion would have come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The month compared.
    pub month: Month,
    /// The difference in the measure's unit; a ratio for rates.
    pub value: f64,
    /// Lower 95 % limit.
    pub lower: f64,
    /// Upper 95 % limit.
    pub upper: f64,
    /// A ratio of rates: 1 is no change. Else a difference: 0 is none.
    pub is_ratio: bool,
    /// Complete months shown up to the month of completion.
    pub months_before: usize,
    /// Complete months shown after it.
    pub months_after: usize,
}

/// Judges one outcome since one completion. `lower_is_better` is none where neither is.
///
/// The month of completion belongs to the time before. Rates: quasi-Poisson with log exposure; else least squares; errors
/// Newey-West with a lag of three months.
///
/// ```
/// use sightline::plan::{Moved, moved};
/// let done_on = "2026-01-20".parse().unwrap();
/// assert_eq!(moved(&[], done_on, "2026-08".parse().unwrap(), Some(true)), Moved::TooEarly { months: 7 });
/// ```
pub fn moved(points: &[Seen], completed_on: NaiveDate, complete_to: Month, lower_is_better: Option<bool>) -> Moved {
    let completed = Month::of(completed_on);
    let months = complete_to.since(completed);
    if months < MONTHS_BEFORE_TELLING {
        return Moved::TooEarly { months: months.max(0) };
    }
    let Some(lower_is_better) = lower_is_better else {
        return Moved::CannotBeKnown(WhyNot::NoDirection);
    };
    let before = points.iter().filter(|point| point.month <= completed).count();
    let after = points.len() - before;
    if before.min(after) < FEWEST_A_SIDE {
        return Moved::CannotBeKnown(WhyNot::TooFewMonths { before, after });
    }
    let Some(effect) = effect(points, completed, (before, after)) else {
        return Moved::CannotBeKnown(WhyNot::NoFit);
    };
    let none = if effect.is_ratio { 1.0 } else { 0.0 };
    match (effect.upper < none, effect.lower > none) {
        (true, _) if lower_is_better => Moved::Improving(effect),
        (_, true) if !lower_is_better => Moved::Improving(effect),
        (false, false) => Moved::NoClearChange(effect),
        _ => Moved::GettingWorse(effect),
    }
}

fn effect(points: &[Seen], completed: Month, (months_before, months_after): (usize, usize)) -> Option<Effect> {
    let first = points.iter().map(|point| point.month).min()?;
    let last = points.iter().map(|point| point.month).max()?;
    let is_ratio = points.iter().all(|point| point.counts.is_some_and(|(_, exposure)| exposure > 0.0));
    let family = if is_ratio { Family::QuasiPoisson } else { Family::Gaussian };
    let mut series: Vec<SeriesPoint> = points
        .iter()
        .map(|point| {
            let (y, exposure) = point.counts.filter(|_| is_ratio).unwrap_or((point.value, 1.0));
            SeriesPoint { t: f64::from(point.month.since(first)), y, post: point.month > completed, exposure }
        })
        .collect();
    series.sort_by(|a, b| a.t.total_cmp(&b.t));
    let fit = segmented(&series, family, LAG_MONTHS)?;
    let estimate = fit.effect_at(f64::from(last.since(first)))?;
    let (lower, upper) = (estimate.lower?, estimate.upper?);
    let sound = [estimate.value, lower, upper].iter().all(|number| number.is_finite());
    sound.then_some(Effect { month: last, value: estimate.value, lower, upper, is_ratio, months_before, months_after })
}
