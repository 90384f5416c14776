//! From when a rate per day at risk can be compared with itself. Reads displayed figures alone.

use chrono::Days;

use crate::domain::{Month, Period};
use crate::release::{Edition, Measure, Report, Shape};

/// What a page says of the months before.
pub const TOO_SHORT: &str = "before, the records do not reach back as far as a risk period lasts, so that some days at risk were not yet known and the rate cannot be compared";

/// The mart of days at risk, as a query names it.
const DAYS_AT_RISK: &str = "days_at_risk";
/// The definition that says how long a child stays at risk.
const RISK_LAPSES_DAYS: &str = "risk_lapses_days";

/// The first month by which whoever was at risk when the records began has been seen again, or has lapsed.
///
/// A child is at risk for `risk_lapses_days` after the last signal. A child whose last signal came before the records begin
/// is not in the first months' days at risk, so these are too few and the rate per day is too high, ever less so until that
/// many days have passed. None for other measures, and where the days at risk did not double over those months: then the
/// first month shown is not where the records begin.
pub fn reaches_back_from<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    by_time: &[(Period, Option<f64>)],
) -> Option<Month> {
    if measure.shape != Shape::Rate || !measure.needs.iter().any(|need| need == DAYS_AT_RISK) {
        return None;
    }
    let lapses = report.about.definitions.iter().find(|one| one.name == RISK_LAPSES_DAYS)?.value.parse().ok()?;
    let first = by_time.first()?.0.first_month();
    let covered_on = first.first_on().checked_add_days(Days::new(lapses))?;
    let month = Month::of(covered_on);
    let from = if month.first_on() == covered_on { month } else { month.next() };
    let (early, late): (Vec<_>, Vec<_>) = by_time
        .iter()
        .filter_map(|(period, days)| Some((*period, (*days)?)))
        .partition(|one| one.0.first_month() < from);
    let ((_, first_days), (_, later_days)) = (early.first()?, late.first()?);
    (first_days * 2.0 <= *later_days).then_some(from)
}
