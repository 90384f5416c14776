//! Who the children known for missing or exploitation are, before anything happens to them.

use chrono::{Datelike as _, Months};

use super::calendar::{Day, date_of, day_of};
use super::child::{Child, Linked};
use super::dice::Dice;
use super::world::{UNLINKED_SHARE, World};
use crate::domain::Month;

const AGES: [(i32, f64); 10] = [
    (8, 0.01),
    (9, 0.01),
    (10, 0.02),
    (11, 0.04),
    (12, 0.09),
    (13, 0.16),
    (14, 0.21),
    (15, 0.22),
    (16, 0.17),
    (17, 0.07),
];

/// School census code and broad group.
const ETHNICITIES: [((&str, &str), f64); 10] = [
    (("WBRI", "white"), 0.66),
    (("WOTH", "white"), 0.06),
    (("MWBC", "mixed"), 0.06),
    (("MWAS", "mixed"), 0.03),
    (("APKN", "asian"), 0.06),
    (("AIND", "asian"), 0.02),
    (("ABAN", "asian"), 0.02),
    (("BCRB", "black"), 0.03),
    (("BAFR", "black"), 0.04),
    (("OOTH", "other"), 0.02),
];

/// The child numbered `number`, with nothing yet in their life but who they are.
pub(super) fn born(world: &World, number: u64, dice: &mut Dice) -> Child {
    let entered_on = entered_on(world, dice);
    let age = dice.pick(&AGES);
    // A child first known at 17 has at least a month before turning 18.
    let past_birthday = dice.days(0, if age == 17 { 300 } else { 364 });
    let born_on = day_of(date_of(entered_on) - Months::new(age as u32 * 12)) - past_birthday;
    let eighteen_on = eighteen_on(born_on);
    let left_area_on = dice.chance(0.06).then(|| entered_on + dice.days(40, 700));
    let died_on = dice.chance(0.001).then(|| entered_on + dice.days(60, 700));
    let leaves_on = [left_area_on, died_on].into_iter().flatten().fold(eighteen_on, Day::min);
    let (care, placements) = if dice.chance(0.15) { in_care(entered_on, leaves_on, dice) } else { (None, Vec::new()) };
    Child {
        number,
        born_on,
        eighteen_on,
        sex: dice.pick(&[("F", 0.47), ("M", 0.52), ("U", 0.01)]),
        ethnicity: dice.pick(&ETHNICITIES),
        locality: locality(world, dice),
        disability: dice.chance(0.14),
        theme: dice.pick(&[("cce", 0.46), ("cse", 0.30), ("gangs", 0.16), ("trafficking", 0.08)]),
        left_area_on: left_area_on.filter(|on| *on <= world.as_at && *on == leaves_on),
        died_on: died_on.filter(|on| *on <= world.as_at && *on == leaves_on),
        leaves_on,
        entered_on,
        care,
        placements,
        linked: Linked {
            police: !dice.chance(UNLINKED_SHARE),
            health: !dice.chance(UNLINKED_SHARE),
            education: !dice.chance(UNLINKED_SHARE),
        },
        spells: Vec::new(),
        aways: Vec::new(),
        signals: Vec::new(),
        harms: Vec::new(),
        clocks: Vec::new(),
        assessments: Vec::new(),
        strategy_discussions: Vec::new(),
        journeys: Vec::new(),
    }
}

/// More children enter in the first months, when the record began, than later; in a steady world as many at any time.
fn entered_on(world: &World, dice: &mut Dice) -> Day {
    let last = world.as_at - world.starts_on;
    let after = if world.front_door_on.is_some() && dice.chance(0.20) {
        (dice.exponential(f64::from(last) * 0.1) as Day) % last.max(1)
    } else {
        dice.days(0, last)
    };
    world.starts_on + after
}

fn eighteen_on(born_on: Day) -> Day {
    day_of(Month::of(date_of(born_on)).plus(18 * 12).first_on())
}

fn locality(world: &World, dice: &mut Dice) -> usize {
    let mut left = dice.unit() * world.localities.iter().map(|locality| locality.share).sum::<f64>();
    for (index, locality) in world.localities.iter().enumerate() {
        left -= locality.share;
        if left < 0.0 {
            return index;
        }
    }
    0
}

type Stay = (Day, Option<Day>);

fn in_care(entered_on: Day, leaves_on: Day, dice: &mut Dice) -> (Option<Stay>, Vec<Stay>) {
    let from = entered_on + dice.days(-300, 200);
    if from >= leaves_on {
        return (None, Vec::new());
    }
    let to = (from + dice.exponential(600.0) as Day + 30).min(leaves_on);
    let mut placements = Vec::new();
    let mut at = from;
    while at < to {
        let next = (at + 20 + dice.exponential(240.0) as Day).min(to);
        placements.push((at, Some(next)));
        at = next;
    }
    (Some((from, Some(to))), placements)
}

/// `2011-05`: all that survives the door.
pub(super) fn birth_month(born_on: Day) -> String {
    let date = date_of(born_on);
    format!("{:04}-{:02}", date.year(), date.month())
}
