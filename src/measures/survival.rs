//! Spells into survival figures: by the month, quarter or twelve months in which they started.

use std::collections::BTreeMap;

use super::cells::{CellKey, Levels, level};
use super::child_dimensions::ChildDimensions;
use super::contributions::{Spell, Words};
use super::figures::{Reach, figure};
use super::header::Header;
use crate::disclosure::{Contributors, ExactFigure};
use crate::domain::{Dimension, Month, Period, Unit};
use crate::marts::date_of;
use crate::stats::{Estimate, Waiting, WaitingSpell};

/// The cause that ends the wait; every other ending competes with it.
const ANSWERED: u8 = 1;

/// What a part of a survival figure is: `s10`, `median`, `p90`, `rmst45`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asked {
    StillAt(u32),
    Quantile(f64),
    RestrictedMean(u32),
}

impl Asked {
    fn of(part: &str) -> Option<Self> {
        if part == "median" {
            return Some(Self::Quantile(0.5));
        }
        let number = |prefix: &str| part.strip_prefix(prefix).and_then(|rest| rest.parse::<u32>().ok());
        number("rmst")
            .map(Self::RestrictedMean)
            .or_else(|| number("s").map(Self::StillAt))
            .or_else(|| number("p").map(|percent| Self::Quantile(f64::from(percent) / 100.0)))
    }
}

/// Every figure of a survival measure. Cohorts by start, never by end.
pub(crate) fn figures(
    header: &Header,
    spells: &[Spell],
    words: &Words,
    children: &ChildDimensions,
    reach: Reach,
) -> Vec<ExactFigure> {
    let mut levels = Levels::new();
    let mut cohorts: BTreeMap<CellKey, Vec<Spell>> = BTreeMap::new();
    for spell in spells {
        let month = Month::of(date_of(spell.on));
        for dimension in std::iter::once(Dimension::Total).chain(header.dimensions.iter().copied()) {
            let level = levels.number(level(dimension, spell.child, spell.on, spell.own, words, children));
            for period in cohorts_of(month, dimension != Dimension::Total, reach) {
                let key = CellKey { period, dimension, level, part: 0 };
                cohorts.entry(key).or_default().push(*spell);
            }
        }
    }
    cohorts.iter().flat_map(|(key, cohort)| of_cohort(header, key, cohort, reach, &levels)).collect()
}

/// Months and whole quarters for the whole; the twelve months to a quarter's end for breakdowns.
fn cohorts_of(month: Month, breakdown: bool, reach: Reach) -> Vec<Period> {
    let shown = reach.shown;
    if month < shown.first || month > shown.last {
        return Vec::new();
    }
    if breakdown {
        let ends = (0..12).map(|later| month.plus(later)).filter(|end| end.ends_quarter());
        return ends
            .filter(|end| *end <= shown.last && end.plus(-11) >= shown.first)
            .map(Period::TwelveMonthsTo)
            .collect();
    }
    let quarter = month.quarter();
    let mut periods = vec![Period::Month(month)];
    if quarter.last_month() <= shown.last && quarter.first_month() >= shown.first {
        periods.push(Period::Quarter(quarter));
    }
    periods
}

fn of_cohort(header: &Header, key: &CellKey, cohort: &[Spell], reach: Reach, levels: &Levels) -> Vec<ExactFigure> {
    let waiting = Waiting::new(
        cohort.iter().map(|spell| WaitingSpell { time: spell.time, cause: spell.cause, child: spell.child }).collect(),
        ANSWERED,
    );
    let mut distinct: Vec<i64> = cohort.iter().map(|spell| spell.child).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let children = u32::try_from(distinct.len()).unwrap_or(u32::MAX);
    header
        .part
        .iter()
        .filter_map(|part| {
            let estimate: Option<Estimate> = match Asked::of(&part.id)? {
                Asked::StillAt(day) => waiting.still_waiting_at(day),
                Asked::Quantile(share) => waiting.quantile(share),
                Asked::RestrictedMean(days) => waiting.restricted_mean(days),
            };
            let at_risk = match Asked::of(&part.id)? {
                Asked::StillAt(day) => cohort.iter().filter(|spell| spell.time >= day).count(),
                _ => cohort.len(),
            };
            let counts = (None, i64::try_from(cohort.len()).ok());
            let unit = if part.unit == Unit::Proportion { Unit::Proportion } else { Unit::Days };
            Some(ExactFigure {
                figure: figure(header, key, Some(&part.id), counts, (unit, estimate), reach, levels),
                contributors: Contributors {
                    numerator_children: u32::try_from(at_risk).unwrap_or(u32::MAX).min(children),
                    denominator_children: children,
                    largest_share: None,
                },
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_from_their_names() {
        assert_eq!(Asked::of("s45"), Some(Asked::StillAt(45)));
        assert_eq!(Asked::of("median"), Some(Asked::Quantile(0.5)));
        assert_eq!(Asked::of("p90"), Some(Asked::Quantile(0.9)));
        assert_eq!(Asked::of("rmst45"), Some(Asked::RestrictedMean(45)));
        assert_eq!(Asked::of("sometimes"), None);
    }
}
