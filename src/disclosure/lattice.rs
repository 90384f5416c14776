//! The figures of measures that hang together, and every sum a reader could turn into a subtraction.
//!
//! Sums are found on the exact figures: a kind of sum (levels, months, stated parts) counts where it adds up in every
//! period, and where it does not (a child under two themes) it cannot be subtracted.

use std::collections::{BTreeMap, BTreeSet};

use super::primary::GivenAway;
use super::{Earlier, ExactFigure, Rules, tops};
use crate::domain::{Dimension, Figure, Period, Relation, TOTAL, Unit};

/// A place in the lattice: measure, part, dimension, level, period.
pub(super) type Place<'a> = (&'a str, &'a str, Dimension, &'a str, Period);

/// What a sum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The levels of a dimension make the whole.
    Levels,
    /// Months make a longer period.
    Months,
    /// Parts make a figure.
    Parts,
}

/// The whole of a sum that no figure shows and a reader can add up all the same.
pub(super) const NO_FIGURE: usize = usize::MAX;

/// Terms that add up to a whole.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub(super) of: Of,
    pub(super) whole: usize,
    pub(super) terms: Vec<usize>,
}

/// Figures with what each gives away, whether it is hidden, and the sums between them.
pub(super) struct Lattice<'a> {
    pub(super) figures: &'a [ExactFigure],
    pub(super) places: Vec<Place<'a>>,
    pub(super) at: BTreeMap<Place<'a>, usize>,
    pub(super) rules: Vec<Rules>,
    pub(super) given: Vec<GivenAway>,
    pub(super) hidden: Vec<bool>,
    /// An earlier release shows it: hiding it now protects nothing.
    pub(super) known_before: Vec<bool>,
    pub(super) sums: Vec<Sum>,
    /// Hidden together.
    pub(super) twins: Vec<(usize, usize)>,
    /// A hidden figure hides those beneath it.
    pub(super) beneath: Vec<(usize, usize)>,
}

/// The place of a figure.
pub(super) fn place_of(figure: &Figure) -> Place<'_> {
    (&figure.measure, figure.part().unwrap_or_default(), figure.dimension, figure.group(), figure.period)
}

impl<'a> Lattice<'a> {
    /// With every figure hidden that must be for its own sake, or was hidden before.
    pub(super) fn new(
        figures: &'a [ExactFigure],
        rules_of: &dyn Fn(&str) -> Rules,
        relations_of: &'a dyn Fn(&str) -> &'a [Relation],
        earlier: &Earlier,
    ) -> Self {
        let places: Vec<Place<'_>> = figures.iter().map(|exact| place_of(&exact.figure)).collect();
        let rules: Vec<Rules> = figures.iter().map(|exact| rules_of(&exact.figure.measure)).collect();
        let given: Vec<GivenAway> = figures.iter().map(GivenAway::by).collect();
        let hidden = figures
            .iter()
            .zip(&given)
            .zip(&rules)
            .map(|((exact, given), rules)| {
                given.is_withheld(*rules, exact.figure.dimension) || earlier.withheld(&exact.figure)
            })
            .collect();
        let known_before = figures.iter().map(|exact| earlier.shown(&exact.figure)).collect();
        let at = places.iter().enumerate().map(|(at, place)| (*place, at)).collect();
        let mut lattice = Self {
            figures,
            places,
            at,
            rules,
            given,
            hidden,
            known_before,
            sums: Vec::new(),
            twins: Vec::new(),
            beneath: Vec::new(),
        };
        let measures: BTreeSet<&'a str> = lattice.places.iter().map(|place| place.0).collect();
        lattice.add_levels();
        lattice.add_months();
        for measure in measures {
            lattice.add_relations(measure, relations_of(measure));
        }
        lattice.add_beneath();
        lattice
    }

    /// The count on top, and beneath.
    pub(super) fn counts(&self, at: usize) -> (Option<i64>, Option<i64>) {
        self.figures.get(at).map_or((None, None), |exact| (tops::of(&exact.figure), exact.figure.denominator))
    }

    pub(super) fn is_hidden(&self, at: usize) -> bool {
        self.hidden.get(at).copied().unwrap_or(false)
    }

    /// Hides it; true where it was not hidden yet.
    pub(super) fn hide(&mut self, at: usize) -> bool {
        self.hidden.get_mut(at).is_some_and(|hidden| !std::mem::replace(hidden, true))
    }

    /// Whether hiding it would keep anything from a reader.
    pub(super) fn keeps_secret(&self, at: usize) -> bool {
        self.is_hidden(at) && !self.known_before.get(at).copied().unwrap_or(false)
    }

    /// Keeps a kind of sum where every sum of it adds up.
    fn keep(&mut self, sums: Vec<Sum>) {
        if sums.iter().all(|sum| self.adds_up(sum)) {
            self.sums.extend(sums);
        }
    }

    fn adds_up(&self, sum: &Sum) -> bool {
        if sum.whole == NO_FIGURE {
            return true;
        }
        let is_curve = |at: usize| self.figures.get(at).is_some_and(|exact| exact.figure.numerator.is_none());
        let add = |pick: &dyn Fn((Option<i64>, Option<i64>)) -> Option<i64>| {
            let whole = pick(self.counts(sum.whole));
            let terms: Option<i64> = sum.terms.iter().map(|at| pick(self.counts(*at))).sum();
            whole == terms
        };
        let is_population =
            |at: usize| self.figures.get(at).is_some_and(|exact| exact.figure.unit == Unit::Per10000Children);
        let tops = is_curve(sum.whole) || add(&|(top, _)| top);
        tops && (is_population(sum.whole) || add(&|(_, bottom)| bottom))
    }

    fn add_levels(&mut self) {
        let mut kinds: BTreeMap<(&str, &str, Dimension), BTreeMap<Period, Vec<usize>>> = BTreeMap::new();
        for (at, (measure, part, dimension, _, period)) in self.places.iter().enumerate() {
            if *dimension != Dimension::Total {
                kinds.entry((measure, part, *dimension)).or_default().entry(*period).or_default().push(at);
            }
        }
        for ((measure, part, _), by_period) in kinds {
            let sums = by_period
                .into_iter()
                .filter_map(|(period, terms)| {
                    let whole = self.at.get(&(measure, part, Dimension::Total, TOTAL, period)).copied();
                    let whole = whole.or_else(|| self.whole_of_months(measure, part, period, &terms))?;
                    Some(Sum { of: Of::Levels, whole, terms })
                })
                .collect();
            self.keep(sums);
        }
    }

    /// Where no figure is the whole of a period, a reader adds up its months: [`NO_FIGURE`] stands for it.
    fn whole_of_months(&self, measure: &'a str, part: &'a str, period: Period, levels: &[usize]) -> Option<usize> {
        let (first, last) = (period.first_month(), period.last_month());
        let month = |later: i32| {
            let period = Period::Month(first.plus(later));
            self.at.get(&(measure, part, Dimension::Total, TOTAL, period)).copied()
        };
        let months: Vec<usize> = (0..=last.since(first)).map(month).collect::<Option<_>>()?;
        let bottoms = |of: &[usize]| of.iter().map(|at| self.counts(*at).1).sum::<Option<i64>>();
        (bottoms(&months) == bottoms(levels)).then_some(NO_FIGURE)
    }

    fn add_months(&mut self) {
        let mut kinds: BTreeMap<(&str, &str, Dimension, &str, usize), Vec<Sum>> = BTreeMap::new();
        for (whole, (measure, part, dimension, level, period)) in self.places.iter().enumerate() {
            let (first, last) = (period.first_month(), period.last_month());
            if matches!(period, Period::Month(_)) {
                continue;
            }
            let terms: Option<Vec<usize>> = (0..=last.since(first))
                .map(|later| {
                    self.at.get(&(*measure, *part, *dimension, *level, Period::Month(first.plus(later)))).copied()
                })
                .collect();
            if let Some(terms) = terms {
                let kind = (*measure, *part, *dimension, *level, terms.len());
                kinds.entry(kind).or_default().push(Sum { of: Of::Months, whole, terms });
            }
        }
        for sums in kinds.into_values() {
            self.keep(sums);
        }
    }

    fn add_relations(&mut self, measure: &'a str, relations: &'a [Relation]) {
        for relation in relations {
            match relation {
                Relation::AddsUp { whole, parts } if whole != crate::domain::DENOMINATOR => {
                    for part in parts {
                        let pairs = self.pairs(measure, whole, measure, part);
                        self.beneath.extend(pairs);
                    }
                    let sums = self.at_every_place(measure, whole, parts);
                    self.keep(sums);
                }
                Relation::AddsUp { parts, .. } => self.add_shares_of_one(measure, parts),
                Relation::Nests { steps } => {
                    for pair in steps.windows(2) {
                        if let [wide, narrow] = pair {
                            let pairs = self.pairs(measure, wide, measure, narrow);
                            // A share's step can be hidden for those it loses; what it keeps is bounded, not told.
                            let plain = |at: usize| self.counts(at).1.is_none();
                            let plain: Vec<_> = pairs.into_iter().filter(|(wide, _)| plain(*wide)).collect();
                            self.beneath.extend(plain);
                        }
                    }
                }
                Relation::SameNumerator { parts } => {
                    for pair in parts.windows(2) {
                        if let [one, other] = pair {
                            let pairs = self.pairs(measure, one, measure, other);
                            self.twins.extend(pairs);
                        }
                    }
                }
                Relation::SameDenominator { .. } => {}
                Relation::SameAs { part, measure: other, other_part } => {
                    let pairs = self.pairs(measure, part, other, other_part);
                    self.twins.extend(pairs);
                }
            }
        }
    }

    /// Shares of one whole that make up all of it (ways in which a wait ended): where one is hidden another must be.
    fn add_shares_of_one(&mut self, measure: &'a str, parts: &'a [String]) {
        let Some((whole, terms)) = parts.split_first() else { return };
        // No figure is their sum; the first share stands for the whole, since hiding any two of all leaves both open.
        let mut sums = self.at_every_place(measure, whole, terms);
        for sum in &mut sums {
            sum.of = Of::Parts;
        }
        self.sums.extend(sums);
    }

    fn at_every_place(&self, measure: &'a str, whole: &'a str, parts: &'a [String]) -> Vec<Sum> {
        let wholes = self.places.iter().enumerate().filter(|(_, place)| place.0 == measure && place.1 == whole);
        wholes
            .filter_map(|(at, (_, _, dimension, level, period))| {
                let term = |part: &'a String| self.at.get(&(measure, part, *dimension, *level, *period)).copied();
                let terms: Option<Vec<usize>> = parts.iter().map(term).collect();
                Some(Sum { of: Of::Parts, whole: at, terms: terms? })
            })
            .collect()
    }

    fn pairs(&self, one: &'a str, one_part: &'a str, other: &'a str, other_part: &'a str) -> Vec<(usize, usize)> {
        let ones = self.places.iter().enumerate().filter(|(_, place)| place.0 == one && place.1 == one_part);
        ones.filter_map(|(at, (_, _, dimension, level, period))| {
            self.at.get(&(other, other_part, *dimension, *level, *period)).map(|other| (at, *other))
        })
        .collect()
    }

    /// The whole hides its levels (what hangs together by relation hides by relation); a rate per population has the figure's
    /// own numerator.
    fn add_beneath(&mut self) {
        for (at, (measure, part, dimension, level, period)) in self.places.iter().enumerate() {
            if let Some(above) = self.at.get(&(*measure, *part, Dimension::Total, TOTAL, *period))
                && *above != at
            {
                self.beneath.push((*above, at));
            }
            let unit = self.figures.get(at).map(|exact| exact.figure.unit);
            if unit == Some(Unit::Per10000Children)
                && let Some(itself) = self.at.get(&(*measure, "", *dimension, *level, *period))
                && *itself != at
            {
                self.twins.push((*itself, at));
            }
        }
    }
}
