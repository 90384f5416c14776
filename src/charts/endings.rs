//! Columns that add up to everyone: how waits had ended, each ending a band.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, LINE, is_narrow, plane, text, width_of};
use super::ends::{Ends, broken};
use super::lines::shortened;
use super::spec::Endings;

/// A band this thin, as a share, has no room for its number.
const ROOM_FOR_A_NUMBER: f64 = 0.07;

pub(super) fn draw_endings(area: &Area<'_>, chart: &Endings) -> Drawn {
    let labels = end_labels(chart);
    let ends = Ends::new(area, labels.iter().map(|(label, _, ink)| (label.clone(), *ink)), (60, 230));
    let right = ends.room + 16;
    let count = chart.columns.len().max(1) as f64;
    let room_beneath = if is_narrow(area) { 30 + LINE } else { 30 };
    let plot = plane(area, (12, right, room_beneath, 56), 0.0..count, 0.0..1.0);
    let (x_zero, foot) = plot.map_coordinate(&(0.0, 0.0));
    let (x_end, high) = plot.map_coordinate(&(count, 1.0));
    for at in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let ink = if at > 0.0 { Ink::Grid } else { Ink::Axis };
        plot.draw(&PathElement::new(vec![(0.0, at), (count, at)], ink.token()))?;
        let y = plot.map_coordinate(&(0.0, at)).1 + 5;
        text(area, &format!("{:.0}%", at * 100.0), (x_zero - 8, y), Ink::Text, HPos::Right)?;
    }
    let mut free_from = i32::MIN;
    for (number, column) in chart.columns.iter().enumerate() {
        let x = number as f64;
        let middle = plot.map_coordinate(&(x + 0.5, 0.0)).0;
        let mut under = 0.0;
        for (band, share) in column.values.iter().enumerate() {
            let Some(share) = share else { continue };
            let corners = [(x + 0.08, under), (x + 0.92, under + share)];
            plot.draw(&Rectangle::new(corners, Ink::Fill(band).token().filled()))?;
            under += share;
        }
        if let Some(rest) = column.not_shown() {
            let corners = [(x + 0.08, under), (x + 0.92, under + rest)];
            plot.draw(&Rectangle::new(corners, Ink::Pale(0).token().filled()))?;
        }
        let mut under = 0.0;
        let column_wide = (middle - plot.map_coordinate(&(x + 0.08, 0.0)).0) * 2;
        for share in column.values.iter().flatten().filter(|_| chart.columns.len() <= 6) {
            let number = format!("{:.0}%", share * 100.0);
            if *share >= ROOM_FOR_A_NUMBER && width_of(&number) <= column_wide {
                let y = plot.map_coordinate(&(x, under + share / 2.0)).1 + 5;
                text(area, &number, (middle, y), Ink::Text, HPos::Center)?;
            }
            under += share;
        }
        if !column.is_shown() {
            text(area, "-", (middle, foot - 6), Ink::Quiet, HPos::Center)?;
        }
        // A phone's columns are narrow: what stands beneath one is broken into lines.
        let lines = if is_narrow(area) { broken(&column.label, column_wide) } else { vec![column.label.clone()] };
        let wide = lines.iter().map(|line| width_of(line)).max().unwrap_or(0) / 2;
        if middle - wide >= free_from {
            for (nth, line) in lines.iter().enumerate() {
                text(area, line, (middle, foot + 22 + LINE * nth as i32), Ink::Text, HPos::Center)?;
            }
            free_from = middle + wide + 8;
        }
    }
    let wanted: Vec<i32> = labels.iter().map(|(_, at, _)| plot.map_coordinate(&(count, *at)).1 + 5).collect();
    ends.draw(area, x_end + 10, &wanted, (high + 5, foot + 5))
}

/// The bands of the last column that is shown, with the height of their middles.
fn end_labels(chart: &Endings) -> Vec<(String, f64, Ink)> {
    let Some(last) = chart.columns.iter().rev().find(|column| column.is_shown()) else { return Vec::new() };
    let mut under = 0.0;
    let mut ends: Vec<(String, f64, Ink)> = Vec::new();
    for ((band, label), share) in chart.bands.iter().enumerate().zip(&last.values) {
        let Some(share) = share else { continue };
        ends.push((shortened(label), under + share / 2.0, Ink::Label(band)));
        under += share;
    }
    if let Some(rest) = last.not_shown() {
        ends.push(("Not shown apart".to_owned(), under + rest / 2.0, Ink::Quiet));
    }
    ends
}
