//! From when a rate per day at risk, or a count of children at risk, can be compared with itself. Reads displayed figures alone.

use chrono::Days;

use crate::domain::{Dimension, Month, Period, TOTAL};
use crate::release::{Edition, Measure, Report, Shape};

/// What a page says of the months before.
pub fn too_short(measure: &Measure) -> String {
    let so_that = if measure.shape == Shape::Stock {
        "not every child at risk was known yet and the count"
    } else {
        "some days at risk were not yet known and the rate"
    };
    format!("before, the records do not reach back as far as a risk period lasts, so that {so_that} cannot be compared")
}

/// The mart of days at risk, as a query names it.
const DAYS_AT_RISK: &str = "days_at_risk";
/// The mart of children at risk at month ends, as a query names it.
const AT_RISK_AT_MONTH_END: &str = "known_at_month_end";
/// The definition that says how long a child stays at risk.
const RISK_LAPSES_DAYS: &str = "risk_lapses_days";

/// The first month by which whoever was at risk when the records began has been seen again, or has lapsed.
///
/// A child is at risk for `risk_lapses_days` after the last signal. A child whose last signal came before the records begin
/// is not in the first months' days at risk, so these are too few and the rate per day is too high, ever less so until that
/// many days have passed; nor is such a child among those counted at the first month ends, so that the count of children at
/// risk rises by itself. None for other measures, and where the days at risk (of a stock: the children) did not double over
/// those months: then the first month shown is not where the records begin.
pub fn reaches_back_from<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    by_time: &[(Period, Option<f64>)],
) -> Option<Month> {
    let needs = |mart: &str| measure.needs.iter().any(|need| need == mart);
    let children = (measure.shape == Shape::Stock).then(|| at_month_ends(measure, report));
    let by_time = match (measure.shape, &children) {
        (Shape::Rate, _) if needs(DAYS_AT_RISK) => by_time,
        (Shape::Stock, Some(children)) if needs(AT_RISK_AT_MONTH_END) => children,
        _ => return None,
    };
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

/// A stock of the whole at each month end.
fn at_month_ends<E: Edition>(measure: &Measure, report: &Report<E>) -> Vec<(Period, Option<f64>)> {
    let own = report
        .figures
        .iter()
        .filter(|figure| figure.measure == measure.id && figure.dimension == Dimension::Total && figure.level == TOTAL);
    own.map(|figure| (figure.period, figure.numerator.map(|count| count as f64))).collect()
}
