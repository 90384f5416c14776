//! Months of school of children at risk: who should have been in school, and what is known of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use itertools::izip;
use polars::prelude::*;

use super::calendar::each_month;
use super::frame::{ByChild, Day, Names, codes, date_column, date_of, days, keys, numbers};
use super::leaving::Leavings;
use super::risk_periods::RiskPeriod;
use crate::domain::Month;

/// What a school recorded of a child in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    month_on: Day,
    status: Option<Status>,
    calendar_sessions: Option<i64>,
    attended: Option<i64>,
}

/// Ordered so that of two schools' records of one month the fuller holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    None,
    PartTime,
    FullTime,
}

impl Status {
    fn of(word: &str) -> Option<Self> {
        match word {
            "full_time" => Some(Self::FullTime),
            "part_time" => Some(Self::PartTime),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::FullTime => "full_time",
            Self::PartTime => "part_time",
            Self::None => "none",
        }
    }
}

/// Whether a child born in `born` is of compulsory school age in `month`.
///
/// From the term after the fifth birthday (prescribed days 31 August, 31 December and 31 March) to June of the school year
/// of the sixteenth. Source: Education Act 1996, section 8; the School Leaving Date Order 1997.
pub(crate) fn is_of_compulsory_school_age(born: NaiveDate, month: Month) -> bool {
    let five = born.year() + 5;
    let begins = match born.month() {
        1..=3 => Month::new(five, 4),
        4..=8 => Month::new(five, 9),
        _ => Month::new(five + 1, 1),
    };
    let ends = Month::new(if born.month() >= 9 { born.year() + 17 } else { born.year() + 16 }, 6);
    begins.is_some_and(|begins| begins <= month) && ends.is_some_and(|ends| month <= ends)
}

/// One row per month of term and child of compulsory school age in a risk period on its last day counted: `counted_on`,
/// `status` (`full_time`, `part_time`, none; null where nobody recorded it), `calendar_sessions` of the full calendar and
/// `attended`, both null unless both are known.
///
/// A month is one of term where any record of it has sessions. A child whose birth month is not known has no row.
pub(crate) fn school_months(
    (children, education): (&DataFrame, &DataFrame),
    periods: &ByChild<RiskPeriod>,
    leavings: &Leavings,
    (first, as_at): (Month, Day),
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let born = births(children)?;
    let records = records_by_child(education, names)?;
    let in_term: BTreeSet<Day> =
        records.children().flat_map(|child| records.of(child)).filter_map(term_month).collect();
    let months: Vec<_> =
        each_month(first, as_at).into_iter().filter(|month| in_term.contains(&month.month_on)).collect();
    let mut rows = Rows::default();
    for child in periods.children() {
        let Some(born) = born.get(&child).copied().map(date_of) else { continue };
        let left_on = leavings.of(child, as_at).map_or(Day::MAX, |(on, _)| on);
        for month in &months {
            let on = month.counted_on;
            let at_risk = |(_, period): &(i64, RiskPeriod)| {
                period.start <= on && period.close.is_none_or(|close| close > on) && on < left_on
            };
            if is_of_compulsory_school_age(born, Month::of(date_of(on))) && periods.of(child).iter().any(at_risk) {
                let own = records.of(child).iter().map(|(_, record)| record);
                rows.push(child, on, own.filter(|record| record.month_on == month.month_on).max());
            }
        }
    }
    rows.into_frame()
}

fn term_month((_, record): &(i64, Record)) -> Option<Day> {
    record.calendar_sessions.filter(|sessions| *sessions > 0).map(|_| record.month_on)
}

/// The earliest birth month recorded of each child.
fn births(children: &DataFrame) -> PolarsResult<BTreeMap<i64, Day>> {
    let mut births = BTreeMap::new();
    for (child, born) in keys(children, "child_id")?.into_iter().zip(days(children, "birth_month_on")?) {
        if let Some(born) = born {
            let known = births.entry(child).or_insert(born);
            *known = born.min(*known);
        }
    }
    Ok(births)
}

fn records_by_child(education: &DataFrame, names: &mut Names) -> PolarsResult<ByChild<Record>> {
    let child = keys(education, "child_id")?;
    let month = days(education, "month_on")?;
    let status = codes(education, "status", names)?;
    let calendar = numbers(education, "calendar_sessions")?;
    let attended = numbers(education, "sessions_attended")?;
    let records = izip!(child, month, status, calendar, attended).filter_map(
        |(child, month, status, calendar_sessions, attended)| {
            let month_on = super::frame::day_of(Month::of(date_of(month?)).first_on());
            let status = status.and_then(|code| Status::of(names.word(code)));
            Some((child, Record { month_on, status, calendar_sessions, attended }))
        },
    );
    Ok(ByChild::new(records.collect()))
}

#[derive(Default)]
struct Rows {
    child_id: Vec<i64>,
    counted_on: Vec<Option<Day>>,
    status: Vec<Option<&'static str>>,
    calendar_sessions: Vec<Option<i64>>,
    attended: Vec<Option<i64>>,
}

impl Rows {
    fn push(&mut self, child: i64, on: Day, record: Option<&Record>) {
        let sessions = record.and_then(|one| one.calendar_sessions.zip(one.attended)).filter(|(full, _)| *full > 0);
        self.child_id.push(child);
        self.counted_on.push(Some(on));
        self.status.push(record.and_then(|one| one.status).map(Status::word));
        self.calendar_sessions.push(sessions.map(|(full, _)| full));
        self.attended.push(sessions.map(|(full, attended)| attended.min(full)));
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        DataFrame::new_infer_height(vec![
            Column::new("child_id".into(), self.child_id),
            date_column("counted_on", self.counted_on)?,
            Column::new("status".into(), self.status).cast(&DataType::String)?,
            Column::new("calendar_sessions".into(), self.calendar_sessions).cast(&DataType::Int64)?,
            Column::new("attended".into(), self.attended).cast(&DataType::Int64)?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compulsory_school_age_begins_with_a_term_and_ends_in_june() {
        let of_age =
            |born: &str, month: &str| is_of_compulsory_school_age(born.parse().unwrap(), month.parse().unwrap());
        // Born in February 2015: five in February 2020, the prescribed day is 31 March; sixteen in the year to August 2031.
        assert!(!of_age("2015-02-01", "2020-03") && of_age("2015-02-01", "2020-04"));
        assert!(of_age("2015-02-01", "2031-06") && !of_age("2015-02-01", "2031-07"));
        // Born in September 2014: the prescribed day is 31 December 2019; sixteen in the same school year.
        assert!(!of_age("2014-09-01", "2019-12") && of_age("2014-09-01", "2020-01"));
        assert!(of_age("2014-09-01", "2031-06") && !of_age("2014-09-01", "2031-07"));
        assert!(!of_age("2015-08-01", "2020-08") && of_age("2015-08-01", "2020-09"));
    }
}
