//! Being looked after while at risk: the days of it, and the moves from one carer to the next.

use std::collections::{BTreeMap, BTreeSet};

use itertools::izip;
use polars::prelude::*;

use super::days_at_risk::days_at_risk;
use super::frame::{ByChild, Day, date_column, days, keys};
use super::risk_periods::RiskPeriod;
use crate::domain::Month;

/// A stretch of days `start ≤ d < end`; none while it lasts.
type Stretch = (Day, Option<Day>);

/// One row per move: child, `moved_on`. A child moves on the day on which one placement ends and the next starts, so that
/// going home and coming back into care is not a move; only children in a risk period on that day count, once a day.
pub(crate) fn moves_of_carer(
    placements: &DataFrame,
    periods: &ByChild<RiskPeriod>,
    as_at: Day,
) -> PolarsResult<DataFrame> {
    let (mut child_id, mut moved_on) = (Vec::new(), Vec::new());
    for (child, own) in by_child(placements)? {
        for day in moves(&own).into_iter().filter(|day| *day <= as_at) {
            if periods.of(child).iter().any(|(_, period)| period.holds_on(day)) {
                child_id.push(child);
                moved_on.push(Some(day));
            }
        }
    }
    DataFrame::new_infer_height(vec![Column::new("child_id".into(), child_id), date_column("moved_on", moved_on)?])
}

/// The days on which one placement, begun earlier, ends and another starts.
fn moves(placements: &[Stretch]) -> BTreeSet<Day> {
    let ended: BTreeSet<Day> = placements.iter().filter_map(|(start, end)| end.filter(|end| start < end)).collect();
    placements.iter().map(|(start, _)| *start).filter(|start| ended.contains(start)).collect()
}

/// One row per child and month with a day both looked after and at risk: `counted_on` and `days`, as in `days_at_risk`.
pub(crate) fn looked_after_days(
    care_periods: &DataFrame,
    periods: &ByChild<RiskPeriod>,
    (first, as_at): (Month, Day),
) -> PolarsResult<DataFrame> {
    days_at_risk(&looked_after_at_risk(care_periods, periods)?, first, as_at)
}

/// Of each child the stretches in a risk period and looked after, as periods of their own, none overlapping another.
fn looked_after_at_risk(care_periods: &DataFrame, periods: &ByChild<RiskPeriod>) -> PolarsResult<ByChild<RiskPeriod>> {
    let mut both = Vec::new();
    for (child, own) in by_child(care_periods)? {
        for (from, until) in joined(own) {
            for (_, period) in periods.of(child) {
                let start = from.max(period.start);
                let close = [until, period.close].into_iter().flatten().min();
                if close.is_none_or(|close| start < close) {
                    both.push((child, RiskPeriod { start, close, opened_by_spell: false }));
                }
            }
        }
    }
    Ok(ByChild::new(both))
}

/// Stretches that overlap or touch, as one: two agencies may record the same stay in care.
fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable();
    let mut whole: Vec<Stretch> = Vec::new();
    for (start, end) in stretches {
        match whole.last_mut() {
            Some((_, until)) if until.is_none_or(|until| start <= until) => {
                *until = until.zip(end).map(|(one, other)| one.max(other));
            }
            _ => whole.push((start, end)),
        }
    }
    whole
}

/// The stretches of each child, from `started_on` and `ended_on`; undated ones are left out.
fn by_child(frame: &DataFrame) -> PolarsResult<BTreeMap<i64, Vec<Stretch>>> {
    let mut stretches: BTreeMap<i64, Vec<Stretch>> = BTreeMap::new();
    for (child, start, end) in izip!(keys(frame, "child_id")?, days(frame, "started_on")?, days(frame, "ended_on")?) {
        if let Some(start) = start {
            stretches.entry(child).or_default().push((start, end));
        }
    }
    Ok(stretches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_from_one_placement_straight_to_the_next() {
        // To another carer on day 10; home on day 20, back in care on day 30; two moves on day 40 by way of one night's
        // bed that was never slept in.
        let placements = [(1, Some(10)), (10, Some(20)), (30, Some(40)), (40, Some(40)), (40, None)];
        assert_eq!(moves(&placements), BTreeSet::from([10, 40]));
        assert_eq!(moves(&[(5, Some(5))]), BTreeSet::new(), "a placement of no day is no move from itself");
    }

    #[test]
    fn looked_after_days_are_those_of_both_and_each_day_once() {
        let care = df!("child_id" => [7i64, 7, 8], "started_on" => [0, 5, 0], "ended_on" => [Some(8), Some(12), None])
            .unwrap();
        let period = |start, close| RiskPeriod { start, close, opened_by_spell: false };
        let periods = ByChild::new(vec![(7, period(4, Some(20))), (8, period(3, None)), (9, period(0, None))]);
        let both = looked_after_at_risk(&care, &periods).unwrap();
        // Child 7: two records of one stay, days 0 to 11, at risk from day 4. Child 8 still is both. Child 9 is at home.
        assert_eq!(both.of(7), [(7, period(4, Some(12)))]);
        assert_eq!(both.of(8), [(8, period(3, None))]);
        assert_eq!(both.of(9), []);
    }
}
