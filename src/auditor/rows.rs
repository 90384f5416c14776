//! The rows that every reader knows the counts keep: top and rest make the bottom, levels and months add up, parts add up
//! or nest (`between`), overlapping years share their quarters (`overlaps`).

use std::collections::{BTreeMap, BTreeSet};

use super::counts::{Key, Known, Of, Same, Which, of_count};
use super::revisions::Revisions;
use super::system::{FAR, Row};
use super::{Facts, between, overlaps};
use crate::domain::{DENOMINATOR, Dimension, Month, Period, Relation, TOTAL};

/// Beyond any sum of counts: a row without an upper or a lower end.
pub(super) const WITHOUT_END: i64 = 1 << 52;

/// A row over counts by position, and whether nothing shown speaks for or against it.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) row: Row,
    pub(super) assumed: bool,
}

/// Counts by key, and what is known of each.
#[derive(Debug, Default)]
pub(super) struct Counts<'a> {
    pub(super) at: BTreeMap<Key<'a>, usize>,
    pub(super) known: Vec<Known>,
    keys: Vec<Key<'a>>,
    /// Top, rest and bottom of each share.
    pub(super) shares: BTreeSet<(usize, usize, usize)>,
    /// The narrower and the wider of counts that nest.
    pub(super) nested: Vec<(usize, usize)>,
}

impl<'a> Counts<'a> {
    /// The position of a count, new or known before; what is told of it twice is told once, the narrower way.
    pub(super) fn tell(&mut self, key: Key<'a>, told: Known) -> usize {
        let next = self.known.len();
        let at = *self.at.entry(key).or_insert(next);
        match self.known.get_mut(at) {
            None => {
                self.known.push(told);
                self.keys.push(key);
            }
            Some(known) if told.shown && !known.shown => *known = Known { plain: known.plain || told.plain, ..told },
            Some(known) if told.shown => *known = known.narrowed(told),
            // Withheld twice: a reader knows the more of the two. What is shown is exact already.
            Some(known) if !known.shown => {
                known.plain |= told.plain;
                known.low = known.low.max(told.low);
            }
            Some(known) => known.plain |= told.plain,
        }
        at
    }

    pub(super) fn get(&self, at: usize) -> Known {
        self.known.get(at).copied().unwrap_or(Known {
            low: 0,
            high: FAR,
            shown: false,
            about: false,
            rough: false,
            plain: false,
        })
    }

    /// The key of a count.
    pub(super) fn key(&self, at: usize) -> Option<Key<'a>> {
        self.keys.get(at).copied()
    }

    /// A count that no figure tells.
    pub(super) fn latent(&mut self, key: Key<'a>) -> usize {
        self.tell(key, Known { low: 0, high: FAR, shown: false, about: false, rough: false, plain: false })
    }
}

/// Every row that holds at least one count not known exactly.
pub(super) fn rules<'a>(
    counts: &mut Counts<'a>,
    measures: &[Facts<'a>],
    same: &Same<'a>,
    revisions: &Revisions,
) -> Vec<Rule> {
    let mut sums = Vec::new();
    sums.extend(shares(counts));
    sums.extend(levels(counts));
    sums.extend(windows(counts, revisions));
    for facts in measures {
        sums.extend(relations(counts, facts, same));
        sums.extend(sums_of_counts(counts, facts, same));
    }
    leave_out_bottoms(counts, &mut sums);
    let mut rules: Vec<Rule> = sums.into_iter().flat_map(|family| family.rules(counts)).collect();
    rules.extend(carries(counts, measures, same, revisions));
    rules.extend(overlaps::shared_quarters(counts, revisions));
    rules.extend(between::rules(counts, measures, same));
    rules.retain(|rule| rule.row.terms.iter().any(|(at, _)| counts.get(*at).is_open()));
    rules
}

/// Sums of one kind: each is (whole, terms). Where one that is shown in full does not add up, none of the kind is a sum.
#[derive(Default)]
struct Family {
    sums: Vec<(usize, Vec<usize>)>,
    /// The terms may overlap: where they do not add up, they bound the whole all the same.
    bounds_whole: bool,
    /// Stated, not inferred.
    stated: bool,
    /// Of denominators.
    of_bottoms: bool,
}

impl Family {
    fn rules(&self, counts: &Counts<'_>) -> Vec<Rule> {
        let (mut for_it, mut against_it) = (false, false);
        for (whole, terms) in &self.sums {
            let all: Vec<Known> = terms.iter().chain([whole]).map(|at| counts.get(*at)).collect();
            if all.iter().all(|known| known.shown) {
                let low: i64 = terms.iter().map(|at| counts.get(*at).low).sum();
                let high: i64 = terms.iter().map(|at| counts.get(*at).high).sum();
                let whole = counts.get(*whole);
                let agrees = low <= whole.high && high >= whole.low;
                // What is worked out from a curve is exact only where nobody is censored: it speaks for, not against.
                if agrees {
                    for_it |= !all.iter().any(|known| known.about);
                } else {
                    against_it |= !all.iter().any(|known| known.about) || self.stated;
                }
            }
        }
        let mut rules = Vec::new();
        for (whole, terms) in &self.sums {
            let all_shown = terms.iter().chain([whole]).all(|at| counts.get(*at).shown);
            if all_shown {
                continue;
            }
            let row = |low, high| {
                let mut summed: Vec<(usize, i64)> = terms.iter().map(|at| (*at, 1)).collect();
                summed.push((*whole, -1));
                Row { terms: summed, low, high }
            };
            // Curves of parts and of the whole need not add up to the last child where somebody was censored.
            let rough = terms.iter().chain([whole]).filter(|at| counts.get(**at).rough).count() as i64;
            if !against_it {
                rules.push(Rule { row: row(-rough, rough), assumed: !(for_it || self.stated) });
            } else if self.bounds_whole {
                // Counts of children: the most of any ≤ the union ≤ the sum.
                rules.push(Rule { row: row(0, WITHOUT_END), assumed: false });
                rules.extend(terms.iter().map(|at| Rule {
                    row: Row { terms: vec![(*whole, 1), (*at, -1)], low: 0, high: WITHOUT_END },
                    assumed: false,
                }));
            }
        }
        rules
    }
}

/// Where the tops and the rests of shares add up, so do their bottoms: a sum of unknown bottoms says nothing more.
fn leave_out_bottoms(counts: &Counts<'_>, sums: &mut [Family]) {
    let of_share: BTreeSet<usize> = counts.shares.iter().map(|(_, _, bottom)| *bottom).collect();
    for family in sums.iter_mut().filter(|family| family.of_bottoms) {
        let is_of_share = |at: &usize| of_share.contains(at);
        family.sums.retain(|(whole, terms)| !(is_of_share(whole) && terms.iter().all(is_of_share)));
    }
}

/// Top and rest make the bottom.
fn shares(counts: &Counts<'_>) -> Vec<Family> {
    let family = |&(top, rest, bottom): &(usize, usize, usize)| Family {
        sums: vec![(bottom, vec![top, rest])],
        bounds_whole: false,
        stated: true,
        of_bottoms: false,
    };
    counts.shares.iter().map(family).collect()
}

/// The levels of a dimension make the whole.
fn levels(counts: &Counts<'_>) -> Vec<Family> {
    let mut by_kind: BTreeMap<Kind<'_>, BTreeMap<(Period, usize), Vec<usize>>> = BTreeMap::new();
    for (key, at) in counts.at.iter().filter(|(key, _)| key.dimension != Dimension::Total) {
        let kind = (key.measure, key.part, key.which, key.dimension);
        by_kind.entry(kind).or_default().entry((key.period, key.since)).or_default().push(*at);
    }
    let mut families = Vec::new();
    for ((measure, part, which, _), by_period) in by_kind {
        let mut family = Family { bounds_whole: true, of_bottoms: which == Which::Bottom, ..Family::default() };
        for ((period, since), terms) in by_period {
            let whole = Key { measure, part, which, dimension: Dimension::Total, level: TOTAL, period, since };
            if let Some(whole) = counts.at.get(&whole) {
                family.sums.push((*whole, terms));
            }
        }
        families.push(family);
    }
    families
}

/// Months make quarters, and quarters (or months, where there are no quarters) years; where every month is given, and not the
/// last of each quarter alone.
fn windows(counts: &Counts<'_>, revisions: &Revisions) -> Vec<Family> {
    let is_within_quarter = |key: &&Key<'_>| matches!(key.period, Period::Month(month) if !month.ends_quarter());
    let monthly: BTreeSet<Kind<'_>> = counts.at.keys().filter(is_within_quarter).map(kind_of).collect();
    let months = |key: &Key<'_>| monthly.contains(&kind_of(key)).then(|| months_of(counts, key, revisions)).flatten();
    let mut families: BTreeMap<(Series<'_>, bool), Family> = BTreeMap::new();
    for (key, whole) in &counts.at {
        let terms = match key.period {
            Period::Month(_) => continue,
            Period::Quarter(_) => months(key),
            Period::TwelveMonthsTo(_) => Some(quarters_of(counts, key, revisions))
                .filter(|quarters| !quarters.is_empty())
                .or_else(|| months(key)),
        };
        if let Some(terms) = terms {
            let is_year = matches!(key.period, Period::TwelveMonthsTo(_));
            let family = families.entry((series(key), is_year)).or_default();
            family.bounds_whole = true;
            family.of_bottoms = key.which == Which::Bottom;
            family.sums.push((*whole, terms));
        }
    }
    families.into_values().collect()
}

/// A count without its period and its level.
pub(super) type Kind<'a> = (&'a str, &'a str, Which, Dimension);

fn kind_of<'a>(key: &Key<'a>) -> Kind<'a> {
    (key.measure, key.part, key.which, key.dimension)
}

/// A count without its period.
type Series<'a> = (&'a str, &'a str, Which, Dimension, &'a str);

fn series<'a>(key: &Key<'a>) -> Series<'a> {
    (key.measure, key.part, key.which, key.dimension, key.level)
}

/// The positions of the months a period holds; one that has no figure beside others that have counts nobody.
fn months_of(counts: &Counts<'_>, key: &Key<'_>, revisions: &Revisions) -> Option<Vec<usize>> {
    let months: Vec<usize> =
        months(key.period).filter_map(|month| part_of(counts, key, Period::Month(month), revisions)).collect();
    (!months.is_empty()).then_some(months)
}

/// The positions of the calendar quarters that twelve months hold.
fn quarters_of(counts: &Counts<'_>, key: &Key<'_>, revisions: &Revisions) -> Vec<usize> {
    months(key.period)
        .filter(|month| month.ends_quarter())
        .filter_map(|month| part_of(counts, key, Period::Quarter(month.quarter()), revisions))
        .collect()
}

/// The same count in a period that the key's holds, as it stood when the key's was shown.
fn part_of(counts: &Counts<'_>, key: &Key<'_>, period: Period, revisions: &Revisions) -> Option<usize> {
    counts.at.get(&Key { period, since: revisions.since(period, key.since), ..*key }).copied()
}

fn months(period: Period) -> impl Iterator<Item = Month> {
    let (first, last) = (period.first_month(), period.last_month());
    (0..=last.since(first)).map(move |later| first.plus(later))
}

/// Parts that add up, as the measure's header states.
fn relations<'a>(counts: &Counts<'a>, facts: &Facts<'a>, same: &Same<'a>) -> Vec<Family> {
    let mut families = Vec::new();
    for relation in facts.relations {
        let Relation::AddsUp { whole, parts } = relation else { continue };
        let Some(first) = parts.first() else { continue };
        for which in [Which::Top, Which::Rest, Which::Bottom] {
            if whole == DENOMINATOR && which != Which::Top {
                continue;
            }
            let of = |part: &'a str, which: Which, place: &Key<'a>| {
                let (measure, part, which) = same.canonical((facts.id, part, which));
                counts.at.get(&Key { measure, part, which, ..*place }).copied()
            };
            let start = same.canonical((facts.id, first, which));
            let places = counts.at.keys().filter(|key| (key.measure, key.part, key.which) == start);
            let sums = places
                .filter_map(|place| {
                    let terms = parts.iter().map(|part| of(part, which, place)).collect::<Option<Vec<_>>>()?;
                    let whole =
                        if whole == DENOMINATOR { of(first, Which::Bottom, place) } else { of(whole, which, place) };
                    Some((whole?, terms))
                })
                .collect();
            families.push(Family { sums, bounds_whole: false, stated: true, of_bottoms: which == Which::Bottom });
        }
    }
    families
}

/// Counts of any figures that add up, as the measure's header states.
fn sums_of_counts<'a>(counts: &Counts<'a>, facts: &Facts<'a>, same: &Same<'a>) -> Vec<Family> {
    let mut families = Vec::new();
    for relation in facts.relations {
        let Relation::CountsAddUp { whole, terms } = relation else { continue };
        let of = |count| same.canonical(of_count(facts.id, count));
        let whole = of(whole);
        let terms: Vec<Of<'a>> = terms.iter().map(of).collect();
        let wholes = counts.at.iter().filter(|(key, _)| (key.measure, key.part, key.which) == whole);
        let sums = wholes
            .filter_map(|(place, whole)| {
                let terms = terms.iter().map(|term| counts.at.get(&at(*term, place)).copied());
                Some((*whole, terms.collect::<Option<Vec<_>>>()?))
            })
            .collect();
        families.push(Family { sums, stated: true, ..Family::default() });
    }
    families
}

/// The key of a count at the place of another.
fn at<'a>((measure, part, which): Of<'a>, place: &Key<'a>) -> Key<'a> {
    Key { measure, part, which, ..*place }
}

/// What there was a month before and what started make what there is and what stopped.
///
/// Of the whole this is so by definition. A child can pass from one level to another (an age band) between two months, which
/// neither starts nor stops anything: of levels a reader takes it to be so where nothing shown speaks against it.
fn carries<'a>(counts: &Counts<'a>, measures: &[Facts<'a>], same: &Same<'a>, revisions: &Revisions) -> Vec<Rule> {
    let mut rules = Vec::new();
    for facts in measures {
        for relation in facts.relations {
            let Relation::Carries { stock, started, stopped } = relation else { continue };
            let [stock, started, stopped] =
                [stock, started, stopped].map(|part| same.canonical((facts.id, part.as_str(), Which::Top)));
            let mut by_dimension: BTreeMap<Dimension, Vec<[usize; 4]>> = BTreeMap::new();
            let nows = counts.at.iter().filter(|(key, _)| (key.measure, key.part, key.which) == stock);
            for (key, now) in nows {
                let Period::Month(month) = key.period else { continue };
                let before = part_of(counts, key, Period::Month(month.plus(-1)), revisions);
                let there = |count| counts.at.get(&at(count, key)).copied();
                if let (Some(before), Some(started), Some(stopped)) = (before, there(started), there(stopped)) {
                    by_dimension.entry(key.dimension).or_default().push([before, started, stopped, *now]);
                }
            }
            for (dimension, months) in by_dimension {
                let is_whole = dimension == Dimension::Total;
                let mut seen = months.iter().filter_map(|month| carries_exactly(counts, *month)).peekable();
                let is_seen = seen.peek().is_some();
                if !is_whole && seen.any(|exactly| !exactly) {
                    continue;
                }
                rules.extend(months.iter().map(|[before, started, stopped, now]| Rule {
                    row: Row { terms: vec![(*before, 1), (*started, 1), (*stopped, -1), (*now, -1)], low: 0, high: 0 },
                    assumed: !is_whole && !is_seen,
                }));
            }
        }
    }
    rules
}

/// Whether a month shown in full carries over exactly; none where it is not.
fn carries_exactly(counts: &Counts<'_>, [before, started, stopped, now]: [usize; 4]) -> Option<bool> {
    let all = [before, started, stopped, now].map(|at| counts.get(at));
    let [before, started, stopped, now] = all;
    let is_shown = all.iter().all(|known| known.shown);
    // Rounded counts may differ by what rounding took.
    let (least, most) = (before.low + started.low - stopped.high, before.high + started.high - stopped.low);
    is_shown.then_some(least <= now.high && most >= now.low)
}
