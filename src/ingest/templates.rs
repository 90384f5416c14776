//! The tables of each format and their columns, for those who begin: what `init` writes and what a sender is asked for.

use super::contract::{Need, contracts};
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
