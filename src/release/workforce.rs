//! Whether people are able: who in the roles that need the training has it in date, who falls out of date soon, and whether
//! audits find it applied. Counts of staff, never names.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::Month;

/// A count of staff as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Staff {
    /// So many.
    People(u64),
    /// Few enough that a person could be told; or it would give such a number away.
    Withheld,
    /// The extracts do not say.
    NotKnown,
}

/// The workforce at the end of the report's month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workforce {
    /// The day counted: training that expires on it is still in date.
    pub counted_on: NaiveDate,
    /// The last day on which training falls out of date within three months.
    pub expiring_to: NaiveDate,
    /// Every agency and role that needs the training, in order of name.
    pub roles: Vec<RoleCoverage>,
    /// People who fall out of date in each of the next three months, unless they renew.
    pub expiring: Vec<ExpiringMonth>,
    /// Training was recorded for roles that no headcount names: so many agency-and-role pairs.
    pub roles_not_counted: u32,
}

/// One role in one agency. A person in two roles counts in each, as the headcount does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCoverage {
    /// The agency.
    pub agency: String,
    /// The role.
    pub role: String,
    /// People in it.
    pub headcount: Staff,
    /// Of these, with training in date.
    pub trained: Staff,
    /// Of these, out of date within three months unless they renew.
    pub expiring: Staff,
    /// People whose use of it was audited in the last twelve months.
    pub audited: Staff,
    /// Of these, graded 3 or 4 at their latest audit.
    pub applied: Staff,
    /// Courses attended in the last twelve months: activity, not ability.
    pub attended: Staff,
}

/// One month ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiringMonth {
    /// The month in which the first day without training falls.
    pub month: Month,
    /// People.
    pub people: Staff,
}
