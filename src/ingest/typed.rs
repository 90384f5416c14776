//! Cells into typed columns by their contract, with what did not read.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use crate::config::{DateFormat, Problem, word};

use super::contract::{Codes, Field, Kind, Need};
use super::dates::{self, Seems};
use super::ledger::{self, Rule};
use super::pseudonyms::{Crosswalk, Pseudonyms};
use super::sheet::{Cells, Sheet};

/// A column of one contract, over all files of a source.
#[derive(Clone, Debug)]
pub(crate) enum Typed {
    /// Pseudonyms.
    Keys(Vec<Option<i64>>),
    /// Days.
    Days(Vec<Option<i32>>),
    /// Days and instants.
    Whens(Vec<Option<dates::When>>),
    /// Words, each distinct one stored once.
    Words(Words),
    /// Whole numbers.
    Numbers(Vec<Option<i64>>),
    /// Truths.
    Truths(Vec<Option<bool>>),
    /// Not kept.
    Nothing(usize),
}

/// Words by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    rows: Vec<Option<u32>>,
    words: Vec<String>,
    known: HashMap<String, u32>,
}

impl Words {
    pub(crate) fn push(&mut self, text: Option<&str>) {
        let number = text.map(|text| self.number(text));
        self.rows.push(number);
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(text.to_owned());
        self.known.insert(text.to_owned(), number);
        number
    }

    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let number = self.rows.get(row).copied().flatten()?;
        self.words.get(number as usize).map(String::as_str)
    }

    fn append(&mut self, other: &Self) {
        let renumbered: Vec<u32> = other.words.iter().map(|text| self.number(text)).collect();
        self.rows.extend(
            other
                .rows
                .iter()
                .map(|number| number.and_then(|number| renumbered.get(number as usize).copied())),
        );
    }
}

impl Typed {
    /// No rows of a field's type.
    pub(crate) fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Child | Kind::Id(_) => Self::Keys(Vec::new()),
            Kind::Date | Kind::Month => Self::Days(Vec::new()),
            Kind::Instant => Self::Whens(Vec::new()),
            Kind::Code(_) | Kind::Word | Kind::Text | Kind::Factors => {
                Self::Words(Words::default())
            }
            Kind::Number => Self::Numbers(Vec::new()),
            Kind::YesNo | Kind::MissingFlag => Self::Truths(Vec::new()),
            Kind::Seen => Self::Nothing(0),
        }
    }

    /// Rows of nothing known, for a column that a file lacks.
    fn unknown(kind: Kind, rows: usize) -> Self {
        match Self::empty(kind) {
            Self::Keys(_) => Self::Keys(vec![None; rows]),
            Self::Days(_) => Self::Days(vec![None; rows]),
            Self::Whens(_) => Self::Whens(vec![None; rows]),
            Self::Words(mut words) => {
                words.rows = vec![None; rows];
                Self::Words(words)
            }
            Self::Numbers(_) => Self::Numbers(vec![None; rows]),
            Self::Truths(_) => Self::Truths(vec![None; rows]),
            Self::Nothing(_) => Self::Nothing(rows),
        }
    }

    /// Another file's rows beneath these; both come from one field and so have one type.
    pub(crate) fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Keys(a), Self::Keys(b)) | (Self::Numbers(a), Self::Numbers(b)) => a.extend(b),
            (Self::Days(a), Self::Days(b)) => a.extend(b),
            (Self::Whens(a), Self::Whens(b)) => a.extend(b),
            (Self::Words(a), Self::Words(b)) => a.append(&b),
            (Self::Truths(a), Self::Truths(b)) => a.extend(b),
            (Self::Nothing(a), Self::Nothing(b)) => *a += b,
            _ => {}
        }
    }

    pub(crate) fn has(&self, row: usize) -> bool {
        match self {
            Self::Keys(values) | Self::Numbers(values) => {
                values.get(row).is_some_and(Option::is_some)
            }
            Self::Days(values) => values.get(row).is_some_and(Option::is_some),
            Self::Whens(values) => values.get(row).is_some_and(Option::is_some),
            Self::Words(words) => words.rows.get(row).is_some_and(Option::is_some),
            Self::Truths(values) => values.get(row).is_some_and(Option::is_some),
            Self::Nothing(_) => false,
        }
    }

    /// A number that is equal for equal values, for telling rows apart by key.
    pub(crate) fn identity(&self, row: usize) -> Option<i64> {
        match self {
            Self::Keys(values) | Self::Numbers(values) => values.get(row).copied().flatten(),
            Self::Days(values) => values.get(row).copied().flatten().map(i64::from),
            Self::Whens(values) => values
                .get(row)
                .copied()
                .flatten()
                .map(|(day, at)| at.unwrap_or(i64::from(day))),
            Self::Words(words) => words.rows.get(row).copied().flatten().map(i64::from),
            Self::Truths(values) => values.get(row).copied().flatten().map(i64::from),
            Self::Nothing(_) => None,
        }
    }

    /// The day, of a date or an instant.
    pub(crate) fn day(&self, row: usize) -> Option<i32> {
        match self {
            Self::Days(days) => days.get(row).copied().flatten(),
            Self::Whens(whens) => whens.get(row).copied().flatten().map(|(day, _)| day),
            _ => None,
        }
    }

    /// The instant, where a time was written.
    pub(crate) fn instant(&self, row: usize) -> Option<i64> {
        match self {
            Self::Whens(whens) => whens.get(row).copied().flatten().and_then(|(_, at)| at),
            _ => None,
        }
    }

    pub(crate) fn key(&self, row: usize) -> Option<i64> {
        match self {
            Self::Keys(keys) => keys.get(row).copied().flatten(),
            _ => None,
        }
    }

    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Words(words) => words.get(row),
            _ => None,
        }
    }

    pub(crate) fn truth(&self, row: usize) -> Option<bool> {
        match self {
            Self::Truths(truths) => truths.get(row).copied().flatten(),
            _ => None,
        }
    }

    /// Forgets the value of a row.
    pub(crate) fn clear(&mut self, row: usize) {
        match self {
            Self::Days(days) => {
                if let Some(day) = days.get_mut(row) {
                    *day = None;
                }
            }
            Self::Whens(whens) => {
                if let Some(when) = whens.get_mut(row) {
                    *when = None;
                }
            }
            _ => {}
        }
    }

    /// The given rows as a polars column of this name.
    pub(crate) fn column(&self, name: &str, rows: &[usize]) -> Column {
        let name: PlSmallStr = name.into();
        match self {
            Self::Keys(values) | Self::Numbers(values) => Column::new(
                name,
                rows.iter()
                    .map(|row| values.get(*row).copied().flatten())
                    .collect::<Vec<_>>(),
            ),
            Self::Days(_) | Self::Whens(_) => Column::new(
                name,
                rows.iter().map(|row| self.day(*row)).collect::<Vec<_>>(),
            ),
            Self::Words(words) => {
                let texts: StringChunked = rows.iter().map(|row| words.get(*row)).collect();
                texts.with_name(name).into_column()
            }
            Self::Truths(values) => Column::new(
                name,
                rows.iter()
                    .map(|row| values.get(*row).copied().flatten())
                    .collect::<Vec<_>>(),
            ),
            Self::Nothing(_) => Column::new(name, vec![None::<i64>; rows.len()]),
        }
    }
}

/// Rows of one file that a rule is about.
#[derive(Debug)]
pub(crate) struct Issue {
    pub(crate) rule: Rule,
    pub(crate) column: &'static str,
    pub(crate) rows: Vec<usize>,
    /// The rows are set aside; else they are kept without the value.
    pub(crate) sets_aside: bool,
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

/// A typed column, what did not read, and the identifiers of children it held.
pub(crate) struct Outcome {
    pub(crate) typed: Typed,
    pub(crate) issues: Vec<Issue>,
    pub(crate) identifiers: HashMap<String, bool>,
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
    };
    let Some(cells) = cells else {
        return Ok(outcome);
    };
    let rows = 0..sheet.rows;
    let mut unread = Vec::new();
    let mut rule = ledger::UNKNOWN_CODE;
    match field.kind {
        Kind::Seen => return Ok(outcome),
        Kind::Child => {
            let mut memo: HashMap<String, super::pseudonyms::Linked> = HashMap::new();
            let (mut keys, mut unlinked) = (Vec::with_capacity(sheet.rows), Vec::new());
            for row in rows {
                let Some(raw) = cells.text(row) else {
                    keys.push(None);
                    continue;
                };
                let linked = match memo.get(raw.as_ref()) {
                    Some(linked) => *linked,
                    None => {
                        let linked =
                            context
                                .crosswalk
                                .link(context.pseudonyms, context.agency, &raw);
                        memo.insert(raw.into_owned(), linked);
                        linked
                    }
                };
                if !linked.linked {
                    unlinked.push(row);
                }
                keys.push(Some(linked.key));
            }
            outcome.typed = Typed::Keys(keys);
            outcome.identifiers = memo
                .into_iter()
                .map(|(raw, linked)| (raw, linked.linked))
                .collect();
            if !unlinked.is_empty() {
                outcome.issues.push(Issue {
                    rule: ledger::NOT_LINKED,
                    column: field.name,
                    rows: unlinked,
                    sets_aside: false,
                });
            }
        }
        Kind::Id(kind) => {
            let key = |row| {
                cells
                    .text(row)
                    .map(|raw| context.pseudonyms.of(&[kind, &raw]))
            };
            outcome.typed = Typed::Keys(rows.map(key).collect());
        }
        Kind::Date | Kind::Month | Kind::Instant => {
            rule = ledger::UNREADABLE_DATE;
            let whens = whens(field, cells, sheet, context, &mut unread)?;
            outcome.typed = match field.kind {
                Kind::Instant => Typed::Whens(whens),
                Kind::Month => Typed::Days(
                    whens
                        .into_iter()
                        .map(|when| when.map(|(day, _)| dates::month_of(day)))
                        .collect(),
                ),
                _ => Typed::Days(
                    whens
                        .into_iter()
                        .map(|when| when.map(|(day, _)| day))
                        .collect(),
                ),
            };
        }
        Kind::Code(codes) => {
            outcome.typed =
                Typed::Words(coded(field, codes, cells, sheet.rows, context, &mut unread))
        }
        Kind::Word | Kind::Text | Kind::Factors => {
            let translation = context.codes.get(field.name);
            let mut words = Words::default();
            for row in rows {
                let text = cells.text(row);
                let translated = text
                    .as_deref()
                    .and_then(|text| translation?.get(&word(text)))
                    .map(String::as_str);
                match (translated.or(text.as_deref()), field.kind) {
                    (None, _) => words.push(None),
                    (Some(text), Kind::Word) => words.push(Some(&word(text))),
                    (Some(text), Kind::Factors) => match factors(text) {
                        Some(list) => words.push(Some(&list)),
                        None => {
                            unread.push(row);
                            words.push(None);
                        }
                    },
                    (Some(text), _) => words.push(Some(text)),
                }
            }
            outcome.typed = Typed::Words(words);
        }
        Kind::Number => {
            rule = ledger::NOT_A_NUMBER;
            let mut number = |row| {
                let text = cells.text(row)?;
                let number = text
                    .trim_end_matches(".0")
                    .parse()
                    .ok()
                    .filter(|number: &i64| *number >= 0);
                if number.is_none() {
                    unread.push(row);
                }
                number
            };
            outcome.typed = Typed::Numbers(rows.map(&mut number).collect());
        }
        Kind::YesNo => {
            let translation = context.codes.get(field.name);
            let mut truth = |row| {
                let text = word(&cells.text(row)?);
                let ours = translation
                    .and_then(|codes| codes.get(&text))
                    .map_or(text, |ours| word(ours));
                match ours.as_str() {
                    "y" | "yes" | "true" | "1" | "t" => Some(true),
                    "n" | "no" | "false" | "0" | "f" => Some(false),
                    "na" | "n_a" | "not_known" | "unknown" | "not_recorded" => None,
                    _ => {
                        unread.push(row);
                        None
                    }
                }
            };
            outcome.typed = Typed::Truths(rows.map(&mut truth).collect());
        }
        Kind::MissingFlag => {
            outcome.typed = Typed::Truths(
                rows.map(|row| Some(cells.text(row).is_some_and(|text| has_missing_flag(&text))))
                    .collect(),
            );
        }
    }
    if field.need == Need::Required {
        let read_nothing: Vec<usize> = (0..sheet.rows).filter(|row| !cells.has(*row)).collect();
        if !read_nothing.is_empty() {
            outcome.issues.push(Issue {
                rule: ledger::EMPTY,
                column: field.name,
                rows: read_nothing,
                sets_aside: true,
            });
        }
    }
    if !unread.is_empty() {
        let sets_aside = field.need != Need::Optional;
        outcome.issues.push(Issue {
            rule,
            column: field.name,
            rows: unread,
            sets_aside,
        });
    }
    Ok(outcome)
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
            Kind::Month => crate::config::read_iso(&format!("{}-01", cells.text(row)?))
                .map(|read| (dates::day_of(read.on), None)),
            _ => None,
        };
        let when = dates::when(cells, row, context.date_format, context.midnight_is_bare)
            .or_else(month_only);
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
        Seems::Either(..) => (
            "T05",
            format!("contract `{table}`: column `{column}` is held: its dates read in two orders"),
        ),
        _ => (
            "T02",
            format!("contract `{table}`: column `{column}` has {count} unreadable dates"),
        ),
    };
    let expected = context
        .date_format
        .map_or("YYYY-MM-DD", DateFormat::written);
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
    Err(Problem::new(context.file, rule, says)
        .column(column)
        .rows(rows)
        .hint(hint))
}

fn coded(
    field: &Field,
    codes: &'static Codes,
    cells: &Cells,
    rows: usize,
    context: &Context<'_>,
    unread: &mut Vec<usize>,
) -> Words {
    let translation = context.codes.get(field.name);
    let mut memo: HashMap<String, Option<&'static str>> = HashMap::new();
    let mut words = Words::default();
    for row in 0..rows {
        let Some(text) = cells.text(row) else {
            words.push(None);
            continue;
        };
        let code = match memo.get(text.as_ref()) {
            Some(code) => *code,
            None => {
                let written = word(&text);
                let ours = translation
                    .and_then(|codes| codes.get(&written))
                    .map_or(written, |ours| word(ours));
                let code = code(codes, &ours);
                memo.insert(text.into_owned(), code);
                code
            }
        };
        if code.is_none() {
            unread.push(row);
        }
        words.push(code.filter(|code| !code.is_empty()));
    }
    words
}

/// Our code for a word; the empty code means not known.
fn code(codes: &'static Codes, written: &str) -> Option<&'static str> {
    let ours = codes
        .ours
        .iter()
        .find(|ours| word(ours) == written)
        .copied();
    ours.or_else(|| {
        codes
            .also
            .iter()
            .find(|(also, _)| *also == written)
            .map(|(_, ours)| *ours)
    })
}

/// The factors of `["10A","24A"]` or `{"10A":"Yes","24A":"No"}`, with `;` between.
fn factors(text: &str) -> Option<String> {
    let mut list: Vec<String> = match serde_json::from_str(text).ok()? {
        serde_json::Value::Array(list) => list
            .iter()
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect(),
        serde_json::Value::Object(flags) => flags
            .into_iter()
            .filter(|(_, flag)| is_yes(flag))
            .map(|(code, _)| code)
            .collect(),
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
    flags
        .iter()
        .any(|(key, value)| key.eq_ignore_ascii_case("MISSING_FLAG") && is_yes(value))
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
