//! Releases of whole projects: the same rows give the same bytes, and the board sees no small number.

use sightline::domain::Symbol;
use sightline::release::verify;

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
