//! Random small worlds through the whole gate: every table that agrees with what is shown is counted out, with nothing of the
//! auditor's, and each withheld count must keep every small number.

use std::collections::BTreeSet;

use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, microlp, variable};
use proptest::prelude::*;

use super::*;
use crate::auditor::PublicRules;
use crate::disclosure::{Contributors, Earlier, Policy, Relations, Thresholds};
use crate::domain::{Dimension, Month, Period, Symbol, TOTAL, Unit};

const LEVELS: [&str; 4] = ["east", "north", "south", "west"];

/// Counts by month from January 2025, and within it by level: (on top, the rest).
type World = Vec<Vec<(i64, i64)>>;

fn first() -> Month {
    Month::new(2025, 1).unwrap()
}

/// Every figure of a world: months, quarters and years of the whole, and years by level, back from the last quarter's end.
fn exact(world: &World, months: usize, is_share: bool) -> Vec<ExactFigure> {
    let mut figures = Vec::new();
    let mut add = |period: Period, from: usize, to: usize, level: Option<usize>| {
        let counted = world.iter().take(to).skip(from);
        let sum =
            counted.flat_map(|levels| levels.iter().enumerate()).filter(|(at, _)| level.is_none_or(|own| own == *at));
        let (top, rest) = sum.fold((0, 0), |sum, (_, own)| (sum.0 + own.0, sum.1 + own.1));
        let (bottom, children) = (top + rest, u32::try_from(top).unwrap());
        let value = if is_share { (bottom > 0).then(|| top as f64 / bottom as f64) } else { Some(top as f64) };
        figures.push(ExactFigure {
            figure: Figure {
                measure: "world".to_owned(),
                period,
                dimension: if level.is_some() { Dimension::Locality } else { Dimension::Total },
                level: level.map_or(TOTAL, |at| LEVELS[at]).to_owned(),
                numerator: Some(top),
                denominator: is_share.then_some(bottom),
                value,
                lower: None,
                upper: None,
                unit: if is_share { Unit::Proportion } else { Unit::Children },
                symbol: value.is_none().then_some(Symbol::NotApplicable),
                provisional: false,
            },
            contributors: Contributors {
                numerator_children: children,
                denominator_children: if is_share { u32::try_from(bottom).unwrap() } else { 0 },
                largest_share: None,
            },
        });
    };
    for at in 0..months {
        let month = first().plus(at as i32);
        add(Period::Month(month), at, at + 1, None);
        if month.ends_quarter() {
            add(Period::Quarter(month.quarter()), at - 2, at + 1, None);
        }
        let last = months / 3 * 3;
        if at >= 11 && at < last && (last - 1 - at).is_multiple_of(12) {
            add(Period::TwelveMonthsTo(month), at - 11, at + 1, None);
            for level in 0..world[0].len() {
                add(Period::TwelveMonthsTo(month), at - 11, at + 1, Some(level));
            }
        }
    }
    figures
}

fn rules(policy: Policy) -> PublicRules {
    PublicRules {
        smallest_of_total: policy.smallest_total(),
        smallest_of_level: policy.smallest_shown(),
        rounded_to: policy.rounded_to(),
    }
}

/// Through the gate, after what earlier releases showed.
fn gated(policy: Policy, exact: &[ExactFigure], told: &[&[Figure]]) -> Vec<Figure> {
    let facts = [Facts { id: "world", rules: rules(policy), relations: &[] }];
    let earlier = Earlier::of(told.iter().copied());
    let (thresholds, relations, coarser) = (Thresholds::new(), Relations::new(), Coarser::default());
    let protection =
        Protection { policy, thresholds: &thresholds, relations: &relations, earlier: &earlier, coarser: &coarser };
    let elsewhere = Elsewhere::default();
    let told: Vec<Reads<'_>> = told.iter().map(|figures| Reads { figures, elsewhere: &elsewhere }).collect();
    protect(protection, exact, |_| None, &facts, &elsewhere, &told).unwrap().0
}

fn is_hidden(figure: &Figure) -> bool {
    figure.symbol == Some(Symbol::Confidential)
}

/// The sums of a world as a reader writes them down: the whole, and what makes it.
fn sums(shown: &[Figure]) -> Vec<(&Figure, Vec<&Figure>)> {
    let within = |whole: &Figure, one: &Figure| {
        (whole.period.first_month()..=whole.period.last_month()).contains(&one.period.last_month())
    };
    let is_term = |whole: &Figure, one: &Figure, by_level: bool| match (whole.period, one.period) {
        _ if by_level => one.dimension != Dimension::Total && one.period == whole.period,
        (Period::Quarter(_), Period::Month(_)) | (Period::TwelveMonthsTo(_), Period::Quarter(_)) => within(whole, one),
        _ => false,
    };
    let wholes = shown.iter().filter(|figure| figure.dimension == Dimension::Total);
    wholes
        .flat_map(|whole| [false, true].map(|by_level| (whole, by_level)))
        .map(|(whole, by_level)| (whole, shown.iter().filter(|one| is_term(whole, one, by_level)).collect::<Vec<_>>()))
        .filter(|(_, terms)| !terms.is_empty())
        .collect()
}

/// Each way in which `terms` counts can add up to `sum`, none below `least`.
fn ways(terms: usize, sum: i64, least: i64) -> Vec<Vec<i64>> {
    if terms == 1 {
        return if sum >= least { vec![vec![sum]] } else { Vec::new() };
    }
    let firsts = least..=sum;
    firsts
        .flat_map(|first| {
            ways(terms - 1, sum - first, least).into_iter().map(move |mut rest| {
                rest.push(first);
                rest
            })
        })
        .collect()
}

/// The values each hidden term can take: `None` where the whole is hidden too, so that nothing bounds it.
fn possible_values(
    whole: &Figure,
    terms: &[&Figure],
    count: fn(&Figure) -> i64,
    least: i64,
) -> Option<Vec<BTreeSet<i64>>> {
    if is_hidden(whole) {
        return None;
    }
    let hidden = terms.iter().filter(|term| is_hidden(term)).count();
    if hidden == 0 {
        return None;
    }
    let left = count(whole) - terms.iter().filter(|term| !is_hidden(term)).map(|term| count(term)).sum::<i64>();
    let mut values = vec![BTreeSet::new(); hidden];
    for way in ways(hidden, left, least) {
        for (values, value) in values.iter_mut().zip(way) {
            values.insert(value);
        }
    }
    Some(values)
}

fn top(figure: &Figure) -> i64 {
    figure.numerator.unwrap_or(0)
}

fn keeps(values: &BTreeSet<i64>) -> bool {
    (1..6).all(|value| values.contains(&value))
}

fn any_world(months: usize, levels: usize, most: i64) -> impl Strategy<Value = World> {
    // Sparse months and busy ones, and levels that differ.
    let count = prop_oneof![3 => Just(0), 3 => 0..3_i64, 2 => 0..=most];
    prop::collection::vec(prop::collection::vec((count.clone(), count), levels), months)
}

/// What a reader of two releases knows: an integer programme over the months of the whole and the quarters of each level, each
/// twice where the second release shows that it was revised.
struct Reader<'a> {
    releases: [&'a [Figure]; 2],
    levels: usize,
    revised: BTreeSet<usize>,
}

const MONTHS: usize = 27;
const QUARTERS: usize = MONTHS / 3;

fn months(period: Period) -> std::ops::Range<usize> {
    period.first_month().since(first()) as usize..period.last_month().since(first()) as usize + 1
}

fn quarters(period: Period) -> std::ops::RangeInclusive<usize> {
    months(period).start / 3..=(months(period).end - 1) / 3
}

fn is_year(period: Period) -> bool {
    matches!(period, Period::TwelveMonthsTo(_))
}

impl<'a> Reader<'a> {
    fn of(first: &'a [Figure], second: &'a [Figure], levels: usize) -> Self {
        let is_same_place =
            |a: &Figure, b: &Figure| (a.period, a.dimension, &a.level) == (b.period, b.dimension, &b.level);
        let differ: Vec<Period> = second
            .iter()
            .filter(|now| {
                let before = first.iter().find(|before| is_same_place(before, now));
                !is_hidden(now) && before.is_some_and(|before| !is_hidden(before) && top(before) != top(now))
            })
            .map(|figure| figure.period)
            .collect();
        let mut revised: BTreeSet<usize> =
            differ.iter().filter(|period| !is_year(**period)).flat_map(|period| quarters(*period)).collect();
        for year in differ.into_iter().filter(|period| is_year(*period)) {
            if quarters(year).all(|quarter| !revised.contains(&quarter)) {
                revised.extend(quarters(year));
            }
        }
        Self { releases: [first, second], levels, revised }
    }

    fn version(&self, quarter: usize, release: usize) -> usize {
        usize::from(release == 1 && self.revised.contains(&quarter))
    }

    fn month(&self, month: usize, version: usize) -> usize {
        2 * QUARTERS * self.levels + 2 * month + version
    }

    fn level(&self, quarter: usize, level: usize, version: usize) -> usize {
        (2 * quarter + version) * self.levels + level
    }

    /// The unknowns whose sum a figure is.
    fn terms(&self, figure: &Figure, release: usize) -> Vec<usize> {
        let of_quarter = |quarter: usize, level: usize| self.level(quarter, level, self.version(quarter, release));
        match (figure.period, LEVELS.iter().position(|level| *level == figure.level)) {
            (Period::Month(_), _) => {
                let month = months(figure.period).start;
                vec![self.month(month, self.version(month / 3, release))]
            }
            (period, Some(level)) => quarters(period).map(|quarter| of_quarter(quarter, level)).collect(),
            (period, None) => quarters(period)
                .flat_map(|quarter| (0..self.levels).map(move |level| (quarter, level)))
                .map(|(quarter, level)| of_quarter(quarter, level))
                .collect(),
        }
    }

    /// 1 where a zero would be shown: not beneath a hidden figure, nor where all that make one are hidden.
    fn least(&self, figure: &Figure, release: usize) -> i64 {
        let of = self.releases[release];
        if of.iter().all(is_hidden) {
            return 0;
        }
        let holds = |whole: &&Figure| {
            whole.dimension == Dimension::Total
                && match figure.period {
                    _ if figure.dimension != Dimension::Total => whole.period == figure.period,
                    Period::Month(_) => {
                        quarters(whole.period) == quarters(figure.period) && whole.period != figure.period
                    }
                    Period::Quarter(_) => {
                        is_year(whole.period) && quarters(whole.period).contains(quarters(figure.period).start())
                    }
                    Period::TwelveMonthsTo(_) => false,
                }
        };
        let Some(whole) = of.iter().filter(|whole| !matches!(whole.period, Period::Month(_))).find(holds) else {
            return 1;
        };
        let is_beside = |other: &&Figure| {
            other.dimension == figure.dimension
                && std::mem::discriminant(&other.period) == std::mem::discriminant(&figure.period)
                && quarters(other.period).all(|quarter| quarters(whole.period).contains(&quarter))
        };
        i64::from(!is_hidden(whole) && of.iter().filter(is_beside).any(|other| !is_hidden(other)))
    }

    /// Whether whole counts agree with everything shown, and with `value` in a figure of the second release.
    fn agrees(&self, fixed: Option<(&Figure, i64)>) -> bool {
        let mut variables = ProblemVariables::new();
        let unknowns = self.month(MONTHS, 0);
        let own: Vec<Variable> = (0..unknowns).map(|_| variables.add(variable().integer().min(0).max(200))).collect();
        let sum = |terms: Vec<usize>| -> Expression { terms.into_iter().map(|at| own[at]).sum() };
        let mut model = variables.minimise(Expression::from(0.0)).using(microlp);
        for quarter in 0..QUARTERS {
            for version in 0..2 {
                let months = sum((3 * quarter..3 * quarter + 3).map(|month| self.month(month, version)).collect());
                let levels = sum((0..self.levels).map(|level| self.level(quarter, level, version)).collect());
                model = model.with(constraint!(months == levels));
            }
        }
        for (release, figures) in self.releases.iter().enumerate() {
            for figure in *figures {
                let count = sum(self.terms(figure, release));
                model = match fixed {
                    _ if !is_hidden(figure) => model.with(constraint!(count == top(figure) as f64)),
                    Some((at, value)) if release == 1 && std::ptr::eq(at, figure) => {
                        model.with(constraint!(count == value as f64))
                    }
                    _ => model.with(constraint!(count >= self.least(figure, release) as f64)),
                };
            }
        }
        model.solve().is_ok()
    }
}

/// Late records: in some months some levels count otherwise in the second release.
type Late = Vec<(usize, usize, i64)>;

fn with_late(world: &World, late: &Late) -> World {
    let mut world = world.clone();
    for (month, level, more) in late {
        let levels = world_levels(&world);
        let count = &mut world[*month][*level % levels].0;
        *count = (*count + more).max(0);
    }
    world
}

fn world_levels(world: &World) -> usize {
    world.first().map_or(0, Vec::len)
}

/// How many cases are run: more where asked for.
fn cases(usual: u32) -> ProptestConfig {
    ProptestConfig::with_cases(std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual))
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn two_releases_together_keep_every_small_number(
        world in (2..=4_usize).prop_flat_map(|levels| any_world(MONTHS, levels, 9)),
        late in prop::collection::vec((0..24_usize, 0..4_usize, -2..=3_i64), 0..3),
        second in prop::sample::select(vec![25_usize, 27]),
    ) {
        let later = with_late(&world, &late);
        let before = gated(Policy::Dfe, &exact(&world, 24, false), &[]);
        let exact_now = exact(&later, second, false);
        let now = gated(Policy::Dfe, &exact_now, &[&before]);
        prop_assume!(!now.iter().all(is_hidden));
        let reader = Reader::of(&before, &now, world_levels(&world));
        prop_assume!(reader.agrees(None));
        let misled = (0..24).any(|month| !reader.revised.contains(&(month / 3)) && world[month] != later[month]);
        let nothing: Vec<Figure> = now.iter().cloned().map(hidden).collect();
        let before_it = Reader { releases: [&before, &nothing], levels: reader.levels, revised: reader.revised.clone() };
        for (at, figure) in now.iter().enumerate().filter(|(_, figure)| is_hidden(figure)) {
            let same_place = |exact: &&ExactFigure| {
                (exact.figure.period, exact.figure.dimension, &exact.figure.level)
                    == (figure.period, figure.dimension, &figure.level)
            };
            let truth = exact_now.iter().find(same_place).map_or(0, |exact| top(&exact.figure));
            let possible: Vec<i64> = (1..6).filter(|value| reader.agrees(Some((figure, *value)))).collect();
            // A reader who takes for unrevised what was revised unseen can only be wrong.
            let is_known_large = possible.is_empty() && (!(1..6).contains(&truth) || misled);
            let as_before = || (1..6).filter(|value| before_it.agrees(Some((&nothing[at], *value)))).eq(possible.clone());
            prop_assert!(
                possible.len() == 5 || is_known_large || as_before(),
                "{} {}: {truth} can be {possible:?}", figure.level, figure.period
            );
        }
    }
}

/// A figure as if withheld.
fn hidden(figure: Figure) -> Figure {
    Figure { numerator: None, value: None, symbol: Some(Symbol::Confidential), ..figure }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn every_withheld_count_of_children_keeps_every_small_number(
        world in (2..=4_usize).prop_flat_map(|levels| any_world(24, levels, 6))
    ) {
        let shown = gated(Policy::Dfe, &exact(&world, 24, false), &[]);
        for (whole, terms) in sums(&shown) {
            if is_hidden(whole) {
                prop_assert!(terms.iter().all(|term| is_hidden(term)), "beneath {} {}", whole.level, whole.period);
            }
            // Where a term is shown, so would be one that is zero.
            let least = i64::from(terms.iter().any(|term| !is_hidden(term)));
            let Some(values) = possible_values(whole, &terms, top, least) else { continue };
            prop_assert!(values.iter().all(keeps), "{} {}: {values:?}", whole.level, whole.period);
        }
    }
}
