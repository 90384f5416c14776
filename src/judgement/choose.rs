//! The chart for a measure, by the nature of its number; and why, in words for the page that shows it.

use super::series::{Input, mostly_shown};
use crate::domain::Period;
use crate::release::{ControlChart, Measure, Shape};

/// Mean counted below which monthly charts of counts flag chance (STATISTICS: a stable mean of 0.5 is flagged on 61 %).
const RARE_BELOW: f64 = 5.0;

/// A way to judge a line over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Laney's p′ chart of shares.
    PPrime,
    /// Laney's u′ chart of events per exposure.
    UPrime,
    /// Individual values, limits from moving ranges.
    Xmr,
    /// What started less what stopped behind a stock, on an `XmR` chart about zero.
    Flow,
    /// The change from one period to the next of a level that lasts, on an `XmR` chart about zero.
    Steps,
    /// Yearly totals beside each other, without limits.
    Yearly,
    /// Nothing can be charted.
    None,
}

impl Method {
    /// Every method that a page can name, in the order of the methods page.
    pub const ALL: [Self; 6] = [Self::PPrime, Self::UPrime, Self::Xmr, Self::Flow, Self::Steps, Self::Yearly];

    /// Whether it has limits and signals.
    pub fn signals(self) -> bool {
        matches!(self, Self::PPrime | Self::UPrime | Self::Xmr | Self::Flow | Self::Steps)
    }

    /// Whether its points are moves of a level about zero, not the level itself.
    pub fn judges_moves(self) -> bool {
        matches!(self, Self::Flow | Self::Steps)
    }

    /// The anchor on the methods page.
    pub const fn id(self) -> &'static str {
        match self {
            Self::PPrime => "p-prime",
            Self::UPrime => "u-prime",
            Self::Xmr => "xmr",
            Self::Flow => "flow",
            Self::Steps => "steps",
            Self::Yearly => "yearly",
            Self::None => "none",
        }
    }
}

/// A method and the reason for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The method.
    pub method: Method,
    /// A clause that can follow "because".
    pub because: &'static str,
}

pub(super) fn none() -> Choice {
    Choice { method: Method::None, because: "the data supplied cannot answer the question" }
}

/// Chooses by the measure's own wish, else by its nature and by how much is counted.
pub(super) fn choose(measure: &Measure, points: &[Input]) -> Choice {
    let choice = |method, because| Choice { method, because };
    if matches!(points.first().map(|point| point.period), Some(Period::TwelveMonthsTo(_))) {
        return choice(
            Method::Yearly,
            "it is counted by whole years, and so few years cannot tell a change from chance",
        );
    }
    if measure.shape == Shape::Stock {
        return choice(
            Method::Flow,
            "how many are waiting depends on how many waited the month before, so that what started less what stopped is judged instead",
        );
    }
    match measure.chart {
        // A child at risk or on a reduced timetable is so for many months: over simulated partnerships in which nothing
        // changes, charts of the level marked the latest month of two such measures in 28 and 94 of 100.
        ControlChart::Steps => {
            return choice(
                Method::Steps,
                "its months count many of the same people again, so that the change from one to the next is judged instead",
            );
        }
        ControlChart::None => return choice(Method::None, "its header asks for no control chart"),
        ControlChart::Xmr if measure.shape != Shape::Rate => return choice(Method::Xmr, "its header asks for one"),
        ControlChart::PPrime if counted(points) => return choice(Method::PPrime, "its header asks for one"),
        ControlChart::UPrime if counted(points) => return choice(Method::UPrime, "its header asks for one"),
        _ => {}
    }
    let countable = matches!(measure.shape, Shape::Proportion | Shape::Rate) && counted(points);
    let counts = countable || measure.shape == Shape::Count;
    if counts && (!mostly_shown(points) || mean_counted(points) < RARE_BELOW) {
        return choice(Method::Yearly, "too few are counted in a month for a monthly chart to tell change from chance");
    }
    match measure.shape {
        Shape::Proportion if countable => choice(
            Method::PPrime,
            "it is a share of those counted, and its limits must allow for how many were counted each month",
        ),
        Shape::Rate if countable && counts_events(measure) => choice(
            Method::UPrime,
            "it counts events over the days children spent at risk, and its limits must allow for how many days there were each month",
        ),
        Shape::Rate => choice(
            Method::Xmr,
            "days are totals of unequal children, so that its limits come from how the rate itself moves from month to month",
        ),
        Shape::Count => choice(
            Method::Xmr,
            "things that happen to children come in clusters, so that its limits come from how the count itself moves from month to month",
        ),
        _ => choice(
            Method::Xmr,
            "it is read off a curve, so that its limits come from how it moves from one period to the next",
        ),
    }
}

/// Whether a rate counts events. Nights and child-days are magnitudes, never on u′: their headers ask for `xmr`.
pub fn counts_events(measure: &Measure) -> bool {
    measure.shape == Shape::Rate && matches!(measure.chart, ControlChart::Auto | ControlChart::UPrime)
}

fn counted(points: &[Input]) -> bool {
    points.iter().any(|point| point.counts.is_some())
}

fn mean_counted(points: &[Input]) -> f64 {
    let count = |point: &Input| point.counts.map(|counts| counts.0 as f64).or(point.value);
    let counts: Vec<f64> = points.iter().filter(|point| !point.provisional).filter_map(count).collect();
    counts.iter().sum::<f64>() / counts.len().max(1) as f64
}
