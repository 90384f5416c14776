//! Curves over days since a start, marked at the days that are published, with the numbers still followed beneath.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, LINE, plane, scale, text, width_of};
use super::lines::apart;
use super::spec::{Curve, Curves};
use super::words;
use crate::domain::Unit;

/// Room for the axis beneath the plane.
const AXIS: i32 = 34;

/// The chart's height in its own units: a line more for each cohort's numbers.
pub(super) fn height(chart: &Curves) -> u32 {
    250 + (LINE as u32) * if has_numbers(chart) { chart.curves.len() as u32 + 1 } else { 0 }
}

fn has_numbers(chart: &Curves) -> bool {
    chart.curves.iter().flat_map(|curve| &curve.points).any(|point| point.followed.is_some())
}

pub(super) fn draw_curves(area: &Area<'_>, chart: &Curves) -> Drawn {
    let points = || chart.curves.iter().flat_map(|curve| &curve.points);
    let last_day = f64::from(points().map(|point| point.day).max().unwrap_or(1).max(1));
    let highest = points().flat_map(|point| [point.value, point.interval.map(|(_, upper)| upper)]).flatten();
    let highest = highest.fold(chart.starts_at, f64::max);
    let (top, step) = if chart.unit == Unit::Proportion { (1.0, 0.25) } else { scale(chart.unit, highest) };
    let right = chart.curves.iter().map(|curve| width_of(&curve.label)).max().unwrap_or(0).clamp(60, 200)
        + if has_numbers(chart) { 44 } else { 32 };
    let left = width_of(&words::number(chart.unit, top)).max(24) + 12;
    let beneath = height(chart) as i32 - 250;
    let plot = plane(area, (16, right, AXIS + beneath + 18, left), 0.0..last_day, 0.0..top);
    let (x_zero, foot) = plot.map_coordinate(&(0.0, 0.0));
    let (x_end, high) = plot.map_coordinate(&(last_day, top));
    let mut at = 0.0;
    while at <= top + step / 2.0 {
        let ink = if at > 0.0 { Ink::Grid } else { Ink::Axis };
        plot.draw(&PathElement::new(vec![(0.0, at), (last_day, at)], ink.token()))?;
        let y = plot.map_coordinate(&(0.0, at)).1 + 5;
        text(area, &words::number(chart.unit, at), (x_zero - 8, y), Ink::Text, HPos::Right)?;
        at += step;
    }
    let x_of = |day: u32| plot.map_coordinate(&(f64::from(day), 0.0)).0;
    let mut days: Vec<u32> = points().map(|point| point.day).collect();
    days.sort_unstable();
    days.dedup();
    for day in &days {
        area.draw(&PathElement::new(vec![(x_of(*day), foot), (x_of(*day), foot + 5)], Ink::Axis.token()))?;
        text(area, &day.to_string(), (x_of(*day), foot + 22), Ink::Text, HPos::Center)?;
    }
    text(area, "days", (x_end + 24, foot + 22), Ink::Quiet, HPos::Left)?;
    for (number, curve) in chart.curves.iter().enumerate() {
        let places = curve.points.iter().filter_map(|point| Some((f64::from(point.day), point.value?)));
        let line: Vec<(f64, f64)> = std::iter::once((0.0, chart.starts_at)).chain(places.clone()).collect();
        plot.draw(&PathElement::new(line, Ink::Line(number).token()))?;
        for (point, place) in curve.points.iter().filter(|point| point.value.is_some()).zip(places) {
            if let Some((lower, upper)) = point.interval.filter(|_| number == 0) {
                plot.draw(&PathElement::new(vec![(place.0, lower), (place.0, upper)], Ink::Whisker.token()))?;
            }
            plot.draw(&Circle::new(place, 4, Ink::Dot(number).token().filled()))?;
        }
    }
    let ends: Vec<i32> = chart
        .curves
        .iter()
        .map(|curve| curve.points.iter().rev().find_map(|point| point.value).unwrap_or(chart.starts_at))
        .map(|value| plot.map_coordinate(&(last_day, value)).1 + 5)
        .collect();
    for ((number, curve), y) in chart.curves.iter().enumerate().zip(apart(&ends, high + 5, foot + 5)) {
        text(area, &curve.label, (x_end + 12, y), Ink::Label(number), HPos::Left)?;
    }
    if has_numbers(chart) {
        let first = foot + AXIS + 6;
        let is_absent = |curve: &Curve| curve.points.iter().any(|point| point.followed.is_none());
        let words = if chart.curves.iter().any(is_absent) {
            "Still followed then (-: not shown)"
        } else {
            "Still followed then"
        };
        text(area, words, (x_zero, first), Ink::Quiet, HPos::Left)?;
        for (number, curve) in chart.curves.iter().enumerate() {
            numbers(area, curve, number, first + LINE * (number as i32 + 1), x_end, &x_of)?;
        }
    }
    Ok(())
}

/// One cohort's numbers under its days, each clear of the one before.
fn numbers(area: &Area<'_>, curve: &Curve, number: usize, y: i32, x_end: i32, x_of: &dyn Fn(u32) -> i32) -> Drawn {
    let mut free_from = i32::MIN;
    for point in &curve.points {
        let shown = point.followed.map_or_else(|| "-".to_owned(), |count| words::whole(count.round() as i64));
        let (x, half) = (x_of(point.day), width_of(&shown) / 2);
        if x - half < free_from {
            continue;
        }
        free_from = x + half + 4;
        text(area, &shown, (x, y), Ink::Label(number), HPos::Center)?;
    }
    text(area, &curve.label, (x_end + 34, y), Ink::Label(number), HPos::Left)
}
