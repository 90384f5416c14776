//! Days and instants out of cells: the declared format or ISO, never a guess; Europe/London, with its 23- and 25-hour days.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::Europe::London;

use crate::config::{Civil, DateFormat, read_iso};

use super::sheet::Cells;

/// Days from 1 January of the year 1 to 1 January 1970.
const EPOCH_FROM_CE: i32 = 719_163;

/// Days since 1 January 1970.
pub(crate) fn day_of(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

/// The date of a day.
pub(crate) fn date_of(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day.saturating_add(EPOCH_FROM_CE)).unwrap_or_default()
}

/// The first day of the month of a day.
pub(crate) fn month_of(day: i32) -> i32 {
    let date = date_of(day);
    day - (date.day0() as i32)
}

/// The first day of the quarter of a day.
pub(crate) fn quarter_of(day: i32) -> i32 {
    day_of(crate::domain::Month::of(date_of(day)).quarter().first_month().first_on())
}

/// A day, and the instant (milliseconds of UTC) where a time was written.
pub(crate) type When = (i32, Option<i64>);

/// Reads one cell; none where it does not read.
pub(crate) fn when(cells: &Cells, row: usize, format: Option<&DateFormat>, midnight_is_bare: bool) -> Option<When> {
    match cells {
        Cells::Days(days) => days.get(row).copied().flatten().map(|day| (day, None)),
        Cells::Millis { values, utc } => {
            let at = chrono::DateTime::from_timestamp_millis(values.get(row).copied().flatten()?)?.naive_utc();
            if *utc {
                Some(of_utc(at))
            } else {
                let time_ms = (at - at.date().and_time(chrono::NaiveTime::MIN)).num_milliseconds();
                Some(civil(Civil { on: at.date(), time_ms: Some(time_ms), offset: None }, midnight_is_bare))
            }
        }
        _ => {
            let text = cells.text(row)?;
            let read = format.and_then(|format| format.read(&text)).or_else(|| read_iso(&text))?;
            Some(civil(read, midnight_is_bare))
        }
    }
}

fn civil(read: Civil, midnight_is_bare: bool) -> When {
    let day = day_of(read.on);
    let Some(time_ms) = read.time_ms else {
        return (day, None);
    };
    if midnight_is_bare && time_ms == 0 && read.offset.is_none() {
        return (day, None);
    }
    let local = read.on.and_time(chrono::NaiveTime::MIN) + TimeDelta::milliseconds(time_ms);
    match read.offset {
        Some(minutes) => of_utc(local - TimeDelta::minutes(i64::from(minutes))),
        None => (day, Some(london_to_utc(local).and_utc().timestamp_millis())),
    }
}

/// An instant of UTC with its civil day in London.
fn of_utc(at: NaiveDateTime) -> When {
    let local = London.from_utc_datetime(&at).date_naive();
    (day_of(local), Some(at.and_utc().timestamp_millis()))
}

/// Civil time to UTC: the earlier of two in autumn; in the hour that spring leaves out, as if the clock had not changed.
fn london_to_utc(local: NaiveDateTime) -> NaiveDateTime {
    London.from_local_datetime(&local).earliest().map_or(local, |at| at.naive_utc())
}

/// Orders of day and month that a sender may have used without saying so.
const ORDERS: [[&str; 2]; 3] =
    [["DD/MM/YYYY", "MM/DD/YYYY"], ["DD-MM-YYYY", "MM-DD-YYYY"], ["DD.MM.YYYY", "MM.DD.YYYY"]];

/// What the column's unreadable values seem to be, for the hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seems {
    /// Every value reads in this order and not in the other.
    Written(&'static str),
    /// Every value reads in both orders.
    Either(&'static str, &'static str),
    /// Neither.
    Unclear,
}

/// Which order would read every value of a column.
pub(crate) fn seems(cells: &Cells, rows: usize) -> Seems {
    for [british, american] in ORDERS {
        let reads_all = |written: &str| {
            DateFormat::new(written).is_some_and(|format| {
                (0..rows)
                    .filter_map(|row| cells.text(row))
                    .all(|text| format.read(&text).is_some() || read_iso(&text).is_some())
            })
        };
        match (reads_all(british), reads_all(american)) {
            (true, true) => return Seems::Either(british, american),
            (true, false) => return Seems::Written(british),
            (false, true) => return Seems::Written(american),
            (false, false) => {}
        }
    }
    Seems::Unclear
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Arena;
    use super::*;

    fn read(text: &str) -> When {
        let mut arena = Arena::default();
        arena.push(text);
        when(&Cells::Text(arena), 0, None, false).unwrap()
    }

    #[test]
    fn clocks_change() {
        // 31 March 2024: 01:30 does not exist and is half past two in summer time; 27 October: 01:30 comes twice.
        assert_eq!(read("2024-03-31T01:30"), read("2024-03-31T01:30Z"));
        assert_eq!(read("2024-10-27T01:30"), read("2024-10-27T00:30Z"));
        assert_eq!(read("2024-07-01T00:30"), read("2024-06-30T23:30Z"));
        assert_eq!(date_of(read("2024-06-30T23:30Z").0).to_string(), "2024-07-01");
    }
}
