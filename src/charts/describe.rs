//! Alternative text, at most 300 characters, from what the chart shows and nothing else.
//!
//! It gives the first and last complete values and the range. It compares no two periods, and a provisional month or a
//! gap is named, never read across.

use std::fmt::Write as _;

use super::spec::{Bars, ChartSpec, Curves, Drawing, Endings, Lines, Point, Stack};
use super::words::{period_short, value_full, value_short};
use super::{control, funnel};
use crate::domain::Unit;

/// The words for a reader who does not see the chart.
pub fn describe(spec: &ChartSpec) -> String {
    let text = match &spec.drawing {
        Drawing::Lines(lines) => of_lines(lines),
        Drawing::Bars(bars) => of_bars(bars),
        Drawing::Stack(stack) => of_stack(stack),
        Drawing::Curves(curves) => of_curves(curves),
        Drawing::Endings(endings) => of_endings(endings),
        Drawing::Control(chart) => control::describe(chart),
        Drawing::Funnel(chart) => funnel::describe(chart),
        Drawing::Spark(spark) => one_line(spark.unit, &spark.points, spark.target, "Line"),
    };
    within(&text, 300)
}

fn of_lines(lines: &Lines) -> String {
    if let [only] = lines.series.as_slice() {
        return one_line(lines.unit, &only.points, lines.target, "Line chart");
    }
    let each: Vec<String> = lines
        .series
        .iter()
        .filter_map(|series| {
            let last = complete(&series.points).last()?;
            Some(format!("{} {} in {}", series.label, value_short(lines.unit, last.value?), period_short(last.period)))
        })
        .collect();
    let target = lines.target.map_or_else(String::new, |value| format!(" Target {}.", value_short(lines.unit, value)));
    format!("Line chart of {} lines. Latest complete: {}.{target}", lines.series.len(), each.join("; "))
}

fn complete(points: &[Point]) -> impl Iterator<Item = &Point> {
    points.iter().filter(|point| !point.provisional && point.value.is_some())
}

fn one_line(unit: Unit, points: &[Point], target: Option<f64>, kind: &str) -> String {
    let (Some(first), Some(last)) = (complete(points).next(), complete(points).last()) else {
        return format!("{kind}: no complete period has a value that can be shown.");
    };
    let values = || complete(points).filter_map(|point| point.value);
    let lowest = values().fold(f64::INFINITY, f64::min);
    let highest = values().fold(f64::NEG_INFINITY, f64::max);
    let mut text = format!("{kind}, {} to {}", period_short(first.period), period_short(last.period));
    if let Some(value) = last.value {
        _ = write!(text, ". Latest complete: {}", value_full(unit, value));
    }
    _ = write!(text, ". Lowest {}, highest {}", value_short(unit, lowest), value_short(unit, highest));
    if let Some(target) = target {
        _ = write!(text, ". Target {}", value_short(unit, target));
    }
    let gaps = points.iter().filter(|point| point.value.is_none()).count();
    if gaps > 0 {
        _ = write!(text, ". Gaps where nothing can be shown: {gaps}");
    }
    if points.iter().any(|point| point.provisional) {
        text.push_str(". The latest is provisional");
    }
    text.push('.');
    text
}

fn of_bars(bars: &Bars) -> String {
    let each: Vec<String> = bars
        .bars
        .iter()
        .map(|bar| match bar.value {
            Some(value) => format!("{} {}", bar.label, value_short(bars.unit, value)),
            None => format!("{} {}", bar.label, bar.absent),
        })
        .collect();
    let whole =
        bars.whole.map_or_else(String::new, |value| format!(" Whole partnership {}.", value_short(bars.unit, value)));
    format!("Bar chart, {}.{whole} {}.", bars.period.in_words(), each.join("; "))
}

fn of_curves(chart: &Curves) -> String {
    let each: Vec<String> = chart
        .curves
        .iter()
        .map(|curve| {
            let points = curve
                .points
                .iter()
                .filter_map(|point| Some(format!("{} by day {}", value_short(chart.unit, point.value?), point.day)));
            format!("{}: {}", curve.label, points.collect::<Vec<_>>().join(", "))
        })
        .collect();
    format!("Curve over days since the start. {}.", each.join("; "))
}

fn of_endings(chart: &Endings) -> String {
    let Some(last) = chart.columns.iter().rev().find(|column| column.is_shown()) else {
        return "Columns of endings: every one is withheld or not known.".into();
    };
    let each: Vec<String> = chart
        .bands
        .iter()
        .zip(&last.values)
        .map(|(band, share)| match share {
            Some(share) => format!("{band} {}", value_short(Unit::Proportion, *share)),
            None => format!("{band} not shown"),
        })
        .collect();
    format!("Columns that add up to everyone, {}. {}: {}.", chart.when, last.label, each.join(", "))
}

fn of_stack(stack: &Stack) -> String {
    let Some((month, values)) = stack
        .columns
        .iter()
        .rev()
        .filter(|column| !column.provisional)
        .find_map(|column| Some((column.month, column.values.as_ref()?)))
    else {
        return "Column chart: no complete month can be shown.".into();
    };
    let each: Vec<String> = stack
        .bands
        .iter()
        .zip(values)
        .map(|(band, value)| format!("{band} {}", value_short(stack.unit, *value)))
        .collect();
    let total = value_full(stack.unit, values.iter().sum());
    format!(
        "Column chart over {} months. Latest complete, {}: {total}; {}.",
        stack.columns.len(),
        month.in_words(),
        each.join(", ")
    )
}

/// Cut at a clause where it would be too long.
fn within(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let room: String = text.chars().take(most - 30).collect();
    let kept = room.rfind(';').map_or(room.as_str(), |at| room.get(..at).unwrap_or(&room));
    format!("{kept}; more in the table.")
}
