//! Risk periods that an assessor said had become less, and what independent signals said afterwards.
//!
//! An assessor's opinion alone is no outcome: it is paired with the child's missing spells and harm events.

use itertools::izip;
use polars::prelude::*;

use super::follow_up::FollowUp;
use super::frame::{ByChild, Day, Names, codes, date_column, days, keys, truths};
use super::leaving::Leavings;
use super::missing_spells::{End, Spell};
use super::risk_periods::RiskPeriod;
use super::signals::COUNTED;

/// An assessment with a level that is known: the day it was completed and its rank.
pub(crate) type Graded = (Day, u8);

/// The rank of a level; none where the word names no level.
pub(crate) fn rank(level: &str) -> Option<u8> {
    match level {
        "none" | "no_risk" => Some(0),
        "low" => Some(1),
        "medium" | "moderate" => Some(2),
        "high" | "significant" => Some(3),
        "very_high" => Some(4),
        _ => None,
    }
}

/// The first day in each risk period on which an assessment put the risk lower than the assessment before it in that
/// period. Of several assessments on one day the highest level holds.
pub(crate) fn first_reductions(periods: &[RiskPeriod], graded: &[Graded]) -> Vec<Day> {
    let mut graded = graded.to_vec();
    graded.sort_unstable_by_key(|(on, level)| (*on, std::cmp::Reverse(*level)));
    graded.dedup_by_key(|(on, _)| *on);
    let within = |period: &RiskPeriod| {
        let until = period.close.unwrap_or(Day::MAX);
        let own: Vec<Graded> = graded.iter().copied().filter(|(on, _)| (period.start..until).contains(on)).collect();
        own.windows(2).find_map(|pair| match pair {
            [(_, before), (on, after)] if after < before => Some(*on),
            _ => None,
        })
    };
    periods.iter().filter_map(within).collect()
}

/// The first day after `day` on which the child was missing. A spell without a known end counts by its start alone.
pub(crate) fn next_missing(spells: &[Spell], day: Day) -> Option<Day> {
    spells
        .iter()
        .filter_map(|spell| {
            let running = match spell.end {
                End::Returned(end) => end.on > day,
                End::Left(end) => end > day,
                End::Open => true,
                End::Unknown => false,
            };
            match (spell.start.on > day, running) {
                (true, _) => Some(spell.start.on),
                (false, true) => Some(day + 1),
                (false, false) => None,
            }
        })
        .min()
}

/// One row per risk period assessed as reduced: `reduced_on` (the first time in it), `next_missing_on` and
/// `next_harm_on` (null where none followed), `followed_until_on` and `left` before the as-at date.
pub(crate) fn risk_reductions(
    periods: &ByChild<RiskPeriod>,
    spells: &ByChild<Spell>,
    (risk_assessments, harm_events): (&DataFrame, &DataFrame),
    leavings: &Leavings,
    as_at: Day,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let graded = graded_by_child(risk_assessments, as_at, names)?;
    let harm = harm_by_child(harm_events, as_at)?;
    let (mut child_id, mut reduced_on) = (Vec::new(), Vec::new());
    let (mut next_missing_on, mut next_harm_on) = (Vec::new(), Vec::new());
    let (mut followed_until_on, mut left_early) = (Vec::new(), Vec::new());
    for child in graded.children() {
        let own_periods: Vec<RiskPeriod> = periods.of(child).iter().map(|(_, period)| *period).collect();
        let own_graded: Vec<Graded> = graded.of(child).iter().map(|(_, one)| *one).collect();
        let own_spells: Vec<Spell> = spells.of(child).iter().map(|(_, spell)| spell.clone()).collect();
        let left = leavings.of(child, as_at);
        for on in first_reductions(&own_periods, &own_graded) {
            child_id.push(child);
            reduced_on.push(Some(on));
            next_missing_on.push(next_missing(&own_spells, on));
            next_harm_on.push(harm.of(child).iter().map(|(_, day)| *day).filter(|day| *day > on).min());
            let until = FollowUp::of(left, as_at);
            followed_until_on.push(Some(if until.ended_for_good { until.until - 1 } else { until.until }));
            left_early.push(left.is_some());
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("reduced_on", reduced_on)?,
        date_column("next_missing_on", next_missing_on)?,
        date_column("next_harm_on", next_harm_on)?,
        date_column("followed_until_on", followed_until_on)?,
        Column::new("left".into(), left_early),
    ])
}

/// Assessments that count and name a level, by child.
fn graded_by_child(risk_assessments: &DataFrame, as_at: Day, names: &mut Names) -> PolarsResult<ByChild<Graded>> {
    let child = keys(risk_assessments, "child_id")?;
    let kind = codes(risk_assessments, "kind", names)?;
    let level = codes(risk_assessments, "level", names)?;
    let completed = days(risk_assessments, "completed_on")?;
    let seen = truths(risk_assessments, "child_seen")?;
    let counted = COUNTED.map(|word| names.code(word));
    let graded = izip!(child, kind, level, completed, seen)
        .filter(|(_, kind, _, _, seen)| *seen != Some(false) && kind.is_some_and(|kind| counted.contains(&kind)))
        .filter_map(|(child, _, level, completed_on, _)| {
            let on = completed_on.filter(|on| *on <= as_at)?;
            Some((child, (on, rank(names.word(level?))?)))
        })
        .collect();
    Ok(ByChild::new(graded))
}

fn harm_by_child(harm_events: &DataFrame, as_at: Day) -> PolarsResult<ByChild<Day>> {
    let occurred = keys(harm_events, "child_id")?.into_iter().zip(days(harm_events, "occurred_on")?);
    Ok(ByChild::new(occurred.filter_map(|(child, on)| Some((child, on.filter(|on| *on <= as_at)?))).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::missing_spells::Moment;
    use super::*;

    fn period(start: Day, close: Option<Day>) -> RiskPeriod {
        RiskPeriod { start, close, opened_by_spell: false }
    }

    #[test]
    fn the_first_fall_within_a_period_counts_and_none_across_two() {
        let periods = [period(0, Some(100)), period(200, None)];
        // High, high, low, none: the fall to low. Then low in the next period, after high in the one before: no fall.
        assert_eq!(first_reductions(&periods, &[(10, 3), (20, 3), (30, 1), (40, 0), (210, 1)]), [30]);
        assert_eq!(first_reductions(&periods, &[(10, 1), (20, 3), (210, 3), (260, 2)]), [260]);
        // Two on one day: the higher holds, so the fall is on day 30.
        assert_eq!(first_reductions(&periods, &[(10, 3), (20, 1), (20, 3), (30, 2)]), [30]);
        assert_eq!(first_reductions(&periods, &[(10, 3), (150, 1)]), Vec::<Day>::new(), "outside every period");
    }

    #[test]
    fn a_child_missing_on_the_day_is_missing_the_day_after() {
        let spell = |start, end| Spell { start: Moment { at_ms: 0, on: start }, end, episodes: Vec::new() };
        let returned = |on| End::Returned(Moment { at_ms: 0, on });
        assert_eq!(next_missing(&[spell(5, returned(8)), spell(40, returned(41))], 10), Some(40));
        assert_eq!(next_missing(&[spell(5, returned(12))], 10), Some(11));
        assert_eq!(next_missing(&[spell(5, returned(10))], 10), None, "back that day");
        assert_eq!(next_missing(&[spell(5, End::Unknown), spell(11, End::Unknown)], 10), Some(11));
        assert_eq!(next_missing(&[spell(5, End::Open)], 10), Some(11));
    }
}
