//! Contracts: which columns a table has, what each holds, and which table a file is. As data, one file a format.

use crate::config::{Format, Problem, word};

use super::{dfe, native, ssd, ssda903};

/// The contract that links identifiers, read before all others.
pub(crate) const CROSSWALK: &str = "crosswalk";

/// A set of codes: ours, then other ways of writing them with the one they mean. Written in lower snake case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    pub(crate) ours: &'static [&'static str],
    pub(crate) also: &'static [(&'static str, &'static str)],
}

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// The sender's identifier of a child.
    Child,
    /// Another key; the word tells kinds of keys apart.
    Id(&'static str),
    /// A day.
    Date,
    /// A day of which only the month is kept.
    Month,
    /// A day of which only the quarter is kept; `2026-Q3` reads too.
    Quarter,
    /// An instant or a day.
    Instant,
    /// One of a set.
    Code(&'static Codes),
    /// Any of a set, with `;` or `,` between.
    Listed(&'static Codes),
    /// A word of the sender's own, put in lower snake case.
    Word,
    /// Text kept as written.
    Text,
    /// A whole number, not below zero.
    Number,
    /// A whole number from 1 to the one given.
    Scale(i64),
    /// Yes or no.
    YesNo,
    /// The factors of an assessment as a JSON list or object.
    Factors,
    /// Looked at only to tell rows apart.
    Seen,
    /// A JSON object with the key `MISSING_FLAG`.
    MissingFlag,
}

impl Kind {
    /// What a column of this kind may hold, where that is a set that can be listed.
    pub(crate) fn allowed(self) -> Vec<String> {
        match self {
            Self::Code(codes) | Self::Listed(codes) => codes.ours.iter().map(|code| (*code).to_owned()).collect(),
            Self::YesNo => vec!["yes".into(), "no".into()],
            Self::Scale(most) => vec![format!("1 to {most}")],
            _ => Vec::new(),
        }
    }
}

/// How much a row depends on a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The column must be there, and each row must have a value that reads.
    Required,
    /// The column must be there; it may be empty, but a value that does not read sets the row aside.
    Present,
    /// The column may be absent or empty; a value that does not read sets the row aside, since without it the row would
    /// say something else (an episode without its end is open).
    Readable,
    /// May be absent or empty; a value that does not read counts as not known.
    Optional,
}

/// One column of a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) need: Need,
}

/// The fields of a contract, where a constant function takes them.
macro_rules! fields {
    ($($field:expr),* $(,)?) => {{
        const FIELDS: &[$crate::ingest::contract::Field] = &[$($field),*];
        FIELDS
    }};
}
pub(crate) use fields;

/// Shorthand for contracts.
pub(crate) const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Required }
}

/// Shorthand for contracts.
pub(crate) const fn present(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Present }
}

/// Shorthand for contracts.
pub(crate) const fn readable(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Readable }
}

/// Shorthand for contracts.
pub(crate) const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Optional }
}

/// One table of a format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contract {
    /// As files are named.
    pub(crate) name: &'static str,
    /// Its columns; none where the table is recognised and counted, but no measure uses it yet.
    pub(crate) fields: &'static [Field],
    /// The columns that together tell rows apart; rows that share them with other content are set aside.
    pub(crate) key: &'static [&'static str],
    /// The column by which a row begins.
    pub(crate) starts: Option<&'static str>,
    /// The column by which it ends.
    pub(crate) ends: Option<&'static str>,
    /// The table's rows do not age: no cut date is asked for.
    pub(crate) timeless: bool,
}

impl Contract {
    /// A table that is counted only.
    pub(crate) const fn recognised(name: &'static str) -> Self {
        Self { name, fields: &[], key: &[], starts: None, ends: None, timeless: false }
    }

    pub(crate) fn required_names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().filter(|field| matches!(field.need, Need::Required | Need::Present)).map(|field| field.name)
    }
}

/// The contracts of a format.
pub(crate) const fn contracts(format: Format) -> &'static [Contract] {
    match format {
        Format::Native => native::CONTRACTS,
        Format::Ssd => ssd::CONTRACTS,
        Format::Ssda903 => ssda903::CONTRACTS,
        Format::DfeFactors => dfe::CONTRACTS,
    }
}

/// Whether a file may hold the crosswalk, judging by the settings and its name; its columns may say otherwise.
pub(crate) fn may_be_crosswalk(format: Format, table: Option<&str>, file: &str) -> bool {
    let by_name = || named(format, file).is_none_or(|contract| contract.name == CROSSWALK);
    format == Format::Native && table.map_or_else(by_name, |table| table == CROSSWALK)
}

/// The contract that a file's name begins with; the longest where several do.
fn named(format: Format, file: &str) -> Option<&'static Contract> {
    let stem = word(file.rsplit(['/', '\\']).next().unwrap_or(file));
    contracts(format)
        .iter()
        .filter(|contract| stem.starts_with(contract.name))
        .max_by_key(|contract| contract.name.len())
}

/// The contracts that a source's files may keep, as far as the settings and their names tell.
pub(crate) fn possible<'a>(
    format: Format,
    table: Option<&str>,
    files: impl Iterator<Item = &'a str>,
) -> Vec<&'static Contract> {
    let all = contracts(format);
    if let Some(table) = table {
        return all.iter().filter(|contract| contract.name == table).collect();
    }
    let by_name: Option<Vec<&'static Contract>> = files.map(|file| named(format, file)).collect();
    match by_name.filter(|contracts| !contracts.is_empty()) {
        Some(mut contracts) => {
            contracts.sort_by_key(|contract| contract.name);
            contracts.dedup_by_key(|contract| contract.name);
            contracts
        }
        None => all.iter().collect(),
    }
}

/// The contract a file keeps: named in the settings, else by the file's name, else by its columns.
pub(crate) fn detect(
    format: Format,
    table: Option<&str>,
    file: &str,
    has_column: impl Fn(&str) -> bool,
) -> Result<&'static Contract, Problem> {
    let all = contracts(format);
    let names = || all.iter().map(|contract| contract.name).collect::<Vec<_>>().join(", ");
    if let Some(table) = table {
        return all.iter().find(|contract| contract.name == table).ok_or_else(|| {
            Problem::new(file, "F04", format!("`{table}` is not a table of the format `{}`", format.as_str()))
                .column("table")
                .hint(format!("its tables are {}", names()))
        });
    }
    if let Some(contract) = named(format, file) {
        return Ok(contract);
    }
    let mut fitting =
        all.iter().filter(|contract| !contract.fields.is_empty() && contract.required_names().all(&has_column));
    match (fitting.next(), fitting.next()) {
        (Some(contract), None) => Ok(contract),
        _ => Err(Problem::new(file, "F04", "neither the file's name nor its columns say which table it is").hint(
            format!(
                "name the table in the source, as in table = \"{}\"; the format has {}",
                all.first().map_or("", |contract| contract.name),
                names()
            ),
        )),
    }
}
