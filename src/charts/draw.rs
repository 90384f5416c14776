//! `ChartSpec` to SVG: the frame, the scales, the pieces every chart shares.

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::canvas::{Canvas, Ink, escaped};
use super::spec::{ChartSpec, Drawing, Point, Spark};
use super::{bars, control, curves, describe, endings, funnel, lines, rows};
use crate::domain::Unit;

pub(super) type Area<'a> = DrawingArea<Canvas<'a>, Shift>;
pub(super) type Plot<'a> = DrawingArea<Canvas<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;

/// Height of a text line in the chart's units, at 15 units to the em.
pub(super) const LINE: i32 = 18;

/// Width of a chart in its own units.
pub(super) const WIDTH: u32 = 600;

/// Width of a chart that stands in a column beside others, so that its text is as large as theirs.
const COLUMN: u32 = 440;

/// Width of a chart for a phone: 375 px hold it with its letters legible.
const NARROW: u32 = 400;

/// Whether a drawing is for a phone.
pub(super) fn is_narrow(area: &Area<'_>) -> bool {
    area.dim_in_pixel().0 <= NARROW
}

/// Charts on a scale of their own stand alone; those on a shared one, two beside each other.
fn width_of_rows(shared_top: Option<f64>) -> u32 {
    if shared_top.is_some() { COLUMN } else { WIDTH }
}

/// The chart as one `<svg>` element, described, with no style or script in it.
pub fn svg(spec: &ChartSpec) -> String {
    let (wide, high) = size(spec);
    let class = if matches!(spec.drawing, Drawing::Spark(_)) { "spark" } else { "chart" };
    element(spec, class, &spec.id, (wide, high))
}

/// The same chart drawn for a phone, its words as large beside a smaller plane; the stylesheet shows one of the two.
pub fn svg_narrow(spec: &ChartSpec) -> String {
    element(spec, "chart narrow", &format!("{}-n", spec.id), (NARROW, size(spec).1))
}

/// A chart's own units, wide and high.
fn size(spec: &ChartSpec) -> (u32, u32) {
    match &spec.drawing {
        Drawing::Lines(_) | Drawing::Stack(_) | Drawing::Endings(_) => (WIDTH, 280),
        Drawing::Control(_) => (WIDTH, 320),
        Drawing::Funnel(chart) => (width_of_rows(chart.top), rows::height(chart.rows.len(), true)),
        Drawing::Bars(chart) => (width_of_rows(chart.top), rows::height(chart.bars.len(), chart.whole.is_some())),
        Drawing::Spark(_) => (240, 48),
        Drawing::Curves(curves) => (WIDTH, curves::height(curves)),
    }
}

fn element(spec: &ChartSpec, class: &str, id: &str, size: (u32, u32)) -> String {
    let mut inner = String::new();
    let area = Canvas::new(&mut inner, size).into_drawing_area();
    let drawn = match &spec.drawing {
        Drawing::Lines(chart) => lines::draw_lines(&area, chart),
        Drawing::Stack(chart) => bars::draw_stack(&area, chart),
        Drawing::Bars(chart) => bars::draw_bars(&area, chart),
        Drawing::Spark(chart) => draw_spark(&area, chart),
        Drawing::Curves(chart) => curves::draw_curves(&area, chart),
        Drawing::Endings(chart) => endings::draw_endings(&area, chart),
        Drawing::Control(chart) => control::draw_control(&area, chart),
        Drawing::Funnel(chart) => funnel::draw_funnel(&area, chart),
    };
    drawn.expect("writing to a string cannot fail");
    drop(area);
    format!(
        concat!(
            r#"<svg class="{class}" role="img" aria-labelledby="{id}-t {id}-d" viewBox="0 0 {w} {h}" "#,
            r#"xmlns="http://www.w3.org/2000/svg"><title id="{id}-t">{title}</title>"#,
            r#"<desc id="{id}-d">{desc}</desc>{inner}</svg>"#
        ),
        class = class,
        id = escaped(id),
        w = size.0,
        h = size.1,
        title = escaped(&spec.title),
        desc = escaped(&describe(spec)),
        inner = inner,
    )
}

/// A coordinate plane inside the area.
pub(super) fn plane<'a>(
    area: &Area<'a>,
    (top, right, bottom, left): (i32, i32, i32, i32),
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
) -> Plot<'a> {
    let inner = area.margin(top, bottom, left, right);
    let (width, height) = inner.get_pixel_range();
    // The foot of the plane is its zero: pixels count downward.
    inner.apply_coord_spec(Cartesian2d::new(x, y, (width, height.end..height.start)))
}

/// Real text at a place in the chart's units.
pub(super) fn text(area: &Area<'_>, words: &str, at: (i32, i32), ink: Ink, anchor: HPos) -> Drawn {
    let color = ink.token();
    let style = TextStyle::from(("sans-serif", 15)).color(&color).pos(Pos::new(anchor, VPos::Bottom));
    area.draw(&Text::new(words.to_owned(), at, style))
}

/// An estimate of a text's width in the chart's units, on the generous side.
pub(super) fn width_of(words: &str) -> i32 {
    let per_cent = words.matches('%').count() as f64;
    (words.chars().count() as f64 * 8.3 + per_cent * 7.0).ceil() as i32
}

/// Round steps from zero to at least `top`: the scale's end and its step. There is no half of a child: what is counted has
/// whole steps.
pub(super) fn scale(unit: Unit, top: f64) -> (f64, f64) {
    let top = if top > 0.0 { top } else { 1.0 };
    let rough = if unit.is_counted() { (top / 4.0).max(1.0) } else { top / 4.0 };
    let power = 10_f64.powf(rough.log10().floor());
    let may_be = |step: &f64| *step >= rough && (!unit.is_counted() || step.fract().abs() < f64::EPSILON);
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|times| times * power);
    let step = steps.into_iter().find(may_be).unwrap_or(rough.ceil());
    ((top / step).ceil() * step, step)
}

/// Runs of points without a gap between them, as indices.
pub(super) fn runs(points: &[Point]) -> Vec<std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, point) in points.iter().enumerate() {
        match (point.value, start) {
            (Some(_), None) => start = Some(at),
            (None, Some(from)) => {
                runs.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        runs.push(from..points.len());
    }
    runs
}

fn draw_spark(area: &Area<'_>, spark: &Spark) -> Drawn {
    let values = || spark.points.iter().filter_map(|point| point.value).chain(spark.target);
    let top = values().fold(0.0, f64::max).max(f64::MIN_POSITIVE) * 1.1;
    let plot = plane(area, (4, 10, 4, 6), 0.0..(spark.points.len().max(2) - 1) as f64, 0.0..top);
    if let Some(target) = spark.target {
        let ends = vec![(0.0, target), ((spark.points.len().max(2) - 1) as f64, target)];
        plot.draw(&PathElement::new(ends, Ink::Target.token()))?;
    }
    lines::trace(&plot, &spark.points, 0, |at, _| at as f64)?;
    let last = spark.points.iter().enumerate().rev().find_map(|(at, point)| Some((at, point.value?, point)));
    if let Some((at, value, point)) = last {
        let ink = if point.provisional { Ink::Hollow(0) } else { Ink::Dot(0) };
        plot.draw(&Circle::new((at as f64, value), 4, ink.token().filled()))?;
    }
    Ok(())
}
