//! Spells into survival figures: the share still waiting at fixed days, quantiles, numbers at risk.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::cells::{CellKey, Levels};
use super::cohorts::{distinct_children, waiting};
use super::contributions::Spell;
use super::figures::{Reach, figure};
use super::header::Header;
use crate::disclosure::{Contributors, ExactFigure};
use crate::domain::{Count, CountKind, Dimension, Period, Relation, Unit};
use crate::stats::Estimate;

/// The cause that ends the wait; every other ending competes with it.
const ANSWERED: u8 = 1;

/// What a part of a survival figure is: `s10`, `n10`, `median`, `p90`, `rmst45`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Asked {
    StillAt(u32),
    AtRiskOn(u32),
    Quantile(f64),
    RestrictedMean(u32),
}

impl Asked {
    pub(crate) fn of(part: &str) -> Option<Self> {
        if part == "median" {
            return Some(Self::Quantile(0.5));
        }
        let number = |prefix: &str| part.strip_prefix(prefix).and_then(|rest| rest.parse::<u32>().ok());
        number("rmst")
            .map(Self::RestrictedMean)
            .or_else(|| number("s").map(Self::StillAt))
            .or_else(|| number("n").map(Self::AtRiskOn))
            .or_else(|| number("p").map(|percent| Self::Quantile(f64::from(percent) / 100.0)))
    }

    /// The day that follow-up must reach, where the part names one.
    fn day(self) -> u32 {
        match self {
            Self::StillAt(day) | Self::AtRiskOn(day) | Self::RestrictedMean(day) => day,
            Self::Quantile(_) => 0,
        }
    }
}

/// How the numbers at risk hang together with the shares still waiting. Where nobody's follow-up ends early, those no longer
/// followed on a day are those whose wait has ended by it: both are out of the whole cohort, and one is withheld with the other.
pub(crate) fn relations(header: &Header) -> Vec<Relation> {
    let has = |id: &String| header.part.iter().any(|part| part.id == *id);
    let at_risk = header.part.iter().filter_map(|part| match Asked::of(&part.id)? {
        Asked::AtRiskOn(day) => Some((part.id.clone(), format!("s{day}"))),
        _ => None,
    });
    let beside = at_risk.filter(|(_, other)| has(other));
    beside
        .flat_map(|(part, other)| {
            let parts = vec![other.clone(), part.clone()];
            [Relation::SameDenominator { parts }, Relation::WithheldWith { part, other }]
        })
        .chain(nested_by_day(header, "s"))
        .chain(nested_by_day(header, "n"))
        .collect()
}

/// Who still waits at a day, or is followed to it (`s10`, `n10`), did so at every day before.
pub(crate) fn nested_by_day(header: &Header, prefix: &str) -> Vec<Relation> {
    let days = header.part.iter().filter_map(|part| part.id.strip_prefix(prefix)?.parse::<u32>().ok());
    let days: BTreeSet<u32> = days.collect();
    let at = |day: u32| Count { measure: None, part: format!("{prefix}{day}"), kind: CountKind::Numerator };
    let before = |later: u32| days.range(..later).map(|day| at(*day)).collect();
    days.iter().skip(1).map(|later| Relation::Within { count: at(*later), of: before(*later) }).collect()
}

/// Whether numbers at risk are published of a cohort: of the whole by quarter. With the year and the levels beside them most
/// would be withheld, since they would have to be protected as sums.
fn has_at_risk(key: &CellKey) -> bool {
    key.dimension == Dimension::Total && matches!(key.period, Period::Quarter(_))
}

/// Every figure of a survival measure.
pub(crate) fn figures(
    header: &Header,
    cohorts: &[(CellKey, Vec<Spell>)],
    reach: Reach,
    levels: &Levels,
) -> Vec<ExactFigure> {
    cohorts.par_iter().flat_map_iter(|(key, cohort)| of_cohort(header, key, cohort, reach, levels)).collect()
}

fn of_cohort(header: &Header, key: &CellKey, cohort: &[Spell], reach: Reach, levels: &Levels) -> Vec<ExactFigure> {
    let waiting = waiting(cohort, |cause| cause == ANSWERED);
    let children = distinct_children(cohort.iter());
    header
        .part
        .iter()
        .filter_map(|part| {
            let asked = Asked::of(&part.id)?;
            if matches!(asked, Asked::AtRiskOn(_)) && !has_at_risk(key) {
                return None;
            }
            let followed = |day: u32| cohort.iter().filter(move |spell| spell.time >= day);
            let estimate: Option<Estimate> = match asked {
                Asked::StillAt(day) => waiting.still_waiting_at(day),
                Asked::AtRiskOn(day) => {
                    let share = followed(day).count() as f64 / cohort.len().max(1) as f64;
                    Some(Estimate { value: share, lower: None, upper: None })
                }
                Asked::Quantile(share) => waiting.quantile(share),
                Asked::RestrictedMean(days) => waiting.restricted_mean(days),
            };
            // A child can have spells of both kinds, so that those no longer followed are counted by themselves.
            let (at_risk, children) = match asked {
                Asked::StillAt(day) => (distinct_children(followed(day)), children),
                Asked::AtRiskOn(day) => {
                    let at_risk = distinct_children(followed(day));
                    (at_risk, at_risk + distinct_children(cohort.iter().filter(|spell| spell.time < day)))
                }
                _ => (children, children),
            };
            let in_all = i64::try_from(cohort.len()).ok();
            let counts = match asked {
                Asked::AtRiskOn(day) => (i64::try_from(followed(day).count()).ok(), in_all),
                _ => (None, in_all),
            };
            let unit = if part.unit == Unit::Count || part.unit == Unit::Proportion { part.unit } else { Unit::Days };
            let mut figure = figure(header, key, Some(&part.id), counts, (unit, estimate), reach, levels);
            figure.provisional |= reach.is_provisional_for(key.period, asked.day());
            Some(ExactFigure {
                figure,
                contributors: Contributors {
                    numerator_children: at_risk,
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
        assert_eq!(Asked::of("n45"), Some(Asked::AtRiskOn(45)));
        assert_eq!(Asked::of("median"), Some(Asked::Quantile(0.5)));
        assert_eq!(Asked::of("p90"), Some(Asked::Quantile(0.9)));
        assert_eq!(Asked::of("rmst45"), Some(Asked::RestrictedMean(45)));
        assert_eq!(Asked::of("sometimes"), None);
    }
}
