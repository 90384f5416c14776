//! Who is compared with whom: risk sets on the time waited, then the same band of spells, age band and theme.

use std::collections::BTreeMap;

use super::windows::{ChildRecord, Day, WINDOW_DAYS};

/// A comparison child is compared at a date at most this far from the case's, so that both lived under the same services.
const SAME_TIMES_DAYS: Day = 365;
/// Days in a year, for age bands.
const YEAR_DAYS: f64 = 365.25;

/// One need of one child for the service, and when help started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The pseudonym.
    pub child: i64,
    /// When the need was identified.
    pub identified_on: Day,
    /// First attended on; none where it never was. A child who attended before the need was identified is no case and no
    /// comparison: leave such needs out.
    pub started_on: Option<Day>,
    /// The first day on which the child no longer waits, having declined, not been offered, or left; none while waiting.
    pub stopped_waiting_on: Option<Day>,
}

/// Missing spells begun in the 90 days before, in bands: 0, 1 or 2, 3 to 5, 6 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// No spell.
    None,
    /// One or two.
    Few,
    /// Three to five.
    Several,
    /// Six or more.
    Many,
}

impl Band {
    pub(super) fn of(spells: usize) -> Self {
        match spells {
            0 => Self::None,
            1 | 2 => Self::Few,
            3..=5 => Self::Several,
            _ => Self::Many,
        }
    }
}

/// A child who started, and those the child is compared with. `record` points into the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Position among the records.
    pub record: usize,
    /// First attended on.
    pub on: Day,
    /// Those who had waited as long without starting; empty where there was nobody to match.
    pub controls: Vec<Control>,
}

/// A child who had waited as long and had not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Position among the records.
    pub record: usize,
    /// The day on which the child had waited as long as the case.
    pub on: Day,
    /// Days followed from then: 90, or fewer where the child started before.
    pub followed_days: Day,
}

/// All who started, matched or not, and who could not be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// Children who started and could be followed, in order of the records.
    pub cases: Vec<Case>,
    /// Children who started, but fewer than 90 days before the data's start, end, or their leaving.
    pub not_followed: usize,
}

/// How alike the two groups were before: a mean in each, and the difference in standard deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// Mean of those who started.
    pub started: f64,
    /// Mean of those they are compared with, each case's controls weighing as one child.
    pub compared: f64,
    /// (started − compared) ÷ the standard deviation of those who started; none where that is zero.
    pub standardised: Option<f64>,
}

/// Matches each child who started with those who had waited as long for the same service and had not.
///
/// A child is a case once, at the first start. `data_from` is the first day on which missing episodes are known; records are
/// one a child. A comparison child must be another child, still waiting at that wait, followed for 90 days (to the own
/// start, where that comes sooner), with the same band of spells, age band and theme, at most a year apart in time.
pub fn matched(records: &[ChildRecord], needs: &[Need], data_from: Day) -> Matched {
    let places: BTreeMap<i64, usize> =
        records.iter().enumerate().map(|(place, record)| (record.child, place)).collect();
    let mut first_starts: BTreeMap<usize, (Day, Day)> = BTreeMap::new();
    let mut waits: Vec<(usize, &Need)> = Vec::new();
    for need in needs {
        let Some(&place) = places.get(&need.child) else { continue };
        waits.push((place, need));
        if let Some(started_on) = need.started_on {
            let start = (started_on, started_on - need.identified_on);
            first_starts.entry(place).and_modify(|first| *first = (*first).min(start)).or_insert(start);
        }
    }
    waits.sort_unstable_by_key(|(place, need)| (*place, need.identified_on));
    let mut found = Matched { cases: Vec::new(), not_followed: 0 };
    for (&place, &(on, waited)) in &first_starts {
        let Some(record) = records.get(place) else { continue };
        if on - WINDOW_DAYS < data_from || on + WINDOW_DAYS > record.followed_until {
            found.not_followed += 1;
            continue;
        }
        let wanted = stratum(record, on);
        let controls = waits
            .iter()
            .filter(|(other, _)| *other != place)
            .filter_map(|(other, need)| {
                let control = control(records.get(*other)?, *other, need, waited, data_from)?;
                let alike = (control.on - on).abs() <= SAME_TIMES_DAYS
                    && records.get(*other).is_some_and(|record| stratum(record, control.on) == wanted);
                alike.then_some(control)
            })
            .collect();
        found.cases.push(Case { record: place, on, controls });
    }
    found
}

/// The child as a comparison at `waited` days after the need; none where the child no longer waited or is not followed.
fn control(record: &ChildRecord, place: usize, need: &Need, waited: Day, data_from: Day) -> Option<Control> {
    let on = need.identified_on + waited;
    let waits = need.started_on.is_none_or(|started| started > on)
        && need.stopped_waiting_on.is_none_or(|stopped| stopped > on);
    let followed = on - WINDOW_DAYS >= data_from && on + WINDOW_DAYS <= record.followed_until;
    let until = need.started_on.map_or(on + WINDOW_DAYS, |started| started.min(on + WINDOW_DAYS));
    (waits && followed).then_some(Control { record: place, on, followed_days: until - on })
}

fn stratum(record: &ChildRecord, on: Day) -> (Band, u8, Option<u32>) {
    (record.band_before(on), age_band(record, on), record.theme_on(on))
}

/// Under 10, 10-12, 13-15, 16 and 17; 4 where the birth month is not known.
fn age_band(record: &ChildRecord, on: Day) -> u8 {
    match record.born_on.map(|born| (f64::from(on - born) / YEAR_DAYS) as i32) {
        Some(..=9) => 0,
        Some(10..=12) => 1,
        Some(13..=15) => 2,
        Some(_) => 3,
        None => 4,
    }
}
