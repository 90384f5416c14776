//! Disclosure control: the one stage between exact figures and an edition that a board may read.
//!
//! Measures hand over [`ExactFigure`]s; a plain `Figure` comes out of here only, by [`protect`] for the board edition or
//! by [`exact_for_restricted`] for the restricted one. Knows nothing of files, frames or pages.
//!
//! What it does today: primary suppression by distinct children and by dominance, hidden totals hide what is beneath them,
//! and a greedy second step within each table so that no single hidden cell is the difference of shown ones. It does not
//! yet link months with twelve-month windows, nor choose second cells by integer programming, nor audit earlier releases.

mod counts;
mod display;
mod policy;
mod primary;
mod secondary;
#[cfg(test)]
mod tests;

use crate::domain::Figure;

pub use counts::protect_counts;
use policy::Rules;
pub use policy::{Policy, UnknownPolicy};

/// A figure as worked out, with the children behind it. Not for showing.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactFigure {
    /// The figure.
    pub figure: Figure,
    /// How many children it rests on.
    pub contributors: Contributors,
}

/// How many distinct children a figure rests on, whatever its unit: thirty nights can be one child.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Contributors {
    /// Distinct children in the numerator; for a survival figure, children still at risk at that time; for a quantile,
    /// children in the cohort.
    pub numerator_children: u32,
    /// Distinct children in the denominator or cohort.
    pub denominator_children: u32,
    /// For a magnitude (nights, child-days): share of the numerator's total, 0 to 1, that comes from the one child and
    /// from the two children who have most of it.
    pub largest_share: Option<(f64, f64)>,
}

/// Works out a 95 % interval anew from the displayed counts of a figure.
pub type IntervalOf<'a> = &'a dyn Fn(&Figure) -> Option<(f64, f64)>;

/// Figures for the board edition, ordered by measure, dimension, level, part and period.
///
/// Where the policy rounds counts, values are worked out again from the rounded counts and carry no interval; give
/// [`protect_with`] the means to make one.
pub fn protect(policy: Policy, figures: Vec<ExactFigure>) -> Vec<Figure> {
    protect_with(policy, figures, &|_| None)
}

/// As [`protect`]; `interval` is asked wherever rounding has changed a figure's counts.
pub fn protect_with(policy: Policy, figures: Vec<ExactFigure>, interval: IntervalOf) -> Vec<Figure> {
    apply(policy.rules(), figures, interval)
}

/// Figures for the restricted edition, exact and unprotected, in the same order: for analyst and scrutineer alone.
pub fn exact_for_restricted(figures: &[ExactFigure]) -> Vec<Figure> {
    in_order(figures.iter().map(|exact| exact.figure.clone()).collect())
}

fn apply(rules: Rules, figures: Vec<ExactFigure>, interval: IntervalOf) -> Vec<Figure> {
    let shown =
        secondary::decide(rules, figures).into_iter().map(|cell| display::show(rules, cell, interval)).collect();
    in_order(shown)
}

fn in_order(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort_by(|a, b| order(a).cmp(&order(b)));
    figures
}

type Order<'a> = (&'a str, crate::domain::Dimension, &'a str, Option<&'a str>, crate::domain::Period);

fn order(figure: &Figure) -> Order<'_> {
    (&figure.measure, figure.dimension, figure.group(), figure.part(), figure.period)
}
