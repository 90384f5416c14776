//! Spells into cumulative incidences: how a wait ended by fixed days, every ending beside the others so that they stack.

use rayon::prelude::*;

use super::cells::{CellKey, Levels};
use super::cohorts::{distinct_children, waiting};
use super::contributions::Spell;
use super::figures::{Reach, figure};
use super::header::{Header, PartHeader};
use crate::disclosure::{Contributors, ExactFigure};
use crate::stats::{Estimate, Waiting};

/// Fewer children than this in all the bands that are hidden together could be told apart by subtraction.
const HIDDEN_TOGETHER: u32 = 10;

/// Every figure of an incidence measure.
pub(crate) fn figures(
    header: &Header,
    cohorts: &[(CellKey, Vec<Spell>)],
    reach: Reach,
    levels: &Levels,
) -> Vec<ExactFigure> {
    cohorts.par_iter().flat_map_iter(|(key, cohort)| of_cohort(header, key, cohort, reach, levels)).collect()
}

fn of_cohort(header: &Header, key: &CellKey, cohort: &[Spell], reach: Reach, levels: &Levels) -> Vec<ExactFigure> {
    let mut days: Vec<u32> = header.part.iter().filter_map(|part| part.day).collect();
    days.sort_unstable();
    days.dedup();
    let curves = Curves::new(header, cohort);
    let children = distinct_children(cohort.iter());
    let given_away: Vec<(u32, Vec<u32>)> = days.iter().map(|day| (*day, given_away_on(header, cohort, *day))).collect();
    header
        .part
        .iter()
        .enumerate()
        .filter_map(|(at, part)| {
            let day = part.day?;
            let estimate = curves.share(&part.causes, day);
            let told = given_away.iter().find(|(of, _)| *of == day).and_then(|(_, told)| told.get(at)).copied();
            let counts = (None, i64::try_from(cohort.len()).ok());
            let mut figure = figure(header, key, Some(&part.id), counts, (part.unit, estimate), reach, levels);
            figure.provisional |= reach.is_provisional_for(key.period, day);
            Some(ExactFigure {
                figure,
                contributors: Contributors {
                    numerator_children: told.unwrap_or(0),
                    denominator_children: children,
                    largest_share: None,
                },
            })
        })
        .collect()
}

/// The curves that the parts of a measure ask for, one for each set of causes.
struct Curves(Vec<(Vec<u8>, Waiting)>);

impl Curves {
    fn new(header: &Header, cohort: &[Spell]) -> Self {
        let mut sets: Vec<Vec<u8>> = header.part.iter().map(|part| part.causes.clone()).collect();
        sets.sort_unstable();
        sets.dedup();
        Self(sets.into_iter().map(|causes| (causes.clone(), curve(cohort, &causes))).collect())
    }

    /// The share ended by these causes by `day`; with no causes, the share that has not ended.
    fn share(&self, causes: &[u8], day: u32) -> Option<Estimate> {
        let (_, waiting) = self.0.iter().find(|(of, _)| of == causes)?;
        let still = waiting.still_waiting_at(day)?;
        Some(if causes.is_empty() { still } else { complement(still) })
    }
}

/// Waiting for any of the causes, all others competing; for any ending at all where no cause is named.
fn curve(cohort: &[Spell], causes: &[u8]) -> Waiting {
    let awaited = |cause: u8| if causes.is_empty() { cause > 0 } else { causes.contains(&cause) };
    waiting(cohort, awaited)
}

fn complement(share: Estimate) -> Estimate {
    Estimate {
        value: 1.0 - share.value,
        lower: share.upper.map(|upper| 1.0 - upper),
        upper: share.lower.map(|lower| 1.0 - lower),
    }
}

/// What the shares of one day tell of children, for disclosure control; 0 for parts of other days.
///
/// A share tells of the children who had ended so, and of those who had not. Since the endings of one day add up to all, the
/// smallest is never hidden alone: it takes the next smallest with it, until together they are [`HIDDEN_TOGETHER`]. A part
/// that sums up others is hidden where it would give one of them away.
fn given_away_on(header: &Header, cohort: &[Spell], day: u32) -> Vec<u32> {
    let everyone = distinct_children(cohort.iter());
    let ended_so = |part: &PartHeader| {
        let so = |spell: &&Spell| match part.causes.as_slice() {
            [] => spell.time > day || spell.cause == 0,
            causes => spell.time <= day && causes.contains(&spell.cause),
        };
        distinct_children(cohort.iter().filter(so))
    };
    let counts: Vec<u32> =
        header.part.iter().map(|part| if part.day == Some(day) { ended_so(part) } else { 0 }).collect();
    let mut told: Vec<u32> = counts.iter().map(|count| smaller_side(*count, everyone)).collect();
    let mut bands: Vec<usize> = (0..counts.len())
        .filter(|at| header.part.get(*at).is_some_and(|part| part.day == Some(day) && part.causes.len() <= 1))
        .filter(|at| counts.get(*at).is_some_and(|count| *count > 0))
        .collect();
    bands.sort_by_key(|at| told.get(*at).copied());
    let least = bands.first().and_then(|at| told.get(*at)).copied().unwrap_or(everyone);
    let mut together = Vec::new();
    let mut sum = 0;
    for at in bands {
        if together.len() >= 2 && sum >= HIDDEN_TOGETHER {
            break;
        }
        sum += counts.get(at).copied().unwrap_or(0);
        together.push(at);
    }
    for at in &together {
        if let Some(told) = told.get_mut(*at) {
            *told = least;
        }
    }
    for (at, part) in header.part.iter().enumerate().filter(|(_, part)| part.day == Some(day) && part.causes.len() > 1)
    {
        let is_own = |band: &usize| {
            header.part.get(*band).is_some_and(|band| band.causes.iter().any(|cause| part.causes.contains(cause)))
        };
        let own = together.iter().filter(|band| is_own(band)).count();
        if let Some(told) = told.get_mut(at).filter(|_| own > 0 && own < together.len()) {
            *told = least.min(*told);
        }
    }
    told
}

/// The smaller of those who had and those who had not; where it is nobody, no child is told of.
fn smaller_side(count: u32, everyone: u32) -> u32 {
    if count == 0 || count >= everyone { everyone } else { count.min(everyone - count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        let text = super::super::header::split(include_str!("../../queries/never_assessed.sql")).unwrap().0;
        toml::from_str(text).unwrap()
    }

    fn spell(child: i64, time: u32, cause: u8) -> Spell {
        Spell { child, on: 20_000, time, cause, own: super::super::contributions::OwnDimensions::default() }
    }

    #[test]
    fn endings_and_those_still_open_make_one() {
        // Followed to different days: the shares by day 10 still add up to one.
        let cohort = [(2, 1), (5, 2), (7, 0), (9, 3), (10, 1), (10, 0), (40, 1), (60, 0)];
        let cohort: Vec<Spell> =
            cohort.iter().zip(1..).map(|(&(time, cause), child)| spell(child, time, cause)).collect();
        let header = header();
        let curves = Curves::new(&header, &cohort);
        for day in [10, 45] {
            let sum: f64 = [vec![1], vec![2], vec![3], vec![]]
                .iter()
                .map(|causes| curve(&cohort, causes).still_waiting_at(day).unwrap().value)
                .zip([true, true, true, false])
                .map(|(value, ends)| if ends { 1.0 - value } else { value })
                .sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
        // By hand on day 10, at risk 8: 1/8 assessed on day 2; 7/8 × 1/7 closed on day 5; 6/8 left over six, of whom one is
        // censored on day 7; on day 9 one of five leaves: 6/8 × 1/5 = 0.15; on day 10 one of four: 0.6 × 1/4 = 0.15.
        assert!((curves.share(&[1], 10).unwrap().value - 0.275).abs() < 1e-12);
        assert!((curves.share(&[2], 10).unwrap().value - 0.125).abs() < 1e-12);
        assert!((curves.share(&[3], 10).unwrap().value - 0.15).abs() < 1e-12);
        assert!((curves.share(&[], 10).unwrap().value - 0.45).abs() < 1e-12);
    }

    #[test]
    fn a_small_ending_is_never_the_difference_of_shown_ones() {
        // Forty clocks, day 91: 30 assessed, 1 closed, 9 still open. Closed takes open with it: ten together.
        let mut cohort: Vec<Spell> = (0..30).map(|child| spell(child, 3, 1)).collect();
        cohort.push(spell(30, 4, 2));
        cohort.extend((31..40).map(|child| spell(child, 200, 0)));
        let header = header();
        let told = given_away_on(&header, &cohort, 91);
        let of = |id: &str| told[header.part.iter().position(|part| part.id == id).unwrap()];
        assert_eq!((of("closed_unassessed-91"), of("open-91")), (1, 1));
        assert_eq!(of("assessed-91"), 10);
        assert_eq!(of("left-91"), 40, "nobody left: it tells of nobody");
        assert_eq!(of("unassessed-91"), 1, "the sum of closed and left would give closed away");
    }
}
