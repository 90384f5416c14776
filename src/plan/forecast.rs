//! When the plan may be finished at its recent pace, what pace would meet its dates, and how earlier forecasts fared.

use chrono::{Days, NaiveDate};

use super::pace::{completed_by, delivered_on, evidenced_on, is_open};
use super::section::Settings;
use crate::domain::Month;
use crate::release::{
    Action, ActionStatus, DrawnFrom, FanPoint, FinishDates, KeptForecast, PlanForecast, ScoredForecast,
};
use crate::stats;

/// For the plan and each group alike, so that a group of all actions has the plan's own dates.
const RUNS: u32 = 10_000;
/// Fixed, so that the same plan gives the same dates.
const SEED: u64 = 20_261_031;
/// Whole weeks below which nothing is forecast.
const FEWEST_WEEKS: u32 = 8;
/// Months ahead beyond which the fan is not drawn.
const LONGEST_FAN_MONTHS: i32 = 24;
/// Weeks after which a kept forecast's range of deliveries is scored.
pub const KEPT_WEEKS: u32 = 13;

/// Deliveries and additions in each whole week up to the as-at date, the latest first.
struct Weeks {
    delivered: Vec<u32>,
    added: Vec<u32>,
}

/// The forecast of a list of actions.
pub(super) fn forecast(actions: &[&Action], as_at: NaiveDate, settings: Settings) -> PlanForecast {
    let remaining = remaining(actions, as_at, settings);
    let weeks = weeks(actions, as_at, settings);
    let count = weeks.delivered.len() as u32;
    let delivered: u32 = weeks.delivered.iter().sum();
    let still: Vec<&&Action> = actions.iter().filter(|action| remains(action, as_at, settings)).collect();
    let done = actions.len() as u32 - remaining - withdrawn(actions);
    PlanForecast {
        remaining,
        weeks: count,
        delivered_in_weeks: delivered,
        added_in_weeks: weeks.added.iter().sum(),
        counts_evidence: settings.counts_evidence,
        finish: finish(&weeks, remaining, as_at),
        needed_a_week_original: needed(remaining, still.iter().map(|action| action.original_due_on).max(), as_at),
        needed_a_week: needed(remaining, still.iter().map(|action| action.due_on).max(), as_at),
        recent_a_week: (count > 0).then(|| f64::from(delivered) / f64::from(count)),
        fan: fan(&weeks, remaining, done, as_at),
    }
}

/// The finish alone, for a group, and what it is drawn from.
pub(super) fn finish_of(actions: &[&Action], as_at: NaiveDate, settings: Settings) -> (FinishDates, DrawnFrom) {
    let weeks = weeks(actions, as_at, settings);
    let drawn_from = DrawnFrom { weeks: weeks.delivered.len() as u32, delivered: weeks.delivered.iter().sum() };
    (finish(&weeks, remaining(actions, as_at, settings), as_at), drawn_from)
}

/// Open; or delivered and not yet evidenced, where evidence is what counts.
fn remains(action: &Action, as_at: NaiveDate, settings: Settings) -> bool {
    let unproven =
        settings.counts_evidence && completed_by(action, as_at).is_some() && evidenced_on(action, as_at).is_none();
    is_open(action, as_at) || unproven
}

fn remaining(actions: &[&Action], as_at: NaiveDate, settings: Settings) -> u32 {
    actions.iter().filter(|action| remains(action, as_at, settings)).count() as u32
}

fn withdrawn(actions: &[&Action]) -> u32 {
    actions.iter().filter(|action| action.status == ActionStatus::Withdrawn).count() as u32
}

/// Whole weeks since the first agreement, at most `history_weeks` of them, weeks of nothing included.
///
/// What was done before it was agreed is no week's work. Actions agreed within `adoption_days` of the first are the plan as
/// it was adopted; later ones are additions.
fn weeks(actions: &[&Action], as_at: NaiveDate, settings: Settings) -> Weeks {
    let Some(first) = actions.iter().map(|action| action.agreed_on).min() else {
        return Weeks { delivered: Vec::new(), added: Vec::new() };
    };
    let whole = u32::try_from((as_at - first).num_days() / 7).unwrap_or(0).min(settings.history_weeks);
    let counts = |action: &Action| {
        let on = if settings.counts_evidence { evidenced_on(action, as_at) } else { delivered_on(action, as_at) };
        on.filter(|_| completed_by(action, as_at).is_some_and(|done| done >= action.agreed_on))
    };
    let adopted = first + Days::new(u64::from(settings.adoption_days));
    let joined = |action: &Action| Some(action.agreed_on).filter(|on| *on > adopted);
    let by_week = |of: &dyn Fn(&Action) -> Option<NaiveDate>| {
        let mut weeks = vec![0; whole as usize];
        for on in actions.iter().filter_map(|action| of(action)) {
            let back = usize::try_from((as_at - on).num_days() / 7).ok();
            if let Some(week) = back.and_then(|back| weeks.get_mut(back)) {
                *week += 1;
            }
        }
        weeks
    };
    Weeks { delivered: by_week(&counts), added: by_week(&joined) }
}

fn finish(weeks: &Weeks, remaining: u32, as_at: NaiveDate) -> FinishDates {
    let count = weeks.delivered.len() as u32;
    if remaining == 0 {
        return FinishDates::Finished;
    }
    if count < FEWEST_WEEKS {
        return FinishDates::TooLittleHistory { weeks: count };
    }
    let never = FinishDates::By { percent_50: None, percent_85: None, percent_95: None };
    if weeks.delivered.iter().all(|done| *done == 0) {
        return never;
    }
    let date = |weeks: Option<u32>| weeks.map(|weeks| as_at + Days::new(7 * u64::from(weeks)));
    stats::forecast(&weeks.delivered, &weeks.added, remaining, RUNS, SEED).map_or(never, |finish| FinishDates::By {
        percent_50: date(finish.percent_50),
        percent_85: date(finish.percent_85),
        percent_95: date(finish.percent_95),
    })
}

/// Deliveries a week that would do what remains by a date; none once it has passed.
fn needed(remaining: u32, by: Option<NaiveDate>, as_at: NaiveDate) -> Option<f64> {
    let days = (by? - as_at).num_days();
    (days > 0 && remaining > 0).then(|| f64::from(remaining) / (days as f64 / 7.0))
}

/// Deliveries in all at each month's end ahead, until 95 in 100 runs have finished; empty where there is nothing to draw from.
fn fan(weeks: &Weeks, remaining: u32, done: u32, as_at: NaiveDate) -> Vec<FanPoint> {
    if remaining == 0 || weeks.delivered.iter().all(|done| *done == 0) {
        return Vec::new();
    }
    let days: Vec<NaiveDate> = (1..=LONGEST_FAN_MONTHS).map(|months| Month::of(as_at).plus(months).last_on()).collect();
    let weeks_to = |on: &NaiveDate| u32::try_from((*on - as_at).num_days() / 7).unwrap_or(0);
    let ahead_weeks: Vec<u32> = days.iter().map(weeks_to).collect();
    let ahead =
        stats::forecast_ahead(&weeks.delivered, &weeks.added, remaining, RUNS, SEED, &ahead_weeks).unwrap_or_default();
    let grows = weeks.added.iter().any(|added| *added > 0);
    let point = |on: NaiveDate, [p5, p15, p50, p85, p95]: [u32; 5]| FanPoint {
        on,
        percent_5: done + p5,
        percent_15: done + p15,
        percent_50: done + p50,
        percent_85: done + p85,
        percent_95: done + p95,
    };
    let mut points = vec![point(as_at, [0; 5])];
    for (on, spread) in days.into_iter().zip(ahead) {
        points.push(point(on, spread));
        if !grows && spread.first().is_some_and(|least| *least >= remaining) {
            break;
        }
    }
    if points.len() > 1 { points } else { Vec::new() }
}

/// The forecast in the form in which it is kept; none where nothing was delivered to draw from.
pub fn keep(
    actions: &[&Action],
    forecast: &PlanForecast,
    as_at: NaiveDate,
    settings: Settings,
) -> Option<KeptForecast> {
    let FinishDates::By { percent_50, percent_85, percent_95 } = forecast.finish else { return None };
    let weeks = weeks(actions, as_at, settings);
    let ahead = stats::forecast_ahead(&weeks.delivered, &weeks.added, forecast.remaining, RUNS, SEED, &[KEPT_WEEKS])?;
    let [low, _, middle, _, high] = *ahead.last()?;
    Some(KeptForecast {
        made_on: as_at,
        remaining: forecast.remaining,
        percent_50,
        percent_85,
        percent_95,
        next_13_weeks_low: low,
        next_13_weeks_middle: middle,
        next_13_weeks_high: high,
    })
}

/// Kept forecasts made before the as-at date, the latest first, with what became of them.
pub fn score(kept: &[KeptForecast], actions: &[&Action], as_at: NaiveDate, settings: Settings) -> Vec<ScoredForecast> {
    let counts = |action: &Action| {
        if settings.counts_evidence { evidenced_on(action, as_at) } else { delivered_on(action, as_at) }
    };
    let mut scored: Vec<ScoredForecast> = kept
        .iter()
        .filter(|forecast| forecast.made_on < as_at)
        .map(|forecast| {
            let to = forecast.made_on + Days::new(7 * u64::from(KEPT_WEEKS));
            let within = |on: NaiveDate| forecast.made_on < on && on <= to;
            let actual = (to <= as_at)
                .then(|| actions.iter().filter_map(|action| counts(action)).filter(|on| within(*on)).count() as u32);
            let finished_by = |date: NaiveDate| {
                let known_then = actions
                    .iter()
                    .filter(|action| action.agreed_on <= forecast.made_on && action.status != ActionStatus::Withdrawn);
                known_then.clone().all(|action| counts(action).is_some_and(|on| on <= date))
            };
            ScoredForecast {
                forecast: *forecast,
                next_13_weeks_actual: actual,
                within_range: actual
                    .map(|actual| (forecast.next_13_weeks_low..=forecast.next_13_weeks_high).contains(&actual)),
                finished_by_85: forecast.percent_85.filter(|date| *date <= as_at).map(finished_by),
            }
        })
        .collect();
    scored.sort_unstable_by_key(|scored| std::cmp::Reverse(scored.forecast.made_on));
    scored
}
