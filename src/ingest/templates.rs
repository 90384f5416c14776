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
        allowed: field.kind.allowed(),
        also: match field.kind {
            Kind::Code(codes) => codes.also,
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
