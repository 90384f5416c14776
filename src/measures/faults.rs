//! What stops a measure: a query that is the user's to mend, told by its file, or a fault of polars.

use polars::error::PolarsError;

use super::registry::QueryProblem;

/// Why measures could not be worked out.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// Queries the user must mend, every one of them.
    #[error("{} to mend", .0.len())]
    Queries(Vec<QueryProblem>),
    /// A query or a mart does not run.
    #[error("{0}")]
    Polars(#[from] PolarsError),
}

impl From<QueryProblem> for MeasureError {
    fn from(problem: QueryProblem) -> Self {
        Self::Queries(vec![problem])
    }
}

/// Every result, or every problem of every query; a fault of polars before those.
pub(crate) fn all<T>(results: impl IntoIterator<Item = Result<T, MeasureError>>) -> Result<Vec<T>, MeasureError> {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(one) => all.push(one),
            Err(MeasureError::Queries(more)) => problems.extend(more),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(MeasureError::Queries(problems)) }
}
