//! What the fictional partnership is like: its places, services, agencies and the effects built into it.

use chrono::NaiveDate;

use super::Options;
use super::calendar::{Day, day_of};
use crate::domain::Month;

/// Share of children whose rows from police, health or education have no crosswalk row, each on its own.
pub(super) const UNLINKED_SHARE: f64 = 0.03;
/// Share of missing spells that both police and council report; by police alone; the rest by the council alone.
pub(super) const REPORTED_BY_BOTH: f64 = 0.60;
pub(super) const REPORTED_BY_POLICE_ALONE: f64 = 0.25;
/// Share of missing spells that intensive family support prevents in the days it acts.
pub(super) const SUPPORT_PREVENTS: f64 = 0.55;
/// Days from first attendance on which intensive family support prevents spells.
pub(super) const SUPPORT_ACTS_DAYS: Day = 180;
/// The service that works.
pub(super) const WORKS: &str = "intensive_family_support";
/// The service that only seems to: offered after a child's worst month.
pub(super) const SEEMS_TO_WORK: &str = "youth_work";
/// Residents of one locality once there are more than six times as many.
const RESIDENTS_PER_LOCALITY: u64 = 80_000;

const LOCALITIES: [(&str, f64, f64); 6] = [
    // name, share of residents, factor on the chance that help starts in time
    ("Harbourside", 0.22, 1.10),
    ("Millbrook", 0.20, 1.05),
    ("Northgate", 0.18, 1.00),
    ("Oldcastle", 0.16, 0.90),
    ("Eastmoor", 0.14, 0.75),
    ("Westfield", 0.10, 0.60),
];

/// A place, its share of children, and how help reaches them there.
#[derive(Clone, Debug)]
pub(super) struct Locality {
    pub(super) name: String,
    pub(super) share: f64,
    /// Factor on a service's chance to start within 90 days.
    pub(super) help_factor: f64,
}

/// A service and how it was built to behave.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    /// The agency that sends its rows.
    pub(super) agency: &'static str,
    /// Chance that an assessment identifies a need for it.
    pub(super) needed: f64,
    /// Chance that help starts within 90 days of the need, before the locality's factor.
    pub(super) starts_in_90_days: f64,
}

const fn service(name: &'static str, agency: &'static str, needed: f64, starts_in_90_days: f64) -> Service {
    Service { name, agency, needed, starts_in_90_days }
}

/// The services with rows for each child. Sexual health shares totals only.
pub(super) const SERVICES: [Service; 7] = [
    service("mental_health", "health", 0.38, 0.40),
    service("substance_misuse", "health", 0.20, 0.55),
    service("neurodevelopmental", "health", 0.10, 0.18),
    service("youth_justice", "council", 0.16, 0.75),
    service("school_support", "council", 0.24, 0.68),
    service(WORKS, "council", 0.26, 0.60),
    service(SEEMS_TO_WORK, "council", 0.0, 0.85),
];

/// The fixed facts of one simulated partnership.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) residents: u64,
    pub(super) known: u64,
    pub(super) months: u32,
    pub(super) first_month: Month,
    /// First day of the first month.
    pub(super) starts_on: Day,
    /// The as-at date, included.
    pub(super) as_at: Day,
    /// The police extract's cut date: a month late.
    pub(super) police_to: Day,
    /// The new front door: from this day on children are assessed sooner. None in a steady world.
    pub(super) front_door_on: Option<Day>,
    pub(super) localities: Vec<Locality>,
}

impl World {
    pub(super) fn new(options: &Options) -> Self {
        let last = Month::of(options.as_at);
        let first_month = last.plus(1 - options.months as i32);
        let front_door = first_month.plus((f64::from(options.months) * 2.0 / 3.0).round() as i32);
        let cut: NaiveDate = last.plus(-1).last_on();
        Self {
            seed: options.seed,
            residents: options.children,
            known: options.known_children(),
            months: options.months,
            first_month,
            starts_on: day_of(first_month.first_on()),
            as_at: day_of(options.as_at),
            police_to: day_of(cut),
            front_door_on: (!options.steady).then(|| day_of(front_door.first_on())),
            localities: localities(options.children),
        }
    }

    /// Months of the world, in order.
    pub(super) fn each_month(&self) -> impl Iterator<Item = Month> + '_ {
        (0..self.months as i32).map(|months| self.first_month.plus(months))
    }

    /// The position of a day's month, where it is one of the world's.
    pub(super) fn month_index(&self, day: Day) -> Option<usize> {
        usize::try_from(super::calendar::month_of(day).since(self.first_month))
            .ok()
            .filter(|index| *index < self.months as usize)
    }

    /// Whether the front door is open on `day`, with all that improves with it.
    pub(super) fn is_improved(&self, day: Day) -> bool {
        self.front_door_on.is_some_and(|on| day >= on)
    }
}

fn localities(residents: u64) -> Vec<Locality> {
    let named = LOCALITIES.iter().map(|(name, share, help_factor)| Locality {
        name: (*name).to_owned(),
        share: *share,
        help_factor: *help_factor,
    });
    let wanted = (residents / RESIDENTS_PER_LOCALITY) as usize;
    if wanted <= LOCALITIES.len() {
        return named.collect();
    }
    let factors = LOCALITIES.iter().map(|(_, _, factor)| *factor).cycle();
    factors
        .take(wanted)
        .zip(1..)
        .map(|(help_factor, number)| Locality {
            name: format!("Area {number:03}"),
            share: 1.0 / wanted as f64,
            help_factor,
        })
        .collect()
}
