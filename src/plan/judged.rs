//! One outcome of a release since one completion, from displayed figures alone.

use chrono::NaiveDate;

use super::moved::{Moved, Seen, WhyNot, moved};
use crate::domain::{Dimension, Figure, Period, TOTAL};
use crate::measures::reaches_back_from;
use crate::release::{Better, Edition, Expected, Measure, Report, Shape, Sufficiency};

/// The whole's monthly headline figures, by time: what a chart of the outcome shows.
pub fn monthly<'a, E: Edition>(report: &'a Report<E>, measure: &Measure) -> Vec<&'a Figure> {
    let mut figures: Vec<&Figure> = report
        .figures
        .iter()
        .filter(|figure| {
            figure.measure == measure.id
                && figure.dimension == Dimension::Total
                && figure.group() == TOTAL
                && figure.part() == measure.headline_part.as_deref()
                && matches!(figure.period, Period::Month(_))
        })
        .collect();
    figures.sort_by_key(|figure| figure.period.last_month());
    figures
}

/// What a measure has done since an action was completed. Provisional and withheld months are gaps.
pub fn judged<E: Edition>(
    report: &Report<E>,
    measure_id: &str,
    completed_on: NaiveDate,
    expected: Option<Expected>,
) -> Moved {
    let Some(measure) = report.measures.iter().find(|measure| measure.id == measure_id) else {
        return Moved::CannotBeKnown(WhyNot::NoSuchMeasure);
    };
    if matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
        return Moved::CannotBeKnown(WhyNot::NoData);
    }
    let mut figures = monthly(report, measure);
    let days: Vec<_> =
        figures.iter().map(|figure| (figure.period, figure.denominator.map(|days| days as f64))).collect();
    if let Some(from) = reaches_back_from(measure, report, &days) {
        figures.retain(|figure| figure.period.first_month() >= from);
    }
    let complete = || figures.iter().filter(|figure| !figure.provisional);
    let Some(complete_to) = complete().map(|figure| figure.period.last_month()).max() else {
        return Moved::CannotBeKnown(WhyNot::NotMonthly);
    };
    let points: Vec<Seen> = complete()
        .filter_map(|figure| {
            let counts = figure.numerator.zip(figure.denominator).map(|(count, of)| (count as f64, of as f64));
            Some(Seen {
                month: figure.period.last_month(),
                value: figure.value?,
                counts: counts.filter(|_| measure.shape == Shape::Rate),
            })
        })
        .collect();
    let lower_is_better = match (measure.better, expected) {
        (Better::Lower, _) | (Better::Neither, Some(Expected::Down)) => Some(true),
        (Better::Higher, _) | (Better::Neither, Some(Expected::Up)) => Some(false),
        (Better::Neither, None) => None,
    };
    moved(&points, completed_on, complete_to, lower_is_better)
}
