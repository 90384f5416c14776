//! Whole small partnerships, checked against what they claim to be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::calendar::day_at;
use super::*;

fn options(children: u64, months: u32) -> Options {
    Options { children, months, ..Options::default() }
}

fn written(options: &Options) -> (TempDir, Summary) {
    let folder = tempfile::tempdir().unwrap();
    let summary = simulate(options, folder.path(), &mut |_, _| {}).unwrap();
    (folder, summary)
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(
                path.file_name().unwrap().to_string_lossy().into_owned()
                    + &path.parent().unwrap().file_name().unwrap().to_string_lossy(),
                fs::read(&path).unwrap(),
            );
        }
    }
    found
}

fn truth(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let (first, _) = written(&options(4_000, 18));
    let (second, _) = written(&options(4_000, 18));
    let (other, _) = written(&Options { seed: 8, ..options(4_000, 18) });
    let in_folder = |folder: &TempDir| files(&folder.path().join("extracts"));
    assert!(in_folder(&first) == in_folder(&second));
    assert!(in_folder(&first) != in_folder(&other));
}

#[test]
fn a_few_children_make_many_of_the_spells_and_half_of_first_repeats_come_within_28_days() {
    let world = World::new(&options(400_000, 36));
    let mut truth = Truth::new(&world);
    for number in 1..=world.known {
        truth.count(&world, &one_life(&world, number, &mut Dice::new(world.seed, number)));
    }
    let (children, share) = truth.tail();
    assert!(children > 4_000, "{children} children ever missing");
    assert!((0.25..0.36).contains(&share), "a twentieth of them made {share} of spells");
    let soon = truth.first_repeats_soon as f64 / truth.first_repeats as f64;
    assert!((0.44..0.56).contains(&soon), "{soon} of first repeats within 28 days");
}

#[test]
fn nothing_starts_after_leaving_or_before_the_record_and_spells_lie_apart() {
    let world = World::new(&options(100_000, 36));
    for number in 1..=world.known {
        let child = one_life(&world, number, &mut Dice::new(world.seed, number));
        let starts = child.spells.iter().map(|spell| day_at(spell.start));
        let starts = starts.chain(child.signals.iter().map(|signal| signal.raised_on));
        let starts = starts.chain(child.harms.iter().map(|harm| harm.occurred_on));
        let starts = starts.chain(child.assessments.iter().map(|assessment| assessment.completed_on));
        let starts = starts.chain(child.journeys.iter().map(|journey| journey.identified_on));
        let starts = starts.chain(child.spells.iter().filter_map(|spell| spell.interview?.held_on));
        let starts = starts.chain(child.spells.iter().filter_map(|spell| Some(day_at(spell.merged()?.start))));
        for start in starts {
            assert!(world.starts_on - 1 <= start && start < child.leaves_on && start <= world.as_at, "child {number}");
        }
        for pair in child.spells.windows(2) {
            assert!(pair[0].end.unwrap() + 36 * 60 <= pair[1].start, "child {number}");
        }
    }
}

#[test]
fn files_hold_the_rows_that_the_truth_states_and_every_rule_has_its_defect() {
    let (folder, summary) = written(&options(60_000, 30));
    let truth = truth(folder.path());
    for (file, rows) in &summary.rows {
        let mut reader = csv::Reader::from_path(folder.path().join("extracts").join(file)).unwrap();
        assert_eq!(reader.byte_records().flatten().count() as u64, *rows, "{file}");
    }
    let row = |file: &str| truth["rows"].as_array().unwrap().iter().find(|row| row["file"] == file).unwrap().clone();
    let police = row("police/missing_episodes.csv");
    let clean = police["rows"].as_u64().unwrap() - police["of_these_defects"].as_u64().unwrap();
    assert_eq!(clean, truth["exact"]["spells_with_a_police_row"].as_u64().unwrap());
    for rule in [
        "reversed_episode",
        "overlap",
        "future_date",
        "duplicate_row",
        "duplicate_id",
        "unknown_code",
        "unreadable_date",
        "before_birth",
        "required_empty",
        "end_unknown",
    ] {
        assert!(truth["defects"].as_array().unwrap().iter().any(|defect| defect["rule"] == rule), "{rule}");
    }
}

#[test]
fn the_backlog_grows_to_the_front_door_and_shrinks_after_it() {
    let (folder, _) = written(&options(80_000, 36));
    let truth = truth(folder.path());
    let open = &truth["expected"]["open_clocks_at_month_end"]["values"];
    let at = |month: usize| open[month]["clocks"].as_u64().unwrap();
    assert!(at(23) > 2 * at(5) && at(34) * 2 < at(23), "{} {} {}", at(5), at(23), at(34));
}

#[test]
fn in_a_steady_world_nothing_gets_better_or_worse() {
    let (folder, _) = written(&Options { steady: true, known: Some(10_000), ..options(80_000, 240) });
    let truth = truth(folder.path());
    let open = &truth["expected"]["open_clocks_at_month_end"]["values"];
    let mean = |months: std::ops::Range<usize>| {
        let count = months.len() as f64;
        months.map(|month| open[month]["clocks"].as_f64().unwrap()).sum::<f64>() / count
    };
    let (before, after) = (mean(168..204), mean(204..239));
    assert!((after / before - 1.0).abs() < 0.1, "{before} {after}");
    assert_eq!(truth["front_door_on"], serde_json::Value::Null);
    assert_eq!(fs::read_to_string(folder.path().join("events.csv")).unwrap().lines().count(), 1);
}

#[test]
fn youth_work_seems_to_work_and_intensive_support_works() {
    let world = World::new(&options(400_000, 36));
    let mut counted = Truth::new(&world);
    for number in 1..=world.known {
        counted.count(&world, &one_life(&world, number, &mut Dice::new(world.seed, number)));
    }
    let truth = counted.to_json(&world, &Defects::default(), &[]);
    let fall = |service: &str| {
        let seen = &truth["expected"]["effects"][service]["seen"];
        seen["spells_90_days_after"].as_f64().unwrap() / seen["spells_90_days_before"].as_f64().unwrap()
    };
    assert!(fall(world::SEEMS_TO_WORK) < 0.8, "youth work: {}", fall(world::SEEMS_TO_WORK));
    assert!(fall(world::WORKS) < 0.8, "intensive support: {}", fall(world::WORKS));
}

#[test]
fn the_smallest_world_an_unknown_one_and_parquet_all_run() {
    let (_, small) = written(&options(1_000, 3));
    assert_eq!(small.known, 19);
    let (folder, none) = written(&Options { known: Some(0), ..options(1_000, 1) });
    assert_eq!(none.known, 0);
    assert!(folder.path().join("extracts/police/missing_episodes.csv").exists());
    let (folder, parquet) = written(&Options { format: Format::Parquet, ..options(5_000, 12) });
    let (_, csv) = written(&options(5_000, 12));
    assert_eq!(parquet.total_rows(), csv.total_rows());
    assert!(folder.path().join("extracts/council/ssd_missing.parquet").exists());
    assert!(fs::read_to_string(folder.path().join("partnership.toml")).unwrap().contains("ssd_*.parquet"));
}

#[test]
fn impossible_options_are_all_named() {
    let options = Options { known: Some(600), months: 0, ..options(500, 0) };
    let problem = simulate(&options, Path::new("unused"), &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(problem.matches(';').count(), 2, "{problem}");
}
