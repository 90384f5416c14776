//! Child and family assessments with the working days they took. Open ones count.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use itertools::izip;
use polars::prelude::*;

use super::frame::{Day, Names, codes, date_column, date_of, day_of, days, keys};
use super::leaving::Leavings;
use crate::domain::bank_holidays_england;

/// One row per child and family assessment with a start before the child left: agency, `started_on`, `completed_on` (null while open) and
/// `working_days` from start to completion.
pub(crate) fn child_and_family_assessments(
    risk_assessments: &DataFrame,
    leavings: &Leavings,
    as_at: Day,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let child = keys(risk_assessments, "child_id")?;
    let kind = codes(risk_assessments, "kind", names)?;
    let agency = codes(risk_assessments, "agency", names)?;
    let started = days(risk_assessments, "started_on")?;
    let completed = days(risk_assessments, "completed_on")?;
    let counted = names.code("child_and_family");
    let calendar = WorkingDays::until(as_at);
    let (mut child_id, mut agencies, mut started_on) = (Vec::new(), Vec::new(), Vec::new());
    let (mut completed_on, mut working_days) = (Vec::new(), Vec::new());
    for (child, kind, agency, start, end) in izip!(child, kind, agency, started, completed) {
        let left = leavings.of(child, as_at);
        let begun = start.filter(|start| *start <= as_at && left.is_none_or(|(left_on, _)| *start < left_on));
        let (Some(start), true) = (begun, kind == Some(counted)) else { continue };
        let end = end.filter(|end| *end <= as_at);
        child_id.push(child);
        agencies.push(agency.map(|agency| names.word(agency).to_owned()));
        started_on.push(Some(start));
        completed_on.push(end);
        working_days.push(end.map(|end| calendar.between(start, end)));
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        Column::new("agency".into(), agencies).cast(&DataType::String)?,
        date_column("started_on", started_on)?,
        date_column("completed_on", completed_on)?,
        Column::new("working_days".into(), working_days).cast(&DataType::Int64)?,
    ])
}

/// Working days in England, counted once: how many fall on or before each day.
struct WorkingDays {
    first: Day,
    up_to: Vec<i64>,
}

impl WorkingDays {
    /// From 1990, before any child in the data was born.
    fn until(as_at: Day) -> Self {
        let first = NaiveDate::from_ymd_opt(1990, 1, 1).expect("1990 began");
        let holidays: BTreeSet<NaiveDate> =
            (first.year()..=date_of(as_at).year()).flat_map(bank_holidays_england).collect();
        let mut worked = 0;
        let count = |date: NaiveDate| {
            worked += i64::from(date.weekday().num_days_from_monday() < 5 && !holidays.contains(&date));
            worked
        };
        let up_to = first.iter_days().take_while(|date| day_of(*date) <= as_at).map(count).collect();
        Self { first: day_of(first), up_to }
    }

    /// Working days after `from`, up to and including `to`.
    fn between(&self, from: Day, to: Day) -> i64 {
        let count = |day: Day| usize::try_from(day - self.first).ok().and_then(|at| self.up_to.get(at)).copied();
        count(to).unwrap_or(0) - count(from).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::working_days_between;

    #[test]
    fn counting_once_agrees_with_counting_each_time() {
        let on = |text: &str| text.parse::<NaiveDate>().unwrap();
        let calendar = WorkingDays::until(day_of(on("2024-12-31")));
        for (from, to) in [("2024-05-01", "2024-05-22"), ("2024-05-04", "2024-05-07"), ("2023-12-20", "2024-01-08")] {
            let expected = i64::from(working_days_between(on(from), on(to)));
            assert_eq!(calendar.between(day_of(on(from)), day_of(on(to))), expected, "{from} to {to}");
        }
    }
}
