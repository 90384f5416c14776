//! The command as its users type it: folders named or not, words or JSON, exit codes.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output};

use super::project::Project;

struct At<'a> {
    folder: &'a Path,
    keys: &'a Path,
}

impl At<'_> {
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_sightline"))
            .args(arguments)
            .current_dir(self.folder)
            .env("XDG_DATA_HOME", self.keys)
            .output()
            .unwrap()
    }

    fn says(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.says(arguments)).unwrap()
    }

    fn fails(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(done.stderr).unwrap()
    }
}

const ROWS: [&str; 9] = [
    "episode_id,child_id,kind,started_at,ended_at",
    "1,a,M,2026-01-01,2026-01-03",
    "2,b,M,2026-01-02,2026-01-04",
    "3,c,M,2026-01-05,2026-01-06",
    "4,d,M,2026-01-07,2026-01-08",
    "5,e,M,2026-01-09,2026-01-10",
    "6,f,M,2026-01-11,2026-01-12",
    "7,g,M,2026-01-13,2026-01-14",
    "8,g,M,2026-01-20,2026-01-21",
];

fn project() -> Project {
    let project = Project::as_at("2026-03-31").native("police", "missing_episodes", &ROWS);
    project.settle();
    project
}

#[test]
fn init_writes_settings_that_check_accepts() {
    let (home, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = At { folder: home.path(), keys: keys.path() };
    let flags = ["--name", "North \"Moor\" Partnership", "--area", "Northmoor"];
    let sources = ["--source", "police:missing_episodes", "--source", "council:ssd", "--source", "council:ssda903"];
    at.says(&[&["init", "ours"], &flags[..], &sources[..]].concat());
    let key = keys.path().join("sightline/pseudonym.key");
    assert!(key.exists());
    let header = std::fs::read_to_string(home.path().join("ours/extracts/police/missing_episodes.csv")).unwrap();
    assert_eq!(header, "episode_id,child_id,kind,started_at,ended_at,risk_level,reported_at,recorded_on\n");
    assert!(at.says(&["check", "ours"]).contains("ready to build"));
    assert!(at.json(&["check", "-C", "ours", "--json"])["ready"].as_bool().unwrap());
    assert!(at.json(&["-C", "ours", "check", "--json"])["ready"].as_bool().unwrap(), "before the verb as after it");
    assert_eq!(at.run(&["-C", "ours", "check", "ours"]).status.code(), Some(2), "named twice");
    // Again: nothing is overwritten.
    assert!(at.fails(&[&["init", "ours"], &flags[..]].concat()).contains("is there already"));
}

#[test]
fn init_tells_every_wrong_source_at_once_and_needs_a_name() {
    let (home, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = At { folder: home.path(), keys: keys.path() };
    let said = at.fails(&["init", "--name", "N", "--area", "N", "--source", "police", "--source", "police:diaries"]);
    assert!(said.contains("`police` is not AGENCY:TABLE") && said.contains("`diaries` is no table we know"), "{said}");
    assert!(at.fails(&["init", "--area", "N"]).contains("--name"));
    assert!(std::fs::read_dir(home.path()).unwrap().next().is_none(), "nothing was written");
}

#[test]
fn every_verb_of_releases_takes_a_folder_or_the_current_one_and_tells_json() {
    let project = project();
    let keys = tempfile::tempdir().unwrap();
    let inside = At { folder: project.path(), keys: keys.path() };
    let outside = At { folder: keys.path(), keys: keys.path() };
    let folder = project.path().to_str().unwrap();
    let first = inside.json(&["build", "--json"])["release"].as_str().unwrap().to_owned();
    let second =
        outside.json(&["build", folder, "--as-at", "2026-02-28", "--json"])["release"].as_str().unwrap().to_owned();
    assert!(inside.says(&["releases"]).contains(&first));
    let listed = outside.json(&["releases", "-C", folder, "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[0]["name"], first.as_str());
    assert!(inside.says(&["verify"]).contains("verified"));
    assert_eq!(outside.json(&["-C", folder, "verify", &second, "--json"])["verified"], true);
    assert_eq!(outside.json(&["verify", &second, "-C", folder, "--json"])["verified"], true);
    assert!(inside.says(&["compare", &second, &first]).contains("as-at date moved"));
    assert_eq!(outside.json(&["compare", &second, &first, "-C", folder, "--json"])["edition"], "board");
    assert!(inside.says(&["withdraw", &first, "--reason", "wrong extract"]).contains("withdrawn"));
    assert_eq!(outside.json(&["releases", folder, "--json"])[0]["state"], "withdrawn: wrong extract");
    // What is withdrawn is no longer the newest.
    assert!(inside.says(&["explain", "missing_again"]).contains("2026-01"));
    assert!(outside.fails(&["verify", "2026-01-01-abc", "-C", folder]).contains("no release named"));
    assert_eq!(inside.run(&["verify", "--speed"]).status.code(), Some(2));
}

#[test]
fn export_has_the_columns_stated_in_three_formats() {
    let project = project();
    let keys = tempfile::tempdir().unwrap();
    let at = At { folder: project.path(), keys: keys.path() };
    at.says(&["build"]);
    let csv = at.says(&["export", "--measure", "missing_again", "--edition", "restricted", "--format", "csv"]);
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap(),
        "measure,period,dimension,level,numerator,denominator,value,lower,upper,unit,symbol,provisional"
    );
    // January: seven children returned, one of them was missing again.
    assert!(csv.contains("\nmissing_again,2026-01,total,total,1,7,0.142857,"), "{csv}");
    let board = at.says(&["export", "--measure", "missing_again"]);
    assert!(board.contains("\nmissing_again,2026-01,total,total,,"), "one child is withheld: {board}");
    let json = at.json(&["export", "--format", "json"]);
    assert_eq!(json["release"]["edition"], "board");
    let file = keys.path().join("figures.xlsx");
    at.says(&["export", "--format", "xlsx", "--out", file.to_str().unwrap()]);
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK"));
    assert!(at.fails(&["export", "--measure", "nothing"]).contains("no measure `nothing`"));
}

#[test]
fn a_new_key_leaves_releases_and_drops_what_was_remembered() {
    let project = project();
    let keys = tempfile::tempdir().unwrap();
    let at = At { folder: project.path(), keys: keys.path() };
    at.says(&["build"]);
    let key = keys.path().join("sightline/pseudonym.key");
    let before = std::fs::read(&key).unwrap();
    assert!(at.says(&["key", "rotate"]).contains("state: dropped"));
    assert_ne!(std::fs::read(&key).unwrap(), before);
    assert!(!project.path().join("state/extracts.json").exists());
    assert!(at.says(&["verify"]).contains("verified"));
    at.says(&["build"]);
}

#[test]
fn compare_takes_the_last_two_releases_and_export_its_format_from_the_name() {
    let keys = tempfile::tempdir().unwrap();
    let project = project();
    let at = At { folder: project.path(), keys: keys.path() };
    at.says(&["build"]);
    assert!(at.fails(&["compare"]).contains("not two verified releases"));
    at.says(&["build", "--as-at", "2026-02-28"]);
    let told = at.json(&["--json", "compare"]);
    let names: Vec<serde_json::Value> = at.json(&["--json", "releases"]).as_array().unwrap().clone();
    let (newest, before) = (names[0]["name"].as_str().unwrap(), names[1]["name"].as_str().unwrap());
    assert_eq!(told, at.json(&["--json", "compare", before, newest]));
    let on_pages = |nth: usize| names[nth]["on_pages"].as_str().unwrap();
    assert_eq!(
        told,
        at.json(&["--json", "compare", on_pages(1), on_pages(0)]),
        "a release goes by either of its names"
    );
    assert!(at.says(&["verify", on_pages(0)]).contains("verified"));
    let (elsewhere, folder) = (tempfile::tempdir().unwrap(), project.path().to_str().unwrap());
    let from_elsewhere = At { folder: elsewhere.path(), keys: keys.path() };
    assert_eq!(told, from_elsewhere.json(&["--json", "compare", folder]));
    assert_eq!(told, from_elsewhere.json(&["--json", "compare", folder, before, newest]));
    assert!(from_elsewhere.says(&["verify", folder]).contains("verified"));
    assert!(from_elsewhere.says(&["verify", folder, on_pages(1)]).contains("verified"));
    assert!(from_elsewhere.says(&["explain", "missing_again", folder]).contains("Missing again"));
    assert!(from_elsewhere.says(&["export", folder]).contains("missing_again"));
    let empty = elsewhere.path().to_str().unwrap();
    for verb in [&["compare"][..], &["verify"], &["releases"], &["serve"], &["explain", "missing_again"], &["export"]] {
        let told = from_elsewhere.fails(verb);
        assert!(told.contains("there is no partnership.toml in `.`"), "{told}");
    }
    assert!(at.fails(&["verify", empty]).contains(&format!("there is no partnership.toml in `{empty}`")));
    assert!(at.fails(&["compare", empty]).contains("there is no partnership.toml in"));
    at.says(&["export", "--out", "figures.xlsx"]);
    assert!(std::fs::read(project.path().join("figures.xlsx")).unwrap().starts_with(b"PK"));
    assert!(at.fails(&["export", "--out", "figures.doc"]).contains("does not say how it is to be written"));
}

#[test]
fn the_reconciliation_says_which_rows_which_rule_and_what_to_do() {
    let keys = tempfile::tempdir().unwrap();
    let mut rows: Vec<String> = ROWS.iter().map(|row| (*row).to_owned()).collect();
    rows.extend((10..16).map(|number| format!("{number},h,Zebra,2026-02-{number},2026-02-{number}")));
    rows.push("20,h,M,2026-02-20,2026-02-19".to_owned());
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let project = Project::as_at("2026-03-31").native("police", "missing_episodes", &rows);
    project.settle();
    let file = project.path().join("police_missing_episodes.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    // A column nobody asked for; and lines that end as Windows writes them.
    let wider: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(nth, line)| format!("{line},{}", if nth == 0 { "shoe_size" } else { "38" }))
        .collect();
    std::fs::write(&file, format!("{}\r\n", wider.join("\r\n"))).unwrap();
    let at = At { folder: project.path(), keys: keys.path() };
    let said = at.says(&["check"]);
    assert!(!said.contains("Zebra") && !said.contains("38"), "{said}");
    insta::assert_snapshot!(said);
    let found = at.json(&["--json", "check"]);
    let code = found["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "C01").unwrap();
    assert_eq!((&code["count"], &code["rows"][0], &code["allowed"][0]), (&6.into(), &10.into(), &"M".into()));
}

#[test]
fn without_an_as_at_date_the_latest_cut_date_is_the_last_day_counted() {
    let keys = tempfile::tempdir().unwrap();
    let project = project();
    let settings = project.path().join("partnership.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let without = text.replacen("as_at = 2026-03-31\n", "", 1);
    std::fs::write(&settings, without.replace("data_to = 2026-03-31", "data_to = 2026-02-27")).unwrap();
    let at = At { folder: project.path(), keys: keys.path() };
    let built = at.json(&["--json", "build"]);
    assert!(built["release"].as_str().unwrap().starts_with("2026-02-27-"), "{}", built["release"]);
}

#[test]
fn drafts_of_dev_end_with_the_process() {
    let (project, keys, drafts) = (project(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut dev = Command::new(env!("CARGO_BIN_EXE_sightline"))
        .args(["dev", "--addr", "127.0.0.1:0"])
        .current_dir(project.path())
        .env("XDG_DATA_HOME", keys.path())
        .env("TMPDIR", drafts.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    BufReader::new(dev.stdout.take().unwrap()).read_line(&mut told).unwrap();
    assert!(told.starts_with("open http://127.0.0.1:"), "{told}");
    let left = || std::fs::read_dir(drafts.path()).unwrap().count();
    assert_eq!(left(), 1, "one folder holds every draft");
    assert!(Command::new("kill").args(["-INT", &dev.id().to_string()]).status().unwrap().success());
    assert!(dev.wait().unwrap().success());
    assert_eq!(left(), 0);
}
