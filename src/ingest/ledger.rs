//! The quality ledger: which rules were met by which rows, and what became of every row. Row numbers, never values.

use std::collections::BTreeMap;

use serde::Serialize;

/// Row numbers a finding keeps; beyond them it only counts.
const ROWS_LISTED: usize = 100;

/// A rule that a row can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `M567`; M and INT rules bear the Department for Education's numbers.
    pub id: &'static str,
    /// What it finds.
    pub says: &'static str,
}

macro_rules! rules {
    ($($name:ident: $id:literal, $says:literal;)*) => {
        $(#[doc = $says] pub(crate) const $name: Rule = Rule { id: $id, says: $says };)*
        /// Every rule.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    REPEATED_ROW: "D01", "exact repeat of another row";
    REPEATED_KEY: "D02", "same identifier as another row, with other content";
    NO_CUT_DATE: "F05", "no cut date declared: taken as complete to the as-at date";
    NOT_IN_HEADER: "INT04", "child not in the header";
    BIRTH_DIFFERS: "INT13", "date of birth differs from the header's";
    NOT_LINKED: "K01", "child not linked to the partnership's identifiers";
    NOT_IN_CHILDREN: "K02", "child not among the children supplied";
    NO_ASSESSMENT: "K03", "assessment not among those supplied";
    END_BEFORE_START: "M567", "end before start";
    OVERLAP: "M574", "starts before the child's last episode had ended";
    OPEN_LAST_YEAR: "M576", "open at the end of last year and not carried in: cannot be checked within one return";
    OUTSIDE_CARE: "M577", "outside a period of care";
    BEFORE_BIRTH: "M586", "starts before birth";
    EMPTY: "N01", "required value empty";
    RAGGED: "R01", "more or fewer cells than the header";
    NOT_FLAGGED: "S01", "contact without a missing flag: not a signal";
    FUTURE: "T01", "starts after the as-at date and the cut date";
    UNREADABLE_DATE: "T02", "unreadable date";
    NOT_YET: "T03", "starts after the as-at date: not counted yet";
    ENDS_LATER: "T04", "ends after the as-at date: counted as open";
    UNKNOWN_CODE: "C01", "unknown code";
    NOT_A_NUMBER: "C02", "not a whole number";
    OFF_THE_SCALE: "C03", "not a whole number of its scale";
    UNUSED_COLUMN: "U01", "column not used";
    UNUSED_TABLE: "U02", "table recognised; no measure uses it yet";
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
    /// The first hundred of them, as a spreadsheet numbers rows.
    pub rows: Vec<u64>,
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
        self.findings.push(Finding {
            source: place.source.to_owned(),
            file: place.file.to_owned(),
            table: place.table.to_owned(),
            rule: rule.id.to_owned(),
            column: column.map(str::to_owned),
            outcome,
            says: rule.says.to_owned(),
            count,
            rows,
        });
    }
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) source: &'a str,
    pub(crate) file: &'a str,
    pub(crate) table: &'a str,
}
