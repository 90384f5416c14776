//! Disclosure control: the one stage between exact figures and an edition that a board may read.
//!
//! Measures hand over [`ExactFigure`]s; a plain `Figure` comes out of here only, by [`protect`] for the board edition or
//! by [`exact_for_restricted`] for the restricted one. Knows nothing of files, frames or pages.
//!
//! In order: what a figure gives away by itself (`primary`), the sums a reader could turn into subtractions (`lattice`),
//! what else must be hidden therefore (`secondary`), and the figure as shown (`display`). Whether it is enough is decided by
//! the auditor, which shares nothing with this module; what it finds comes back as coarser tables (`coarser`).

mod choose;
mod coarser;
mod counts;
mod display;
mod earlier;
mod lattice;
mod needs;
mod policy;
mod primary;
mod secondary;
#[cfg(test)]
mod tests;
mod tops;

use std::collections::BTreeMap;

use crate::domain::{Dimension, Figure, Relation};

pub use coarser::{Coarser, Step};
pub use counts::protect_counts;
pub use earlier::Earlier;
use lattice::Lattice;
use policy::Rules;
pub use policy::{Policy, Thresholds, UnknownPolicy};

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

/// By measure, how its parts hang together.
pub type Relations = BTreeMap<String, Vec<Relation>>;

/// Everything beside the figures that decides what an edition shows.
#[derive(Clone, Copy, Debug)]
pub struct Protection<'a> {
    /// The edition's policy.
    pub policy: Policy,
    /// Where sources ask for more than the policy.
    pub thresholds: &'a Thresholds,
    /// How the parts of each measure hang together.
    pub relations: &'a Relations,
    /// What the edition showed and withheld before.
    pub earlier: &'a Earlier,
    /// How coarse each table must be.
    pub coarser: &'a Coarser,
}

/// Figures for the board edition under a policy alone: no relations, no earlier release, nothing coarser.
pub fn protect(policy: Policy, figures: &[ExactFigure]) -> Vec<Figure> {
    let protection = Protection {
        policy,
        thresholds: &Thresholds::new(),
        relations: &Relations::new(),
        earlier: &Earlier::default(),
        coarser: &Coarser::default(),
    };
    protect_with(protection, figures, &|_| None)
}

/// Figures for the board edition, ordered by measure, dimension, level, part and period.
///
/// Where the policy rounds counts, values are worked out again from the rounded counts, and `interval` is asked for theirs.
/// Measures that relations tie together must come together.
pub fn protect_with(protection: Protection<'_>, figures: &[ExactFigure], interval: IntervalOf) -> Vec<Figure> {
    let rules = protection.policy.rules();
    let rules_of = |measure: &str| rules.at_least(protection.thresholds.get(measure).copied().unwrap_or(0));
    apply(&rules_of, protection, figures, interval)
}

/// Figures for the restricted edition, exact and unprotected, in the same order: for analyst and scrutineer alone.
pub fn exact_for_restricted(figures: &[ExactFigure]) -> Vec<Figure> {
    in_order(figures.iter().map(|exact| exact.figure.clone()).collect())
}

/// One dimension at a time: parts that make up a figure, or everybody it is counted out of (the ways in which a wait ended),
/// are a dimension of it, published for the whole alone.
fn is_in_lattice(figure: &Figure, relations: &Relations) -> bool {
    let part = figure.part().unwrap_or_default();
    let makes_up = |relation: &Relation| match relation {
        Relation::AddsUp { parts, .. } => parts.iter().any(|own| own == part),
        _ => false,
    };
    figure.dimension == Dimension::Total || !relations.get(&figure.measure).into_iter().flatten().any(makes_up)
}

/// The figures withheld for their own sake, before any is withheld for another's.
pub fn withheld_for_their_own_sake<'a>(protection: Protection<'_>, figures: &'a [ExactFigure]) -> Vec<&'a Figure> {
    let rules = protection.policy.rules();
    let is_withheld = |exact: &&ExactFigure| {
        let figure = &exact.figure;
        let rules = rules.at_least(protection.thresholds.get(&figure.measure).copied().unwrap_or(0));
        primary::GivenAway::by(exact).is_withheld(rules, figure.dimension)
    };
    let is_published = |exact: &&ExactFigure| is_in_lattice(&exact.figure, protection.relations);
    figures.iter().filter(is_published).filter(is_withheld).map(|exact| &exact.figure).collect()
}

fn apply(
    rules_of: &dyn Fn(&str) -> Rules,
    protection: Protection<'_>,
    figures: &[ExactFigure],
    interval: IntervalOf,
) -> Vec<Figure> {
    // The same figures are hidden whatever order they come in.
    let mut figures: Vec<ExactFigure> =
        figures.iter().filter(|exact| is_in_lattice(&exact.figure, protection.relations)).cloned().collect();
    figures.sort_by(|a, b| order(&a.figure).cmp(&order(&b.figure)));
    let relations_of = |measure: &str| protection.relations.get(measure).map(Vec::as_slice).unwrap_or_default();
    let mut lattice = Lattice::new(&figures, rules_of, &relations_of, protection.earlier);
    secondary::hide(&mut lattice, protection.coarser);
    let (hidden, rules) = (lattice.hidden, lattice.rules);
    let shown = |((exact, hidden), rules): ((&ExactFigure, bool), Rules)| {
        display::show(rules, exact.figure.clone(), hidden, interval)
    };
    figures.iter().zip(hidden).zip(rules).map(shown).collect()
}

/// Figures in the order of every edition.
pub fn in_order(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort_by(|a, b| order(a).cmp(&order(b)));
    figures
}

type Order<'a> = (&'a str, Dimension, &'a str, Option<&'a str>, crate::domain::Period);

fn order(figure: &Figure) -> Order<'_> {
    (&figure.measure, figure.dimension, figure.group(), figure.part(), figure.period)
}
