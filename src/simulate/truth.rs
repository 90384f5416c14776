//! What was built in, and what the measures must find: counted from the simulator's own lives, child by child, in fixed
//! memory. `exact` figures hold for the extracts as written; `expected` ones within the tolerance beside them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::calendar::{Day, day_at, month_of};
use super::child::{Child, Clock};
use super::defects::Defects;
use super::supplied::{self, Seen};
use super::world::{
    REPORTED_BY_BOTH, SEEMS_TO_WORK, SERVICES, SUPPORT_ACTS_DAYS, SUPPORT_PREVENTS, UNLINKED_SHARE, WORKS, World,
};
use crate::domain::Month;

/// Days within which a next spell is a child missing again, and help has started in time.
const AGAIN_DAYS: Day = 28;
const HELP_DAYS: Day = 90;

#[derive(Clone, Debug, Default)]
struct MonthTruth {
    true_spells: u64,
    spells: u64,
    nights: u64,
    out_at_month_end: u64,
    returned: u64,
    again: u64,
    lost: u64,
    missing_in_90_days: u64,
    repeat_in_90_days: u64,
    open_clocks: u64,
}

#[derive(Clone, Debug, Default)]
struct QuarterTruth {
    clocks: u64,
    in_10_days: u64,
    in_45_days: u64,
    never: u64,
}

#[derive(Clone, Debug, Default)]
struct HelpTruth {
    needs: u64,
    needs_linked: u64,
    started: u64,
    started_linked: u64,
}

#[derive(Clone, Debug, Default)]
struct EffectTruth {
    children: u64,
    spells_before: u64,
    spells_after: u64,
}

/// What followed the returns of one quarter.
#[derive(Clone, Debug, Default)]
struct ReturnsTruth {
    /// Followed for 28 days, or missing again within them.
    followed: u64,
    again: u64,
}

/// Everything counted so far.
#[derive(Debug)]
pub(super) struct Truth {
    months: Vec<MonthTruth>,
    quarters: BTreeMap<String, QuarterTruth>,
    help: BTreeMap<(&'static str, String), HelpTruth>,
    effects: BTreeMap<&'static str, EffectTruth>,
    returns: BTreeMap<String, ReturnsTruth>,
    /// Children seen by their number of spells in the last twelve months.
    seen_by_spells: BTreeMap<u64, u64>,
    /// Children by their number of true spells.
    pub(super) children_by_spells: BTreeMap<usize, u64>,
    pub(super) first_repeats: u64,
    pub(super) first_repeats_soon: u64,
    spells: u64,
    police_spells: u64,
    council_spells: u64,
    both: u64,
    unknown_ends: u64,
    unlinked: [u64; 3],
}

/// The last month of the year that a twelve-month figure is of: the last quarter end before the month of the police's cut
/// date, of which reports are still to come.
fn last_year_ends(world: &World) -> Month {
    let month = month_of(world.police_to).plus(-1);
    if month.ends_quarter() { month } else { month.quarter().last_month().plus(-3) }
}

/// Its first and last day.
fn days_of_last_year(world: &World) -> (Day, Day) {
    let ends = last_year_ends(world);
    (super::calendar::day_of(ends.plus(-11).first_on()), super::calendar::day_of(ends.last_on()))
}

impl Truth {
    pub(super) fn new(world: &World) -> Self {
        Self {
            months: vec![MonthTruth::default(); world.months as usize],
            quarters: BTreeMap::new(),
            help: BTreeMap::new(),
            effects: BTreeMap::new(),
            returns: BTreeMap::new(),
            seen_by_spells: BTreeMap::new(),
            children_by_spells: BTreeMap::new(),
            first_repeats: 0,
            first_repeats_soon: 0,
            spells: 0,
            police_spells: 0,
            council_spells: 0,
            both: 0,
            unknown_ends: 0,
            unlinked: [0; 3],
        }
    }

    /// Counts one child's life.
    pub(super) fn count(&mut self, world: &World, child: &Child) {
        let [police, health, education] = &mut self.unlinked;
        *police += u64::from(!child.linked.police);
        *health += u64::from(!child.linked.health);
        *education += u64::from(!child.linked.education);
        self.count_repeats(child);
        for spell in &child.spells {
            self.month(world, day_at(spell.start), |month| month.true_spells += 1);
            self.spells += 1;
            self.police_spells += u64::from(spell.police.is_some());
            self.council_spells += u64::from(spell.council.is_some());
            self.both += u64::from(spell.police.is_some() && spell.council.is_some());
        }
        for seen in supplied::seen(world, child) {
            self.count_seen(world, &seen);
        }
        for clock in &child.clocks {
            self.count_clock(world, clock, child.leaves_on);
        }
        for started_on in supplied::unanswerable(world, child) {
            let clock = Clock { started_on, assessed_on: None };
            self.count_clock(world, &clock, Day::MAX);
        }
        self.count_help(world, child);
    }

    fn month(&mut self, world: &World, day: Day, change: impl FnOnce(&mut MonthTruth)) {
        if let Some(month) = world.month_index(day).and_then(|index| self.months.get_mut(index)) {
            change(month);
        }
    }

    fn count_repeats(&mut self, child: &Child) {
        if !child.spells.is_empty() {
            *self.children_by_spells.entry(child.spells.len()).or_default() += 1;
        }
        if let [first, second, ..] = child.spells.as_slice()
            && let Some(end) = first.end
        {
            self.first_repeats += 1;
            self.first_repeats_soon += u64::from(supplied::days_to_next(end, second.start) <= AGAIN_DAYS);
        }
    }

    fn count_seen(&mut self, world: &World, seen: &Seen) {
        let mut counted = None;
        for (index, spell) in seen.spells.iter().enumerate() {
            self.month(world, spell.started_on, |month| month.spells += 1);
            self.unknown_ends += u64::from(spell.end == supplied::SeenEnd::Unknown);
            for night in spell.nights(world.as_at) {
                self.month(world, night, |month| month.nights += 1);
            }
            let Some(returned_on) = spell.returned_on() else {
                continue;
            };
            let month = month_of(returned_on);
            if counted == Some(month) {
                continue;
            }
            counted = Some(month);
            let next = seen.spells.get(index + 1).map(|next| next.started_on - returned_on);
            let lost = next.is_none() && seen.left_on.is_some_and(|left| left - returned_on <= AGAIN_DAYS);
            self.month(world, returned_on, |month| {
                month.lost += u64::from(lost);
                month.returned += u64::from(!lost);
                month.again += u64::from(next.is_some_and(|days| days <= AGAIN_DAYS));
            });
        }
        self.count_stocks(world, seen);
        self.count_of_last_year(world, seen);
        self.count_returns(world, seen);
    }

    fn count_of_last_year(&mut self, world: &World, seen: &Seen) {
        let (first, last) = days_of_last_year(world);
        let spells = seen.spells.iter().filter(|spell| (first..=last).contains(&spell.started_on)).count() as u64;
        if spells > 0 {
            *self.seen_by_spells.entry(spells).or_default() += 1;
        }
    }

    fn count_returns(&mut self, world: &World, seen: &Seen) {
        for (index, spell) in seen.spells.iter().enumerate() {
            let Some(returned_on) = spell.returned_on() else { continue };
            let next = seen.spells.get(index + 1).map(|next| next.started_on - returned_on);
            let again = next.is_some_and(|days| days <= AGAIN_DAYS);
            let followed = seen.left_on.unwrap_or(world.as_at + 1) - returned_on > AGAIN_DAYS;
            if again || followed {
                let quarter = self.returns.entry(month_of(returned_on).quarter().to_string()).or_default();
                quarter.followed += 1;
                quarter.again += u64::from(again);
            }
        }
    }

    /// Of the children missing in the last twelve months: how many are a tenth of them, their spells, all spells.
    fn tenth_with_most(&self) -> (u64, u64, u64) {
        let children: u64 = self.seen_by_spells.values().sum();
        let tenth = children.div_ceil(10);
        let (mut left, mut theirs, mut all) = (tenth, 0, 0);
        for (spells, count) in self.seen_by_spells.iter().rev() {
            let taken = left.min(*count);
            theirs += taken * spells;
            left -= taken;
            all += spells * count;
        }
        (tenth, theirs, all)
    }

    fn count_stocks(&mut self, world: &World, seen: &Seen) {
        for (month, truth) in world.each_month().zip(&mut self.months) {
            let last = super::calendar::day_of(month.last_on()).min(world.as_at);
            let started =
                seen.spells.iter().filter(|spell| last - 89 <= spell.started_on && spell.started_on <= last).count();
            truth.missing_in_90_days += u64::from(started > 0);
            truth.repeat_in_90_days += u64::from(started >= 3);
            truth.out_at_month_end +=
                u64::from(seen.spells.iter().any(|spell| spell.nights(world.as_at).contains(&last)));
        }
    }

    fn count_clock(&mut self, world: &World, clock: &Clock, leaves_on: Day) {
        let quarter = self.quarters.entry(month_of(clock.started_on).quarter().to_string()).or_default();
        let wait = clock.assessed_on.map(|on| on - clock.started_on);
        quarter.clocks += 1;
        quarter.in_10_days += u64::from(wait.is_some_and(|days| days <= 10));
        quarter.in_45_days += u64::from(wait.is_some_and(|days| days <= 45));
        quarter.never += u64::from(wait.is_none());
        let stops = clock.assessed_on.unwrap_or(Day::MAX).min(leaves_on);
        for (month, truth) in world.each_month().zip(&mut self.months) {
            let last = super::calendar::day_of(month.last_on());
            truth.open_clocks += u64::from(clock.started_on <= last && last < stops);
        }
    }

    fn count_help(&mut self, world: &World, child: &Child) {
        let locality = world.localities.get(child.locality).map_or("", |locality| locality.name.as_str());
        for journey in &child.journeys {
            let first = journey.first_attended_on.filter(|on| *on <= world.as_at);
            if last_of_month(journey.identified_on) + HELP_DAYS <= world.as_at {
                let linked = journey.service.agency != "health" || child.linked.health;
                let in_time = first.is_some_and(|on| on - journey.identified_on <= HELP_DAYS);
                let help = self.help.entry((journey.service.name, locality.to_owned())).or_default();
                help.needs += 1;
                help.needs_linked += u64::from(linked);
                help.started += u64::from(in_time);
                help.started_linked += u64::from(in_time && linked);
            }
            if let Some(first) = first
                && [WORKS, SEEMS_TO_WORK].contains(&journey.service.name)
                && first + HELP_DAYS <= world.as_at.min(child.leaves_on)
            {
                let started = |days: std::ops::Range<Day>| {
                    child.spells.iter().filter(|spell| days.contains(&day_at(spell.start))).count() as u64
                };
                let effect = self.effects.entry(journey.service.name).or_default();
                effect.children += 1;
                effect.spells_before += started(first - HELP_DAYS..first);
                effect.spells_after += started(first..first + HELP_DAYS);
            }
        }
    }

    /// Children ever missing, and the share of spells made by the twentieth of them with most.
    pub(super) fn tail(&self) -> (u64, f64) {
        let children: u64 = self.children_by_spells.values().sum();
        let mut left = children.div_ceil(20);
        let mut theirs = 0;
        for (spells, count) in self.children_by_spells.iter().rev() {
            let taken = left.min(*count);
            theirs += taken * *spells as u64;
            left -= taken;
        }
        (children, theirs as f64 / self.spells.max(1) as f64)
    }

    /// The whole of `truth.json`.
    pub(super) fn to_json(&self, world: &World, defects: &Defects, rows: &[(String, u64)]) -> Value {
        let (ever_missing, tail) = self.tail();
        let (tenth, theirs, spells) = self.tenth_with_most();
        json!({
            "about": "A fictional partnership. Exact figures hold for the extracts as written; expected ones within their tolerance.",
            "seed": world.seed,
            "residents": world.residents,
            "children_known": world.known,
            "months": world.months,
            "first_day": date(world.starts_on),
            "as_at": date(world.as_at),
            "police_data_to": date(world.police_to),
            "front_door_on": world.front_door_on.map(date),
            "rows": rows.iter().map(|(file, rows)| json!({
                "file": file, "rows": rows, "of_these_defects": defects.in_file(file),
            })).collect::<Vec<_>>(),
            "defects": defects.to_json(),
            "exact": {
                "true_spells": self.spells,
                "spells_with_a_police_row": self.police_spells,
                "spells_with_a_council_row": self.council_spells,
                "spells_with_both": self.both,
                "spells_with_unknown_end": self.unknown_ends,
                "children_ever_missing": ever_missing,
                "children_unlinked": { "police": self.unlinked.first(), "health": self.unlinked.get(1), "education": self.unlinked.get(2) },
                "missing_concentration": {
                    "period": format!("{}/P12M", last_year_ends(world)), "children": tenth, "numerator": theirs, "denominator": spells,
                },
                "by_month": self.months_json(world),
                "help_started": self.help_json(),
            },
            "expected": {
                "share_of_spells_by_the_twentieth_with_most": { "value": 0.30, "built": tail, "tolerance": 0.06 },
                "share_of_first_repeats_within_28_days": {
                    "value": 0.50, "built": self.first_repeats_soon as f64 / self.first_repeats.max(1) as f64, "tolerance": 0.06
                },
                "share_unlinked": { "value": UNLINKED_SHARE, "tolerance": 0.015 },
                "share_reported_by_both": { "value": REPORTED_BY_BOTH, "tolerance": 0.04 },
                "time_to_assessment_by_quarter": self.quarters_json(world),
                "missing_again_within_28_days_of_any_return": self.returns_json(world),
                "open_clocks_at_month_end": {
                    "tolerance": 0.10,
                    "note": "The simulator's own clocks with those of unlinked children, which no assessment can be seen to answer; up to the police data's cut date.",
                    "values": self.open_clocks_json(world),
                },
                "help_starts_within_90_days": planted_help(world),
                "effects": {
                    WORKS: {
                        "planted": "prevents spells and harm from first attendance", "prevented_share": SUPPORT_PREVENTS,
                        "acts_days": SUPPORT_ACTS_DAYS, "seen": self.effect_json(WORKS),
                    },
                    SEEMS_TO_WORK: {
                        "planted": "none: offered after a child's worst month", "prevented_share": 0.0, "seen": self.effect_json(SEEMS_TO_WORK),
                    },
                },
            },
        })
    }

    fn months_json(&self, world: &World) -> Vec<Value> {
        let each = world.each_month().zip(&self.months);
        each.map(|(month, truth)| {
            let last = super::calendar::day_of(month.last_on());
            json!({
                "month": month.to_string(),
                "true_spells_started": truth.true_spells,
                "missing_spells_started": truth.spells,
                "missing_nights": truth.nights,
                "missing_at_month_end": truth.out_at_month_end,
                "missing_again": { "numerator": truth.again, "denominator": truth.returned, "followup_ended": truth.lost,
                    "provisional": last + AGAIN_DAYS > world.police_to },
                "repeat_missing_children": { "numerator": truth.repeat_in_90_days, "denominator": truth.missing_in_90_days },
            })
        })
        .collect()
    }

    fn help_json(&self) -> Vec<Value> {
        let each = self.help.iter();
        each.map(|((service, locality), help)| {
            json!({
                "service": service, "locality": locality, "needs": help.needs, "needs_of_linked_children": help.needs_linked,
                "started_within_90_days": help.started, "started_of_linked_children": help.started_linked,
            })
        })
        .collect()
    }

    fn open_clocks_json(&self, world: &World) -> Vec<Value> {
        let each = world.each_month().zip(&self.months);
        each.filter(|(month, _)| super::calendar::day_of(month.last_on()) <= world.police_to)
            .map(|(month, truth)| json!({ "month": month.to_string(), "clocks": truth.open_clocks }))
            .collect()
    }

    /// Whole quarters within the police data's cut date.
    fn quarters_json(&self, world: &World) -> Value {
        let last = month_of(world.police_to).plus(-2).quarter().to_string();
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        let each = self.quarters.iter().filter(|(quarter, _)| **quarter <= last);
        let values = each.map(|(quarter, truth)| {
            json!({
                "quarter": quarter, "clocks": truth.clocks, "assessed_within_10_days": share(truth.in_10_days, truth.clocks),
                "assessed_within_45_days": share(truth.in_45_days, truth.clocks), "not_assessed_so_far": share(truth.never, truth.clocks),
            })
        });
        json!({ "tolerance": 0.06, "values": values.collect::<Vec<_>>() })
    }

    /// Quarters whose returns were all followed for 28 days within the police data.
    fn returns_json(&self, world: &World) -> Value {
        let last = month_of(world.police_to - AGAIN_DAYS).plus(-2).quarter().to_string();
        let each = self.returns.iter().filter(|(quarter, _)| **quarter <= last);
        let values = each.map(|(quarter, truth)| {
            json!({ "quarter": quarter, "returns_followed": truth.followed, "share": truth.again as f64 / truth.followed.max(1) as f64 })
        });
        json!({ "tolerance": 0.01, "values": values.collect::<Vec<_>>() })
    }

    fn effect_json(&self, service: &str) -> Value {
        let effect = self.effects.get(service).cloned().unwrap_or_default();
        json!({ "children": effect.children, "spells_90_days_before": effect.spells_before, "spells_90_days_after": effect.spells_after })
    }
}

fn last_of_month(day: Day) -> Day {
    super::calendar::day_of(month_of(day).last_on())
}

fn planted_help(world: &World) -> Value {
    let each = SERVICES.iter().flat_map(|service| {
        world.localities.iter().map(move |locality| {
            json!({
                "service": service.name, "locality": locality.name,
                "probability": (service.starts_in_90_days * locality.help_factor).min(0.98),
            })
        })
    });
    json!({ "tolerance": 0.15, "values": each.collect::<Vec<_>>() })
}

fn date(day: Day) -> String {
    super::calendar::date_of(day).to_string()
}
