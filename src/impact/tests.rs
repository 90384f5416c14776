//! Miniatures worked out by hand, and many small worlds in which the truth is known.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;

/// Born 14 years before day 0, followed to day 1000.
fn child(child: i64, spells: &[(Day, Day)]) -> ChildRecord {
    ChildRecord {
        child,
        born_on: Some(-14 * 365),
        spells: spells.iter().map(|&(from, until)| (from, Some(until))).collect(),
        harmed_on: Vec::new(),
        themes: vec![(0, 1)],
        followed_until: 1_000,
    }
}

fn need(child: i64, identified_on: Day, started_on: Option<Day>) -> Need {
    Need { child, identified_on, started_on, stopped_waiting_on: None }
}

#[test]
fn an_effect_is_the_difference_of_two_changes() {
    // Child 1 started on day 300, 20 days after the need: 6 nights in the 90 days before, 1 after: -5.
    // Child 2 had waited 20 days on day 320: 4 nights before, 2 after: -2. The effect is -5 - (-2) = -3.
    let records = [child(1, &[(280, 286), (310, 311)]), child(2, &[(290, 294), (330, 332)])];
    let needs = [need(1, 280, Some(300)), need(2, 300, None)];
    let found = matched(&records, &needs, 0);
    assert_eq!(found.cases[0].controls, [Control { record: 1, on: 320, followed_days: 90 }]);
    let effect = effect(&records, &found, Outcome::MissingNights, &Settings::default());
    assert_eq!((effect.started.before, effect.started.after), (6.0, 1.0));
    assert_eq!((effect.waiting.before, effect.waiting.after), (4.0, 2.0));
    assert_eq!(effect.estimate, Some(-3.0));
    assert_eq!(verdict(&effect, &Settings::default()), Verdict::CannotTell, "one child shows nothing");
}

#[test]
fn a_comparison_child_who_starts_is_compared_until_then() {
    // Child 2 starts on day 350, 30 days after having waited 20, with 1 night in those days; child 3 never starts and has
    // 3 nights in the first ten days and 4 in the last ten. The first ten: (0 + 3) of 20 days; the second: 1 of 20; the last: 4 of 10.
    let records = [
        child(1, &[(280, 286)]),
        child(2, &[(290, 294), (335, 336), (360, 390)]),
        child(3, &[(290, 294), (322, 325), (401, 405)]),
    ];
    let needs = [need(1, 280, Some(300)), need(2, 300, Some(350)), need(3, 300, None)];
    let found = matched(&records, &needs, 0);
    assert_eq!(found.cases[0].controls.iter().map(|one| one.followed_days).collect::<Vec<_>>(), [30, 90]);
    let effect = effect(
        &records,
        &Matched { cases: found.cases[..1].to_vec(), not_followed: 0 },
        Outcome::MissingNights,
        &Settings::default(),
    );
    assert!((effect.waiting.after - (1.5 + 0.5 + 4.0)).abs() < 1e-9);
    assert!((effect.estimate.unwrap() - (-6.0 - (6.0 - 4.0))).abs() < 1e-9);
}

#[test]
fn nobody_is_matched_across_bands_ages_themes_or_out_of_the_wait() {
    let case = child(1, &[(290, 291)]);
    let alike = child(2, &[(290, 291)]);
    let twice = |change: &dyn Fn(&mut ChildRecord, &mut Need)| {
        let mut other = alike.clone();
        let mut wait = need(2, 280, None);
        change(&mut other, &mut wait);
        let found = matched(&[case.clone(), other], &[need(1, 280, Some(300)), wait], 0);
        found.cases[0].controls.len()
    };
    assert_eq!(twice(&|_, _| {}), 1);
    assert_eq!(twice(&|record, _| record.spells.clear()), 0, "no spell against one");
    assert_eq!(twice(&|record, _| record.born_on = Some(-17 * 365)), 0, "16 and 17 against 13 to 15");
    assert_eq!(twice(&|record, _| record.themes = vec![(0, 2)]), 0, "another theme");
    assert_eq!(twice(&|record, _| record.followed_until = 389), 0, "followed for 89 days");
    assert_eq!(twice(&|_, need| need.stopped_waiting_on = Some(300)), 0, "had declined by then");
    assert_eq!(twice(&|_, need| need.started_on = Some(300)), 0, "started on the same wait");
}

#[test]
fn a_start_too_near_the_datas_ends_is_counted_and_not_used() {
    let records = [child(1, &[]), child(2, &[]), child(3, &[])];
    let needs = [need(1, 80, Some(89)), need(2, 900, Some(911)), need(3, 880, Some(910))];
    let found = matched(&records, &needs, 0);
    assert_eq!((found.cases.len(), found.not_followed), (1, 2));
    let nobody = effect(&records, &found, Outcome::HarmDays, &Settings::default());
    assert_eq!((nobody.matched, nobody.unmatched, nobody.estimate), (0, 1, None));
}

#[test]
fn a_child_who_starts_two_services_is_a_case_of_each_and_of_one_only_once() {
    let records = [child(1, &[])];
    let twice = [need(1, 200, Some(220)), need(1, 500, Some(520))];
    assert_eq!(matched(&records, &twice, 0).cases.len(), 1);
    assert_eq!(matched(&records, &twice, 0).cases[0].on, 220);
    assert_eq!(matched(&records, &twice[1..], 0).cases[0].on, 520);
}

/// A world in which a service prevents `prevents` of spells for 180 days, offered in a child's worst month or not, and what
/// it truly changed per case in nights.
struct World {
    records: Vec<ChildRecord>,
    needs: Vec<Need>,
}

/// Spells come in bursts; children differ tenfold.
fn world(seed: u64, children: usize, prevents: f64, at_the_worst: bool) -> World {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut made = World { records: Vec::new(), needs: Vec::new() };
    for number in 0..children as i64 {
        let habit = 0.004 * (dice.random_range(0.0..2.4_f64)).exp();
        let (mut burst, mut identified, mut supported) = (false, None, None::<Day>);
        let mut record = child(number, &[]);
        record.followed_until = 1_100;
        let regular = dice.random_range(150..900);
        let mut free_on = 0;
        for day in 0..1_100 {
            burst = if burst { dice.random_bool(0.93) } else { dice.random_bool(0.006) };
            let chance = if burst { (habit * 12.0).min(0.5) } else { habit };
            if day >= free_on && dice.random_bool(chance) {
                let prevented = supported.is_some_and(|on| (on..on + 180).contains(&day)) && dice.random_bool(prevents);
                if !prevented {
                    let nights = if dice.random_bool(0.6) { 1 } else { dice.random_range(0..5) };
                    record.spells.push((day, Some(day + nights)));
                    free_on = day + nights + 1;
                }
            }
            let lately = record.spells.iter().filter(|(from, _)| day - from < 30).count();
            let due = if at_the_worst { lately >= 3 } else { day == regular };
            if identified.is_none() && due {
                identified = Some(day);
                let waits = dice.random_range(2..if at_the_worst { 15 } else { 89 });
                supported = dice.random_bool(0.6).then_some(day + waits);
                made.needs.push(need(number, day, supported));
            }
        }
        made.records.push(record);
    }
    made
}

fn effect_in(world: &World, draws: u32) -> (Effect, Matched) {
    let found = matched(&world.records, &world.needs, 0);
    let settings = Settings { draws, ..Settings::default() };
    (effect(&world.records, &found, Outcome::MissingNights, &settings), found)
}

#[test]
fn the_service_that_works_is_found_and_the_one_that_seems_to_is_not() {
    let works = effect_in(&world(3, 500, 0.55, false), 100).0;
    assert_eq!(verdict(&works, &Settings::default()), Verdict::Helps, "{works:?}");
    let seems = effect_in(&world(3, 500, 0.0, true), 100).0;
    assert!(
        seems.started.after < 0.8 * seems.started.before,
        "a bare before and after would call it a success: {seems:?}"
    );
    assert_ne!(verdict(&seems, &Settings::default()), Verdict::Helps, "{seems:?}");
}

/// Figures quoted in the methods page come from here: `cargo test --lib impact -- --ignored --nocapture`.
#[test]
#[ignore = "two hundred worlds: minutes, not seconds"]
fn coverage_over_many_worlds() {
    for (name, prevents, at_the_worst) in [
        ("works", 0.55, false),
        ("works, offered at the worst", 0.55, true),
        ("useless", 0.0, false),
        ("seems to work", 0.0, true),
    ] {
        for children in [300, 1_200] {
            let large = |seed| effect_in(&world(seed, 10_000, prevents, at_the_worst), 2).0.estimate.unwrap();
            let truth = if prevents > 0.0 { (990..1_000).map(large).sum::<f64>() / 10.0 } else { 0.0 };
            let worlds: Vec<Effect> =
                (0..200).map(|seed| effect_in(&world(seed, children, prevents, at_the_worst), 400).0).collect();
            let share = |holds: &dyn Fn(&Effect) -> bool| {
                worlds.iter().filter(|effect| holds(effect)).count() as f64 / worlds.len() as f64
            };
            let covered = share(&|effect| {
                effect.lower.is_some_and(|lower| lower <= truth) && effect.upper.is_some_and(|upper| truth <= upper)
            });
            let settings = Settings::default();
            println!(
                "{name}, {children} children: truth {truth:.2}, covered {covered:.3}, helps {:.3}, worse {:.3}, no clear effect {:.3}, cannot tell {:.3}, mean estimate {:.2}, mean matched {:.0}",
                share(&|effect| verdict(effect, &settings) == Verdict::Helps),
                share(&|effect| verdict(effect, &settings) == Verdict::Worse),
                share(&|effect| verdict(effect, &settings) == Verdict::NoClearEffect),
                share(&|effect| verdict(effect, &settings) == Verdict::CannotTell),
                worlds.iter().filter_map(|effect| effect.estimate).sum::<f64>() / worlds.len() as f64,
                worlds.iter().map(|effect| effect.matched as f64).sum::<f64>() / worlds.len() as f64,
            );
        }
    }
}
