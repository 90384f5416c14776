//! Whether help reaches a child: one journey from a need to a service.

use super::calendar::Day;
use super::child::{Child, Journey};
use super::dice::Dice;
use super::world::{SEEMS_TO_WORK, Service};

/// The journey of a need identified on `identified_on`; cut off where the child leaves.
pub(super) fn journey(
    dice: &mut Dice,
    service: &'static Service,
    help_factor: f64,
    identified_on: Day,
    child: &Child,
) -> Journey {
    let first_attended_on = first_attended(dice, service, help_factor, identified_on);
    let mut journey = Journey {
        service,
        identified_on,
        referred_on: None,
        offered_on: None,
        outcome: None,
        first_attended_on,
        last_attended_on: None,
        sustained_on: None,
        ended: None,
    };
    match first_attended_on {
        Some(first) => reached(dice, &mut journey, first),
        None => not_reached(dice, &mut journey),
    }
    cut_on_leaving(&mut journey, child);
    journey
}

fn first_attended(dice: &mut Dice, service: &Service, help_factor: f64, identified_on: Day) -> Option<Day> {
    let (soonest, latest) = if service.name == SEEMS_TO_WORK { (2, 14) } else { (5, 88) };
    if dice.chance((service.starts_in_90_days * help_factor).min(0.98)) {
        Some(identified_on + dice.days(soonest, latest))
    } else if dice.chance(0.22) {
        Some(identified_on + dice.days(95, 260))
    } else {
        None
    }
}

fn reached(dice: &mut Dice, journey: &mut Journey, first: Day) {
    let wait = first - journey.identified_on;
    let referred = journey.identified_on + dice.days(0, wait / 3);
    journey.referred_on = Some(referred);
    journey.offered_on = Some(referred + (first - referred) / 2);
    journey.outcome = Some("accepted");
    if dice.chance(0.66) {
        let sustained = first + dice.days(14, 35);
        let last = sustained + dice.days(20, 160);
        journey.sustained_on = Some(sustained);
        journey.last_attended_on = Some(last);
        let reason = if dice.chance(0.75) { "planned" } else { "unplanned" };
        journey.ended = Some((last + dice.days(0, 14), reason));
    } else {
        journey.last_attended_on = Some(first);
        journey.ended = Some((first + dice.days(20, 60), "unplanned"));
    }
}

fn not_reached(dice: &mut Dice, journey: &mut Journey) {
    let referred = journey.identified_on + dice.days(0, 30);
    let answered = referred + dice.days(7, 60);
    match dice.pick(&[("never_referred", 0.32), ("declined", 0.26), ("not_offered", 0.16), ("waiting", 0.26)]) {
        "never_referred" => {}
        "waiting" => journey.referred_on = Some(referred),
        outcome => {
            journey.referred_on = Some(referred);
            journey.offered_on = Some(answered).filter(|_| outcome == "declined");
            journey.outcome = Some(outcome);
        }
    }
}

/// Steps on or after leaving did not happen; a service still open then ended because the child left.
fn cut_on_leaving(journey: &mut Journey, child: &Child) {
    let leaves_on = child.leaves_on;
    let gone = if leaves_on == child.eighteen_on { "aged_out" } else { "moved" };
    let before = |day: &Day| *day < leaves_on;
    journey.referred_on = journey.referred_on.filter(before);
    journey.offered_on = journey.offered_on.filter(before);
    if journey.offered_on.is_none() && journey.outcome != Some("not_offered") {
        journey.outcome = None;
    }
    journey.first_attended_on = journey.first_attended_on.filter(before);
    journey.sustained_on = journey.sustained_on.filter(before);
    journey.last_attended_on =
        journey.first_attended_on.and(journey.last_attended_on).map(|last| last.min(leaves_on - 1));
    let was_waiting = journey.outcome.is_none();
    journey.ended = match journey.ended {
        _ if journey.referred_on.is_none() => None,
        Some((on, reason)) if on < leaves_on => Some((on, reason)),
        None if !was_waiting => None,
        _ => Some((leaves_on, gone)),
    };
}
