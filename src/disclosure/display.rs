//! A figure as the board edition shows it: withheld, rounded, or as it is. Everything derives from displayed counts.

use crate::domain::{Figure, Symbol, Unit};

use super::{IntervalOf, Rules};

/// Decimals kept of a share read off a curve: it is worked out from children's rows, so more would tell counts.
const DECIMALS_OF_A_SHARE: i32 = 3;
/// Decimals kept of a quantile in days or hours.
const DECIMALS_OF_A_TIME: i32 = 1;
/// Significant figures kept of an interval's ends.
const FIGURES_OF_AN_END: i32 = 3;

/// The figure as shown.
pub(super) fn show(rules: Rules, figure: Figure, hidden: bool, interval: IntervalOf) -> Figure {
    if hidden {
        withheld(figure)
    } else if figure.numerator.is_none() {
        read_off_a_curve(rules, figure)
    } else if rules.rounded_to.is_some() {
        from_rounded_counts(rules, figure, interval)
    } else {
        with_rounded_interval(figure)
    }
}

/// An interval that needs the children's rows (clustered, bootstrap) tells of them: its ends are rounded.
fn with_rounded_interval(figure: Figure) -> Figure {
    let round = |end: Option<f64>| end.map(|end| to_figures(end, FIGURES_OF_AN_END));
    Figure { lower: round(figure.lower), upper: round(figure.upper), ..figure }
}

/// A number to so many significant figures.
fn to_figures(number: f64, figures: i32) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let scale = 10_f64.powi(figures - 1 - number.abs().log10().floor() as i32);
    (number * scale).round() / scale
}

/// Primary and secondary suppression look the same.
fn withheld(figure: Figure) -> Figure {
    Figure {
        numerator: None,
        denominator: None,
        value: None,
        lower: None,
        upper: None,
        symbol: Some(Symbol::Confidential),
        ..figure
    }
}

/// Survival and quantile figures are worked out from the children's rows: rounded, with the cohort's size as shown.
fn read_off_a_curve(rules: Rules, figure: Figure) -> Figure {
    let decimals = match figure.unit {
        Unit::Proportion => DECIMALS_OF_A_SHARE,
        _ => DECIMALS_OF_A_TIME,
    };
    let round = |number: Option<f64>| {
        let scale = 10_f64.powi(decimals);
        number.map(|number| (number * scale).round() / scale)
    };
    Figure {
        denominator: figure.denominator.map(|count| rules.rounds(count)),
        value: round(figure.value),
        lower: round(figure.lower),
        upper: round(figure.upper),
        ..figure
    }
}

/// The value worked out again from the rounded counts; an interval only where one can be made from them.
fn from_rounded_counts(rules: Rules, figure: Figure, interval: IntervalOf) -> Figure {
    let numerator = figure.numerator.map(|count| rules.rounds(count));
    let denominator = figure.denominator.map(|count| rules.rounds(count));
    let value = figure.value.and(numerator).and_then(|numerator| value_of(numerator, denominator, figure.unit));
    let symbol = figure.symbol.or((figure.value.is_some() && value.is_none()).then_some(Symbol::NotApplicable));
    let mut shown = Figure { numerator, denominator, value, lower: None, upper: None, symbol, ..figure };
    if shown.value.is_some()
        && let Some((lower, upper)) = interval(&shown)
    {
        shown.lower = Some(lower);
        shown.upper = Some(upper);
    }
    shown
}

/// A count is its own value; a rate or proportion is one count over the other; none with nothing to divide by.
fn value_of(numerator: i64, denominator: Option<i64>, unit: Unit) -> Option<f64> {
    match (unit, denominator) {
        (Unit::Children | Unit::Count | Unit::Needs, _) | (_, None) => Some(numerator as f64),
        (_, Some(0)) => None,
        (unit, Some(denominator)) => Some(numerator as f64 / denominator as f64 * unit.multiplier()),
    }
}
