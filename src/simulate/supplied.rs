//! The missing spells that the extracts can show, worked out from what was reported and not by the rule engine.
//!
//! A child whose police identifier is not in the crosswalk is two children to a reader: one of the council's, one of
//! the police's whose birth and leaving nobody knows.

use super::calendar::{Day, Minute, day_at};
use super::child::{Child, Report};
use super::world::World;

/// One child as a reader of the extracts sees them.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) spells: Vec<SeenSpell>,
    /// The day of leaving, where it is known and not after the as-at date.
    pub(super) left_on: Option<Day>,
}

/// One merged spell.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeenSpell {
    pub(super) started_on: Day,
    pub(super) end: SeenEnd,
}

/// How a merged spell ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeenEnd {
    Returned(Day),
    Open,
    Left(Day),
    Unknown,
}

/// The child as seen: one reader's child, or two where the police's is unlinked.
pub(super) fn seen(world: &World, child: &Child) -> Vec<Seen> {
    let left_on = Some(child.leaves_on).filter(|on| *on <= world.as_at);
    if child.linked.police {
        return vec![view(child.spells.iter().filter_map(super::child::Spell::merged), left_on)];
    }
    vec![
        view(child.spells.iter().filter_map(|spell| spell.council), left_on),
        view(child.spells.iter().filter_map(|spell| spell.police.map(|police| police.seen)), None),
    ]
}

fn view(reports: impl Iterator<Item = Report>, left_on: Option<Day>) -> Seen {
    let mut spells: Vec<SeenSpell> = Vec::new();
    for report in reports {
        // A later spell shows that the one before it ended.
        if let Some(before) = spells.last_mut()
            && matches!(before.end, SeenEnd::Open | SeenEnd::Left(_))
        {
            before.end = SeenEnd::Unknown;
        }
        let end = match (report.end, left_on) {
            (Some(end), _) => SeenEnd::Returned(day_at(end)),
            (None, Some(on)) => SeenEnd::Left(on),
            (None, None) => SeenEnd::Open,
        };
        spells.push(SeenSpell { started_on: day_at(report.start), end });
    }
    Seen { spells, left_on }
}

/// The first days on which police and health, where their child is unlinked, show risk that no assessment can be seen to
/// answer: to a reader these clocks stay open.
pub(super) fn unanswerable(world: &World, child: &Child) -> Vec<Day> {
    let signals =
        |kind: &'static str| child.signals.iter().filter(move |signal| signal.kind == kind && signal.closed.is_none());
    let harms = |by_health: bool| {
        let theirs = move |kind: &str| (kind == "ed_attendance") == by_health;
        child.harms.iter().filter(move |harm| theirs(harm.kind)).map(|harm| harm.occurred_on)
    };
    let police = signals("police_notification")
        .filter(|signal| signal.recorded_on <= world.police_to)
        .map(|signal| signal.raised_on)
        .chain(harms(false))
        .chain(child.spells.iter().filter_map(|spell| spell.police?.seen.end.map(day_at)))
        .filter(|on| *on <= world.police_to);
    let health = signals("ed_screening")
        .filter(|signal| signal.recorded_on <= world.as_at)
        .map(|signal| signal.raised_on)
        .chain(harms(true));
    let first_of_police = police.min().filter(|_| !child.linked.police);
    let first_of_health = health.min().filter(|_| !child.linked.health);
    first_of_police.into_iter().chain(first_of_health).collect()
}

impl SeenSpell {
    /// The days of the nights out: none of an unknown end, up to the as-at date where open.
    pub(super) fn nights(&self, as_at: Day) -> std::ops::Range<Day> {
        match self.end {
            SeenEnd::Returned(on) | SeenEnd::Left(on) => self.started_on..on,
            SeenEnd::Open => self.started_on..as_at + 1,
            SeenEnd::Unknown => self.started_on..self.started_on,
        }
    }

    pub(super) fn returned_on(&self) -> Option<Day> {
        match self.end {
            SeenEnd::Returned(on) => Some(on),
            _ => None,
        }
    }
}

/// Days from a return to the next start, where there is a next spell.
pub(super) fn days_to_next(returned: Minute, next_start: Minute) -> Day {
    day_at(next_start) - day_at(returned)
}
