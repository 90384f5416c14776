//! Groups against the whole: the band in which chance would put a group of its size, never a ranking.

mod draw;

use std::num::NonZeroU64;

use crate::domain::{Figure, Period, Symbol, Unit};
use crate::judgement::counts_events;
use crate::release::{Measure, Shape};
use crate::stats::{Band, FunnelPoint, funnel_of_ratios, funnel_of_shares_about, wilson};

use super::words::value_short;

pub(super) use draw::draw_funnel;

/// Fewer units than this give no estimate of what groups always differ by.
const FEWEST_FOR_WIDENING: usize = 10;

/// Rows of a funnel, in the report's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// Unit of every value.
    pub unit: Unit,
    /// When.
    pub period: Period,
    /// All groups with a value that may be shown, pooled.
    pub centre: f64,
    /// One a group.
    pub rows: Vec<FunnelRow>,
    /// The scale's end, so that the charts of a page share one scale; its own where none.
    pub top: Option<f64>,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelRow {
    /// Beside the row.
    pub label: String,
    /// None is withheld or not known; the words say which.
    pub value: Option<f64>,
    /// Where 95 % of groups of this size would lie.
    pub limits_95: Option<(f64, f64)>,
    /// Where 99.8 % would.
    pub limits_998: Option<(f64, f64)>,
    /// The wider band again, widened for what groups always differ by; none with fewer than ten groups.
    pub widened_998: Option<(f64, f64)>,
    /// Why there is no value.
    pub absent: &'static str,
}

/// Where a group lies against its band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Within what chance gives.
    Within,
    /// Outside the 95 % band, within the 99.8 % one: about one group in twenty is by chance.
    Near,
    /// Outside the 99.8 % band, widened where it can be.
    Beyond {
        /// Above the whole.
        high: bool,
    },
    /// No value to place.
    Absent,
}

impl FunnelRow {
    /// Where the group lies.
    pub fn place(&self) -> Place {
        let (Some(value), Some(inner), Some(outer)) =
            (self.value, self.limits_95, self.widened_998.or(self.limits_998))
        else {
            return Place::Absent;
        };
        let outside = |(lower, upper): (f64, f64)| value < lower || value > upper;
        if outside(outer) {
            Place::Beyond { high: value > outer.1 }
        } else if outside(inner) {
            Place::Near
        } else {
            Place::Within
        }
    }
}

impl Place {
    /// For a table's cell.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Within => "within what chance gives",
            Self::Near => "near the edge of what chance gives",
            Self::Beyond { high: true } => "higher than chance gives",
            Self::Beyond { high: false } => "lower than chance gives",
            Self::Absent => "-",
        }
    }
}

/// A funnel of displayed figures; none where groups cannot be compared so.
///
/// Shares: limits by inverted Wilson, for as many as would carry the figure's own interval where children are counted
/// several times. Rates of events only from ten groups on: with fewer nothing tells how far repeats widen the band.
pub(super) fn funnel(
    measure: &Measure,
    period: Period,
    levels: &[&Figure],
    label: impl Fn(&str) -> String,
) -> Option<Funnel> {
    let counted: Vec<&&Figure> =
        levels.iter().filter(|figure| figure.value.is_some() && effective(figure).is_some()).collect();
    if counted.len() < 2 {
        return None;
    }
    let (centre, points) = match measure.shape {
        Shape::Proportion => shares(&counted)?,
        Shape::Rate if counted.len() >= FEWEST_FOR_WIDENING && counts_events(measure) => rates(&counted)?,
        _ => return None,
    };
    let mut placed = counted.iter().map(|figure| figure.level.as_str()).zip(points);
    let mut next = placed.next();
    let rows = levels
        .iter()
        .map(|figure| {
            let point = next.as_ref().filter(|(level, _)| *level == figure.level).and_then(|(_, point)| *point);
            if next.as_ref().is_some_and(|(level, _)| *level == figure.level) {
                next = placed.next();
            }
            let pair = |band: Band| (band.lower, band.upper);
            FunnelRow {
                label: label(figure.group()),
                value: figure.value,
                limits_95: point.map(|point| pair(point.limits_95)),
                limits_998: point.map(|point| pair(point.limits_998)),
                widened_998: point.and_then(|point| point.widened).map(|(_, wide)| pair(wide)),
                absent: figure.symbol.map_or("not known", Symbol::in_words),
            }
        })
        .collect();
    Some(Funnel { unit: measure.unit, period, centre, rows, top: None })
}

type Placed = (f64, Vec<Option<FunnelPoint>>);

fn shares(counted: &[&&Figure]) -> Option<Placed> {
    let units: Vec<(u64, u64)> = counted.iter().filter_map(|figure| effective(figure)).collect();
    // About what the displayed counts add up to, as a reader adds them, whatever each group's count weighs.
    let sum = |count: fn(&Figure) -> Option<i64>| counted.iter().filter_map(|figure| count(figure)).sum::<i64>() as f64;
    let centre = (sum(|figure| figure.numerator) / sum(|figure| figure.denominator)).min(1.0);
    centre.is_finite().then(|| (centre, funnel_of_shares_about(centre, &units).points))
}

fn rates(counted: &[&&Figure]) -> Option<Placed> {
    let counts: Vec<(u64, f64)> = counted
        .iter()
        .filter_map(|figure| Some((u64::try_from(figure.numerator?).ok()?, figure.denominator? as f64)))
        .collect();
    let (events, exposure) = counts.iter().fold((0.0, 0.0), |(x, n), one| (x + one.0 as f64, n + one.1));
    if exposure <= 0.0 {
        return None;
    }
    let pooled = events / exposure;
    let scale = counted.first()?.unit.multiplier() * pooled;
    let expected: Vec<(u64, f64)> = counts.iter().map(|(x, n)| (*x, n * pooled)).collect();
    let times = |band: Band| Band { lower: band.lower * scale, upper: band.upper * scale };
    let points = funnel_of_ratios(&expected).points.into_iter().map(|point| {
        point.map(|point| FunnelPoint {
            value: point.value * scale,
            limits_95: times(point.limits_95),
            limits_998: times(point.limits_998),
            widened: point.widened.map(|(inner, outer)| (times(inner), times(outer))),
            ..point
        })
    });
    Some((scale, points.collect()))
}

/// The displayed counts; where the displayed interval is wider than independent counts would give (children counted
/// several times), as many as would give it.
fn effective(figure: &Figure) -> Option<(u64, u64)> {
    let x = u64::try_from(figure.numerator?).ok()?;
    let n = NonZeroU64::new(u64::try_from(figure.denominator?).ok()?)?;
    if figure.unit != Unit::Proportion {
        return Some((x, n.get()));
    }
    let plain = wilson(x.min(n.get()), n, 0.95);
    let design = match (figure.lower.zip(figure.upper), plain.lower.zip(plain.upper)) {
        (Some((lower, upper)), Some((least, most))) if most > least => {
            ((upper - lower) / (most - least)).powi(2).max(1.0)
        }
        _ => 1.0,
    };
    let fewer = ((n.get() as f64 / design).round() as u64).max(1);
    Some((((x as f64 / design).round() as u64).min(fewer), fewer))
}

/// The words for a reader who does not see the chart.
pub(super) fn describe(chart: &Funnel) -> String {
    let each: Vec<String> = chart
        .rows
        .iter()
        .map(|row| match (row.value, row.place()) {
            (Some(value), place @ Place::Beyond { .. }) => {
                format!("{} {} ({})", row.label, value_short(chart.unit, value), place.in_words())
            }
            (Some(value), _) => format!("{} {}", row.label, value_short(chart.unit, value)),
            (None, _) => format!("{} {}", row.label, row.absent),
        })
        .collect();
    let whole = value_short(chart.unit, chart.centre);
    let beyond = chart.rows.iter().filter(|row| matches!(row.place(), Place::Beyond { .. })).count();
    let says = match beyond {
        0 => "No group differs by more than chance".to_owned(),
        1 => "One group differs by more than chance".into(),
        more => {
            format!("{} groups differ by more than chance", super::words::upper_first(&super::words::in_words(more)))
        }
    };
    format!("Groups against all groups shown ({whole}), {}. {says}. {}.", chart.period.in_words(), each.join("; "))
}
