//! When the whole moves one way because the mix of children changed, while every group moves the other way.

use std::collections::BTreeMap;

use super::series::compared_from;
use crate::domain::{Dimension, Figure, Month, Period};
use crate::release::{Edition, Measure, Report, Shape};

/// Months between the two windows compared, so that they do not overlap.
const APART: i32 = 12;

/// The whole went one way from one year to the next, and every group of a dimension the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseMix {
    /// The dimension whose groups all went the other way.
    pub dimension: Dimension,
    /// The last month of the later year.
    pub to: Month,
    /// Whether the whole rose.
    pub whole_rose: bool,
}

/// The first dimension in which every group went against the whole between the latest twelve months and the twelve before
/// (Simpson's paradox). From displayed figures: a withheld group says nothing, and fewer than two groups shown in both
/// years are no mix.
///
/// Source: STATISTICS, traps the product must not fall into ("an overall fall while every group rises").
pub fn case_mix<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<CaseMix> {
    if !matches!(measure.shape, Shape::Proportion | Shape::Rate) {
        return None;
    }
    let from = compared_from(measure, report);
    let complete = |figure: &&Figure| !figure.provisional && figure.part() == measure.headline_part.as_deref();
    let figures: Vec<&Figure> = report.figures_of(&measure.id).iter().filter(complete).collect();
    let changes = |dimension: Dimension, to: Month| {
        let at = |month: Month| {
            let own = figures
                .iter()
                .filter(move |figure| figure.dimension == dimension && figure.period == Period::TwelveMonthsTo(month));
            own.filter_map(|figure| Some((figure.group(), figure.value?))).collect::<BTreeMap<&str, f64>>()
        };
        let before = at(to.plus(-APART));
        let after = at(to);
        after.iter().filter_map(|(group, value)| Some(value - before.get(group)?)).collect::<Vec<f64>>()
    };
    Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Total).find_map(|dimension| {
        let own = figures.iter().filter(|figure| figure.dimension == dimension && figure.value.is_some());
        let to = own.map(|figure| figure.period.last_month()).max()?;
        let earlier = to.plus(-APART - 11);
        if from.is_some_and(|from| earlier < from) {
            return None;
        }
        let whole = *changes(Dimension::Total, to).first()?;
        let groups = changes(dimension, to);
        let against = groups.len() > 1 && groups.iter().all(|change| change * whole < 0.0);
        against.then_some(CaseMix { dimension, to, whole_rose: whole > 0.0 })
    })
}
