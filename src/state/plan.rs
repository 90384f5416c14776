//! Earlier lists of the action plan and forecasts made from them: `state/plan.csv` and `state/forecasts.csv`.
//!
//! An action is a keyed hash of its id with its dates; no title, no owner. Kept for as long as the plan is, since the
//! baseline is frozen; `key rotate` makes the keys unknown, and the file may then be removed. Both files are text in order, so
//! that the same history gives the same bytes.

use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::text::{read, replace};
use crate::config::{Key, to_hex};
use crate::ingest::keyed_digest;
use crate::plan::{EarlierState, Listed};
use crate::release::KeptForecast;

/// Characters of the hash that are kept: 80 bits tell any plan's actions apart.
const KEY_LENGTH: usize = 20;

/// A file of the state folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It could not be read or written.
    #[error("{path}: {error}\nhint: make the state folder readable and writable by whoever builds", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Its rows do not read.
    #[error("{path}: row {row} does not read\nhint: it is written by build alone; restore it from a backup, or remove it and lose what earlier lists said", path = .path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// As a spreadsheet numbers it.
        row: u64,
    },
}

/// What is remembered of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanMemory {
    /// Every action in every earlier list.
    pub states: Vec<EarlierState>,
    /// Every forecast made.
    pub forecasts: Vec<KeptForecast>,
}

#[derive(Serialize, Deserialize)]
struct StateRow {
    action: String,
    seen_on: NaiveDate,
    agreed_on: NaiveDate,
    original_due_on: NaiveDate,
    due_on: NaiveDate,
    completed_on: Option<NaiveDate>,
}

/// The key under which an action is remembered.
pub fn key_of(key: &Key, action_id: &str) -> String {
    to_hex(&keyed_digest(key, &["action", action_id])).chars().take(KEY_LENGTH).collect()
}

/// What the state folder remembers; nothing where it is new.
pub fn remembered(folder: &Path) -> Result<PlanMemory, StateError> {
    let states: Vec<StateRow> = rows(&states_path(folder))?;
    let forecasts = rows(&forecasts_path(folder))?;
    let state = |row: StateRow| EarlierState {
        key: row.action,
        seen_on: row.seen_on,
        agreed_on: row.agreed_on,
        original_due_on: row.original_due_on,
        due_on: row.due_on,
        completed_on: row.completed_on,
    };
    Ok(PlanMemory { states: states.into_iter().map(state).collect(), forecasts })
}

/// Adds the list and the forecast of one as-at date, in the place of what an earlier build of that date left.
pub fn remember(
    folder: &Path,
    mut memory: PlanMemory,
    listed: &[Listed],
    forecast: Option<KeptForecast>,
    as_at: NaiveDate,
) -> Result<(), StateError> {
    memory.states.retain(|state| state.seen_on != as_at);
    memory.states.extend(listed.iter().map(|row| EarlierState {
        key: row.key.clone(),
        seen_on: as_at,
        agreed_on: row.action.agreed_on,
        original_due_on: row.action.original_due_on,
        due_on: row.action.due_on,
        completed_on: row.action.completed_on,
    }));
    memory.states.sort_unstable_by(|a, b| (a.seen_on, &a.key).cmp(&(b.seen_on, &b.key)));
    memory.forecasts.retain(|kept| kept.made_on != as_at);
    memory.forecasts.extend(forecast);
    memory.forecasts.sort_unstable_by_key(|kept| kept.made_on);
    let states = memory.states.into_iter().map(|state| StateRow {
        action: state.key,
        seen_on: state.seen_on,
        agreed_on: state.agreed_on,
        original_due_on: state.original_due_on,
        due_on: state.due_on,
        completed_on: state.completed_on,
    });
    write(&states_path(folder), states)?;
    write(&forecasts_path(folder), memory.forecasts.into_iter())
}

fn states_path(folder: &Path) -> PathBuf {
    folder.join("plan.csv")
}

fn forecasts_path(folder: &Path) -> PathBuf {
    folder.join("forecasts.csv")
}

fn rows<T: for<'row> Deserialize<'row>>(path: &Path) -> Result<Vec<T>, StateError> {
    let text = read(path).map_err(|error| StateError::File { path: path.to_owned(), error })?;
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .enumerate()
        .map(|(at, row)| row.map_err(|_| StateError::Row { path: path.to_owned(), row: at as u64 + 2 }))
        .collect()
}

fn write<T: Serialize>(path: &Path, rows: impl Iterator<Item = T>) -> Result<(), StateError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("rows of dates and whole numbers serialise");
    }
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    let text = String::from_utf8(bytes).expect("rows of dates and whole numbers are text");
    replace(path, &text).map_err(|error| StateError::File { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(date: &str) -> NaiveDate {
        date.parse().unwrap()
    }

    fn state(seen: &str, due: &str) -> EarlierState {
        EarlierState {
            key: "a1".into(),
            seen_on: on(seen),
            agreed_on: on("2026-01-01"),
            original_due_on: on("2026-05-31"),
            due_on: on(due),
            completed_on: None,
        }
    }

    #[test]
    fn what_is_remembered_reads_back_and_a_rebuild_of_the_day_takes_its_own_place() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(remembered(folder.path()).unwrap(), PlanMemory::default());
        let kept = KeptForecast {
            made_on: on("2026-06-30"),
            remaining: 3,
            percent_50: Some(on("2026-12-31")),
            percent_85: None,
            percent_95: None,
            next_13_weeks_low: 0,
            next_13_weeks_middle: 1,
            next_13_weeks_high: 2,
        };
        let first = PlanMemory {
            states: vec![state("2026-05-31", "2026-05-31"), state("2026-06-30", "2026-09-30")],
            forecasts: vec![kept],
        };
        remember(folder.path(), first.clone(), &[], Some(kept), on("2026-06-30")).unwrap();
        let again = remembered(folder.path()).unwrap();
        assert_eq!(again.states, [state("2026-05-31", "2026-05-31")], "the day's own list took its place");
        assert_eq!(again.forecasts, [kept]);
    }

    #[test]
    fn a_spoilt_file_is_named_with_its_row() {
        let folder = tempfile::tempdir().unwrap();
        let text = "action,seen_on,agreed_on,original_due_on,due_on,completed_on\nk,2026-13-01,,,,\n";
        std::fs::write(folder.path().join("plan.csv"), text).unwrap();
        let error = remembered(folder.path()).unwrap_err().to_string();
        assert!(error.contains("plan.csv: row 2 does not read"), "{error}");
    }

    #[test]
    fn keys_depend_on_the_project_and_not_on_the_list() {
        let (ours, theirs) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        assert_eq!(key_of(&ours, "A1"), key_of(&ours, "A1"));
        assert_ne!(key_of(&ours, "A1"), key_of(&theirs, "A1"));
        assert_ne!(key_of(&ours, "A1"), key_of(&ours, "A2"));
    }
}
