//! Columns that add up to everyone: how waits had ended, each ending a band.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, plane, text, width_of};
use super::lines::{apart, shortened};
use super::spec::Endings;

/// A band this thin, as a share, has no room for its number.
const ROOM_FOR_A_NUMBER: f64 = 0.07;

pub(super) fn draw_endings(area: &Area<'_>, chart: &Endings) -> Drawn {
    let labels: Vec<String> = chart.bands.iter().map(|band| shortened(band)).collect();
    let right = labels.iter().map(|label| width_of(label)).max().unwrap_or(0).clamp(60, 230) + 16;
    let count = chart.columns.len().max(1) as f64;
    let plot = plane(area, (12, right, 30, 56), 0.0..count, 0.0..1.0);
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
        for share in column.values.iter().flatten().filter(|_| chart.columns.len() <= 6) {
            if *share >= ROOM_FOR_A_NUMBER {
                let y = plot.map_coordinate(&(x, under + share / 2.0)).1 + 5;
                text(area, &format!("{:.0}%", share * 100.0), (middle, y), Ink::Text, HPos::Center)?;
            }
            under += share;
        }
        if !column.is_shown() {
            text(area, "-", (middle, foot - 6), Ink::Quiet, HPos::Center)?;
        }
        let wide = width_of(&column.label) / 2;
        if middle - wide >= free_from {
            text(area, &column.label, (middle, foot + 22), Ink::Text, HPos::Center)?;
            free_from = middle + wide + 8;
        }
    }
    let Some(last) = chart.columns.iter().rev().find(|column| column.is_shown()) else { return Ok(()) };
    let mut under = 0.0;
    let mut ends: Vec<(String, f64, Ink)> = Vec::new();
    for ((band, label), share) in labels.into_iter().enumerate().zip(&last.values) {
        let Some(share) = share else { continue };
        ends.push((label, under + share / 2.0, Ink::Label(band)));
        under += share;
    }
    if let Some(rest) = last.not_shown() {
        ends.push(("Not shown apart".to_owned(), under + rest / 2.0, Ink::Quiet));
    }
    let wanted: Vec<i32> = ends.iter().map(|(_, at, _)| plot.map_coordinate(&(count, *at)).1 + 5).collect();
    for ((label, _, ink), y) in ends.iter().zip(apart(&wanted, high + 5, foot + 5)) {
        text(area, label, (x_end + 10, y), *ink, HPos::Left)?;
    }
    Ok(())
}
