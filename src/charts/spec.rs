//! A chart as plain data: what is drawn, before any geometry. Tests read this, not SVG.

use super::control::Control;
use super::funnel::Funnel;
use crate::domain::{Month, Period, Unit};

/// One chart with the words that stand for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartSpec {
    /// Unique on its page.
    pub id: String,
    /// Short subject, for `<title>`.
    pub title: String,
    /// What is drawn.
    pub drawing: Drawing,
}

/// The kinds of chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// Values over time.
    Lines(Lines),
    /// Horizontal bars from zero.
    Bars(Bars),
    /// Columns over time, cut into bands.
    Stack(Stack),
    /// A word-sized line.
    Spark(Spark),
    /// What happens by fixed days since a start.
    Curves(Curves),
    /// How waits had ended, in columns that add up to everyone.
    Endings(Endings),
    /// A line with limits and signals.
    Control(Control),
    /// Groups against the whole.
    Funnel(Funnel),
}

impl Drawing {
    /// The first and the last month that a drawing over time holds, shorter data as short as it is; none for others.
    pub fn months(&self) -> Option<(Month, Month)> {
        let of_points = |points: &mut dyn Iterator<Item = &Point>| -> Option<(Month, Month)> {
            points.fold(None, |held: Option<(Month, Month)>, point| {
                let (first, last) = (point.period.first_month(), point.period.last_month());
                Some(held.map_or((first, last), |(from, to)| (from.min(first), to.max(last))))
            })
        };
        match self {
            Self::Lines(lines) => of_points(&mut lines.series.iter().flat_map(|series| &series.points)),
            Self::Spark(spark) => of_points(&mut spark.points.iter()),
            Self::Stack(stack) => Some((stack.columns.first()?.month, stack.columns.last()?.month)),
            _ => None,
        }
    }
}

/// Curves over days since a start, with the numbers followed beneath.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Unit of every curve.
    pub unit: Unit,
    /// The value on the day of the start: 1 of those who wait, 0 of what has happened.
    pub starts_at: f64,
    /// At most two cohorts, the latest first.
    pub curves: Vec<Curve>,
}

/// One cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// When it began.
    pub label: String,
    /// By day.
    pub points: Vec<CurvePoint>,
}

/// One published day of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Days since the start.
    pub day: u32,
    /// None where withheld or not yet known.
    pub value: Option<f64>,
    /// Lower and upper end of the 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// How many were still followed on the day; none where withheld or not given.
    pub followed: Option<f64>,
}

/// Columns that add up to everyone.
#[derive(Clone, Debug, PartialEq)]
pub struct Endings {
    /// From the bottom up; at most four.
    pub bands: Vec<String>,
    /// By day, or by cohort.
    pub columns: Vec<EndingColumn>,
    /// What all columns have in common: the day, or the cohort.
    pub when: String,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct EndingColumn {
    /// Beneath it.
    pub label: String,
    /// A share for each band; none where it is withheld or not known.
    pub values: Vec<Option<f64>>,
}

impl EndingColumn {
    /// The share of all bands that are not shown, where some are and some are not.
    pub fn not_shown(&self) -> Option<f64> {
        let shown: Vec<f64> = self.values.iter().flatten().copied().collect();
        let partly = !shown.is_empty() && shown.len() < self.values.len();
        partly.then(|| (1.0 - shown.iter().sum::<f64>()).max(0.0))
    }

    /// Whether any band is shown.
    pub fn is_shown(&self) -> bool {
        self.values.iter().any(Option::is_some)
    }
}

/// Values over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// Unit of every series.
    pub unit: Unit,
    /// At most four.
    pub series: Vec<Series>,
    /// Drawn across where there is one.
    pub target: Option<f64>,
    /// Dated notes, numbered from 1 in this order.
    pub notes: Vec<Note>,
}

impl Lines {
    /// Whether a band of intervals is drawn: about one line alone, where two periods in a row have one.
    pub fn has_band(&self) -> bool {
        let both = |pair: &[Point]| pair.iter().all(|point| point.value.is_some() && point.interval.is_some());
        self.series.len() == 1 && self.series.iter().any(|series| series.points.windows(2).any(both))
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// At the line's end.
    pub label: String,
    /// By time; a period without a value is a gap.
    pub points: Vec<Point>,
}

/// One period of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// None is a gap.
    pub value: Option<f64>,
    /// Lower and upper end of the 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Hollow and dotted.
    pub provisional: bool,
}

/// A dated note.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The month it falls in.
    pub month: Month,
    /// At most 50 characters.
    pub title: String,
}

/// Horizontal bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Unit of every bar.
    pub unit: Unit,
    /// When.
    pub period: Period,
    /// In the order shown; never ranked.
    pub bars: Vec<Bar>,
    /// The whole partnership's value, drawn as a line.
    pub whole: Option<f64>,
    /// The scale's end, so that the charts of a page share one; its own where none.
    pub top: Option<f64>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Beside the bar.
    pub label: String,
    /// None is withheld or not known; the words say which.
    pub value: Option<f64>,
    /// 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Why there is no value.
    pub absent: &'static str,
}

/// Columns over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Unit of every column.
    pub unit: Unit,
    /// From the foot of the column upward.
    pub bands: Vec<String>,
    /// By time.
    pub columns: Vec<Column>,
    /// Drawn across where there is one.
    pub target: Option<f64>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// When.
    pub month: Month,
    /// As many as there are bands; none where any of them is withheld.
    pub values: Option<Vec<f64>>,
    /// Drawn pale.
    pub provisional: bool,
}

/// A word-sized line of the last 24 months.
#[derive(Clone, Debug, PartialEq)]
pub struct Spark {
    /// Unit of the values.
    pub unit: Unit,
    /// By time.
    pub points: Vec<Point>,
    /// Drawn across where there is one.
    pub target: Option<f64>,
}
