//! Contributions into cells: each (period, dimension, level, part) with its totals and what each child brought to it.

use std::collections::{BTreeMap, HashMap};

use super::child_dimensions::{Child, ChildDimensions};
use super::contributions::{Contribution, OwnDimensions, Words};
use super::header::{Header, PartTotal};
use super::shown::Shown;
use crate::domain::{Dimension, Month, NOT_KNOWN, Period};
use crate::marts::{Day, day_of};
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
    /// How many children brought each (numerator, denominator): in order, so that no order of children shows.
    pub(crate) children: Vec<((i64, i64), u64)>,
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

/// Every period, and those that each month enters, worked out once: for the whole, and for breakdowns.
struct Windows {
    periods: Vec<Period>,
    /// Positions in `periods`.
    by_month: Vec<[Vec<u32>; 2]>,
    first_on: Day,
    /// For each day from `first_on`, its month's position in `by_month`.
    months: Vec<u32>,
}

impl Windows {
    fn new(header: &Header, shown: Shown) -> Self {
        let months: Vec<Month> = (0..=shown.last.since(shown.first)).map(|later| shown.first.plus(later)).collect();
        let of = |month: Month| [false, true].map(|breakdown| periods(month, header, breakdown, shown));
        let of_months: Vec<[Vec<Period>; 2]> = months.iter().map(|month| of(*month)).collect();
        let mut all: Vec<Period> = of_months.iter().flatten().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        let at = |period: &Period| all.partition_point(|known| known < period) as u32;
        let by_month = of_months.iter().map(|both| both.each_ref().map(|periods| periods.iter().map(at).collect()));
        let days_of = |month: &Month| month.last_on().signed_duration_since(month.first_on()).num_days() as usize + 1;
        Self {
            by_month: by_month.collect(),
            first_on: day_of(shown.first.first_on()),
            months: (0..).zip(&months).flat_map(|(at, month)| std::iter::repeat_n(at, days_of(month))).collect(),
            periods: all,
        }
    }

    /// The positions of the periods that a day enters; none outside the months shown.
    fn of(&self, on: Day, breakdown: bool) -> &[u32] {
        let month = usize::try_from(i64::from(on) - i64::from(self.first_on)).ok().and_then(|at| self.months.get(at));
        let windows = month.and_then(|month| self.by_month.get(*month as usize));
        windows.and_then(|windows| windows.get(usize::from(breakdown))).map_or(&[], Vec::as_slice)
    }
}

/// Numbers the levels of a measure's dimensions without looking their words up each time.
pub(crate) struct LevelNumbers<'a> {
    /// The whole and every dimension of the measure.
    pub(crate) dimensions: Vec<Dimension>,
    words: &'a Words,
    children: &'a ChildDimensions,
    /// By dimension and position of a word: its number in `levels`.
    known: Vec<Vec<Option<u32>>>,
    levels: &'a mut Levels,
}

impl<'a> LevelNumbers<'a> {
    pub(crate) fn new(
        header: &Header,
        words: &'a Words,
        children: &'a ChildDimensions,
        levels: &'a mut Levels,
    ) -> Self {
        let dimensions: Vec<_> = std::iter::once(Dimension::Total).chain(header.dimensions.iter().copied()).collect();
        Self { known: vec![Vec::new(); dimensions.len()], dimensions, words, children, levels }
    }

    /// What is known of a child.
    pub(crate) fn child(&self, child: i64) -> Option<&'a Child> {
        self.children.of(child)
    }

    /// The number of the level at which a row stands in the `place`th dimension.
    pub(crate) fn number(&mut self, place: usize, child: Option<&Child>, on: Day, own: OwnDimensions) -> u32 {
        let dimension = self.dimensions.get(place).copied().unwrap_or(Dimension::Total);
        // Positions are counted from 1 where the query names levels; 0 is not known.
        let own_word = |position: Option<u32>| position.map_or(0, |at| at + 1);
        let (position, is_own) = match dimension {
            Dimension::Total => return Levels::TOTAL,
            Dimension::Theme => (own_word(own.theme), true),
            Dimension::Agency => (own_word(own.agency), true),
            Dimension::Service => (own_word(own.service), true),
            _ => (self.children.level(dimension, child, on), false),
        };
        let known = self.known.get(place).and_then(|known| known.get(position as usize)).copied().flatten();
        known.unwrap_or_else(|| {
            let word = match (is_own, position.checked_sub(1)) {
                (false, _) => self.children.word(position),
                (true, Some(at)) => self.words.word(at),
                (true, None) => NOT_KNOWN,
            };
            let number = self.levels.number(word);
            if let Some(known) = self.known.get_mut(place) {
                known.resize(known.len().max(position as usize + 1), None);
                if let Some(slot) = known.get_mut(position as usize) {
                    *slot = Some(number);
                }
            }
            number
        })
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
    let mut numbers = LevelNumbers::new(header, words, children, levels);
    let mut table = CellTable::new(&windows, &numbers.dimensions, header);
    for rows in contributions.chunk_by(|a, b| a.child == b.child) {
        let child = rows.first().and_then(|row| numbers.child(row.child));
        for row in rows {
            for place in 0..numbers.dimensions.len() {
                let periods = windows.of(row.on, place > 0);
                if !periods.is_empty() {
                    let level = numbers.number(place, child, row.on, row.own);
                    table.add(row, (place, level), periods);
                }
            }
        }
        table.end_child();
    }
    table.into_cells()
}

/// Cells by position: those of one (dimension, level, part) stand together, one for each period.
struct CellTable<'a> {
    periods: &'a [Period],
    dimensions: Vec<Dimension>,
    totals: Vec<PartTotal>,
    /// By dimension and part, then by level: the number of its row of cells.
    rows: Vec<Vec<Option<u32>>>,
    keys: Vec<(Dimension, u32, usize)>,
    cells: Vec<Cell>,
    /// What the child at hand has brought to each cell, and whether anything.
    brought: Vec<(i64, i64, bool)>,
    touched: Vec<u32>,
}

impl<'a> CellTable<'a> {
    fn new(windows: &'a Windows, dimensions: &[Dimension], header: &Header) -> Self {
        let totals: Vec<PartTotal> = (0..=header.part.len()).map(|part| total_of(header, part)).collect();
        Self {
            periods: &windows.periods,
            dimensions: dimensions.to_vec(),
            rows: vec![Vec::new(); dimensions.len() * totals.len()],
            totals,
            keys: Vec::new(),
            cells: Vec::new(),
            brought: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// The position of the first cell of a (dimension, level, part).
    fn row_of(&mut self, (place, level): (usize, u32), part: usize) -> usize {
        let Some(row) = self.rows.get_mut(place * self.totals.len() + part) else { return 0 };
        row.resize(row.len().max(level as usize + 1), None);
        let Some(number) = row.get_mut(level as usize) else { return 0 };
        let number = *number.get_or_insert_with(|| {
            let dimension = self.dimensions.get(place).copied().unwrap_or(Dimension::Total);
            self.keys.push((dimension, level, part));
            let cells = self.keys.len() * self.periods.len();
            self.cells.resize_with(cells, Cell::default);
            self.brought.resize(cells, (0, 0, false));
            self.keys.len() as u32 - 1
        });
        number as usize * self.periods.len()
    }

    /// One row of the child at hand, in every period it enters.
    fn add(&mut self, row: &Contribution, at: (usize, u32), periods: &[u32]) {
        let first = self.row_of(at, row.part);
        let total = self.totals.get(row.part).copied().unwrap_or(PartTotal::Sum);
        let numerator = row.numerator.unwrap_or(0);
        for period in periods {
            let at = first + *period as usize;
            if total == PartTotal::Median
                && let Some(cell) = self.cells.get_mut(at)
            {
                *cell.values.entry(row.numerator.unwrap_or(i64::MAX)).or_default() += 1;
            }
            let Some((on_top, beneath, touched)) = self.brought.get_mut(at) else { continue };
            *on_top = if total == PartTotal::Max { (*on_top).max(numerator) } else { *on_top + numerator };
            *beneath += row.denominator;
            if !*touched {
                *touched = true;
                self.touched.push(at as u32);
            }
        }
    }

    /// What the child brought enters the cells. Sums of whole numbers do not depend on order.
    fn end_child(&mut self) {
        for at in self.touched.drain(..) {
            let brought = self.brought.get_mut(at as usize).map(std::mem::take);
            if let (Some((numerator, denominator, _)), Some(cell)) = (brought, self.cells.get_mut(at as usize)) {
                cell.add_child(numerator, denominator);
            }
        }
    }

    /// Those that anything was brought to.
    fn into_cells(self) -> BTreeMap<CellKey, Cell> {
        let keys = self.keys.iter().flat_map(|&(dimension, level, part)| {
            self.periods.iter().map(move |&period| CellKey { period, dimension, level, part })
        });
        let mut cells: BTreeMap<CellKey, Cell> =
            keys.zip(self.cells).filter(|(_, cell)| !cell.children.is_empty()).collect();
        cells.values_mut().for_each(Cell::settle);
        cells
    }
}

/// How the rows of a part become one number.
pub(crate) fn total_of(header: &Header, part: usize) -> PartTotal {
    part.checked_sub(1).and_then(|at| header.part.get(at)).map_or(PartTotal::Sum, |part| part.total)
}

/// Children alike are counted together whenever so many entries have gathered, so that memory stays with what differs.
const GATHERED: usize = 2_048;

impl Cell {
    fn add_child(&mut self, numerator: i64, denominator: i64) {
        self.numerator += numerator;
        self.denominator += denominator;
        self.max = self.max.max(numerator);
        if self.children.len() == self.children.capacity() && self.children.len() >= GATHERED {
            self.settle();
        }
        self.children.push(((numerator, denominator), 1));
    }

    /// Puts what children brought in order, children alike together.
    fn settle(&mut self) {
        self.children.sort_unstable();
        self.children.dedup_by(|next, kept| {
            let alike = next.0 == kept.0;
            if alike {
                kept.1 += next.1;
            }
            alike
        });
    }

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
