//! The rules of the SSDA903 return that look across its files, by the Department for Education's numbers.

use std::collections::HashMap;

use super::ledger::{self, Ledger, Outcome};
use super::rows::Rows;

/// Births before 1900 are a spreadsheet's zero.
const NO_BIRTH: i32 = -25_567;

/// One child's unbroken periods of care, in order: first day, and last where it has ended.
pub(crate) type Periods = HashMap<i64, Vec<(i32, Option<i32>)>>;

/// Periods of care by child: episodes that touch or overlap are one.
pub(crate) fn periods_of_care(rows: &Rows, child: &str, starts: &str, ends: &str) -> Periods {
    let (children, start, end) = (rows.column(child), rows.column(starts), rows.column(ends));
    let mut by_child: Periods = HashMap::new();
    for row in rows.kept() {
        if let (Some(child), Some(started)) = (children.key(row), start.day(row)) {
            by_child.entry(child).or_default().push((started, end.day(row)));
        }
    }
    #[expect(clippy::iter_over_hash_type, reason = "each child's periods are joined on their own")]
    for periods in by_child.values_mut() {
        *periods = joined(std::mem::take(periods));
    }
    by_child
}

/// Periods that touch or overlap as one.
fn joined(mut periods: Vec<(i32, Option<i32>)>) -> Vec<(i32, Option<i32>)> {
    periods.sort_unstable_by_key(|(start, end)| (*start, end.unwrap_or(i32::MAX)));
    let mut out: Vec<(i32, Option<i32>)> = Vec::new();
    for (start, end) in periods {
        match out.last_mut() {
            Some((_, last_end)) if last_end.is_none_or(|last| start <= last) => {
                *last_end = match (*last_end, end) {
                    (Some(last), Some(end)) => Some(last.max(end)),
                    _ => None,
                };
            }
            _ => out.push((start, end)),
        }
    }
    out
}

/// Applies the return's rules to the tables of one source.
pub(crate) fn apply(tables: &mut [&mut Rows], ledger: &mut Ledger) {
    let table = |tables: &[&mut Rows], name: &str| tables.iter().position(|rows| rows.contract.name == name);
    let header = table(tables, "header");
    let births: Option<HashMap<i64, i32>> = header.and_then(|place| tables.get(place)).map(|rows| births(rows));
    let episodes = table(tables, "episodes");
    if let Some(rows) = table(tables, "missing").and_then(|place| tables.get_mut(place)) {
        before_birth(rows, ledger);
    }
    let periods =
        episodes.and_then(|place| tables.get(place)).map(|rows| periods_of_care(rows, "child", "decom", "dec"));
    for rows in tables.iter_mut().filter(|rows| matches!(rows.contract.name, "episodes" | "missing")) {
        if let Some(births) = &births {
            against_header(rows, births, ledger);
        }
        if rows.contract.name == "missing" {
            if let Some(periods) = &periods {
                outside_care(rows, periods, ledger);
            }
            rows.note(ledger, ledger::OPEN_LAST_YEAR);
        }
    }
}

fn births(header: &Rows) -> HashMap<i64, i32> {
    let (child, dob) = (header.column("child"), header.column("dob"));
    (0..header.len()).filter_map(|row| Some((child.key(row)?, dob.day(row).unwrap_or(NO_BIRTH)))).collect()
}

/// Rule 586: an episode may not start before the child was born.
fn before_birth(rows: &mut Rows, ledger: &mut Ledger) {
    let (dob, start) = (rows.column("dob"), rows.column("mis_start"));
    let early: Vec<usize> = (0..rows.len())
        .filter(|row| matches!((dob.day(*row), start.day(*row)), (Some(born), Some(started)) if started < born))
        .collect();
    rows.mark(ledger, ledger::BEFORE_BIRTH, Some("mis_start"), Outcome::Quarantined, early);
}

/// INT04 and INT13: each child is in the header, with the same date of birth.
fn against_header(rows: &mut Rows, births: &HashMap<i64, i32>, ledger: &mut Ledger) {
    let (child, dob) = (rows.column("child"), rows.column("dob"));
    let (mut unlisted, mut differing) = (Vec::new(), Vec::new());
    for row in rows.kept() {
        let Some(key) = child.key(row) else { continue };
        match (births.get(&key), dob.day(row)) {
            (None, _) => unlisted.push(row),
            (Some(listed), Some(born)) if *listed != NO_BIRTH && *listed != born => {
                differing.push(row);
            }
            _ => {}
        }
    }
    rows.mark(ledger, ledger::NOT_IN_HEADER, Some("child"), Outcome::Kept, unlisted);
    rows.mark(ledger, ledger::BIRTH_DIFFERS, Some("dob"), Outcome::Kept, differing);
}

/// Rule 577: an episode lies within one period of care, from its start to its end; while it is open, its start does.
fn outside_care(rows: &mut Rows, periods: &Periods, ledger: &mut Ledger) {
    let (child, start, end) = (rows.column("child"), rows.column("mis_start"), rows.column("mis_end"));
    let within = |child: i64, started: i32, ended: Option<i32>| {
        periods.get(&child).is_some_and(|periods| {
            periods.iter().any(|(from, to)| *from <= started && to.is_none_or(|to| ended.unwrap_or(started) <= to))
        })
    };
    let outside: Vec<usize> = rows
        .kept()
        .into_iter()
        .filter(|row| match (child.key(*row), start.day(*row)) {
            (Some(child), Some(started)) => !within(child, started, end.day(*row)),
            _ => false,
        })
        .collect();
    rows.mark(ledger, ledger::OUTSIDE_CARE, Some("mis_start"), Outcome::Kept, outside);
}

#[cfg(test)]
mod tests {
    use super::super::dates::day_of;
    use super::*;

    fn on(text: &str) -> i32 {
        day_of(text.parse().unwrap())
    }

    #[test]
    fn contiguous_care_is_one_period() {
        let care = vec![
            (on("2017-08-14"), None),
            (on("2016-02-15"), Some(on("2017-08-14"))),
            (on("2014-01-01"), Some(on("2014-06-30"))),
        ];
        assert_eq!(joined(care), [(on("2014-01-01"), Some(on("2014-06-30"))), (on("2016-02-15"), None)]);
    }
}
