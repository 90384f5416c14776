//! What an edition tells of each count: exactly, within rounding, or not at all.
//!
//! A figure tells up to three counts: its top (numerator), its bottom (denominator) and the rest (bottom less top, for a
//! share). Figures that tell the same count share it.

use std::collections::{BTreeMap, BTreeSet};

use super::system::FAR;
use super::{Facts, PublicRules, rules_of};
use crate::domain::{Count, CountKind, Dimension, Figure, NamedCount, Period, Relation, Symbol, Unit};

/// Which count of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Which {
    Top,
    Rest,
    Bottom,
}

/// One count: of a measure's part, for a level of a dimension in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key<'a> {
    pub(super) measure: &'a str,
    pub(super) part: &'a str,
    pub(super) which: Which,
    pub(super) dimension: Dimension,
    pub(super) level: &'a str,
    pub(super) period: Period,
    /// The release since which it stands (`revisions`).
    pub(super) since: usize,
}

/// What is known of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is told of a count by itself")]
pub(super) struct Known {
    pub(super) low: i64,
    pub(super) high: i64,
    /// A figure that tells it is shown.
    pub(super) shown: bool,
    /// Worked out from a curve or a rounded count, so that sums need not be exact.
    pub(super) about: bool,
    /// The curve tells it roughly: somebody was censored.
    pub(super) rough: bool,
    /// Whole children or needs, each once: never zero while hidden beneath a shown total.
    pub(super) plain: bool,
}

impl Known {
    pub(super) fn is_open(self) -> bool {
        self.low < self.high
    }

    /// What is shown of one count twice: as narrow as both together, where they agree.
    pub(super) fn narrowed(self, other: Self) -> Self {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        if low <= high { Self { low, high, ..self } } else { self }
    }
}

/// Which counts are the same count, as the measures' relations say.
#[derive(Debug, Default)]
pub(super) struct Same<'a> {
    leads: Leads<'a>,
}

/// A count wherever it is given: measure, part, which.
pub(super) type Of<'a> = (&'a str, &'a str, Which);

impl<'a> Same<'a> {
    /// Of what these releases show.
    pub(super) fn of(measures: &[Facts<'a>], releases: &[&'a [Figure]]) -> Self {
        let mut same = Self::default();
        let seen = Shown::of(measures, releases);
        for facts in measures {
            for relation in facts.relations {
                match relation {
                    Relation::SameNumerator { parts } => same.join_all(facts.id, parts, Which::Top),
                    Relation::SameDenominator { parts } => same.join_all(facts.id, parts, Which::Bottom),
                    Relation::SameAs { part, measure, other_part } => {
                        for which in [Which::Top, Which::Rest, Which::Bottom] {
                            same.join((facts.id, part, which), (measure, other_part, which));
                        }
                    }
                    Relation::SameCount { count, of } => {
                        for other in of {
                            let (one, other) = (of_count(facts.id, count), of_count(facts.id, other));
                            if !seen.speaks_against(one, other) {
                                same.join(one, other);
                            }
                        }
                    }
                    Relation::AddsUp { .. }
                    | Relation::Nests { .. }
                    | Relation::Within { .. }
                    | Relation::WithheldWith { .. }
                    | Relation::Carries { .. }
                    | Relation::CountsAddUp { .. }
                    | Relation::KnownElsewhere { .. } => {}
                }
            }
        }
        let per_population = tops_per_population(releases);
        let seen = Shown::of_counts(per_population.iter().flat_map(|(one, other)| [*one, *other]), measures, releases);
        for (part, itself) in per_population {
            if !seen.speaks_against(part, itself) {
                same.join(part, itself);
            }
        }
        same
    }

    /// The count under which a count is kept.
    pub(super) fn canonical(&self, mut of: Of<'a>) -> Of<'a> {
        while let Some(next) = self.leads.get(&of) {
            of = *next;
        }
        of
    }

    /// Every count that is the same as another.
    pub(super) fn named(&self) -> BTreeSet<Of<'a>> {
        self.leads.iter().flat_map(|(one, other)| [*one, *other]).collect()
    }

    pub(super) fn join(&mut self, one: Of<'a>, other: Of<'a>) {
        let (one, other) = (self.canonical(one), self.canonical(other));
        if one != other {
            self.leads.insert(one, other);
        }
    }

    fn join_all(&mut self, measure: &'a str, parts: &'a [String], which: Which) {
        if let Some((first, others)) = parts.split_first() {
            for other in others {
                self.join((measure, other, which), (measure, first, which));
            }
        }
    }
}

/// A rate per population has the figure's own numerator, where nothing shown speaks against it: the numerators of such parts,
/// and the figures' own.
fn tops_per_population<'a>(releases: &[&'a [Figure]]) -> BTreeSet<(Of<'a>, Of<'a>)> {
    let figures = releases.iter().copied().flatten().filter(|figure| figure.unit == Unit::Per10000Children);
    figures
        .filter_map(|figure| {
            Some(((figure.measure.as_str(), figure.part()?, Which::Top), (figure.measure.as_str(), "", Which::Top)))
        })
        .collect()
}

/// A release and a place in it: dimension, level, period.
type Where<'a> = (usize, Dimension, &'a str, Period);

/// Counts that relations say are one, where they are shown: what is shown can speak against a relation that rests on a
/// definition which a partnership has set otherwise.
#[derive(Debug, Default)]
pub(super) struct Shown<'a> {
    at: BTreeMap<Of<'a>, BTreeMap<Where<'a>, Known>>,
}

impl<'a> Shown<'a> {
    /// Of the counts that `same_count` relations name.
    fn of(measures: &[Facts<'a>], releases: &[&'a [Figure]]) -> Self {
        let named = measures.iter().flat_map(|facts| facts.relations.iter().map(|relation| (facts.id, relation)));
        let counts = named.flat_map(|(own, relation)| match relation {
            Relation::SameCount { count, of } => of.iter().chain([count]).map(|count| of_count(own, count)).collect(),
            _ => Vec::new(),
        });
        Self::of_counts(counts, measures, releases)
    }

    /// Of these counts.
    pub(super) fn of_counts(
        counts: impl Iterator<Item = Of<'a>>,
        measures: &[Facts<'a>],
        releases: &[&'a [Figure]],
    ) -> Self {
        let mut seen = Self { at: counts.map(|of| (of, BTreeMap::new())).collect() };
        let apart = Same::default();
        for (release, figures) in releases.iter().enumerate() {
            for figure in *figures {
                for (which, key, known) in counts_of(figure, 0, &apart, rules_of(measures, &figure.measure)) {
                    if known.shown
                        && let Some(shown) = seen.at.get_mut(&(key.measure, key.part, which))
                    {
                        shown.insert((release, key.dimension, key.level, key.period), known);
                    }
                }
            }
        }
        seen
    }

    /// Whether two counts are somewhere shown to differ.
    pub(super) fn speaks_against(&self, one: Of<'a>, other: Of<'a>) -> bool {
        let (Some(one), Some(other)) = (self.at.get(&one), self.at.get(&other)) else {
            return false;
        };
        let differ = |(place, one): (&Where<'a>, &Known)| {
            other.get(place).is_some_and(|other| one.low > other.high || one.high < other.low)
        };
        one.iter().any(differ)
    }
}

/// What a count leads to in the end; only roots are ever led on, so that nothing leads round.
type Leads<'a> = BTreeMap<Of<'a>, Of<'a>>;

pub(super) fn of_count<'a>(own: &'a str, count: &'a Count) -> Of<'a> {
    of_named(count.named(own))
}

/// The count that a header names.
pub(super) fn of_named((measure, part, kind): NamedCount<'_>) -> Of<'_> {
    let which = match kind {
        CountKind::Numerator => Which::Top,
        CountKind::Rest => Which::Rest,
        CountKind::Denominator => Which::Bottom,
    };
    (measure, part, which)
}

/// The counts of a figure, the key of each, and what the figure tells of it where it is shown.
pub(super) fn counts_of<'a>(
    figure: &'a Figure,
    since: usize,
    same: &Same<'a>,
    rules: PublicRules,
) -> Vec<(Which, Key<'a>, Known)> {
    let part = figure.part().unwrap_or_default();
    let told = |own: Which, known: Known| {
        let (measure, part, which) = same.canonical((&figure.measure, part, own));
        let (dimension, level, period) = (figure.dimension, figure.group(), figure.period);
        (own, Key { measure, part, which, dimension, level, period, since }, known)
    };
    let hidden = figure.symbol == Some(Symbol::Confidential);
    let known = |count: Option<i64>, plain: bool| match count {
        Some(count) if !hidden => {
            let slack = if count == 0 { 0 } else { rules.rounded_to.map_or(0, |step| i64::from(step) / 2) };
            Known { low: count - slack, high: count + slack, shown: true, about: slack > 0, rough: false, plain }
        }
        _ => Known { low: 0, high: FAR, shown: false, about: false, rough: false, plain },
    };
    let mut counts = match figure.unit {
        Unit::Children | Unit::Count | Unit::Needs if hidden || figure.numerator.is_some() => {
            vec![told(Which::Top, known(figure.numerator, true))]
        }
        // The population is published elsewhere and tells nothing.
        Unit::Per10000Children if hidden || figure.numerator.is_some() => {
            vec![told(Which::Top, known(figure.numerator, false))]
        }
        Unit::Per1000ChildDays | Unit::Per1000LookedAfterDays if hidden || figure.numerator.is_some() => vec![
            told(Which::Top, known(figure.numerator, false)),
            told(Which::Bottom, known(figure.denominator, false)),
        ],
        Unit::Proportion if hidden || figure.denominator.is_some() => {
            let bottom = known(figure.denominator, true);
            let top = figure.numerator.map_or_else(|| off_a_curve(figure, bottom), |_| known(figure.numerator, false));
            let rest = if top.shown && bottom.shown {
                let (low, high) = (bottom.low - top.high, bottom.high - top.low);
                let exact = figure.numerator == figure.denominator && !top.about;
                Known { low: if exact { 0 } else { low.max(0) }, high, ..top }
            } else {
                known(None, false)
            };
            vec![told(Which::Top, top), told(Which::Rest, rest), told(Which::Bottom, bottom)]
        }
        _ => Vec::new(),
    };
    // The size of the group behind a median or a mean.
    let tells_bottom = counts.iter().any(|(which, ..)| *which == Which::Bottom);
    let is_of_population = figure.unit == Unit::Per10000Children;
    if !hidden && !tells_bottom && !is_of_population && figure.denominator.is_some() {
        counts.push(told(Which::Bottom, known(figure.denominator, false)));
    }
    counts
}

/// A share read off a curve tells its count where nobody is censored: value × size, within the value's last decimal.
fn off_a_curve(figure: &Figure, bottom: Known) -> Known {
    let nothing = Known { low: 0, high: FAR, shown: false, about: true, rough: false, plain: false };
    match figure.value {
        Some(value) if bottom.shown => {
            let (low, high) =
                ((value - HALF_A_DECIMAL) * bottom.low as f64, (value + HALF_A_DECIMAL) * bottom.high as f64);
            let (mut least, mut most) = (low.ceil() as i64, high.floor() as i64);
            let is_rough = least > most || figure.provisional;
            if is_rough {
                // No whole number gives it: somebody was censored, and the curve tells the count roughly.
                let roughly = (high - low).max(0.02 * bottom.high as f64).max(1.0);
                (least, most) = ((low - roughly).floor() as i64, (high + roughly).ceil() as i64);
            }
            Known { low: least.max(0), high: most.max(least.max(0)), shown: true, rough: is_rough, ..nothing }
        }
        _ => nothing,
    }
}

/// Shares are published to three decimals.
const HALF_A_DECIMAL: f64 = 0.0005;
