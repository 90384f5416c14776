//! Whether an extract still looks as it did at the last build. What differs is held until a person accepts it, since a
//! renamed column or a lost half of a file looks like a change in children's lives.

use std::collections::BTreeSet;

use super::{Remembered, State};
use crate::config::{Drift, Problem};
use crate::domain::british_date;
use crate::ingest::Shape;
use crate::marts::day_of;

const HINT: &str = "ask the sender what changed; where it is right, build once with --accept-drift";

/// Everything that differs from the last build beyond the limits; nothing where there was none.
pub fn drift(state: &State, key_check: &str, shapes: &[Shape], limits: Drift) -> Vec<Problem> {
    if state.tables.is_empty() {
        return Vec::new();
    }
    if state.key_check != key_check {
        return vec![
            Problem::new(
                "state",
                "X07",
                "the pseudonym key is not the one of the last build: no row can be recognised",
            )
            .hint("restore the key from its copy, or build once with --accept-drift to begin anew"),
        ];
    }
    let mut found = Vec::new();
    for shape in shapes {
        let before = state.tables.get(&(shape.source.clone(), shape.table.clone()));
        // An earlier extract built again is no drift.
        if let Some(before) = before.filter(|before| before.cuts.last().is_none_or(|last| *last <= shape.cut_on)) {
            columns(before, shape, &mut found);
            codes(before, shape, &mut found);
            rows(before, shape, limits, &mut found);
            overlap(before, shape, limits, &mut found);
            nothing_later(before, shape, limits, &mut found);
        }
    }
    found.extend(no_longer_sent(state, shapes));
    found
}

fn held(source: &str, table: &str, rule: &'static str, says: &str) -> Problem {
    Problem::new(&format!("source `{source}`"), rule, format!("table `{table}` is held: {says}")).hint(HINT)
}

/// X01 added, X02 removed, X03 renamed: one name for another in the same place.
fn columns(before: &Remembered, shape: &Shape, found: &mut Vec<Problem>) {
    let gone = |columns: &[String], from: &[String]| -> BTreeSet<String> {
        columns.iter().filter(|name| !from.contains(name)).cloned().collect()
    };
    let (mut removed, mut added) = (gone(&before.columns, &shape.columns), gone(&shape.columns, &before.columns));
    if before.columns.len() == shape.columns.len() {
        for (old, new) in before.columns.iter().zip(&shape.columns) {
            if removed.contains(old) && added.contains(new) {
                let says = format!("column `{old}` seems to be called `{new}` now");
                found.push(held(&shape.source, &shape.table, "X03", &says).column(old));
                removed.remove(old);
                added.remove(new);
            }
        }
    }
    for name in removed {
        let says = format!("column `{name}` is no longer there");
        found.push(held(&shape.source, &shape.table, "X02", &says).column(&name));
    }
    for name in added {
        found.push(held(&shape.source, &shape.table, "X01", &format!("column `{name}` is new")).column(&name));
    }
}

/// X04: codes that no build has seen in a column that had some before.
fn codes(before: &Remembered, shape: &Shape, found: &mut Vec<Problem>) {
    for (column, now) in &shape.codes {
        let Some(known) = before.codes.get(column).filter(|known| !known.is_empty()) else { continue };
        let new = now.difference(known).count();
        if new > 0 {
            let says = match new {
                1 => format!("column `{column}` has a code not seen before"),
                _ => format!("column `{column}` has {new} codes not seen before"),
            };
            found.push(held(&shape.source, &shape.table, "X04", &says).column(column));
        }
    }
}

/// X05: many more or fewer rows.
fn rows(before: &Remembered, shape: &Shape, limits: Drift, found: &mut Vec<Problem>) {
    let differs_by = before.rows.abs_diff(shape.rows);
    if differs_by >= u64::from(limits.least_rows) && differs_by * 100 > before.rows * u64::from(limits.rows_percent) {
        let says = format!(
            "it had {} rows at the last build and has {} now (limit: {} % more or fewer)",
            before.rows, shape.rows, limits.rows_percent
        );
        found.push(held(&shape.source, &shape.table, "X05", &says));
    }
}

/// X06: few of the rows that the last build saw are still there. Judged over the hashes that both builds kept.
fn overlap(before: &Remembered, shape: &Shape, limits: Drift, found: &mut Vec<Problem>) {
    let now: BTreeSet<u64> = shape.keys.iter().map(|keyed| keyed.key).collect();
    let judged_to = now.last().copied().filter(|_| shape.is_sampled()).unwrap_or(u64::MAX);
    let judged: Vec<u64> = before.first_seen.range(..=judged_to).map(|(key, _)| *key).collect();
    let kept = judged.iter().filter(|key| now.contains(key)).count();
    let gone = judged.len() - kept;
    if gone >= limits.least_rows as usize && kept * 100 < judged.len() * limits.least_overlap_percent as usize {
        let percent = kept * 100 / judged.len();
        let says = format!(
            "of the rows that the last build saw {percent} % are still there (limit: {} %)",
            limits.least_overlap_percent
        );
        found.push(held(&shape.source, &shape.table, "X06", &says));
    }
}

/// X09: it is said to reach further than at the last build, and holds nothing later, where as many days before held events.
/// Read as it stands, nothing happened in those days: no child came to harm, and nobody was assessed.
fn nothing_later(before: &Remembered, shape: &Shape, limits: Drift, found: &mut Vec<Problem>) {
    let Some(cut) = before.cuts.last().filter(|cut| **cut < shape.cut_on) else { return };
    let days = (shape.cut_on - *cut).num_days() as i32;
    let last = day_of(*cut);
    let events = || shape.keys.iter().filter_map(|keyed| keyed.on);
    let usual = events().filter(|on| (last - days < *on) && *on <= last).count();
    if usual >= limits.least_rows as usize && events().all(|on| on <= last) {
        let says = format!(
            "it is said to reach to {} and has nothing after {}; the {days} days before had {usual} rows",
            british_date(shape.cut_on),
            british_date(*cut),
        );
        found.push(held(&shape.source, &shape.table, "X09", &says));
    }
}

/// X08: a table that a source sent before and does not send now.
fn no_longer_sent(state: &State, shapes: &[Shape]) -> Vec<Problem> {
    let sends = |source: &str| shapes.iter().any(|shape| shape.source == source);
    let sent = |source: &str, table: &str| shapes.iter().any(|shape| shape.source == source && shape.table == table);
    state
        .tables
        .keys()
        .filter(|(source, table)| sends(source) && !sent(source, table))
        .map(|(source, table)| held(source, table, "X08", "it is no longer sent"))
        .collect()
}
