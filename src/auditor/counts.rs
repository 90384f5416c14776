//! What an edition tells of each count: exactly, within rounding, or not at all.
//!
//! A figure tells up to three counts: its top (numerator), its bottom (denominator) and the rest (bottom less top, for a
//! share). Figures that tell the same count share it.

use std::collections::BTreeMap;

use super::system::FAR;
use super::{Facts, PublicRules};
use crate::domain::{Dimension, Figure, Period, Relation, Symbol, Unit};

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
}

/// Which counts are the same count, as the measures' relations say.
#[derive(Debug, Default)]
pub(super) struct Same<'a> {
    tops: Leads<'a>,
    bottoms: Leads<'a>,
}

impl<'a> Same<'a> {
    pub(super) fn of(measures: &[Facts<'a>], figures: &[&'a Figure]) -> Self {
        let mut same = Self::default();
        for facts in measures {
            for relation in facts.relations {
                match relation {
                    Relation::SameNumerator { parts } => join_all(&mut same.tops, facts.id, parts),
                    Relation::SameDenominator { parts } => join_all(&mut same.bottoms, facts.id, parts),
                    Relation::SameAs { part, measure, other_part } => {
                        join(&mut same.tops, (facts.id, part), (measure, other_part));
                        join(&mut same.bottoms, (facts.id, part), (measure, other_part));
                    }
                    _ => {}
                }
            }
        }
        for figure in figures {
            let part = figure.part().unwrap_or_default();
            if figure.unit == Unit::Per10000Children && !part.is_empty() {
                join(&mut same.tops, (&figure.measure, part), (&figure.measure, ""));
            }
        }
        same
    }

    /// The (measure, part) under which a count is kept.
    pub(super) fn canonical(&self, which: Which, key: (&'a str, &'a str)) -> (&'a str, &'a str) {
        root(if which == Which::Bottom { &self.bottoms } else { &self.tops }, key)
    }
}

/// What a part leads to in the end; only roots are ever led on, so that nothing leads round.
type Leads<'a> = BTreeMap<(&'a str, &'a str), (&'a str, &'a str)>;

fn root<'a>(leads: &Leads<'a>, mut key: (&'a str, &'a str)) -> (&'a str, &'a str) {
    while let Some(next) = leads.get(&key) {
        key = *next;
    }
    key
}

fn join<'a>(leads: &mut Leads<'a>, one: (&'a str, &'a str), other: (&'a str, &'a str)) {
    let (one, other) = (root(leads, one), root(leads, other));
    if one != other {
        leads.insert(one, other);
    }
}

fn join_all<'a>(leads: &mut Leads<'a>, measure: &'a str, parts: &'a [String]) {
    if let Some((first, others)) = parts.split_first() {
        for other in others {
            join(leads, (measure, other), (measure, first));
        }
    }
}

/// The counts of a figure by key, with what the figure tells of each where it is shown.
pub(super) fn counts_of<'a>(
    figure: &'a Figure,
    since: usize,
    same: &Same<'a>,
    rules: PublicRules,
) -> Vec<(Key<'a>, Known)> {
    let part = figure.part().unwrap_or_default();
    let key = |which: Which| {
        let (measure, part) = same.canonical(which, (&figure.measure, part));
        Key { measure, part, which, dimension: figure.dimension, level: figure.group(), period: figure.period, since }
    };
    let hidden = figure.symbol == Some(Symbol::Confidential);
    let known = |count: Option<i64>, plain: bool| match count {
        Some(count) if !hidden => {
            let slack = if count == 0 { 0 } else { rules.rounded_to.map_or(0, |step| i64::from(step) / 2) };
            Known { low: count - slack, high: count + slack, shown: true, about: slack > 0, rough: false, plain }
        }
        _ => Known { low: 0, high: FAR, shown: false, about: false, rough: false, plain },
    };
    match figure.unit {
        Unit::Children | Unit::Count | Unit::Needs if hidden || figure.numerator.is_some() => {
            vec![(key(Which::Top), known(figure.numerator, true))]
        }
        // The population is published elsewhere and tells nothing.
        Unit::Per10000Children if hidden || figure.numerator.is_some() => {
            vec![(key(Which::Top), known(figure.numerator, false))]
        }
        Unit::Per1000ChildDays | Unit::Per1000LookedAfterDays if hidden || figure.numerator.is_some() => vec![
            (key(Which::Top), known(figure.numerator, false)),
            (key(Which::Bottom), known(figure.denominator, false)),
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
            vec![(key(Which::Top), top), (key(Which::Rest), rest), (key(Which::Bottom), bottom)]
        }
        // The size of the group behind a median or a mean.
        Unit::Days | Unit::Hours if figure.denominator.is_some() && !hidden => {
            vec![(key(Which::Bottom), known(figure.denominator, false))]
        }
        _ => Vec::new(),
    }
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
