//! Releases of whole projects: the same rows give the same bytes, and the board sees no small number.

use std::time::Instant;

use chrono::NaiveDate;
use sightline::build::{self, OnDrift};
use sightline::config::Key;
use sightline::domain::{Month, Symbol};
use sightline::measures::declared_relations;
use sightline::release::{Protected, audit, verify};
use sightline::simulate::{Options, simulate};

use super::project::{Project, figure};

const HEADER: &str = "episode_id,child_id,kind,started_at,ended_at";

fn rows() -> Vec<String> {
    (0..12).map(|child| format!("e{child},child{child},M,2026-02-{:02},2026-02-{:02}", child + 1, child + 2)).collect()
}

fn project(rows: &[String]) -> Project {
    let mut lines = vec![HEADER];
    lines.extend(rows.iter().map(String::as_str));
    Project::as_at("2026-03-31").native("council", "missing_episodes", &lines)
}

#[test]
fn row_order_does_not_show_in_a_release() {
    let forward = rows();
    let backward: Vec<String> = forward.iter().rev().cloned().collect();
    let names = [project(&forward), project(&backward)].map(|project| project.build().unwrap().written.name);
    assert_eq!(names[0], names[1]);
}

#[test]
fn building_twice_writes_once() {
    let project = project(&rows());
    assert!(project.build().unwrap().written.new);
    assert!(!project.build().unwrap().written.new);
}

#[test]
fn a_changed_byte_is_found() {
    let project = project(&rows());
    let dir = project.build().unwrap().written.dir;
    verify(&dir).unwrap();
    let figures = dir.join("board/figures.csv");
    let changed = std::fs::read_to_string(&figures).unwrap().replace("2026-02", "2026-01");
    std::fs::write(&figures, changed).unwrap();
    assert!(verify(&dir).is_err());
}

#[test]
fn the_board_sees_no_count_of_one_to_five() {
    let four = project(&rows()[..4]).board();
    let shown = figure(&four, "missing_again", "2026-02", "total");
    assert_eq!((shown.numerator, shown.denominator, shown.value), (None, None, None));
    assert_eq!(shown.symbol, Some(Symbol::Confidential));
}

/// Ten children are missing at the end of January. In February eight more go, and fourteen come back: four are missing.
fn four_missing() -> Vec<String> {
    let gone = |month: u32, child: u32, back: Option<u32>| {
        let back = back.map_or_else(String::new, |day| format!("2026-02-{day:02}"));
        format!("e{month}{child},child{month}-{child},M,2026-{month:02}-{:02},{back}", 10 + child)
    };
    let january = (0..10).map(|child| gone(1, child, (child < 8).then_some(20)));
    january.chain((0..8).map(|child| gone(2, child, (child < 6).then_some(20)))).collect()
}

#[test]
fn a_release_made_before_a_relation_was_declared_is_found_to_give_away() {
    let shipped = include_str!("../../queries/missing_now.sql");
    let (before, carries) = shipped.split_once("[[relation]]\nkind = \"carries\"").unwrap();
    let unknowing = format!("{before}*/{}", carries.split_once("*/").unwrap().1);
    let rows = four_missing();
    let lines: Vec<&str> = [HEADER].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let project = Project::as_at("2026-02-28")
        .native("council", "missing_episodes", &lines)
        .file("queries/missing_now.sql", &unknowing);
    let dir = project.build().unwrap().written.dir;
    assert!(
        audit(&dir, Protected::Board, &declared_relations(project.path())).unwrap().passed(),
        "as far as was known then"
    );
    // Today's queries say how a stock carries over: 10 + 8 - 14.
    std::fs::remove_file(project.path().join("queries/missing_now.sql")).unwrap();
    let audited = audit(&dir, Protected::Board, &declared_relations(project.path())).unwrap();
    let found: Vec<String> = audited.findings.iter().map(ToString::to_string).collect();
    // And those gone for long are among them.
    assert_eq!(
        found,
        ["", ":over-24h", ":over-72h"].map(|part| format!(
            "measure `missing_now`: 2026-02 total total{part}: its small count can be narrowed down from other figures"
        ))
    );
}

/// Twelve monthly releases of the sample, each audited beside all before it.
#[test]
#[ignore = "takes minutes: cargo test --release --test it -- --ignored --nocapture months_in_a_row"]
fn months_in_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { children: 80_000, months: 36, seed: 7, ..Options::default() };
    simulate(&options, folder.path(), &mut |_, _| {}).unwrap();
    let (key, today) = (Key::from_bytes([7; 32]), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
    let first = Month::new(2025, 12).unwrap();
    for later in 0..12 {
        let as_at = first.plus(later).last_on();
        let began = Instant::now();
        let checked = build::check_with(folder.path(), Some(&key), Some(as_at), today, OnDrift::Accept).unwrap();
        let written = build::build(checked, &folder.path().join("releases")).unwrap().written;
        let (seconds, withheld) = (began.elapsed().as_secs_f64(), written.withheld);
        println!("{as_at}: {seconds:.1} s, {} of {} figures withheld", withheld.withheld, withheld.figures);
        verify(&written.dir).unwrap();
        assert!(written.newest, "{as_at} is what will be served");
    }
}
