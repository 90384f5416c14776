//! Centre, limits and signals of each point, phase by phase.

use super::choose::Method;
use super::series::Input;
use super::{FEWEST_POINTS, Judged};
use crate::release::Better;
use crate::stats::{
    self, Basis, Laney, Placed, SignalRules, State, XmrLimits, XmrOptions, attributes_chart, signals, xmr,
};

/// Standard deviations of a process limit, and of the near limit at two thirds of it.
const PROCESS: f64 = 3.0;
const NEAR: f64 = 2.0;

/// Every point with its limits and what it says; `starts` are where phases begin.
pub(super) fn place(points: &[Input], starts: &[(usize, Option<&str>)], method: Method, better: Better) -> Vec<Judged> {
    let ends = starts.iter().skip(1).map(|start| start.0).chain([points.len()]);
    let mut judged = Vec::with_capacity(points.len());
    for (number, (start, end)) in starts.iter().map(|start| start.0).zip(ends).enumerate() {
        let own = points.get(start..end).unwrap_or_default();
        let placed = placed(own, method);
        let special = signals(&placed, SignalRules { counts_beyond: false, trends: !method.judges_moves() });
        for ((point, placed), signal) in own.iter().zip(&placed).zip(special) {
            let can_say = placed.value.is_some() && placed.centre.is_some();
            judged.push(Judged {
                period: point.period,
                value: point.value,
                provisional: point.provisional,
                phase: number + 1,
                centre: placed.centre,
                limits: placed.limits.map(|limits| (limits.lower, limits.upper)),
                signal,
                state: can_say.then(|| State::of(signal, way(better))),
            });
        }
    }
    judged
}

pub(super) fn way(better: Better) -> stats::Better {
    match better {
        Better::Lower => stats::Better::Decrease,
        Better::Higher => stats::Better::Increase,
        Better::Neither => stats::Better::Neutral,
    }
}

/// The points of one phase beside its centre and limits; neither where the method has none or the points are too few.
fn placed(points: &[Input], method: Method) -> Vec<Placed> {
    let values: Vec<Option<f64>> = points.iter().map(|point| point.value.filter(|_| !point.provisional)).collect();
    let bare = || values.iter().map(|value| Placed { value: *value, centre: None, limits: None }).collect();
    if values.iter().flatten().count() < FEWEST_POINTS {
        return bare();
    }
    match method {
        Method::PPrime => attributes(points, &values, Basis::Share),
        Method::UPrime => attributes(points, &values, Basis::Rate),
        Method::Xmr => individual(&values, None),
        Method::Flow | Method::Steps => individual(&values, Some(0.0)),
        Method::Yearly | Method::None => bare(),
    }
}

/// `XmR` about the mean; or about a given centre, with the same width.
fn individual(values: &[Option<f64>], about: Option<f64>) -> Vec<Placed> {
    let chart = xmr(values, &[], XmrOptions::default());
    chart
        .points
        .iter()
        .map(|point| {
            let by = point.mean.zip(about).map_or(0.0, |(mean, about)| about - mean);
            let moved = |limits: XmrLimits| XmrLimits {
                lower: limits.lower + by,
                near_lower: limits.near_lower + by,
                near_upper: limits.near_upper + by,
                upper: limits.upper + by,
            };
            Placed { value: point.value, centre: point.mean.map(|mean| mean + by), limits: point.limits.map(moved) }
        })
        .collect()
}

/// p′ or u′ in the unit of the displayed values. Limits as the rules need them, not cut off at 0 or 1.
fn attributes(points: &[Input], values: &[Option<f64>], basis: Basis) -> Vec<Placed> {
    let counts: Vec<(u64, f64)> = points
        .iter()
        .map(|point| point.counts.filter(|_| !point.provisional && point.value.is_some()).unwrap_or((0, 0.0)))
        .collect();
    let Some(chart) = attributes_chart(&counts, basis, Laney::FlooredAtOne, None) else {
        return values.iter().map(|value| Placed { value: *value, centre: None, limits: None }).collect();
    };
    let scale = unit_scale(&counts, values);
    values
        .iter()
        .zip(&counts)
        .zip(&chart.points)
        .map(|((value, (_, of)), point)| {
            let variance = match basis {
                Basis::Share => point.centre * (1.0 - point.centre),
                Basis::Rate => point.centre,
            };
            let sigma = (*of > 0.0).then(|| chart.sigma_z * (variance.max(0.0) / of).sqrt() * scale);
            let centre = point.centre * scale;
            let limits = sigma.map(|sigma| XmrLimits {
                lower: centre - PROCESS * sigma,
                near_lower: centre - NEAR * sigma,
                near_upper: centre + NEAR * sigma,
                upper: centre + PROCESS * sigma,
            });
            Placed { value: *value, centre: Some(centre), limits }
        })
        .collect()
}

/// What one count over its denominator is multiplied by to give the displayed value: 1, 1,000 or 10,000.
fn unit_scale(counts: &[(u64, f64)], values: &[Option<f64>]) -> f64 {
    let of = |((x, n), value): (&(u64, f64), &Option<f64>)| {
        value.filter(|_| *x > 0 && *n > 0.0).map(|value| value / (*x as f64 / n))
    };
    let found = counts.iter().zip(values).find_map(of).unwrap_or(1.0);
    [1.0, 1_000.0, 10_000.0].into_iter().min_by(|a, b| (a - found).abs().total_cmp(&(b - found).abs())).unwrap_or(1.0)
}
