//! `partnership.toml` into a validated [`Config`], in one step and with every problem at once. Nothing past this module
//! sees what the file said before it was checked. Knows nothing of frames, marts or pages.

mod date_format;
mod drift;
mod identity;
pub mod key;
mod parse;
mod problem;
mod raw;
#[cfg(test)]
mod tests;
mod toml_text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

pub use date_format::{Civil, DateFormat, OffsetMinutes, read_iso};
pub use drift::Drift;
pub use identity::{IdentitySettings, Network, Oidc};
pub use key::Key;
pub(crate) use key::{from_hex, to_hex};
pub(crate) use parse::word;
pub(crate) use problem::in_words;
pub(crate) use problem::most_like;
pub use problem::{Problem, Problems, rows_in_words, some_rows_in_words};
pub(crate) use toml_text::{TomlFault, TomlRead, read_toml};

use crate::disclosure::Policy;
use crate::domain::Definitions;
use crate::published::PublishedSettings;
use crate::release::{Approval, Event, InspectionFinding, Target};

/// The keys of `partnership.toml`, as a JSON Schema.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(raw::RawConfig).to_value()
}

/// The file's name in the project folder.
pub const FILE: &str = "partnership.toml";

/// A partnership's settings, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `Northmoor Safeguarding Children Partnership`.
    pub name: String,
    /// `Northmoor`.
    pub area: String,
    /// The last day to count; none where the command decides.
    pub as_at: Option<NaiveDate>,
    /// The month in which the financial year starts, 1 to 12.
    pub financial_year_starts: u32,
    /// Where the pseudonym key is kept; none for the usual place.
    pub pseudonym_key_file: Option<PathBuf>,
    /// The data was made by the simulator.
    pub sample: bool,
    /// Every threshold.
    pub definitions: Definitions,
    /// How much an extract may differ from the last one unremarked.
    pub drift: Drift,
    /// How small numbers are protected in the board edition.
    pub policy: Policy,
    /// How people sign in; none where nobody can.
    pub identity: Option<IdentitySettings>,
    /// The policy of the public edition, `dfe` or `strict`; none where none is made.
    pub public: Option<Policy>,
    /// Who allowed the policy `internal`; none under any other.
    pub approval: Option<Approval>,
    /// Every source, in the file's order.
    pub sources: Vec<Source>,
    /// Levels to reach, by measure.
    pub targets: Vec<(String, Target)>,
    /// What the inspectors found.
    pub findings: Vec<InspectionFinding>,
    /// The area and its neighbours in published tables; none where not set.
    pub published: Option<PublishedSettings>,
    /// Dated notes of the file and of `events.csv`, in order of date and title.
    pub events: Vec<Event>,
}

/// One `[[source]]`: what an agency sends, and how to read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name, unique among sources.
    pub name: String,
    /// Who sends it, in lower snake case.
    pub agency: String,
    /// Which contracts its files keep.
    pub format: Format,
    /// Paths relative to the project folder, `*` allowed.
    pub paths: Vec<String>,
    /// The table all its files hold; none where the file names say.
    pub table: Option<String>,
    /// How dates are written; none where they are ISO or the format says.
    pub date_format: Option<DateFormat>,
    /// How text is encoded where it is not UTF-8.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// The first day its rows cover, where declared: months before it are a gap.
    pub data_from: Option<NaiveDate>,
    /// The declared cut date.
    pub data_to: Option<NaiveDate>,
    /// How often it comes.
    pub cadence: Option<Cadence>,
    /// The day of the month, after the period ends, by which it is due.
    pub due_day: Option<u32>,
    /// Who answers for it.
    pub owner_role: Option<String>,
    /// The smallest count of children that the sender allows to be shown, where it asks for more than the policy.
    pub smallest_shown: Option<u32>,
    /// Our column's name to the sender's.
    pub columns: BTreeMap<String, String>,
    /// Column, then the sender's code to ours.
    pub codes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Source {
    /// How its files are read, in one text that changes with it: whose they are, as which table, by which names and codes,
    /// with which dates, from which day.
    pub fn reading(&self) -> String {
        let Self { agency, format, table, date_format, encoding, data_from, columns, codes, .. } = self;
        let encoding = encoding.map(encoding_rs::Encoding::name);
        format!("{agency} {format:?} {table:?} {date_format:?} {encoding:?} {data_from:?} {columns:?} {codes:?}")
    }
}

/// The families of extracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Sightline's own extracts.
    Native,
    /// Standard Safeguarding Dataset.
    Ssd,
    /// The return of looked-after children to the Department for Education.
    Ssda903,
    /// The Department's published table of factors identified at the end of assessment.
    DfeFactors,
}

impl Format {
    /// As in `partnership.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Ssd => "ssd",
            Self::Ssda903 => "ssda903",
            Self::DfeFactors => "dfe_factors",
        }
    }
}

/// How often a source comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// To each Sunday.
    Weekly,
    /// To each month's end.
    Monthly,
    /// To the end of March, June, September and December.
    Quarterly,
    /// To each 31 March.
    Annual,
}

impl Cadence {
    /// As in `partnership.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Annual => "annual",
        }
    }
}

impl Config {
    /// The settings of a project folder: its `partnership.toml` and, where there is one, its `events.csv`.
    pub fn read(folder: &Path) -> Result<Self, Problems> {
        let text = std::fs::read_to_string(folder.join(FILE)).map_err(|error| {
            Problems(vec![
                Problem::new(FILE, "F01", format!("cannot be read: {}", problem::in_words(&error)))
                    .hint("`sightline init` writes one; `-C DIR` names the project folder"),
            ])
        })?;
        let events = std::fs::read(folder.join("events.csv")).ok();
        Self::parse(&text, events.as_deref())
    }

    /// Settings from text, with the bytes of `events.csv` where there is one.
    ///
    /// ```
    /// use sightline::config::Config;
    ///
    /// let error = Config::parse("name = \"Northmoor\"\n", None).unwrap_err();
    /// assert!(error.to_string().contains("`area` is missing"));
    /// ```
    pub fn parse(text: &str, events_csv: Option<&[u8]>) -> Result<Self, Problems> {
        parse::config(text, events_csv)
    }
}
