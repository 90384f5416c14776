//! Cells into figures: divide, bound, mark what is provisional, and keep what disclosure control must know.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU64;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use super::cells::{Cell, CellKey, Levels, periods, total_of};
use super::concentration;
use super::header::{Header, PartTotal, RateOf};
use super::shown::Shown;
use crate::disclosure::{Contributors, ExactFigure};
use crate::domain::{Dimension, Figure, Month, Period, Symbol, Unit};
use crate::release::Shape;
use crate::stats::{Estimate, bootstrap_ratio, clustered_proportion, clustered_rate, wilson};

/// Draws of a child-level bootstrap, and the seed that makes them the same each time.
const DRAWS: u32 = 1_000;
const SEED: u64 = 20_261_031;

/// A figure's counts: (numerator, denominator).
type Counts = (Option<i64>, Option<i64>);

/// Which months of a measure may be read, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    pub(crate) shown: Shown,
    /// The last month whose horizon lies within the data of every source in use.
    pub(crate) complete_to: Option<Month>,
    /// The last month of which enough has arrived from every source in use, where that could be estimated; none where no
    /// month is.
    pub(crate) arrived_to: Option<Month>,
    /// The earliest cut date of the sources in use.
    pub(crate) earliest_cut: NaiveDate,
}

impl Reach {
    /// An incomplete month is shown as provisional and never compared.
    pub(crate) fn is_provisional(&self, period: Period) -> bool {
        self.complete_to.is_none_or(|complete| period.last_month() > complete)
    }

    /// As [`Self::is_provisional`], for a part that needs `days` after the period's end whatever the measure's horizon.
    pub(crate) fn is_provisional_for(&self, period: Period, days: u32) -> bool {
        self.arrived_to.is_none_or(|arrived| period.last_month() > arrived)
            || period.last_month().last_on() + Days::new(u64::from(days)) > self.earliest_cut
    }
}

/// Children aged 10 to 17 by level and calendar year, for rates per 10,000 children.
pub(crate) type Population = BTreeMap<(Dimension, String), BTreeMap<i32, i64>>;

/// Every figure of a counted measure. Months in which nothing was counted are zero, not absent.
pub(crate) fn figures(
    header: &Header,
    mut cells: BTreeMap<CellKey, Cell>,
    reach: Reach,
    population: &Population,
    levels: &Levels,
    concentration_percent: u64,
) -> Vec<ExactFigure> {
    let with_rows: BTreeSet<usize> = cells.keys().map(|key| key.part).collect();
    fill_in_zeros(header, &mut cells, reach.shown);
    cells.retain(|key, _| is_given(header, key));
    let told = Told { header, reach, levels };
    cells
        .par_iter()
        .flat_map_iter(|(key, cell)| {
            if header.shape == Shape::Concentration {
                return vec![told.concentration(key, cell, concentration_percent)];
            }
            let whole = cells.get(&CellKey { part: 0, ..*key }).unwrap_or(cell);
            told.figures_of(key, cell, whole, population, &with_rows)
        })
        .collect()
}

/// What is said of every figure of a measure alike.
struct Told<'a> {
    header: &'a Header,
    reach: Reach,
    levels: &'a Levels,
}

impl Told<'_> {
    /// The figure of one cell, and beside it the same per 10,000 children where the measure offers that. A part that is a
    /// rate and brings no days at risk of its own is over those of the `whole`.
    fn figures_of(
        &self,
        key: &CellKey,
        cell: &Cell,
        whole: &Cell,
        population: &Population,
        with_rows: &BTreeSet<usize>,
    ) -> Vec<ExactFigure> {
        let header = self.header;
        let part = key.part.checked_sub(1).and_then(|at| header.part.get(at));
        let unit = part.map_or(header.unit, |part| part.unit);
        if unit == Unit::Per10000Children && key.part > 0 {
            let own = with_rows.contains(&key.part).then(|| self.per_population(key, cell, key.part, population));
            return own.flatten().into_iter().collect();
        }
        let beneath = if cell.denominator > 0 { cell } else { whole };
        let estimate = match (total_of(header, key.part), unit) {
            (PartTotal::Sum, Unit::Proportion) if !header.of_children => share_of_totals(cell),
            (PartTotal::Sum, Unit::Proportion) => proportion(cell),
            (PartTotal::Sum, unit) if unit.is_per_days() && header.rate_of == RateOf::Events => clustered_rate(
                &cell.events_by_child(),
                u64::try_from(beneath.denominator).unwrap_or(0),
                unit.multiplier(),
            ),
            (PartTotal::Sum, unit) if unit.is_per_days() => rate(cell, unit),
            (PartTotal::Sum, _) => Some(exactly(cell.numerator as f64)),
            (PartTotal::Max, _) => (cell.max > 0).then(|| exactly(cell.max as f64)),
            (PartTotal::Median, _) => cell.median().map(exactly),
        };
        let mut figures = vec![self.exact(key, cell, beneath, unit, estimate)];
        let per_population = header.part.iter().position(|part| part.unit == Unit::Per10000Children);
        if let Some(at) = per_population.filter(|at| key.part == 0 && !with_rows.contains(&(at + 1))) {
            figures.extend(self.per_population(key, cell, at + 1, population));
        }
        figures
    }

    fn concentration(&self, key: &CellKey, cell: &Cell, percent: u64) -> ExactFigure {
        let part = key.part.checked_sub(1).and_then(|at| self.header.part.get(at));
        let unit = part.map_or(self.header.unit, |part| part.unit);
        let (counts, estimate, contributors) = concentration::of_cell(cell, part, percent);
        let id = part.map(|part| part.id.as_str());
        let figure = figure(self.header, key, id, counts, (unit, estimate), self.reach, self.levels);
        ExactFigure { figure, contributors }
    }

    fn exact(&self, key: &CellKey, cell: &Cell, beneath: &Cell, unit: Unit, estimate: Option<Estimate>) -> ExactFigure {
        let header = self.header;
        let total = total_of(header, key.part);
        let is_ratio = unit == Unit::Proportion || unit.is_per_days();
        let beneath = if unit.is_per_days() { beneath } else { cell };
        let part = key.part.checked_sub(1).and_then(|at| header.part.get(at)).map(|part| part.id.as_str());
        let (numerator, denominator) = match total {
            PartTotal::Sum => (Some(cell.numerator), is_ratio.then_some(beneath.denominator)),
            PartTotal::Max => (None, None),
            PartTotal::Median => (None, Some(cell.denominator)),
        };
        // Of totals nothing is known but how many things they count: each is taken to be another child's.
        let (on_top, at_all) = if header.of_children {
            (cell.numerator_children(), beneath.denominator_children())
        } else {
            let count = |number: i64| u64::try_from(number).unwrap_or(0);
            (count(cell.numerator), count(cell.denominator))
        };
        let children = u32::try_from(on_top).unwrap_or(u32::MAX);
        let at_all = u32::try_from(at_all).unwrap_or(u32::MAX);
        let is_magnitude = unit.is_per_days();
        ExactFigure {
            figure: figure(header, key, part, (numerator, denominator), (unit, estimate), self.reach, self.levels),
            contributors: Contributors {
                numerator_children: children,
                denominator_children: if is_ratio || total == PartTotal::Median { at_all } else { children },
                largest_share: if is_magnitude { cell.largest_shares() } else { None },
            },
        }
    }

    /// A numerator per 10,000 children aged 10 to 17, as part `at`, where the population is known.
    fn per_population(&self, key: &CellKey, cell: &Cell, at: usize, population: &Population) -> Option<ExactFigure> {
        let part = at.checked_sub(1).and_then(|at| self.header.part.get(at))?;
        let by_year = population.get(&(key.dimension, self.levels.word(key.level).to_owned()))?;
        let year = key.period.last_month().first_on().format("%Y").to_string().parse::<i32>().ok()?;
        let (_, children) = by_year.range(..=year).next_back().or_else(|| by_year.iter().next())?;
        let children = u64::try_from(*children).ok().filter(|children| *children > 0)?;
        let estimate = match self.header.rate_of {
            RateOf::Events => clustered_rate(&cell.events_by_child(), children, part.unit.multiplier()),
            RateOf::Days => of_population(cell, children, part.unit),
        };
        let counts = (Some(cell.numerator), i64::try_from(children).ok());
        Some(ExactFigure {
            figure: figure(self.header, key, Some(&part.id), counts, (part.unit, estimate), self.reach, self.levels),
            contributors: Contributors {
                numerator_children: u32::try_from(cell.numerator_children()).unwrap_or(u32::MAX),
                denominator_children: u32::try_from(children).unwrap_or(u32::MAX),
                largest_share: cell.largest_shares(),
            },
        })
    }
}

/// A part worth reading over twelve months alone has no shorter period.
fn is_given(header: &Header, key: &CellKey) -> bool {
    let part = key.part.checked_sub(1).and_then(|part| header.part.get(part));
    part.is_none_or(|part| part.monthly) || matches!(key.period, Period::TwelveMonthsTo(_))
}

/// Every period shown has a cell for the whole, and for each level that any period has.
fn fill_in_zeros(header: &Header, cells: &mut BTreeMap<CellKey, Cell>, shown: Shown) {
    let mut levels: BTreeSet<(Dimension, u32)> = cells.keys().map(|key| (key.dimension, key.level)).collect();
    levels.insert((Dimension::Total, Levels::TOTAL));
    let leads = usize::from(header.shape == Shape::Chain);
    let months = std::iter::successors(Some(shown.first), |month| Some(month.next())).take_while(|m| *m <= shown.last);
    for month in months {
        for &(dimension, level) in &levels {
            for period in periods(month, header, dimension != Dimension::Total, shown) {
                for part in leads..=header.part.len() {
                    let key = CellKey { period, dimension, level, part };
                    cells.entry(key).or_default();
                }
            }
        }
    }
}

/// Wilson where each child counts at most once; else an interval that allows for children counted several times.
fn proportion(cell: &Cell) -> Option<Estimate> {
    let denominator = NonZeroU64::new(u64::try_from(cell.denominator).ok()?)?;
    let once = cell.children.iter().all(|((_, denominator), _)| *denominator <= 1);
    if once {
        return Some(wilson(u64::try_from(cell.numerator).ok()?, denominator, 0.95));
    }
    clustered_proportion(&cell.by_child())
}

/// Wilson: each thing counted in a total is taken to be another child's.
fn share_of_totals(cell: &Cell) -> Option<Estimate> {
    let denominator = NonZeroU64::new(u64::try_from(cell.denominator).ok()?)?;
    Some(wilson(u64::try_from(cell.numerator).ok()?, denominator, 0.95))
}

/// Days are totals of unequal children: a child-level bootstrap, never a Poisson form.
fn rate(cell: &Cell, unit: Unit) -> Option<Estimate> {
    if cell.denominator <= 0 {
        return None;
    }
    bootstrap_ratio(&cell.by_child(), unit.multiplier(), DRAWS, SEED)
}

/// Days of all children of a population, most of whom have none: a bootstrap of the population's children.
fn of_population(cell: &Cell, children: u64, unit: Unit) -> Option<Estimate> {
    let mut each: Vec<(u64, u64, u64)> = cell
        .events_by_child()
        .into_iter()
        .filter(|(days, _)| *days > 0)
        .map(|(days, alike)| (days, 1, alike))
        .collect();
    let with_days: u64 = each.iter().map(|(_, _, alike)| alike).sum();
    each.insert(0, (0, 1, children.saturating_sub(with_days)));
    bootstrap_ratio(&each, unit.multiplier(), DRAWS, SEED)
}

fn exactly(value: f64) -> Estimate {
    Estimate { value, lower: None, upper: None }
}

/// One figure; a value that is not defined carries the symbol that says so.
pub(crate) fn figure(
    header: &Header,
    key: &CellKey,
    part: Option<&str>,
    (numerator, denominator): Counts,
    (unit, estimate): (Unit, Option<Estimate>),
    reach: Reach,
    levels: &Levels,
) -> Figure {
    let level = levels.word(key.level);
    Figure {
        measure: header.id.clone(),
        period: key.period,
        dimension: key.dimension,
        level: part.map_or_else(|| level.to_owned(), |part| format!("{level}:{part}")),
        numerator,
        denominator,
        value: estimate.as_ref().map(|estimate| estimate.value),
        lower: estimate.as_ref().and_then(|estimate| estimate.lower),
        upper: estimate.as_ref().and_then(|estimate| estimate.upper),
        unit,
        symbol: estimate.is_none().then_some(Symbol::NotApplicable),
        provisional: reach.is_provisional(key.period),
    }
}
