//! One action's dates: delivered or not, how far it slipped, whether it is overdue. Days are civil days.

use chrono::NaiveDate;

use crate::release::{Action, ActionStanding, ActionStatus};

/// The day it was completed, if that is no later than the as-at date. A withdrawn action is not completed.
pub fn completed_by(action: &Action, as_at: NaiveDate) -> Option<NaiveDate> {
    action.completed_on.filter(|on| *on <= as_at && action.status != ActionStatus::Withdrawn)
}

/// The day it counts as delivered to the plan: completion, but not before the plan took it in.
pub fn delivered_on(action: &Action, as_at: NaiveDate) -> Option<NaiveDate> {
    completed_by(action, as_at).map(|on| on.max(action.agreed_on))
}

/// The day it counts as evidenced: its evidence was accepted by the as-at date and it is delivered.
pub(super) fn evidenced_on(action: &Action, as_at: NaiveDate) -> Option<NaiveDate> {
    let delivered = delivered_on(action, as_at)?;
    action.evidenced_on.filter(|on| *on <= as_at).map(|on| on.max(delivered))
}

/// Neither completed nor withdrawn.
pub fn is_open(action: &Action, as_at: NaiveDate) -> bool {
    action.status != ActionStatus::Withdrawn && completed_by(action, as_at).is_none()
}

/// Days from the original date to completion, else to the later of the date as it stands and the as-at date.
///
/// Below zero where done early. A withdrawn action is one not completed: withdrawing it does not stop its slippage, since it
/// stays in the frozen baseline. Re-dating cannot lessen it.
pub fn days_slipped(action: &Action, as_at: NaiveDate) -> i64 {
    let end = completed_by(action, as_at).unwrap_or_else(|| action.due_on.max(as_at));
    (end - action.original_due_on).num_days()
}

/// Days past the date as it stands; none where not open or not past it. Due today is not overdue.
pub fn days_overdue(action: &Action, as_at: NaiveDate) -> Option<i64> {
    past(action, action.due_on, as_at)
}

/// Days past the date first agreed; none where not open or not past it.
pub fn days_past_original(action: &Action, as_at: NaiveDate) -> Option<i64> {
    past(action, action.original_due_on, as_at)
}

fn past(action: &Action, due_on: NaiveDate, as_at: NaiveDate) -> Option<i64> {
    (is_open(action, as_at) && as_at > due_on).then(|| (as_at - due_on).num_days())
}

/// Where it stands against the date first agreed.
pub fn standing(action: &Action, as_at: NaiveDate) -> ActionStanding {
    if action.status == ActionStatus::Withdrawn {
        return ActionStanding::Withdrawn;
    }
    match completed_by(action, as_at) {
        Some(on) if on <= action.original_due_on => ActionStanding::DoneInTime,
        Some(_) => ActionStanding::DoneLate,
        None if as_at > action.due_on => ActionStanding::Overdue,
        None if as_at > action.original_due_on => ActionStanding::OnTimeOnlyByRedating,
        None => ActionStanding::NotDue,
    }
}
