//! What a simulated partnership was built with, found again by the measures; and what must hold between measures.
#![allow(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::path::Path;

use serde_json::Value;
use sightline::build;
use sightline::config::Key;
use sightline::domain::{Dimension, Figure, Period};
use sightline::release::open_restricted;
use sightline::simulate::{Options, simulate};

struct World {
    truth: Value,
    figures: Vec<Figure>,
}

fn world(seed: u64) -> World {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { children: 14_000, months: 24, seed, ..Options::default() };
    simulate(&options, folder.path(), &mut |_, _| {}).unwrap();
    let key = Key::from_bytes([7; 32]);
    let checked = build::check(folder.path(), Some(&key), Some(options.as_at), options.as_at).unwrap();
    let built = build::build(checked, &folder.path().join("releases")).unwrap();
    let read = |path: &Path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    World {
        truth: read(&folder.path().join("truth.json")),
        figures: open_restricted(&built.written.dir).unwrap().figures,
    }
}

impl World {
    fn whole(&self, measure: &str, period: &str, level: &str) -> Option<&Figure> {
        self.figures.iter().find(|one| {
            one.measure == measure
                && one.dimension == Dimension::Total
                && one.period.to_string() == period
                && one.level == level
        })
    }

    fn of<'a>(&'a self, measure: &'a str) -> impl Iterator<Item = &'a Figure> {
        self.figures.iter().filter(move |one| one.measure == measure)
    }
}

#[test]
fn the_measures_find_what_was_built_in() {
    let world = world(11);
    spells_started(&world);
    concentration(&world);
    returns(&world);
    endings_add_up(&world);
    starting_is_help_started(&world);
    stocks_change_by_their_flows(&world);
}

/// Every spell of a month, per 10,000 children; and those after the first of a risk period are fewer.
fn spells_started(world: &World) {
    let (mut months, mut openers) = (0, 0);
    for month in world.truth["exact"]["by_month"].as_array().unwrap() {
        let period = month["month"].as_str().unwrap();
        let Some(all) = world.whole("missing_rate", period, "total:population") else { continue };
        assert_eq!(all.numerator, month["missing_spells_started"].as_i64(), "{period}");
        openers += all.numerator.unwrap() - world.whole("missing_rate", period, "total").unwrap().numerator.unwrap();
        months += 1;
    }
    assert_eq!(months, 24);
    assert!(openers > 50, "children known by a missing spell: {openers}");
}

fn concentration(world: &World) {
    let truth = &world.truth["exact"]["missing_concentration"];
    let figure = world.whole("missing_concentration", truth["period"].as_str().unwrap(), "total").unwrap();
    assert_eq!(figure.numerator, truth["numerator"].as_i64());
    assert_eq!(figure.denominator, truth["denominator"].as_i64());
    let children = world.whole("missing_concentration", truth["period"].as_str().unwrap(), "total:children").unwrap();
    assert_eq!(children.numerator, truth["children"].as_i64());
}

fn returns(world: &World) {
    let truth = &world.truth["expected"]["missing_again_within_28_days_of_any_return"];
    let tolerance = truth["tolerance"].as_f64().unwrap();
    let quarters = truth["values"].as_array().unwrap();
    assert!(quarters.len() >= 5);
    for quarter in quarters {
        let figure = world.whole("time_to_next_missing", quarter["quarter"].as_str().unwrap(), "total:s28");
        // The first quarter of the record is not whole.
        let Some(figure) = figure else { continue };
        let again = 1.0 - figure.value.unwrap();
        let built = quarter["share"].as_f64().unwrap();
        assert!((again - built).abs() < tolerance, "{quarter}: {again}");
    }
}

/// The endings of one day add up to everyone, in every cohort of every level.
fn endings_add_up(world: &World) {
    for (measure, bands) in [
        ("never_assessed", ["assessed", "closed_unassessed", "left", "open"]),
        ("wait_for_help", ["started", "refused", "left", "waiting"]),
    ] {
        let mut sums = 0;
        for first in world.of(measure).filter(|one| one.part().is_some_and(|part| part.starts_with(bands[0]))) {
            let day = first.part().unwrap().rsplit_once('-').unwrap().1;
            let shares: Vec<Option<f64>> = bands
                .iter()
                .map(|band| {
                    let level = format!("{}:{band}-{day}", first.group());
                    let same = |one: &&Figure| {
                        one.level == level && one.period == first.period && one.dimension == first.dimension
                    };
                    world.of(measure).find(same).unwrap().value
                })
                .collect();
            if let Some(shares) = shares.into_iter().collect::<Option<Vec<f64>>>() {
                assert!((shares.iter().sum::<f64>() - 1.0).abs() < 5e-6, "{} {}", first.level, first.period);
                sums += 1;
            }
        }
        assert!(sums >= 5, "{measure}: {sums}");
    }
}

/// Of the same needs, those who started by day 180 are those who did by day 90 (`help_started`) and some more.
fn starting_is_help_started(world: &World) {
    let mut quarters = 0;
    for figure in world
        .of("wait_for_help")
        .filter(|one| one.level == "total:started-180" && !one.provisional && matches!(one.period, Period::Quarter(_)))
    {
        let months = (0..3).map(|later| figure.period.first_month().plus(later));
        let of = |month: sightline::domain::Month| world.whole("help_started", &month.to_string(), "total").unwrap();
        let started: i64 = months.clone().map(|month| of(month).numerator.unwrap()).sum();
        let needs: i64 = months.map(|month| of(month).denominator.unwrap()).sum();
        assert_eq!(figure.denominator, Some(needs));
        let more = figure.value.unwrap() - started as f64 / needs as f64;
        assert!((0.0..0.15).contains(&more), "{}: {more}", figure.period);
        quarters += 1;
    }
    assert!(quarters >= 5, "{quarters}");
}

/// What started less what stopped in a month is what the stock changed by.
fn stocks_change_by_their_flows(world: &World) {
    for measure in ["unassessed_now", "missing_now", "unmet_need_now"] {
        let count = |figure: &Figure, level: &str| {
            world.whole(measure, &figure.period.to_string(), level).unwrap().numerator.unwrap()
        };
        let mut months: Vec<&Figure> =
            world.of(measure).filter(|one| one.dimension == Dimension::Total && one.level == "total").collect();
        months.sort_by_key(|one| one.period);
        for pair in months.windows(2) {
            let change = count(pair[1], "total") - count(pair[0], "total");
            assert_eq!(
                change,
                count(pair[1], "total:started") - count(pair[1], "total:stopped"),
                "{measure} {}",
                pair[1].period
            );
        }
    }
}
