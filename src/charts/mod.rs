//! Figures of a report to charts: first plain data (`ChartSpec`), then SVG drawn by plotters. Words for both.
//!
//! Knows nothing of requests or pages, and works no figure out: it shows what the report says.

mod bars;
mod canvas;
mod describe;
mod draw;
#[cfg(test)]
pub(crate) mod fixture;
mod lines;
pub mod plan;
mod select;
mod spec;
#[cfg(test)]
mod tests;
pub mod words;

pub use describe::describe;
pub use draw::svg;
pub use select::{
    Breakdown, breakdown, breakdown_chart, chain_chart, headline, headline_chart, latest, parts_chart, spark,
};
pub use spec::{Bar, Bars, ChartSpec, Column, Drawing, Lines, Note, Point, Series, Spark, Stack};
