//! The whole count on top of a figure, given or implied.

use crate::domain::{Figure, Unit};

/// The numerator, or for a share read off a curve the count that share × size comes to.
pub(super) fn of(figure: &Figure) -> Option<i64> {
    figure.numerator.or_else(|| implied(figure))
}

/// Share × size, to the nearest whole: exact where nobody is censored.
pub(super) fn implied(figure: &Figure) -> Option<i64> {
    match (figure.unit, figure.numerator, figure.value, figure.denominator) {
        (Unit::Proportion, None, Some(value), Some(size)) => Some((value * size as f64).round() as i64),
        _ => None,
    }
}
