//! A control chart to SVG: average and limits dashed and labelled, signals by shape and colour, provisional hollow.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Control, drawn_limits};
use crate::charts::canvas::Ink;
use crate::charts::draw::{Area, Drawn, Plot, plane, scale, text, width_of};
use crate::charts::ends::Ends;
use crate::charts::lines::{month_axis, trace};
use crate::charts::spec::Point;
use crate::charts::words;
use crate::domain::Month;
use crate::judgement::Judged;
use crate::stats::State;

/// Half the width of a signal's mark.
const MARK: i32 = 6;

pub(in crate::charts) fn draw_control(area: &Area<'_>, chart: &Control) -> Drawn {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else {
        return Ok(());
    };
    let (first, last) = (first.period.last_month(), last.period.last_month());
    let end = chart.way.map_or(last, |(_, by)| by.max(last));
    let (low, top, step) = range(chart);
    let labels = end_labels(chart);
    let ends = Ends::new(area, labels.iter().map(|(label, _, ink)| (label.clone(), *ink)), (40, 190));
    let right = ends.room + 12;
    let number = |value: f64| words::number(chart.unit, value);
    let left = width_of(&number(top)).max(width_of(&number(low))).max(24) + 12;
    let span = f64::from(end.since(first)).max(1.0);
    let plot = plane(area, (26, right, 30, left), 0.0..span, low..top);

    let mut at = low;
    while at <= top + step / 2.0 {
        let at_axis = at.abs() < step / 2.0;
        plot.draw(&PathElement::new(vec![(0.0, at), (span, at)], if at_axis { Ink::Axis } else { Ink::Grid }.token()))?;
        let place = plot.map_coordinate(&(0.0, at));
        text(area, &number(if at_axis { 0.0 } else { at }), (place.0 - 8, place.1 + 5), Ink::Text, HPos::Right)?;
        at += step;
    }
    month_axis(area, &plot, first, end, low)?;
    for (at, note) in chart.notes.iter().enumerate() {
        let x = f64::from(note.month.since(first));
        if (0.0..=span).contains(&x) {
            plot.draw(&PathElement::new(vec![(x, low), (x, top)], Ink::Note.token()))?;
            let place = plot.map_coordinate(&(x, top));
            text(area, &(at + 1).to_string(), (place.0, place.1 - 6), Ink::Text, HPos::Center)?;
        }
    }
    if let Some(target) = chart.target {
        plot.draw(&PathElement::new(vec![(0.0, target), (span, target)], Ink::Target.token()))?;
        if let Some((from, by)) = chart.way {
            let ends = vec![(f64::from(last.since(first)), from), (f64::from(by.since(first)), target)];
            plot.draw(&PathElement::new(ends, Ink::Way.token()))?;
        }
    }
    limits(&plot, chart, first)?;
    let points: Vec<Point> = chart.points.iter().map(plain).collect();
    trace(&plot, &points, 0, |_, point| f64::from(point.period.last_month().since(first)))?;
    for point in &chart.points {
        let Some(value) = point.value else { continue };
        let place = plot.map_coordinate(&(f64::from(point.period.last_month().since(first)), value));
        mark(area, place, point)?;
    }
    let wanted: Vec<i32> = labels.iter().map(|(_, value, _)| plot.map_coordinate(&(span, *value)).1 + 5).collect();
    let (x, foot) = plot.map_coordinate(&(span, low));
    let head = plot.map_coordinate(&(span, top)).1;
    ends.draw(area, x + 10, &wanted, (head + 5, foot + 5))
}

fn plain(point: &Judged) -> Point {
    Point { period: point.period, value: point.value, interval: None, provisional: point.provisional }
}

/// The scale's foot, head and step: from nought, or for a flow from below it.
fn range(chart: &Control) -> (f64, f64, f64) {
    let all = || {
        let limits = chart.points.iter().filter_map(|point| point.limits).map(|limits| drawn_limits(chart, limits));
        let values = chart.points.iter().filter_map(|point| point.value);
        values
            .chain(limits.flat_map(|(lower, upper)| [lower, upper]))
            .chain(chart.target)
            .chain(chart.way.map(|way| way.0))
    };
    let (lowest, highest) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    if lowest >= 0.0 {
        let (top, step) = scale(chart.unit, highest);
        return (0.0, top, step);
    }
    let (_, step) = scale(chart.unit, highest - lowest);
    ((lowest / step).floor() * step, (highest / step).ceil() * step, step)
}

/// Average and limits of each phase, as one path each.
fn limits(plot: &Plot<'_>, chart: &Control, first: Month) -> Drawn {
    let phases = chart.points.chunk_by(|before, after| before.phase == after.phase);
    for phase in phases {
        let x = |point: &Judged| f64::from(point.period.last_month().since(first));
        let line = |of: &dyn Fn(&Judged) -> Option<f64>| -> Vec<(f64, f64)> {
            phase.iter().filter_map(|point| Some((x(point), of(point)?))).collect()
        };
        let bound = |point: &Judged| point.limits.map(|limits| drawn_limits(chart, limits));
        let lines = [
            (line(&|point| point.centre), Ink::Centre),
            (line(&|point| bound(point).map(|(lower, _)| lower)), Ink::Limit),
            (line(&|point| bound(point).map(|(_, upper)| upper)), Ink::Limit),
        ];
        for (path, ink) in lines.into_iter().filter(|(path, _)| path.len() > 1) {
            plot.draw(&PathElement::new(path, ink.token()))?;
        }
    }
    Ok(())
}

/// Shape and colour say the same: a triangle the way it went, a diamond, a ring, a dot; hollow where provisional.
fn mark(area: &Area<'_>, (x, y): (i32, i32), point: &Judged) -> Drawn {
    let high = point.signal.is_some_and(crate::stats::Signal::high);
    let shape = |corners: Vec<(i32, i32)>, ink: Ink| area.draw(&Polygon::new(corners, ink.token()));
    match point.state {
        _ if point.provisional => area.draw(&Circle::new((x, y), 4, Ink::Hollow(0).token().filled())),
        Some(State::Improvement) if high => {
            shape(vec![(x, y - MARK - 1), (x + MARK, y + MARK - 1), (x - MARK, y + MARK - 1)], Ink::Better)
        }
        Some(State::Improvement) => {
            shape(vec![(x, y + MARK + 1), (x + MARK, y - MARK + 1), (x - MARK, y - MARK + 1)], Ink::Better)
        }
        Some(State::Concern) => shape(vec![(x, y - MARK), (x + MARK, y), (x, y + MARK), (x - MARK, y)], Ink::Worse),
        Some(State::NeutralHigh | State::NeutralLow) => {
            area.draw(&Circle::new((x, y), 5, Ink::Changed.token().filled()))
        }
        Some(State::CommonCause) | None => area.draw(&Circle::new((x, y), 3, Ink::Common.token().filled())),
    }
}

/// The words at the lines' ends, with the value they stand beside.
fn end_labels(chart: &Control) -> Vec<(String, f64, Ink)> {
    let short = |value: f64| words::value_short(chart.unit, value);
    let mut labels = Vec::new();
    // The latest complete value, as in the title: a provisional one may still change.
    let latest = chart.points.iter().rev().find(|point| point.value.is_some() && !point.provisional);
    if let Some((point, value)) = latest.and_then(|point| Some((point, point.value?))) {
        labels.push((format!("{} {}", short(value), words::period_short(point.period)), value, Ink::Label(0)));
    }
    if let Some(point) = chart.points.iter().rev().find(|point| point.centre.is_some()) {
        if let Some(centre) = point.centre {
            let words =
                if chart.signed { chart.centre.to_owned() } else { format!("{} {}", chart.centre, short(centre)) };
            labels.push((words, centre, Ink::Quiet));
        }
        let limits = chart.points.iter().rev().find_map(|point| point.limits).map(|limits| drawn_limits(chart, limits));
        if let Some((lower, upper)) = limits {
            labels.push((format!("Upper limit {}", short(upper)), upper, Ink::Quiet));
            if lower > 0.0 || chart.signed {
                labels.push((format!("Lower limit {}", short(lower)), lower, Ink::Quiet));
            }
        }
    }
    if let Some(target) = chart.target {
        labels.push((format!("Target {}", short(target)), target, Ink::Text));
    }
    labels
}
