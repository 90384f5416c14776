//! Runs a query and reads its rows: a child and a date with whole numbers, or spells with a time and a cause.

use polars::prelude::*;
use polars::sql::SQLContext;

use super::cells::total_of;
use super::faults::MeasureError;
use super::header::{Header, PartTotal};
use super::registry::{Query, QueryProblem};
use crate::domain::Unit;
use crate::marts::{Day, Marts};
use crate::release::Shape;

/// One counted event or month of one child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contribution {
    pub(crate) child: i64,
    pub(crate) on: Day,
    /// Position in the header's parts, after the figure itself at 0.
    pub(crate) part: usize,
    /// Null only in a median: not reached while followed.
    pub(crate) numerator: Option<i64>,
    pub(crate) denominator: i64,
    pub(crate) own: OwnDimensions,
}

/// One spell of one child, followed for `time` days until `cause` (0 while open).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spell {
    pub(crate) child: i64,
    pub(crate) on: Day,
    pub(crate) time: u32,
    pub(crate) cause: u8,
    pub(crate) own: OwnDimensions,
}

/// The dimensions only the query knows, as positions in [`Words`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OwnDimensions {
    pub(crate) theme: Option<u32>,
    pub(crate) agency: Option<u32>,
    pub(crate) service: Option<u32>,
}

/// The words behind [`OwnDimensions`], in alphabetical order so that positions do not depend on rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(Vec<String>);

impl Words {
    pub(crate) fn word(&self, position: u32) -> &str {
        self.0.get(position as usize).map_or("", String::as_str)
    }
}

/// Runs a query over the marts it declares.
pub(crate) fn frame_of(query: &Query, marts: &Marts) -> PolarsResult<DataFrame> {
    let mut context = SQLContext::new();
    for need in &query.header.needs {
        if let Some(frame) = marts.frame(need) {
            context.register(need, frame.clone().lazy());
        }
    }
    context.execute(&query.runs)?.collect()
}

/// The contributions of a query, sorted so that nothing later depends on the order of rows.
///
/// # Errors
/// Where the query does not run, lacks a column (`child_id` unless it counts, `event_on, numerator, denominator`), or names a part that its
/// header does not; where a row of a share counts more than it is out of.
pub(crate) fn contributions(query: &Query, marts: &Marts) -> Result<(Vec<Contribution>, Words), MeasureError> {
    let frame = frame_of(query, marts)?;
    let (own, words) = own_dimensions(&frame)?;
    let part = parts(&frame, query)?;
    let child = if query.header.of_children {
        whole(&frame, "child_id")?
    } else {
        // Each total stands for itself.
        (0..frame.height()).map(|row| i64::try_from(row).ok()).collect()
    };
    let on = dates(&frame, "event_on")?;
    let numerator = whole(&frame, "numerator")?;
    let denominator = whole(&frame, "denominator")?;
    let mut rows: Vec<Contribution> = itertools::izip!(child, on, part, numerator, denominator, own)
        .filter_map(|(child, on, part, numerator, denominator, own)| {
            Some(Contribution { child: child?, on: on?, part, numerator, denominator: denominator.unwrap_or(0), own })
        })
        .collect();
    let beyond = rows.iter().filter(|row| is_beyond_its_share(row, &query.header)).count();
    if beyond > 0 {
        return Err(beyond_its_share(&query.header, beyond, rows.len()).into());
    }
    rows.sort_unstable();
    Ok((rows, words))
}

/// A share of more than all, or of less than nothing.
fn is_beyond_its_share(row: &Contribution, header: &Header) -> bool {
    let unit = row.part.checked_sub(1).and_then(|at| header.part.get(at)).map_or(header.unit, |part| part.unit);
    let is_share = unit == Unit::Proportion && header.shape != Shape::Concentration;
    is_share
        && total_of(header, row.part) == PartTotal::Sum
        && row.numerator.is_some_and(|numerator| !(0..=row.denominator).contains(&numerator))
}

fn beyond_its_share(header: &Header, beyond: usize, rows: usize) -> QueryProblem {
    QueryProblem {
        file: format!("queries/{}.sql", header.id),
        line: None,
        says: format!(
            "measure `{}` is a share, and in {beyond} of its {rows} rows the numerator is above the denominator or below zero",
            header.id
        ),
        hint: if header.of_children {
            "count 1 or 0 out of 1, as in CASE WHEN … THEN 1 ELSE 0 END AS numerator, 1 AS denominator; what may be more \
             is of shape `rate` or `count`"
        } else {
            "a total may be no more than what it is out of: look at the columns the query divides, then at the extract"
        }
        .into(),
    }
}

/// The spells of a query (`child_id, event_on, time, cause`), sorted.
///
/// # Errors
/// As [`contributions`]; a time below zero is refused.
pub(crate) fn spells(query: &Query, marts: &Marts) -> Result<(Vec<Spell>, Words), MeasureError> {
    let frame = frame_of(query, marts)?;
    let (own, words) = own_dimensions(&frame)?;
    let child = whole(&frame, "child_id")?;
    let on = dates(&frame, "event_on")?;
    let time = whole(&frame, "time")?;
    let cause = whole(&frame, "cause")?;
    let mut rows = Vec::with_capacity(child.len());
    for (child, on, time, cause, own) in itertools::izip!(child, on, time, cause, own) {
        let (Some(child), Some(on), Some(time), Some(cause)) = (child, on, time, cause) else { continue };
        let (Ok(time), Ok(cause)) = (u32::try_from(time), u8::try_from(cause)) else {
            return Err(QueryProblem {
                file: format!("queries/{}.sql", query.header.id),
                line: None,
                says: format!(
                    "measure `{}`: a spell has a time below zero or a cause that is no cause",
                    query.header.id
                ),
                hint: "`time` is whole days from `event_on`, `cause` is 0 while open and 1 to 255 for how it ended"
                    .into(),
            }
            .into());
        };
        rows.push(Spell { child, on, time, cause, own });
    }
    rows.sort_unstable();
    Ok((rows, words))
}

fn whole(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    let numbers = frame.column(name)?.cast(&DataType::Int64)?;
    Ok(numbers.as_materialized_series().i64()?.iter().collect())
}

fn dates(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<Day>>> {
    let dates = frame.column(name)?.cast(&DataType::Date)?;
    Ok(dates.as_materialized_series().date()?.physical().iter().collect())
}

/// Each row's part, as its position in the header's parts; 0 where the query names none.
fn parts(frame: &DataFrame, query: &Query) -> Result<Vec<usize>, MeasureError> {
    let Ok(column) = frame.column("part") else { return Ok(vec![0; frame.height()]) };
    let column = column.cast(&DataType::String)?;
    let parts = &query.header.part;
    let texts = column.as_materialized_series().str()?;
    let position = |part: Option<&str>| match part.unwrap_or("") {
        "" => Some(0),
        named => parts.iter().position(|part| part.id == named).map(|at| at + 1),
    };
    let positions: Option<Vec<usize>> = texts.iter().map(position).collect();
    Ok(positions.ok_or_else(|| part_not_named(&query.header))?)
}

fn part_not_named(header: &Header) -> QueryProblem {
    let ids: Vec<&str> = header.part.iter().map(|part| part.id.as_str()).collect();
    let names = if ids.is_empty() { "it names none".to_owned() } else { format!("it names {}", ids.join(", ")) };
    QueryProblem {
        file: format!("queries/{}.sql", header.id),
        line: None,
        says: format!("measure `{}`: the query gives a part that its header does not name", header.id),
        hint: format!("{names}; give each a [[part]], or leave `part` empty for the figure itself"),
    }
}

fn own_dimensions(frame: &DataFrame) -> PolarsResult<(Vec<OwnDimensions>, Words)> {
    let text = |name: &str| frame.column(name).ok().map(|column| column.cast(&DataType::String)).transpose();
    let columns = [text("theme")?, text("agency")?, text("service")?];
    let texts =
        columns.iter().map(|column| column.as_ref().map(|column| column.as_materialized_series().str()).transpose());
    let texts: Vec<Option<&StringChunked>> = texts.collect::<PolarsResult<_>>()?;
    let mut seen: PlHashMap<&str, u32> = PlHashMap::default();
    for text in texts.iter().flatten().flat_map(|column| column.iter()).flatten() {
        seen.entry(text).or_default();
    }
    let mut words: Vec<&str> = seen.keys().copied().collect();
    words.sort_unstable();
    seen.extend(words.iter().copied().zip(0..));
    let positions = |column: Option<&StringChunked>| -> Vec<Option<u32>> {
        match column {
            Some(column) => column.iter().map(|word| word.and_then(|word| seen.get(word).copied())).collect(),
            None => vec![None; frame.height()],
        }
    };
    let mut positions = texts.iter().map(|column| positions(*column));
    let mut next = || positions.next().unwrap_or_default();
    let (theme, agency, service) = (next(), next(), next());
    let own = itertools::izip!(theme, agency, service)
        .map(|(theme, agency, service)| OwnDimensions { theme, agency, service })
        .collect();
    Ok((own, Words(words.into_iter().map(str::to_owned).collect())))
}
