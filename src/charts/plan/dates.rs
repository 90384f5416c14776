//! Actions' dates as they moved: a line from the date first agreed, through each later date, to where it ended.

use chrono::{Datelike as _, NaiveDate};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::super::canvas::Ink;
use super::super::draw::{Area, Drawn, Plot, plane, text, width_of};
use super::super::lines::shortened;
use super::{framed, month_axis, months_to, within};
use crate::domain::{Month, british_date};

/// Height of a row in the chart's units.
const ROW: i32 = 26;

/// Between the line of the last day counted and words beside it.
const ROOM: i32 = 10;

/// Actions' dates as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// Unique on its page.
    pub id: String,
    /// Its subject.
    pub title: String,
    /// The last day counted.
    pub as_at: NaiveDate,
    /// From top to bottom.
    pub rows: Vec<DateRow>,
}

/// One action.
#[derive(Clone, Debug, PartialEq)]
pub struct DateRow {
    /// Beside the line.
    pub label: String,
    /// The date first agreed.
    pub original_due_on: NaiveDate,
    /// Every later date, in order.
    pub moved_to: Vec<NaiveDate>,
    /// Where it ended, or stands.
    pub ended: Ended,
    /// Days slipped.
    pub days_slipped: i64,
}

/// Where an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Done on a day.
    Done(NaiveDate),
    /// Not done: slipping to this day at least.
    NotDone(NaiveDate),
}

impl DateRow {
    fn end(&self) -> NaiveDate {
        match self.ended {
            Ended::Done(on) | Ended::NotDone(on) => on,
        }
    }
}

impl Dates {
    /// As one `<svg>`.
    pub fn svg(&self) -> String {
        let height = self.rows.len() as u32 * ROW as u32 + 66;
        framed(&self.id, &self.title, &self.describe(), height, |area| self.draw(area))
    }

    /// The words for a reader who does not see it.
    pub fn describe(&self) -> String {
        let told = |row: &DateRow| {
            let moved = match row.moved_to.len() {
                0 => String::new(),
                1 => ", moved once".into(),
                times => format!(", moved {times} times"),
            };
            let end = match row.ended {
                Ended::Done(on) => format!("done {}", british_date(on)),
                Ended::NotDone(_) => "not done".into(),
            };
            format!("{}: first due {}{moved}, {end}", row.label, british_date(row.original_due_on))
        };
        let rows: Vec<String> = self.rows.iter().map(told).collect();
        within(&format!("Dates of {} as they moved. {}.", counted(self.rows.len()), rows.join("; ")))
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let days = || {
            self.rows
                .iter()
                .flat_map(|row| row.moved_to.iter().copied().chain([row.original_due_on, row.end()]))
                .chain([self.as_at])
        };
        let (Some(earliest), Some(latest)) = (days().min(), days().max()) else { return Ok(()) };
        let first = Month::of(earliest);
        let span = f64::from(Month::of(latest).since(first) + 1);
        let labels: Vec<String> = self.rows.iter().map(|row| shortened(&row.label)).collect();
        let left = labels.iter().map(|label| width_of(label)).max().unwrap_or(0) + 14;
        let rows = self.rows.len() as f64;
        let slips = self.rows.iter().map(|row| width_of(&slip(row.days_slipped)));
        let right = slips.max().unwrap_or(0).max(74) + 2 * ROOM;
        let plot = plane(area, (30, right, 36, left), 0.0..span, 0.0..rows.max(1.0));
        let (x_zero, foot) = plot.map_coordinate(&(0.0, 0.0));
        plot.draw(&PathElement::new(vec![(0.0, 0.0), (span, 0.0)], Ink::Axis.token()))?;
        month_axis(area, &plot, first, span)?;
        let today = plot.map_coordinate(&(months_to(first, self.as_at), 0.0)).0;
        area.draw(&PathElement::new(vec![(today, 24), (today, foot)], Ink::Note.token()))?;
        text(area, &british_date(self.as_at), (today, 20), Ink::Quiet, HPos::Center)?;
        for (number, (row, label)) in self.rows.iter().zip(&labels).enumerate() {
            let y = 30 + ROW * number as i32 + ROW / 2;
            draw_row(area, &plot, (first, today), row, y)?;
            text(area, label, (x_zero - 8, y + 5), Ink::Text, HPos::Right)?;
        }
        Ok(())
    }
}

fn draw_row(area: &Area<'_>, plot: &Plot<'_>, (first, today): (Month, i32), row: &DateRow, y: i32) -> Drawn {
    let x_of = |on: NaiveDate| plot.map_coordinate(&(months_to(first, on) - day_width(on), 0.0)).0;
    let (from, to) = (x_of(row.original_due_on), x_of(row.end()));
    let ink = if matches!(row.ended, Ended::Done(_)) { Ink::Line(0) } else { Ink::Dotted(0) };
    let furthest = row.moved_to.iter().map(|on| x_of(*on)).max().unwrap_or(to).max(to).max(from);
    area.draw(&PathElement::new(vec![(from, y), (to, y)], ink.token()))?;
    area.draw(&Circle::new((from, y), 5, Ink::Hollow(0).token().filled()))?;
    for on in &row.moved_to {
        area.draw(&Circle::new((x_of(*on), y), 4, Ink::Dot(3).token().filled()))?;
    }
    if let Ended::Done(_) = row.ended {
        area.draw(&Rectangle::new([(to - 5, y - 5), (to + 5, y + 5)], Ink::Fill(0).token().filled()))?;
    }
    let label = slip(row.days_slipped);
    let x = clear_of(today, furthest + 10, width_of(&label));
    text(area, &label, (x, y + 5), Ink::Text, HPos::Left)
}

/// Where words of a width begin so that the line at `today` does not run through them: as wanted, else right of it.
fn clear_of(today: i32, wanted: i32, width: i32) -> i32 {
    let meets = (wanted - ROOM..=wanted + width + ROOM).contains(&today);
    if meets { today + ROOM } else { wanted }
}

/// A date is drawn where its day begins.
fn day_width(on: NaiveDate) -> f64 {
    1.0 / f64::from(Month::of(on).last_on().day())
}

/// `+173 days`, `12 days early`, `on the day`.
fn slip(days: i64) -> String {
    match days {
        0 => "on the day".into(),
        1 => "+1 day".into(),
        -1 => "1 day early".into(),
        days if days > 0 => format!("+{days} days"),
        days => format!("{} days early", -days),
    }
}

fn counted(rows: usize) -> String {
    if rows == 1 { "one action".into() } else { format!("{rows} actions") }
}
