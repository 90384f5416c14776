//! What agencies have of each missing spell in their extracts: double reporting, late records, ends never written.

use super::calendar::{Day, Minute, day_at, midnight};
use super::child::{Child, Interview, PoliceReport, Report, Spell};
use super::dice::Dice;
use super::world::{REPORTED_BY_BOTH, REPORTED_BY_POLICE_ALONE, World};

/// Share of spells reported once whose end nobody wrote down though the child was missing again later.
const END_NEVER_WRITTEN: f64 = 0.015;

/// Lets police and council report each spell, and the council interview the child after it.
pub(super) fn report(world: &World, child: &mut Child, dice: &mut Dice) {
    let last_minute = midnight(child.leaves_on.min(world.as_at + 1)) - 1;
    let mut spells = std::mem::take(&mut child.spells);
    for spell in &mut spells {
        let who = dice.unit();
        let lag = if dice.chance(0.10) { dice.days(4, 28) } else { dice.days(0, 3) };
        if who < REPORTED_BY_BOTH + REPORTED_BY_POLICE_ALONE {
            spell.police = by_police(world, spell, lag);
        }
        if !(REPORTED_BY_BOTH..REPORTED_BY_BOTH + REPORTED_BY_POLICE_ALONE).contains(&who) {
            spell.council = Some(by_council(spell, last_minute, dice));
        }
        spell.interview = interview(world, child, spell, dice);
    }
    if child.linked.police {
        forget_some_ends(&mut spells, dice);
    }
    child.aways = aways(child, &spells, dice);
    child.spells = spells;
}

/// None where it reached the record after the cut date. An end after the cut date is not in the extract.
fn by_police(world: &World, spell: &Spell, lag: Day) -> Option<PoliceReport> {
    let recorded_on = day_at(spell.start) + lag;
    let end = spell.end.filter(|end| day_at(*end) <= world.police_to);
    (recorded_on <= world.police_to).then_some(PoliceReport { seen: Report { start: spell.start, end }, recorded_on })
}

/// The council's times differ by up to two hours.
fn by_council(spell: &Spell, last_minute: Minute, dice: &mut Dice) -> Report {
    let start = (spell.start + dice.whole(-120, 120)).min(last_minute);
    let end = spell.end.map(|end| (end + dice.whole(-90, 120)).max(start + 5));
    Report { start, end }
}

fn interview(world: &World, child: &Child, spell: &Spell, dice: &mut Dice) -> Option<Interview> {
    let returned_on = day_at(spell.merged()?.end?);
    let improved = world.is_improved(returned_on);
    let outcome = dice.pick(&[
        ("accepted", if improved { 0.72 } else { 0.58 }),
        ("declined", 0.14),
        ("not_offered", if improved { 0.10 } else { 0.22 }),
        ("missing_again", 0.04),
    ]);
    let offered_on = (outcome != "not_offered").then(|| returned_on + dice.days(0, 3));
    let wait = if dice.chance(0.68) { dice.days(0, 3) } else { dice.days(4, 21) };
    let held_on = (outcome == "accepted").then_some(returned_on + wait);
    let last = world.as_at.min(child.leaves_on - 1);
    let known = |on: &Day| *on <= last;
    Some(Interview {
        offered_on: offered_on.map(|on| held_on.map_or(on, |held| on.min(held))).filter(known),
        outcome: if held_on.is_none_or(|on| known(&on)) { outcome } else { "" },
        held_on: held_on.filter(known),
        independent: dice.chance(0.7),
        reasons: dice.pick(&[
            ("family_conflict", 0.3),
            ("peer_influence", 0.25),
            ("exploitation;peer_influence", 0.15),
            ("placement_unhappy", 0.12),
            ("friend\u{2019}s_home", 0.1),
            ("boundaries", 0.08),
        ]),
    })
}

/// Spells reported once, with a later spell in some extract, lose their end now and then.
fn forget_some_ends(spells: &mut [Spell], dice: &mut Dice) {
    let mut later_is_seen = false;
    for spell in spells.iter_mut().rev() {
        let forget = later_is_seen && dice.chance(END_NEVER_WRITTEN);
        later_is_seen |= spell.police.is_some() || spell.council.is_some();
        match (&mut spell.police, &mut spell.council) {
            (Some(police), None) if forget => police.seen.end = None,
            (None, Some(council)) if forget => council.end = None,
            _ => continue,
        }
        spell.interview = None;
    }
}

/// Days away a few days before a spell that the council reports, clear of the spell before.
fn aways(child: &Child, spells: &[Spell], dice: &mut Dice) -> Vec<Day> {
    if child.care.is_none() {
        return Vec::new();
    }
    let mut clear_from = child.entered_on;
    let mut days = Vec::new();
    for spell in spells {
        let start = day_at(spell.start);
        if spell.council.is_some() && start - clear_from > 6 && dice.chance(0.4) {
            days.push(start - 3);
        }
        clear_from = spell.end.map_or(Day::MAX / 2, day_at);
    }
    days
}

impl Spell {
    /// The one spell that the reports of both agencies make; none where no extract has it.
    pub(super) fn merged(&self) -> Option<Report> {
        let police = self.police.map(|report| report.seen);
        let both = [police, self.council];
        let seen = both.iter().flatten();
        Some(Report {
            start: seen.clone().map(|report| report.start).min()?,
            end: seen.filter_map(|report| report.end).max(),
        })
    }
}
