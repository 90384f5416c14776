//! Planned and delivered as running totals, and ahead of the as-at date the fan of what past weeks would come to.

use std::fmt::Write as _;

use chrono::NaiveDate;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::super::canvas::Ink;
use super::super::draw::{Area, Drawn, Plot, plane, scale, text, width_of};
use super::super::lines::apart;
use super::super::words;
use super::{framed, month_axis, months_to, within};
use crate::domain::{Month, Unit, british_date};
use crate::release::{CurvePoint, FanPoint};

/// The curve as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanCurve {
    /// Unique on its page.
    pub id: String,
    /// Its subject.
    pub title: String,
    /// Actions ever agreed.
    pub actions: u32,
    /// The last day counted.
    pub as_at: NaiveDate,
    /// Running totals, by time.
    pub points: Vec<CurvePoint>,
    /// The forecast, by time; empty where there is none.
    pub fan: Vec<FanPoint>,
    /// New actions keep arriving in the forecast: what it delivers is not of the present ones alone.
    pub grows: bool,
}

const PLANNED: usize = 0;
const REDATED: usize = 1;
const DELIVERED: usize = 2;

impl PlanCurve {
    /// As one `<svg>`.
    pub fn svg(&self) -> String {
        framed(&self.id, &self.title, &self.describe(), 320, |area| self.draw(area))
    }

    /// The words for a reader who does not see it.
    pub fn describe(&self) -> String {
        let Some(now) = self.now() else {
            return "Chart: the plan has no action yet.".into();
        };
        let mut text = format!(
            "Running totals of {} actions. By {}: {} due as first agreed, {} as dates now stand, {} delivered",
            self.actions,
            british_date(now.on),
            now.planned,
            now.as_redated,
            now.delivered.unwrap_or(0),
        );
        if let Some(end) = self.fan.last() {
            _ = write!(
                text,
                ". Forecast for {}: {} delivered in half of the runs, {} to {} in nine of ten",
                british_date(end.on),
                end.percent_50,
                end.percent_5,
                end.percent_95,
            );
            if self.grows {
                text.push_str(", of these and of new actions, which arrive as they did");
            }
        }
        text.push('.');
        within(&text)
    }

    fn now(&self) -> Option<&CurvePoint> {
        self.points.iter().rfind(|point| point.delivered.is_some())
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let Some(first) = self.points.first().map(|point| Month::of(point.on)) else { return Ok(()) };
        let last = self.points.iter().map(|point| point.on).chain(self.fan.iter().map(|point| point.on)).max();
        let span = last.map_or(1.0, |on| months_to(first, on)).max(1.0);
        let (top, step) = scale(Unit::Count, f64::from(self.actions));
        let labels = self.labels();
        let right = labels.iter().map(|(label, _, _)| width_of(label)).max().unwrap_or(0) + 12;
        let plot = plane(area, (30, right, 30, 44), 0.0..span, 0.0..top);
        self.grid(area, &plot, span, (top, step))?;
        month_axis(area, &plot, first, span)?;
        self.draw_fan(&plot, first)?;
        let line = |of: &dyn Fn(&CurvePoint) -> Option<u32>| -> Vec<(f64, f64)> {
            self.points.iter().filter_map(|point| Some((months_to(first, point.on), f64::from(of(point)?)))).collect()
        };
        plot.draw(&PathElement::new(line(&|point| Some(point.planned)), Ink::Line(PLANNED).token()))?;
        plot.draw(&PathElement::new(line(&|point| Some(point.as_redated)), Ink::Dotted(REDATED).token()))?;
        plot.draw(&PathElement::new(line(&|point| point.delivered), Ink::Line(DELIVERED).token()))?;
        if let Some(now) = self.now() {
            let place = (months_to(first, now.on), f64::from(now.delivered.unwrap_or(0)));
            plot.draw(&Circle::new(place, 4, Ink::Dot(DELIVERED).token().filled()))?;
        }
        let wanted: Vec<i32> = labels.iter().map(|(_, at, _)| plot.map_coordinate(&(span, *at)).1 + 5).collect();
        let (x, foot) = plot.map_coordinate(&(span, 0.0));
        let high = plot.map_coordinate(&(span, top)).1;
        for ((label, _, ink), y) in labels.iter().zip(apart(&wanted, high + 5, foot + 5)) {
            text(area, label, (x + 8, y), *ink, HPos::Left)?;
        }
        Ok(())
    }

    fn grid(&self, area: &Area<'_>, plot: &Plot<'_>, span: f64, (top, step): (f64, f64)) -> Drawn {
        let mut at = 0.0;
        while at <= top + step / 2.0 {
            let ink = if at > 0.0 { Ink::Grid } else { Ink::Axis };
            plot.draw(&PathElement::new(vec![(0.0, at), (span, at)], ink.token()))?;
            let (x, y) = plot.map_coordinate(&(0.0, at));
            text(area, &words::whole(at.round() as i64), (x - 8, y + 5), Ink::Text, HPos::Right)?;
            at += step;
        }
        let all = f64::from(self.actions);
        plot.draw(&PathElement::new(vec![(0.0, all), (span, all)], Ink::Target.token()))?;
        let Some(first) = self.points.first().map(|point| Month::of(point.on)) else { return Ok(()) };
        let today = months_to(first, self.as_at);
        plot.draw(&PathElement::new(vec![(today, 0.0), (today, top)], Ink::Note.token()))?;
        let (x, y) = plot.map_coordinate(&(today, top));
        text(area, &british_date(self.as_at), (x, y - 8), Ink::Quiet, HPos::Center)
    }

    fn draw_fan(&self, plot: &Plot<'_>, first: Month) -> Drawn {
        if self.fan.len() < 2 {
            return Ok(());
        }
        let at = |point: &FanPoint, value: u32| (months_to(first, point.on), f64::from(value));
        let band = |low: fn(&FanPoint) -> u32, high: fn(&FanPoint) -> u32| -> Vec<(f64, f64)> {
            let over = self.fan.iter().map(|point| at(point, high(point)));
            let under = self.fan.iter().rev().map(|point| at(point, low(point)));
            over.chain(under).collect()
        };
        let ink = Ink::Band(DELIVERED).token();
        plot.draw(&Polygon::new(band(|point| point.percent_5, |point| point.percent_95), ink))?;
        plot.draw(&Polygon::new(band(|point| point.percent_15, |point| point.percent_85), ink))?;
        let middle: Vec<_> = self.fan.iter().map(|point| at(point, point.percent_50)).collect();
        plot.draw(&PathElement::new(middle, Ink::Dotted(DELIVERED).token()))
    }

    /// At the right edge: what each line ends at.
    fn labels(&self) -> Vec<(String, f64, Ink)> {
        let ends = self.points.last();
        let planned = ends.map_or(0, |point| point.planned);
        let redated = ends.map_or(0, |point| point.as_redated);
        let delivered = self.fan.last().map(|point| point.percent_50).or(self.now().and_then(|point| point.delivered));
        let all = match (self.grows, self.actions) {
            (true, now) => format!("{now} agreed so far"),
            (false, all) => format!("All {all} actions"),
        };
        vec![
            (all, f64::from(self.actions) + 0.01, Ink::Text),
            ("As first agreed".into(), f64::from(planned), Ink::Label(PLANNED)),
            ("As re-dated".into(), f64::from(redated) - 0.01, Ink::Label(REDATED)),
            ("Delivered".into(), f64::from(delivered.unwrap_or(0)) - 0.02, Ink::Label(DELIVERED)),
        ]
    }
}
