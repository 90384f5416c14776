//! Figures of a report to charts: first plain data (`ChartSpec`), then SVG drawn by plotters. Words for both.
//!
//! Knows nothing of requests or pages, and works no figure out: it shows what the report says.

mod bars;
mod by_days;
mod canvas;
mod control;
mod curves;
mod describe;
mod draw;
mod effects;
mod endings;
mod ends;
#[cfg(test)]
pub(crate) mod fixture;
mod funnel;
mod lines;
pub mod plan;
mod rows;
mod select;
mod spec;
#[cfg(test)]
mod tests;
pub mod words;

pub use crate::judgement::{headline, latest};
pub use by_days::by_days_chart;
pub use control::{Control, control_chart, drawn_limits};
pub use describe::describe;
pub use draw::{svg, svg_narrow};
pub use effects::{EffectRow, EffectSays, Effects};
pub use funnel::{Funnel, FunnelRow, Place};
pub use select::{
    Breakdown, breakdown, breakdown_chart, chain_chart, headline_chart, is_not_recorded, parts_chart, scale_top, spark,
    with_top,
};
pub use spec::{
    Bar, Bars, ChartSpec, Column, Curve, CurvePoint, Curves, Drawing, EndingColumn, Endings, Lines, Note, Point,
    Series, Spark, Stack,
};
