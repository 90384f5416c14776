//! Two partnerships that differ only in what is withheld: all that a board can ask for is the same to the byte, pages,
//! exports, headers, pack and release.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use sightline::release::{Board, Report, open_board, open_restricted};
use sightline::web::{Inputs, ReleaseListing, Shared, app, site};
use tower::ServiceExt as _;

use super::project::Project;

/// Thirty-two children missing for a night in February, alike but for where they live: `north` of them in the north, the
/// others of twelve in the south, twenty in the east.
fn partnership(north: usize) -> Project {
    let lives = |child: usize| match child {
        child if child < north => "north",
        child if child < 12 => "south",
        _ => "east",
    };
    let children = (0..32).map(|child| format!("c{child},2011-01,female,WBRI,{}", lives(child)));
    let spells = (0..32).map(|child| format!("e{child},c{child},M,2026-02-10T20:00,2026-02-11T08:00"));
    let table = |header: &str, rows: &mut dyn Iterator<Item = String>| -> Vec<String> {
        std::iter::once(header.to_owned()).chain(rows).collect()
    };
    let children = table("child_id,birth_month,sex,ethnicity,locality", &mut children.into_iter());
    let spells = table("episode_id,child_id,kind,started_at,ended_at", &mut spells.into_iter());
    let rows = |table: &'static [String]| -> Vec<&str> { table.iter().map(String::as_str).collect() };
    let (children, spells) = (rows(children.leak()), rows(spells.leak()));
    Project::as_at("2026-06-30").native("council", "children", &children).native("council", "missing_episodes", &spells)
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().display().to_string(), std::fs::read(&path).unwrap())).collect()
}

/// Every address of the board edition: its status and headers in words, and its bytes.
async fn answers(report: &Report<Board>) -> BTreeMap<String, (String, Vec<u8>)> {
    let pages = sightline::dashboards::load(None).unwrap();
    let site = site(&Inputs { pages: &pages, releases: &[ReleaseListing::of(report)], ..Inputs::of(report) });
    let paths: Vec<String> = site.paths().map(str::to_owned).collect();
    let router = app(Shared::new(site, ""));
    let mut answers = BTreeMap::new();
    for path in paths {
        let request = Request::get(format!("/{path}")).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        answers.insert(path, (format!("{} {:?}", parts.status, parts.headers), body));
    }
    answers
}

/// What `export` and `pack` write of the board edition.
fn written(project: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_sightline"))
            .args(arguments)
            .current_dir(out.path())
            .arg("-C")
            .arg(project)
            .output()
            .unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    for name in ["figures.csv", "figures.json", "figures.xlsx"] {
        run(&["export", "--out", out.path().join(name).to_str().unwrap()]);
    }
    for name in ["pack.html", "pack.xlsx"] {
        let out = out.path().join(name);
        run(&["pack", "--month", "2026-06", "--draft", "--out", out.to_str().unwrap()]);
    }
    files(out.path())
}

fn differing<T: PartialEq>(one: &BTreeMap<String, T>, other: &BTreeMap<String, T>) -> Vec<String> {
    let all = one.keys().chain(other.keys());
    let mut differing: Vec<String> = all.filter(|key| one.get(*key) != other.get(*key)).cloned().collect();
    differing.dedup();
    differing
}

#[tokio::test]
async fn what_is_withheld_changes_no_byte_of_what_a_board_can_ask_for() {
    let worlds = [partnership(3), partnership(4)];
    let [three, four] = worlds.each_ref().map(|project| project.build().unwrap().written.dir);
    let exact = |dir: &Path| open_restricted(dir).unwrap().figures;
    assert_ne!(exact(&three), exact(&four), "the worlds differ");
    assert_eq!(differing(&files(&three.join("board")), &files(&four.join("board"))), [""; 0]);
    let answers = [answers(&open_board(&three).unwrap()).await, answers(&open_board(&four).unwrap()).await];
    assert!(answers[0].len() > 200, "{}", answers[0].len());
    assert_eq!(differing(&answers[0], &answers[1]), [""; 0]);
    let [three, four] = worlds.each_ref().map(|project| written(project.path()));
    assert_eq!((three.len(), differing(&three, &four)), (5, Vec::new()));
}
