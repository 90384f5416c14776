//! Able workforce: training in date, soon out of date, applied. Rules over plain rows of one agency and role.
//!
//! Knows nothing of frames or pages; counts are exact here; the release protects them.

mod section;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};

pub use section::workforce;

/// How many people one role of one agency has in one month.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Headcount {
    /// The agency.
    pub agency: String,
    /// A role that needs the training.
    pub role: String,
    /// The first day of the month.
    pub month_on: NaiveDate,
    /// People in the role.
    pub people: u64,
}

/// One course that one person completed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Training {
    /// The agency.
    pub agency: String,
    /// The role in which it was taken.
    pub role: String,
    /// A pseudonym.
    pub person: i64,
    /// When.
    pub completed_on: NaiveDate,
    /// The last day it is in date; none where the extract gives none.
    pub expires_on: Option<NaiveDate>,
    /// 1 to 4 at audit; none where not audited.
    pub grade: Option<u8>,
    /// When audited.
    pub audited_on: Option<NaiveDate>,
}

impl Training {
    /// The last day it is in date: as the extract says, else `valid_days` after completion.
    pub fn in_date_to(&self, valid_days: u32) -> NaiveDate {
        self.expires_on.unwrap_or(self.completed_on + Days::new(u64::from(valid_days)))
    }

    /// Completed by a day and not expired before it: training that expires on the day is in date.
    pub fn is_in_date(&self, on: NaiveDate, valid_days: u32) -> bool {
        self.completed_on <= on && on <= self.in_date_to(valid_days)
    }
}

/// The least grade that counts as applying the training.
pub const APPLIED_GRADE: u8 = 3;
