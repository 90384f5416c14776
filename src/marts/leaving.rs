//! When a child leaves: moves away, dies, or turns 18. Nothing starts on or after that day.

use chrono::{Datelike as _, NaiveDate};
use itertools::izip;
use polars::prelude::*;

use super::frame::{ByChild, Day, date_of, day_of, days, keys};

/// Why follow-up of a child ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// Recorded as dead.
    Died,
    /// The first day of the month of the eighteenth birthday.
    Eighteen,
    /// Left the area.
    LeftArea,
}

impl Reason {
    /// As in the marts.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Died => "died",
            Self::Eighteen => "18",
            Self::LeftArea => "left_area",
        }
    }
}

/// The day a child left and why; none while they have not.
pub(crate) type Left = Option<(Day, Reason)>;

/// The leaving day of every child known.
#[derive(Debug)]
pub(crate) struct Leavings(ByChild<(Day, Reason)>);

impl Leavings {
    /// From the staged children, all of whose rows count: the earliest leaving holds.
    pub(crate) fn new(children: &DataFrame) -> PolarsResult<Self> {
        let child = keys(children, "child_id")?;
        let born = days(children, "birth_month_on")?;
        let moved = days(children, "left_area_on")?;
        let died = days(children, "died_on")?;
        let leavings = izip!(child, born, moved, died)
            .filter_map(|(child, born, moved, died)| Some((child, earliest_leaving(born, moved, died)?)))
            .collect();
        Ok(Self(ByChild::new(leavings)))
    }

    /// When and why this child left, where it was on or before `as_at`.
    pub(crate) fn of(&self, child: i64, as_at: Day) -> Left {
        self.0.of(child).iter().map(|(_, left)| *left).filter(|(day, _)| *day <= as_at).min()
    }
}

/// The earliest of left area, death, and the first day of the month of the 18th birthday.
fn earliest_leaving(born: Option<Day>, moved: Option<Day>, died: Option<Day>) -> Left {
    [
        died.map(|day| (day, Reason::Died)),
        born.map(|day| (eighteenth_birth_month(day), Reason::Eighteen)),
        moved.map(|day| (day, Reason::LeftArea)),
    ]
    .into_iter()
    .flatten()
    .min()
}

fn eighteenth_birth_month(born: Day) -> Day {
    let born = date_of(born);
    NaiveDate::from_ymd_opt(born.year() + 18, born.month(), 1).map_or(Day::MAX, day_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Day {
        day_of(text.parse().unwrap())
    }

    #[test]
    fn the_earliest_leaving_holds() {
        let born = Some(on("2008-02-01"));
        assert_eq!(earliest_leaving(born, None, None), Some((on("2026-02-01"), Reason::Eighteen)));
        assert_eq!(earliest_leaving(born, Some(on("2025-03-09")), None), Some((on("2025-03-09"), Reason::LeftArea)));
        assert_eq!(
            earliest_leaving(born, Some(on("2025-03-09")), Some(on("2025-03-08"))),
            Some((on("2025-03-08"), Reason::Died))
        );
        assert_eq!(earliest_leaving(None, None, None), None);
    }
}
