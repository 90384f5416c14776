//! The figures of measures that hang together, and every sum a reader could turn into a subtraction.
//!
//! Sums are found on the exact figures: a kind of sum (levels, months, stated parts) counts where it adds up in every
//! period, and where it does not (a child under two themes) it cannot be subtracted.

use std::collections::{BTreeMap, BTreeSet};

use super::primary::GivenAway;
use super::{Earlier, ExactFigure, Rules, tops};
use crate::domain::{Count, CountKind, Dimension, Figure, NamedCount, Period, Relation, TOTAL, Unit};

/// A place in the lattice: measure, part, dimension, level, period.
pub(super) type Place<'a> = (&'a str, &'a str, Dimension, &'a str, Period);

/// What a sum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The levels of a dimension make the whole.
    Levels,
    /// Months make a quarter, quarters a year.
    Periods,
    /// Parts make a figure.
    Parts,
    /// Shares of one denominator that make up all of it: the sum has no figure of its own, and any term stands for it.
    Shares,
}

/// What a shown figure beside it tells of a hidden one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cap {
    /// It has the same denominator.
    SameBottom(usize),
    /// It counts at least as many on top.
    Wider(usize),
    /// It counts at most as many on top.
    Narrower(usize),
}

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
    /// By figure, those that tell of it.
    pub(super) caps: BTreeMap<usize, Vec<Cap>>,
    /// A small number lies between the two: the wider, the narrower.
    small_between: Vec<(usize, usize)>,
    /// Its level was withheld in another period by an earlier release.
    pub(super) hidden_at_another_time: BTreeSet<usize>,
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
            caps: BTreeMap::new(),
            small_between: Vec::new(),
            hidden_at_another_time: BTreeSet::new(),
        };
        lattice.hidden_at_another_time = lattice
            .figures
            .iter()
            .enumerate()
            .filter(|(_, exact)| earlier.withheld_at_another_time(&exact.figure))
            .map(|(at, _)| at)
            .collect();
        let measures: BTreeSet<&'a str> = lattice.places.iter().map(|place| place.0).collect();
        lattice.add_levels();
        lattice.add_periods();
        for measure in measures {
            lattice.add_relations(measure, relations_of(measure));
        }
        lattice.add_beneath();
        lattice.hide_small_between();
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

    /// Takes a choice back that was only tried.
    pub(super) fn unhide(&mut self, at: usize) {
        if let Some(hidden) = self.hidden.get_mut(at) {
            *hidden = false;
        }
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
                    let whole = self.at.get(&(measure, part, Dimension::Total, TOTAL, period)).copied()?;
                    Some(Sum { of: Of::Levels, whole, terms })
                })
                .collect();
            self.keep(sums);
        }
    }

    /// Months make quarters and quarters years; a period that has no figure beside others that have counts nobody.
    fn add_periods(&mut self) {
        let mut kinds: BTreeMap<(&str, &str, Dimension, &str, bool), Vec<Sum>> = BTreeMap::new();
        for (whole, place) in self.places.iter().enumerate() {
            let (measure, part, dimension, level, period) = *place;
            let months =
                || (0..=period.last_month().since(period.first_month())).map(|at| period.first_month().plus(at));
            let there = |one: Period| self.at.get(&(measure, part, dimension, level, one)).copied();
            let by_month = || months().filter_map(|month| there(Period::Month(month))).collect::<Vec<_>>();
            let quarters =
                || months().filter(|month| month.ends_quarter()).map(|month| Period::Quarter(month.quarter()));
            let terms = match period {
                Period::Month(_) => continue,
                Period::Quarter(_) => by_month(),
                Period::TwelveMonthsTo(_) => {
                    let quarters: Vec<usize> = quarters().filter_map(there).collect();
                    if quarters.is_empty() { by_month() } else { quarters }
                }
            };
            if !terms.is_empty() {
                let is_year = matches!(period, Period::TwelveMonthsTo(_));
                self.beneath.extend(terms.iter().map(|term| (whole, *term)));
                let kind = (measure, part, dimension, level, is_year);
                kinds.entry(kind).or_default().push(Sum { of: Of::Periods, whole, terms });
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
                Relation::Nests { .. } | Relation::Within { .. } => {
                    for (narrow, wide) in relation.nested(measure) {
                        self.add_nested(narrow, wide);
                    }
                }
                Relation::WithheldWith { part, other } => {
                    let pairs = self.pairs(measure, other, measure, part);
                    self.beneath.extend(pairs);
                }
                Relation::SameNumerator { parts } => {
                    for pair in parts.windows(2) {
                        if let [one, other] = pair {
                            let pairs = self.pairs(measure, one, measure, other);
                            self.twins.extend(pairs);
                        }
                    }
                }
                Relation::SameDenominator { parts } => self.add_same_bottom(measure, parts),
                Relation::SameCount { count, of } => {
                    for other in of {
                        self.add_same_share(measure, count, other);
                    }
                }
                // What can be made of these is for the audit to find, and what tells is withheld then.
                Relation::Carries { .. } | Relation::CountsAddUp { .. } | Relation::KnownElsewhere { .. } => {}
                Relation::SameAs { part, measure: other, other_part } => {
                    let pairs = self.pairs(measure, part, other, other_part);
                    self.twins.extend(pairs);
                }
            }
        }
    }

    /// One count is some of another: it is bounded by it, and what lies between them is a count too.
    fn add_nested(&mut self, narrow: NamedCount<'a>, wide: NamedCount<'a>) {
        let pairs = self.pairs(wide.0, wide.1, narrow.0, narrow.1);
        let of_tops = (narrow.2, wide.2) == (CountKind::Numerator, CountKind::Numerator);
        for &(wider, narrower) in &pairs {
            if of_tops {
                self.caps.entry(narrower).or_default().push(Cap::Wider(wider));
                self.caps.entry(wider).or_default().push(Cap::Narrower(narrower));
            }
            if self.is_small_between((narrower, narrow.2), (wider, wide.2)) {
                self.small_between.push((wider, narrower));
            }
        }
        // A share's step can be hidden for those it loses; what it keeps is bounded, not told.
        let plain = |at: usize| of_tops && self.counts(at).1.is_none();
        let plain: Vec<_> = pairs.into_iter().filter(|(wide, _)| plain(*wide)).collect();
        self.beneath.extend(plain);
    }

    /// Whether a small number lies between two counts.
    fn is_small_between(&self, narrow: (usize, CountKind), wide: (usize, CountKind)) -> bool {
        let count = |(at, kind): (usize, CountKind)| match (kind, self.counts(at)) {
            (CountKind::Numerator, (top, _)) => top,
            (CountKind::Denominator, (_, bottom)) => bottom,
            (CountKind::Rest, (top, bottom)) => Some(bottom? - top?),
        };
        let between = count(wide).zip(count(narrow)).and_then(|(wide, narrow)| u32::try_from(wide - narrow).ok());
        let dimension = self.places.get(narrow.0).map(|place| place.2);
        let rules = self.rules.get(narrow.0).zip(dimension);
        rules.zip(between).is_some_and(|((rules, dimension), between)| rules.withholds(dimension, between))
    }

    /// Of two shown counts between which a small number lies the narrower is hidden, unless both were told before.
    fn hide_small_between(&mut self) {
        let told = |lattice: &Self, at: usize| lattice.known_before.get(at).copied().unwrap_or(false);
        for (wide, narrow) in std::mem::take(&mut self.small_between) {
            let both_told = told(self, wide) && told(self, narrow);
            if !both_told && !self.is_hidden(wide) && !self.is_hidden(narrow) {
                self.hide(narrow);
            }
        }
    }

    /// Shares of which one counts what the other does, or leaves, are hidden together. A count that is another's denominator
    /// is not: a share hidden for those in it can well be of so many.
    fn add_same_share(&mut self, measure: &'a str, count: &'a Count, other: &'a Count) {
        if count.kind != CountKind::Denominator && other.kind != CountKind::Denominator {
            let other_measure = other.measure.as_deref().unwrap_or(measure);
            let pairs = self.pairs(measure, &count.part, other_measure, &other.part);
            self.twins.extend(pairs);
        }
    }

    /// Every pair of parts of one denominator tells the other's.
    fn add_same_bottom(&mut self, measure: &'a str, parts: &'a [String]) {
        for one in parts {
            for other in parts.iter().filter(|other| *other != one) {
                for (at, beside) in self.pairs(measure, one, measure, other) {
                    self.caps.entry(at).or_default().push(Cap::SameBottom(beside));
                }
            }
        }
    }

    /// Shares of one whole that make up all of it (ways in which a wait ended): where one is hidden another must be.
    fn add_shares_of_one(&mut self, measure: &'a str, parts: &'a [String]) {
        self.add_same_bottom(measure, parts);
        let Some(first) = parts.first() else { return };
        let mut sums = self.at_every_place(measure, first, parts);
        for sum in &mut sums {
            sum.of = Of::Shares;
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
        let other_tops = self.other_tops_per_population();
        for (at, (measure, part, dimension, level, period)) in self.places.iter().enumerate() {
            if let Some(above) = self.at.get(&(*measure, *part, Dimension::Total, TOTAL, *period))
                && *above != at
            {
                self.beneath.push((*above, at));
            }
            let unit = self.figures.get(at).map(|exact| exact.figure.unit);
            if unit == Some(Unit::Per10000Children)
                && !other_tops.contains(&(*measure, *part))
                && let Some(itself) = self.at.get(&(*measure, "", *dimension, *level, *period))
                && *itself != at
            {
                self.twins.push((*itself, at));
            }
        }
    }

    /// Parts per population that count something else than their figure does.
    fn other_tops_per_population(&self) -> BTreeSet<(&'a str, &'a str)> {
        let rates = self.places.iter().zip(self.figures).enumerate();
        rates
            .filter(|(_, (_, exact))| exact.figure.unit == Unit::Per10000Children)
            .filter(|(at, ((measure, _, dimension, level, period), _))| {
                let itself = self.at.get(&(*measure, "", *dimension, *level, *period));
                itself.is_some_and(|itself| self.counts(*itself).0 != self.counts(*at).0)
            })
            .map(|(_, ((measure, part, ..), _))| (*measure, *part))
            .collect()
    }
}
