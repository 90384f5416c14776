//! The rows of one table of one source, over all its files, each with its fate.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;

use super::contract::Contract;
use super::ledger::{Ledger, NOT_LINKED, Outcome, Place, Rule};
use super::typed::Typed;
use super::typing::Issue;

/// Typed rows and what becomes of them.
pub(crate) struct Rows {
    /// The source's place in the configuration.
    pub(crate) source: usize,
    pub(crate) contract: &'static Contract,
    /// In the contract's order.
    pub(crate) columns: Vec<Typed>,
    /// One a row.
    pub(crate) fates: Vec<Outcome>,
    /// A keyed hash of each row's cells.
    pub(crate) hashes: Vec<u64>,
    /// For each field, whether any file has the column.
    pub(crate) given: Vec<bool>,
    /// The columns' names, in the first file's order.
    pub(crate) header: Vec<String>,
    /// By column of codes, a keyed hash of each.
    pub(crate) codes: BTreeMap<&'static str, BTreeSet<u64>>,
    /// The cut date that its files declare; the earliest where they differ.
    pub(crate) cut_on: Option<NaiveDate>,
    /// Rows whose child is not linked.
    pub(crate) unlinked: HashSet<usize>,
    files: Vec<String>,
    file_of: Vec<u16>,
    lines: Vec<u32>,
    source_name: String,
}

/// Rows of one file, typed.
pub(crate) struct Part {
    pub(crate) file: String,
    pub(crate) columns: Vec<Typed>,
    pub(crate) given: Vec<bool>,
    pub(crate) hashes: Vec<u64>,
    pub(crate) lines: Vec<u32>,
    pub(crate) issues: Vec<Issue>,
    /// The columns' names.
    pub(crate) header: Vec<String>,
    /// By column of codes, a keyed hash of each.
    pub(crate) codes: Vec<(&'static str, BTreeSet<u64>)>,
    /// The cut date that the file declares.
    pub(crate) cut_on: Option<NaiveDate>,
}

impl Rows {
    pub(crate) fn new(source: usize, source_name: &str, contract: &'static Contract) -> Self {
        Self {
            source,
            contract,
            columns: contract.fields.iter().map(|field| Typed::empty(field.kind)).collect(),
            fates: Vec::new(),
            hashes: Vec::new(),
            given: vec![false; contract.fields.len()],
            header: Vec::new(),
            codes: BTreeMap::new(),
            cut_on: None,
            unlinked: HashSet::new(),
            files: Vec::new(),
            file_of: Vec::new(),
            lines: Vec::new(),
            source_name: source_name.to_owned(),
        }
    }

    /// Adds a file's rows and notes what did not read in them.
    pub(crate) fn append(&mut self, part: Part, ledger: &mut Ledger) {
        let first = self.fates.len();
        let file = self.files.len() as u16;
        self.files.push(part.file);
        for (all, more) in self.columns.iter_mut().zip(part.columns) {
            all.append(more);
        }
        for name in part.header {
            if !self.header.contains(&name) {
                self.header.push(name);
            }
        }
        for (column, codes) in part.codes {
            self.codes.entry(column).or_default().extend(codes);
        }
        self.cut_on = self.cut_on.into_iter().chain(part.cut_on).min();
        for (any, given) in self.given.iter_mut().zip(part.given) {
            *any |= given;
        }
        self.fates.extend(std::iter::repeat_n(Outcome::Kept, part.hashes.len()));
        self.file_of.extend(std::iter::repeat_n(file, part.hashes.len()));
        self.hashes.extend(part.hashes);
        self.lines.extend(part.lines);
        for issue in part.issues.iter().filter(|issue| issue.rule == NOT_LINKED) {
            self.unlinked.extend(issue.rows.iter().map(|row| row + first));
        }
        // What takes rows out comes first: a row that is not kept is noted once.
        let (taken_out, noted): (Vec<_>, Vec<_>) =
            part.issues.into_iter().partition(|issue| issue.outcome != Outcome::Kept);
        for issue in taken_out.into_iter().chain(noted) {
            let rows = issue.rows.into_iter().map(|row| row + first);
            self.mark(ledger, issue.rule, Some(issue.column), issue.outcome, rows);
        }
    }

    /// Notes a rule against those of the rows that are still kept; each row is set aside or dropped once.
    pub(crate) fn mark(
        &mut self,
        ledger: &mut Ledger,
        rule: Rule,
        column: Option<&str>,
        outcome: Outcome,
        rows: impl IntoIterator<Item = usize>,
    ) {
        let mut by_file: BTreeMap<u16, Vec<u64>> = BTreeMap::new();
        for row in rows {
            let Some(fate) = self.fates.get_mut(row).filter(|fate| **fate == Outcome::Kept) else {
                continue;
            };
            *fate = outcome;
            let file = self.file_of.get(row).copied().unwrap_or_default();
            by_file.entry(file).or_default().push(self.lines.get(row).copied().map_or(0, u64::from));
        }
        for (file, lines) in by_file {
            let place = Place {
                source: &self.source_name,
                file: self.files.get(usize::from(file)).map_or("", String::as_str),
                contract: self.contract,
            };
            ledger.add(&place, rule, column, outcome, lines);
        }
    }

    /// Notes a rule against the table as a whole.
    pub(crate) fn note(&self, ledger: &mut Ledger, rule: Rule) {
        for file in &self.files {
            let place = Place { source: &self.source_name, file, contract: self.contract };
            ledger.add(&place, rule, None, Outcome::Kept, Vec::new());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.fates.len()
    }

    pub(crate) fn is_kept(&self, row: usize) -> bool {
        self.fates.get(row) == Some(&Outcome::Kept)
    }

    /// The rows kept so far, in order.
    pub(crate) fn kept(&self) -> Vec<usize> {
        (0..self.len()).filter(|row| self.is_kept(*row)).collect()
    }

    /// The column of a field of the contract.
    pub(crate) fn column(&self, name: &str) -> &Typed {
        static NOTHING: Typed = Typed::Nothing(0);
        let place = self.contract.fields.iter().position(|field| field.name == name);
        place.and_then(|place| self.columns.get(place)).unwrap_or(&NOTHING)
    }

    /// Whether any file has the column of a field.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        let place = self.contract.fields.iter().position(|field| field.name == name);
        place.and_then(|place| self.given.get(place)).copied().unwrap_or_default()
    }

    pub(crate) fn column_mut(&mut self, name: &str) -> Option<&mut Typed> {
        let place = self.contract.fields.iter().position(|field| field.name == name)?;
        self.columns.get_mut(place)
    }

    /// The field that holds the child's identifier, where there is one.
    pub(crate) fn child_field(&self) -> Option<&'static str> {
        let is_child = |field: &&super::contract::Field| matches!(field.kind, super::contract::Kind::Child);
        self.contract.fields.iter().find(is_child).map(|field| field.name)
    }
}
