//! A control chart as plain data, from a judgement; and the words for it. Drawn in `control::draw`.

mod draw;

use crate::domain::{Month, Unit};
use crate::judgement::{Judged, Judgement, Method};
use crate::release::{Edition, Measure, Report};

use super::select::{notes, target_of};
use super::spec::{ChartSpec, Drawing, Note};
use super::words::{self, period_short, value_full, value_short};

pub(super) use draw::draw_control;

/// Months past the last point within which the way to a target is drawn.
const FURTHEST_TARGET_MONTHS: i32 = 12;

/// A line with its average, its limits and its signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Unit of the points.
    pub unit: Unit,
    /// By time; a period without a value is a gap.
    pub points: Vec<Judged>,
    /// What stands at the end of the centre line: `Average`; about nought `As many` for a flow, `No change` for steps.
    pub centre: &'static str,
    /// Drawn across where there is one.
    pub target: Option<f64>,
    /// The way from the average to the target on its date: from, and the month.
    pub way: Option<(f64, Month)>,
    /// Dated notes, numbered from 1 in this order.
    pub notes: Vec<Note>,
    /// What the latest complete point says, and how the target fared.
    pub says: String,
    /// Its points are quarter ends alone, of a figure that is counted every month.
    pub at_quarter_ends: bool,
    /// May lie below nought.
    pub signed: bool,
}

/// The control chart of a measure, where it has one that can signal. `months` back from the latest point are shown.
pub fn control_chart<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    judged: &Judgement,
    months: usize,
) -> Option<ChartSpec> {
    if !judged.choice.method.signals() || judged.shown() < 2 {
        return None;
    }
    let last = judged.points.last()?.period.last_month();
    // Quarters are shown for as long as they are judged: twelve of them would be on trial for ever.
    let quarterly = words::period_word(judged) != "month";
    let points: Vec<Judged> = judged
        .points
        .iter()
        .filter(|point| quarterly || last.since(point.period.last_month()) < i32::try_from(months).unwrap_or(36))
        .cloned()
        .collect();
    let moves = judged.choice.method.judges_moves();
    let of_moves = || format!("{}: {}", measure.title, words::lower_first(&words::moves_named(judged)));
    let (id, title, centre) = match judged.choice.method {
        Method::Flow => ("flow", of_moves(), "As many"),
        Method::Steps => ("steps", of_moves(), "No change"),
        _ => ("control", measure.title.clone(), "Average"),
    };
    let target = target_of(measure, measure.unit).filter(|_| !moves);
    let way = judged.trajectory.filter(|way| !moves && !way.reached && way.per_month.is_some());
    let says = match judged.assurance.filter(|_| !moves) {
        Some(_) => format!("{}. {}", words::variation(measure, judged), words::assurance(judged)),
        None => words::variation(measure, judged),
    };
    Some(ChartSpec {
        id: format!("{id}-{}", measure.id),
        title,
        drawing: Drawing::Control(Control {
            unit: judged.unit,
            points,
            centre,
            target,
            way: way
                .filter(|way| (1..=FURTHEST_TARGET_MONTHS).contains(&way.by.since(last)))
                .map(|way| (way.from, way.by)),
            notes: notes(measure, report),
            says,
            at_quarter_ends: words::at_quarter_ends(judged),
            signed: moves,
        }),
    })
}

/// The words for a reader who does not see the chart: at most 300 characters, the most telling first.
pub(super) fn describe(chart: &Control) -> String {
    let complete = || chart.points.iter().filter(|point| !point.provisional && point.value.is_some());
    let (Some(first), Some(last)) = (complete().next(), complete().next_back()) else {
        return "Control chart: no complete period has a value that can be shown.".into();
    };
    let values = || complete().filter_map(|point| point.value);
    let lowest = values().fold(f64::INFINITY, f64::min);
    let highest = values().fold(f64::NEG_INFINITY, f64::max);
    let short = |value: f64| value_short(chart.unit, value);
    let mut parts = vec![format!("Control chart, {} to {}", period_short(first.period), period_short(last.period))];
    let latest = if chart.at_quarter_ends { "Latest complete quarter's end" } else { "Latest complete" };
    parts.extend(last.value.map(|value| format!("{latest}: {}", value_full(chart.unit, value))));
    parts.push(chart.says.clone());
    if let (Some(centre), Some((lower, upper))) = (last.centre, last.limits) {
        let (lower, upper) = drawn_limits(chart, (lower, upper));
        parts.push(format!("{} {}, limits {} to {}", chart.centre, short(centre), short(lower), short(upper)));
    }
    parts.extend(chart.target.map(|target| format!("Target {}", short(target))));
    parts.push(format!("Lowest {}, highest {}", short(lowest), short(highest)));
    let gaps = chart.points.iter().filter(|point| point.value.is_none()).count();
    if gaps > 0 {
        parts.push(format!("Gaps: {gaps}"));
    }
    if chart.points.iter().any(|point| point.provisional) {
        parts.push("Hollow: provisional".into());
    }
    let mut text = String::new();
    for part in parts {
        if text.chars().count() + part.chars().count() + 2 <= 300 {
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(&part);
            text.push('.');
        }
    }
    text
}

/// Limits as drawn: a share lies within 0 and 1, nothing but a move below nought.
pub fn drawn_limits(chart: &Control, (lower, upper): (f64, f64)) -> (f64, f64) {
    let floor = if chart.signed { f64::NEG_INFINITY } else { 0.0 };
    let ceiling = if chart.unit == Unit::Proportion { 1.0 } else { f64::INFINITY };
    (lower.max(floor), upper.min(ceiling))
}
