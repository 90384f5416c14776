//! Staged tables whose rows are made from several rows: periods of care, placements, factors.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::return_rules::periods_of_care;
use super::rows::Rows;
use super::table::Table;
use super::typed::Words;

/// The assessments of an agency by their keys: child, and the day completed.
pub(crate) type Assessments = HashMap<i64, (i64, Option<i32>)>;

/// Episodes of care that touch or overlap, as one period.
pub(crate) fn care_periods(
    rows: &Rows,
    agency: &str,
    [child, starts, ends]: [&str; 3],
) -> PolarsResult<(Table, DataFrame)> {
    let by_child: BTreeMap<_, _> = periods_of_care(rows, child, starts, ends).into_iter().collect();
    let (mut child_id, mut started_on, mut ended_on) = (Vec::new(), Vec::new(), Vec::new());
    for (child, periods) in by_child {
        for (start, end) in periods {
            child_id.push(child);
            started_on.push(start);
            ended_on.push(end);
        }
    }
    let height = child_id.len();
    let columns = vec![
        Column::new("child_id".into(), child_id),
        Column::new("agency".into(), vec![agency; height]),
        Column::new("started_on".into(), started_on),
        Column::new("ended_on".into(), ended_on),
    ];
    Ok((Table::CarePeriods, Table::CarePeriods.frame(height, columns)?))
}

/// A placement lasts through the episodes that began for a new legal status alone (RNE `L`).
pub(crate) fn placements_of_return(rows: &Rows, agency: &str) -> PolarsResult<(Table, DataFrame)> {
    let (child, start, end) = (rows.column("child"), rows.column("decom"), rows.column("dec"));
    let (rne, reason, place) = (rows.column("rne"), rows.column("reason_place_change"), rows.column("place"));
    let mut episodes: Vec<(i64, i32, usize)> =
        rows.kept().into_iter().filter_map(|row| Some((child.key(row)?, start.day(row)?, row))).collect();
    episodes
        .sort_unstable_by_key(|(child, start, row)| (*child, *start, end.day(*row), rows.hashes.get(*row).copied()));
    let (mut child_id, mut started_on, mut ended_on, mut kind, mut change_reason) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (child, start, row) in episodes {
        let touches = ended_on.last().is_some_and(|end: &Option<i32>| end.is_none_or(|end| end >= start));
        let goes_on = rne.text(row) == Some("l") && child_id.last() == Some(&child) && touches;
        if !goes_on {
            child_id.push(child);
            started_on.push(start);
            ended_on.push(None);
            kind.push(place.text(row));
            change_reason.push(None);
        }
        if let Some(last) = ended_on.last_mut() {
            *last = end.day(row);
        }
        if let Some(last) = change_reason.last_mut() {
            *last = reason.text(row);
        }
    }
    let height = child_id.len();
    let columns = vec![
        Column::new("child_id".into(), child_id),
        Column::new("agency".into(), vec![agency; height]),
        Column::new("started_on".into(), started_on),
        Column::new("ended_on".into(), ended_on),
        Column::new("kind".into(), kind),
        Column::new("change_reason".into(), change_reason),
    ];
    Ok((Table::Placements, Table::Placements.frame(height, columns)?))
}

/// One row per factor found.
pub(crate) fn factors(rows: &Rows, assessments: &Assessments) -> PolarsResult<(Table, DataFrame)> {
    let (assessment, found) = (rows.column("cinf_assessment_id"), rows.column("cinf_assessment_factors_json"));
    let (mut assessment_id, mut child_id, mut completed_on) = (Vec::new(), Vec::new(), Vec::new());
    let mut factor = Words::default();
    for row in rows.kept() {
        let Some(key) = assessment.key(row) else {
            continue;
        };
        let Some((child, completed)) = assessments.get(&key) else {
            continue;
        };
        for code in found.text(row).unwrap_or_default().split(';').filter(|code| !code.is_empty()) {
            assessment_id.push(key);
            child_id.push(*child);
            completed_on.push(*completed);
            factor.push(Some(code));
        }
    }
    let height = assessment_id.len();
    let codes: StringChunked = (0..height).map(|row| factor.get(row)).collect();
    let columns = vec![
        Column::new("assessment_id".into(), assessment_id),
        Column::new("child_id".into(), child_id),
        codes.with_name("factor".into()).into_column(),
        Column::new("completed_on".into(), completed_on),
    ];
    Ok((Table::AssessmentFactors, Table::AssessmentFactors.frame(height, columns)?))
}
