//! One simulated child: what truly happened, before any agency recorded it.

use super::calendar::{Day, Minute};
use super::world::Service;

/// A child and everything that happened to them.
#[derive(Debug)]
pub(super) struct Child {
    /// 1 for the first child known.
    pub(super) number: u64,
    pub(super) born_on: Day,
    /// The first day of the month of the eighteenth birthday.
    pub(super) eighteen_on: Day,
    /// `F`, `M` or `U`.
    pub(super) sex: &'static str,
    /// As the school census writes it, with its broad group.
    pub(super) ethnicity: (&'static str, &'static str),
    /// Position among the world's localities.
    pub(super) locality: usize,
    pub(super) disability: bool,
    pub(super) theme: &'static str,
    pub(super) left_area_on: Option<Day>,
    pub(super) died_on: Option<Day>,
    /// The earliest of leaving the area, death and turning 18: nothing starts on or after it.
    pub(super) leaves_on: Day,
    pub(super) entered_on: Day,
    /// Looked after from and, where it ended, to.
    pub(super) care: Option<(Day, Option<Day>)>,
    /// Placements within it.
    pub(super) placements: Vec<(Day, Option<Day>)>,
    pub(super) linked: Linked,
    pub(super) spells: Vec<Spell>,
    /// Days on which a looked-after child was away without authorisation, back the same day.
    pub(super) aways: Vec<Day>,
    pub(super) signals: Vec<Signal>,
    pub(super) harms: Vec<Harm>,
    pub(super) clocks: Vec<Clock>,
    pub(super) assessments: Vec<Assessment>,
    pub(super) strategy_discussions: Vec<Day>,
    pub(super) journeys: Vec<Journey>,
}

/// Whether each agency's identifier for the child is in the crosswalk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linked {
    pub(super) police: bool,
    pub(super) health: bool,
    pub(super) education: bool,
}

/// One missing spell and who reported it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell {
    pub(super) start: Minute,
    /// None where still missing at the as-at date or on leaving.
    pub(super) end: Option<Minute>,
    pub(super) police: Option<PoliceReport>,
    pub(super) council: Option<Report>,
    pub(super) interview: Option<Interview>,
}

/// An episode as an agency has it in its extract.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    pub(super) start: Minute,
    /// None where the extract holds no end.
    pub(super) end: Option<Minute>,
}

/// A police episode with the day it reached the police record.
#[derive(Clone, Copy, Debug)]
pub(super) struct PoliceReport {
    pub(super) seen: Report,
    pub(super) recorded_on: Day,
}

/// A return home interview.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interview {
    pub(super) offered_on: Option<Day>,
    pub(super) outcome: &'static str,
    pub(super) held_on: Option<Day>,
    pub(super) independent: bool,
    pub(super) reasons: &'static str,
}

/// A signal of risk that an agency raised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signal {
    pub(super) kind: &'static str,
    pub(super) theme: &'static str,
    pub(super) raised_on: Day,
    pub(super) recorded_on: Day,
    pub(super) closed: Option<(Day, &'static str)>,
}

/// Harm that police or the emergency department saw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Harm {
    pub(super) kind: &'static str,
    pub(super) occurred_on: Day,
}

/// Time in unassessed risk as the simulator lived it: not the rule engine's clock, but close to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) started_on: Day,
    pub(super) assessed_on: Option<Day>,
}

/// An assessment of the child.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assessment {
    /// Of exploitation, with a level; else child and family.
    pub(super) exploitation: bool,
    pub(super) started_on: Day,
    pub(super) completed_on: Day,
    pub(super) child_seen: bool,
    pub(super) level: &'static str,
}

/// A need for a service and what came of it. Days of steps not reached are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Journey {
    pub(super) service: &'static Service,
    pub(super) identified_on: Day,
    pub(super) referred_on: Option<Day>,
    pub(super) offered_on: Option<Day>,
    pub(super) outcome: Option<&'static str>,
    pub(super) first_attended_on: Option<Day>,
    pub(super) last_attended_on: Option<Day>,
    pub(super) sustained_on: Option<Day>,
    pub(super) ended: Option<(Day, &'static str)>,
}
