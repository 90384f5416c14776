//! Bars from zero: a breakdown with its intervals, the steps of a chain, columns by band over time.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, plane, scale, text, width_of};
use super::lines::{apart, shortened, without_common_start};
use super::rows::{self, FOOT, ROW, head};
use super::spec::{Bars, Stack};
use super::words;

pub(super) fn draw_bars(area: &Area<'_>, chart: &Bars) -> Drawn {
    let highest = chart
        .bars
        .iter()
        .flat_map(|bar| [bar.value, bar.interval.map(|(_, upper)| upper)])
        .flatten()
        .chain(chart.whole)
        .fold(chart.top.unwrap_or(0.0), f64::max);
    let (top, step) = scale(chart.unit, highest);
    let labels: Vec<String> = chart.bars.iter().map(|bar| shortened(&bar.label)).collect();
    let left = labels.iter().map(|label| width_of(label)).max().unwrap_or(0) + 12;
    let rows = chart.bars.len() as f64;
    let head = head(chart.whole.is_some());
    let plot = plane(area, (head, 84, FOOT, left), 0.0..top, 0.0..rows.max(1.0));
    let x_zero = plot.map_coordinate(&(0.0, 0.0)).0;
    plot.draw(&PathElement::new(vec![(0.0, 0.0), (0.0, rows)], Ink::Axis.token()))?;
    rows::value_axis(area, &plot, chart.unit, (top, step))?;
    let middle = |row: usize| head + ROW * row as i32 + ROW / 2;
    let x_of = |value: f64| plot.map_coordinate(&(value, 0.0)).0;
    for (row, bar) in chart.bars.iter().enumerate() {
        let Some(value) = bar.value else { continue };
        let corners = [(x_zero, middle(row) - 9), (x_of(value), middle(row) + 9)];
        area.draw(&Rectangle::new(corners, Ink::Bar.token().filled()))?;
    }
    if let Some(whole) = chart.whole {
        let label = format!("Whole partnership {}", words::value_short(chart.unit, whole));
        rows::whole(area, &plot, (whole, rows), &label)?;
    }
    // Words last: they stand on a white edge, so that no line runs through them.
    for ((row, bar), label) in chart.bars.iter().enumerate().zip(&labels) {
        let y = middle(row) + 5;
        text(area, label, (x_zero - 8, y), Ink::Text, HPos::Right)?;
        let Some(value) = bar.value else {
            text(area, bar.absent, (x_zero + 8, y), Ink::Quiet, HPos::Left)?;
            continue;
        };
        let mut end = x_of(value);
        if let Some((lower, upper)) = bar.interval {
            let across = vec![(x_of(lower), middle(row)), (x_of(upper), middle(row))];
            area.draw(&PathElement::new(across, Ink::Whisker.token()))?;
            end = end.max(x_of(upper));
        }
        text(area, &words::value_short(chart.unit, value), (end + 8, y), Ink::Text, HPos::Left)?;
    }
    Ok(())
}

pub(super) fn draw_stack(area: &Area<'_>, chart: &Stack) -> Drawn {
    let total = |values: &Vec<f64>| values.iter().sum::<f64>();
    let highest = chart.columns.iter().filter_map(|column| column.values.as_ref()).map(total);
    let (top, step) = scale(chart.unit, highest.chain(chart.target).fold(0.0, f64::max));
    let names: Vec<&str> = chart.bands.iter().map(String::as_str).collect();
    let labels = without_common_start(&names);
    let right = labels.iter().map(|label| width_of(label)).max().unwrap_or(0).max(84) + 12;
    let left = width_of(&words::number(chart.unit, top)).max(24) + 12;
    let count = chart.columns.len().max(1) as f64;
    let plot = plane(area, (26, right, 30, left), 0.0..count, 0.0..top);
    let (x_zero, _) = plot.map_coordinate(&(0.0, 0.0));
    let mut at = 0.0;
    while at <= top + step / 2.0 {
        let ink = if at > 0.0 { Ink::Grid } else { Ink::Axis };
        plot.draw(&PathElement::new(vec![(0.0, at), (count, at)], ink.token()))?;
        let y = plot.map_coordinate(&(0.0, at)).1 + 5;
        text(area, &words::number(chart.unit, at), (x_zero - 8, y), Ink::Text, HPos::Right)?;
        at += step;
    }
    let mut free_from = i32::MIN;
    for (number, column) in chart.columns.iter().enumerate() {
        let x = number as f64;
        let mut foot = 0.0;
        for (band, value) in column.values.iter().flatten().enumerate() {
            let ink = if column.provisional { Ink::Pale(band) } else { Ink::Fill(band) };
            let corners = [(x + 0.1, foot), (x + 0.9, foot + value)];
            plot.draw(&Rectangle::new(corners, ink.token().filled()))?;
            foot += value;
        }
        let month = column.month.first_on().format("%m").to_string();
        let (middle, y) = plot.map_coordinate(&(x + 0.5, 0.0));
        let label = column.month.in_short();
        let wide = width_of(&label) / 2;
        if (month == "04" || month == "10") && middle - wide >= free_from {
            text(area, &label, (middle, y + 22), Ink::Text, HPos::Center)?;
            free_from = middle + wide + 6;
        }
    }
    if let Some(target) = chart.target {
        plot.draw(&PathElement::new(vec![(0.0, target), (count, target)], Ink::Target.token()))?;
    }
    let Some(last) = chart.columns.iter().rev().find_map(|column| column.values.as_ref()) else {
        return Ok(());
    };
    let mut foot = 0.0;
    let mut ends: Vec<(String, f64, Ink)> = Vec::new();
    for (band, (label, value)) in labels.into_iter().zip(last).enumerate() {
        foot += value;
        ends.push((label, foot - value / 2.0, Ink::Label(band)));
    }
    if let Some(target) = chart.target {
        let label = format!("Target {}", words::value_short(chart.unit, target));
        ends.push((label, target, Ink::Text));
    }
    let wanted: Vec<i32> = ends.iter().map(|(_, value, _)| plot.map_coordinate(&(count, *value)).1 + 5).collect();
    let (x, low) = plot.map_coordinate(&(count, 0.0));
    let high = plot.map_coordinate(&(count, top)).1;
    for ((label, _, ink), y) in ends.iter().zip(apart(&wanted, high + 5, low + 5)) {
        text(area, label, (x + 8, y), *ink, HPos::Left)?;
    }
    Ok(())
}
