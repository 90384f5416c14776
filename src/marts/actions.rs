//! Staged rows of the action plan into plain actions, each with the changes its history records.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::frame::{date_of, days};
use crate::plan::{Listed, RecordedChange};
use crate::release::{Action, ActionStatus, Expected};

/// Words by which an owner says that an action is done, taken out, or under way.
const DONE: [&str; 4] = ["completed", "complete", "done", "closed"];
const OUT: [&str; 5] = ["withdrawn", "cancelled", "canceled", "dropped", "superseded"];
const UNDER_WAY: [&str; 4] = ["in_progress", "started", "on_track", "delayed"];

/// Every action of the list; `key_of` gives the keyed hash under which an action is remembered.
///
/// # Errors
/// Where a staged table lacks a column: a defect of ingest, not of the user's data.
pub fn actions(actions: &DataFrame, history: &DataFrame, key_of: impl Fn(&str) -> String) -> PolarsResult<Vec<Listed>> {
    if actions.height() == 0 {
        return Ok(Vec::new());
    }
    let changes = changes(history)?;
    let text = |name: &str| texts(actions, name);
    let date = |name: &str| dates(actions, name);
    let (ids, titles, findings, agencies) = (text("action_id")?, text("title")?, text("finding")?, text("agency")?);
    let (owners, evidence, statuses) = (text("owner_role")?, text("evidence")?, text("status")?);
    let (measures, expected) = (text("measures")?, text("expected")?);
    let (agreed, original, due) = (date("agreed_on")?, date("original_due_on")?, date("due_on")?);
    let (started, completed, evidenced) = (date("started_on")?, date("completed_on")?, date("evidenced_on")?);
    let mut listed = Vec::with_capacity(ids.len());
    let rows = itertools::izip!(ids, titles, findings, agencies, owners, evidence, statuses, measures, expected);
    let days = itertools::izip!(agreed, original, due, started, completed, evidenced);
    for ((id, title, finding, agency, owner_role, evidence, status, measures, expected), days) in rows.zip(days) {
        let (Some(agreed_on), Some(original_due_on), revised, started_on, completed_on, evidenced_on) = days else {
            continue;
        };
        let (Some(id), Some(title), Some(agency)) = (id, title, agency) else { continue };
        let own = changes.get(&id);
        // A list that leaves the revised date empty means the date that stands: the last recorded, else the first agreed.
        let recorded = own.and_then(|own| own.dates.last()).map(|change| change.to);
        let due_on = revised.or(recorded).unwrap_or(original_due_on);
        listed.push(Listed {
            key: key_of(&id),
            recorded: own.map(|own| own.dates.clone()).unwrap_or_default(),
            seen: Vec::new(),
            action: Action {
                withdrawn_on: own.and_then(|own| own.withdrawn_on),
                status: status_of(status.as_deref(), started_on, completed_on),
                measures: listed_ids(measures.as_deref()),
                expected: match expected.as_deref() {
                    Some("up") => Some(Expected::Up),
                    Some("down") => Some(Expected::Down),
                    _ => None,
                },
                id,
                title,
                finding,
                agency,
                owner_role,
                agreed_on,
                original_due_on,
                due_on,
                started_on,
                completed_on,
                evidenced_on,
                evidence,
                redatings: Vec::new(),
                original_overwritten: false,
            },
        });
    }
    listed.sort_by(|a, b| a.action.id.cmp(&b.action.id));
    Ok(listed)
}

/// A word we know says it; of any other, the dates do.
fn status_of(word: Option<&str>, started_on: Option<NaiveDate>, completed_on: Option<NaiveDate>) -> ActionStatus {
    match word {
        Some(word) if OUT.contains(&word) => ActionStatus::Withdrawn,
        Some(word) if DONE.contains(&word) => ActionStatus::Completed,
        _ if completed_on.is_some() => ActionStatus::Completed,
        Some(word) if UNDER_WAY.contains(&word) => ActionStatus::InProgress,
        _ if started_on.is_some() => ActionStatus::InProgress,
        _ => ActionStatus::NotStarted,
    }
}

fn listed_ids(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(';').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// What the history records of one action.
#[derive(Default)]
struct Recorded {
    dates: Vec<RecordedChange>,
    withdrawn_on: Option<NaiveDate>,
}

fn changes(history: &DataFrame) -> PolarsResult<BTreeMap<String, Recorded>> {
    let mut by_action: BTreeMap<String, Recorded> = BTreeMap::new();
    if history.height() == 0 {
        return Ok(by_action);
    }
    let (ids, fields) = (texts(history, "action_id")?, texts(history, "field")?);
    let (old, new) = (texts(history, "old")?, texts(history, "new")?);
    for (id, on, field, old, new) in itertools::izip!(ids, dates(history, "recorded_on")?, fields, old, new) {
        let (Some(id), Some(on), Some(field), Some(new)) = (id, on, field, new) else { continue };
        let recorded = by_action.entry(id).or_default();
        let read = |text: &str| crate::config::read_iso(text.trim()).map(|read| read.on);
        match (field.as_str(), read(&new)) {
            ("due_on", Some(to)) => {
                recorded.dates.push(RecordedChange { on, from: old.as_deref().and_then(read), to });
            }
            ("status", _) if OUT.contains(&crate::config::word(&new).as_str()) => {
                recorded.withdrawn_on = Some(recorded.withdrawn_on.map_or(on, |earlier| earlier.min(on)));
            }
            _ => {}
        }
    }
    for recorded in by_action.values_mut() {
        recorded.dates.sort_unstable();
        recorded.dates.dedup();
    }
    Ok(by_action)
}

pub(super) fn texts(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<String>>> {
    let column = frame.column(name)?.cast(&DataType::String)?;
    Ok(column.as_materialized_series().str()?.iter().map(|text| text.map(str::to_owned)).collect())
}

pub(super) fn dates(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<NaiveDate>>> {
    Ok(days(frame, name)?.into_iter().map(|day| day.map(date_of)).collect())
}
