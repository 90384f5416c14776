//! Figures of a report to charts: first plain data (`ChartSpec`), then SVG drawn by plotters. Words for both.
//!
//! Knows nothing of requests or pages, and works no figure out: it shows what the report says.

mod bars;
mod by_days;
mod canvas;
mod curves;
mod describe;
mod draw;
mod endings;
#[cfg(test)]
pub(crate) mod fixture;
mod lines;
pub mod plan;
mod select;
mod spec;
#[cfg(test)]
mod tests;
pub mod words;

pub use by_days::by_days_chart;
pub use describe::describe;
pub use draw::svg;
pub use select::{
    Breakdown, breakdown, breakdown_chart, chain_chart, headline, headline_chart, latest, parts_chart, spark,
};
pub use spec::{
    Bar, Bars, ChartSpec, Column, Curve, CurvePoint, Curves, Drawing, EndingColumn, Endings, Lines, Note, Point,
    Series, Spark, Stack,
};
