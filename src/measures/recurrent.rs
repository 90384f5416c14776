//! Repeatable events since a start into mean cumulative counts, by the year of the start.

use rayon::prelude::*;

use super::cells::{CellKey, Levels};
use super::cohorts::distinct_children;
use super::contributions::Spell;
use super::figures::{Reach, figure};
use super::header::Header;
use super::survival::nested_by_day;
use crate::disclosure::{Contributors, ExactFigure};
use crate::domain::{Dimension, Relation};
use crate::stats::{Estimate, HistoryRow, mean_count_by};

/// The cause of a row that is an event; 0 is the end of what was seen, 2 an end for good.
const EVENT: u8 = 1;
const FOR_GOOD: u8 = 2;

/// What a part is: `m90` the mean count by day 90, `n90` the share of the children still followed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    MeanBy(u32),
    FollowedOn(u32),
}

impl Asked {
    pub(crate) fn of(part: &str) -> Option<Self> {
        let number = |prefix: &str| part.strip_prefix(prefix).and_then(|rest| rest.parse::<u32>().ok());
        number("m").map(Self::MeanBy).or_else(|| number("n").map(Self::FollowedOn))
    }

    /// The day by which, or on which, it asks.
    pub(crate) fn day(self) -> u32 {
        match self {
            Self::MeanBy(day) | Self::FollowedOn(day) => day,
        }
    }
}

/// How the shares still followed hang together with each other and with the mean counts: all are of the same children.
pub(crate) fn relations(header: &Header) -> Vec<Relation> {
    let parts: Vec<String> =
        header.part.iter().filter(|part| Asked::of(&part.id).is_some()).map(|part| part.id.clone()).collect();
    let same = (parts.len() > 1).then_some(Relation::SameDenominator { parts });
    same.into_iter().chain(nested_by_day(header, "n")).collect()
}

/// Every figure of a recurrent measure.
pub(crate) fn figures(
    header: &Header,
    cohorts: &[(CellKey, Vec<Spell>)],
    reach: Reach,
    levels: &Levels,
) -> Vec<ExactFigure> {
    cohorts.par_iter().flat_map_iter(|(key, cohort)| of_cohort(header, key, cohort, reach, levels)).collect()
}

fn of_cohort(header: &Header, key: &CellKey, cohort: &[Spell], reach: Reach, levels: &Levels) -> Vec<ExactFigure> {
    let rows: Vec<HistoryRow> = cohort
        .iter()
        .map(|row| HistoryRow {
            child: row.child,
            time: row.time,
            event: row.cause == EVENT,
            terminal: row.cause == FOR_GOOD,
        })
        .collect();
    let children = distinct_children(cohort.iter());
    header
        .part
        .iter()
        .filter_map(|part| {
            let asked = Asked::of(&part.id)?;
            // Of the whole alone: of levels mostly a few are no longer followed, and these would be withheld with all beside them.
            if matches!(asked, Asked::FollowedOn(_)) && key.dimension != Dimension::Total {
                return None;
            }
            let day = asked.day();
            let followed = distinct_children(cohort.iter().filter(|row| row.cause != EVENT && row.time >= day));
            let with_event = distinct_children(cohort.iter().filter(|row| row.cause == EVENT && row.time <= day));
            let (counts, estimate, told) = match asked {
                Asked::MeanBy(day) => {
                    let told = if with_event == 0 { followed } else { with_event.min(followed) };
                    ((None, Some(i64::from(children))), mean_count_by(&rows, day), told)
                }
                Asked::FollowedOn(_) => {
                    let share = f64::from(followed) / f64::from(children.max(1));
                    let value = Estimate { value: share, lower: None, upper: None };
                    ((Some(i64::from(followed)), Some(i64::from(children))), Some(value), followed)
                }
            };
            let mut figure = figure(header, key, Some(&part.id), counts, (part.unit, estimate), reach, levels);
            figure.provisional |= reach.is_provisional_for(key.period, day);
            Some(ExactFigure {
                figure,
                contributors: Contributors {
                    numerator_children: told,
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
        assert_eq!(Asked::of("m90"), Some(Asked::MeanBy(90)));
        assert_eq!(Asked::of("n365"), Some(Asked::FollowedOn(365)));
        assert_eq!(Asked::of("median"), None);
    }
}
