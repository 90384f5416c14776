//! Child-days at risk by month: what every rate per 1,000 child-days is divided by.

use polars::prelude::*;

use super::calendar::each_month;
use super::frame::{ByChild, Day, date_column};
use super::risk_periods::RiskPeriod;
use crate::domain::Month;

/// One row per child and month with a day at risk: `counted_on` (as in `months`) and `days`, the as-at date included.
pub(crate) fn days_at_risk(periods: &ByChild<RiskPeriod>, first: Month, as_at: Day) -> PolarsResult<DataFrame> {
    let months = each_month(first, as_at);
    let (mut child_id, mut counted_on, mut days) = (Vec::new(), Vec::new(), Vec::new());
    for child in periods.children() {
        let own: Vec<RiskPeriod> = periods.of(child).iter().map(|(_, period)| *period).collect();
        let starts = own.iter().map(|period| period.start).min().unwrap_or(Day::MAX);
        let from = months.partition_point(|month| month.until_on <= starts);
        for month in months.get(from..).unwrap_or_default() {
            let at_risk: Day = own.iter().map(|period| days_within(period, month.month_on, month.until_on)).sum();
            if at_risk > 0 {
                child_id.push(child);
                counted_on.push(Some(month.counted_on));
                days.push(i64::from(at_risk));
            }
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("counted_on", counted_on)?,
        Column::new("days".into(), days),
    ])
}

/// The dates `start ≤ d < close` of a period from `from` up to and not including `until`.
fn days_within(period: &RiskPeriod, from: Day, until: Day) -> Day {
    (period.close.unwrap_or(until).min(until) - period.start.max(from)).max(0)
}

#[cfg(test)]
mod tests {
    use super::super::frame::day_of;
    use super::*;

    fn on(text: &str) -> Day {
        day_of(text.parse().unwrap())
    }

    #[test]
    fn two_periods_of_one_month_are_added_and_an_open_one_counts_the_as_at_date() {
        let period = |start: &str, close: Option<&str>| RiskPeriod {
            start: on(start),
            close: close.map(on),
            opened_by_spell: false,
        };
        // January: the 30th and 31st; February: the 1st to the 9th, then the 20th to the 28th; March to the 10th.
        let periods =
            ByChild::new(vec![(7, period("2026-01-30", Some("2026-02-10"))), (7, period("2026-02-20", None))]);
        let frame = days_at_risk(&periods, "2025-12".parse().unwrap(), on("2026-03-10")).unwrap();
        let days: Vec<_> = frame.column("days").unwrap().i64().unwrap().iter().flatten().collect();
        assert_eq!(days, [2, 18, 10]);
    }
}
