//! What else must be hidden so that a hidden figure is not the difference of shown ones.
//!
//! One table is one measure in one period: its total, its parts, and one dimension at a time. Greedy: in every set of
//! figures that could sum to a shown one, if any is hidden then so are the ones that tell least, until the hidden ones
//! together leave every small value possible. The same figures are hidden whatever order they come in, and a higher
//! threshold hides at least the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Dimension, Period, Unit};

use super::primary::Cell;
use super::{ExactFigure, Rules};

/// Marks every figure as hidden or shown.
pub(super) fn decide(rules: Rules, figures: Vec<ExactFigure>) -> Vec<Cell> {
    let mut tables: BTreeMap<(String, Period), Vec<Cell>> = BTreeMap::new();
    for exact in figures {
        let table = (exact.figure.measure.clone(), exact.figure.period);
        tables.entry(table).or_default().push(Cell::new(rules, exact));
    }
    tables
        .into_values()
        .flat_map(|mut table| {
            settle(rules, &mut table);
            table
        })
        .collect()
}

/// Repeats the steps until none hides more: hiding a part can call for hiding a level.
fn settle(rules: Rules, table: &mut [Cell]) {
    loop {
        let before = hidden(table);
        hide_beneath_hidden_totals(table);
        hide_more_levels(rules, table);
        hide_more_parts(rules, table);
        if hidden(table) == before {
            return;
        }
    }
}

fn hidden(table: &[Cell]) -> usize {
    table.iter().filter(|cell| cell.hidden).count()
}

/// A hidden total hides its levels, and a hidden level its parts, zeros included.
fn hide_beneath_hidden_totals(table: &mut [Cell]) {
    let mut parts = BTreeSet::new();
    let mut groups = BTreeSet::new();
    for cell in table.iter().filter(|cell| cell.hidden) {
        let figure = &cell.exact.figure;
        if figure.dimension == Dimension::Total {
            parts.insert(figure.part().map(str::to_owned));
        }
        if figure.part().is_none() {
            groups.insert((figure.dimension, figure.group().to_owned()));
        }
    }
    let whole = parts.contains(&None);
    for cell in table {
        let figure = &cell.exact.figure;
        let part = figure.part().map(str::to_owned);
        let group = (figure.dimension, figure.group().to_owned());
        if whole || parts.contains(&part) || groups.contains(&group) {
            cell.hidden = true;
        }
    }
}

/// The levels of a dimension, where they could sum to a total.
fn hide_more_levels(rules: Rules, table: &mut [Cell]) {
    let totals: BTreeMap<Option<String>, Sums> = table
        .iter()
        .filter(|cell| cell.exact.figure.dimension == Dimension::Total)
        .map(|cell| (part_of(cell), Sums::of([cell])))
        .collect();
    let mut sets: BTreeMap<(Dimension, Option<String>), Vec<&mut Cell>> = BTreeMap::new();
    for cell in table {
        if cell.exact.figure.dimension != Dimension::Total {
            let set = (cell.exact.figure.dimension, part_of(cell));
            sets.entry(set).or_default().push(cell);
        }
    }
    for ((_, part), mut levels) in sets {
        let sums = Sums::of(levels.iter().map(|cell| &**cell));
        if totals.get(&part).is_none_or(|total| sums.fits_within(total)) {
            hide_least_telling(rules, &mut levels);
        }
    }
}

/// The parts of a level, where they could sum to the level or to their common denominator.
fn hide_more_parts(rules: Rules, table: &mut [Cell]) {
    let wholes: BTreeMap<(Dimension, String), Sums> = table
        .iter()
        .filter(|cell| cell.exact.figure.part().is_none())
        .map(|cell| (group_of(cell), Sums::of([cell])))
        .collect();
    let mut sets: BTreeMap<((Dimension, String), &'static str), Vec<&mut Cell>> = BTreeMap::new();
    for cell in table {
        if cell.exact.figure.part().is_some() && cell.exact.figure.numerator.is_some() {
            let set = (group_of(cell), cell.exact.figure.unit.id());
            sets.entry(set).or_default().push(cell);
        }
    }
    for ((group, unit), mut parts) in sets {
        let sums = Sums::of(parts.iter().map(|cell| &**cell));
        let could_sum = if unit == Unit::Proportion.id() {
            let common = parts.iter().filter_map(|cell| cell.exact.figure.denominator).max();
            sums.numerator <= common
        } else {
            wholes.get(&group).is_none_or(|whole| whole.numerator.is_none() || sums.numerator <= whole.numerator)
        };
        if could_sum {
            hide_least_telling(rules, &mut parts);
        }
    }
}

/// Where one is hidden, hides those that tell least until they protect each other.
fn hide_least_telling(rules: Rules, set: &mut [&mut Cell]) {
    if set.iter().all(|cell| !cell.hidden) {
        return;
    }
    set.sort_by(|a, b| {
        (a.given_away.least(), &a.exact.figure.level).cmp(&(b.given_away.least(), &b.exact.figure.level))
    });
    let enough = (2..=set.len()).find(|&length| protect_each_other(rules, set, length)).unwrap_or(set.len());
    for cell in set.iter_mut().take(enough) {
        cell.hidden = true;
    }
}

/// Two or more, whose sum leaves each of them every value from 1 to the threshold: with `n` hidden counts of at least 1
/// that sum to `s`, each can be anything up to `s - n + 1`.
fn protect_each_other(rules: Rules, set: &[&mut Cell], length: usize) -> bool {
    let largest_withheld = u64::from(rules.smallest_shown) - 1;
    (0..3).all(|kind| {
        let count = |cell: &&mut Cell| cell.given_away.counts().get(kind).copied().unwrap_or(0);
        let tells = set.iter().any(|cell| rules.withholds(count(cell)));
        let sum: u64 = set.iter().take(length).map(|cell| u64::from(count(cell))).sum();
        let others = set.iter().take(length).filter(|cell| count(cell) > 0).count() as u64;
        !tells || sum + 1 >= largest_withheld + others
    })
}

/// Sums of exact counts; none where no figure has one.
struct Sums {
    numerator: Option<i64>,
    denominator: Option<i64>,
}

impl Sums {
    fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut sums = Self { numerator: None, denominator: None };
        for cell in cells {
            let figure = &cell.exact.figure;
            add(&mut sums.numerator, figure.numerator);
            add(&mut sums.denominator, figure.denominator);
        }
        sums
    }

    /// Levels that overlap (a child under two themes) sum to more than the total in every count and cannot be subtracted.
    fn fits_within(&self, total: &Self) -> bool {
        let fits = |part: Option<i64>, whole: Option<i64>| part.zip(whole).map(|(part, whole)| part <= whole);
        let numerator = fits(self.numerator, total.numerator);
        let denominator = fits(self.denominator, total.denominator);
        numerator.unwrap_or(false) || denominator.unwrap_or(false) || (numerator.is_none() && denominator.is_none())
    }
}

fn add(sum: &mut Option<i64>, count: Option<i64>) {
    if let Some(count) = count {
        *sum = Some(sum.unwrap_or(0) + count);
    }
}

fn part_of(cell: &Cell) -> Option<String> {
    cell.exact.figure.part().map(str::to_owned)
}

fn group_of(cell: &Cell) -> (Dimension, String) {
    (cell.exact.figure.dimension, cell.exact.figure.group().to_owned())
}
