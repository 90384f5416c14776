//! Service journeys: from a need identified for a child and a service to help that has started, or to its end.
//!
//! One row per journey. Needs never referred have a journey too: they are the ones that must not be lost.

use std::collections::{BTreeMap, BTreeSet};

use itertools::izip;
use polars::prelude::*;

use super::frame::{ByChild, Code, Day, Names, codes, date_column, days, keys};
use super::leaving::{Leavings, Left};
use crate::domain::Definitions;

/// A need of a child for a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    pub(crate) identified_on: Day,
    pub(crate) service: Code,
    pub(crate) identified_by: Option<Code>,
}

/// A referral of a child to a service, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Referral {
    pub(crate) referred_on: Day,
    pub(crate) first_attended_on: Option<Day>,
    pub(crate) last_attended_on: Option<Day>,
    pub(crate) offered_on: Option<Day>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) sustained_on: Option<Day>,
    pub(crate) ended_on: Option<Day>,
    pub(crate) service: Code,
    pub(crate) agency: Option<Code>,
    pub(crate) end_reason: Option<Code>,
}

/// What came of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Accepted,
    Declined,
    NotOffered,
}

impl Outcome {
    fn of(word: &str) -> Option<Self> {
        match word {
            "accepted" => Some(Self::Accepted),
            "declined" => Some(Self::Declined),
            "not_offered" => Some(Self::NotOffered),
            _ => None,
        }
    }
}

impl Referral {
    /// Declined or not offered: live only until then.
    fn refused_on(&self) -> Option<Day> {
        match self.outcome {
            Some(Outcome::Declined | Outcome::NotOffered) => Some(self.offered_on.unwrap_or(self.referred_on)),
            _ => None,
        }
    }

    /// Referred before `day` and neither ended nor refused by then.
    fn is_live_on(&self, day: Day) -> bool {
        let until = self.refused_on().or(self.ended_on);
        self.referred_on <= day && until.is_none_or(|until| until > day)
    }
}

/// One journey. Days of steps are null while not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Journey {
    pub(crate) need: Need,
    pub(crate) referral: Option<Referral>,
    pub(crate) started_on: Option<Day>,
    pub(crate) ended: Option<(Day, Ending)>,
}

/// How a journey ended before help had started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Declined,
    NotOffered,
    Ended(Option<Code>),
    Left,
}

impl Journey {
    /// Identified by then, and not started, ended or left by then.
    fn is_waiting_on(&self, day: Day) -> bool {
        self.need.identified_on <= day
            && self.started_on.is_none_or(|on| on > day)
            && self.ended.is_none_or(|(on, _)| on > day)
    }
}

/// The journeys of one child to one service, in order of need. Needs recorded on one day are one need.
pub(crate) fn journeys(
    mut needs: Vec<Need>,
    referrals: &[Referral],
    left: Left,
    as_at: Day,
    definitions: &Definitions,
) -> Vec<Journey> {
    let left_on = left.map(|(day, _)| day);
    needs.retain(|need| need.identified_on <= as_at && left_on.is_none_or(|day| need.identified_on < day));
    needs.sort_unstable();
    let mut journeys: Vec<Journey> = Vec::new();
    for need in needs {
        let joins = |earlier: &Journey| {
            let days = need.identified_on - earlier.need.identified_on;
            days == 0 || (days < definitions.need_repeats_days as Day && earlier.is_waiting_on(need.identified_on))
        };
        if !journeys.iter().any(joins) {
            journeys.push(journey(need, referrals, left_on, as_at, definitions));
        }
    }
    journeys
}

fn journey(need: Need, referrals: &[Referral], left_on: Option<Day>, as_at: Day, definitions: &Definitions) -> Journey {
    let referral = referral_of(need, referrals, as_at);
    let before_leaving = |day: &Day| *day <= as_at && left_on.is_none_or(|left_on| *day < left_on);
    let started_on = referral
        .and_then(|referral| started_on(need.identified_on, &referral, definitions.attending_already_days as Day))
        .filter(before_leaving);
    let ended = referral
        .and_then(|referral| ending_of(&referral))
        .map(|(on, ending)| (on.max(need.identified_on), ending))
        .filter(|(on, _)| before_leaving(on))
        .or(left_on.map(|on| (on, Ending::Left)));
    Journey { need, referral, started_on, ended }
}

/// The referral with the earliest `referred_on` among those made on or after the need or still live on its day.
fn referral_of(need: Need, referrals: &[Referral], as_at: Day) -> Option<Referral> {
    referrals
        .iter()
        .filter(|referral| referral.referred_on <= as_at)
        .filter(|referral| referral.referred_on >= need.identified_on || referral.is_live_on(need.identified_on))
        .min_by_key(|referral| (referral.referred_on, referral.first_attended_on.unwrap_or(Day::MAX), **referral))
        .copied()
}

/// First attended on or after the need; on the need's own day where the child was attending in the days before it.
fn started_on(identified_on: Day, referral: &Referral, already_days: Day) -> Option<Day> {
    let first = referral.first_attended_on?;
    if first >= identified_on {
        return Some(first);
    }
    let last = referral.last_attended_on.unwrap_or(first).max(first);
    (last >= identified_on - already_days).then_some(identified_on)
}

fn ending_of(referral: &Referral) -> Option<(Day, Ending)> {
    match (referral.outcome, referral.refused_on()) {
        (Some(Outcome::Declined), Some(on)) => Some((on, Ending::Declined)),
        (Some(Outcome::NotOffered), Some(on)) => Some((on, Ending::NotOffered)),
        _ => referral.ended_on.map(|on| (on, Ending::Ended(referral.end_reason))),
    }
}

/// A stretch of waiting: from the need until help started or the journey ended; no end while it lasts.
pub(crate) type Wait = (Day, Option<Day>);

/// For each journey of a child to one service, in order of need, the wait that began with it: a need that comes while an
/// older one still waits begins none, and a wait lasts until nobody waits any more. So the waits that have begun less those
/// that have stopped are the needs waiting, each child and service once.
pub(crate) fn waits(journeys: &[Journey]) -> Vec<Option<Wait>> {
    let mut waits: Vec<Option<Wait>> = Vec::new();
    for journey in journeys {
        let from = journey.need.identified_on;
        let ended = journey.ended.map(|(on, _)| on);
        let until = journey.started_on.into_iter().chain(ended).min();
        let running =
            waits.iter_mut().flatten().next_back().filter(|(_, until)| until.is_none_or(|until| from < until));
        match running {
            Some((_, running_until)) => {
                *running_until = running_until.zip(until).map(|(one, other)| one.max(other));
                waits.push(None);
            }
            None => waits.push(Some((from, until))),
        }
    }
    waits
}

/// One row per journey: service, `identified_on`, `identified_by`, agency (of the service, null where never referred),
/// `referred_on`, `offered_on`, `accepted_on`, `started_on`, `sustained_on`, and `ended_on` with `ending` (declined, `not_offered`,
/// planned, unplanned, moved, `aged_out`, left, ended) and, where the child left, `left_reason`. Steps nest: each is dated no
/// later than the next one reached. `attended_again`: a contact after the first; `records_sustained`: the service records its
/// own rule of help sustained for at least one child. `wait_started_on` and `wait_stopped_on` as in [`waits`].
pub(crate) fn service_journeys(
    needs: &DataFrame,
    services: &DataFrame,
    leavings: &Leavings,
    as_at: Day,
    definitions: &Definitions,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let needs = needs_by_child(needs, names)?;
    let referrals = referrals_by_child(services, names)?;
    let mut rows = Rows::default();
    let recording: BTreeSet<Code> = referrals
        .children()
        .flat_map(|child| referrals.of(child))
        .filter(|(_, referral)| referral.sustained_on.is_some())
        .map(|(_, referral)| referral.service)
        .collect();
    for child in needs.children() {
        let mut by_service: BTreeMap<&str, (Vec<Need>, Vec<Referral>)> = BTreeMap::new();
        for (_, need) in needs.of(child) {
            by_service.entry(names.word(need.service)).or_default().0.push(*need);
        }
        for (_, referral) in referrals.of(child) {
            if let Some((_, own)) = by_service.get_mut(names.word(referral.service)) {
                own.push(*referral);
            }
        }
        let left = leavings.of(child, as_at);
        for (needs, referrals) in by_service.into_values() {
            let journeys = journeys(needs, &referrals, left, as_at, definitions);
            for (journey, wait) in journeys.iter().zip(waits(&journeys)) {
                rows.push(child, journey, as_at, names);
                rows.push_wait(wait);
                rows.left_reason.push(
                    left.filter(|_| matches!(journey.ended, Some((_, Ending::Left)))).map(|(_, reason)| reason.word()),
                );
                rows.records_sustained.push(recording.contains(&journey.need.service));
            }
        }
    }
    rows.into_frame()
}

fn needs_by_child(frame: &DataFrame, names: &mut Names) -> PolarsResult<ByChild<Need>> {
    let child = keys(frame, "child_id")?;
    let service = codes(frame, "service", names)?;
    let identified = days(frame, "identified_on")?;
    let by = codes(frame, "identified_by", names)?;
    let needs = izip!(child, service, identified, by).filter_map(|(child, service, identified_on, identified_by)| {
        Some((child, Need { identified_on: identified_on?, service: service?, identified_by }))
    });
    Ok(ByChild::new(needs.collect()))
}

fn referrals_by_child(frame: &DataFrame, names: &mut Names) -> PolarsResult<ByChild<Referral>> {
    let child = keys(frame, "child_id")?;
    let service = codes(frame, "service", names)?;
    let agency = codes(frame, "agency", names)?;
    let outcome = codes(frame, "outcome", names)?;
    let reason = codes(frame, "end_reason", names)?;
    let referred = days(frame, "referred_on")?;
    let dates = izip!(
        days(frame, "offered_on")?,
        days(frame, "first_attended_on")?,
        days(frame, "last_attended_on")?,
        days(frame, "sustained_on")?,
        days(frame, "ended_on")?
    );
    let referrals = izip!(child, service, agency, outcome, reason, referred, dates).filter_map(
        |(child, service, agency, outcome, end_reason, referred_on, dates)| {
            let (offered_on, first_attended_on, last_attended_on, sustained_on, ended_on) = dates;
            let referral = Referral {
                referred_on: referred_on?,
                first_attended_on,
                last_attended_on,
                offered_on,
                outcome: outcome.and_then(|code| Outcome::of(names.word(code))),
                sustained_on,
                ended_on,
                service: service?,
                agency,
                end_reason,
            };
            Some((child, referral))
        },
    );
    Ok(ByChild::new(referrals.collect()))
}

#[derive(Default)]
struct Rows {
    child_id: Vec<i64>,
    service: Vec<String>,
    identified_on: Vec<Option<Day>>,
    identified_by: Vec<Option<String>>,
    agency: Vec<Option<String>>,
    referred_on: Vec<Option<Day>>,
    offered_on: Vec<Option<Day>>,
    accepted_on: Vec<Option<Day>>,
    started_on: Vec<Option<Day>>,
    sustained_on: Vec<Option<Day>>,
    ended_on: Vec<Option<Day>>,
    ending: Vec<Option<String>>,
    left_reason: Vec<Option<&'static str>>,
    attended_again: Vec<bool>,
    records_sustained: Vec<bool>,
    wait_started_on: Vec<Option<Day>>,
    wait_stopped_on: Vec<Option<Day>>,
}

impl Rows {
    fn push_wait(&mut self, wait: Option<Wait>) {
        self.wait_started_on.push(wait.map(|(from, _)| from));
        self.wait_stopped_on.push(wait.and_then(|(_, until)| until));
    }

    fn push(&mut self, child: i64, journey: &Journey, as_at: Day, names: &Names) {
        let word = |code: Option<Code>| code.map(|code| names.word(code).to_owned());
        let referral = journey.referral;
        let identified_on = journey.need.identified_on;
        let seen = |day: Option<Day>| day.filter(|day| *day <= as_at).map(|day| day.max(identified_on));
        let sustained_on = journey.started_on.and_then(|_| seen(referral.and_then(|one| one.sustained_on)));
        let started_on = journey.started_on;
        // A step that a later one shows to have been reached was reached by then at the latest.
        let no_later = |day: Option<Day>, next: Option<Day>| match (day, next) {
            (Some(day), Some(next)) => Some(day.min(next)),
            (day, next) => day.or(next),
        };
        let offer = referral.filter(|one| one.outcome != Some(Outcome::NotOffered));
        let accepted = referral.filter(|one| one.outcome == Some(Outcome::Accepted));
        let accepted_on = no_later(seen(accepted.and_then(|one| one.offered_on)), started_on);
        let offered_on = no_later(seen(offer.and_then(|one| one.offered_on)), accepted_on);
        let referred_on = no_later(seen(referral.map(|one| one.referred_on)), offered_on);
        self.child_id.push(child);
        self.service.push(names.word(journey.need.service).to_owned());
        self.identified_on.push(Some(identified_on));
        self.identified_by.push(word(journey.need.identified_by));
        self.agency.push(word(referral.and_then(|one| one.agency)));
        self.referred_on.push(referred_on);
        self.offered_on.push(offered_on);
        self.accepted_on.push(accepted_on);
        self.started_on.push(started_on);
        self.sustained_on.push(sustained_on);
        let contacts = referral.and_then(|one| one.first_attended_on.zip(one.last_attended_on));
        self.attended_again
            .push(started_on.is_some() && contacts.is_some_and(|(first, last)| first < last && last <= as_at));
        self.ended_on.push(journey.ended.map(|(on, _)| on));
        self.ending.push(journey.ended.map(|(_, ending)| match ending {
            Ending::Declined => "declined".to_owned(),
            Ending::NotOffered => "not_offered".to_owned(),
            Ending::Left => "left".to_owned(),
            Ending::Ended(reason) => word(reason).unwrap_or_else(|| "ended".to_owned()),
        }));
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        let text = |name: &str, words: Vec<Option<String>>| Column::new(name.into(), words).cast(&DataType::String);
        DataFrame::new_infer_height(vec![
            Column::new("child_id".into(), self.child_id),
            Column::new("service".into(), self.service),
            date_column("identified_on", self.identified_on)?,
            text("identified_by", self.identified_by)?,
            text("agency", self.agency)?,
            date_column("referred_on", self.referred_on)?,
            date_column("offered_on", self.offered_on)?,
            date_column("accepted_on", self.accepted_on)?,
            date_column("started_on", self.started_on)?,
            date_column("sustained_on", self.sustained_on)?,
            date_column("ended_on", self.ended_on)?,
            text("ending", self.ending)?,
            Column::new("left_reason".into(), self.left_reason).cast(&DataType::String)?,
            Column::new("attended_again".into(), self.attended_again),
            Column::new("records_sustained".into(), self.records_sustained),
            date_column("wait_started_on", self.wait_started_on)?,
            date_column("wait_stopped_on", self.wait_stopped_on)?,
        ])
    }
}

#[cfg(test)]
#[path = "service_journeys_tests.rs"]
mod tests;
