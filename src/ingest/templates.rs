//! The tables of each format and their columns, for those who begin: what `init` writes, what a sender is asked for, and
//! the reference of both.

use super::contract::{Field, Kind, Need, contracts};
use crate::config::Format;

/// The tables of a format that can be asked for, in order.
pub fn tables(format: Format) -> Vec<&'static str> {
    contracts(format).iter().filter(|contract| !contract.fields.is_empty()).map(|contract| contract.name).collect()
}

/// The columns of a table, those it cannot be read without first; none where the format has no such table.
pub fn columns(format: Format, table: &str) -> Option<Vec<&'static str>> {
    let contract = contracts(format).iter().find(|contract| contract.name == table && !contract.fields.is_empty())?;
    let needed = |field: &&super::contract::Field| matches!(field.need, Need::Required | Need::Present);
    let first = contract.fields.iter().filter(needed);
    let then = contract.fields.iter().filter(|field| !needed(field));
    Some(first.chain(then).map(|field| field.name).collect())
}

/// One column as a sender is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Our name of it.
    pub name: &'static str,
    /// What it holds, in words.
    pub holds: String,
    /// How far a row depends on it, in words.
    pub needed: &'static str,
    /// What it says, where its name does not; empty where it does.
    pub means: &'static str,
    /// What it may hold, where that is a set.
    pub allowed: Vec<String>,
    /// Other ways of writing those, with the one each means; empty where it means not known.
    pub also: &'static [(&'static str, &'static str)],
}

/// The columns of a table with all that is asked of them, in the contract's order; none where the format has no such table.
pub fn asked(format: Format, table: &str) -> Vec<Asked> {
    let contract = contracts(format).iter().find(|contract| contract.name == table);
    let fields = contract.map_or(&[] as &[Field], |contract| contract.fields);
    let column = |field: &Field| Asked {
        name: field.name,
        holds: holds(field.kind),
        needed: match field.need {
            Need::Required => "column and value",
            Need::Present => "column; may be empty",
            Need::Readable => "no; but what is there must read",
            Need::Optional => "no",
        },
        means: meaning(table, field.name),
        allowed: field.kind.allowed(),
        also: match field.kind {
            Kind::Code(codes) | Kind::Listed(codes) => codes.also,
            _ => &[],
        },
    };
    fields.iter().map(column).collect()
}

fn holds(kind: Kind) -> String {
    match kind {
        Kind::Child => "identifier of a child, of the sender's own",
        Kind::Id(_) => "identifier",
        Kind::Date => "date",
        Kind::Month => "month, or a date in it",
        Kind::Quarter => "quarter (2026-Q3), or a date in it",
        Kind::Instant => "date, with the time where it is known",
        Kind::Code(_) => "code",
        Kind::Listed(_) => "codes, with `;` between",
        Kind::Word => "word of the sender's own",
        Kind::Text => "text",
        Kind::Number => "whole number",
        Kind::Scale(_) => "whole number of a scale",
        Kind::YesNo => "yes or no",
        Kind::Factors => "JSON list or object of factors",
        Kind::Seen => "anything: only tells rows apart",
        Kind::MissingFlag => "JSON object with `MISSING_FLAG`",
    }
    .to_owned()
}

/// What a native column says, where its name does not say it.
fn meaning(table: &str, column: &str) -> &'static str {
    match (table, column) {
        ("children", "valid_from" | "valid_to") => {
            "days from and to which this row's details hold; a child may have several rows, one after the other"
        }
        ("children", "birth_month") => {
            "no more of a birth date is kept: a child is a year older, and 18, from the first day of that month"
        }
        ("crosswalk", "agency") => "the agency whose number it is, as `agency` of its source is written",
        ("crosswalk", "agency_child_id") => "that agency's number of the child",
        ("crosswalk", "child_id") => "the partnership's number of the same child, as in `children`",
        ("crosswalk", "match_weight") => "how sure the match is, in the sender's own terms; kept by nobody",
        (_, "recorded_on") => "the day it was entered, from which late reporting is known",
        (_, "data_to") => "the day the extract was cut",
        ("missing_episodes", "kind") => "missing (M), or away from placement without authorisation (A)",
        ("return_interviews", "reasons") => "why the child went missing, as the interview records it",
        ("risk_signals", "closed_reason") => {
            "`duplicate` or `error`: it never was a signal; any other word: it was one"
        }
        ("risk_assessments", "level") => "how high the risk is put; above low it keeps a risk period open",
        ("risk_assessments", "child_seen") => "an assessment without seeing the child counts for nothing",
        ("services", "end_reason") => "why it ended, in the sender's own words",
        ("services", "sustained_on") => {
            "the day from which the child is held to attend lastingly, where the service records one"
        }
        ("training", "expires_on") => "without it training is in date for `training_valid_days`",
        ("training", "applied") => "grade of a practice audit; 3 and 4 count as applied",
        ("actions", "original_due_on") => "the date first agreed, from which slippage is counted",
        ("actions", "due_on") => "the date as it stands now; empty where it has not moved",
        ("actions", "completed_on") => "the day the owner says it was done",
        ("actions", "evidenced_on") => {
            "the day somebody else accepted that it was done: without it a finished action is a claim"
        }
        ("actions", "evidence") => "what the evidence is, in words; counts for nothing without `evidenced_on`",
        ("actions", "status") => {
            "`completed`, `done`, `closed`; `withdrawn`, `cancelled`, `dropped`, `superseded`; `started`, `in_progress`; else as the dates say"
        }
        ("actions", "measures") => "ids of the measures it is meant to move, with `;` between",
        ("actions", "expected") => "which way those measures should go",
        ("action_history", "field") => "what changed: `due_on`, `status` …",
        _ => "",
    }
}
