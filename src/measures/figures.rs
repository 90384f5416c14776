//! Cells into figures: divide, bound, mark what is provisional, and keep what disclosure control must know.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU64;

use rayon::prelude::*;

use super::cells::{Cell, CellKey, Levels, Shown, periods, total_of};
use super::header::{Header, PartTotal};
use crate::disclosure::{Contributors, ExactFigure};
use crate::domain::{Dimension, Figure, Month, Period, Symbol, Unit};
use crate::release::Shape;
use crate::stats::{Estimate, bootstrap_ratio, clustered_proportion, wilson};

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
}

impl Reach {
    /// An incomplete month is shown as provisional and never compared.
    pub(crate) fn is_provisional(&self, period: Period) -> bool {
        self.complete_to.is_none_or(|complete| period.last_month() > complete)
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
) -> Vec<ExactFigure> {
    fill_in_zeros(header, &mut cells, reach.shown);
    cells.par_iter().flat_map_iter(|(key, cell)| figures_of(header, key, cell, reach, population, levels)).collect()
}

/// The figure of one cell, and beside it the same per 10,000 children where the measure offers that.
fn figures_of(
    header: &Header,
    key: &CellKey,
    cell: &Cell,
    reach: Reach,
    population: &Population,
    levels: &Levels,
) -> Vec<ExactFigure> {
    let part = key.part.checked_sub(1).and_then(|at| header.part.get(at));
    let unit = part.map_or(header.unit, |part| part.unit);
    if unit == Unit::Per10000Children && key.part > 0 {
        return Vec::new();
    }
    let estimate = match (total_of(header, key.part), unit) {
        (PartTotal::Sum, Unit::Proportion) => proportion(cell),
        (PartTotal::Sum, Unit::Per1000ChildDays) => rate(cell, unit),
        (PartTotal::Sum, _) => Some(exactly(cell.numerator as f64)),
        (PartTotal::Max, _) => (cell.max > 0).then(|| exactly(cell.max as f64)),
        (PartTotal::Median, _) => cell.median().map(exactly),
    };
    let mut figures = vec![exact(header, key, cell, unit, estimate, reach, levels)];
    if key.part == 0 {
        figures.extend(per_population(header, key, cell, reach, population, levels));
    }
    figures
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
    let once = cell.children.keys().all(|(_, denominator)| *denominator <= 1);
    if once {
        return Some(wilson(u64::try_from(cell.numerator).ok()?, denominator, 0.95));
    }
    clustered_proportion(&cell.by_child())
}

/// Days are totals of unequal children: a child-level bootstrap, never a Poisson form.
fn rate(cell: &Cell, unit: Unit) -> Option<Estimate> {
    if cell.denominator <= 0 {
        return None;
    }
    bootstrap_ratio(&cell.by_child(), unit.multiplier(), DRAWS, SEED)
}

fn exactly(value: f64) -> Estimate {
    Estimate { value, lower: None, upper: None }
}

fn exact(
    header: &Header,
    key: &CellKey,
    cell: &Cell,
    unit: Unit,
    estimate: Option<Estimate>,
    reach: Reach,
    levels: &Levels,
) -> ExactFigure {
    let total = total_of(header, key.part);
    let is_ratio = matches!(unit, Unit::Proportion | Unit::Per1000ChildDays);
    let part = key.part.checked_sub(1).and_then(|at| header.part.get(at)).map(|part| part.id.as_str());
    let (numerator, denominator) = match total {
        PartTotal::Sum => (Some(cell.numerator), is_ratio.then_some(cell.denominator)),
        PartTotal::Max => (None, None),
        PartTotal::Median => (None, Some(cell.denominator)),
    };
    let children = u32::try_from(cell.numerator_children()).unwrap_or(u32::MAX);
    let at_all = u32::try_from(cell.denominator_children()).unwrap_or(u32::MAX);
    let is_magnitude = unit == Unit::Per1000ChildDays;
    ExactFigure {
        figure: figure(header, key, part, (numerator, denominator), (unit, estimate), reach, levels),
        contributors: Contributors {
            numerator_children: children,
            denominator_children: if is_ratio || total == PartTotal::Median { at_all } else { children },
            largest_share: if is_magnitude { cell.largest_shares() } else { None },
        },
    }
}

/// The same numerator per 10,000 children aged 10 to 17, where the measure offers it and the population is known.
fn per_population(
    header: &Header,
    key: &CellKey,
    cell: &Cell,
    reach: Reach,
    population: &Population,
    levels: &Levels,
) -> Option<ExactFigure> {
    let part = header.part.iter().find(|part| part.unit == Unit::Per10000Children)?;
    let by_year = population.get(&(key.dimension, levels.word(key.level).to_owned()))?;
    let year = key.period.last_month().first_on().format("%Y").to_string().parse::<i32>().ok()?;
    let (_, children) = by_year.range(..=year).next_back().or_else(|| by_year.iter().next())?;
    if *children <= 0 {
        return None;
    }
    let value = cell.numerator as f64 / *children as f64 * part.unit.multiplier();
    let counts = (Some(cell.numerator), Some(*children));
    Some(ExactFigure {
        figure: figure(header, key, Some(&part.id), counts, (part.unit, Some(exactly(value))), reach, levels),
        contributors: Contributors {
            numerator_children: u32::try_from(cell.numerator_children()).unwrap_or(u32::MAX),
            denominator_children: u32::try_from(*children).unwrap_or(u32::MAX),
            largest_share: cell.largest_shares(),
        },
    })
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
