//! Figures for download, from one edition: tidy CSV with its metadata, JSON, and a workbook. What the pages show, no more.

use std::io;

use serde_json::{Value, json};

use crate::domain::Figure;

use super::{Edition, Report, figures_csv};

pub use super::figures_csv::COLUMNS;
pub use super::xlsx::{Beside, Words, workbook, xlsx};

/// Tidy CSV: a header, one row per figure, empty where there is no number.
pub fn csv(figures: &[Figure], to: impl io::Write) -> io::Result<()> {
    figures_csv::write(figures, to)
}

/// The same rows as JSON, under what every download carries. `figures` are some or all of the report's.
pub fn json<E: Edition>(report: &Report<E>, figures: &[Figure]) -> Value {
    json!({
        "release": about(report),
        "figures": figures,
    })
}

/// The figures of one measure, or all where none is named.
pub fn of_measure<E: Edition>(report: &Report<E>, measure: Option<&str>) -> Vec<Figure> {
    measure.map_or(report.figures.as_slice(), |measure| report.figures_of(measure)).to_vec()
}

/// The datatype and meaning of a column of figures; none where it is no such column.
pub fn column(name: &str) -> Option<(&'static str, &'static str)> {
    COLUMNS.contains(&name).then(|| {
        let datatype = match name {
            "numerator" | "denominator" => "integer",
            "value" | "lower" | "upper" => "number",
            "provisional" => "boolean",
            _ => "string",
        };
        (datatype, describes(name))
    })
}

fn about<E: Edition>(report: &Report<E>) -> Value {
    json!({
        "id": report.id,
        "edition": E::NAME,
        "partnership": report.about.partnership,
        "area": report.about.area,
        "as_at": report.about.as_at,
        "sample": report.about.sample,
        "policy": report.about.policy,
    })
}

fn describes(column: &str) -> &'static str {
    match column {
        "measure" => "the measure's id",
        "period" => "2026-10 a month, 2026-Q3 a calendar quarter, 2026-10/P12M the twelve months to October",
        "dimension" => "what the figure is broken down by; total for the whole",
        "level" => "the level of the dimension, with the part of the figure after a colon",
        "numerator" => "whole count on top",
        "denominator" => "whole count beneath, or the size of the cohort",
        "value" => "in the unit; a proportion lies between 0 and 1",
        "lower" => "lower end of the 95% interval",
        "upper" => "upper end of the 95% interval",
        "unit" => "what the value is counted in",
        "symbol" => {
            "why a value is absent: c withheld, x cannot be known, z not defined, k rounds to zero, u low reliability"
        }
        _ => "true where the period is not yet complete",
    }
}
