//! What is wrong with what the user gave: which file, which rows, which column, which rule, what to do. Never a value.

use std::fmt;

use serde::Serialize;

/// One thing that stops the work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Relative to the project folder.
    pub file: String,
    /// Row numbers as a spreadsheet shows them (the header is row 1); empty where it is not about rows.
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
    match rows {
        [] => "no row".to_owned(),
        [row] => format!("row {row}"),
        [init @ .., last] if rows.len() <= 4 => {
            let init: Vec<String> = init.iter().map(u64::to_string).collect();
            format!("rows {} and {last}", init.join(", "))
        }
        [a, b, c, rest @ ..] => format!("rows {a}, {b}, {c} and {} more", rest.len()),
        [..] => "rows".to_owned(),
    }
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
