//! Days and minutes as whole numbers, which is all that a simulated life needs.

use chrono::{Datelike as _, NaiveDate};

use crate::domain::Month;

/// Days since 1 January 1970.
pub(super) type Day = i32;
/// Minutes since the first minute of 1970, in civil time.
pub(super) type Minute = i64;

pub(super) const MINUTES_A_DAY: Minute = 1_440;
const EPOCH_FROM_CE: i32 = 719_163;

pub(super) fn day_of(date: NaiveDate) -> Day {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

pub(super) fn date_of(day: Day) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day + EPOCH_FROM_CE).expect("simulated days lie in this century")
}

pub(super) fn month_of(day: Day) -> Month {
    Month::of(date_of(day))
}

/// The day a minute falls in.
pub(super) fn day_at(minute: Minute) -> Day {
    minute.div_euclid(MINUTES_A_DAY) as Day
}

/// The first minute of a day.
pub(super) fn midnight(day: Day) -> Minute {
    Minute::from(day) * MINUTES_A_DAY
}
