//! What earlier lists said, so that a date moved in silence, an original date overwritten or an action removed is seen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::section::Listed;
use crate::release::Unlisted;

/// One action in an earlier list: dates alone, under a key that is not its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EarlierState {
    /// A keyed hash of the action's id.
    pub key: String,
    /// The as-at date of the build that read the list.
    pub seen_on: NaiveDate,
    /// The day the plan took it in.
    pub agreed_on: NaiveDate,
    /// The original date as that list gave it.
    pub original_due_on: NaiveDate,
    /// The date as it stood.
    pub due_on: NaiveDate,
    /// None while open.
    pub completed_on: Option<NaiveDate>,
}

/// Gives each listed action its earlier states, and names the actions that are listed no more.
///
/// Only states before the as-at date count, so that building the same day again gives the same plan. The first original date
/// seen is kept for good.
pub fn with_earlier_states(
    mut listed: Vec<Listed>,
    earlier: &[EarlierState],
    as_at: NaiveDate,
) -> (Vec<Listed>, Vec<Unlisted>) {
    let mut by_key: BTreeMap<&str, Vec<&EarlierState>> = BTreeMap::new();
    for state in earlier.iter().filter(|state| state.seen_on < as_at) {
        by_key.entry(&state.key).or_default().push(state);
    }
    for states in by_key.values_mut() {
        states.sort_unstable_by_key(|state| state.seen_on);
    }
    let mut present = BTreeSet::new();
    for action in &mut listed {
        present.insert(action.key.clone());
        let Some(states) = by_key.get(action.key.as_str()) else { continue };
        action.seen.extend(states.iter().map(|state| (state.seen_on, state.due_on)));
        if let Some(first) = states.first().filter(|first| first.original_due_on != action.action.original_due_on) {
            action.action.original_due_on = first.original_due_on;
            action.action.original_overwritten = true;
        }
    }
    let unlisted = by_key
        .iter()
        .filter(|(key, _)| !present.contains(**key))
        .filter_map(|(_, states)| {
            let (first, last) = (states.first()?, states.last()?);
            Some(Unlisted {
                last_seen_on: last.seen_on,
                agreed_on: first.agreed_on,
                original_due_on: first.original_due_on,
                completed_on: last.completed_on,
            })
        })
        .collect();
    (listed, unlisted)
}
