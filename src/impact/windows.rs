//! What happened to one child between two days: nights missing, days with harm, spells begun.

use super::matching::Band;

/// Days since 1 January 1970.
pub type Day = i32;

/// Days before and after the start of support that are compared.
pub(super) const WINDOW_DAYS: Day = 90;

/// What is known of one child, whatever the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildRecord {
    /// The pseudonym.
    pub child: i64,
    /// The first day of the birth month; none where not known.
    pub born_on: Option<Day>,
    /// Merged missing spells: first day, and the day they ended; none while still missing. A spell whose end nobody
    /// recorded ends on its first day: it counts as a spell and has no nights.
    pub spells: Vec<(Day, Option<Day>)>,
    /// Days on which harm was recorded, each once.
    pub harmed_on: Vec<Day>,
    /// Signals of risk: the day raised and a number for the theme.
    pub themes: Vec<(Day, u32)>,
    /// The first day on which the child is no longer followed: the day of leaving, or the day after the as-at date.
    pub followed_until: Day,
}

/// What support is hoped to change; fewer is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nights out over midnight.
    MissingNights,
    /// Days with a harm event: victim of crime, attendance in the emergency department, arrest.
    HarmDays,
}

impl ChildRecord {
    /// How much of an outcome fell on the days `from` to the day before `until`.
    pub fn total(&self, outcome: Outcome, from: Day, until: Day) -> i64 {
        match outcome {
            Outcome::MissingNights => {
                let nights = |(started, ended): &(Day, Option<Day>)| {
                    let ended = ended.unwrap_or(self.followed_until);
                    i64::from((ended.min(until) - (*started).max(from)).max(0))
                };
                self.spells.iter().map(nights).sum()
            }
            Outcome::HarmDays => self.harmed_on.iter().filter(|day| (from..until).contains(day)).count() as i64,
        }
    }

    /// Spells that began in the 90 days before `on`.
    pub(super) fn spells_before(&self, on: Day) -> usize {
        self.spells.iter().filter(|(started, _)| (on - WINDOW_DAYS..on).contains(started)).count()
    }

    /// The same as a band.
    pub(super) fn band_before(&self, on: Day) -> Band {
        Band::of(self.spells_before(on))
    }

    /// The theme of the latest signal raised on or before `on`.
    pub(super) fn theme_on(&self, on: Day) -> Option<u32> {
        self.themes.iter().filter(|(raised, _)| *raised <= on).max().map(|(_, theme)| *theme)
    }
}
