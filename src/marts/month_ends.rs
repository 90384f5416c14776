//! Who is known at each month end: what every measure of the children at risk on that day begins from.

use polars::prelude::*;

use super::calendar::each_month;
use super::frame::{ByChild, Day, date_column};
use super::risk_periods::RiskPeriod;
use crate::domain::Month;

/// One row per child and month at whose end (or, in a month not yet over, on the as-at date) the child is in a risk
/// period: `child_id`, `counted_on` as in `months`.
pub(crate) fn known_at_month_end(periods: &ByChild<RiskPeriod>, first: Month, as_at: Day) -> PolarsResult<DataFrame> {
    let months = each_month(first, as_at);
    let (mut child_id, mut counted_on) = (Vec::new(), Vec::new());
    for child in periods.children() {
        let own = periods.of(child);
        let known = |on: Day| own.iter().any(|(_, period)| period.holds_on(on));
        for month in months.iter().filter(|month| known(month.counted_on)) {
            child_id.push(child);
            counted_on.push(Some(month.counted_on));
        }
    }
    DataFrame::new_infer_height(vec![Column::new("child_id".into(), child_id), date_column("counted_on", counted_on)?])
}

#[cfg(test)]
mod tests {
    use super::super::frame::day_of;
    use super::*;

    fn on(text: &str) -> Day {
        day_of(text.parse().unwrap())
    }

    #[test]
    fn a_child_is_known_on_the_first_day_of_a_period_and_not_on_the_day_it_closes() {
        let period = |start: &str, close: Option<&str>| RiskPeriod {
            start: on(start),
            close: close.map(on),
            opened_by_spell: false,
        };
        let periods = ByChild::new(vec![
            (7, period("2026-01-31", Some("2026-02-28"))), // January; closed on the last day of February
            (7, period("2026-03-05", None)),               // March, counted on the as-at date
            (8, period("2026-02-28", Some("2026-03-01"))), // February alone
        ]);
        let frame = known_at_month_end(&periods, "2025-12".parse().unwrap(), on("2026-03-10")).unwrap();
        let children: Vec<_> = frame.column("child_id").unwrap().i64().unwrap().iter().flatten().collect();
        let days = frame.column("counted_on").unwrap().date().unwrap().physical().iter().flatten().collect::<Vec<_>>();
        assert_eq!(children, [7, 7, 8]);
        assert_eq!(days, [on("2026-01-31"), on("2026-03-10"), on("2026-02-28")]);
    }
}
