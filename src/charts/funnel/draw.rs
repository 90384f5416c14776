//! A funnel turned on its side: one row a group, its bands behind it, the whole as a line through all.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Funnel, Place};
use crate::charts::canvas::Ink;
use crate::charts::draw::{Area, Drawn, plane, scale, text, width_of};
use crate::charts::lines::shortened;
use crate::charts::rows::{self, FOOT, ROW, head};
use crate::charts::words;

pub(in crate::charts) fn draw_funnel(area: &Area<'_>, chart: &Funnel) -> Drawn {
    let highest = chart.rows.iter().flat_map(|row| {
        let upper = |band: Option<(f64, f64)>| band.map(|(_, upper)| upper);
        [row.value, upper(row.limits_998), upper(row.widened_998)]
    });
    let own = highest.flatten().fold(chart.centre, f64::max);
    let (top, step) = scale(chart.unit, chart.top.unwrap_or(0.0).max(own));
    let labels: Vec<String> = chart.rows.iter().map(|row| shortened(&row.label)).collect();
    let left = labels.iter().map(|label| width_of(label)).max().unwrap_or(0) + 12;
    let rows = chart.rows.len() as f64;
    let plot = plane(area, (head(true), 84, FOOT, left), 0.0..top, 0.0..rows.max(1.0));
    let x_zero = plot.map_coordinate(&(0.0, 0.0)).0;
    let x_of = |value: f64| plot.map_coordinate(&(value, 0.0)).0;
    let middle = |row: usize| head(true) + ROW * row as i32 + ROW / 2;
    let x_last = x_of(top);
    plot.draw(&PathElement::new(vec![(0.0, 0.0), (0.0, rows)], Ink::Axis.token()))?;
    rows::value_axis(area, &plot, chart.unit, (top, step))?;
    for (at, row) in chart.rows.iter().enumerate() {
        let bands =
            [(row.widened_998, Ink::Outline, 11), (row.limits_998, Ink::Wide, 9), (row.limits_95, Ink::Narrow, 9)];
        for (band, ink, half) in bands {
            if let Some((lower, upper)) = band {
                let corners = [(x_of(lower), middle(at) - half), (x_of(upper), middle(at) + half)];
                area.draw(&Rectangle::new(corners, ink.token().filled()))?;
            }
        }
    }
    let label = format!("All shown {}", words::value_short(chart.unit, chart.centre));
    rows::whole(area, &plot, (chart.centre, rows), &label)?;
    for ((at, row), label) in chart.rows.iter().enumerate().zip(&labels) {
        let y = middle(at);
        text(area, label, (x_zero - 8, y + 5), Ink::Text, HPos::Right)?;
        let Some(value) = row.value else {
            text(area, row.absent, (x_zero + 8, y + 5), Ink::Quiet, HPos::Left)?;
            continue;
        };
        let x = x_of(value);
        match row.place() {
            Place::Beyond { .. } => {
                let corners = vec![(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)];
                area.draw(&Polygon::new(corners, Ink::Apart.token()))?;
            }
            _ => area.draw(&Circle::new((x, y), 4, Ink::Dot(0).token().filled()))?,
        }
        text(area, &words::value_short(chart.unit, value), (x_last + 14, y + 5), Ink::Text, HPos::Left)?;
    }
    Ok(())
}
