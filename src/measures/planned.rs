//! What is wrong with the queries of the partnership's own, before anything is counted. Over marts without a row: a column
//! that is not there, a function used wrongly, an output that is missing. Over the extracts' own: rows of which no figure can
//! be made, read as a build reads them.

use chrono::NaiveDate;
use polars::prelude::*;

use super::contributions::{contributions, frame_of, spells};
use super::faults::MeasureError;
use super::header::Header;
use super::registry::{Query, QueryProblem};
use super::sufficiency::is_known;
use crate::domain::Definitions;
use crate::ingest::Staged;
use crate::marts::Marts;
use crate::release::Shape;

/// What is wrong with the queries of the partnership's own; those shipped are tested before they are. Without `staged`, where
/// the extracts cannot be read, what their rows would show is not known.
///
/// # Errors
/// Where marts cannot be made: a defect of Sightline.
pub fn own_problems(
    queries: &[Query],
    staged: Option<&Staged>,
    definitions: &Definitions,
    as_at: NaiveDate,
) -> PolarsResult<Vec<QueryProblem>> {
    let own: Vec<&Query> = queries.iter().filter(|query| !query.is_shipped).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let planned = Marts::without_rows(definitions, as_at)?;
    let counted = staged.map(|staged| super::marts_of(staged, definitions, as_at)).transpose()?;
    let problems = super::workers::side_by_side(&own, |query| {
        let unplanned = problems_of(query, &planned);
        match (staged, &counted) {
            (Some(staged), Some(marts)) if unplanned.is_empty() && is_known(&query.header, staged) => {
                rows_refused(query, marts)
            }
            _ => unplanned,
        }
    });
    Ok(problems.into_iter().flatten().collect())
}

fn problems_of(query: &Query, marts: &Marts) -> Vec<QueryProblem> {
    match frame_of(query, marts) {
        Ok(frame) => outputs_missing(query, &frame),
        Err(error) => vec![not_run(query, marts, &error)],
    }
}

/// Why no figure can be made of a query's rows, where none can.
fn rows_refused(query: &Query, marts: &Marts) -> Vec<QueryProblem> {
    let read = if gives_spells(&query.header) {
        spells(query, marts).map(drop)
    } else {
        contributions(query, marts).map(drop)
    };
    match read {
        Ok(()) => Vec::new(),
        Err(MeasureError::Queries(problems)) => problems,
        Err(MeasureError::Polars(error)) => vec![not_run(query, marts, &error)],
    }
}

/// Whether a query's rows are spells, with a time and a cause, not counts.
fn gives_spells(header: &Header) -> bool {
    header.shape.is_of_cohorts() || header.shape == Shape::Effect
}

/// The columns a query must give, by its shape.
fn outputs(header: &Header) -> Vec<&'static str> {
    let child = header.of_children.then_some("child_id");
    let counts =
        if gives_spells(header) { ["event_on", "time", "cause"] } else { ["event_on", "numerator", "denominator"] };
    child.into_iter().chain(counts).collect()
}

/// Columns that are not among what the query gives, or that hold words where numbers are counted.
fn outputs_missing(query: &Query, frame: &DataFrame) -> Vec<QueryProblem> {
    let outputs = outputs(&query.header);
    let given: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
    let hint = format!(
        "a query of this shape gives {}, each named with AS, and theme, agency, service or part where it knows them; this \
         one gives {}",
        outputs.join(", "),
        given.join(", ")
    );
    let problem = |says: String| QueryProblem { file: file(query), line: None, says, hint: hint.clone() };
    let is_text = |name: &str| frame.column(name).is_ok_and(|column| column.dtype() == &DataType::String);
    let missing = outputs.iter().filter(|name| !given.contains(name));
    let words = outputs.iter().filter(|name| **name != "event_on" && is_text(name));
    missing
        .map(|name| problem(format!("the query gives no column `{name}`")))
        .chain(words.map(|name| problem(format!("its column `{name}` holds words, not whole numbers"))))
        .collect()
}

fn not_run(query: &Query, marts: &Marts, error: &PolarsError) -> QueryProblem {
    let told = error.to_string();
    // What follows the first line is polars' plan of the query.
    let first = told.lines().next().unwrap_or_default();
    let columns = columns_read(query, marts);
    if !matches!(root(error), PolarsError::ColumnNotFound(_)) {
        let says = first.split_once(": ").filter(|(kind, _)| !kind.contains(' ')).map_or(first, |(_, says)| says);
        return QueryProblem {
            file: file(query),
            line: None,
            says: format!("SQL does not run: {says}"),
            hint: columns,
        };
    }
    let name = first.split(['"', '\'', '`']).nth(1).unwrap_or_default();
    QueryProblem {
        file: file(query),
        line: line_of(query, name),
        says: format!("there is no column `{name}` in what it reads"),
        hint: match first.split_once("valid columns: [") {
            Some((_, valid)) => {
                let valid = valid.trim_end_matches(']').replace('"', "");
                format!(
                    "the columns there are {valid}; `sightline reference` writes what they hold into queries/README.md"
                )
            }
            None => columns,
        },
    }
}

/// The error itself, beneath what was said around it.
fn root(error: &PolarsError) -> &PolarsError {
    match error {
        PolarsError::Context { error, .. } => root(error),
        error => error,
    }
}

/// `missing_spells has child_id, started_on, …`, for every mart the query declares.
fn columns_read(query: &Query, marts: &Marts) -> String {
    let of = |need: &String| {
        let frame = marts.frame(need)?;
        let names: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
        Some(format!("`{need}` has {}", names.join(", ")))
    };
    query.header.needs.iter().filter_map(of).collect::<Vec<_>>().join("; ")
}

/// The line of the file on which a name first stands in the SQL, comments and longer names apart.
fn line_of(query: &Query, name: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let stands = |line: &str| {
        let code = line.split("--").next().unwrap_or_default();
        code.split(|c| !is_word(c)).any(|word| word.eq_ignore_ascii_case(name))
    };
    query.sql.lines().position(stands).map(|at| query.begins_on_line + at)
}

fn file(query: &Query) -> String {
    format!("queries/{}.sql", query.header.id)
}
