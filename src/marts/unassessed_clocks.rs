//! Clocks of unassessed risk: from a signal until the child is assessed, leaves, or every signal is closed unanswered.
//!
//! Open clocks count. A figure built only on finished ones is a defect.

use std::collections::BTreeSet;

use polars::prelude::*;
use rayon::prelude::*;

use super::frame::{ByChild, Day, Names, date_column};
use super::leaving::{Leavings, Left};
use super::signals::{Assessment, Signal, Theme};

/// How a clock stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// An answering assessment was completed.
    Assessed(Day),
    /// The child left the area, died or turned 18.
    Left(Day),
    /// The last of its signals was closed, unanswered.
    ClosedUnassessed(Day),
    /// Still running at the as-at date.
    Open,
}

/// One clock: its start, how it stopped, and the signals in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) start: Day,
    pub(crate) stop: Stop,
    pub(crate) signals: Vec<Signal>,
}

/// Every clock of one child, in order. Orders of `signals` and `assessments` cannot matter.
///
/// A signal raised while a clock runs joins it. Otherwise it starts one if it is strong or no assessment completed on the
/// `valid_days` days before covers it; otherwise it is parked, and looked at again on the day after each covering completion
/// has lost its validity.
pub(crate) fn clocks(
    mut signals: Vec<Signal>,
    assessments: &[Assessment],
    left: Left,
    as_at: Day,
    valid_days: Day,
) -> Vec<Clock> {
    let left_on = left.map(|(day, _)| day);
    signals.retain(|signal| signal.raised_on <= as_at && left_on.is_none_or(|day| signal.raised_on < day));
    signals.sort_unstable();
    let days = days_to_look(&signals, assessments, left_on, as_at, valid_days);
    let mut child = Child { assessments, left_on, valid_days, parked: Vec::new(), running: None, done: Vec::new() };
    for day in days {
        let raised: Vec<Signal> = signals.iter().filter(|signal| signal.raised_on == day).copied().collect();
        child.live_through(day, raised);
    }
    child.done.extend(child.running);
    child.done
}

/// Every day on which something can happen: a signal raised or closed, an assessment, a second look, leaving.
fn days_to_look(
    signals: &[Signal],
    assessments: &[Assessment],
    left_on: Option<Day>,
    as_at: Day,
    valid_days: Day,
) -> BTreeSet<Day> {
    let raised_or_closed = signals.iter().flat_map(|signal| [Some(signal.raised_on), signal.closed_on]).flatten();
    let completed = assessments.iter().map(|assessment| assessment.completed_on);
    let second_looks = assessments.iter().map(|assessment| assessment.completed_on + valid_days + 1);
    raised_or_closed.chain(completed).chain(second_looks).chain(left_on).filter(|day| *day <= as_at).collect()
}

/// One child's state while the days are walked through.
struct Child<'a> {
    assessments: &'a [Assessment],
    left_on: Option<Day>,
    valid_days: Day,
    parked: Vec<Signal>,
    running: Option<Clock>,
    done: Vec<Clock>,
}

impl Child<'_> {
    fn live_through(&mut self, day: Day, raised: Vec<Signal>) {
        self.let_parked_go(day);
        match self.running.take() {
            Some(clock) => self.continue_clock(clock, day, raised),
            None => self.consider(day, raised),
        }
    }

    /// A parked signal is gone once an assessment answers it or it is closed.
    fn let_parked_go(&mut self, day: Day) {
        let assessments = self.assessments;
        self.parked.retain(|signal| {
            signal.closed_on.is_none_or(|closed_on| closed_on > day)
                && !assessments.iter().any(|assessment| assessment.completed_on <= day && assessment.answers(signal))
        });
    }

    /// Assessed, left, closed: in this order on one day. What is raised on the day of a closing starts afresh.
    fn continue_clock(&mut self, mut clock: Clock, day: Day, raised: Vec<Signal>) {
        let before = clock.signals.len();
        clock.signals.extend(raised.iter().copied());
        if self.assessed(&clock, day) {
            clock.stop = Stop::Assessed(day);
            self.done.push(clock);
        } else if self.left_on == Some(day) {
            clock.stop = Stop::Left(day);
            self.done.push(clock);
        } else if clock.signals.iter().take(before).all(|signal| is_closed(signal, day)) {
            clock.signals.truncate(before);
            clock.stop = Stop::ClosedUnassessed(day);
            self.done.push(clock);
            self.consider(day, raised);
        } else {
            self.running = Some(clock);
        }
    }

    /// No clock runs: what was raised today, or is due a second look, starts one or is parked.
    fn consider(&mut self, day: Day, raised: Vec<Signal>) {
        let starts = raised.iter().any(|signal| self.is_strong(signal, day) || !self.is_covered(signal, day))
            || self.parked.iter().any(|signal| self.is_due_again(signal, day) && !self.is_covered(signal, day));
        if !starts {
            self.parked.extend(raised);
            self.let_parked_go(day);
            return;
        }
        let mut signals = std::mem::take(&mut self.parked);
        signals.extend(raised);
        let mut clock = Clock { start: day, stop: Stop::Open, signals };
        if self.assessed(&clock, day) {
            clock.stop = Stop::Assessed(day);
            self.done.push(clock);
        } else if clock.signals.iter().all(|signal| is_closed(signal, day)) {
            clock.stop = Stop::ClosedUnassessed(day);
            self.done.push(clock);
        } else {
            self.running = Some(clock);
        }
    }

    /// An assessment completed today, begun no earlier than the clock, covers a signal in it.
    fn assessed(&self, clock: &Clock, day: Day) -> bool {
        self.assessments.iter().any(|assessment| {
            assessment.completed_on == day
                && assessment.is_of_or_after(clock.start)
                && clock.signals.iter().any(|signal| assessment.covers(signal))
        })
    }

    /// Of a strong kind, or of a theme that no assessment completed before `day` has covered.
    fn is_strong(&self, signal: &Signal, day: Day) -> bool {
        signal.strong_kind
            || !self.assessments.iter().any(|assessment| assessment.completed_on < day && assessment.covers(signal))
    }

    /// A covering assessment was completed on one of the `valid_days` days before `day`. One of another theme does not
    /// cover: were it to hold the signal back, no second look would ever fall due and the signal would be lost.
    fn is_covered(&self, signal: &Signal, day: Day) -> bool {
        let valid = day - self.valid_days..day;
        self.assessments.iter().any(|assessment| valid.contains(&assessment.completed_on) && assessment.covers(signal))
    }

    /// Today is the day after a covering completion lost its validity.
    fn is_due_again(&self, signal: &Signal, day: Day) -> bool {
        self.assessments
            .iter()
            .any(|assessment| assessment.completed_on + self.valid_days + 1 == day && assessment.covers(signal))
    }
}

fn is_closed(signal: &Signal, day: Day) -> bool {
    signal.closed_on.is_some_and(|closed_on| closed_on <= day)
}

/// One row per clock: `started_on`, `stopped_on` (null while open), cause (assessed, left, `closed_unassessed`, open),
/// `left_reason` where it left, `signals` in it, and `theme` of its earliest named signal (null where none is named).
pub(crate) fn unassessed_clocks(
    signals: &ByChild<Signal>,
    assessments: &ByChild<Assessment>,
    leavings: &Leavings,
    as_at: Day,
    valid_days: u32,
    names: &Names,
) -> PolarsResult<DataFrame> {
    let children: Vec<i64> = signals.children().collect();
    let by_child: Vec<(i64, Left, Vec<Clock>)> = children
        .into_par_iter()
        .map(|child| {
            let raised = signals.of(child).iter().map(|(_, signal)| *signal).collect();
            let completed: Vec<Assessment> = assessments.of(child).iter().map(|(_, one)| *one).collect();
            let left = leavings.of(child, as_at);
            (child, left, clocks(raised, &completed, left, as_at, valid_days as Day))
        })
        .collect();
    let mut rows = Rows::default();
    for (child, left, clocks) in by_child {
        for clock in clocks {
            rows.push(child, &clock, left, names);
        }
    }
    rows.into_frame()
}

#[derive(Default)]
struct Rows {
    child_id: Vec<i64>,
    started_on: Vec<Option<Day>>,
    stopped_on: Vec<Option<Day>>,
    cause: Vec<&'static str>,
    left_reason: Vec<Option<&'static str>>,
    theme: Vec<String>,
    signals: Vec<u32>,
}

impl Rows {
    fn push(&mut self, child: i64, clock: &Clock, left: Left, names: &Names) {
        let (stopped_on, cause, left_reason) = match clock.stop {
            Stop::Assessed(day) => (Some(day), "assessed", None),
            Stop::Left(day) => (Some(day), "left", left.map(|(_, reason)| reason.word())),
            Stop::ClosedUnassessed(day) => (Some(day), "closed_unassessed", None),
            Stop::Open => (None, "open", None),
        };
        self.child_id.push(child);
        self.started_on.push(Some(clock.start));
        self.stopped_on.push(stopped_on);
        self.cause.push(cause);
        self.left_reason.push(left_reason);
        self.theme.push(theme_of(clock, names).to_owned());
        self.signals.push(clock.signals.len() as u32);
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        DataFrame::new_infer_height(vec![
            Column::new("child_id".into(), self.child_id),
            date_column("started_on", self.started_on)?,
            date_column("stopped_on", self.stopped_on)?,
            Column::new("cause".into(), self.cause),
            Column::new("left_reason".into(), self.left_reason).cast(&DataType::String)?,
            Column::new("theme".into(), self.theme),
            Column::new("signals".into(), self.signals),
        ])
    }
}

/// The theme of the earliest signal that names one (the first by its word where several are of that day); else missing.
fn theme_of<'a>(clock: &Clock, names: &'a Names) -> &'a str {
    let themed = clock.signals.iter().filter_map(|signal| match signal.theme {
        Theme::Named(theme) => Some((signal.raised_on, names.word(theme))),
        Theme::Any => None,
    });
    themed.min().map_or("missing", |(_, theme)| theme)
}

#[cfg(test)]
#[path = "unassessed_clocks_tests.rs"]
mod tests;
