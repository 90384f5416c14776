//! Random small worlds through the whole gate: every table that agrees with what is shown is counted out, with nothing of the
//! auditor's, and each withheld count must keep every small number.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::disclosure::Contributors;
use crate::domain::{Month, TOTAL, Unit};

const LEVELS: [&str; 4] = ["east", "north", "south", "west"];

/// Counts by month from January 2025, and within it by level: (on top, the rest).
type World = Vec<Vec<(i64, i64)>>;

fn first() -> Month {
    Month::new(2025, 1).unwrap()
}

/// Every figure of a world: months, quarters and years of the whole, and years by level, back from a quarter's end.
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
        if (months - 1 - at).is_multiple_of(12) && at >= 11 {
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
    let (shown, undecided) = protect(protection, exact, |_| None, &facts, told).unwrap();
    assert_eq!(undecided, 0);
    shown
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

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
