//! `XmR` charts as the NHS draws them (Making Data Count): limits from moving ranges, four signals, variation and assurance.

#![allow(clippy::indexing_slicing, reason = "indices come from ranges over the same points")]

use std::ops::Range;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Higher is better.
    Increase,
    /// Lower is better.
    Decrease,
    /// Neither.
    Neutral,
}

/// How a chart is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XmrOptions {
    /// Which way is better.
    pub better: Better,
    /// The target at the last point, in the unit of the points.
    pub target: Option<f64>,
    /// Whether moving ranges of 3.267 means or more are left out, once.
    pub screening: bool,
    /// The baseline of each phase: its first so many points, missing ones counted; all where none.
    pub fix_after: Option<usize>,
    /// Whether points beyond a process limit count towards two of three, as from 2024.
    pub two_of_three_2024: bool,
}

impl Default for XmrOptions {
    fn default() -> Self {
        Self { better: Better::Neutral, target: None, screening: true, fix_after: None, two_of_three_2024: false }
    }
}

/// Why a point is special: the first rule that holds, in this order. High is above the mean, or rising.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Strictly beyond a process limit.
    Beyond {
        /// Above the upper one.
        high: bool,
    },
    /// One of seven in a row each strictly above, or each strictly below, the one before.
    Trend {
        /// Rising.
        high: bool,
    },
    /// Beyond a near limit, in three in a row on one side of the mean of which two are.
    TwoOfThree {
        /// Above the mean.
        high: bool,
    },
    /// One of seven in a row strictly on one side of the mean.
    Shift {
        /// Above the mean.
        high: bool,
    },
}

impl Signal {
    /// Whether the signal is upward.
    pub fn high(self) -> bool {
        match self {
            Self::Beyond { high } | Self::Trend { high } | Self::TwoOfThree { high } | Self::Shift { high } => high,
        }
    }
}

/// What a point says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing but what always varies.
    CommonCause,
    /// Special, in the better direction.
    Improvement,
    /// Special, in the worse direction.
    Concern,
    /// Special and upward, where neither way is better.
    NeutralHigh,
    /// Special and downward, where neither way is better.
    NeutralLow,
}

/// Limits of a phase, in the unit of the points; not cut off at 0 or 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XmrLimits {
    /// Mean − 2.66 × mean moving range.
    pub lower: f64,
    /// Two thirds of the way to `lower`.
    pub near_lower: f64,
    /// Two thirds of the way to `upper`.
    pub near_upper: f64,
    /// Mean + 2.66 × mean moving range.
    pub upper: f64,
}

/// One point of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XmrPoint {
    /// The value; none is a gap, which breaks every run.
    pub value: Option<f64>,
    /// From 1; a rebase starts the next.
    pub phase: usize,
    /// The mean of the phase's baseline.
    pub mean: Option<f64>,
    /// None with one point, or where screening leaves no moving range (a constant series).
    pub limits: Option<XmrLimits>,
    /// Why it is special, if it is.
    pub signal: Option<Signal>,
    /// None where there is no value.
    pub state: Option<State>,
}

/// Whether the last target will be met by a process that stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// The target lies beyond the worse limit.
    Passes,
    /// The target lies beyond the better limit.
    Fails,
    /// It lies within the limits.
    MayOrMayNot,
}

/// A finished chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Xmr {
    /// In the order given.
    pub points: Vec<XmrPoint>,
    /// The state of the latest point with a value.
    pub variation: Option<State>,
    /// The state of the point before it, where that was special and the latest is not: "until last month".
    pub until_last: Option<State>,
    /// None without target, direction or limits.
    pub assurance: Option<Assurance>,
    /// Whether the last phase has fewer than 13 values: "trial limits".
    pub trial: bool,
}

const PROCESS: f64 = 2.66;
const SCREEN: f64 = 3.267;
const RUN: usize = 7;
const FIRM_POINTS: usize = 13;

/// An `XmR` chart of points in date order; `rebases` are the positions at which a new phase starts.
///
/// Give a provisional month as none: it must not signal. Source: NHS England, Making Data Count; `NHSRplotthedots` 0.2.2,
/// whose rules, run in R on 400 random series, gave the same means, limits and flags to six digits.
///
/// ```
/// use sightline::stats::{XmrOptions, xmr};
/// let values = [10.0, 12.0, 11.0, 13.0].map(Some);
/// let chart = xmr(&values, &[], XmrOptions::default());
/// // Mean 11.5; moving ranges 2, 1, 2: upper limit 11.5 + 2.66 × 5/3.
/// assert!((chart.points[0].limits.unwrap().upper - 15.933_333).abs() < 1e-6);
/// assert!(xmr(&[Some(5.0)], &[], XmrOptions::default()).points[0].limits.is_none());
/// ```
pub fn xmr(values: &[Option<f64>], rebases: &[usize], options: XmrOptions) -> Xmr {
    let mut starts: Vec<usize> = rebases.iter().copied().filter(|at| *at > 0 && *at < values.len()).collect();
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    let mut points = Vec::with_capacity(values.len());
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(values.len());
        points.extend(phase(&values[*start..end], number + 1, options));
    }
    let last = points.iter().rposition(|point| point.value.is_some());
    let state_at = |at: usize| points.get(at).and_then(|point| point.state);
    let variation = last.and_then(state_at);
    let before = last.and_then(|at| at.checked_sub(1)).and_then(state_at);
    let phase_start = starts.last().copied().unwrap_or(0);
    Xmr {
        variation,
        until_last: before.filter(|before| *before != State::CommonCause && variation == Some(State::CommonCause)),
        assurance: points.last().and_then(|point| assurance(point.limits?, options)),
        trial: values[phase_start..].iter().flatten().count() < FIRM_POINTS,
        points,
    }
}

fn assurance(limits: XmrLimits, options: XmrOptions) -> Option<Assurance> {
    let target = options.target?;
    let (beyond_upper, beyond_lower) = match options.better {
        Better::Increase => (Assurance::Fails, Assurance::Passes),
        Better::Decrease => (Assurance::Passes, Assurance::Fails),
        Better::Neutral => return None,
    };
    Some(if target > limits.upper {
        beyond_upper
    } else if target < limits.lower {
        beyond_lower
    } else {
        Assurance::MayOrMayNot
    })
}

fn phase(values: &[Option<f64>], number: usize, options: XmrOptions) -> Vec<XmrPoint> {
    let baseline = &values[..options.fix_after.unwrap_or(values.len()).min(values.len())];
    let mean = mean(baseline.iter().flatten().copied());
    let limits = mean.and_then(|mean| limits(baseline, mean, options.screening));
    let placed: Vec<Placed> = values.iter().map(|value| Placed { value: *value, centre: mean, limits }).collect();
    let rules = SignalRules { counts_beyond: options.two_of_three_2024, trends: true };
    let signals = signals(&placed, rules);
    let point = |(value, signal): (&Option<f64>, Option<Signal>)| XmrPoint {
        value: *value,
        phase: number,
        mean,
        limits,
        signal,
        state: value.map(|_| State::of(signal, options.better)),
    };
    values.iter().zip(signals).map(point).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn limits(baseline: &[Option<f64>], mean_value: f64, screening: bool) -> Option<XmrLimits> {
    let ranges: Vec<f64> = baseline.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).abs())).collect();
    // Ranges within the rounding of the values are those of equal values.
    let scale = baseline.iter().flatten().fold(0.0_f64, |most, value| most.max(value.abs()));
    let ranges: Vec<f64> = ranges.into_iter().map(|range| if range <= 1e-12 * scale { 0.0 } else { range }).collect();
    let all = mean(ranges.iter().copied())?;
    let kept = if screening { mean(ranges.into_iter().filter(|range| *range < SCREEN * all))? } else { all };
    let (process, near) = (PROCESS * kept, PROCESS * kept * 2.0 / 3.0);
    Some(XmrLimits {
        lower: mean_value - process,
        near_lower: mean_value - near,
        near_upper: mean_value + near,
        upper: mean_value + process,
    })
}

/// Strictly above a line worked out by sums and means: a difference that their rounding explains is none, so that seven
/// points of 0.1 are not a shift about a mean of 0.09999999999999999.
fn above(value: f64, line: f64) -> bool {
    value - line > 1e-12 * value.abs().max(line.abs())
}

impl State {
    /// What a signal says where `better` is the better way.
    pub fn of(signal: Option<Signal>, better: Better) -> Self {
        match (signal.map(Signal::high), better) {
            (None, _) => Self::CommonCause,
            (Some(true), Better::Increase) | (Some(false), Better::Decrease) => Self::Improvement,
            (Some(true), Better::Decrease) | (Some(false), Better::Increase) => Self::Concern,
            (Some(true), Better::Neutral) => Self::NeutralHigh,
            (Some(false), Better::Neutral) => Self::NeutralLow,
        }
    }
}

/// A point beside its own centre and limits, for charts whose limits differ from point to point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The value; none is a gap, which breaks every run.
    pub value: Option<f64>,
    /// The line about which runs are counted.
    pub centre: Option<f64>,
    /// None where they are not defined.
    pub limits: Option<XmrLimits>,
}

fn mark(signals: &mut [Option<Signal>], points: Range<usize>, holds: &dyn Fn(usize) -> bool, signal: Signal) {
    for at in points.filter(|at| holds(*at)) {
        signals[at].get_or_insert(signal);
    }
}

/// Which forms of the four rules are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalRules {
    /// Points beyond a process limit count towards two of three, as from 2024.
    pub counts_beyond: bool,
    /// Seven in a row each higher, or each lower, than the one before signal. Not where the points are themselves changes
    /// from one period to the next: what falls by less each month would then be called rising.
    pub trends: bool,
}

/// The first of the four rules that holds for each point of one phase, both ways tried.
pub fn signals(points: &[Placed], rules: SignalRules) -> Vec<Option<Signal>> {
    let values: Vec<Option<f64>> = points.iter().map(|point| point.value).collect();
    let mut signals = vec![None; values.len()];
    let runs = |length: usize| (0..(values.len() + 1).saturating_sub(length)).map(move |start| start..start + length);
    for high in [true, false] {
        let over = |value: f64, line: f64| if high { above(value, line) } else { above(line, value) };
        let beyond = |at: usize| {
            points[at]
                .limits
                .zip(values[at])
                .is_some_and(|(limits, value)| over(value, if high { limits.upper } else { limits.lower }))
        };
        mark(&mut signals, 0..values.len(), &beyond, Signal::Beyond { high });
    }
    // A point that ends one trend and begins another is part of the later one, as in the NHS's package.
    let mut trends = vec![None; values.len()];
    for run in runs(RUN).filter(|_| rules.trends) {
        for high in [true, false] {
            let one_way = |pair: &[Option<f64>]| {
                pair[0].zip(pair[1]).is_some_and(|(before, after)| if high { after > before } else { after < before })
            };
            if values[run.clone()].windows(2).all(one_way) {
                trends[run.clone()].fill(Some(Signal::Trend { high }));
            }
        }
    }
    for (signal, trend) in signals.iter_mut().zip(trends) {
        *signal = signal.or(trend);
    }
    let side = |at: usize, high: bool| {
        points[at]
            .centre
            .zip(values[at])
            .is_some_and(|(mean, value)| if high { above(value, mean) } else { above(mean, value) })
    };
    for high in [true, false] {
        let near = |at: usize| {
            points[at].limits.zip(values[at]).is_some_and(|(limits, value)| {
                let outside = above(value, limits.upper) || above(limits.lower, value);
                let far = if high { above(value, limits.near_upper) } else { above(limits.near_lower, value) };
                far && (rules.counts_beyond || !outside)
            })
        };
        for run in runs(3) {
            if run.clone().all(|at| side(at, high)) && run.clone().filter(|at| near(*at)).count() >= 2 {
                mark(&mut signals, run, &near, Signal::TwoOfThree { high });
            }
        }
    }
    for high in [true, false] {
        for run in runs(RUN) {
            if run.clone().all(|at| side(at, high)) {
                mark(&mut signals, run, &|_| true, Signal::Shift { high });
            }
        }
    }
    signals
}

#[cfg(test)]
mod tests;
