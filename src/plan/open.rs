//! Open actions: how far past their dates, and how long actions stay open, those still open counted.

use chrono::NaiveDate;

use super::pace::{days_overdue, days_past_original, delivered_on, is_open};
use crate::release::{Action, AgeStep, Ageing, OverdueBand};
use crate::stats::{Followed, KaplanMeier};

/// Spans of days past a date: id, label, first day, last day.
const BANDS: [(&str, &str, i64, i64); 4] = [
    ("1-30", "1 to 30 days", 1, 30),
    ("31-90", "31 to 90 days", 31, 90),
    ("91-180", "91 to 180 days", 91, 180),
    ("over-180", "Over 180 days", 181, i64::MAX),
];

/// Days after agreement at which the share still open is shown.
const AGES: [u32; 6] = [90, 180, 270, 365, 540, 730];

/// Open actions by days past the date as it stands, and by days past the date first agreed.
pub(super) fn overdue(actions: &[&Action], as_at: NaiveDate) -> Vec<OverdueBand> {
    let count = |of: fn(&Action, NaiveDate) -> Option<i64>, from: i64, to: i64| {
        actions.iter().filter(|action| of(action, as_at).is_some_and(|days| (from..=to).contains(&days))).count() as u32
    };
    BANDS
        .into_iter()
        .map(|(id, label, from, to)| OverdueBand {
            id: id.to_owned(),
            label: label.to_owned(),
            past_due: count(days_overdue, from, to),
            past_original: count(days_past_original, from, to),
        })
        .collect()
}

/// Survival of open actions from agreement: delivered or withdrawn ends one, the as-at date censors it.
///
/// Both endings count, so that the curve is the share still open. A withdrawal whose day is not recorded is followed to the
/// as-at date, since it was open for as long as is known.
pub(super) fn ageing(actions: &[&Action], as_at: NaiveDate) -> Ageing {
    let rows: Vec<Followed> = actions.iter().filter_map(|action| followed(action, as_at)).collect();
    let mut open: Vec<i64> = actions
        .iter()
        .filter(|action| is_open(action, as_at))
        .map(|action| days_since(action.agreed_on, as_at))
        .collect();
    open.sort_unstable();
    // Rows without an entry cannot have one out of order.
    let curve = KaplanMeier::new(&rows).ok();
    let steps = curve.iter().flat_map(|curve| {
        AGES.into_iter().filter_map(|days| {
            let step = curve.at(days)?;
            let limits = step.estimate();
            Some(AgeStep {
                days,
                at_risk: step.at_risk,
                still_open: step.survival,
                lower: limits.lower,
                upper: limits.upper,
            })
        })
    });
    Ageing {
        steps: steps.collect(),
        median_days: curve.as_ref().and_then(|curve| curve.quantile(0.5)).map(|median| median.value),
        median_open_days: middle(&open),
        oldest_open_days: open.last().copied(),
    }
}

fn followed(action: &Action, as_at: NaiveDate) -> Option<Followed> {
    let ended = delivered_on(action, as_at).or_else(|| action.withdrawn_on.filter(|on| *on <= as_at));
    let time = u32::try_from(days_since(action.agreed_on, ended.unwrap_or(as_at)).max(0)).ok()?;
    Some(Followed { entry: None, time, event: ended.is_some() })
}

fn days_since(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}

/// The middle of sorted whole numbers; between the two middle ones where they are even.
pub(super) fn middle(sorted: &[i64]) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = |place: usize| sorted.get(place).map(|value| *value as f64);
    Some(f64::midpoint(at(last / 2)?, at(sorted.len() / 2)?))
}
