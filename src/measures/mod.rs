//! Measures: queries over marts, evaluated to plain figures. polars stops here.
//!
//! A query says what counts, one row per child and counted event. One path here attaches the child's dimensions, forms
//! totals and windows, divides and bounds, so that nothing between a row and a figure can be skipped or done twice.

mod cells;
mod child_dimensions;
mod cohorts;
mod concentration;
mod contributions;
mod faults;
mod figures;
mod guard;
mod header;
mod incidence;
mod planned;
mod reach;
mod recurrent;
mod registry;
mod residents;
mod shown;
mod sufficiency;
mod support;
mod survival;
mod workers;

use chrono::NaiveDate;
use polars::prelude::*;

pub use faults::MeasureError;
pub use header::{Header, PartHeader, PartTotal, RateOf};
pub use planned::own_problems;
pub use reach::{reaches_back_from, too_short};
pub use registry::{Query, QueryProblem, declared_relations, read_all, registry};
pub use residents::residents;

use child_dimensions::ChildDimensions;
use figures::Population;

use crate::config::Config;
use crate::disclosure::ExactFigure;
use crate::domain::{Definitions, Dimension, Month, SharedRule, TOTAL};
use crate::impact::Outcome;
use crate::ingest::{Staged, Table};
use crate::marts::{Marts, rules_of};
use crate::release::{Measure, Part, Shape, Sufficiency, SupportEffect, Target};

/// Bands whose children are aged 10 to 17.
const BANDS_10_TO_17: [&str; 3] = ["10-12", "13-15", "16-17"];

/// What the registry says of the data supplied.
pub struct Evaluated {
    /// Every measure, whether it could be known or not.
    pub measures: Vec<Measure>,
    /// Exact figures, ordered; they pass disclosure control before anyone reads them.
    pub figures: Vec<ExactFigure>,
    /// Whether support helps, by service and outcome, exact.
    pub support: Vec<SupportEffect>,
}

/// Evaluates every query.
///
/// # Errors
/// Where a query does not run over the marts, or gives rows that no figure can be made of: the message names the measure.
pub fn evaluate(
    queries: &[Query],
    staged: &Staged,
    config: &Config,
    as_at: NaiveDate,
) -> Result<Evaluated, MeasureError> {
    let definitions = &config.definitions;
    tracing::info!(stage = "marts");
    let marts = marts_of(staged, definitions, as_at)?;
    let none = DataFrame::empty();
    let table = |table: Table| staged.tables.get(&table).unwrap_or(&none);
    let children = ChildDimensions::new(
        table(Table::Children),
        table(Table::CarePeriods),
        staged.supplied.contains(&Table::CarePeriods),
    )?;
    let population = population(table(Table::Population))?;
    let percent = u64::from(definitions.concentration_percent);
    tracing::info!(stage = "measures");
    let evaluated = faults::all(workers::side_by_side(queries, |query| {
        let answer = sufficiency::sufficiency(&query.header, staged);
        let reach = sufficiency::reach(&query.header, staged, as_at, definitions);
        let figures = match reach.filter(|_| sufficiency::is_known(&query.header, staged)) {
            Some(reach) => figures_of(query, &marts, &children, &population, (reach, percent))
                .map_err(|error| named(error, query))?,
            None => Vec::new(),
        };
        let mut measure = measure(query, definitions, &config.targets, answer);
        measure.smallest_shown = sufficiency::smallest_shown(&query.header, staged, config);
        measure.sources = sufficiency::rests_on(&query.header, staged);
        Ok((measure, figures))
    }))?;
    let (measures, figures): (Vec<_>, Vec<_>) = evaluated.into_iter().unzip();
    let mut figures: Vec<ExactFigure> = figures.into_iter().flatten().collect();
    tracing::info!(stage = "whether support helps");
    let mut support = Vec::new();
    for query in queries.iter().filter(|query| query.header.shape == Shape::Effect) {
        let (found, effects) = effects_of(query, &marts, staged, definitions, as_at)?;
        figures.extend(found);
        support.extend(effects);
    }
    figures.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(Evaluated { measures, figures, support })
}

/// The marts of all the history that is kept.
fn marts_of(staged: &Staged, definitions: &Definitions, as_at: NaiveDate) -> PolarsResult<Marts> {
    let first_month = Month::of(as_at).plus(1 - definitions.history_months as i32);
    Marts::build(&staged.tables, definitions, first_month, as_at)
}

/// A fault of polars with the measure's name before it.
fn named(error: MeasureError, query: &Query) -> MeasureError {
    match error {
        MeasureError::Polars(error) => {
            error.wrap_msg(|message| format!("measure `{}`: {message}", query.header.id)).into()
        }
        told @ MeasureError::Queries(_) => told,
    }
}

/// The effects of support that one query asks for; none where the data supplied cannot answer.
fn effects_of(
    query: &Query,
    marts: &Marts,
    staged: &Staged,
    definitions: &Definitions,
    as_at: NaiveDate,
) -> Result<(Vec<ExactFigure>, Vec<SupportEffect>), MeasureError> {
    let header = &query.header;
    let reach = sufficiency::reach(header, staged, as_at, definitions);
    let Some(reach) = reach.filter(|_| sufficiency::is_known(header, staged)) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let (needs, words) = contributions::spells(query, marts)?;
    Ok(support::figures(header, &needs, &words, marts.histories(), definitions, reach, &|outcome| {
        outcome != Outcome::HarmDays || staged.supplied.contains(&Table::HarmEvents)
    }))
}

fn order(exact: &ExactFigure) -> (&str, Dimension, &str, crate::domain::Period) {
    let figure = &exact.figure;
    (&figure.measure, figure.dimension, &figure.level, figure.period)
}

fn figures_of(
    query: &Query,
    marts: &Marts,
    children: &ChildDimensions,
    population: &Population,
    (reach, concentration_percent): (figures::Reach, u64),
) -> Result<Vec<ExactFigure>, MeasureError> {
    let header = &query.header;
    if header.shape == Shape::Effect {
        return Ok(Vec::new());
    }
    if header.shape.is_of_cohorts() {
        let (spells, words) = contributions::spells(query, marts)?;
        let mut levels = cells::Levels::new();
        let cohorts = cohorts::cohorts(header, &spells, &words, children, reach, &mut levels);
        return Ok(match header.shape {
            Shape::Incidence => incidence::figures(header, &cohorts, reach, &levels),
            Shape::Recurrent => recurrent::figures(header, &cohorts, reach, &levels),
            _ => survival::figures(header, &cohorts, reach, &levels),
        });
    }
    let (contributions, words) = contributions::contributions(query, marts)?;
    let mut levels = cells::Levels::new();
    let cells = cells::cells(header, &contributions, &words, children, reach.shown, &mut levels);
    Ok(figures::figures(header, cells, reach, population, &levels, concentration_percent))
}

/// Children aged 10 to 17 by year, for the whole and for each locality.
fn population(frame: &DataFrame) -> PolarsResult<Population> {
    let mut population = Population::new();
    if frame.height() == 0 {
        return Ok(population);
    }
    let locality = frame.column("locality")?.as_materialized_series().str()?;
    let band = frame.column("age_band")?.as_materialized_series().str()?;
    let year = frame.column("year")?.as_materialized_series().i64()?;
    let children = frame.column("children")?.as_materialized_series().i64()?;
    for (locality, band, year, children) in itertools::izip!(locality.iter(), band.iter(), year.iter(), children.iter())
    {
        let (Some(locality), Some(band), Some(year), Some(children)) = (locality, band, year, children) else {
            continue;
        };
        if !BANDS_10_TO_17.contains(&band) {
            continue;
        }
        for key in [(Dimension::Total, TOTAL.to_owned()), (Dimension::Locality, locality.to_owned())] {
            *population.entry(key).or_default().entry(year as i32).or_default() += children;
        }
    }
    Ok(population)
}

/// Every measure as the registry describes it, before any data has been seen.
pub fn catalogue(queries: &[Query], definitions: &Definitions) -> Vec<Measure> {
    queries.iter().map(|query| measure(query, definitions, &[], Sufficiency::Sufficient)).collect()
}

/// What the release says of a measure: its header with the thresholds filled in.
fn measure(
    query: &Query,
    definitions: &Definitions,
    targets: &[(String, Target)],
    sufficiency: Sufficiency,
) -> Measure {
    let header = &query.header;
    let filled = |text: &str| filled_in(text, definitions);
    let itself = Part { id: String::new(), label: header.title.clone(), unit: header.unit, not_ended: false };
    let leads_itself = !header.shape.is_of_cohorts() && !matches!(header.shape, Shape::Chain | Shape::Effect);
    let parts = header.part.iter().map(|part| Part {
        id: part.id.clone(),
        label: part.label.clone(),
        unit: part.unit,
        not_ended: header.shape == Shape::Incidence && part.day.is_some() && part.causes.is_empty(),
    });
    Measure {
        id: header.id.clone(),
        title: filled(&header.title),
        question: filled(&header.question),
        theme: header.theme.clone(),
        kind: header.kind,
        explains: header.explains.clone(),
        better: header.better,
        shape: header.shape,
        unit: header.unit,
        headline_part: header.headline_part.clone(),
        sentence: filled(&header.sentence),
        definition: filled(&header.definition),
        numerator: filled(&header.numerator),
        denominator: filled(&header.denominator),
        parts: leads_itself.then_some(itself).into_iter().chain(parts).collect(),
        dimensions: header.dimensions.clone(),
        relations: header.relation.clone(),
        smallest_shown: None,
        ask: header.ask.clone(),
        cannot_tell: header.cannot_tell.clone(),
        source: header.source.clone(),
        owner: header.owner.clone(),
        reviewed_on: header.reviewed_on,
        method: method(header).to_owned(),
        sql: query.sql.clone(),
        needs: header.needs.clone(),
        sources: Vec::new(),
        rules: rules_of(&header.needs)
            .into_iter()
            .map(|rule| SharedRule { says: rule.says.iter().map(|step| filled(step)).collect(), ..rule })
            .collect(),
        horizon_days: header.horizon_days,
        chart: header.chart,
        signal_on: header.signal_on,
        target: targets.iter().find(|(measure, _)| *measure == header.id).map(|(_, target)| target.clone()),
        sufficiency,
    }
}

/// Every `{definition}` of a text as its number; `{value}` stays for the page.
fn filled_in(text: &str, definitions: &Definitions) -> String {
    let numbers = definitions.numbers();
    numbers
        .iter()
        .fold(text.to_owned(), |text, (name, number, _)| text.replace(&format!("{{{name}}}"), &number.to_string()))
}

/// How intervals are made, for the reader.
fn method(header: &Header) -> &'static str {
    match header.shape {
        Shape::Proportion | Shape::Chain => {
            "95% interval: Wilson where each child counts once, clustered by child where a child counts more than once"
        }
        Shape::Rate if header.rate_of == RateOf::Events => {
            "95% interval: exact Poisson under 10 events, Byar from 10, stretched for events that cluster in children (Dobson)"
        }
        Shape::Rate => {
            "95% interval: bootstrap of children, by saddlepoint; 1,000 draws with a fixed seed where few children make most of it; too narrow with fewer than about 50 children"
        }
        Shape::Stock => "A count at month end: no interval",
        Shape::Count => "A count of what was recorded in the month: no interval",
        Shape::Effect => {
            "Difference in differences against matched children who still waited; 95% interval: bootstrap of children, matching formed anew in each of 1,000 draws"
        }
        Shape::Survival => "Aalen-Johansen with competing ends; 95% limits on the log-log scale, clustered by child",
        Shape::Incidence => {
            "Aalen-Johansen cumulative incidence, every ending competing with the others; 95% limits on the log-log scale, clustered by child"
        }
        Shape::Recurrent => {
            "Mean cumulative count by child (Ghosh and Lin where turning 18 or dying ends it; moving away censors); 95% limits on the log scale from the robust variance by child"
        }
        Shape::Concentration => {
            "Share made by those with most; 95% limits from the variance of a Lorenz ordinate on the logit scale, corrected for skew; too narrow with fewer than about 150 children"
        }
    }
}
