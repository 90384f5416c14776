//! The plan's numbers for the whole and for each agency, finding and owner. In order of name: never ranked.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::forecast::finish_of;
use super::open::middle;
use super::pace::{completed_by, days_slipped, delivered_on, evidenced_on, is_open, standing};
use super::section::Settings;
use crate::release::{Action, ActionStanding, ActionStatus, GroupBy, Known, PlanGroup, PlanSummary, Unlisted};

/// A list of actions in a few numbers.
pub(super) fn summary(actions: &[&Action], unlisted: &[Unlisted], as_at: NaiveDate) -> PlanSummary {
    let count = |of: &dyn Fn(&Action) -> bool| actions.iter().filter(|action| of(action)).count() as u32;
    let stands = |wanted: ActionStanding| count(&|action| standing(action, as_at) == wanted);
    let fallen_due = |action: &Action| action.original_due_on <= as_at;
    let redatings = || actions.iter().flat_map(|action| &action.redatings);
    let mut slipped: Vec<i64> =
        actions.iter().filter(|action| fallen_due(action)).map(|action| days_slipped(action, as_at)).collect();
    slipped.sort_unstable();
    let gone = |of: &dyn Fn(&Unlisted) -> bool| unlisted.iter().filter(|gone| of(gone)).count() as u32;
    let done_in_time = |gone: &Unlisted| gone.completed_on.is_some_and(|on| on <= gone.original_due_on);
    PlanSummary {
        actions: actions.len() as u32 + unlisted.len() as u32,
        planned_by_now: count(&fallen_due) + gone(&|gone| gone.original_due_on <= as_at),
        delivered: count(&|action| delivered_on(action, as_at).is_some()) + gone(&|gone| gone.completed_on.is_some()),
        delivered_in_time: count(&|action| {
            fallen_due(action) && completed_by(action, as_at).is_some_and(|on| on <= action.original_due_on)
        }) + gone(&|gone| gone.original_due_on <= as_at && done_in_time(gone)),
        evidenced: count(&|action| evidenced_on(action, as_at).is_some()),
        withdrawn: count(&|action| action.status == ActionStatus::Withdrawn),
        open: count(&|action| is_open(action, as_at)),
        overdue: stands(ActionStanding::Overdue),
        on_time_only_by_redating: stands(ActionStanding::OnTimeOnlyByRedating),
        redated: count(&|action| !action.redatings.is_empty()),
        redatings: redatings().count() as u32,
        redatings_noticed: redatings().filter(|change| change.known == Known::Noticed).count() as u32,
        median_days_slipped: middle(&slipped),
        most_days_slipped: actions.iter().map(|action| days_slipped(action, as_at)).filter(|days| *days > 0).max(),
        slipped: slipped.iter().filter(|days| **days > 0).count() as u32,
        last_original_due_on: actions
            .iter()
            .map(|action| action.original_due_on)
            .chain(unlisted.iter().map(|gone| gone.original_due_on))
            .max(),
        last_due_on: actions.iter().map(|action| action.due_on).max(),
    }
}

/// Each agency's, finding's and owner's actions apart.
pub(super) fn groups(actions: &[&Action], as_at: NaiveDate, settings: Settings) -> Vec<PlanGroup> {
    let mut parts: BTreeMap<(GroupBy, String), Vec<&Action>> = BTreeMap::new();
    for action in actions {
        let names = [
            (GroupBy::Agency, action.agency.clone()),
            (GroupBy::Finding, action.finding.clone().unwrap_or_default()),
            (GroupBy::OwnerRole, action.owner_role.clone().unwrap_or_default()),
        ];
        for name in names {
            parts.entry(name).or_default().push(action);
        }
    }
    parts
        .into_iter()
        .map(|((by, name), actions)| {
            let (finish, drawn_from) = finish_of(&actions, as_at, settings);
            PlanGroup { by, name, summary: summary(&actions, &[], as_at), finish, drawn_from: Some(drawn_from) }
        })
        .collect()
}
