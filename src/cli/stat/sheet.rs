//! A plain CSV file read for one method: columns by name, every problem of every cell collected, values never said.

use std::io::Read as _;

use chrono::NaiveDate;

use crate::config::{Problem, Problems};

/// The file could not be opened or is no text.
const UNREADABLE: &str = "S01";
/// It is no table: no header, a column twice, rows of another width.
const NO_TABLE: &str = "S02";
/// A column the method needs is not there.
const NO_COLUMN: &str = "S03";
/// A cell is empty where a value is needed.
const EMPTY: &str = "S04";
/// A value is not of the kind its column holds.
const WRONG_KIND: &str = "S05";
/// Values contradict each other.
pub(super) const CONTRADICTION: &str = "S06";
/// The data do not fit what was asked.
pub(super) const DOES_NOT_FIT: &str = "S07";

/// A kind of value, with the words for what is not one.
pub(super) struct Kind<T> {
    read: fn(&str) -> Option<T>,
    says: &'static str,
    hint: &'static str,
}

impl<T> Kind<T> {
    pub(super) const fn new(read: fn(&str) -> Option<T>, says: &'static str, hint: &'static str) -> Self {
        Self { read, says, hint }
    }
}

pub(super) const DATE: Kind<NaiveDate> = Kind {
    read: |text| text.parse().ok().filter(|_| text.len() == 10),
    says: "not a date",
    hint: "dates are written YYYY-MM-DD",
};

pub(super) const NUMBER: Kind<f64> = Kind {
    read: number,
    says: "not a number",
    hint: "numbers are written 1234.5, without units or thousands separators",
};

pub(super) const FROM_ZERO: Kind<f64> = Kind {
    read: |text| number(text).filter(|value| *value >= 0.0),
    says: "not a number of 0 or more",
    hint: "numbers are written 1234.5, without units or thousands separators",
};

pub(super) const ABOVE_ZERO: Kind<f64> = Kind {
    read: |text| number(text).filter(|value| *value > 0.0),
    says: "not a number above 0",
    hint: "what is divided by, weighted with or gone through is above zero",
};

/// Times between events, of which a logarithm or a root is to be taken.
pub(super) const GAP: Kind<f64> = Kind { hint: "gaps of 0 need times of day, or a g chart", ..ABOVE_ZERO };

/// Whole numbers of 0 or more; `12.0` and `1e+05`, which other programs write, are read as what they are.
pub(super) const COUNT: Kind<u64> = Kind {
    read: |text| {
        number(text).filter(|value| *value >= 0.0 && *value < 9e15 && value.fract() == 0.0).map(|value| value as u64)
    },
    says: "not a whole number of 0 or more",
    hint: "counts are whole numbers; leave a cell empty where the count is not known",
};

pub(super) const FLAG: Kind<bool> = Kind {
    read: |text| match text {
        "1" | "TRUE" | "true" | "True" => Some(true),
        "0" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    },
    says: "not 0 or 1",
    hint: "1 is yes (it happened), 0 is no (not so far); R's status of 1 and 2 is to be written 0 and 1",
};

pub(super) const TEXT: Kind<String> = Kind { read: |text| Some(text.to_owned()), says: "not text", hint: "" };

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A file as a method sees it.
pub(super) struct Sheet {
    file: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    asked: Vec<String>,
    problems: Vec<Problem>,
    blank_rows: usize,
}

struct Row {
    /// As a spreadsheet numbers it.
    number: u64,
    cells: Vec<String>,
}

impl Sheet {
    /// Reads `file`, standard input where it is `-`.
    pub(super) fn open(file: &str) -> Result<Self, Problems> {
        let name = if file == "-" { "standard input" } else { file };
        let mut bytes = Vec::new();
        let read = if file == "-" {
            std::io::stdin().lock().read_to_end(&mut bytes)
        } else {
            std::fs::File::open(file).and_then(|mut opened| opened.read_to_end(&mut bytes))
        };
        let unreadable = |says: &str| Problems(vec![Problem::new(name, UNREADABLE, says)]);
        read.map_err(|error| unreadable(crate::config::in_words(&error)))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text"))?;
        Self::parse(name, text.trim_start_matches('\u{feff}'))
    }

    /// From text; `file` is what problems call it.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows: Vec<Row> = Vec::new();
        for record in reader.records() {
            let no_table = |_| Problems(vec![Problem::new(file, NO_TABLE, "it is no CSV table")]);
            let record = record.map_err(no_table)?;
            let number = record.position().map_or(0, csv::Position::line);
            rows.push(Row { number, cells: record.iter().map(str::to_owned).collect() });
        }
        if rows.is_empty() {
            let empty = Problem::new(file, NO_TABLE, "it is empty").hint("the first row names the columns");
            return Err(Problems(vec![empty]));
        }
        let columns = rows.remove(0).cells;
        let mut problems = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            if columns.iter().take(at).any(|before| before == column) && !column.is_empty() {
                let twice = Problem::new(file, NO_TABLE, format!("column `{column}` stands there twice"));
                problems.push(twice.column(column).hint("give each column a name of its own"));
            }
        }
        let before = rows.len();
        rows.retain(|row| row.cells.iter().any(|cell| !missing(cell)));
        let blank_rows = before - rows.len();
        let ragged: Vec<u64> =
            rows.iter().filter(|row| row.cells.len() != columns.len()).map(|row| row.number).collect();
        if !ragged.is_empty() {
            let says = format!("more or fewer cells than the header's {}", columns.len());
            let hint = "a comma inside a value needs quotes around it; columns are parted by commas";
            problems.push(Problem::new(file, NO_TABLE, says).rows(ragged).hint(hint));
        }
        Ok(Self { file: file.to_owned(), columns, rows, asked: Vec::new(), problems, blank_rows })
    }

    /// The number of rows beneath the header.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the file has a column; asked for by name, it counts as known.
    pub(super) fn has(&mut self, column: &str) -> bool {
        if !self.asked.iter().any(|asked| asked == column) {
            self.asked.push(column.to_owned());
        }
        self.columns.iter().any(|name| name == column)
    }

    /// A column's values, none where empty (or R's `NA`), which means not known. A problem where the column is not there.
    pub(super) fn column<T>(&mut self, column: &str, kind: &Kind<T>) -> Vec<Option<T>> {
        if !self.has(column) {
            let found: Vec<String> = self.columns.iter().map(|name| format!("`{name}`")).collect();
            let problem = Problem::new(&self.file, NO_COLUMN, format!("column `{column}` is not there"));
            self.problems.push(problem.column(column).hint(format!("the file's columns are {}", found.join(", "))));
        }
        self.read(column, kind)
    }

    /// A column's values where the file has it; else none for each row.
    pub(super) fn optional<T>(&mut self, column: &str, kind: &Kind<T>) -> Vec<Option<T>> {
        self.has(column);
        self.read(column, kind)
    }

    /// A column in which no cell may be empty.
    pub(super) fn filled<T>(&mut self, column: &str, kind: &Kind<T>) -> Vec<Option<T>> {
        let values = self.column(column, kind);
        self.no_gaps(column);
        values
    }

    /// A column that need not be there, but where it is no cell may be empty.
    pub(super) fn optional_filled<T>(&mut self, column: &str, kind: &Kind<T>) -> Vec<Option<T>> {
        let values = self.optional(column, kind);
        self.no_gaps(column);
        values
    }

    fn no_gaps(&mut self, column: &str) {
        let Some(at) = self.columns.iter().position(|name| name == column) else { return };
        let empty = |row: &&Row| row.cells.get(at).is_none_or(|cell| missing(cell));
        let rows: Vec<u64> = self.rows.iter().filter(empty).map(|row| row.number).collect();
        if !rows.is_empty() {
            let problem = Problem::new(&self.file, EMPTY, format!("column `{column}`: no value")).column(column);
            self.problems.push(problem.rows(rows).hint("every row needs one; leave out rows that are not to count"));
        }
    }

    fn read<T>(&mut self, column: &str, kind: &Kind<T>) -> Vec<Option<T>> {
        let Some(at) = self.columns.iter().position(|name| name == column) else {
            return self.rows.iter().map(|_| None).collect();
        };
        let (mut values, mut wrong, mut slashes) = (Vec::with_capacity(self.rows.len()), Vec::new(), false);
        for row in &self.rows {
            let text = row.cells.get(at).filter(|cell| !missing(cell));
            let value = text.and_then(|text| (kind.read)(text));
            if let Some(text) = text.filter(|_| value.is_none()) {
                wrong.push(row.number);
                slashes |= text.contains('/');
            }
            values.push(value);
        }
        if !wrong.is_empty() {
            let seems = if slashes && kind.says == DATE.says { "; the file seems to use DD/MM/YYYY" } else { "" };
            let problem = Problem::new(&self.file, WRONG_KIND, format!("column `{column}`: {}", kind.says));
            self.problems.push(problem.column(column).rows(wrong).hint(format!("{}{seems}", kind.hint)));
        }
        values
    }

    /// A problem with the rows for which `wrong` holds of their position, if there are any.
    pub(super) fn refuse(&mut self, column: &str, says: &str, hint: &str, wrong: impl Fn(usize) -> bool) {
        let rows = self.rows.iter().enumerate().filter(|(at, _)| wrong(*at)).map(|(_, row)| row.number);
        let rows: Vec<u64> = rows.collect();
        if !rows.is_empty() {
            let problem = Problem::new(&self.file, CONTRADICTION, says).column(column).rows(rows);
            self.problems.push(problem.hint(hint));
        }
    }

    /// A problem with the file as a whole.
    pub(super) fn refuse_all(&mut self, rule: &'static str, says: impl Into<String>, hint: impl Into<Box<str>>) {
        self.problems.push(Problem::new(&self.file, rule, says).hint(hint));
    }

    /// Fails with everything found so far.
    pub(super) fn check(&mut self) -> Result<(), Problems> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problems(std::mem::take(&mut self.problems))) }
    }

    /// What was left unread: columns the method does not know, and rows without a value.
    pub(super) fn unread(&self) -> Vec<String> {
        let unknown = |column: &&String| !self.asked.contains(column);
        let unknown: Vec<String> = self.columns.iter().filter(unknown).map(|column| format!("`{column}`")).collect();
        let mut notes = Vec::new();
        if !unknown.is_empty() {
            notes.push(format!("columns not used by this method: {}", unknown.join(", ")));
        }
        if self.rows.is_empty() {
            notes.push("no rows beneath the header".to_owned());
        }
        if self.blank_rows > 0 {
            notes.push(format!("rows without any value left out: {}", self.blank_rows));
        }
        notes
    }

    /// The columns of the file whose names start with `prefix`.
    pub(super) fn columns_like(&self, prefix: &str) -> Vec<String> {
        self.columns.iter().filter(|column| column.starts_with(prefix)).cloned().collect()
    }
}

/// An empty cell, or R's `NA`: not known.
fn missing(cell: &str) -> bool {
    cell.is_empty() || cell == "NA"
}

/// The rows of each value of a column, in order of value (numbers by size); one group without a name where the column is
/// not there.
pub(super) fn groups(labels: &[Option<String>]) -> Vec<(Option<String>, Vec<usize>)> {
    let mut groups: Vec<(Option<String>, Vec<usize>)> = Vec::new();
    let mut rows: Vec<usize> = (0..labels.len()).collect();
    let label = |at: usize| labels.get(at).and_then(Option::as_deref);
    rows.sort_by(|a, b| in_order(label(*a).unwrap_or(""), label(*b).unwrap_or("")));
    for at in rows {
        match groups.last_mut() {
            Some((last, rows)) if last.as_deref() == label(at) => rows.push(at),
            _ => groups.push((label(at).map(str::to_owned), vec![at])),
        }
    }
    groups
}

/// Numbers by size, then text by letter.
pub(super) fn in_order(left: &str, right: &str) -> std::cmp::Ordering {
    match (number(left), number(right)) {
        (Some(one), Some(other)) => one.total_cmp(&other).then_with(|| left.cmp(right)),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

/// ` of stratum a`, or nothing where there is one group without a name.
pub(super) fn of_group(kind: &str, label: Option<&str>) -> String {
    label.map_or_else(String::new, |label| format!(" of {kind} `{label}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed_with_rows_and_never_a_value() {
        let mut sheet = Sheet::parse("f.csv", "\nx,n\n1,10\nseven,10\n-2,\n3,4,5\n").unwrap();
        sheet.column("x", &COUNT);
        sheet.filled("n", &COUNT);
        sheet.column("date", &DATE);
        let says = sheet.check().unwrap_err().to_string();
        assert_eq!(
            says,
            "f.csv: more or fewer cells than the header's 2 (row 6)\n\
             hint: a comma inside a value needs quotes around it; columns are parted by commas\n\
             f.csv: column `x`: not a whole number of 0 or more (rows 4 and 5)\n\
             hint: counts are whole numbers; leave a cell empty where the count is not known\n\
             f.csv: column `n`: no value (row 5)\n\
             hint: every row needs one; leave out rows that are not to count\n\
             f.csv: column `date` is not there\n\
             hint: the file's columns are `x`, `n`"
        );
    }

    #[test]
    fn what_other_programs_write_is_read() {
        let mut sheet = Sheet::parse("f.csv", "x,e\n1e+05,TRUE\n12.0,0\nNA,\n,,\n").unwrap();
        assert_eq!(sheet.column("x", &COUNT), [Some(100_000), Some(12)]);
        assert_eq!(sheet.column("e", &FLAG), [Some(true), Some(false)]);
        assert_eq!(sheet.unread(), ["rows without any value left out: 2"]);
    }

    #[test]
    fn groups_stand_in_order_of_value() {
        let labels = ["10", "b", "9", "10"].map(|label| Some(label.to_owned()));
        let found: Vec<_> = groups(&labels).into_iter().map(|(label, rows)| (label.unwrap(), rows)).collect();
        assert_eq!(found, [("9".to_owned(), vec![2]), ("10".to_owned(), vec![0, 3]), ("b".to_owned(), vec![1])]);
        assert_eq!(groups(&[None, None]), [(None, vec![0, 1])]);
    }
}
