//! Stories small enough to check by hand, then what is always true.

use proptest::prelude::*;

use super::*;
use crate::domain::{Dimension, Month, Period, Symbol, Unit};

fn october() -> Period {
    Period::Month(Month::new(2026, 10).unwrap())
}

/// A count of children, each of them once.
fn children(dimension: Dimension, level: &str, count: u32) -> ExactFigure {
    ExactFigure {
        figure: Figure {
            measure: "missing_now".to_owned(),
            period: october(),
            dimension,
            level: level.to_owned(),
            numerator: Some(i64::from(count)),
            denominator: None,
            value: Some(f64::from(count)),
            lower: None,
            upper: None,
            unit: Unit::Children,
            symbol: None,
            provisional: false,
        },
        contributors: Contributors { numerator_children: count, denominator_children: 0, largest_share: None },
    }
}

fn share(level: &str, numerator: u32, denominator: u32) -> ExactFigure {
    let mut exact = children(Dimension::Total, level, numerator);
    exact.figure.unit = Unit::Proportion;
    exact.figure.denominator = Some(i64::from(denominator));
    exact.figure.value = Some(f64::from(numerator) / f64::from(denominator));
    exact.figure.lower = Some(0.1);
    exact.figure.upper = Some(0.9);
    exact.contributors.denominator_children = denominator;
    exact
}

fn table(levels: &[(&str, u32)]) -> Vec<ExactFigure> {
    let total = levels.iter().map(|(_, count)| count).sum();
    let levels = levels.iter().map(|(level, count)| children(Dimension::Locality, level, *count));
    std::iter::once(children(Dimension::Total, "total", total)).chain(levels).collect()
}

fn shown(figures: &[Figure]) -> Vec<(String, Option<i64>)> {
    figures.iter().map(|figure| (figure.level.clone(), figure.numerator)).collect()
}

fn pairs(expected: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    expected.iter().map(|(level, count)| ((*level).to_owned(), *count)).collect()
}

#[test]
fn a_small_level_takes_the_next_smallest_with_it_and_zeros_stay() {
    let figures = protect(Policy::Dfe, &table(&[("east", 3), ("north", 0), ("south", 40), ("west", 9)]));
    assert_eq!(
        shown(&figures),
        pairs(&[("total", Some(52)), ("east", None), ("north", Some(0)), ("south", Some(40)), ("west", None)])
    );
    let east = figures.iter().find(|figure| figure.level == "east").unwrap();
    assert_eq!((east.value, east.symbol), (None, Some(Symbol::Confidential)));
}

#[test]
fn two_hidden_ones_that_can_only_be_one_each_take_a_third() {
    // 1 + 1 = 2 would tell both; with 8 beside them each can be anything from 1 to 5.
    let figures = protect(Policy::Dfe, &table(&[("east", 1), ("north", 1), ("south", 40), ("west", 8)]));
    assert_eq!(
        shown(&figures),
        pairs(&[("total", Some(50)), ("east", None), ("north", None), ("south", Some(40)), ("west", None)])
    );
}

#[test]
fn a_hidden_total_hides_its_levels_zeros_included() {
    let figures = protect(Policy::Dfe, &table(&[("east", 4), ("west", 0)]));
    assert!(figures.iter().all(|figure| figure.symbol == Some(Symbol::Confidential)));
}

#[test]
fn zero_is_shown_and_so_is_everyone() {
    assert_eq!(protect(Policy::Dfe, &[share("total", 0, 12)])[0].numerator, Some(0));
    assert_eq!(protect(Policy::Dfe, &[share("total", 12, 12)])[0].value, Some(1.0));
    assert_eq!(protect(Policy::Dfe, &[children(Dimension::Total, "total", 0)])[0].value, Some(0.0));
}

#[test]
fn all_but_a_few_is_as_telling_as_a_few() {
    for (numerator, denominator) in [(3, 30), (27, 30), (0, 5)] {
        let figure = &protect(Policy::Dfe, &[share("total", numerator, denominator)])[0];
        assert_eq!((figure.value, figure.denominator, figure.upper), (None, None, None));
    }
}

#[test]
fn thirty_nights_can_be_one_child() {
    let mut nights = children(Dimension::Total, "total", 30);
    nights.contributors.numerator_children = 1;
    assert_eq!(protect(Policy::Dfe, &[nights.clone()])[0].value, None);
    nights.contributors.numerator_children = 10;
    nights.contributors.largest_share = Some((0.51, 0.6));
    assert_eq!(protect(Policy::Dfe, &[nights.clone()])[0].value, None, "one child has over half");
    nights.contributors.largest_share = Some((0.4, 0.76));
    assert_eq!(protect(Policy::Dfe, &[nights.clone()])[0].value, None, "two have over three quarters");
    nights.contributors.largest_share = Some((0.4, 0.7));
    assert_eq!(protect(Policy::Dfe, &[nights])[0].value, Some(30.0));
}

#[test]
fn a_curve_is_published_while_enough_are_at_risk() {
    let mut s10 = share("total:s10", 0, 20);
    s10.figure.numerator = None;
    s10.figure.value = Some(0.456_789);
    for (at_risk, expected) in [(6, Some(0.457)), (5, None), (0, None)] {
        s10.contributors.numerator_children = at_risk;
        assert_eq!(protect(Policy::Dfe, &[s10.clone()])[0].value, expected, "{at_risk} at risk");
    }
}

/// By policy and relations alone: no thresholds of sources, no earlier release, nothing coarser.
fn protect_by(policy: Policy, relations: &Relations, figures: &[ExactFigure], interval: IntervalOf<'_>) -> Vec<Figure> {
    let (thresholds, earlier, coarser) = (Thresholds::new(), Earlier::default(), Coarser::default());
    let protection = Protection { policy, thresholds: &thresholds, relations, earlier: &earlier, coarser: &coarser };
    protect_with(protection, figures, interval)
}

#[test]
fn one_hidden_part_of_a_stock_hides_another() {
    let stock = vec![
        children(Dimension::Total, "total", 60),
        children(Dimension::Total, "total:over_45", 4),
        children(Dimension::Total, "total:to_10", 36),
        children(Dimension::Total, "total:to_45", 20),
    ];
    let parts = ["over_45", "to_10", "to_45"].map(str::to_owned).to_vec();
    let adds_up = Relation::AddsUp { whole: String::new(), parts };
    let relations = Relations::from([("missing_now".to_owned(), vec![adds_up])]);
    assert_eq!(
        shown(&protect_by(Policy::Dfe, &relations, &stock, &|_| None)),
        pairs(&[("total", Some(60)), ("total:over_45", None), ("total:to_10", Some(36)), ("total:to_45", None)])
    );
}

#[test]
fn of_two_nested_counts_a_small_number_apart_the_narrower_is_hidden() {
    let steps = ["", "over_24h", "over_72h"].map(str::to_owned).to_vec();
    let relations = Relations::from([("missing_now".to_owned(), vec![Relation::Nests { steps }])]);
    let shown = |counts: [u32; 3]| {
        let levels = ["total", "total:over_24h", "total:over_72h"];
        let stock: Vec<ExactFigure> =
            levels.iter().zip(counts).map(|(level, count)| children(Dimension::Total, level, count)).collect();
        shown(&protect_by(Policy::Dfe, &relations, &stock, &|_| None))
            .into_iter()
            .map(|(_, count)| count)
            .collect::<Vec<_>>()
    };
    assert_eq!(shown([26, 20, 14]), [Some(26), Some(20), Some(14)], "six and six between");
    assert_eq!(shown([14, 14, 0]), [Some(14), Some(14), Some(0)], "none, and all of them");
    assert_eq!(shown([26, 20, 17]), [Some(26), Some(20), None], "3 are gone for over a day, and not for three");
    assert_eq!(
        shown([23, 20, 14]),
        [Some(23), None, None],
        "3 are gone for less than a day; those beneath are hidden with it"
    );
}

#[test]
fn strict_rounds_and_works_out_again() {
    let figure = &protect(Policy::Strict, &[share("total", 12, 34)])[0];
    assert_eq!((figure.numerator, figure.denominator), (Some(10), Some(35)));
    assert_eq!((figure.value, figure.lower), (Some(10.0 / 35.0), None));
    let with = protect_by(Policy::Strict, &Relations::new(), &[share("total", 12, 34)], &|_| Some((0.2, 0.4)));
    assert_eq!(with[0].upper, Some(0.4));
}

#[test]
fn the_restricted_edition_is_exact() {
    let exact = table(&[("east", 1), ("west", 9)]);
    assert_eq!(
        shown(&exact_for_restricted(&exact)),
        pairs(&[("total", Some(10)), ("east", Some(1)), ("west", Some(9))])
    );
}

#[test]
fn figures_that_cannot_be_known_stay_so() {
    let mut unknown = children(Dimension::Total, "total", 0);
    unknown.figure.numerator = None;
    unknown.figure.value = None;
    unknown.figure.symbol = Some(Symbol::Unavailable);
    assert_eq!(protect(Policy::Dfe, &[unknown])[0].symbol, Some(Symbol::Unavailable));
}

#[test]
fn row_counts_that_sum_to_a_shown_total() {
    assert_eq!(protect_counts(Policy::Dfe, &[100, 3, 0]), [None, None, Some(0)]);
    assert_eq!(protect_counts(Policy::Dfe, &[100, 30, 0]), [Some(100), Some(30), Some(0)]);
    assert_eq!(protect_counts(Policy::Dfe, &[4, 0, 0]), [None, None, None]);
    assert_eq!(protect_counts(Policy::Strict, &[103, 31]), [Some(105), Some(30)]);
}

fn any_levels() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(prop_oneof![0_u32..8, 0_u32..60], 2..7)
}

fn any_table() -> impl Strategy<Value = Vec<ExactFigure>> {
    (any_levels(), prop::collection::vec(0_u32..60, 7)).prop_map(|(counts, rest)| {
        let mut total = (0, 0);
        let mut figures = Vec::new();
        for (place, (count, rest)) in counts.into_iter().zip(rest).enumerate() {
            let mut figure = share(&format!("level {place}"), count, (count + rest).max(1));
            figure.figure.dimension = Dimension::Locality;
            total = (total.0 + count, total.1 + (count + rest).max(1));
            figures.push(figure);
        }
        figures.push(share("total", total.0, total.1));
        figures
    })
}

fn by_level(rules: Rules, figures: &[ExactFigure]) -> Vec<Figure> {
    let (thresholds, relations) = (Thresholds::new(), Relations::new());
    let (earlier, coarser) = (Earlier::default(), Coarser::default());
    let protection = Protection {
        policy: Policy::Dfe,
        thresholds: &thresholds,
        relations: &relations,
        earlier: &earlier,
        coarser: &coarser,
    };
    apply(&|_| rules, protection, figures, &|_| None)
}

fn rules(smallest_shown: u32) -> Rules {
    Rules { smallest_total: smallest_shown, smallest_shown, rounded_to: None }
}

proptest! {
    #[test]
    fn nothing_shown_rests_on_a_few_children(exact in any_table()) {
        for figure in protect(Policy::Dfe, &exact) {
            if figure.symbol == Some(Symbol::Confidential) {
                let numbers = (figure.numerator, figure.denominator, figure.value, figure.lower, figure.upper);
                prop_assert_eq!(numbers, (None, None, None, None, None));
            } else {
                let (numerator, denominator) = (figure.numerator.unwrap(), figure.denominator.unwrap());
                for count in [numerator, denominator - numerator, denominator] {
                    prop_assert!(count == 0 || count >= 6, "{} shown", count);
                }
            }
        }
    }

    #[test]
    fn a_hidden_level_is_never_the_only_one(counts in any_levels()) {
        let names: Vec<String> = (0..counts.len()).map(|place| format!("level {place}")).collect();
        let levels: Vec<(&str, u32)> = names.iter().map(String::as_str).zip(counts.iter().copied()).collect();
        let figures = protect(Policy::Dfe, &table(&levels));
        let (total, levels) = figures.split_first().unwrap();
        let hidden: Vec<_> = levels.iter().filter(|level| level.numerator.is_none()).collect();
        if let (Some(total), false) = (total.numerator, hidden.is_empty()) {
            let shown: i64 = levels.iter().filter_map(|level| level.numerator).sum();
            prop_assert!(hidden.len() >= 2);
            // The hidden ones, of at least 1 each, can be anything from 1 to 5; where all are hidden, any may be none.
            prop_assert!(hidden.len() == levels.len() || total - shown - (hidden.len() as i64 - 1) >= 5);
        }
    }

    /// Which further figures are hidden is chosen anew for each threshold; what is small stays hidden under every higher one.
    #[test]
    fn a_higher_threshold_shows_nothing_that_is_small_under_a_lower_one(
        exact in any_table(), low in 2_u32..12, more in 0_u32..12,
    ) {
        let small = |one: &ExactFigure| (1..low).contains(&one.contributors.numerator_children);
        for shown in by_level(rules(low + more), &exact) {
            let own = exact.iter().find(|one| one.figure.level == shown.level && one.figure.period == shown.period);
            prop_assert!(!own.is_some_and(small) || shown.numerator.is_none(), "{} revealed", shown.level);
        }
    }

    #[test]
    fn the_order_of_figures_does_not_matter(exact in any_table().prop_flat_map(|exact| {
        (Just(exact.clone()), Just(exact).prop_shuffle())
    })) {
        prop_assert_eq!(protect(Policy::Dfe, &exact.0.clone()), protect(Policy::Dfe, &exact.1.clone()));
        prop_assert_eq!(protect(Policy::Strict, &exact.0), protect(Policy::Strict, &exact.1));
    }

    #[test]
    fn hidden_values_leave_no_trace(first in 1_u32..6, second in 1_u32..6, rest in 30_u32..60) {
        // Two tables alike in all that is displayed: the hidden east and west differ, their sum does not.
        let (a, b) = (first, second);
        prop_assume!(a + b >= 6);
        let one = protect(Policy::Dfe, &table(&[("east", a), ("south", rest), ("west", b)]));
        let two = protect(Policy::Dfe, &table(&[("east", b), ("south", rest), ("west", a)]));
        prop_assert_eq!(one, two);
    }

    #[test]
    fn shown_counts_of_rows_are_never_small(counts in prop::collection::vec(0_u64..40, 1..6)) {
        for shown in protect_counts(Policy::Dfe, &counts).into_iter().flatten() {
            prop_assert!(shown == 0 || shown >= 6);
        }
    }
}
