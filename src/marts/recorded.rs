//! Marts that are little more than what was recorded: interviews with their reasons, levels, plans, audits, answers.

use std::collections::HashMap;

use itertools::izip;
use polars::prelude::*;

use super::frame::{Day, date_column, date_of, day_of, days, keys, numbers, truths};
use super::signals::{COUNTED, NOT_ABOVE_LOW};
use crate::domain::Month;
use crate::ingest::Table;

/// All of them by name, from the staged tables.
pub(super) fn marts<'a>(
    table: &impl Fn(Table) -> &'a DataFrame,
    as_at: Day,
) -> PolarsResult<[(&'static str, DataFrame); 6]> {
    Ok([
        ("interviews", interviews(table(Table::ReturnInterviews), table(Table::MissingEpisodes), as_at)?),
        ("risk_levels", risk_levels(table(Table::RiskAssessments), as_at)?),
        ("open_plans", open_plans(table(Table::Plans), table(Table::CarePeriods), as_at)?),
        ("oversight_audits", oversight_audits(table(Table::OversightAudit), as_at)?),
        ("involvements", up_to(table(Table::Involvements), "started_on", as_at)?),
        ("voice", up_to(table(Table::Voice), "asked_on", as_at)?),
    ])
}

/// The rows of a staged table dated on or before the as-at date, as they are; undated rows are left out.
fn up_to(staged: &DataFrame, date: &str, as_at: Day) -> PolarsResult<DataFrame> {
    let dated: BooleanChunked =
        days(staged, date)?.iter().map(|day| Some(day.is_some_and(|day| day <= as_at))).collect();
    staged.filter(&dated)
}

/// One row per return home interview held: child, `held_on`, `reasons` (codes, `;` between; null where none was recorded).
/// An interview whose episode is not known has no child and no row.
fn interviews(interviews: &DataFrame, episodes: &DataFrame, as_at: Day) -> PolarsResult<DataFrame> {
    let children: HashMap<i64, i64> = izip!(numbers(episodes, "episode_id")?, keys(episodes, "child_id")?)
        .filter_map(|(id, child)| Some((id?, child)))
        .collect();
    let (mut child_id, mut held, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for (episode, held_on, reason) in
        izip!(numbers(interviews, "episode_id")?, days(interviews, "held_on")?, texts(interviews, "reasons")?)
    {
        let child = episode.and_then(|episode| children.get(&episode));
        if let (Some(child), Some(held_on)) = (child, held_on.filter(|day| *day <= as_at)) {
            child_id.push(*child);
            held.push(Some(held_on));
            reasons.push(reason);
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("held_on", held)?,
        Column::new("reasons".into(), reasons).cast(&DataType::String)?,
    ])
}

/// One row per assessment that counts (exploitation or child and family, the child not recorded as unseen): child,
/// `completed_on`, `above_low` (false where the level is low or not known).
fn risk_levels(assessments: &DataFrame, as_at: Day) -> PolarsResult<DataFrame> {
    let (mut child_id, mut completed, mut above_low) = (Vec::new(), Vec::new(), Vec::new());
    for (child, kind, completed_on, seen, level) in izip!(
        keys(assessments, "child_id")?,
        texts(assessments, "kind")?,
        days(assessments, "completed_on")?,
        truths(assessments, "child_seen")?,
        texts(assessments, "level")?
    ) {
        let counts = kind.is_some_and(|kind| COUNTED.contains(&kind.as_str())) && seen != Some(false);
        if let Some(completed_on) = completed_on.filter(|day| counts && *day <= as_at) {
            child_id.push(child);
            completed.push(Some(completed_on));
            above_low.push(level.is_some_and(|level| !NOT_ABOVE_LOW.contains(&level.as_str())));
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("completed_on", completed)?,
        Column::new("above_low".into(), above_low),
    ])
}

/// One row per plan, being looked after among them: child, `kind`, `started_on`, `ended_on` (null while open).
fn open_plans(plans: &DataFrame, care_periods: &DataFrame, as_at: Day) -> PolarsResult<DataFrame> {
    let (mut child_id, mut kind, mut started, mut ended) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let planned =
        izip!(keys(plans, "child_id")?, texts(plans, "kind")?, days(plans, "started_on")?, days(plans, "ended_on")?);
    let cared = izip!(
        keys(care_periods, "child_id")?,
        std::iter::repeat_with(|| Some("looked_after".to_owned())),
        days(care_periods, "started_on")?,
        days(care_periods, "ended_on")?
    );
    for (child, what, started_on, ended_on) in planned.chain(cared) {
        if let Some(started_on) = started_on.filter(|day| *day <= as_at) {
            child_id.push(child);
            kind.push(what);
            started.push(Some(started_on));
            ended.push(ended_on.filter(|day| *day <= as_at));
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        Column::new("kind".into(), kind).cast(&DataType::String)?,
        date_column("started_on", started)?,
        date_column("ended_on", ended)?,
    ])
}

/// One row per agency and quarter audited that was over by the as-at date: `agency`, `audited_to_on` (the quarter's last
/// day), `sampled` and `recorded`. A quarter in which more are said to record it than were sampled is not known.
fn oversight_audits(audits: &DataFrame, as_at: Day) -> PolarsResult<DataFrame> {
    let (mut agency, mut audited_to, mut sampled, mut recorded) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (who, quarter_on, of, with) in izip!(
        texts(audits, "agency")?,
        days(audits, "quarter_on")?,
        numbers(audits, "sampled")?,
        numbers(audits, "recorded")?
    ) {
        let last_on = quarter_on.map(|first_on| day_of(Month::of(date_of(first_on)).plus(2).last_on()));
        let (Some(last_on), Some((of, with))) = (last_on, of.zip(with)) else { continue };
        if last_on <= as_at && with <= of {
            agency.push(who);
            audited_to.push(Some(last_on));
            sampled.push(of);
            recorded.push(with);
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("agency".into(), agency).cast(&DataType::String)?,
        date_column("audited_to_on", audited_to)?,
        Column::new("sampled".into(), sampled),
        Column::new("recorded".into(), recorded),
    ])
}

fn texts(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<String>>> {
    let column = frame.column(name)?.cast(&DataType::String)?;
    Ok(column.as_materialized_series().str()?.iter().map(|text| text.map(str::to_owned)).collect())
}
