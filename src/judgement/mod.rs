//! What the displayed figures of a measure say over time: the control chart chosen and why, signals, assurance.
//!
//! Pure functions of one edition's figures as shown: a withheld or provisional period is a gap, and nothing is ever
//! signalled on it. Knows nothing of pages or drawing; `charts::words` turns a judgement into English.

mod assurance;
mod case_mix;
mod chance;
#[cfg(test)]
mod chance_tests;
mod choose;
mod limits;
mod series;
#[cfg(test)]
mod tests;
mod variation;

pub use assurance::{Assurance, Basis as AssuranceBasis, Trajectory};
pub use case_mix::{CaseMix, case_mix};
pub use chance::{MARKED_BY_CHANCE, months_between_false_signals};
pub use choose::{Choice, Method, counts_events};
pub(crate) use series::{STARTED, STOPPED};
pub use series::{by_quarter, compared, headline, is_later_withheld, latest, of_part, withheld_latest};
pub use variation::{NotJudged, Seen, Variation};

use crate::domain::{Month, Period, Unit};
use crate::measures::{reaches_back_from, too_short};
use crate::release::{Better, Edition, Event, Measure, Report, Sufficiency};
use crate::stats::{Signal, State};

/// Fewer points than this can show no run of seven: too new to judge.
pub const FEWEST_POINTS: usize = 7;
/// Fewer points than this in a phase make trial limits.
pub const FIRM_POINTS: usize = 13;
/// Months over which a flow is summed up.
const MONTHS_OF_NET: usize = 12;

/// One measure judged over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The chart chosen and why.
    pub choice: Choice,
    /// Unit of the points: the measure's own; for steps of a share, percentage points.
    pub unit: Unit,
    /// By time, one a period, gaps included.
    pub points: Vec<Judged>,
    /// Each stretch with limits of its own; one unless an event with a reason starts them anew.
    pub phases: Vec<Phase>,
    /// The last phase has fewer than 13 points.
    pub trial: bool,
    /// What the latest complete point says.
    pub variation: Variation,
    /// How the target fared so far; none without target or direction.
    pub assurance: Option<Assurance>,
    /// What it would take to reach the target on its date.
    pub trajectory: Option<Trajectory>,
    /// Where moves are judged: what those of the last twelve complete months came to.
    pub net: Option<Net>,
}

/// How far a level moved over twelve complete months, in the unit of the points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Net {
    /// Above zero where it rose.
    pub by: f64,
    /// What it was before them.
    pub before: f64,
}

impl Net {
    /// Whether the level grew or shrank by a quarter or more.
    pub fn is_large(self) -> bool {
        self.by.abs() > 0.0 && self.by.abs() * 4.0 >= self.before
    }
}

/// One period of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// When.
    pub period: Period,
    /// As displayed; none is a gap.
    pub value: Option<f64>,
    /// Shown hollow, in no limit and no signal.
    pub provisional: bool,
    /// From 1.
    pub phase: usize,
    /// The line about which runs are counted; none where too few points.
    pub centre: Option<f64>,
    /// Lower and upper process limit, as the rules use them (not cut off at 0 or 100 %).
    pub limits: Option<(f64, f64)>,
    /// Why it is special, if it is.
    pub signal: Option<Signal>,
    /// None where there is no complete value or no chart.
    pub state: Option<State>,
}

/// A stretch with limits of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Its first period.
    pub from: Period,
    /// Complete values in it.
    pub points: usize,
    /// Why it began; none for the first, but where the records do not reach back far enough for earlier points.
    pub reason: Option<String>,
}

impl Judgement {
    /// Whether the points are on a control chart that can signal.
    pub fn is_charted(&self) -> bool {
        self.choice.method.signals() && !matches!(self.variation, Variation::NotJudged(_))
    }

    /// Whether it can be said to show no clear change: a level whose moves are judged can not, though none is a signal, where
    /// it grew or shrank by a quarter in twelve months, nor where that is withheld.
    pub fn is_steady(&self) -> bool {
        let moved = self.choice.method.judges_moves() && self.net.is_none_or(Net::is_large);
        matches!(self.variation, Variation::NoClearChange { .. }) && !moved
    }

    /// Whether a level went the worse way by a quarter in twelve months, though none of its moves is a signal now.
    pub fn is_drifting_worse(&self, better: Better) -> bool {
        let worse = |net: Net| match better {
            Better::Lower => net.by > 0.0,
            Better::Higher => net.by < 0.0,
            Better::Neither => false,
        };
        matches!(self.variation, Variation::NoClearChange { .. })
            && self.net.is_some_and(|net| net.is_large() && worse(net))
    }

    /// The latest complete point that has a value.
    pub fn last(&self) -> Option<&Judged> {
        self.points.iter().rev().find(|point| !point.provisional && point.value.is_some())
    }

    /// Complete values shown.
    pub fn shown(&self) -> usize {
        self.points.iter().filter(|point| !point.provisional && point.value.is_some()).count()
    }
}

/// Judges a measure from the figures its edition displays.
pub fn judge<E: Edition>(measure: &Measure, report: &Report<E>) -> Judgement {
    if matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
        return nothing(measure, choose::none(), NotJudged::CannotBeKnown);
    }
    let inputs = series::judged_series(measure, report);
    let choice = choose::choose(measure, &inputs);
    let (unit, scale) = match (choice.method, measure.unit) {
        (Method::Steps, Unit::Proportion) => (Unit::PercentagePoints, 100.0),
        (_, unit) => (unit, 1.0),
    };
    let mut points = match choice.method {
        Method::Flow => series::flow(measure, report),
        Method::Yearly => series::yearly(measure, report),
        _ => inputs,
    };
    if nothing_is_shown(&points) {
        return nothing(measure, choice, NotJudged::NothingShown);
    }
    // A rate that falls only because its days at risk were not all known yet is no improvement.
    let days: Vec<_> = points.iter().map(|one| (one.period, one.counts.map(|(_, of)| of))).collect();
    let from = reaches_back_from(measure, report, &days);
    points.retain(|point| from.is_none_or(|from| point.period.first_month() >= from));
    let levels = points;
    let points = if choice.method == Method::Steps { series::steps(&levels, scale) } else { levels.clone() };
    if nothing_is_shown(&points) {
        return nothing(measure, choice, NotJudged::NothingShown);
    }
    let starts = phase_starts(&points, &touching(measure, &report.about.events));
    let judged = limits::place(&points, &starts, choice.method, measure.better);
    let mut phases: Vec<Phase> = phases(&points, &starts);
    if let (Some(_), Some(first)) = (from, phases.first_mut()) {
        first.reason = Some(too_short(measure));
    }
    let trial = phases.last().is_some_and(|phase| phase.points < FIRM_POINTS) && choice.method.signals();
    let variation = variation::variation(&judged, &phases, choice.method, report.about.month);
    let assurance = assurance::assurance(measure, report, &judged, choice.method);
    let trajectory = assurance::trajectory(measure, report, &judged, choice.method);
    let net = match choice.method {
        Method::Flow => net_of_flow(measure, report, &judged),
        Method::Steps => net_of_steps(&levels, scale),
        _ => None,
    };
    Judgement { choice, unit, points: judged, phases, trial, variation, assurance, trajectory, net }
}

fn nothing_is_shown(points: &[series::Input]) -> bool {
    points.iter().all(|point| point.provisional || point.value.is_none())
}

/// What started less what stopped in twelve complete months, none of them withheld.
fn net_of_flow<E: Edition>(measure: &Measure, report: &Report<E>, points: &[Judged]) -> Option<Net> {
    let complete = points.iter().rev().skip_while(|point| point.provisional).take(MONTHS_OF_NET);
    let values: Vec<f64> = complete.map(|point| point.value).collect::<Option<_>>()?;
    let by = (values.len() == MONTHS_OF_NET).then(|| values.iter().sum::<f64>())?;
    Some(Net { by, before: (series::latest(measure, report)?.value? - by).max(0.0) })
}

/// The latest complete level that is shown against that of a year before.
fn net_of_steps(levels: &[series::Input], scale: f64) -> Option<Net> {
    let shown = || levels.iter().filter(|level| !level.provisional && level.value.is_some());
    let last = shown().next_back()?;
    let is_a_year_before = |level: &&series::Input| last.period.last_month().since(level.period.last_month()) == 12;
    let before = shown().find(is_a_year_before)?.value? * scale;
    Some(Net { by: last.value? * scale - before, before })
}

fn nothing(measure: &Measure, choice: Choice, why: NotJudged) -> Judgement {
    Judgement {
        choice,
        unit: measure.unit,
        points: Vec::new(),
        phases: Vec::new(),
        trial: false,
        variation: Variation::NotJudged(why),
        assurance: None,
        trajectory: None,
        net: None,
    }
}

/// Events that start limits anew for a measure, by time: only those that carry a reason.
fn touching<'a>(measure: &Measure, events: &'a [Event]) -> Vec<(Month, &'a str)> {
    let touches = |event: &&Event| event.measures.is_empty() || event.measures.contains(&measure.id);
    let first_whole = |event: &Event| {
        let month = Month::of(event.on);
        // A month in which recording changed part way is mixed: the next is the first of its kind.
        if month.first_on() == event.on { month } else { month.next() }
    };
    let mut all: Vec<_> = events
        .iter()
        .filter(touches)
        .filter_map(|event| Some((first_whole(event), event.rebase.as_deref()?)))
        .collect();
    all.sort_by_key(|(month, _)| *month);
    all
}

/// Where each phase starts, with the reason of every one but the first.
fn phase_starts<'a>(points: &[series::Input], events: &[(Month, &'a str)]) -> Vec<(usize, Option<&'a str>)> {
    let mut starts: Vec<(usize, Option<&str>)> = vec![(0, None)];
    for (month, reason) in events {
        let at = points.iter().position(|point| point.period.first_month() >= *month);
        if let Some(at) = at.filter(|at| *at > 0 && starts.last().is_some_and(|last| last.0 < *at)) {
            starts.push((at, Some(reason)));
        }
    }
    starts
}

fn phases(points: &[series::Input], starts: &[(usize, Option<&str>)]) -> Vec<Phase> {
    let ends = starts.iter().skip(1).map(|start| start.0).chain([points.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|((start, reason), end)| {
            let own = points.get(*start..end)?;
            Some(Phase {
                from: own.first()?.period,
                points: own.iter().filter(|point| !point.provisional && point.value.is_some()).count(),
                reason: reason.map(str::to_owned),
            })
        })
        .collect()
}
