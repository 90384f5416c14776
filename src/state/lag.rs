//! How late records arrive, and which months can be taken as complete: from the day of recording where a sender gives it,
//! else from the build that saw a row first.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate};

use super::{Remembered, State};
use crate::domain::{Definitions, Month};
use crate::ingest::{Shape, Table};
use crate::release::{LagPoint, ReportedMonth, Reporting};
use crate::stats::{Recorded, nowcast, reported_share};

/// Events before this many days ago say little of how records arrive today.
const LOOKS_BACK_DAYS: i64 = 730;
/// With fewer recorded events no curve is drawn.
const LEAST_EVENTS: usize = 50;
/// The days at which the curve is told.
const TOLD_AT: [u32; 8] = [0, 1, 3, 7, 14, 28, 56, 91];
/// Months told of before the cut date.
const MONTHS_TOLD: i32 = 6;

/// How a source's records arrive.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrived {
    /// For the release, by source.
    pub reporting: BTreeMap<String, Vec<Reporting>>,
    /// By source and staged table: the last month of which enough has arrived, where that could be estimated; none
    /// where no month is complete.
    pub complete_to: BTreeMap<(String, Table), Option<Month>>,
}

/// How the records of every table arrive, as far as it can be told. `state` is that after this build.
pub fn arrived(state: &State, shapes: &[Shape], definitions: &Definitions, as_at: NaiveDate) -> Arrived {
    let mut arrived = Arrived::default();
    for shape in shapes {
        let remembered = state.tables.get(&(shape.source.clone(), shape.table.clone()));
        let Some(delays) = Delays::of(shape, remembered, definitions.longest_reporting_days, as_at) else { continue };
        let complete = delays.complete_to(f64::from(definitions.complete_share_percent) / 100.0);
        for table in &shape.gives {
            arrived.complete_to.insert((shape.source.clone(), *table), complete);
        }
        arrived.reporting.entry(shape.source.clone()).or_default().push(delays.told(&shape.table));
    }
    arrived
}

/// Recorded events of one table up to its cut date.
struct Delays {
    cut_on: NaiveDate,
    measured_by: &'static str,
    events: usize,
    longest: u32,
    /// The share recorded within each number of days.
    shares: Vec<f64>,
    /// Events by the day they happened.
    by_day: BTreeMap<i32, u64>,
}

impl Delays {
    /// None where too few events were recorded to tell.
    fn of(shape: &Shape, remembered: Option<&Remembered>, longest: u32, as_at: NaiveDate) -> Option<Self> {
        let cut_on = shape.cut_on.min(as_at);
        let (measured_by, pairs) = if shape.recorded.is_empty() {
            ("first_seen", first_seen(shape, remembered?))
        } else {
            ("recorded_on", shape.recorded.clone())
        };
        let cut = day_of(cut_on);
        let from = day_of(cut_on.checked_sub_days(Days::new(LOOKS_BACK_DAYS.unsigned_abs()))?);
        let mut by_day: BTreeMap<i32, u64> = BTreeMap::new();
        let mut rows = Vec::new();
        for (on, recorded) in pairs.into_iter().filter(|(on, _)| (from..=cut).contains(on)) {
            *by_day.entry(on).or_default() += 1;
            // Recorded before it happened is recorded at once; after the cut date, not yet.
            let delay = u32::try_from((recorded - on).max(0)).unwrap_or(0);
            let window = u32::try_from(cut - on).unwrap_or(0);
            if delay <= window {
                rows.push(Recorded { delay, window });
            }
        }
        let shares = reported_share(&rows, longest);
        let events = rows.len();
        (events >= LEAST_EVENTS).then_some(Self { cut_on, measured_by, events, longest, shares, by_day })
    }

    /// The share of what happened on a day that is expected to have been recorded by the cut date.
    fn share(&self, day: i32) -> f64 {
        match usize::try_from(day_of(self.cut_on) - day) {
            Ok(passed) => self.shares.get(passed).copied().unwrap_or(1.0),
            Err(_) => 0.0,
        }
    }

    /// The share of a month's events expected to have been recorded: events are as likely on each of its days.
    fn expected_share(&self, month: Month) -> f64 {
        let days = day_of(month.first_on())..=day_of(month.last_on());
        let count = f64::from(days.end() - days.start() + 1);
        days.map(|day| self.share(day)).sum::<f64>() / count
    }

    /// Shares rise with age, so that every month before a complete one is complete.
    fn complete_to(&self, enough: f64) -> Option<Month> {
        let last = Month::of(self.cut_on);
        let oldest = self.longest as i32 / 28 + 2;
        (0..=oldest).map(|back| last.plus(-back)).find(|month| self.expected_share(*month) >= enough)
    }

    fn told(&self, table: &str) -> Reporting {
        let curve = TOLD_AT
            .into_iter()
            .filter(|days| *days <= self.longest)
            .filter_map(|days| Some(LagPoint { days, share: in_thousandths(*self.shares.get(days as usize)?) }));
        let last = Month::of(self.cut_on);
        let months = (0..MONTHS_TOLD).rev().map(|back| self.month(last.plus(-back)));
        Reporting {
            table: table.to_owned(),
            measured_by: self.measured_by.to_owned(),
            events: Some(self.events as u64),
            longest_days: self.longest,
            curve: curve.collect(),
            months: months.collect(),
        }
    }

    /// What has arrived of a month and what it will come to: each day's count over the share expected by now.
    fn month(&self, month: Month) -> ReportedMonth {
        let days = self.by_day.range(day_of(month.first_on())..=day_of(month.last_on()));
        let (mut reported, mut expected) = (0, Some(0.0));
        for (day, count) in days {
            reported += count;
            let passed = usize::try_from(day_of(self.cut_on) - day).unwrap_or(0);
            expected = expected.zip(nowcast(*count, &self.shares, passed)).map(|(sum, more)| sum + more);
        }
        ReportedMonth {
            month,
            reported: Some(reported),
            expected_share: in_thousandths(self.expected_share(month)),
            nowcast: expected.map(|sum| (sum * 10.0).round() / 10.0),
        }
    }
}

/// Events after the first build's cut date, each with the day by which it was seen. What the first extract after an event
/// already holds came in time for it; what a later one brings took until that one.
fn first_seen(shape: &Shape, remembered: &Remembered) -> Vec<(i32, i32)> {
    let Some(first) = remembered.cuts.first() else { return Vec::new() };
    let (first, cuts) = (day_of(*first), remembered.cuts.iter().map(|cut| day_of(*cut)).collect::<Vec<_>>());
    let seen = shape.keys.iter().filter_map(|keyed| {
        let on = keyed.on.filter(|on| *on > first)?;
        let seen = day_of(*remembered.first_seen.get(&keyed.key)?);
        let soonest = cuts.iter().find(|cut| **cut >= on)?;
        Some((on, if seen <= *soonest { on } else { seen }))
    });
    seen.collect()
}

fn in_thousandths(share: f64) -> f64 {
    (share * 1_000.0).round() / 1_000.0
}

/// Days since 1 January 1970.
fn day_of(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}
