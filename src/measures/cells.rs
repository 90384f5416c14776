//! Contributions into cells: each (period, dimension, level, part) with its totals and what each child brought to it.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::PlHashMap;

use super::child_dimensions::{ChildDimensions, NOT_KNOWN};
use super::contributions::{Contribution, OwnDimensions, Words};
use super::header::{Header, PartTotal};
use super::shown::Shown;
use crate::domain::{Dimension, Month, Period};
use crate::marts::date_of;
use crate::release::Shape;

/// Which figure a contribution belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CellKey {
    pub(crate) period: Period,
    pub(crate) dimension: Dimension,
    /// Its word is in [`Levels`].
    pub(crate) level: u32,
    pub(crate) part: usize,
}

/// The words of levels. Numbers are given in order of first sight; the whole is always number 0.
#[derive(Debug)]
pub(crate) struct Levels {
    words: Vec<String>,
    known: HashMap<String, u32>,
}

impl Levels {
    /// The whole's number.
    pub(crate) const TOTAL: u32 = 0;

    pub(crate) fn new() -> Self {
        let mut levels = Self { words: Vec::new(), known: HashMap::new() };
        levels.number(crate::domain::TOTAL);
        levels
    }

    /// The number of a word, new or known.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        if let Some(known) = self.known.get(word) {
            return *known;
        }
        let next = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.known.insert(word.to_owned(), next);
        next
    }

    /// The word of a number.
    pub(crate) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", String::as_str)
    }
}

/// What has been counted for one figure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) numerator: i64,
    pub(crate) denominator: i64,
    pub(crate) max: i64,
    /// How many children brought each (numerator, denominator): sorted, so that no order of children shows.
    pub(crate) children: BTreeMap<(i64, i64), u64>,
    /// For a median: each value with how often; `i64::MAX` is longer than followed.
    pub(crate) values: BTreeMap<i64, u64>,
}

/// The periods whose figures a month's contribution enters, for the whole (`total`) or a breakdown.
///
/// Totals are by month, quarter and year; breakdowns by year. Stocks, and measures whose windows overlap already, are counted
/// at month ends and broken down at quarter ends. No two periods overlap unless one holds the other, so that nothing is the
/// difference of two windows.
pub(crate) fn periods(month: Month, header: &Header, breakdown: bool, shown: Shown) -> Vec<Period> {
    let is_stock = header.shape == Shape::Stock || !header.rolling;
    if !shown.holds(month) {
        return Vec::new();
    }
    if is_stock {
        let counted = if breakdown { month.ends_quarter() } else { header.monthly };
        return counted.then_some(Period::Month(month)).into_iter().collect();
    }
    let by_month = header.monthly && !breakdown;
    let months = by_month.then_some(Period::Month(month));
    let quarter = by_month.then(|| shown.quarter_with(month)).flatten();
    months.into_iter().chain(quarter).chain(shown.year_with(month)).collect()
}

/// The periods of every month shown, worked out once: for the whole, and for breakdowns.
struct Windows {
    first: Month,
    by_month: Vec<[Vec<Period>; 2]>,
}

impl Windows {
    fn new(header: &Header, shown: Shown) -> Self {
        let of = |month| [false, true].map(|breakdown| periods(month, header, breakdown, shown));
        Self {
            first: shown.first,
            by_month: (0..=shown.last.since(shown.first)).map(|at| of(shown.first.plus(at))).collect(),
        }
    }

    fn of(&self, month: Month, breakdown: bool) -> &[Period] {
        let at = usize::try_from(month.since(self.first)).ok();
        let windows = at.and_then(|at| self.by_month.get(at));
        windows.and_then(|windows| windows.get(usize::from(breakdown))).map_or(&[], Vec::as_slice)
    }
}

/// Every cell that contributions reach. `contributions` are sorted by child.
pub(crate) fn cells(
    header: &Header,
    contributions: &[Contribution],
    words: &Words,
    children: &ChildDimensions,
    shown: Shown,
    levels: &mut Levels,
) -> BTreeMap<CellKey, Cell> {
    let windows = Windows::new(header, shown);
    let mut cells: PlHashMap<CellKey, Cell> = PlHashMap::default();
    let mut own: PlHashMap<CellKey, (i64, i64)> = PlHashMap::default();
    for rows in contributions.chunk_by(|a, b| a.child == b.child) {
        for row in rows {
            let month = Month::of(date_of(row.on));
            let total = total_of(header, row.part);
            for dimension in std::iter::once(Dimension::Total).chain(header.dimensions.iter().copied()) {
                let periods = windows.of(month, dimension != Dimension::Total);
                if periods.is_empty() {
                    continue;
                }
                let level = levels.number(level(dimension, row.child, row.on, row.own, words, children));
                for &period in periods {
                    let key = CellKey { period, dimension, level, part: row.part };
                    if total == PartTotal::Median {
                        let cell = cells.entry(key).or_default();
                        *cell.values.entry(row.numerator.unwrap_or(i64::MAX)).or_default() += 1;
                    }
                    let brought = own.entry(key).or_default();
                    let numerator = row.numerator.unwrap_or(0);
                    brought.0 = if total == PartTotal::Max { brought.0.max(numerator) } else { brought.0 + numerator };
                    brought.1 += row.denominator;
                }
            }
        }
        // Sums of whole numbers do not depend on order.
        for (key, (numerator, denominator)) in own.drain() {
            let cell = cells.entry(key).or_default();
            cell.numerator += numerator;
            cell.denominator += denominator;
            cell.max = cell.max.max(numerator);
            *cell.children.entry((numerator, denominator)).or_default() += 1;
        }
    }
    cells.into_iter().collect()
}

/// How the rows of a part become one number.
pub(crate) fn total_of(header: &Header, part: usize) -> PartTotal {
    part.checked_sub(1).and_then(|at| header.part.get(at)).map_or(PartTotal::Sum, |part| part.total)
}

/// The level of a dimension for one row.
pub(crate) fn level<'a>(
    dimension: Dimension,
    child: i64,
    on: i32,
    own: OwnDimensions,
    words: &'a Words,
    children: &'a ChildDimensions,
) -> &'a str {
    let word = |position: Option<u32>| position.map_or(NOT_KNOWN, |at| words.word(at));
    match dimension {
        Dimension::Total => crate::domain::TOTAL,
        Dimension::Theme => word(own.theme),
        Dimension::Agency => word(own.agency),
        Dimension::Service => word(own.service),
        _ => children.level(dimension, child, on).unwrap_or(NOT_KNOWN),
    }
}

impl Cell {
    /// Distinct children who brought anything to the numerator.
    pub(crate) fn numerator_children(&self) -> u64 {
        self.children.iter().filter(|((numerator, _), _)| *numerator > 0).map(|(_, count)| count).sum()
    }

    /// Distinct children in the cell.
    pub(crate) fn denominator_children(&self) -> u64 {
        self.children.iter().filter(|((_, denominator), _)| *denominator > 0).map(|(_, count)| count).sum()
    }

    /// The share of the numerator's total that the one and the two children with most brought; none where it is zero.
    pub(crate) fn largest_shares(&self) -> Option<(f64, f64)> {
        if self.numerator <= 0 {
            return None;
        }
        let mut most = self
            .children
            .iter()
            .rev()
            .flat_map(|((numerator, _), count)| std::iter::repeat_n(*numerator, (*count).min(2) as usize));
        let first = most.next().unwrap_or(0);
        let second = most.next().unwrap_or(0);
        let total = self.numerator as f64;
        Some((first as f64 / total, (first + second) as f64 / total))
    }

    /// (numerator, denominator, children) for methods that cluster by child.
    pub(crate) fn by_child(&self) -> Vec<(u64, u64, u64)> {
        let whole = |number: i64| u64::try_from(number).unwrap_or(0);
        self.children
            .iter()
            .map(|((numerator, denominator), count)| (whole(*numerator), whole(*denominator), *count))
            .collect()
    }

    /// (numerator, children alike), in order of the number.
    pub(crate) fn events_by_child(&self) -> Vec<(u64, u64)> {
        let mut events: BTreeMap<u64, u64> = BTreeMap::new();
        for ((numerator, _), alike) in &self.children {
            *events.entry(u64::try_from(*numerator).unwrap_or(0)).or_default() += alike;
        }
        events.into_iter().collect()
    }

    /// The middle value; none where it is longer than was followed, or where there is none.
    pub(crate) fn median(&self) -> Option<f64> {
        let count: u64 = self.values.values().sum();
        let at = |position: u64| {
            let mut seen = 0;
            self.values.iter().find_map(|(value, times)| {
                seen += times;
                (seen > position).then_some(*value)
            })
        };
        let (low, high) = (at(count.checked_sub(1)? / 2)?, at(count / 2)?);
        (high != i64::MAX).then(|| (low + high) as f64 / 2.0)
    }
}
