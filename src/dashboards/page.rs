//! A page as plain data, and what can be wrong with one.

use std::fmt;

use crate::domain::Dimension;

/// The folder's name in a project.
pub const FOLDER: &str = "dashboards";

/// One page of `dashboards/`.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The file's name without `.md`; the page's address.
    pub id: String,
    /// Its file in a project, for messages.
    pub file: String,
    /// Whether it is a page of the binary, which the project's folder need not have.
    pub is_shipped: bool,
    /// In the menu and at the top.
    pub title: String,
    /// The theme whose measures it shows.
    pub theme: String,
    /// Place in the menu.
    pub order: i64,
    /// The question the page answers.
    pub question: String,
    /// From top to bottom, each with the line it starts on.
    pub blocks: Vec<(usize, Block)>,
    /// Measures that its prose leads to, each with the line of the link.
    pub links: Vec<(usize, String)>,
}

/// One piece of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Prose, as HTML without any markup of the author's own; a link to a measure is `measure:ID`, as in commentary.
    Prose(String),
    /// A table of measures with their latest figures.
    Kpis {
        /// Ids, in the order shown.
        measures: Vec<String>,
    },
    /// A chart with its description and table.
    Chart {
        /// The measure.
        measure: String,
        /// A dimension; the whole over time where none.
        by: Option<Dimension>,
        /// Months shown: 12, 24 or 36.
        window: usize,
    },
    /// What happens by fixed days since a start, of a measure of cohorts.
    Curve {
        /// The measure.
        measure: String,
    },
    /// A table alone.
    Table {
        /// The measure.
        measure: String,
        /// A dimension; the whole over time where none.
        by: Option<Dimension>,
        /// Months shown: 12, 24 or 36.
        window: usize,
    },
    /// The pace of the action plan in a few numbers.
    Pace,
    /// Training in date by agency and role.
    Workforce,
    /// Sentences generated from the figures, marked as such.
    Commentary {
        /// Ids, in the order shown.
        measures: Vec<String>,
    },
}

/// What is wrong with a page, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The page's file.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\nhint: {}", self.file, self.line, self.says, self.hint)
    }
}
