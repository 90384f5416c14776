//! Missing spells: the missing episodes of all agencies, merged per child. Away episodes are kept apart.

use chrono::{NaiveTime, TimeZone as _};
use chrono_tz::Europe::London;
use itertools::izip;
use polars::prelude::*;
use rayon::prelude::*;

use super::frame::{ByChild, Code, Day, Names, codes, date_column, date_of, days, instants, keys};
use super::leaving::{Leavings, Left};
use crate::domain::Definitions;

const HOUR_MS: i64 = 3_600_000;

/// One recorded episode, as instants in milliseconds of UTC and the civil dates they fall on.
///
/// A date without a time covers its whole day, from its first to its last millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Episode {
    pub(crate) start: Moment,
    /// None where no end is recorded.
    pub(crate) end: Option<Moment>,
    pub(crate) agency: Code,
    /// Joins its return home interview.
    pub(crate) id: i64,
}

/// An instant and the civil date it falls on in the partnership's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) at_ms: i64,
    pub(crate) on: Day,
}

/// How a spell ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The child came back.
    Returned(Moment),
    /// Still missing at the as-at date.
    Open,
    /// The child left the area, died or turned 18 while missing.
    Left(Day),
    /// Later records show that it ended, not when.
    Unknown,
}

/// Episodes connected by overlap, touch, or a short gap between agencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spell {
    pub(crate) start: Moment,
    pub(crate) end: End,
    pub(crate) episodes: Vec<Episode>,
}

impl Spell {
    /// The return, where there was one.
    pub(crate) fn returned(&self) -> Option<Moment> {
        match self.end {
            End::Returned(at) => Some(at),
            _ => None,
        }
    }
}

/// The spells of one child, in order of their start. The order of `episodes` cannot matter.
pub(crate) fn merge(mut episodes: Vec<Episode>, left: Left, as_at: Day, definitions: &Definitions) -> Vec<Spell> {
    episodes.retain(|episode| episode.start.on <= as_at && left.is_none_or(|(left_on, _)| episode.start.on < left_on));
    for episode in &mut episodes {
        episode.end = episode.end.filter(|end| end.on <= as_at);
    }
    episodes.sort_unstable();
    let (unknown, known): (Vec<_>, Vec<_>) =
        episodes.iter().copied().partition(|episode| end_is_unknown(episode, &episodes));
    let mut spells = connect(known, i64::from(definitions.cross_source_gap_hours) * HOUR_MS);
    for episode in unknown {
        join_or_stand_alone(&mut spells, episode, i64::from(definitions.unknown_end_joins_hours) * HOUR_MS);
    }
    for spell in &mut spells {
        spell.end = end_of(spell, left);
    }
    spells.sort_by_key(|spell| (spell.start, spell.returned()));
    spells
}

/// Without an end, and not truly open: some episode of the child starts, or ends, after it started.
fn end_is_unknown(episode: &Episode, all: &[Episode]) -> bool {
    episode.end.is_none()
        && all.iter().any(|other| {
            other.start.at_ms > episode.start.at_ms || other.end.is_some_and(|end| end.at_ms > episode.start.at_ms)
        })
}

/// Two episodes belong together if they overlap or touch, or come from different agencies at most `gap_ms` apart.
fn belong_together(a: &Episode, b: &Episode, gap_ms: i64) -> bool {
    let reach = if a.agency == b.agency { 0 } else { gap_ms };
    let reaches = |from: &Episode, to: &Episode| from.end.is_none_or(|end| to.start.at_ms <= end.at_ms + reach);
    reaches(a, b) && reaches(b, a)
}

/// The connected sets of episodes.
fn connect(episodes: Vec<Episode>, gap_ms: i64) -> Vec<Spell> {
    let mut groups: Vec<Vec<Episode>> = Vec::new();
    for episode in episodes {
        let (together, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|other| belong_together(other, &episode, gap_ms)));
        let mut joined: Vec<_> = together.into_iter().flatten().collect();
        joined.push(episode);
        groups = apart;
        groups.push(joined);
    }
    groups
        .into_iter()
        .filter_map(|episodes| {
            let start = episodes.iter().map(|episode| episode.start).min()?;
            let end = episodes.iter().map(|episode| episode.end).collect::<Option<Vec<_>>>();
            let end = end.and_then(|ends| ends.into_iter().max()).map_or(End::Open, End::Returned);
            Some(Spell { start, end, episodes })
        })
        .collect()
}

/// An episode whose end is not known joins the earliest spell in which another agency's episode starts within
/// `within_ms` of its start or contains its start; else it is a spell of its own, which swallows nothing.
fn join_or_stand_alone(spells: &mut Vec<Spell>, episode: Episode, within_ms: i64) {
    let start = episode.start.at_ms;
    let near = |other: &Episode| {
        other.agency != episode.agency
            && ((other.start.at_ms - start).abs() <= within_ms
                || (other.start.at_ms <= start && other.end.is_some_and(|end| start <= end.at_ms)))
    };
    let earliest = spells.iter_mut().filter(|spell| spell.episodes.iter().any(near)).min_by_key(|spell| spell.start);
    match earliest {
        Some(spell) => {
            spell.start = spell.start.min(episode.start);
            spell.episodes.push(episode);
        }
        None => spells.push(Spell { start: episode.start, end: End::Unknown, episodes: vec![episode] }),
    }
}

/// Whatever is open when a child leaves ends as `left`.
fn end_of(spell: &Spell, left: Left) -> End {
    match (spell.end, left) {
        (End::Open, Some((left_on, _))) => End::Left(left_on),
        (End::Returned(end), Some((left_on, _))) if end.on >= left_on => End::Left(left_on),
        (end, _) => end,
    }
}

/// The missing episodes (kind M) of every child, as instants.
pub(crate) fn episodes_by_child(staged: &DataFrame, names: &mut Names) -> PolarsResult<ByChild<Episode>> {
    let child = keys(staged, "child_id")?;
    let id = keys(staged, "episode_id")?;
    let agency = codes(staged, "agency", names)?;
    let kind = codes(staged, "kind", names)?;
    let missing = names.code("M");
    let (started_on, started_at) = (days(staged, "started_on")?, instants(staged, "started_at")?);
    let (ended_on, ended_at) = (days(staged, "ended_on")?, instants(staged, "ended_at")?);
    let starts = started_on.into_iter().zip(started_at).map(|(on, at)| first_moment(on, at));
    let ends = ended_on.into_iter().zip(ended_at).map(|(on, at)| last_moment(on, at));
    let episodes = izip!(child, id, agency, kind, starts, ends)
        .filter(|(_, _, _, kind, ..)| *kind == Some(missing))
        .filter_map(|(child, id, agency, _, start, end)| {
            Some((child, Episode { start: start?, end, agency: agency?, id }))
        })
        .collect();
    Ok(ByChild::new(episodes))
}

fn first_moment(on: Option<Day>, at_ms: Option<i64>) -> Option<Moment> {
    on.map(|on| Moment { at_ms: at_ms.unwrap_or_else(|| midnight_ms(on)), on })
}

fn last_moment(on: Option<Day>, at_ms: Option<i64>) -> Option<Moment> {
    on.map(|on| Moment { at_ms: at_ms.unwrap_or_else(|| midnight_ms(on + 1) - 1), on })
}

/// The first instant of a civil day in Europe/London.
pub(crate) fn midnight_ms(day: Day) -> i64 {
    let midnight = date_of(day).and_time(NaiveTime::MIN);
    London
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc().timestamp_millis(), |at| at.timestamp_millis())
}

/// The spells of every child that has any.
pub(crate) fn spells_by_child(
    episodes: &ByChild<Episode>,
    leavings: &Leavings,
    as_at: Day,
    definitions: &Definitions,
) -> ByChild<Spell> {
    let children: Vec<i64> = episodes.children().collect();
    let spells: Vec<Vec<(i64, Spell)>> = children
        .into_par_iter()
        .map(|child| {
            let own = episodes.of(child).iter().map(|(_, episode)| *episode).collect();
            merge(own, leavings.of(child, as_at), as_at, definitions).into_iter().map(|spell| (child, spell)).collect()
        })
        .collect();
    ByChild::new(spells.into_iter().flatten().collect())
}

/// One row per child and merged spell: `started_on`, how and when it ended, and what came before and after.
///
/// `started_at_ms` (UTC), `end_kind` (returned, open, left, unknown), `ended_on` (null while open or unknown),
/// `previous_returned_on`, `next_started_on` (the first spell to start after the return), `follow_up_ended_on` and
/// `follow_up_end` (`as_at`, `left_area`, 18, died), `episodes`, `agencies`.
pub(crate) fn missing_spells(spells: &ByChild<Spell>, leavings: &Leavings, as_at: Day) -> PolarsResult<DataFrame> {
    let mut rows = Rows::default();
    for child in spells.children() {
        let mut own: Vec<&Spell> = spells.of(child).iter().map(|(_, spell)| spell).collect();
        own.sort_by_key(|spell| (spell.start, spell.returned()));
        let left = leavings.of(child, as_at);
        for (at, spell) in own.iter().enumerate() {
            let (before, after) = (own.get(..at).unwrap_or_default(), own.get(at + 1..).unwrap_or_default());
            rows.push(child, spell, (before, after), left, as_at);
        }
    }
    rows.into_frame()
}

/// The start of the next spell: the first of the later ones that starts on the day of the return or after it.
fn next_start(returned: Moment, after: &[&Spell]) -> Option<Moment> {
    after.iter().map(|other| other.start).find(|start| start.on >= returned.on)
}

#[derive(Default)]
struct Rows {
    child_id: Vec<i64>,
    started_on: Vec<Option<Day>>,
    started_at_ms: Vec<i64>,
    ended_on: Vec<Option<Day>>,
    end_kind: Vec<&'static str>,
    previous_returned_on: Vec<Option<Day>>,
    next_started_on: Vec<Option<Day>>,
    follow_up_ended_on: Vec<Option<Day>>,
    follow_up_end: Vec<&'static str>,
    episodes: Vec<u32>,
    agencies: Vec<u32>,
}

impl Rows {
    fn push(&mut self, child: i64, spell: &Spell, (before, after): (&[&Spell], &[&Spell]), left: Left, as_at: Day) {
        let (ended_on, end_kind) = match spell.end {
            End::Returned(end) => (Some(end.on), "returned"),
            End::Open => (None, "open"),
            End::Left(on) => (Some(on), "left"),
            End::Unknown => (None, "unknown"),
        };
        let previous = before.iter().filter_map(|other| other.returned()).filter(|end| end.on <= spell.start.on).max();
        let next = spell.returned().and_then(|end| next_start(end, after));
        let mut agencies: Vec<Code> = spell.episodes.iter().map(|episode| episode.agency).collect();
        agencies.sort_unstable();
        agencies.dedup();
        self.child_id.push(child);
        self.started_on.push(Some(spell.start.on));
        self.started_at_ms.push(spell.start.at_ms);
        self.ended_on.push(ended_on);
        self.end_kind.push(end_kind);
        self.previous_returned_on.push(previous.map(|end| end.on));
        self.next_started_on.push(next.map(|start| start.on));
        self.follow_up_ended_on.push(Some(left.map_or(as_at, |(day, _)| day)));
        self.follow_up_end.push(left.map_or("as_at", |(_, reason)| reason.word()));
        self.episodes.push(spell.episodes.len() as u32);
        self.agencies.push(agencies.len() as u32);
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        DataFrame::new_infer_height(vec![
            Column::new("child_id".into(), self.child_id),
            date_column("started_on", self.started_on)?,
            Column::new("started_at_ms".into(), self.started_at_ms),
            date_column("ended_on", self.ended_on)?,
            Column::new("end_kind".into(), self.end_kind),
            date_column("previous_returned_on", self.previous_returned_on)?,
            date_column("next_started_on", self.next_started_on)?,
            date_column("follow_up_ended_on", self.follow_up_ended_on)?,
            Column::new("follow_up_end".into(), self.follow_up_end),
            Column::new("episodes".into(), self.episodes),
            Column::new("agencies".into(), self.agencies),
        ])
    }
}

#[cfg(test)]
#[path = "missing_spells_tests.rs"]
mod tests;
