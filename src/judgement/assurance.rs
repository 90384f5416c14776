//! How a target fared so far, and what it would take to reach it. Speaks of the past; promises nothing.

use super::Judged;
use super::choose::Method;
use super::series;
use crate::domain::{Month, Period};
use crate::release::{Better, Edition, Measure, Report};

/// Periods counted where a measure has a target but no limits.
const COUNTED: usize = 12;
/// Fewer shown periods say nothing.
const FEWEST_COUNTED: usize = 6;

/// How often the target was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// Usually met so far.
    Met(Basis),
    /// Usually not met so far.
    NotMet(Basis),
    /// Sometimes met, sometimes not.
    Sometimes(Basis),
    /// Too few periods to say.
    CannotTell,
}

/// What the assurance rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The last target against the last limits.
    Limits,
    /// Periods in which the target was met, of those counted: for what has no limits.
    Counted {
        /// Periods that met it.
        met: usize,
        /// Of so many.
        of: usize,
    },
}

/// The way to a target, in the unit of the measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trajectory {
    /// The average of the chart; where moves are judged, the latest value.
    pub from: f64,
    /// The latest complete period.
    pub at: Period,
    /// The target.
    pub to: f64,
    /// Its month.
    pub by: Month,
    /// What each month left would have to bring; none where the date has passed.
    pub per_month: Option<f64>,
    /// Whether the average is already on the right side.
    pub reached: bool,
}

fn meets(better: Better, value: f64, target: f64) -> Option<bool> {
    match better {
        Better::Lower => Some(value <= target),
        Better::Higher => Some(value >= target),
        Better::Neither => None,
    }
}

/// The last target against the last limits; where there are none, how many of the last twelve periods met it.
pub(super) fn assurance<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    points: &[Judged],
    method: Method,
) -> Option<Assurance> {
    let target = measure.target.as_ref()?.value;
    meets(measure.better, target, target)?;
    let limits = points.iter().rev().find(|point| point.value.is_some() && !point.provisional)?.limits;
    if let Some((lower, upper)) = limits.filter(|_| !method.judges_moves()) {
        let (below, above) = match measure.better {
            Better::Higher => (Assurance::NotMet(Basis::Limits), Assurance::Met(Basis::Limits)),
            _ => (Assurance::Met(Basis::Limits), Assurance::NotMet(Basis::Limits)),
        };
        // The whole of the limits lies below the target, or above it.
        return Some(if upper < target {
            below
        } else if lower > target {
            above
        } else {
            Assurance::Sometimes(Basis::Limits)
        });
    }
    let values: Vec<f64> = series::headline(measure, report)
        .into_iter()
        .rev()
        .filter(|figure| !figure.provisional && !matches!(figure.period, Period::TwelveMonthsTo(_)))
        .take(COUNTED)
        .filter_map(|figure| figure.value)
        .collect();
    if values.len() < FEWEST_COUNTED {
        return Some(Assurance::CannotTell);
    }
    let met = values.iter().filter(|value| meets(measure.better, **value, target) == Some(true)).count();
    let of = values.len();
    let basis = Basis::Counted { met, of };
    Some(if met * 4 >= of * 3 {
        Assurance::Met(basis)
    } else if met * 4 <= of {
        Assurance::NotMet(basis)
    } else {
        Assurance::Sometimes(basis)
    })
}

/// From the chart's average, or where moves are judged the latest value, straight to the target on its date.
pub(super) fn trajectory<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    points: &[Judged],
    method: Method,
) -> Option<Trajectory> {
    let target = measure.target.as_ref()?;
    let latest = series::latest(measure, report)?;
    let last = points.iter().rev().find(|point| point.value.is_some() && !point.provisional)?;
    let from = if method.judges_moves() { latest.value? } else { last.centre.or(latest.value)? };
    let by = Month::of(target.by);
    let left = by.since(latest.period.last_month());
    Some(Trajectory {
        from,
        at: latest.period,
        to: target.value,
        by,
        per_month: (left > 0).then(|| (target.value - from) / f64::from(left)),
        reached: meets(measure.better, from, target.value)?,
    })
}
