//! Charts of the action plan: planned and delivered with the forecast's fan, and each action's dates as they moved.

mod curve;
mod dates;
#[cfg(test)]
mod tests;

use chrono::{Datelike as _, NaiveDate};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{Canvas, Ink, escaped};
use super::draw::{Area, Drawn, Plot, WIDTH, text, width_of};
use crate::domain::Month;

pub use curve::PlanCurve;
pub use dates::{DateRow, Dates, Ended};

/// Longest description, in characters.
const LONGEST: usize = 300;

/// A whole `<svg>` around what is drawn, named and described.
pub(super) fn framed(
    id: &str,
    title: &str,
    desc: &str,
    height: u32,
    drawing: impl FnOnce(&Area<'_>) -> Drawn,
) -> String {
    let mut inner = String::new();
    let area = Canvas::new(&mut inner, (WIDTH, height)).into_drawing_area();
    drawing(&area).expect("writing to a string cannot fail");
    drop(area);
    format!(
        concat!(
            r#"<svg class="chart" role="img" aria-labelledby="{id}-t {id}-d" viewBox="0 0 {w} {h}" "#,
            r#"xmlns="http://www.w3.org/2000/svg"><title id="{id}-t">{title}</title>"#,
            r#"<desc id="{id}-d">{desc}</desc>{inner}</svg>"#
        ),
        id = escaped(id),
        w = WIDTH,
        h = height,
        title = escaped(title),
        desc = escaped(desc),
        inner = inner,
    )
}

/// Months from the start of `first` to a day, the day included.
fn months_to(first: Month, on: NaiveDate) -> f64 {
    let month = Month::of(on);
    f64::from(month.since(first)) + f64::from(on.day()) / f64::from(month.last_on().day())
}

/// Month names beneath, as many as fit: quarters, else half years, else years, from April.
fn month_axis(area: &Area<'_>, plot: &Plot<'_>, first: Month, span: f64) -> Drawn {
    let months = span.ceil() as i32;
    let every = match months {
        0..=6 => 1,
        7..=15 => 3,
        16..=42 => 6,
        _ => 12,
    };
    let mut free_from = i32::MIN;
    for at in 0..=months {
        let month = first.plus(at);
        if month.first_on().month() as i32 % every != 4 % every || f64::from(at) > span {
            continue;
        }
        let (x, y) = plot.map_coordinate(&(f64::from(at), 0.0));
        let label = month.in_short();
        let half = width_of(&label) / 2;
        if x - half < free_from || x + half > WIDTH as i32 {
            continue;
        }
        free_from = x + half + 6;
        area.draw(&PathElement::new(vec![(x, y), (x, y + 5)], Ink::Axis.token()))?;
        text(area, &label, (x, y + 22), Ink::Text, HPos::Center)?;
    }
    Ok(())
}

/// At most so many characters, cut at a clause where there is one, never within a number.
pub(super) fn within(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let room: String = text.chars().take(LONGEST - 24).collect();
    let cut = room.rfind(". ").max(room.rfind("; ")).unwrap_or(room.len());
    format!("{}; more in the table.", room.get(..cut).unwrap_or(&room))
}
