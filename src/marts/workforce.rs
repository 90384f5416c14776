//! Staged rows of the workforce and its training: plain rows for the rules, and the marts that measures count.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::actions::{dates, texts};
use super::frame::{date_column, day_of, keys, numbers};
use crate::domain::Month;
use crate::workforce::{Headcount, Training};

/// Every headcount, in order.
///
/// # Errors
/// Where the staged table lacks a column: a defect of ingest.
pub fn headcounts(frame: &DataFrame) -> PolarsResult<Vec<Headcount>> {
    if frame.height() == 0 {
        return Ok(Vec::new());
    }
    let rows = itertools::izip!(
        texts(frame, "agency")?,
        texts(frame, "role")?,
        dates(frame, "month_on")?,
        numbers(frame, "headcount")?
    );
    let mut all: Vec<Headcount> = rows
        .filter_map(|(agency, role, month_on, people)| {
            let month_on = Month::of(month_on?).first_on();
            Some(Headcount { agency: agency?, role: role?, month_on, people: u64::try_from(people?).ok()? })
        })
        .collect();
    all.sort_unstable();
    Ok(all)
}

/// Every course completed, in order.
///
/// # Errors
/// As [`headcounts`].
pub fn trainings(frame: &DataFrame) -> PolarsResult<Vec<Training>> {
    if frame.height() == 0 {
        return Ok(Vec::new());
    }
    let rows = itertools::izip!(
        texts(frame, "agency")?,
        texts(frame, "role")?,
        keys(frame, "staff_id")?,
        dates(frame, "completed_on")?,
        dates(frame, "expires_on")?,
        numbers(frame, "applied")?,
        dates(frame, "audited_on")?
    );
    let mut all: Vec<Training> = rows
        .filter_map(|(agency, role, person, completed_on, expires_on, grade, audited_on)| {
            Some(Training {
                agency: agency?,
                role: role?,
                person,
                completed_on: completed_on?,
                expires_on,
                grade: grade.and_then(|grade| u8::try_from(grade).ok()),
                audited_on,
            })
        })
        .collect();
    all.sort_unstable();
    Ok(all)
}

/// The marts of the workforce, from its headcounts and its training.
pub(super) fn marts(
    (workforce, training): (&DataFrame, &DataFrame),
    valid_days: u32,
    as_at: NaiveDate,
) -> PolarsResult<[(&'static str, DataFrame); 2]> {
    let trainings = trainings(training)?;
    Ok([
        ("trained_months", trained_months(&headcounts(workforce)?, &trainings, valid_days, as_at)?),
        ("training_audits", training_audits(&trainings, as_at)?),
    ])
}

/// One row per agency, role and month with a headcount: `counted_on`, `headcount`, `trained` (people in date that day).
///
/// Null `trained` where more are trained than there are people: the headcount or the roles do not agree, so the share is not
/// known.
fn trained_months(
    headcounts: &[Headcount],
    trainings: &[Training],
    valid_days: u32,
    as_at: NaiveDate,
) -> PolarsResult<DataFrame> {
    let mut by_role: BTreeMap<(&str, &str), Vec<&Training>> = BTreeMap::new();
    for training in trainings {
        by_role.entry((&training.agency, &training.role)).or_default().push(training);
    }
    let rows: Vec<(&Headcount, NaiveDate)> = headcounts
        .iter()
        .filter(|one| one.month_on <= as_at)
        .map(|one| (one, Month::of(one.month_on).last_on().min(as_at)))
        .collect();
    let trained = |one: &Headcount, on: NaiveDate| {
        let mut people: Vec<i64> = by_role
            .get(&(one.agency.as_str(), one.role.as_str()))
            .into_iter()
            .flatten()
            .filter(|row| row.is_in_date(on, valid_days))
            .map(|row| row.person)
            .collect();
        people.sort_unstable();
        people.dedup();
        Some(people.len() as i64).filter(|trained| *trained <= one.people as i64)
    };
    DataFrame::new_infer_height(vec![
        Column::new("agency".into(), rows.iter().map(|(one, _)| one.agency.as_str()).collect::<Vec<_>>()),
        Column::new("role".into(), rows.iter().map(|(one, _)| one.role.as_str()).collect::<Vec<_>>()),
        date_column("counted_on", rows.iter().map(|(_, on)| Some(day_of(*on))).collect())?,
        Column::new("headcount".into(), rows.iter().map(|(one, _)| one.people as i64).collect::<Vec<_>>()),
        Column::new("trained".into(), rows.iter().map(|(one, on)| trained(one, *on)).collect::<Vec<_>>()),
    ])
}

/// One row per audit of a trained person: `staff_id`, `agency`, `role`, `audited_on`, `grade`.
fn training_audits(trainings: &[Training], as_at: NaiveDate) -> PolarsResult<DataFrame> {
    let rows: Vec<(&Training, NaiveDate, u8)> =
        trainings.iter().filter_map(|row| Some((row, row.audited_on.filter(|on| *on <= as_at)?, row.grade?))).collect();
    DataFrame::new_infer_height(vec![
        Column::new("staff_id".into(), rows.iter().map(|(row, _, _)| row.person).collect::<Vec<_>>()),
        Column::new("agency".into(), rows.iter().map(|(row, _, _)| row.agency.as_str()).collect::<Vec<_>>()),
        Column::new("role".into(), rows.iter().map(|(row, _, _)| row.role.as_str()).collect::<Vec<_>>()),
        date_column("audited_on", rows.iter().map(|(_, on, _)| Some(day_of(*on))).collect())?,
        Column::new("grade".into(), rows.iter().map(|(_, _, grade)| i64::from(*grade)).collect::<Vec<_>>()),
    ])
}
