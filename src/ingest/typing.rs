//! Cells into typed columns by their contract, with what did not read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::config::{DateFormat, Problem, word};
use crate::domain::Period;

use super::contract::{Codes, Field, Kind, Need};
use super::dates::{self, Seems};
use super::ledger::{self, Outcome as Fate, Rule};
use super::pseudonyms::{Crosswalk, Linked, Pseudonyms};
use super::sheet::{Cells, Sheet};
use super::typed::{Typed, Words};

/// Rows of one file that a rule is about.
#[derive(Debug)]
pub(crate) struct Issue {
    pub(crate) rule: Rule,
    pub(crate) column: &'static str,
    pub(crate) rows: Vec<usize>,
    /// What becomes of the rows: set aside, left out, or kept without the value.
    pub(crate) outcome: Fate,
}

/// What typing needs to know of the file's source.
pub(crate) struct Context<'a> {
    pub(crate) file: &'a str,
    pub(crate) table: &'a str,
    pub(crate) agency: &'a str,
    pub(crate) pseudonyms: &'a Pseudonyms,
    pub(crate) crosswalk: &'a Crosswalk,
    pub(crate) date_format: Option<&'a DateFormat>,
    pub(crate) midnight_is_bare: bool,
    pub(crate) codes: &'a BTreeMap<String, BTreeMap<String, String>>,
}

impl Context<'_> {
    /// A keyed hash of a code, so that a new one can be told without keeping it.
    fn code_hash(&self, field: &Field, written: &str) -> u64 {
        self.pseudonyms.of(&["code", self.table, field.name, written]) as u64
    }
}

/// A typed column, what did not read, and the identifiers of children it held.
pub(crate) struct Outcome {
    pub(crate) typed: Typed,
    pub(crate) issues: Vec<Issue>,
    pub(crate) identifiers: HashMap<String, bool>,
    /// A keyed hash of each code, in a column of codes.
    pub(crate) codes: BTreeSet<u64>,
}

impl Outcome {
    fn note(&mut self, rule: Rule, field: &Field, rows: Vec<usize>, outcome: Fate) {
        if !rows.is_empty() {
            self.issues.push(Issue { rule, column: field.name, rows, outcome });
        }
    }
}

/// Types one field's cells; a column that cannot be what it should be is a problem with the whole file.
pub(crate) fn typed(
    field: &Field,
    cells: Option<&Cells>,
    sheet: &Sheet,
    context: &Context<'_>,
) -> Result<Outcome, Problem> {
    let mut outcome = Outcome {
        typed: Typed::unknown(field.kind, sheet.rows),
        issues: Vec::new(),
        identifiers: HashMap::new(),
        codes: BTreeSet::new(),
    };
    let Some(cells) = cells else {
        return Ok(outcome);
    };
    let rows = sheet.rows;
    let mut unread = Vec::new();
    let mut rule = ledger::UNKNOWN_CODE;
    match field.kind {
        Kind::Seen => return Ok(outcome),
        Kind::Child => children(field, cells, rows, context, &mut outcome),
        Kind::Id(kind) => {
            let key = |row| cells.text(row).map(|raw| context.pseudonyms.of(&[kind, &raw]));
            outcome.typed = Typed::Keys((0..rows).map(key).collect());
        }
        Kind::Date | Kind::Month | Kind::Quarter | Kind::Instant => {
            rule = ledger::UNREADABLE_DATE;
            let whens = whens(field, cells, sheet, context, &mut unread)?;
            let days = || whens.iter().map(|when| when.map(|(day, _)| day));
            outcome.typed = match field.kind {
                Kind::Month => Typed::Days(days().map(|day| day.map(dates::month_of)).collect()),
                Kind::Quarter => Typed::Days(days().map(|day| day.map(dates::quarter_of)).collect()),
                Kind::Date => Typed::Days(days().collect()),
                _ => Typed::Whens(whens),
            };
        }
        Kind::Code(codes) => {
            let words = coded(field, codes, cells, rows, context, &mut unread, &mut outcome.codes);
            if field.need == Need::Required {
                let left_out = (0..rows).filter(|row| words.get(*row) == Some("")).collect();
                outcome.note(ledger::LEFT_OUT, field, left_out, Fate::Dropped);
            }
            outcome.typed = Typed::Words(words);
        }
        Kind::Listed(codes) => {
            outcome.typed = Typed::Words(listed(field, codes, cells, rows, context, &mut unread, &mut outcome.codes));
        }
        Kind::Word | Kind::Text | Kind::Factors => {
            let words = texts(field, cells, rows, context, &mut unread);
            if matches!(field.kind, Kind::Word) {
                outcome.codes = words.distinct().map(|word| context.code_hash(field, word)).collect();
            }
            outcome.typed = Typed::Words(words);
        }
        Kind::Number => {
            rule = ledger::NOT_A_NUMBER;
            outcome.typed = Typed::Numbers(numbers(cells, rows, |_| true, &mut unread));
        }
        Kind::Scale(most) => {
            rule = ledger::OFF_THE_SCALE;
            outcome.typed = Typed::Numbers(numbers(cells, rows, |number| (1..=most).contains(&number), &mut unread));
        }
        Kind::YesNo => {
            outcome.typed = Typed::Truths(truths(field, cells, rows, context, &mut unread));
        }
        Kind::MissingFlag => {
            let flag = |row| Some(cells.text(row).is_some_and(|text| has_missing_flag(&text)));
            outcome.typed = Typed::Truths((0..rows).map(flag).collect());
        }
    }
    if field.need == Need::Required {
        let empty: Vec<usize> = (0..rows).filter(|row| !cells.has(*row)).collect();
        outcome.note(ledger::EMPTY, field, empty, Fate::Quarantined);
    }
    let fate = if field.need == Need::Optional { Fate::Kept } else { Fate::Quarantined };
    outcome.note(rule, field, unread, fate);
    Ok(outcome)
}

/// Identifiers of children as pseudonyms, each distinct one worked out once.
fn children(field: &Field, cells: &Cells, rows: usize, context: &Context<'_>, outcome: &mut Outcome) {
    let mut memo: HashMap<String, Linked> = HashMap::new();
    let (mut keys, mut unlinked) = (Vec::with_capacity(rows), Vec::new());
    for row in 0..rows {
        let linked = cells.text(row).map(|raw| {
            if let Some(linked) = memo.get(raw.as_ref()) {
                return *linked;
            }
            let linked = context.crosswalk.link(context.pseudonyms, context.agency, &raw);
            memo.insert(raw.into_owned(), linked);
            linked
        });
        if linked.is_some_and(|linked| !linked.linked) {
            unlinked.push(row);
        }
        keys.push(linked.map(|linked| linked.key));
    }
    outcome.typed = Typed::Keys(keys);
    outcome.identifiers = memo.into_iter().map(|(raw, linked)| (raw, linked.linked)).collect();
    outcome.note(ledger::NOT_LINKED, field, unlinked, Fate::Kept);
}

fn texts(field: &Field, cells: &Cells, rows: usize, context: &Context<'_>, unread: &mut Vec<usize>) -> Words {
    let translation = context.codes.get(field.name);
    let mut words = Words::default();
    for row in 0..rows {
        let text = cells.text(row);
        let translated = text.as_deref().and_then(|text| translation?.get(&word(text))).map(String::as_str);
        match (translated.or(text.as_deref()).filter(|text| !text.is_empty()), field.kind) {
            (Some(text), Kind::Word) => words.push(Some(&word(text))),
            (Some(text), Kind::Factors) => {
                let list = factors(text);
                if list.is_none() {
                    unread.push(row);
                }
                words.push(list.as_deref());
            }
            (text, _) => words.push(text),
        }
    }
    words
}

fn numbers(cells: &Cells, rows: usize, allowed: impl Fn(i64) -> bool, unread: &mut Vec<usize>) -> Vec<Option<i64>> {
    let number = |row| {
        let text = cells.text(row)?;
        let whole = text.strip_suffix(".0").unwrap_or(&text);
        let number = whole.parse().ok().filter(|number: &i64| *number >= 0 && allowed(*number));
        if number.is_none() {
            unread.push(row);
        }
        number
    };
    (0..rows).map(number).collect()
}

fn truths(
    field: &Field,
    cells: &Cells,
    rows: usize,
    context: &Context<'_>,
    unread: &mut Vec<usize>,
) -> Vec<Option<bool>> {
    let translation = context.codes.get(field.name);
    let truth = |row| {
        let text = word(&cells.text(row)?);
        let ours = translation.and_then(|codes| codes.get(&text)).map_or(text, |ours| word(ours));
        said(&ours).unwrap_or_else(|SaysNeither| {
            unread.push(row);
            None
        })
    };
    (0..rows).map(truth).collect()
}

/// A word that says neither yes nor no, nor that it is not known.
struct SaysNeither;

/// Yes, no, or none where it is not known.
fn said(word: &str) -> Result<Option<bool>, SaysNeither> {
    match word {
        "y" | "yes" | "true" | "1" | "t" => Ok(Some(true)),
        "n" | "no" | "false" | "0" | "f" => Ok(Some(false)),
        "" | "na" | "n_a" | "not_known" | "unknown" | "not_recorded" => Ok(None),
        _ => Err(SaysNeither),
    }
}

/// Whether a column takes a code that the settings turn the sender's into; nothing means not known, or of a code without
/// which a row cannot be counted, that such rows are left out.
pub(crate) fn takes(field: &Field, ours: &str) -> bool {
    match field.kind {
        Kind::Code(_) if ours.trim().is_empty() => true,
        Kind::Listed(_) | Kind::YesNo | Kind::Word | Kind::Text if ours.trim().is_empty() => {
            field.need != Need::Required
        }
        Kind::Code(codes) => code(codes, &word(ours)).is_some(),
        Kind::Listed(codes) => pieces(ours).all(|ours| code(codes, &ours).is_some()),
        Kind::YesNo => said(&word(ours)).is_ok(),
        Kind::Word | Kind::Text | Kind::Factors => true,
        _ => false,
    }
}

/// Days and instants; the whole file is held where most of the column does not read.
fn whens(
    field: &Field,
    cells: &Cells,
    sheet: &Sheet,
    context: &Context<'_>,
    unread: &mut Vec<usize>,
) -> Result<Vec<Option<dates::When>>, Problem> {
    let mut filled = 0_usize;
    let mut whens = Vec::with_capacity(sheet.rows);
    for row in 0..sheet.rows {
        let month_only = || match field.kind {
            Kind::Month | Kind::Quarter => {
                let period: Period = cells.text(row)?.parse().ok()?;
                Some((dates::day_of(period.first_month().first_on()), None))
            }
            _ => None,
        };
        let when = dates::when(cells, row, context.date_format, context.midnight_is_bare).or_else(month_only);
        if when.is_some() {
            filled += 1;
        } else if cells.has(row) {
            filled += 1;
            unread.push(row);
        }
        whens.push(when);
    }
    if unread.len() * 2 <= filled {
        return Ok(whens);
    }
    let seems = dates::seems(cells, sheet.rows);
    let table = context.table;
    let column = field.name;
    let count = unread.len();
    let (rule, says) = match seems {
        Seems::Either(..) => {
            ("T05", format!("contract `{table}`: column `{column}` is held: its dates read in two orders"))
        }
        _ => ("T02", format!("contract `{table}`: column `{column}` has {count} unreadable dates")),
    };
    let expected = context.date_format.map_or("YYYY-MM-DD", DateFormat::written);
    let hint = match seems {
        Seems::Written(order) => {
            format!(
                "dates are expected as {expected}; every row reads as {order}: if that is how the sender writes them, declare date_format = \"{order}\""
            )
        }
        Seems::Either(british, american) => {
            format!(
                "every row reads both as {british} and as {american}, as different days: ask the sender, then declare date_format"
            )
        }
        Seems::Unclear => {
            format!(
                "dates are expected as {expected}: ask how the sender writes them, then declare it, as in date_format = \"DD/MM/YYYY\""
            )
        }
    };
    let rows = unread.iter().map(|row| sheet.line(*row)).collect();
    Err(Problem::new(context.file, rule, says).column(column).rows(rows).hint(hint))
}

fn coded(
    field: &Field,
    codes: &'static Codes,
    cells: &Cells,
    rows: usize,
    context: &Context<'_>,
    unread: &mut Vec<usize>,
    hashes: &mut BTreeSet<u64>,
) -> Words {
    let translation = context.codes.get(field.name);
    let mut memo: HashMap<String, Option<&'static str>> = HashMap::new();
    let mut words = Words::default();
    for row in 0..rows {
        let Some(text) = cells.text(row) else {
            words.push(None);
            continue;
        };
        let known = memo.get(text.as_ref()).copied();
        let code = known.unwrap_or_else(|| {
            let written = word(&text);
            hashes.insert(context.code_hash(field, &written));
            let ours = translation.and_then(|codes| codes.get(&written)).map_or(written, |ours| word(ours));
            // Settings that turn a code into nothing say that it means not known; where the row cannot be counted without
            // one, that such rows are none to be counted.
            let code = if ours.is_empty() { Some("") } else { code(codes, &ours) };
            memo.insert(text.into_owned(), code);
            code
        });
        if code.is_none() {
            unread.push(row);
        }
        words.push(code.filter(|code| !code.is_empty() || field.need == Need::Required));
    }
    words
}

/// Lists of codes, sorted, each once, with `;` between. What is none of them counts as `other` and is noted; a list of nothing
/// but what means not known is not known.
fn listed(
    field: &Field,
    codes: &'static Codes,
    cells: &Cells,
    rows: usize,
    context: &Context<'_>,
    unread: &mut Vec<usize>,
    hashes: &mut BTreeSet<u64>,
) -> Words {
    let translation = context.codes.get(field.name);
    let declared = |written: &str| Some(pieces(translation?.get(written)?).collect::<Vec<String>>());
    let mut words = Words::default();
    for row in 0..rows {
        let Some(text) = cells.text(row) else {
            words.push(None);
            continue;
        };
        // Settings may explain a whole cell, in which a comma is no separator.
        let written: Vec<String> =
            if declared(&word(&text)).is_some() { vec![word(&text)] } else { pieces(&text).collect() };
        let mut list = BTreeSet::new();
        for written in written {
            hashes.insert(context.code_hash(field, &written));
            for one in declared(&written).unwrap_or_else(|| vec![written]) {
                match code(codes, &one) {
                    Some("") => {}
                    Some(code) => _ = list.insert(code),
                    None => {
                        unread.push(row);
                        list.insert("other");
                    }
                }
            }
        }
        let list: Vec<&str> = list.into_iter().collect();
        words.push(Some(list.join(";").as_str()).filter(|list| !list.is_empty()));
    }
    unread.dedup();
    words
}

/// The words of a list.
fn pieces(list: &str) -> impl Iterator<Item = String> {
    list.split([';', ',']).map(word).filter(|one| !one.is_empty())
}

/// Our code for a word; the empty code means not known.
fn code(codes: &'static Codes, written: &str) -> Option<&'static str> {
    let ours = codes.ours.iter().find(|ours| word(ours) == written).copied();
    ours.or_else(|| codes.also.iter().find(|(also, _)| *also == written).map(|(_, ours)| *ours))
}

/// The factors of `["10A","24A"]` or `{"10A":"Yes","24A":"No"}`, with `;` between.
fn factors(text: &str) -> Option<String> {
    let mut list: Vec<String> = match serde_json::from_str(text).ok()? {
        serde_json::Value::Array(list) => list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        serde_json::Value::Object(flags) => {
            flags.into_iter().filter(|(_, flag)| is_yes(flag)).map(|(code, _)| code).collect()
        }
        _ => return None,
    };
    for one in &mut list {
        *one = one.trim().to_ascii_uppercase();
    }
    list.sort_unstable();
    list.dedup();
    Some(list.join(";"))
}

fn is_yes(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Bool(flag) => *flag,
        serde_json::Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        serde_json::Value::String(text) => {
            matches!(word(text).as_str(), "y" | "yes" | "true" | "1" | "t")
        }
        _ => false,
    }
}

fn has_missing_flag(text: &str) -> bool {
    let Ok(serde_json::Value::Object(flags)) = serde_json::from_str(text) else {
        return false;
    };
    flags.iter().any(|(key, value)| key.eq_ignore_ascii_case("MISSING_FLAG") && is_yes(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_come_as_a_list_or_as_flags() {
        assert_eq!(factors(r#"["24A", "10A"]"#).unwrap(), "10A;24A");
        assert_eq!(factors(r#"{"10A":"Yes","24A":"No"}"#).unwrap(), "10A");
        assert_eq!(factors("10A"), None);
        assert!(has_missing_flag(r#"{"MISSING_FLAG": "Y"}"#));
        assert!(!has_missing_flag(r#"{"MISSING_FLAG": "N", "NFA": "Y"}"#));
    }
}
