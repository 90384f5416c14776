//! Lines over time: gaps where nothing is known, hollow and dotted where provisional, labels at the line's end.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, Plot, plane, runs, scale, text, width_of};
use super::ends::{Ends, blocks_apart};
use super::spec::{Lines, Point};
use super::words;
use crate::domain::Month;

pub(super) fn draw_lines(area: &Area<'_>, chart: &Lines) -> Drawn {
    let all = || chart.series.iter().flat_map(|series| &series.points);
    let months = || all().map(|point| point.period.last_month());
    let (Some(first), Some(last)) = (months().min(), months().max()) else {
        return Ok(());
    };
    let highest = all()
        .flat_map(|point| [point.value, point.interval.map(|(_, upper)| upper)])
        .flatten()
        .chain(chart.target)
        .fold(0.0, f64::max);
    let (top, step) = scale(chart.unit, highest);
    let labels = end_labels(chart);
    let ends = Ends::new(area, labels.iter().map(|(label, _, ink)| (label.clone(), *ink)), (40, 240));
    let right = ends.room + 12;
    let left = width_of(&words::number(chart.unit, top)).max(24) + 12;
    let span = f64::from(last.since(first)).max(1.0);
    let plot = plane(area, (26, right, 30, left), 0.0..span, 0.0..top);
    let (from, to) = (plot.map_coordinate(&(0.0, 0.0)), plot.map_coordinate(&(span, top)));

    let mut at = 0.0;
    while at <= top + step / 2.0 {
        let ink = if at > 0.0 { Ink::Grid } else { Ink::Axis };
        plot.draw(&PathElement::new(vec![(0.0, at), (span, at)], ink.token()))?;
        let y = plot.map_coordinate(&(0.0, at)).1 + 5;
        text(area, &words::number(chart.unit, at), (from.0 - 8, y), Ink::Text, HPos::Right)?;
        at += step;
    }
    month_axis(area, &plot, first, last, 0.0)?;
    for (number, note) in chart.notes.iter().enumerate() {
        let x = f64::from(note.month.since(first));
        if (0.0..=span).contains(&x) {
            plot.draw(&PathElement::new(vec![(x, 0.0), (x, top)], Ink::Note.token()))?;
            let place = plot.map_coordinate(&(x, top));
            text(area, &(number + 1).to_string(), (place.0, place.1 - 6), Ink::Text, HPos::Center)?;
        }
    }
    if let Some(target) = chart.target {
        plot.draw(&PathElement::new(vec![(0.0, target), (span, target)], Ink::Target.token()))?;
    }
    let x_of = |_: usize, point: &Point| f64::from(point.period.last_month().since(first));
    for (number, series) in chart.series.iter().enumerate() {
        if chart.has_band() {
            interval_band(&plot, &series.points, x_of)?;
        }
        trace(&plot, &series.points, number, x_of)?;
        for (at, point) in series.points.iter().enumerate().filter(|(_, point)| point.provisional) {
            if let Some(value) = point.value {
                plot.draw(&Circle::new((x_of(at, point), value), 4, Ink::Hollow(number).token().filled()))?;
            }
        }
    }
    let wanted: Vec<i32> = labels.iter().map(|(_, value, _)| plot.map_coordinate(&(span, *value)).1 + 5).collect();
    ends.draw(area, to.0 + 10, &wanted, (to.1 + 5, from.1 + 5))
}

/// One path for each run without a gap; the step into a provisional month is dotted.
pub(super) fn trace(plot: &Plot<'_>, points: &[Point], number: usize, x_of: impl Fn(usize, &Point) -> f64) -> Drawn {
    for run in runs(points) {
        let start = run.start;
        let run = points.get(run).unwrap_or_default();
        let solid = run.iter().position(|point| point.provisional).unwrap_or(run.len());
        let place = |(at, point): (usize, &Point)| Some((x_of(start + at, point), point.value?));
        let firm: Vec<_> = run.iter().enumerate().take(solid).filter_map(place).collect();
        let loose: Vec<_> = run.iter().enumerate().skip(solid.saturating_sub(1)).filter_map(place).collect();
        match firm.as_slice() {
            [] => {}
            [alone] => plot.draw(&Circle::new(*alone, 3, Ink::Dot(number).token().filled()))?,
            _ => plot.draw(&PathElement::new(firm, Ink::Line(number).token()))?,
        }
        if solid < run.len() && loose.len() > 1 {
            plot.draw(&PathElement::new(loose, Ink::Dotted(number).token()))?;
        }
    }
    Ok(())
}

fn interval_band(plot: &Plot<'_>, points: &[Point], x_of: impl Fn(usize, &Point) -> f64) -> Drawn {
    for run in runs(points) {
        let start = run.start;
        let run = points.get(run).unwrap_or_default();
        let ends: Vec<_> =
            run.iter().enumerate().filter_map(|(at, point)| Some((x_of(start + at, point), point.interval?))).collect();
        if ends.len() < 2 {
            continue;
        }
        let over = ends.iter().map(|(x, (_, upper))| (*x, *upper));
        let under = ends.iter().rev().map(|(x, (lower, _))| (*x, *lower));
        plot.draw(&Polygon::new(over.chain(under).collect::<Vec<_>>(), Ink::Band(0).token()))?;
    }
    Ok(())
}

/// April of each year where the chart is long, else every third month.
pub(super) fn month_axis(area: &Area<'_>, plot: &Plot<'_>, first: Month, last: Month, foot: f64) -> Drawn {
    let every = match last.since(first) {
        0..=4 => 1,
        5..=13 => 3,
        14..=40 => 6,
        _ => 12,
    };
    let mut free_from = i32::MIN;
    for step in 0..=last.since(first) {
        let month = first.plus(step);
        if month.first_on().format("%m").to_string().parse::<i32>().unwrap_or(0) % every != 4 % every {
            continue;
        }
        let (x, y) = plot.map_coordinate(&(f64::from(step), foot));
        let label = month.in_short();
        if x - width_of(&label) / 2 < free_from {
            continue;
        }
        free_from = x + width_of(&label) / 2 + 6;
        area.draw(&PathElement::new(vec![(x, y), (x, y + 5)], Ink::Axis.token()))?;
        text(area, &label, (x, y + 22), Ink::Text, HPos::Center)?;
    }
    Ok(())
}

/// The words at the lines' ends, with the value they stand beside.
fn end_labels(chart: &Lines) -> Vec<(String, f64, Ink)> {
    let names: Vec<&str> = chart.series.iter().map(|series| series.label.as_str()).collect();
    let short = without_common_start(&names);
    let mut labels: Vec<(String, f64, Ink)> = chart
        .series
        .iter()
        .zip(short)
        .enumerate()
        .filter_map(|(number, (series, label))| {
            let shown = || series.points.iter().rev().filter(|point| point.value.is_some());
            let last = shown().next()?;
            if chart.series.len() > 1 {
                return Some((shortened(&label), last.value?, Ink::Label(number)));
            }
            // The latest complete value and its period, as in the title: a provisional one may still change.
            let point = shown().find(|point| !point.provisional).unwrap_or(last);
            let value = words::value_short(chart.unit, point.value?);
            let provisional = if point.provisional { ", provisional" } else { "" };
            let label = format!("{value} {}{provisional}", words::period_short(point.period));
            Some((label, point.value?, Ink::Label(number)))
        })
        .collect();
    if let Some(target) = chart.target {
        labels.push((format!("Target {}", words::value_short(chart.unit, target)), target, Ink::Text));
    }
    labels
}

/// At most 26 characters, cut at a word.
pub(super) fn shortened(label: &str) -> String {
    if label.chars().count() <= 26 {
        return label.to_owned();
    }
    let mut short = String::new();
    for word in label.split_whitespace() {
        if short.chars().count() + word.chars().count() > 24 {
            break;
        }
        short.push_str(word);
        short.push(' ');
    }
    format!("{}…", short.trim_end())
}

/// `after 3 days`, `after 10 days` become `3 days`, `10 days`.
pub(super) fn without_common_start(labels: &[&str]) -> Vec<String> {
    let split: Vec<Vec<&str>> = labels.iter().map(|label| label.split(' ').collect()).collect();
    let mut common = 0;
    while labels.len() > 1
        && split.iter().all(|words| {
            words.len() > common + 1 && words.get(common) == split.first().and_then(|first| first.get(common))
        })
    {
        common += 1;
    }
    split.iter().map(|words| words.get(common..).unwrap_or_default().join(" ")).collect()
}

/// Heights near the wanted ones, a line apart, within the frame, in the same order.
pub(super) fn apart(wanted: &[i32], top: i32, bottom: i32) -> Vec<i32> {
    let lines: Vec<(i32, i32)> = wanted.iter().map(|at| (*at, 1)).collect();
    blocks_apart(&lines, top, bottom)
}
