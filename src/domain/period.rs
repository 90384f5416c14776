//! Civil months, calendar quarters and twelve-month windows. No time of day, no clock.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A civil month. Ordered by time; written `2026-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month a date falls in.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.with_day(1).expect("every month has a first day"))
    }

    /// The month `month` (1 to 12) of `year`; none where there is no such month.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Self)
    }

    /// The last month that had ended by a day: what a report to that day is about.
    pub fn ended_by(day: NaiveDate) -> Self {
        let month = Self::of(day);
        if month.last_on() == day { month } else { month.plus(-1) }
    }

    /// Its first day.
    pub fn first_on(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last_on(self) -> NaiveDate {
        self.next().0 - Days::new(1)
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// `months` later, or earlier where negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        let by = Months::new(months.unsigned_abs());
        Self(if months < 0 { self.0 - by } else { self.0 + by })
    }

    /// Whole months from `earlier` to this one; negative where this one is first.
    pub fn since(self, earlier: Self) -> i32 {
        (self.0.year() - earlier.0.year()) * 12 + self.0.month() as i32 - earlier.0.month() as i32
    }

    /// Whether a calendar quarter ends with it: March, June, September, December.
    pub fn ends_quarter(self) -> bool {
        self.0.month().is_multiple_of(3)
    }

    /// The calendar quarter it lies in.
    pub fn quarter(self) -> Quarter {
        Quarter { last: self.plus(((3 - self.0.month() % 3) % 3) as i32) }
    }

    /// `October 2026`.
    pub fn in_words(self) -> String {
        self.0.format("%B %Y").to_string()
    }

    /// `Oct 2026`, for axes.
    pub fn in_short(self) -> String {
        self.0.format("%b %Y").to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// A calendar quarter. Written `2026-Q3`; ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    last: Month,
}

impl Quarter {
    /// Its last month.
    pub fn last_month(self) -> Month {
        self.last
    }

    /// Its first month.
    pub fn first_month(self) -> Month {
        self.last.plus(-2)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.last.0.year(), self.last.0.month() / 3)
    }
}

/// What a figure is about in time. `2026-10`, `2026-Q3`, `2026-10/P12M`.
///
/// A stock (children missing now, open clocks) is dated by the month at whose end it was counted.
/// Ordered by kind, then time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// One civil month, or the end of it for a stock.
    Month(Month),
    /// One calendar quarter.
    Quarter(Quarter),
    /// The twelve months up to and including this one.
    TwelveMonthsTo(Month),
}

impl Period {
    /// The last month it holds.
    pub fn last_month(self) -> Month {
        match self {
            Self::Month(month) | Self::TwelveMonthsTo(month) => month,
            Self::Quarter(quarter) => quarter.last_month(),
        }
    }

    /// The first month it holds.
    pub fn first_month(self) -> Month {
        match self {
            Self::Month(month) => month,
            Self::Quarter(quarter) => quarter.first_month(),
            Self::TwelveMonthsTo(month) => month.plus(-11),
        }
    }

    /// `October 2026`, `July to September 2026`, `12 months to October 2026`.
    pub fn in_words(self) -> String {
        match self {
            Self::Month(month) => month.in_words(),
            Self::Quarter(quarter) => {
                format!("{} to {}", quarter.first_month().0.format("%B"), quarter.last_month().in_words())
            }
            Self::TwelveMonthsTo(month) => format!("12 months to {}", month.in_words()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => write!(f, "{month}"),
            Self::Quarter(quarter) => write!(f, "{quarter}"),
            Self::TwelveMonthsTo(month) => write!(f, "{month}/P12M"),
        }
    }
}

/// The text is not a month, quarter or twelve-month window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a period: write a month as 2026-10, a quarter as 2026-Q3, twelve months as 2026-10/P12M")]
pub struct UnreadablePeriod;

impl FromStr for Month {
    type Err = UnreadablePeriod;

    fn from_str(text: &str) -> Result<Self, UnreadablePeriod> {
        let (year, month) = text.split_once('-').ok_or(UnreadablePeriod)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(UnreadablePeriod);
        }
        let year = year.parse().map_err(|_| UnreadablePeriod)?;
        let month = month.parse().map_err(|_| UnreadablePeriod)?;
        Self::new(year, month).ok_or(UnreadablePeriod)
    }
}

impl FromStr for Period {
    type Err = UnreadablePeriod;

    fn from_str(text: &str) -> Result<Self, UnreadablePeriod> {
        if let Some(month) = text.strip_suffix("/P12M") {
            return month.parse().map(Self::TwelveMonthsTo);
        }
        if let Some((year, quarter)) = text.split_once("-Q") {
            let year = year.parse().map_err(|_| UnreadablePeriod)?;
            let quarter: u32 = quarter.parse().map_err(|_| UnreadablePeriod)?;
            let last = Month::new(year, quarter * 3).ok_or(UnreadablePeriod)?;
            return Ok(Self::Quarter(Quarter { last }));
        }
        text.parse().map(Self::Month)
    }
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

serde_as_text!(Month);
serde_as_text!(Period);

/// `31 October 2026`.
pub fn british_date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_back_as_written() {
        for text in ["2026-10", "2026-Q3", "2026-10/P12M", "2024-02"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["2026-13", "2026-Q5", "26-1", "", "2026-10/P6M", "2026-1"] {
            assert_eq!(text.parse::<Period>(), Err(UnreadablePeriod), "{text}");
        }
    }

    #[test]
    fn a_leap_february_ends_on_the_29th() {
        let february: Month = "2024-02".parse().unwrap();
        assert_eq!(february.last_on(), NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
        assert_eq!(february.quarter().to_string(), "2024-Q1");
        assert_eq!(february.plus(-2).to_string(), "2023-12");
        assert_eq!(february.since("2022-12".parse().unwrap()), 14);
    }

    #[test]
    fn words_are_british() {
        assert_eq!("2026-Q3".parse::<Period>().unwrap().in_words(), "July to September 2026");
        assert_eq!("2026-10/P12M".parse::<Period>().unwrap().in_words(), "12 months to October 2026");
        assert_eq!(british_date(NaiveDate::from_ymd_opt(2026, 10, 3).unwrap()), "3 October 2026");
    }
}
