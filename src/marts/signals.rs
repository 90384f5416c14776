//! Signals that a child may be at risk, and the assessments that can answer them.

use std::collections::HashSet;

use itertools::izip;
use polars::prelude::*;

use super::frame::{ByChild, Code, Day, Names, codes, days, keys, truths};
use super::missing_spells::Spell;
use crate::domain::Definitions;

/// One signal of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Signal {
    pub(crate) raised_on: Day,
    /// None while open; harm events, and returns no extract holds, are never closed.
    pub(crate) closed_on: Option<Day>,
    pub(crate) theme: Theme,
    /// Of a kind that always starts a clock.
    pub(crate) strong_kind: bool,
}

/// What a signal or an assessment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Theme {
    /// None recorded, or going missing: a signal that any assessment covers.
    Any,
    /// Criminal or sexual exploitation, gangs, trafficking.
    Named(Code),
}

/// One assessment that counts: exploitation or child and family, the child not recorded as unseen, completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Assessment {
    pub(crate) completed_on: Day,
    pub(crate) started_on: Option<Day>,
    /// None covers every theme.
    pub(crate) theme: Option<Code>,
    /// Level above low: it extends a risk period.
    pub(crate) above_low: bool,
}

impl Assessment {
    /// One covers a theme if its own is empty or the same; a signal of missing, or of none, is covered by any.
    pub(crate) fn covers(&self, signal: &Signal) -> bool {
        match (self.theme, signal.theme) {
            (None, _) | (_, Theme::Any) => true,
            (Some(own), Theme::Named(theme)) => own == theme,
        }
    }

    /// Completed, and where recorded started, on or after `day`.
    pub(crate) fn is_of_or_after(&self, day: Day) -> bool {
        self.completed_on >= day && self.started_on.is_none_or(|started_on| started_on >= day)
    }

    /// Answers a signal: of or after the day it was raised, and covering it.
    pub(crate) fn answers(&self, signal: &Signal) -> bool {
        self.is_of_or_after(signal.raised_on) && self.covers(signal)
    }
}

/// Signals closed as duplicate or error never were signals.
pub(super) const NEVER_WERE: [&str; 2] = ["duplicate", "error"];

/// Kinds that always start a clock.
const STRONG: [&str; 4] = ["ed_screening", "police_notification", "nrm", "harm_event"];

/// Kinds of assessment that count.
pub(super) const COUNTED: [&str; 2] = ["exploitation", "child_and_family"];

const RETURN_FROM_MISSING: &str = "return_from_missing";
pub(super) const HARM_EVENT: &str = "harm_event";
const STRATEGY_DISCUSSION: &str = "strategy_discussion";

/// Levels that say the risk is not above low; the others are above, and none is unknown and extends nothing.
pub(super) const NOT_ABOVE_LOW: [&str; 2] = ["low", "none"];

/// Every signal by child: the extract's rows, every harm event, and every return from missing the extract does not hold.
pub(crate) fn signals_by_child(
    risk_signals: &DataFrame,
    harm_events: &DataFrame,
    spells: &ByChild<Spell>,
    definitions: &Definitions,
    names: &mut Names,
) -> PolarsResult<ByChild<Signal>> {
    let counts = |kind: &str| definitions.signal_kinds.iter().any(|counted| counted == kind);
    let mut signals = Vec::new();
    let mut returns_held = HashSet::new();
    for (child, kind, signal) in recorded_signals(risk_signals, names)? {
        if names.word(kind) == RETURN_FROM_MISSING {
            returns_held.insert((child, signal.raised_on));
        }
        if counts(names.word(kind)) {
            signals.push((child, signal));
        }
    }
    if counts(HARM_EVENT) {
        let raised = keys(harm_events, "child_id")?.into_iter().zip(days(harm_events, "occurred_on")?);
        signals.extend(raised.filter_map(|(child, day)| Some((child, unclosed(day?, true)))));
    }
    if counts(RETURN_FROM_MISSING) {
        for child in spells.children() {
            let returns = spells.of(child).iter().filter_map(|(_, spell)| spell.returned());
            signals.extend(
                returns
                    .filter(|end| !returns_held.contains(&(child, end.on)))
                    .map(|end| (child, unclosed(end.on, false))),
            );
        }
    }
    Ok(ByChild::new(signals))
}

fn unclosed(raised_on: Day, strong_kind: bool) -> Signal {
    Signal { raised_on, closed_on: None, theme: Theme::Any, strong_kind }
}

/// The extract's rows, less those closed as duplicate or error: child, kind, signal.
fn recorded_signals(risk_signals: &DataFrame, names: &mut Names) -> PolarsResult<Vec<(i64, Code, Signal)>> {
    let child = keys(risk_signals, "child_id")?;
    let kind = codes(risk_signals, "kind", names)?;
    let theme = codes(risk_signals, "theme", names)?;
    let raised = days(risk_signals, "raised_on")?;
    let closed = days(risk_signals, "closed_on")?;
    let reason = codes(risk_signals, "closed_reason", names)?;
    let missing = names.code("missing");
    let never_were = NEVER_WERE.map(|word| names.code(word));
    let strong = STRONG.map(|word| names.code(word));
    Ok(izip!(child, kind, theme, raised, closed, reason)
        .filter(|(.., reason)| !reason.is_some_and(|reason| never_were.contains(&reason)))
        .filter_map(|(child, kind, theme, raised_on, closed_on, _)| {
            let (kind, raised_on) = (kind?, raised_on?);
            let theme = theme.filter(|theme| *theme != missing).map_or(Theme::Any, Theme::Named);
            let closed_on = closed_on.map(|day| day.max(raised_on));
            Some((child, kind, Signal { raised_on, closed_on, theme, strong_kind: strong.contains(&kind) }))
        })
        .collect())
}

/// The assessments that count, by child.
pub(crate) fn assessments_by_child(
    risk_assessments: &DataFrame,
    definitions: &Definitions,
    names: &mut Names,
) -> PolarsResult<ByChild<Assessment>> {
    let child = keys(risk_assessments, "child_id")?;
    let kind = codes(risk_assessments, "kind", names)?;
    let theme = codes(risk_assessments, "theme", names)?;
    let level = codes(risk_assessments, "level", names)?;
    let started = days(risk_assessments, "started_on")?;
    let completed = days(risk_assessments, "completed_on")?;
    let seen = truths(risk_assessments, "child_seen")?;
    let mut counted: Vec<Code> = COUNTED.iter().map(|word| names.code(word)).collect();
    if definitions.strategy_discussion_stops_clock {
        counted.push(names.code(STRATEGY_DISCUSSION));
    }
    let low = NOT_ABOVE_LOW.map(|word| names.code(word));
    let assessments = izip!(child, kind, theme, level, started, completed, seen)
        .filter(|(_, kind, .., seen)| *seen != Some(false) && kind.is_some_and(|kind| counted.contains(&kind)))
        .filter_map(|(child, _, theme, level, started_on, completed_on, _)| {
            let above_low = level.is_some_and(|level| !low.contains(&level));
            Some((child, Assessment { completed_on: completed_on?, started_on, theme, above_low }))
        })
        .collect();
    Ok(ByChild::new(assessments))
}
