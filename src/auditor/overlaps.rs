//! Years that share some of their quarters: those that different releases showed, which end at different quarters or of which
//! some quarter was revised.
//!
//! Within one release no two years overlap. Where earlier ones are read beside it, every quarter that their years are made of
//! becomes an unknown of its own, by level, and a year is the sum of its four: exactly what a reader of all of them knows.

use std::collections::{BTreeMap, BTreeSet};

use super::counts::{Key, Known};
use super::revisions::Revisions;
use super::rows::{Counts, Kind, Rule};
use super::system::Row;
use crate::domain::{Dimension, Month, Period, Quarter, TOTAL};

/// Rows that tie the overlapping years of breakdowns together. Assumed: they hold where the levels make up the whole.
pub(super) fn shared_quarters(counts: &mut Counts<'_>, revisions: &Revisions) -> Vec<Rule> {
    let of_shares: BTreeSet<usize> = counts.shares.iter().map(|(_, _, bottom)| *bottom).collect();
    let mut tables: BTreeMap<Kind<'_>, BTreeMap<Month, Vec<Year<'_>>>> = BTreeMap::new();
    for (key, at) in counts.at.iter().filter(|(key, _)| key.dimension != Dimension::Total) {
        // Tops and rests that share their quarters leave bottoms that do.
        if let Period::TwelveMonthsTo(end) = key.period
            && end.ends_quarter()
            && !of_shares.contains(at)
        {
            let kind = (key.measure, key.part, key.which, key.dimension);
            tables.entry(kind).or_default().entry(end).or_default().push((*key, *at));
        }
    }
    let mut rules = Vec::new();
    for years in tables.into_values() {
        let is_revised = |levels: &[Year<'_>]| {
            levels.iter().any(|(key, _)| Some(key.since) != levels.first().map(|(first, _)| first.since))
        };
        let mut tied: BTreeSet<Month> =
            years.iter().filter(|(_, levels)| is_revised(levels)).map(|(end, _)| *end).collect();
        let ends: Vec<Month> = years.keys().copied().collect();
        for pair in ends.windows(2) {
            if let [one, other] = pair
                && other.since(*one) < 12
            {
                tied.extend([*one, *other]);
            }
        }
        let own: Vec<Year<'_>> =
            years.into_iter().filter(|(end, _)| tied.contains(end)).flat_map(|(_, levels)| levels).collect();
        let is_untold = |(key, at): &Year<'_>| {
            counts.get(*at).is_open() || quarters_of_whole(counts, key, revisions).any(Known::is_open)
        };
        if own.iter().any(is_untold) {
            rules.extend(of_table(counts, &own, revisions));
        }
    }
    rules
}

/// What is known of the whole in the quarters of a year.
fn quarters_of_whole<'a>(
    counts: &'a Counts<'_>,
    year: &Key<'a>,
    revisions: &'a Revisions,
) -> impl Iterator<Item = Known> + use<'a> {
    let year = *year;
    quarters_of(year.period).filter_map(move |quarter| {
        let at = counts.at.get(&whole_of(&year, quarter, revisions))?;
        Some(counts.get(*at))
    })
}

/// The key of the whole in a quarter of a year, as it stood when the year was shown.
fn whole_of<'a>(year: &Key<'a>, quarter: Quarter, revisions: &Revisions) -> Key<'a> {
    let period = Period::Quarter(quarter);
    Key { dimension: Dimension::Total, level: TOTAL, period, since: revisions.since(period, year.since), ..*year }
}

/// The calendar quarters of a year that ends at a quarter's end.
fn quarters_of(year: Period) -> impl Iterator<Item = Quarter> {
    [2, 5, 8, 11].into_iter().map(move |later| year.first_month().plus(later).quarter())
}

/// A year of a level.
type Year<'a> = (Key<'a>, usize);

/// A year of a level is its quarters; a quarter of the whole is its levels.
fn of_table<'a>(counts: &mut Counts<'a>, years: &[Year<'a>], revisions: &Revisions) -> Vec<Rule> {
    let mut quarters: BTreeMap<(&str, (Quarter, usize)), usize> = BTreeMap::new();
    let mut rules = Vec::new();
    for (key, year) in years {
        let mut terms = vec![(*year, -1)];
        for quarter in quarters_of(key.period) {
            let since = revisions.since(Period::Quarter(quarter), key.since);
            let own = Key { period: Period::Quarter(quarter), since, ..*key };
            let unknown = *quarters.entry((key.level, (quarter, since))).or_insert_with(|| counts.latent(own));
            terms.push((unknown, 1));
        }
        rules.push(Rule { row: Row { terms, low: 0, high: 0 }, assumed: true });
    }
    let Some((any, _)) = years.first() else { return rules };
    let mut of_quarter: BTreeMap<(Quarter, usize), Vec<usize>> = BTreeMap::new();
    for ((_, quarter), at) in quarters {
        of_quarter.entry(quarter).or_default().push(at);
    }
    for ((quarter, since), levels) in of_quarter {
        let whole = Key { dimension: Dimension::Total, level: TOTAL, period: Period::Quarter(quarter), since, ..*any };
        if let Some(whole) = counts.at.get(&whole) {
            let mut terms: Vec<(usize, i64)> = levels.into_iter().map(|at| (at, 1)).collect();
            terms.push((*whole, -1));
            rules.push(Rule { row: Row { terms, low: 0, high: 0 }, assumed: true });
        }
    }
    rules
}
