//! What charts with one row a group share: the whole as a line through all rows with its words above it, and the axis of
//! values beneath.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, Plot, text, width_of};
use super::words;
use crate::domain::Unit;

/// Height of a row in the chart's units.
pub(super) const ROW: i32 = 30;

/// Room beneath the rows: numbers, and what they are of.
pub(super) const FOOT: i32 = 50;

/// Room above the rows: for the words of the whole, where it is drawn.
pub(super) const fn head(has_whole: bool) -> i32 {
    if has_whole { 26 } else { 8 }
}

/// Height of a chart of so many rows.
pub(super) fn height(rows: usize, has_whole: bool) -> u32 {
    (rows as u32) * ROW as u32 + (head(has_whole) + FOOT) as u32
}

/// From nought to `top`, as many numbers as fit, and beneath them what they are.
pub(super) fn value_axis(area: &Area<'_>, plot: &Plot<'_>, unit: Unit, (top, step): (f64, f64)) -> Drawn {
    plot.draw(&PathElement::new(vec![(0.0, 0.0), (top, 0.0)], Ink::Axis.token()))?;
    let steps = (top / step).round() as i32;
    let at = |nth: i32| plot.map_coordinate(&(f64::from(nth) * step, 0.0));
    let number = |nth: i32| words::number(unit, f64::from(nth) * step);
    // Where the numbers would meet, every second of them stands, or every third.
    let widest = (0..=steps).map(|nth| width_of(&number(nth))).max().unwrap_or(0) + 6;
    let every = (1..=steps).find(|every| at(*every).0 - at(0).0 >= widest).unwrap_or(steps.max(1));
    for nth in (0..=steps).step_by(usize::try_from(every).unwrap_or(1)) {
        let (x, foot) = at(nth);
        area.draw(&PathElement::new(vec![(x, foot), (x, foot + 5)], Ink::Axis.token()))?;
        text(area, &number(nth), (x, foot + 22), Ink::Text, HPos::Center)?;
    }
    let (x, foot) = plot.map_coordinate(&(0.0, 0.0));
    text(area, &words::axis_title(unit), (x, foot + 42), Ink::Quiet, HPos::Left)
}

/// The whole: a line through all rows, its words above.
pub(super) fn whole(area: &Area<'_>, plot: &Plot<'_>, (value, rows): (f64, f64), label: &str) -> Drawn {
    plot.draw(&PathElement::new(vec![(value, 0.0), (value, rows)], Ink::Whole.token()))?;
    let (x, high) = plot.map_coordinate(&(value, rows));
    let half = width_of(label) / 2;
    let x = x.clamp(half + 2, area.dim_in_pixel().0 as i32 - half - 2);
    text(area, label, (x, high - 6), Ink::Quiet, HPos::Center)
}
