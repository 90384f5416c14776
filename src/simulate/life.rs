//! Lives one child's time at risk, event by event: missing spells that beget spells, signals, assessments, help.
//!
//! Everything here is latent truth. What agencies saw of it, and when, is for `reports`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::calendar::{Day, MINUTES_A_DAY, Minute, day_at, midnight};
use super::child::{Assessment, Child, Clock, Harm, Journey, Signal, Spell};
use super::dice::Dice;
use super::help;
use super::world::{SEEMS_TO_WORK, SERVICES, SUPPORT_ACTS_DAYS, SUPPORT_PREVENTS, Service, WORKS, World};

/// Spells of a child lie at least this far apart, so that no two can be taken for one.
const APART: Minute = 36 * 60;
/// Ends are at least this far before leaving or the as-at date, so that every reporter has the end or none has.
const CLEAR: Minute = 130;
/// Days for which an assessment covers a new signal of a known kind.
const COVERED_DAYS: Day = 91;
/// Median days to an assessment in a steady world, and the share of clocks for which nobody plans one.
const STEADY_WAIT: (f64, f64) = (28.0, 0.04);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    GoesMissing,
    Returned,
    Signal,
    Harm,
    Assessed,
    CoverEnds,
}

/// How a child goes missing: drawn once, so that a few children make many of the spells.
#[derive(Clone, Copy, Debug)]
struct Habit {
    again: f64,
    soon: f64,
    soon_days: f64,
    later_days: f64,
}

const SELDOM: Habit = Habit { again: 0.30, soon: 0.27, soon_days: 12.0, later_days: 130.0 };
const OFTEN: Habit = Habit { again: 0.66, soon: 0.27, soon_days: 13.0, later_days: 100.0 };
const VERY_OFTEN: Habit = Habit { again: 0.955, soon: 0.75, soon_days: 9.0, later_days: 40.0 };

/// The clock of unassessed risk as it runs.
#[derive(Clone, Copy, Debug)]
struct Running {
    started_on: Day,
    assessment_due: bool,
}

struct Life<'a> {
    world: &'a World,
    dice: &'a mut Dice,
    child: &'a mut Child,
    queue: BinaryHeap<Reverse<(Minute, Event)>>,
    habit: Option<Habit>,
    clock: Option<Running>,
    assessed_on: Option<Day>,
    /// A signal was raised under the cover of an assessment and nobody has looked at it since.
    parked: bool,
    missing_until: Minute,
    /// Nothing happens from this minute on.
    stops: Minute,
}

/// Fills in the child's spells, signals, harm, clocks, assessments and journeys.
pub(super) fn live(world: &World, child: &mut Child, dice: &mut Dice) {
    let habit = dice.chance(0.74).then(|| dice.pick(&[(SELDOM, 0.60), (OFTEN, 0.355), (VERY_OFTEN, 0.045)]));
    let stops = midnight(child.leaves_on.min(world.as_at + 1));
    let entered = midnight(child.entered_on) + dice.whole(8 * 60, 23 * 60);
    let mut life = Life {
        world,
        dice,
        child,
        queue: BinaryHeap::new(),
        habit,
        clock: None,
        assessed_on: None,
        parked: false,
        missing_until: 0,
        stops,
    };
    life.enter(entered);
    while let Some(Reverse((at, event))) = life.queue.pop() {
        if at >= life.stops {
            break;
        }
        match event {
            Event::GoesMissing => life.goes_missing(at),
            Event::Returned => life.returned(at),
            Event::Signal => life.signal(at),
            Event::Harm => life.harm(at),
            Event::Assessed => life.assessed(at),
            Event::CoverEnds => life.cover_ends(at),
        }
    }
    life.keep_open_clock();
}

impl Life<'_> {
    fn enter(&mut self, at: Minute) {
        let missing_first = self.habit.is_some() && self.dice.chance(0.45);
        if missing_first {
            self.queue.push(Reverse((at, Event::GoesMissing)));
            self.after_days(at, 80.0, Event::Signal);
        } else {
            self.queue.push(Reverse((at, Event::Signal)));
            if self.habit.is_some() {
                self.after_days(at, 60.0, Event::GoesMissing);
            }
        }
        self.after_days(at, 260.0, Event::Harm);
    }

    fn after_days(&mut self, at: Minute, mean_days: f64, event: Event) {
        let wait = self.dice.exponential(mean_days).max(0.5) * MINUTES_A_DAY as f64;
        self.queue.push(Reverse((at + wait as Minute, event)));
    }

    fn goes_missing(&mut self, at: Minute) {
        if at < self.missing_until + APART {
            return;
        }
        if self.is_supported(day_at(at)) && self.dice.chance(SUPPORT_PREVENTS) {
            self.may_go_again(at);
            return;
        }
        let long = self.dice.chance(0.004);
        let hours = if long { self.dice.log_normal(900.0, 0.5) } else { self.dice.log_normal(9.5, 1.15) };
        let end = at + ((hours * 60.0) as Minute).clamp(100, 150 * MINUTES_A_DAY);
        self.missing_until = end;
        let ends = end + CLEAR < self.stops;
        self.child.spells.push(Spell {
            start: at,
            end: ends.then_some(end),
            police: None,
            council: None,
            interview: None,
        });
        if self.dice.chance(0.30) {
            self.raise(at, "police_notification", "missing");
        }
        if ends {
            self.queue.push(Reverse((end, Event::Returned)));
        }
        self.offer_youth_work(day_at(at));
    }

    fn returned(&mut self, at: Minute) {
        self.risk_seen(day_at(at), false);
        self.may_go_again(at);
    }

    fn may_go_again(&mut self, at: Minute) {
        let Some(habit) = self.habit else { return };
        if self.dice.chance(habit.again) {
            let mean = if self.dice.chance(habit.soon) { habit.soon_days } else { habit.later_days };
            let wait = 1.6 + self.dice.exponential(mean);
            let evening = self.dice.whole(14 * 60, 26 * 60);
            let start = midnight(day_at(at) + wait as Day) + evening;
            self.queue.push(Reverse((start.max(at + APART), Event::GoesMissing)));
        }
    }

    fn is_supported(&self, day: Day) -> bool {
        self.child
            .journeys
            .iter()
            .filter(|journey| journey.service.name == WORKS)
            .filter_map(|journey| journey.first_attended_on)
            .any(|first| first <= day && day < first + SUPPORT_ACTS_DAYS)
    }

    fn signal(&mut self, at: Minute) {
        let theme = self.child.theme;
        let kind = self.dice.pick(&[
            ("police_notification", 0.38),
            ("contact", 0.16),
            ("ed_screening", 0.12),
            ("school", 0.12),
            ("screening_tool", 0.16),
            ("nrm", 0.06),
        ]);
        self.raise(at, kind, if kind == "contact" { "missing" } else { theme });
        if self.dice.chance(0.80) {
            self.after_days(at, 95.0, Event::Signal);
        }
    }

    fn raise(&mut self, at: Minute, kind: &'static str, theme: &'static str) {
        let raised_on = day_at(at);
        let late = if self.dice.chance(0.12) { self.dice.days(5, 30) } else { self.dice.days(0, 3) };
        let close_chance = if kind == "contact" { 0.0 } else { self.dice.unit() };
        let closed = if close_chance > 0.96 {
            Some((raised_on + self.dice.days(20, 60), "no_further_action"))
        } else if close_chance > 0.95 {
            Some((raised_on + self.dice.days(1, 9), "duplicate"))
        } else {
            None
        };
        let strong = matches!(kind, "police_notification" | "ed_screening" | "nrm");
        self.child.signals.push(Signal { kind, theme, raised_on, recorded_on: raised_on + late, closed });
        if !matches!(closed, Some((_, "duplicate"))) {
            self.risk_seen(raised_on, strong);
        }
    }

    fn harm(&mut self, at: Minute) {
        let kind = self.dice.pick(&[
            ("victim_of_crime", 0.34),
            ("ed_attendance", 0.30),
            ("arrest", 0.28),
            ("exploitation_offence", 0.08),
        ]);
        let occurred_on = day_at(at);
        if !(self.is_supported(occurred_on) && self.dice.chance(SUPPORT_PREVENTS)) {
            self.child.harms.push(Harm { kind, occurred_on });
            self.risk_seen(occurred_on, true);
        }
        if self.dice.chance(0.72) {
            self.after_days(at, 170.0, Event::Harm);
        }
    }

    /// Starts a clock unless one runs or an assessment still covers it, and decides when it will be assessed.
    fn risk_seen(&mut self, day: Day, strong: bool) {
        let covered = !strong && self.assessed_on.is_some_and(|on| day - on <= COVERED_DAYS);
        match self.clock {
            Some(running) if running.assessment_due => {}
            Some(_) => self.may_be_picked_up(day),
            None if !covered => self.start_clock(day),
            None => self.park(),
        }
    }

    /// A weak signal under cover waits for the day after the cover ends.
    fn park(&mut self) {
        if let Some(assessed_on) = self.assessed_on.filter(|_| !self.parked) {
            self.parked = true;
            let at = midnight(assessed_on + COVERED_DAYS + 1) + 9 * 60;
            self.queue.push(Reverse((at, Event::CoverEnds)));
        }
    }

    fn cover_ends(&mut self, at: Minute) {
        if std::mem::take(&mut self.parked) {
            self.risk_seen(day_at(at), false);
        }
    }

    /// A signal raised while nobody plans an assessment sometimes brings one about.
    fn may_be_picked_up(&mut self, day: Day) {
        if self.dice.chance(0.15) {
            let wait = self.dice.days(5, 40);
            self.due(day, day + wait);
        }
    }

    fn start_clock(&mut self, day: Day) {
        self.parked = false;
        self.clock = Some(Running { started_on: day, assessment_due: false });
        let planned = self.planned_wait(day).map(|wait| day + wait);
        // The new front door also clears what had been left open.
        let ahead = self.world.front_door_on.filter(|on| day < *on);
        let cleared = ahead.filter(|_| self.dice.chance(0.85)).map(|on| on + self.dice.days(5, 150));
        if let Some(on) = [planned, cleared].into_iter().flatten().min() {
            self.due(day, on);
        }
        if self.dice.chance(0.10) {
            let held = day + self.dice.days(1, 6);
            if midnight(held) < self.stops {
                self.child.strategy_discussions.push(held);
            }
        }
    }

    /// Days to the assessment planned for a clock starting on `day`; none where nobody plans one.
    fn planned_wait(&mut self, day: Day) -> Option<Day> {
        let (median, never) = match self.world.front_door_on {
            None => STEADY_WAIT,
            Some(on) if day < on => {
                let starts_on = self.world.starts_on;
                let towards = f64::from(day - starts_on) / f64::from((on - starts_on).max(1));
                (12.0 + 46.0 * towards, 0.12 + 0.26 * towards)
            }
            Some(on) => {
                let months_since = f64::from(day - on) / 30.4;
                ((34.0 * (-months_since / 3.0).exp()).max(8.0), 0.10)
            }
        };
        let wait = self.dice.log_normal(median, 0.75).min(400.0) as Day;
        (!self.dice.chance(never)).then_some(wait)
    }

    fn due(&mut self, asked_on: Day, completes_on: Day) {
        if let Some(running) = &mut self.clock {
            running.assessment_due = true;
        }
        let at = midnight(completes_on) + 16 * 60;
        self.queue.push(Reverse((at.max(midnight(asked_on) + 23 * 60 + 59), Event::Assessed)));
    }

    fn assessed(&mut self, at: Minute) {
        let Some(running) = self.clock.take() else {
            return;
        };
        let completed_on = day_at(at);
        self.child.clocks.push(Clock { started_on: running.started_on, assessed_on: Some(completed_on) });
        // Most are written within 45 working days of their start; a quarter drag on, where the child waited that long.
        let took = if self.dice.chance(0.75) { self.dice.days(1, 45) } else { self.dice.days(60, 110) };
        let started_on = (completed_on - took).max(running.started_on);
        let exploitation = self.dice.chance(0.5);
        let level = self.dice.pick(&[("low", 0.34), ("medium", 0.40), ("high", 0.26)]);
        self.child.assessments.push(Assessment { exploitation, started_on, completed_on, child_seen: true, level });
        if self.dice.chance(0.04) && completed_on - running.started_on > 4 {
            let unseen_on = completed_on - 2;
            self.child.assessments.push(Assessment {
                exploitation: true,
                started_on: running.started_on,
                completed_on: unseen_on,
                child_seen: false,
                level: "low",
            });
        }
        self.assessed_on = Some(completed_on);
        for service in &SERVICES {
            if self.dice.chance(service.needed) {
                self.need(service, completed_on);
            }
        }
    }

    /// Youth work is offered once a child has been missing three times in 30 days: at their worst.
    fn offer_youth_work(&mut self, day: Day) {
        let recent = self.child.spells.iter().filter(|spell| day - day_at(spell.start) < 30).count();
        if recent >= 3
            && let Some(service) = SERVICES.iter().find(|service| service.name == SEEMS_TO_WORK)
        {
            self.need(service, day);
        }
    }

    /// A need is identified anew only a year after the last for that service.
    fn need(&mut self, service: &'static Service, day: Day) {
        let lately = |journey: &Journey| journey.service.name == service.name && day - journey.identified_on < 365;
        if self.child.journeys.iter().any(lately) {
            return;
        }
        let factor = self.world.localities.get(self.child.locality).map_or(1.0, |locality| locality.help_factor);
        let journey = help::journey(self.dice, service, factor, day, self.child);
        self.child.journeys.push(journey);
    }

    fn keep_open_clock(&mut self) {
        if let Some(running) = self.clock.take() {
            self.child.clocks.push(Clock { started_on: running.started_on, assessed_on: None });
        }
    }
}
