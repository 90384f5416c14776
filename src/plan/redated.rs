//! Every change of an action's date, recorded or not. What nobody recorded is noticed where two lists, or a list and its
//! history, differ.

use chrono::NaiveDate;

use crate::release::{Known, Redating};

/// A change as the plan's history records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedChange {
    /// The day it was recorded.
    pub on: NaiveDate,
    /// The date before; none where the history does not say.
    pub from: Option<NaiveDate>,
    /// The date after.
    pub to: NaiveDate,
}

/// The changes that lead from the original date to the date as it stands, in order of the day they are known from.
///
/// `seen` are the dates that earlier lists gave, with the day of each list. Whatever the records do not account for is a
/// change that was noticed, on the first day it shows. Changes recorded after the as-at date are not known yet.
pub fn redatings(
    original_due_on: NaiveDate,
    due_on: NaiveDate,
    recorded: &[RecordedChange],
    seen: &[(NaiveDate, NaiveDate)],
    as_at: NaiveDate,
) -> Vec<Redating> {
    let mut facts: Vec<(NaiveDate, Fact)> = recorded
        .iter()
        .map(|change| (change.on, Fact::Recorded(*change)))
        .chain(seen.iter().map(|(on, due)| (*on, Fact::Seen(*due))))
        .filter(|(on, _)| *on <= as_at)
        .collect();
    facts.sort_unstable();
    facts.push((as_at, Fact::Seen(due_on)));
    let mut stands = original_due_on;
    let mut changes = Vec::new();
    for (on, fact) in facts {
        if let Fact::Recorded(change) = fact {
            if let Some(from) = change.from.filter(|from| *from != stands) {
                changes.push(Redating { on, from: stands, to: from, known: Known::Noticed });
                stands = from;
            }
            if change.to != stands {
                changes.push(Redating { on, from: stands, to: change.to, known: Known::Recorded });
                stands = change.to;
            }
        } else if let Fact::Seen(due) = fact
            && due != stands
        {
            changes.push(Redating { on, from: stands, to: due, known: Known::Noticed });
            stands = due;
        }
    }
    changes
}

/// The date as it stood on the as-at date: changes recorded after it are undone.
pub(super) fn due_as_known(due_on: NaiveDate, recorded: &[RecordedChange], as_at: NaiveDate) -> NaiveDate {
    let later = recorded.iter().filter(|change| change.on > as_at).min();
    later.and_then(|change| change.from).unwrap_or(due_on)
}

/// On one day a recorded change is read before a list, which shows its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    Recorded(RecordedChange),
    Seen(NaiveDate),
}
