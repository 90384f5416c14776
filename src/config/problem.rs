//! What is wrong with what the user gave: which file, which rows, which column, which rule, what to do. Never a value.

use std::fmt;

use serde::Serialize;

/// One thing that stops the work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Relative to the project folder.
    pub file: String,
    /// Row numbers: the file's own lines, the headings being line 1; empty where it is not about rows.
    pub rows: Vec<u64>,
    /// Our name of the column or key, where it is about one.
    pub column: Option<Box<str>>,
    /// `T02`, as in the rule table.
    pub rule: &'static str,
    /// What is wrong, in lower case.
    pub says: String,
    /// What to do about it.
    pub hint: Option<Box<str>>,
}

impl Problem {
    /// A problem with a file as a whole; add to it with the methods below.
    pub fn new(file: &str, rule: &'static str, says: impl Into<String>) -> Self {
        Self { file: file.to_owned(), rows: Vec::new(), column: None, rule, says: says.into(), hint: None }
    }

    /// The column it is about.
    #[must_use]
    pub fn column(mut self, column: &str) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The rows it is about.
    #[must_use]
    pub fn rows(mut self, rows: Vec<u64>) -> Self {
        self.rows = rows;
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Box<str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.says)?;
        if !self.rows.is_empty() {
            write!(f, " ({})", rows_in_words(&self.rows))?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// `rows 4, 19, 23 and 9 more`.
pub fn rows_in_words(rows: &[u64]) -> String {
    some_rows_in_words(rows, rows.len() as u64)
}

/// As [`rows_in_words`], where only the first of `count` rows are listed.
pub fn some_rows_in_words(rows: &[u64], count: u64) -> String {
    match rows {
        [] => "no row".to_owned(),
        [row] if count == 1 => format!("row {row}"),
        [init @ .., last] if count <= 4 && rows.len() as u64 == count => {
            let init: Vec<String> = init.iter().map(u64::to_string).collect();
            format!("rows {} and {last}", init.join(", "))
        }
        [a, b, c, ..] => format!("rows {a}, {b}, {c} and {} more", count.saturating_sub(3)),
        [..] => "rows".to_owned(),
    }
}

/// The name most like the one written, where one is like it at all: `recorded` is `recorded_on`.
pub(crate) fn most_like<'a>(written: &str, names: &[&'a str]) -> Option<&'a str> {
    let longer = |name: &str| name.len().max(written.len());
    let apart = |name: &str| {
        let within = written.len() > 2 && (name.contains(written) || written.contains(name));
        if within { 1 } else { edits(written, name) }
    };
    let near =
        names.iter().map(|name| (apart(name), longer(name), *name)).filter(|(apart, longer, _)| apart * 3 <= *longer);
    near.min().map(|(_, _, name)| name)
}

/// Letters to put in, take out or change to make one word the other (Levenshtein).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(at + 1);
        for (pair, theirs) in row.windows(2).zip(&other) {
            let [before, above] = pair else { continue };
            let left = next.last().copied().unwrap_or_default();
            next.push((before + usize::from(letter != *theirs)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// A failure to open or read, in words that do not change from one system to the next.
pub(crate) fn in_words(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file",
        std::io::ErrorKind::PermissionDenied => "permission denied",
        std::io::ErrorKind::IsADirectory => "it is a folder",
        std::io::ErrorKind::InvalidData => "it is not UTF-8 text",
        _ => "the system could not read it",
    }
}

/// Everything that is wrong, at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_those_listed_are_counted() {
        assert_eq!(some_rows_in_words(&[4, 19], 2), "rows 4 and 19");
        assert_eq!(some_rows_in_words(&[4, 19, 23, 30], 250), "rows 4, 19, 23 and 247 more");
    }

    #[test]
    fn a_name_is_like_another_by_a_part_of_it_or_by_a_few_letters() {
        let names = ["started_at", "ended_at", "recorded_on", "kind"];
        assert_eq!(most_like("recorded", &names), Some("recorded_on"));
        assert_eq!(most_like("startet_at", &names), Some("started_at"));
        assert_eq!(most_like("officer", &names), None);
    }
}
