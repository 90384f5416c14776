//! How late a source's records arrive: plain data for the data page.

use serde::{Deserialize, Serialize};

use crate::domain::Month;

/// Below this many recorded events the board edition tells shares in steps of five percent only.
const EVENTS_FOR_PERCENT: u64 = 200;

/// How the records of one table of a source arrive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reporting {
    /// `missing_episodes`.
    pub table: String,
    /// `recorded_on` where the sender says when a row was recorded; `first_seen` where successive builds tell.
    pub measured_by: String,
    /// Recorded events the curve rests on; none where withheld.
    pub events: Option<u64>,
    /// Records later than this many days are not foreseen.
    pub longest_days: u32,
    /// The share recorded within so many days, of those ever recorded within the longest.
    pub curve: Vec<LagPoint>,
    /// The last months up to the cut date.
    pub months: Vec<ReportedMonth>,
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LagPoint {
    /// Days since the event.
    pub days: u32,
    /// Share recorded by then, 0 to 1.
    pub share: f64,
}

/// One month as far as it has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportedMonth {
    /// The month the events happened in.
    pub month: Month,
    /// Rows that have arrived; none where withheld.
    pub reported: Option<u64>,
    /// Share of the month's rows expected to have arrived by the cut date, 0 to 1.
    pub expected_share: f64,
    /// What the rows that have arrived will come to; none where withheld or where nothing is expected yet. It stands
    /// beside the count, never instead of it.
    pub nowcast: Option<f64>,
}

/// As the board edition shows it: shares alone, in steps that tell no single row; rows by month would be counts that no
/// other table protects.
pub(super) fn protect_reporting(reporting: Vec<Reporting>) -> Vec<Reporting> {
    let protect = |one: Reporting| {
        let steps = if one.events.is_some_and(|events| events >= EVENTS_FOR_PERCENT) { 100.0 } else { 20.0 };
        let coarse = |share: f64| (share * steps).round() / steps;
        Reporting {
            events: None,
            curve: one.curve.into_iter().map(|point| LagPoint { share: coarse(point.share), ..point }).collect(),
            months: one
                .months
                .into_iter()
                .map(|month| ReportedMonth {
                    reported: None,
                    nowcast: None,
                    expected_share: coarse(month.expected_share),
                    ..month
                })
                .collect(),
            ..one
        }
    };
    reporting.into_iter().map(protect).collect()
}
