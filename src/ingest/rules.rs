//! Rules that every table keeps: repeats, ends before starts, the future, children nobody listed.

use std::collections::{HashMap, HashSet};

use rayon::slice::ParallelSliceMut as _;

use super::ledger::{self, Ledger, Outcome};
use super::rows::Rows;
use crate::config::Format;

/// The days that bound what is counted, since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) as_at: i32,
    pub(crate) data_to: i32,
}

/// Every such rule, in an order in which each row is set aside by the plainest that it meets.
pub(crate) fn apply(rows: &mut Rows, format: Format, bounds: Bounds, ledger: &mut Ledger) {
    repeated_rows(rows, format, ledger);
    repeated_keys(rows, ledger);
    end_before_start(rows, ledger);
    future(rows, bounds, ledger);
    long_open_episodes(rows, bounds, ledger);
}

/// Exact repeats: the first stays. Dropped, since nothing is lost; in the statutory return set aside, as its rules ask.
fn repeated_rows(rows: &mut Rows, format: Format, ledger: &mut Ledger) {
    let mut order: Vec<(u64, usize)> =
        rows.kept().into_iter().filter_map(|row| Some((*rows.hashes.get(row)?, row))).collect();
    order.par_sort_unstable();
    let repeats: Vec<usize> = order
        .windows(2)
        .filter_map(|pair| match pair {
            [(a, _), (b, row)] if a == b => Some(*row),
            _ => None,
        })
        .collect();
    let outcome = if format == Format::Ssda903 { Outcome::Quarantined } else { Outcome::Dropped };
    rows.mark(ledger, ledger::REPEATED_ROW, None, outcome, repeats);
}

/// Rows that share an identifier and differ otherwise: which one is right is for the sender to say, so all are set aside.
fn repeated_keys(rows: &mut Rows, ledger: &mut Ledger) {
    let key = rows.contract.key;
    let Some(first) = key.first() else { return };
    let columns: Vec<_> = key.iter().map(|name| rows.column(name)).collect();
    let mut order: Vec<(Vec<Option<i64>>, usize)> = Vec::new();
    let mut single: Vec<(i64, usize)> = Vec::new();
    for row in rows.kept() {
        match columns.as_slice() {
            [column] => single.extend(column.identity(row).map(|identity| (identity, row))),
            _ => order.push((columns.iter().map(|column| column.identity(row)).collect(), row)),
        }
    }
    single.par_sort_unstable();
    order.par_sort_unstable();
    let mut shared: Vec<usize> = Vec::new();
    for group in single.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1) {
        shared.extend(group.iter().map(|(_, row)| *row));
    }
    for group in order.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1) {
        shared.extend(group.iter().map(|(_, row)| *row));
    }
    rows.mark(ledger, ledger::REPEATED_KEY, Some(first), Outcome::Quarantined, shared);
}

/// Rule 567 of the statutory return. Instants are compared where both are known, days otherwise.
fn end_before_start(rows: &mut Rows, ledger: &mut Ledger) {
    let (Some(starts), Some(ends)) = (rows.contract.starts, rows.contract.ends) else {
        return;
    };
    let (start, end) = (rows.column(starts), rows.column(ends));
    let reversed: Vec<usize> = (0..rows.len())
        .filter(|row| match (start.instant(*row), end.instant(*row), start.day(*row), end.day(*row)) {
            (Some(start), Some(end), ..) => end < start,
            (_, _, Some(start), Some(end)) => end < start,
            _ => false,
        })
        .collect();
    rows.mark(ledger, ledger::END_BEFORE_START, Some(ends), Outcome::Quarantined, reversed);
}

/// What starts after the as-at date is not counted: not yet, or, beyond the cut date too, by mistake. What ends after it
/// is still open on it.
fn future(rows: &mut Rows, bounds: Bounds, ledger: &mut Ledger) {
    if let Some(starts) = rows.contract.starts {
        let start = rows.column(starts);
        let late: Vec<usize> =
            (0..rows.len()).filter(|row| start.day(*row).is_some_and(|day| day > bounds.as_at)).collect();
        let (not_yet, mistaken): (Vec<usize>, Vec<usize>) =
            late.into_iter().partition(|row| start.day(*row).is_some_and(|day| day <= bounds.data_to));
        rows.mark(ledger, ledger::NOT_YET, Some(starts), Outcome::Dropped, not_yet);
        rows.mark(ledger, ledger::FUTURE, Some(starts), Outcome::Quarantined, mistaken);
        let start = rows.column(starts);
        let after_the_cut =
            rows.kept().into_iter().filter(|row| start.day(*row).is_some_and(|day| day > bounds.data_to));
        let after_the_cut: Vec<usize> = after_the_cut.collect();
        rows.mark(ledger, ledger::AFTER_THE_CUT, Some(starts), Outcome::Kept, after_the_cut);
    }
    if let Some(ends) = rows.contract.ends {
        let end = rows.column(ends);
        let later: Vec<usize> =
            rows.kept().into_iter().filter(|row| end.day(*row).is_some_and(|day| day > bounds.as_at)).collect();
        rows.mark(ledger, ledger::ENDS_LATER, Some(ends), Outcome::Kept, later.iter().copied());
        if let Some(column) = rows.column_mut(ends) {
            for row in later {
                column.clear(row);
            }
        }
    }
}

/// The columns of a missing episode in each format: child, start, end.
pub(crate) fn episode_columns(contract: &str) -> Option<[&'static str; 3]> {
    match contract {
        "missing_episodes" => Some(["child_id", "started_at", "ended_at"]),
        "ssd_missing" => Some(["miss_person_id", "miss_missing_episode_start_date", "miss_missing_episode_end_date"]),
        "missing" => Some(["child", "mis_start", "mis_end"]),
        _ => None,
    }
}

/// Rule 574 of the statutory return: an episode may not start before the child's last one in the same source has ended; the later is noted.
/// One that starts on the day the last ended is in order.
pub(crate) fn overlapping_episodes(rows: &mut Rows, ledger: &mut Ledger) {
    let Some([child, starts, ends]) = episode_columns(rows.contract.name) else {
        return;
    };
    let (children, start, end) = (rows.column(child), rows.column(starts), rows.column(ends));
    let at = |column: &super::typed::Typed, row: usize, day_ends: i64| {
        column.instant(row).or_else(|| column.day(row).map(|day| (i64::from(day) + day_ends) * 86_400_000))
    };
    let mut episodes: Vec<(i64, i64, i64, usize)> = rows
        .kept()
        .into_iter()
        .filter_map(|row| {
            let started = at(start, row, 0)?;
            Some((children.key(row)?, started, at(end, row, 0).unwrap_or(i64::MAX), row))
        })
        .collect();
    episodes.par_sort_unstable();
    let mut overlapping = Vec::new();
    for one_child in episodes.chunk_by(|a, b| a.0 == b.0) {
        let mut latest_end = i64::MIN;
        for (_, started, ended, row) in one_child {
            if *started < latest_end {
                overlapping.push(*row);
            }
            latest_end = latest_end.max(*ended);
        }
    }
    rows.mark(ledger, ledger::OVERLAP, Some(starts), Outcome::Kept, overlapping);
}

/// Beyond so many days an open episode is more likely a record nobody closed than a child still missing; it may be either.
const LONG_OPEN_DAYS: i32 = 90;

/// Episodes open for long, noted for whoever can ask: one record that nobody closed can make a month's nights look worse than the
/// month before's, and no board page may say so, since it would tell of one child.
fn long_open_episodes(rows: &mut Rows, bounds: Bounds, ledger: &mut Ledger) {
    let Some([_, starts, ends]) = episode_columns(rows.contract.name) else {
        return;
    };
    let (start, end) = (rows.column(starts), rows.column(ends));
    let is_long = |row: &usize| {
        let is_open = end.day(*row).is_none() && end.instant(*row).is_none();
        is_open && start.day(*row).is_some_and(|day| bounds.as_at.min(bounds.data_to) - day > LONG_OPEN_DAYS)
    };
    let long: Vec<usize> = rows.kept().into_iter().filter(is_long).collect();
    rows.mark(ledger, ledger::LONG_OPEN, Some(ends), Outcome::Kept, long);
}

/// Linked children in a table that the tables of children do not list; their rows stay.
pub(crate) fn not_in_children(rows: &mut Rows, children: &HashSet<i64>, ledger: &mut Ledger) {
    let Some(name) = rows.child_field() else {
        return;
    };
    let column = rows.column(name);
    let unlisted: Vec<usize> = rows
        .kept()
        .into_iter()
        .filter(|row| !rows.unlinked.contains(row))
        .filter(|row| column.key(*row).is_some_and(|child| !children.contains(&child)))
        .collect();
    rows.mark(ledger, ledger::NOT_IN_CHILDREN, Some(name), Outcome::Kept, unlisted);
}

/// Rule 586 for every table with a child and a start: nothing starts before the month of birth.
pub(crate) fn before_birth(rows: &mut Rows, births: &HashMap<i64, i32>, ledger: &mut Ledger) {
    let (Some(name), Some(starts)) = (rows.child_field(), rows.contract.starts) else {
        return;
    };
    let (child, start) = (rows.column(name), rows.column(starts));
    let early: Vec<usize> = rows
        .kept()
        .into_iter()
        .filter(|row| {
            let born = child.key(*row).and_then(|child| births.get(&child));
            born.is_some_and(|born| start.day(*row).is_some_and(|day| day < *born))
        })
        .collect();
    rows.mark(ledger, ledger::BEFORE_BIRTH, Some(starts), Outcome::Quarantined, early);
}
