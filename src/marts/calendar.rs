//! The months a report shows, as a mart to join spells with.

use polars::prelude::*;

use super::frame::{Day, date_column, date_of, day_of};
use crate::domain::Month;

/// A month shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "dates end in `_on` everywhere")]
pub(crate) struct MonthShown {
    /// Its first day.
    pub(crate) month_on: Day,
    /// The first day of the month after.
    pub(crate) next_month_on: Day,
    /// The day its stocks are counted: its last day, or the as-at date in a month not yet over.
    pub(crate) counted_on: Day,
    /// The day after that: in a month not yet over, days are counted to the as-at date included.
    pub(crate) until_on: Day,
}

/// Every month from `first` to that of `as_at`.
pub(crate) fn each_month(first: Month, as_at: Day) -> Vec<MonthShown> {
    let last = Month::of(date_of(as_at));
    std::iter::successors(Some(first), |month| Some(month.next()))
        .take_while(|month| *month <= last)
        .map(|month| {
            let counted_on = day_of(month.last_on()).min(as_at);
            MonthShown {
                month_on: day_of(month.first_on()),
                next_month_on: day_of(month.next().first_on()),
                counted_on,
                until_on: counted_on + 1,
            }
        })
        .collect()
}

/// One row per month: `month_on`, `next_month_on`, `counted_on` and `until_on`, as in [`MonthShown`].
pub(crate) fn months(first: Month, as_at: Day) -> PolarsResult<DataFrame> {
    let shown = each_month(first, as_at);
    let column = |name: &str, day: fn(&MonthShown) -> Day| {
        date_column(name, shown.iter().map(|month| Some(day(month))).collect())
    };
    DataFrame::new_infer_height(vec![
        column("month_on", |month| month.month_on)?,
        column("next_month_on", |month| month.next_month_on)?,
        column("counted_on", |month| month.counted_on)?,
        column("until_on", |month| month.until_on)?,
    ])
}
