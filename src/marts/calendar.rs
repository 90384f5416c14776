//! The months a report shows, as a mart to join spells with.

use chrono::{Days, NaiveDate};
use polars::prelude::*;

use super::frame::{date_column, day_of};
use crate::domain::Month;

/// One row per month from `first` to the month of `as_at`: `month_on` (its first day), `next_month_on`, and `counted_on`,
/// the day its stocks are counted (its last day, or the as-at date in a month not yet over), and `until_on`, the day
/// after that: in a month not yet over, days are counted to the as-at date included.
pub(crate) fn months(first: Month, as_at: NaiveDate) -> PolarsResult<DataFrame> {
    let last = Month::of(as_at);
    let shown: Vec<Month> =
        std::iter::successors(Some(first), |month| Some(month.next())).take_while(|m| *m <= last).collect();
    let column = |name: &str, day: &dyn Fn(&Month) -> NaiveDate| {
        date_column(name, shown.iter().map(|month| Some(day_of(day(month)))).collect())
    };
    DataFrame::new_infer_height(vec![
        column("month_on", &|month| month.first_on())?,
        column("next_month_on", &|month| month.next().first_on())?,
        column("counted_on", &|month| month.last_on().min(as_at))?,
        column("until_on", &|month| month.last_on().min(as_at) + Days::new(1))?,
    ])
}
