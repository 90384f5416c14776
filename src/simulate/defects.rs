//! Deliberate defects: rows added beside true ones, one kind a rule of quality, and how many were added.
//!
//! Each is an extra row that a careful reader sets aside, or one that lies wholly inside a true spell: the figures that
//! the truth states hold with them and without.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Every so many children, one carries the defect of a kind (where they have a row for it).
const ONE_CHILD_IN: u64 = 60;

/// A kind of deliberate defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Defect {
    Reversed,
    Overlap,
    Future,
    DuplicateRow,
    DuplicateId,
    UnknownCode,
    UnreadableDate,
    BeforeBirth,
    RequiredEmpty,
    UnknownEnd,
}

impl Defect {
    fn rule(self) -> &'static str {
        match self {
            Self::Reversed => "reversed_episode",
            Self::Overlap => "overlap",
            Self::Future => "future_date",
            Self::DuplicateRow => "duplicate_row",
            Self::DuplicateId => "duplicate_id",
            Self::UnknownCode => "unknown_code",
            Self::UnreadableDate => "unreadable_date",
            Self::BeforeBirth => "before_birth",
            Self::RequiredEmpty => "required_empty",
            Self::UnknownEnd => "end_unknown",
        }
    }
}

/// The defects of police episodes, of the council's, and of rows that are no episodes, each at its own children.
pub(super) const IN_POLICE_EPISODES: [(u64, Defect); 10] = [
    (0, Defect::Reversed),
    (5, Defect::Overlap),
    (10, Defect::Future),
    (15, Defect::DuplicateRow),
    (20, Defect::DuplicateId),
    (25, Defect::UnknownCode),
    (30, Defect::UnreadableDate),
    (35, Defect::BeforeBirth),
    (40, Defect::RequiredEmpty),
    (45, Defect::UnknownEnd),
];
pub(super) const IN_COUNCIL_EPISODES: [(u64, Defect); 5] = [
    (2, Defect::Reversed),
    (12, Defect::DuplicateRow),
    (22, Defect::UnknownCode),
    (32, Defect::Future),
    (42, Defect::RequiredEmpty),
];
pub(super) const IN_SIGNALS: [(u64, Defect); 4] =
    [(7, Defect::UnknownCode), (17, Defect::UnreadableDate), (27, Defect::DuplicateRow), (37, Defect::Future)];
pub(super) const IN_SERVICES: [(u64, Defect); 3] =
    [(9, Defect::UnknownCode), (19, Defect::UnreadableDate), (29, Defect::RequiredEmpty)];

/// The defect, if any, that this child carries in a table.
pub(super) fn of_child(number: u64, table: &[(u64, Defect)]) -> Option<Defect> {
    let place = number % ONE_CHILD_IN;
    table.iter().find(|(at, _)| *at == place).map(|(_, defect)| *defect)
}

/// How many rows were added, by rule and file.
#[derive(Debug, Default)]
pub(super) struct Defects(BTreeMap<(&'static str, String), u64>);

impl Defects {
    pub(super) fn added(&mut self, defect: Defect, file: &str, rows: u64) {
        *self.0.entry((defect.rule(), file.to_owned())).or_default() += rows;
    }

    /// Rows added to one file.
    pub(super) fn in_file(&self, file: &str) -> u64 {
        self.0.iter().filter(|((_, of), _)| of == file).map(|(_, rows)| rows).sum()
    }

    pub(super) fn to_json(&self) -> Value {
        let each = self.0.iter().map(|((rule, file), rows)| json!({ "rule": rule, "file": file, "rows": rows }));
        Value::Array(each.collect())
    }
}
