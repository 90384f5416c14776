//! The list of actions into the release's section on the plan.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::forecast::{forecast, score};
use super::pace::{completed_by, days_overdue, days_past_original, days_slipped, is_open, standing};
use super::redated::{RecordedChange, due_as_known, redatings};
use super::{curves, groups, open};
use crate::release::{Action, ActionStatus, KeptForecast, Plan, PlanAction, Unlisted};

/// One row of the list with what is known of its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// As the list has it; its re-datings are worked out here.
    pub action: Action,
    /// A keyed hash of its id, under which earlier lists are remembered.
    pub key: String,
    /// Changes of its date that the history records.
    pub recorded: Vec<RecordedChange>,
    /// Its date in earlier lists: the day of the list, the date.
    pub seen: Vec<(NaiveDate, NaiveDate)>,
}

/// What the partnership has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Weeks of history a forecast draws from.
    pub history_weeks: u32,
    /// Days from the first agreement within which actions belong to the plan as adopted.
    pub adoption_days: u32,
    /// An action counts towards the forecast once its evidence was accepted.
    pub counts_evidence: bool,
}

/// An action's id by its letters and its numbers in turn, so that A2 comes before A10; the id itself decides last.
fn numbered(id: &str) -> (Vec<(String, u64)>, &str) {
    let mut parts: Vec<(String, u64)> = Vec::new();
    let mut rest = id;
    while !rest.is_empty() {
        let letters = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(letters);
        let digits = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        parts.push((word.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    (parts, id)
}

/// The plan at the as-at date. Actions agreed after it are not in it yet.
pub fn plan(
    listed: Vec<Listed>,
    unlisted: Vec<Unlisted>,
    kept: &[KeptForecast],
    as_at: NaiveDate,
    settings: Settings,
) -> Plan {
    let mut actions: Vec<Action> =
        listed.into_iter().filter(|row| row.action.agreed_on <= as_at).map(|row| with_redatings(row, as_at)).collect();
    actions.sort_by(|a, b| numbered(&a.id).cmp(&numbered(&b.id)));
    let all: Vec<&Action> = actions.iter().collect();
    let summary = groups::summary(&all, &unlisted, as_at);
    let curve = curves::curve(&all, &unlisted, as_at);
    let groups = groups::groups(&all, as_at, settings);
    let overdue = open::overdue(&all, as_at);
    let ageing = open::ageing(&all, as_at);
    let forecast = forecast(&all, as_at, settings);
    let past_forecasts = score(kept, &all, as_at, settings);
    let mut slugs = BTreeSet::new();
    let actions = actions.into_iter().map(|action| worked_out(action, as_at, &mut slugs)).collect();
    Plan { summary, actions, unlisted, curve, groups, overdue, ageing, forecast, past_forecasts }
}

fn with_redatings(row: Listed, as_at: NaiveDate) -> Action {
    let Listed { mut action, recorded, seen, .. } = row;
    action.due_on = due_as_known(action.due_on, &recorded, as_at);
    action.redatings = redatings(action.original_due_on, action.due_on, &recorded, &seen, as_at);
    action
}

fn worked_out(action: Action, as_at: NaiveDate, slugs: &mut BTreeSet<String>) -> PlanAction {
    let done = completed_by(&action, as_at);
    PlanAction {
        slug: slug(&action.id, slugs),
        standing: standing(&action, as_at),
        days_slipped: days_slipped(&action, as_at),
        days_overdue: days_overdue(&action, as_at),
        days_past_original: days_past_original(&action, as_at),
        days_open: is_open(&action, as_at).then(|| (as_at - action.agreed_on).num_days()),
        done_before_agreed: done.is_some_and(|on| on < action.agreed_on),
        done_without_date: action.status == ActionStatus::Completed && action.completed_on.is_none(),
        action,
    }
}

/// An address of its own: what is neither letter, figure, `-` nor `_` becomes `-`; a second one of a kind is numbered.
fn slug(id: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let plain = if plain.is_empty() { "action".to_owned() } else { plain };
    let mut slug = plain.clone();
    let mut number = 2;
    while !taken.insert(slug.clone()) {
        slug = format!("{plain}-{number}");
        number += 1;
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_order_of_their_numbers() {
        let mut ids = ["A10", "A1", "B1", "A2", "2.10", "2.9", "A", "A02"];
        ids.sort_by(|a, b| numbered(a).cmp(&numbered(b)));
        assert_eq!(ids, ["2.9", "2.10", "A1", "A02", "A2", "A10", "A", "B1"]);
    }
}
