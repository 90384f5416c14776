//! Stories small enough to check by hand; then small worlds in which every table is counted out.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::disclosure::{Contributors, ExactFigure, Policy, protect};
use crate::domain::{Count, CountKind, Month, TOTAL};

const RULES: PublicRules = PublicRules { smallest_of_total: 6, smallest_of_level: 6, rounded_to: None };

fn facts() -> [Facts<'static>; 1] {
    [Facts { id: "missing_now", rules: RULES, relations: &[] }]
}

pub(super) fn children(period: Period, dimension: Dimension, level: &str, count: Option<i64>) -> Figure {
    Figure {
        measure: "missing_now".to_owned(),
        period,
        dimension,
        level: level.to_owned(),
        numerator: count,
        denominator: None,
        value: count.map(|count| count as f64),
        lower: None,
        upper: None,
        unit: Unit::Children,
        symbol: count.is_none().then_some(Symbol::Confidential),
        provisional: false,
    }
}

pub(super) fn month(month: u32) -> Period {
    Period::Month(Month::new(2026, month).unwrap())
}

pub(super) fn quarter(last: u32) -> Period {
    Period::Quarter(Month::new(2026, last).unwrap().quarter())
}

pub(super) fn year_to(month: u32) -> Period {
    Period::TwelveMonthsTo(Month::new(2026, month).unwrap())
}

/// A total and its localities, in October.
fn table(total: i64, levels: &[Option<i64>]) -> Vec<Figure> {
    let levels = levels.iter().enumerate();
    let levels = levels.map(|(at, count)| children(month(10), Dimension::Locality, &format!("level {at}"), *count));
    std::iter::once(children(month(10), Dimension::Total, TOTAL, Some(total))).chain(levels).collect()
}

/// An audit of measures beside which the release has no others.
fn audit(measures: &[Facts<'_>], figures: &[Figure], earlier: &[&[Figure]]) -> Audit {
    let elsewhere = Elsewhere::default();
    let reads = |figures| Reads { figures, elsewhere: &elsewhere };
    let earlier: Vec<Reads<'_>> = earlier.iter().map(|figures| reads(figures)).collect();
    super::audit(measures, reads(figures), &earlier)
}

fn problems(figures: &[Figure], earlier: &[&[Figure]]) -> Vec<(String, Problem)> {
    let audit = audit(&facts(), figures, earlier);
    assert_eq!(audit.undecided, 0);
    audit.findings.into_iter().map(|finding| (finding.level, finding.problem)).collect()
}

#[test]
fn two_hidden_levels_that_can_be_anything_small_pass() {
    // 52 - 40 = 12 in two levels of at least 1: each can be 1 to 5.
    assert_eq!(problems(&table(52, &[None, Some(40), None]), &[]), []);
}

#[test]
fn one_hidden_level_is_the_difference() {
    let found = problems(&table(43, &[None, Some(40), Some(0)]), &[]);
    assert_eq!(found, [("level 0".to_owned(), Problem::Narrowed)]);
}

#[test]
fn two_hidden_levels_that_sum_to_two_are_one_each() {
    let found = problems(&table(42, &[None, Some(40), None]), &[]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|(_, problem)| *problem == Problem::Narrowed));
}

#[test]
fn a_small_count_on_the_page_and_a_number_beside_c_are_found() {
    assert_eq!(problems(&table(43, &[Some(3), Some(40)]), &[]), [("level 0".to_owned(), Problem::TooSmall)]);
    let mut figures = table(52, &[None, Some(40), None]);
    figures[1].value = Some(4.0);
    assert_eq!(problems(&figures, &[]), [("level 0".to_owned(), Problem::NumberWithheld)]);
}

#[test]
fn a_hidden_month_is_the_difference_of_a_window_and_its_months() {
    let mut figures: Vec<Figure> =
        (1..=12).map(|at| children(month(at), Dimension::Total, TOTAL, (at != 5).then_some(10))).collect();
    figures.push(children(Period::TwelveMonthsTo(Month::new(2026, 12).unwrap()), Dimension::Total, TOTAL, Some(114)));
    assert_eq!(problems(&figures, &[]), [(TOTAL.to_owned(), Problem::Narrowed)]);
    // With June hidden too, the two months have 14 between them.
    figures[5] = children(month(6), Dimension::Total, TOTAL, None);
    assert_eq!(problems(&figures, &[]), []);
}

/// A stock at the end of January and of February, and what started and stopped in February.
fn stock(january: Option<i64>, february: Option<i64>, started: Option<i64>, stopped: Option<i64>) -> Vec<Figure> {
    let whole = |at, level: &str, count| children(month(at), Dimension::Total, level, count);
    vec![
        whole(1, TOTAL, january),
        whole(2, TOTAL, february),
        whole(2, "total:started", started),
        whole(2, "total:stopped", stopped),
    ]
}

#[test]
fn a_hidden_stock_is_what_there_was_and_what_started_less_what_stopped() {
    let carries =
        Relation::Carries { stock: String::new(), started: "started".to_owned(), stopped: "stopped".to_owned() };
    let relations = [carries];
    let facts = [Facts { id: "missing_now", rules: RULES, relations: &relations }];
    let found = |figures: &[Figure]| -> Vec<Problem> {
        audit(&facts, figures, &[]).findings.into_iter().map(|finding| finding.problem).collect()
    };
    // 7 + 45 - 48 = 4.
    assert_eq!(found(&stock(Some(7), None, Some(45), Some(48))), [Problem::Narrowed]);
    assert_eq!(found(&stock(None, Some(7), Some(48), Some(45))), [Problem::Narrowed], "and backwards");
    assert_eq!(found(&stock(Some(7), None, Some(45), None)), []);
    assert_eq!(found(&stock(None, None, Some(45), Some(45))), [], "the same in both months, and anything");
    let audit = audit(&facts, &stock(Some(7), None, Some(45), Some(48)), &[]);
    assert!(!audit.tellers.is_empty(), "what tells it is named, to be withheld next");
}

#[test]
fn what_is_withheld_with_another_is_found_where_it_is_shown() {
    let relations = [Relation::WithheldWith { part: "n10".to_owned(), other: "s10".to_owned() }];
    let facts = [Facts { id: "missing_now", rules: RULES, relations: &relations }];
    let beside = |at, count| {
        let part = |part: &str, count| children(month(at), Dimension::Total, &format!("total:{part}"), count);
        vec![part("n10", Some(77)), part("s10", count)]
    };
    let found = |figures: &[Figure]| {
        let audit = audit(&facts, figures, &[]);
        let found: Vec<_> = audit.findings.into_iter().map(|one| (one.period, one.level, one.problem)).collect();
        let tellers: Vec<Figure> = audit.tellers.into_iter().map(|teller| teller.figure).collect();
        (found, tellers)
    };
    assert_eq!(found(&beside(1, Some(40))), (vec![], vec![]));
    let both = [beside(1, None), beside(2, Some(40))].concat();
    let told = (month(1), "total:n10".to_owned(), Problem::ShownBesideWithheld);
    assert_eq!(found(&both), (vec![told], vec![both[0].clone()]), "in January alone");
}

/// Of another measure, a share of so many.
fn share_of(bottom: i64, level: &str) -> Figure {
    Figure {
        measure: "wait".to_owned(),
        numerator: Some(6),
        denominator: Some(bottom),
        value: Some(6.0 / bottom as f64),
        unit: Unit::Proportion,
        ..children(month(10), Dimension::Locality, level, Some(6))
    }
}

#[test]
fn a_count_hidden_here_is_read_where_it_is_shown() {
    let relations = [Relation::SameCount {
        count: Count { measure: None, part: String::new(), kind: CountKind::Numerator },
        of: vec![Count { measure: Some("wait".to_owned()), part: String::new(), kind: CountKind::Denominator }],
    }];
    let facts = [
        Facts { id: "missing_now", rules: RULES, relations: &relations },
        Facts { id: "wait", rules: RULES, relations: &[] },
    ];
    assert_eq!(families(&facts).len(), 1, "they are audited together");
    let found = |beside: &[Figure]| -> Vec<(String, Problem)> {
        let figures = [table(55, &[None, Some(40), None]), beside.to_vec()].concat();
        let audit = audit(&facts, &figures, &[]);
        audit.findings.into_iter().map(|finding| (finding.level, finding.problem)).collect()
    };
    assert_eq!(found(&[]), []);
    // The third level is the 12 of which the share is: 55 - 40 - 12 = 3.
    assert_eq!(found(&[share_of(12, "level 2")]), [("level 0".to_owned(), Problem::Narrowed)]);
    // Where the two are shown to differ they are not the same count.
    assert_eq!(found(&[share_of(12, "level 2"), share_of(38, "level 1")]), []);
}

#[test]
fn a_size_shown_of_another_measure_is_known_though_the_two_are_audited_apart() {
    let count = |measure: &str, kind| Count { measure: Some(measure.to_owned()), part: String::new(), kind };
    let relations = [Relation::KnownElsewhere {
        counts: vec![count("missing_now", CountKind::Numerator), count("wait", CountKind::Denominator)],
    }];
    let facts = [
        Facts { id: "missing_now", rules: RULES, relations: &relations },
        Facts { id: "wait", rules: RULES, relations: &[] },
    ];
    assert_eq!(families(&facts).len(), 2);
    let own = table(55, &[None, Some(40), None]);
    let found = |beside: &[Figure]| -> Vec<(String, Problem)> {
        let release = [own.clone(), beside.to_vec()].concat();
        let elsewhere = Tied::of(&facts, &[&release]).elsewhere(&BTreeSet::from(["missing_now"]));
        let audit = super::audit(&facts[..1], Reads { figures: &own, elsewhere: &elsewhere[0] }, &[]);
        audit.findings.into_iter().map(|finding| (finding.level, finding.problem)).collect()
    };
    assert_eq!(found(&[]), []);
    // The third level is the 12 of which the share is: 55 - 40 - 12 = 3.
    assert_eq!(found(&[share_of(12, "level 2")]), [("level 0".to_owned(), Problem::Narrowed)]);
    // Where the two are shown to differ they are not the same count.
    assert_eq!(found(&[share_of(12, "level 2"), share_of(38, "level 1")]), []);
}

#[test]
fn a_size_shown_of_another_part_tells_and_is_named() {
    let count = |part: &str, kind| Count { measure: None, part: part.to_owned(), kind };
    let relations = [Relation::KnownElsewhere {
        counts: vec![count("", CountKind::Numerator), count("asked", CountKind::Denominator)],
    }];
    let facts = [Facts { id: "missing_now", rules: RULES, relations: &relations }];
    let asked = Figure {
        denominator: Some(12),
        value: Some(0.5),
        unit: Unit::Proportion,
        ..children(month(10), Dimension::Locality, "level 1:asked", Some(6))
    };
    // 15 - 12 = 3.
    let figures = [table(15, &[None, None]), vec![asked.clone()]].concat();
    let audit = audit(&facts, &figures, &[]);
    assert_eq!(audit.findings.iter().map(|finding| finding.level.as_str()).collect::<Vec<_>>(), ["level 0"]);
    assert_eq!(audit.tellers.iter().map(|teller| &teller.figure).collect::<Vec<_>>(), [&asked], "to be withheld next");
}

#[test]
fn counts_of_several_measures_add_up() {
    let count = |part: &str| Count { measure: None, part: part.to_owned(), kind: CountKind::Numerator };
    let relations = [Relation::CountsAddUp { whole: count(""), terms: vec![count("offered"), count("not_recorded")] }];
    let facts = [Facts { id: "missing_now", rules: RULES, relations: &relations }];
    let of = |whole, offered, not_recorded| {
        [(TOTAL, whole), ("total:offered", offered), ("total:not_recorded", not_recorded)]
            .map(|(level, count)| children(month(10), Dimension::Total, level, count))
    };
    let found = |figures: &[Figure]| audit(&facts, figures, &[]).findings.len();
    assert_eq!(found(&of(Some(43), Some(40), None)), 1, "43 - 40 = 3");
    assert_eq!(found(&of(Some(43), None, None)), 0);
}

#[test]
fn what_an_earlier_release_showed_is_known() {
    let now = table(52, &[None, Some(40), None]);
    let before = [children(month(10), Dimension::Locality, "level 2", Some(8))];
    // The level shown before is 8 still: 52 - 40 - 8 = 4.
    assert_eq!(problems(&now, &[&before]), [("level 0".to_owned(), Problem::Narrowed)]);
    // Where all of that stood in the release before, withholding it now takes nothing back.
    let all_of_it = table(52, &[None, Some(40), Some(8)]);
    assert_eq!(problems(&now, &[&all_of_it]), []);
    // Before, the total was another: the table was revised, and the 8 with it.
    let revised = table(49, &[Some(0), Some(40), Some(9)]);
    assert_eq!(problems(&now, &[&revised]), []);
    let shown_again = table(52, &[Some(6), Some(40), Some(6)]);
    assert_eq!(problems(&shown_again, &[&now]).len(), 2);
}

fn exact(dimension: Dimension, level: &str, count: u32) -> ExactFigure {
    ExactFigure {
        figure: children(month(10), dimension, level, Some(i64::from(count))),
        contributors: Contributors { numerator_children: count, denominator_children: 0, largest_share: None },
    }
}

fn exact_table(counts: &[u32]) -> Vec<ExactFigure> {
    let levels =
        counts.iter().enumerate().map(|(at, count)| exact(Dimension::Locality, &format!("level {at}"), *count));
    std::iter::once(exact(Dimension::Total, TOTAL, counts.iter().sum())).chain(levels).collect()
}

/// Every table of `open` counts, none below `least`, that sum to `sum`: which values each count takes.
fn counted_out(open: usize, sum: i64, least: i64) -> Vec<BTreeSet<i64>> {
    let mut values = vec![BTreeSet::new(); open];
    let mut table = vec![least; open];
    loop {
        if table.iter().sum::<i64>() == sum {
            for (values, value) in values.iter_mut().zip(&table) {
                values.insert(*value);
            }
        }
        let Some(at) = table.iter().position(|value| *value < sum) else { return values };
        table[at] += 1;
        for value in &mut table[..at] {
            *value = least;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_hidden_level_keeps_every_small_value(
        counts in prop::collection::vec(prop_oneof![0_u32..8, 0_u32..12], 2..5)
    ) {
        let shown = protect(Policy::Dfe, &exact_table(&counts));
        prop_assert!(audit(&facts(), &shown, &[]).passed());
        let (total, levels) = shown.split_first().unwrap();
        let open = levels.iter().filter(|level| level.numerator.is_none()).count();
        if let (Some(total), true) = (total.numerator, open > 0) {
            let rest = total - levels.iter().filter_map(|level| level.numerator).sum::<i64>();
            // Counted out with nothing of the auditor's: where all are hidden, any may be none.
            for values in counted_out(open, rest, i64::from(open < levels.len())) {
                prop_assert!((1..6).all(|value| values.contains(&value)), "{counts:?}: {values:?}");
            }
        }
    }

    #[test]
    fn suppression_broken_by_one_cell_is_caught(
        counts in prop::collection::vec(prop_oneof![1_u32..8, 6_u32..30], 3..6)
    ) {
        let mut shown = protect(Policy::Dfe, &exact_table(&counts));
        let hidden: Vec<usize> = (1..shown.len()).filter(|at| shown[*at].numerator.is_none()).collect();
        prop_assume!(shown[0].numerator.is_some() && hidden.len() == 2);
        // The larger of the two was hidden to protect the other.
        let beside = hidden.iter().copied().max_by_key(|at| counts[at - 1]).unwrap();
        prop_assume!(counts[beside - 1] >= 6);
        shown[beside] = children(month(10), Dimension::Locality, &shown[beside].level.clone(), Some(i64::from(counts[beside - 1])));
        prop_assert!(!audit(&facts(), &shown, &[]).passed());
    }

    #[test]
    fn worlds_alike_in_what_is_displayed_are_alike(
        first in 1_u32..6, second in 6_u32..20, moved in 1_u32..5
    ) {
        let other = (first + moved - 1) % 5 + 1;
        prop_assume!(first + second > other + 5 && first + second >= 7);
        let one = protect(Policy::Dfe, &exact_table(&[first, 40, second]));
        let two = protect(Policy::Dfe, &exact_table(&[other, 40, first + second - other]));
        prop_assert_eq!(one, two);
    }
}
