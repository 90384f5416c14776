//! The quality ledger: which rules were met by which rows, and what became of every row. Row numbers, never values.

use std::collections::BTreeMap;

use serde::Serialize;

use super::contract::Contract;
use crate::config::some_rows_in_words;

/// Row numbers a finding keeps; beyond them it only counts.
const ROWS_LISTED: usize = 100;

/// A rule that a row can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `M567`; M and INT rules bear the Department for Education's numbers.
    pub id: &'static str,
    /// What it finds.
    pub says: &'static str,
    /// What to do about it; empty where there is nothing to do.
    pub hint: &'static str,
}

macro_rules! rules {
    ($($name:ident: $id:literal, $says:literal, $hint:literal;)*) => {
        $(#[doc = $says] pub(crate) const $name: Rule = Rule { id: $id, says: $says, hint: $hint };)*
        /// Every rule.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    REPEATED_ROW: "D01", "exact repeat of another row", "the first of them is counted; nothing to mend";
    REPEATED_KEY: "D02", "same identifier as another row, with other content", "ask the sender which row is right: until then none of them is counted";
    NO_CUT_DATE: "F05", "no cut date declared: taken as complete to the as-at date", "declare data_to in the source: the last day that the extract covers";
    NOT_IN_HEADER: "INT04", "child not in the header", "ask for the header of the same return";
    BIRTH_DIFFERS: "INT13", "date of birth differs from the header's", "ask the sender which date of birth is right";
    NOT_LINKED: "K01", "child not linked to the partnership's identifiers", "add the child to the crosswalk, so that the same child of two agencies is one child";
    NOT_IN_CHILDREN: "K02", "child not among the children supplied", "ask for the children's details of the same children; where this agency numbers children in its own way, send a crosswalk (`sightline reference` writes its columns into tables.md) of its numbers and the partnership's";
    NO_ASSESSMENT: "K03", "assessment not among those supplied", "ask for the assessments of the same period";
    NO_SUCH_AGENCY: "K04", "agency that no source is of", "write it as `agency` of its source is written, or say so under the crosswalk's source: codes = { agency = { \"theirs\" = \"ours\" } }";
    END_BEFORE_START: "M567", "end before start", "ask the sender to mend the dates";
    OVERLAP: "M574", "starts before the child's last episode had ended", "ask the sender to mend the dates of the episode before";
    OPEN_LAST_YEAR: "M576", "open at the end of last year and not carried in: cannot be checked within one return", "nothing to mend, unless last year's return says otherwise";
    OUTSIDE_CARE: "M577", "outside a period of care", "ask the sender whether the child was looked after on that day";
    BEFORE_BIRTH: "M586", "starts before birth", "ask the sender to mend the date, or the date of birth";
    EMPTY: "N01", "required value empty", "ask the sender to fill it in: a row cannot be counted without it";
    RAGGED: "R01", "more or fewer cells than the header", "look for a separator or a quotation mark inside a cell, and have the file exported again";
    NOT_FLAGGED: "S01", "contact without a missing flag: not a signal", "nothing to mend";
    FUTURE: "T01", "starts after the as-at date and the cut date", "look whether day and month are exchanged; if the extract covers that day, move data_to on";
    UNREADABLE_DATE: "T02", "unreadable date", "ask the sender to mend the dates; if all are written so, declare date_format in the source";
    NOT_YET: "T03", "starts after the as-at date: not counted yet", "nothing to mend: a later build counts it";
    ENDS_LATER: "T04", "ends after the as-at date: counted as open", "nothing to mend";
    LONG_OPEN: "T07", "begun over 90 days ago and no end recorded", "ask the police whether the child has come back: while they keep it open every night counts as missing";
    AFTER_THE_CUT: "T06", "starts after the cut date of its source", "if the extract covers that day, move data_to on; else ask the sender what these rows are";
    UNKNOWN_CODE: "C01", "unknown code", "say what the sender means by it, under the source: codes = { {column} = { \"theirs\" = \"ours\" } }";
    NOT_A_NUMBER: "C02", "not a whole number", "ask the sender for a whole number, or an empty cell where it is not known";
    OFF_THE_SCALE: "C03", "not a whole number of its scale", "ask the sender for a number of the scale, or an empty cell where it is not known";
    LEFT_OUT: "C04", "left out, as `codes` say: its code stands for nothing that is counted", "nothing to mend";
    UNUSED_COLUMN: "U01", "column not used", "";
    UNUSED_TABLE: "U02", "table recognised; no measure uses it yet", "";
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Counted, with the finding noted.
    Kept,
    /// Set aside for the sender to mend.
    Quarantined,
    /// Left out by a rule: nothing to mend.
    Dropped,
}

impl Outcome {
    /// As in a release.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Quarantined => "quarantined",
            Self::Dropped => "dropped",
        }
    }
}

/// One rule met in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The source's name.
    pub source: String,
    /// Relative to the project folder.
    pub file: String,
    /// The contract: `missing_episodes`, `ssd_missing`.
    pub table: String,
    /// The rule's id.
    pub rule: String,
    /// The column, where the rule is about one.
    pub column: Option<String>,
    /// What became of the rows.
    pub outcome: Outcome,
    /// What the rule says.
    pub says: String,
    /// How many rows; 0 where it is about the file or a column.
    pub count: u64,
    /// The first hundred of them, by the file's own lines: the headings are line 1.
    pub rows: Vec<u64>,
    /// What to do about it; empty where there is nothing to do.
    pub hint: String,
    /// What the column may hold, where that is a set: ours, never the sender's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

impl Finding {
    /// Where it is: file, column, the first of its rows where it is about rows.
    pub fn place(&self) -> String {
        let column = self.column.as_ref().map_or_else(String::new, |column| format!(", column `{column}`"));
        let rows = if self.count > 0 { some_rows_in_words(&self.rows, self.count) } else { String::new() };
        let colon = if rows.is_empty() { "" } else { ": " };
        format!("{}{column}{colon}{rows}", self.file)
    }

    /// What to do, with what the column may hold; empty where there is nothing to say.
    pub fn advice(&self) -> String {
        match self.allowed.as_slice() {
            [] => self.hint.clone(),
            allowed => format!("{}; allowed: {}", self.hint, allowed.join(", ")),
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {}", self.file, self.rule, self.says)?;
        if let Some(column) = &self.column {
            write!(f, " in `{column}`")?;
        }
        write!(f, ": {} {}", self.count, self.outcome.as_str())?;
        if self.count > 0 && self.count == self.rows.len() as u64 {
            write!(f, " ({})", crate::config::rows_in_words(&self.rows))?;
        }
        Ok(())
    }
}

/// Rows of one source: in = kept + quarantined + dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Rows in its files, headers apart.
    pub rows_in: u64,
    /// Rows staged, or recognised and counted.
    pub kept: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// Rows left out.
    pub dropped: u64,
}

impl Totals {
    /// True where every row is accounted for.
    pub const fn add_up(&self) -> bool {
        self.rows_in == self.kept + self.quarantined + self.dropped
    }
}

/// Everything found, and what became of every row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// By source, file, table and rule.
    pub findings: Vec<Finding>,
    /// By source.
    pub totals: BTreeMap<String, Totals>,
}

impl Ledger {
    pub(crate) fn add(
        &mut self,
        place: &Place<'_>,
        rule: Rule,
        column: Option<&str>,
        outcome: Outcome,
        mut rows: Vec<u64>,
    ) {
        rows.sort_unstable();
        let count = rows.len() as u64;
        rows.truncate(ROWS_LISTED);
        let is_of_codes = [UNKNOWN_CODE, OFF_THE_SCALE].contains(&rule);
        let field = column.and_then(|column| place.contract.fields.iter().find(|field| field.name == column));
        self.findings.push(Finding {
            source: place.source.to_owned(),
            file: place.file.to_owned(),
            table: place.contract.name.to_owned(),
            rule: rule.id.to_owned(),
            column: column.map(str::to_owned),
            outcome,
            says: rule.says.to_owned(),
            count,
            rows,
            hint: rule.hint.replace("{column}", column.unwrap_or("column")),
            allowed: field.filter(|_| is_of_codes).map(|field| field.kind.allowed()).unwrap_or_default(),
        });
    }
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) source: &'a str,
    pub(crate) file: &'a str,
    pub(crate) contract: &'static Contract,
}
