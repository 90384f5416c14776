//! Spells gathered into cohorts by when they began: never by when they ended. Follow-up is for the methods.

use polars::prelude::PlHashMap;

use super::cells::{CellKey, LevelNumbers, Levels};
use super::child_dimensions::ChildDimensions;
use super::contributions::{Spell, Words};
use super::figures::Reach;
use super::header::Header;
use crate::domain::{Dimension, Month, Period};
use crate::marts::date_of;
use crate::release::Shape;
use crate::stats::{CumulativeIncidence, Ending, Waiting};

/// Each cohort of a measure with its spells, in the order of their keys. A key's part is always 0.
pub(crate) fn cohorts(
    header: &Header,
    spells: &[Spell],
    words: &Words,
    children: &ChildDimensions,
    reach: Reach,
    levels: &mut Levels,
) -> Vec<(CellKey, Vec<Spell>)> {
    let mut cohorts: PlHashMap<CellKey, Vec<Spell>> = PlHashMap::default();
    let mut numbers = LevelNumbers::new(header, words, children, levels);
    for spell in spells {
        let month = Month::of(date_of(spell.on));
        let child = numbers.child(spell.child);
        for place in 0..numbers.dimensions.len() {
            let dimension = numbers.dimensions.get(place).copied().unwrap_or(Dimension::Total);
            let periods = periods_of(header, month, dimension != Dimension::Total, reach);
            if periods.is_empty() {
                continue;
            }
            let level = numbers.number(place, child, spell.on, spell.own);
            for period in periods {
                cohorts.entry(CellKey { period, dimension, level, part: 0 }).or_default().push(*spell);
            }
        }
    }
    let mut cohorts: Vec<_> = cohorts.into_iter().collect();
    cohorts.sort_unstable_by_key(|(key, _)| *key);
    cohorts
}

/// Months (where the measure has them), quarters and years for the whole; years for breakdowns, and alone for what is counted
/// over time since a start.
fn periods_of(header: &Header, month: Month, breakdown: bool, reach: Reach) -> Vec<Period> {
    let shown = reach.shown;
    if !shown.holds(month) {
        return Vec::new();
    }
    let by_quarter = !breakdown && header.shape != Shape::Recurrent;
    let months = (by_quarter && header.monthly).then_some(Period::Month(month));
    let quarter = by_quarter.then(|| shown.quarter_with(month)).flatten();
    months.into_iter().chain(quarter).chain(shown.year_with(month)).collect()
}

/// The wait of a cohort's spells for the causes `awaited`, all other endings competing.
pub(crate) fn waiting(cohort: &[Spell], awaited: impl Fn(u8) -> bool) -> Waiting {
    let ending = |spell: &Spell| Ending {
        child: spell.child.cast_unsigned(),
        entry: None,
        time: spell.time,
        cause: match spell.cause {
            0 => 0,
            cause if awaited(cause) => 1,
            _ => 2,
        },
    };
    let endings: Vec<Ending> = cohort.iter().map(ending).collect();
    CumulativeIncidence::new(&endings).expect("no spell of a cohort enters late").waiting(1)
}

/// Distinct children among spells, which need no order.
pub(crate) fn distinct_children<'a>(spells: impl Iterator<Item = &'a Spell>) -> u32 {
    let mut children: Vec<i64> = spells.map(|spell| spell.child).collect();
    children.sort_unstable();
    children.dedup();
    u32::try_from(children.len()).unwrap_or(u32::MAX)
}
