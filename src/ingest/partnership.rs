//! The partnership's own extracts: its action plan, its workforce and training, audits, screening totals, and what
//! children said. Only the last is about children.

use super::contract::Kind::{Child, Code, Date, Id, Month, Number, Quarter, Scale, Text, Word};
use super::contract::{Codes, Contract, Field, fields, optional, present, readable, required};

static QUESTIONS: Codes = Codes { ours: &["feels_safe", "listened_to", "plan_understood"], also: &[] };

static DIRECTIONS: Codes = Codes { ours: &["down", "up"], also: &[("lower", "down"), ("higher", "up")] };

/// Scores that children give: 1 is worst, 5 best.
const SCORE: i64 = 5;
/// Grades of audit: 1 is worst, 4 best.
const GRADE: i64 = 4;

const fn table(
    name: &'static str,
    fields: &'static [Field],
    key: &'static [&'static str],
    starts: &'static str,
) -> Contract {
    // Nothing here is an episode: a training that expires or an action that is due later is no mistake.
    Contract { name, fields, key, starts: Some(starts), ends: None, timeless: false }
}

/// Emergency department attendances that were eligible for screening, by month.
pub(super) const ED_SCREENING: Contract = table(
    "ed_screening",
    fields![
        optional("agency", Word),
        required("month", Month),
        required("attendances_eligible", Number),
        required("screened", Number),
        required("positive", Number),
        required("acted_within_10_days", Number),
    ],
    &["agency", "month"],
    "month",
);

/// A random quarterly audit: of the records sampled, how many of last oversights say whether the child is safer.
pub(super) const OVERSIGHT_AUDIT: Contract = table(
    "oversight_audit",
    fields![
        required("quarter", Quarter),
        required("agency", Word),
        required("sampled", Number),
        required("oversight_recorded_safer_or_not", Number),
    ],
    &["quarter", "agency"],
    "quarter",
);

/// What children answered when they were asked.
pub(super) const VOICE: Contract = table(
    "voice",
    fields![
        required("child_id", Child),
        required("asked_on", Date),
        required("question", Code(&QUESTIONS)),
        required("score", Scale(SCORE)),
        optional("asked_by", Word),
    ],
    &["child_id", "asked_on", "question", "asked_by"],
    "asked_on",
);

/// People in roles that need the training, by month.
pub(super) const WORKFORCE: Contract = table(
    "workforce",
    fields![required("agency", Word), required("role", Word), required("month", Month), required("headcount", Number)],
    &["agency", "role", "month"],
    "month",
);

/// One row per person and course completed.
pub(super) const TRAINING: Contract = table(
    "training",
    fields![
        required("agency", Word),
        required("role", Word),
        required("staff_ref", Id("staff")),
        required("course", Word),
        required("completed_on", Date),
        readable("expires_on", Date),
        optional("applied", Scale(GRADE)),
        optional("audited_on", Date),
    ],
    &["agency", "role", "staff_ref", "course", "completed_on"],
    "completed_on",
);

/// The action plan as it stands.
pub(super) const ACTIONS: Contract = table(
    "actions",
    fields![
        required("action_id", Text),
        required("title", Text),
        optional("finding", Text),
        required("agency", Word),
        optional("owner_role", Text),
        required("agreed_on", Date),
        required("original_due_on", Date),
        present("due_on", Date),
        readable("started_on", Date),
        present("completed_on", Date),
        readable("evidenced_on", Date),
        optional("evidence", Text),
        required("status", Word),
        optional("measures", Text),
        optional("expected", Code(&DIRECTIONS)),
    ],
    &["action_id"],
    "agreed_on",
);

/// Every change to an action that was recorded: `field` says of what.
pub(super) const ACTION_HISTORY: Contract = table(
    "action_history",
    fields![
        required("action_id", Text),
        required("recorded_on", Date),
        required("field", Word),
        optional("old", Text),
        optional("new", Text),
    ],
    &[],
    "recorded_on",
);
