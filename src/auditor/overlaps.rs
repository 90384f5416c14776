//! Years that share some of their quarters: those that different releases showed, whose years end at different quarters.
//!
//! Within one release no two years overlap. Where earlier ones are read beside it, every quarter that their years are made of
//! becomes an unknown of its own, by level, and a year is the sum of its four: exactly what a reader of all of them knows.

use std::collections::{BTreeMap, BTreeSet};

use super::counts::Key;
use super::rows::{Counts, Kind, Rule};
use super::search::Row;
use crate::domain::{Dimension, Month, Period, Quarter, TOTAL};

/// Rows that tie the overlapping years of breakdowns together. Assumed: they hold where the levels make up the whole.
pub(super) fn shared_quarters(counts: &mut Counts<'_>) -> Vec<Rule> {
    let mut tables: BTreeMap<Kind<'_>, BTreeMap<Month, Vec<(Key<'_>, usize)>>> = BTreeMap::new();
    for (key, at) in counts.at.iter().filter(|(key, _)| key.dimension != Dimension::Total) {
        if let Period::TwelveMonthsTo(end) = key.period
            && end.ends_quarter()
        {
            let kind = (key.measure, key.part, key.which, key.dimension);
            tables.entry(kind).or_default().entry(end).or_default().push((*key, *at));
        }
    }
    let mut rules = Vec::new();
    for years in tables.into_values() {
        let mut tied: BTreeSet<Month> = BTreeSet::new();
        let ends: Vec<Month> = years.keys().copied().collect();
        for pair in ends.windows(2) {
            if let [one, other] = pair
                && other.since(*one) < 12
            {
                tied.extend([*one, *other]);
            }
        }
        let own: Vec<(Key<'_>, usize)> =
            years.into_iter().filter(|(end, _)| tied.contains(end)).flat_map(|(_, levels)| levels).collect();
        if own.iter().any(|(_, at)| counts.get(*at).is_open()) {
            rules.extend(of_table(counts, &own));
        }
    }
    rules
}

/// A year of a level is its quarters; a quarter of the whole is its levels.
fn of_table<'a>(counts: &mut Counts<'a>, years: &[(Key<'a>, usize)]) -> Vec<Rule> {
    let mut quarters: BTreeMap<(&str, Quarter), usize> = BTreeMap::new();
    let mut rules = Vec::new();
    for (key, year) in years {
        let mut terms = vec![(*year, -1)];
        for later in [2, 5, 8, 11] {
            let quarter = key.period.first_month().plus(later).quarter();
            let unknown = *quarters.entry((key.level, quarter)).or_insert_with(|| counts.latent());
            terms.push((unknown, 1));
        }
        rules.push(Rule { row: Row { terms, low: 0, high: 0 }, assumed: true });
    }
    let Some((any, _)) = years.first() else { return rules };
    let mut of_quarter: BTreeMap<Quarter, Vec<usize>> = BTreeMap::new();
    for ((_, quarter), at) in quarters {
        of_quarter.entry(quarter).or_default().push(at);
    }
    for (quarter, levels) in of_quarter {
        let whole = Key { dimension: Dimension::Total, level: TOTAL, period: Period::Quarter(quarter), ..*any };
        if let Some(whole) = counts.at.get(&whole) {
            let mut terms: Vec<(usize, i64)> = levels.into_iter().map(|at| (at, 1)).collect();
            terms.push((*whole, -1));
            rules.push(Rule { row: Row { terms, low: 0, high: 0 }, assumed: true });
        }
    }
    rules
}
