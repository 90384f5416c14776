//! Planned and delivered as running totals, month by month. The planned curve is the frozen baseline: original dates of
//! every action ever agreed, withdrawn ones too.

use chrono::NaiveDate;

use super::pace::{delivered_on, evidenced_on};
use crate::domain::Month;
use crate::release::{Action, ActionStatus, CurvePoint, Unlisted};

/// From the month before the first agreement to the last date of the plan, or the as-at date where later.
///
/// The as-at month stands at the as-at date. Beyond it nothing is delivered yet: null, not zero.
pub(super) fn curve(actions: &[&Action], unlisted: &[Unlisted], as_at: NaiveDate) -> Vec<CurvePoint> {
    let agreed = actions.iter().map(|action| action.agreed_on).chain(unlisted.iter().map(|gone| gone.agreed_on));
    let dated = actions
        .iter()
        .flat_map(|action| [action.original_due_on, action.due_on])
        .chain(unlisted.iter().map(|gone| gone.original_due_on));
    let (Some(first), Some(last)) = (agreed.min(), dated.max()) else {
        return Vec::new();
    };
    let (first, last) = (Month::of(first.min(as_at)).plus(-1), Month::of(last.max(as_at)));
    let months = std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last);
    months
        .map(|month| if month == Month::of(as_at) { as_at } else { month.last_on() })
        .map(|on| point(actions, unlisted, on, as_at))
        .collect()
}

fn point(actions: &[&Action], unlisted: &[Unlisted], on: NaiveDate, as_at: NaiveDate) -> CurvePoint {
    let gone = |of: fn(&Unlisted) -> Option<NaiveDate>| {
        unlisted.iter().filter(|gone| of(gone).is_some_and(|day| day <= on)).count() as u32
    };
    let count = |of: &dyn Fn(&Action) -> Option<NaiveDate>| {
        actions.iter().filter(|action| of(action).is_some_and(|day| day <= on)).count() as u32
    };
    let so_far = |number: u32| (on <= as_at).then_some(number);
    CurvePoint {
        on,
        planned: count(&|action| Some(action.original_due_on)) + gone(|gone| Some(gone.original_due_on)),
        as_redated: count(&|action| stands_at(action, as_at)),
        delivered: so_far(count(&|action| delivered_on(action, as_at)) + gone(|gone| gone.completed_on)),
        evidenced: so_far(count(&|action| evidenced_on(action, as_at))),
    }
}

/// Where an action stands on the curve as dates now are: its completion, else its date; a withdrawn one nowhere.
fn stands_at(action: &Action, as_at: NaiveDate) -> Option<NaiveDate> {
    let due = (action.status != ActionStatus::Withdrawn).then_some(action.due_on);
    delivered_on(action, as_at).or(due)
}
