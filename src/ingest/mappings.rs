//! What a source declares of its columns and codes, held against the contract: a name of ours that no table has, a code that
//! no column takes. Knows nothing of what the files hold.

use std::collections::BTreeSet;

use crate::config::{Config, FILE, Format, Problem, Source, most_like};

use super::contract::{self, Contract, Field, Kind};
use super::files::{CUT_DATE, Found};
use super::typing;

/// Every mistaken key of `columns` and `codes`, and every target of `codes` that its column does not take.
pub(crate) fn problems(config: &Config, found: &[Found]) -> Vec<Problem> {
    let of_source = |(number, source): (usize, &Source)| {
        let files = found.iter().filter(|file| file.source == number).map(|file| file.label.as_str());
        of_one(source, &contract::possible(source.format, source.table.as_deref(), files))
    };
    config.sources.iter().enumerate().flat_map(of_source).collect()
}

fn of_one(source: &Source, contracts: &[&'static Contract]) -> Vec<Problem> {
    let fields = || contracts.iter().flat_map(|contract| contract.fields);
    let mut names: Vec<&str> = fields().map(|field| field.name).collect::<BTreeSet<_>>().into_iter().collect();
    let problem = |key: &str, says: String, hint: String| {
        let place = format!("source {}: {key}", source.name);
        Problem::new(FILE, "F13", format!("source `{}`: {says}", source.name)).column(&place).hint(hint)
    };
    let mut problems = Vec::new();
    let unknown = |key: &str, ours: &str, names: &[&str]| {
        let says = format!("`{key}` names `{ours}`, which is no column of {}", tables(contracts));
        let hint = match (most_like(ours, names), contracts) {
            (Some(like), _) => format!("did you mean `{like}`? Our name comes first, theirs after `=`"),
            (None, [_]) => format!("our name comes first, theirs after `=`; its columns are {}", names.join(", ")),
            (None, _) => "our name comes first, theirs after `=`; `sightline reference` writes tables.md, which has the columns of every table".to_owned(),
        };
        problem(key, says, hint)
    };
    for ours in source.codes.keys().filter(|ours| !names.contains(&ours.as_str())) {
        problems.push(unknown("codes", ours, &names));
    }
    for (ours, codes) in &source.codes {
        let fitting: Vec<&Field> = fields().filter(|field| field.name == ours).collect();
        for target in codes.values().collect::<BTreeSet<_>>() {
            if fitting.is_empty() || fitting.iter().any(|field| typing::takes(field, target)) {
                continue;
            }
            let allowed: BTreeSet<String> = fitting.iter().flat_map(|field| field.kind.allowed()).collect();
            let into = if target.trim().is_empty() { "nothing".to_owned() } else { format!("`{target}`") };
            let says = format!("`codes` turns a code of `{ours}` into {into}, which that column does not take");
            let hint = if allowed.is_empty() {
                format!("`{ours}` holds {}: `codes` are for columns of codes", holds(&fitting))
            } else {
                format!("allowed: {}", allowed.into_iter().collect::<Vec<_>>().join(", "))
            };
            problems.push(problem("codes", says, hint));
        }
    }
    if source.format == Format::Native {
        names.push(CUT_DATE);
    }
    for ours in source.columns.keys().filter(|ours| !names.contains(&ours.as_str())) {
        problems.push(unknown("columns", ours, &names));
    }
    problems
}

/// `` `missing_episodes` ``, or the format's tables where it may be any.
fn tables(contracts: &[&'static Contract]) -> String {
    match contracts {
        [one] => format!("`{}`", one.name),
        several if several.len() <= 3 => {
            several.iter().map(|one| format!("`{}`", one.name)).collect::<Vec<_>>().join(", ")
        }
        _ => "any table of its format".to_owned(),
    }
}

fn holds(fields: &[&Field]) -> &'static str {
    match fields.first().map(|field| field.kind) {
        Some(Kind::Date | Kind::Month | Kind::Quarter | Kind::Instant) => "dates",
        Some(Kind::Number) => "whole numbers",
        Some(Kind::Child | Kind::Id(_)) => "identifiers",
        _ => "no codes",
    }
}
