//! Signals over simulated worlds: the planted improvement is found soon after it becomes real. Slow, so ignored; run with
//! `cargo test --test it -- --ignored signals --nocapture`. `SEEDS=20` says how many worlds.

use std::collections::BTreeMap;

use sightline::build;
use sightline::config::Key;
use sightline::domain::{Month, Period};
use sightline::judgement::{MARKED_BY_CHANCE, Variation, judge};
use sightline::release::{Board, Report, open_board};
use sightline::simulate::{Options, simulate};
use sightline::stats::State;

/// The board edition of one simulated partnership, to the end of October 2026.
fn world(options: &Options) -> Report<Board> {
    let folder = tempfile::tempdir().unwrap();
    simulate(options, folder.path(), &mut |_, _| {}).unwrap();
    let key = Key::from_bytes([7; 32]);
    let checked = build::check(folder.path(), Some(&key), None, "2026-12-31".parse().unwrap()).unwrap();
    let built = build::build(checked, &folder.path().join("releases")).unwrap();
    open_board(&built.written.dir).unwrap()
}

/// The state of a measure as a board would have seen it when `month` was the latest complete one.
fn as_of(report: &Report<Board>, measure: &str, month: Month) -> Option<State> {
    match since(report, measure, None, month)? {
        Variation::Changed(seen) => Some(seen.state),
        _ => None,
    }
}

/// The same where the record began with `first`.
fn since(report: &Report<Board>, measure: &str, first: Option<Month>, month: Month) -> Option<Variation> {
    let is_seen =
        |period: &Period| period.last_month() <= month && first.is_none_or(|first| period.first_month() >= first);
    let mut earlier = report.clone();
    earlier.figures.retain(|figure| figure.measure == measure && is_seen(&figure.period));
    for figure in &mut earlier.figures {
        figure.provisional = false;
    }
    earlier.about.month = month;
    let measure = earlier.measures.iter().find(|one| one.id == measure)?;
    Some(judge(measure, &earlier).variation)
}

/// The front door opens in November 2025, month 24 of 36, and assesses children sooner from its first day.
const REAL_FROM: &str = "2025-11";
/// Measures that the improvement acts on at once.
const MOVED: [&str; 3] = ["time_to_assessment", "unassessed_now", "unassessed_days"];

#[test]
#[ignore = "builds a whole partnership for every seed"]
fn signals_find_the_planted_improvement_within_three_months() {
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6_u64);
    let real_from: Month = REAL_FROM.parse().unwrap();
    let mut found = [0_u64; MOVED.len()];
    let mut either = 0;
    for seed in 1..=seeds {
        let report = world(&Options { seed, ..Options::default() });
        // What was signalled before it became real is not the planted improvement.
        let when = MOVED.map(|measure| {
            let is_signalled = |after: i32| as_of(&report, measure, real_from.plus(after)) == Some(State::Improvement);
            if is_signalled(-1) { None } else { (0..6).find(|after| is_signalled(*after)) }
        });
        let soon = when.map(|after| after.is_some_and(|after| after <= 2));
        for (count, soon) in found.iter_mut().zip(soon) {
            *count += u64::from(soon);
        }
        either += u64::from(soon.contains(&true));
        println!("seed {seed}: months after it began, {MOVED:?}: {when:?}");
    }
    println!("within three months, of {seeds} worlds: {MOVED:?} {found:?}; either {either}");
    assert!(either * 10 >= seeds * 9, "found in {either} of {seeds}");
}

/// A steady world of twenty years. Its first fourteen fill it with children; from then on nothing in it changes.
const MONTHS: i32 = 240;
const MONTHS_TO_FILL: i32 = 168;
/// Months of history that a board sees.
const SEEN: i32 = 36;
/// The last months are not all in yet: they are provisional, and nothing is signalled on them.
const NOT_ALL_IN: i32 = 6;

#[test]
#[ignore = "builds twenty years of a partnership for every seed"]
fn signals_of_chance_alone_are_as_rare_as_stated() {
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6_u64);
    // Marked and judged, by measure.
    let mut counted: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for seed in 1..=seeds {
        let options = Options { seed, steady: true, months: MONTHS as u32, known: Some(10_133), ..Options::default() };
        let report = world(&options);
        let ends = (MONTHS_TO_FILL + SEEN..=MONTHS - NOT_ALL_IN)
            .step_by(6)
            .map(|months| report.about.month.plus(months - MONTHS));
        for (month, measure) in ends.flat_map(|month| report.measures.iter().map(move |measure| (month, measure))) {
            let marked = match since(&report, &measure.id, Some(month.plus(1 - SEEN)), month) {
                Some(Variation::Changed(_)) => 1,
                Some(Variation::NoClearChange { .. }) => 0,
                _ => continue,
            };
            let so_far = counted.entry(measure.id.clone()).or_default();
            *so_far = (so_far.0 + marked, so_far.1 + 1);
        }
        println!("after {seed}: {counted:?}");
    }
    let (marked, judged) = counted.values().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let share = f64::from(marked) / f64::from(judged);
    println!("marked {marked} of {judged}: {share:.3}");
    // Charts of one partnership lie near each other: half as much again is within what so few worlds give.
    assert!(share <= 1.5 * MARKED_BY_CHANCE, "{share}");
}
