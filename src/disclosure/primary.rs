//! Primary suppression: what a figure gives away by itself. Counts are of distinct children.

use crate::domain::{Dimension, Figure, Unit};

use super::{Contributors, ExactFigure, Rules, tops};

/// A magnitude is withheld where one child has more than half of it.
const ONE_CHILD_AT_MOST: f64 = 0.5;
/// A magnitude is withheld where two children have more than three quarters of it.
const TWO_CHILDREN_AT_MOST: f64 = 0.75;

/// The counts of children that a shown figure tells. Zero tells of no child.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct GivenAway {
    pub(super) numerator: u32,
    /// Children beneath and not on top, for a proportion.
    pub(super) complement: u32,
    pub(super) denominator: u32,
    /// One or two children make up most of a magnitude.
    dominated: bool,
}

impl GivenAway {
    pub(super) fn by(exact: &ExactFigure) -> Self {
        let figure = &exact.figure;
        let children = exact.contributors;
        if figure.numerator.is_none() && figure.denominator.is_none() && figure.value.is_none() {
            return Self::default();
        }
        Self {
            numerator: numerator_children(figure, children),
            complement: complement_children(figure, children),
            denominator: denominator_children(figure, children),
            dominated: is_dominated(children),
        }
    }

    /// A count from 1 to the threshold, or one or two children who make up most of it.
    pub(super) fn is_withheld(&self, rules: Rules, dimension: Dimension) -> bool {
        (self.dominated && rules.smallest(dimension) > 1)
            || self.counts().into_iter().any(|count| rules.withholds(dimension, count))
    }

    pub(super) fn counts(&self) -> [u32; 3] {
        [self.numerator, self.complement, self.denominator]
    }

    /// The least count it tells: what is hidden second is what tells least. Figures that tell of no child come last.
    pub(super) fn least(&self) -> u32 {
        if self.dominated {
            return 0;
        }
        self.counts().into_iter().filter(|&count| count > 0).min().unwrap_or(u32::MAX)
    }
}

/// Children on top; for a figure without a numerator (survival, quantile) the children still at risk, at least one of whom
/// is taken to be there, since a curve on which nobody is left is not published either.
fn numerator_children(figure: &Figure, children: Contributors) -> u32 {
    match (figure.numerator, figure.denominator) {
        (Some(0), _) | (None, Some(0)) => 0,
        // What a curve tells is a count too, whoever is still at risk.
        (None, Some(_)) if figure.unit == Unit::Proportion => {
            let told = tops::implied(figure).and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
            if told == 0 { 0 } else { told.min(children.numerator_children.max(1)) }
        }
        // A count that names no contributor is taken to be one child's.
        _ => children.numerator_children.max(1),
    }
}

/// Children beneath a proportion and not on top: 27 of 30 tells of 3. A share read off a curve tells as much.
fn complement_children(figure: &Figure, children: Contributors) -> u32 {
    match (figure.unit, figure.numerator, figure.denominator) {
        (Unit::Proportion, None, Some(denominator)) => {
            let rest = denominator - tops::implied(figure).unwrap_or(denominator);
            u32::try_from(rest).unwrap_or(0)
        }
        (Unit::Proportion, Some(numerator), Some(denominator)) if numerator < denominator => {
            children.denominator_children.saturating_sub(children.numerator_children).max(1)
        }
        _ => 0,
    }
}

fn denominator_children(figure: &Figure, children: Contributors) -> u32 {
    match (figure.unit, figure.denominator) {
        (_, None | Some(0)) => 0,
        // The denominator is itself a count of children.
        (Unit::Per10000Children, Some(population)) => {
            u32::try_from(population).unwrap_or(u32::MAX).max(children.denominator_children)
        }
        _ => children.denominator_children.max(1),
    }
}

fn is_dominated(children: Contributors) -> bool {
    children.largest_share.is_some_and(|(one, two)| one > ONE_CHILD_AT_MOST || two > TWO_CHILDREN_AT_MOST)
}
