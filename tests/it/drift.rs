//! An extract that no longer looks as it did is held until a person accepts it, and what is remembered names no child.

use sightline::build::{BuildError, OnDrift};

use super::project::Project;

const HEADER: &str = "episode_id,child_id,kind,started_at,ended_at";

fn rows(children: std::ops::Range<u32>) -> Vec<String> {
    children.map(|child| format!("e{child},child{child},M,2026-02-01,2026-02-02")).collect()
}

fn extract(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

fn project() -> Project {
    let rows = rows(0..40);
    let lines: Vec<&str> = std::iter::once(HEADER).chain(rows.iter().map(String::as_str)).collect();
    Project::as_at("2026-03-31").native("police", "missing_episodes", &lines)
}

fn held(project: &Project) -> Vec<String> {
    match project.build_with(OnDrift::Hold) {
        Err(BuildError::Input(faults)) => faults.into_iter().map(|fault| fault.says).collect(),
        Ok(_) => Vec::new(),
        Err(other) => vec![other.to_string()],
    }
}

#[test]
fn half_the_rows_are_held_and_accepted_once() {
    let project = project();
    assert!(held(&project).is_empty(), "the first build has nothing to compare with");
    assert!(held(&project).is_empty(), "nothing changed");
    let project = project.file("police_missing_episodes.csv", &extract(HEADER, &rows(0..20)));
    assert_eq!(
        held(&project),
        [
            "source `police-missing_episodes`: table `missing_episodes` is held: it had 40 rows at the last build and has 20 now (limit: 30 % more or fewer)\nhint: ask the sender what changed; where it is right, build once with --accept-drift",
            "source `police-missing_episodes`: table `missing_episodes` is held: of the rows that the last build saw 50 % are still there (limit: 80 %)\nhint: ask the sender what changed; where it is right, build once with --accept-drift",
        ]
    );
    let releases = std::fs::read_dir(project.releases()).unwrap().filter_map(Result::ok);
    assert_eq!(releases.filter(|entry| entry.path().is_dir()).count(), 1, "nothing was built");
    project.build_with(OnDrift::Accept).unwrap();
    assert!(held(&project).is_empty());
}

#[test]
fn state_holds_neither_identifiers_nor_values() {
    let project = project();
    project.build().unwrap();
    let state = std::fs::read_to_string(project.path().join("state/extracts.json")).unwrap();
    assert!(state.contains("missing_episodes"));
    for value in ["child1", "e1\"", "2026-02-01"] {
        assert!(!state.contains(value), "{value}");
    }
}

#[test]
fn a_files_own_cut_date_is_taken_and_must_be_one() {
    let row = |cut: &str| format!("e1,a,M,2026-02-01,2026-02-02,{cut}");
    let header = format!("{HEADER},data_to");
    let with = |rows: &[String]| {
        Project::as_at("2026-03-31").extract(
            "police",
            "missing_episodes",
            extract(&header, rows).as_bytes(),
            "# data_to is in the file",
        )
    };
    let built = with(&[row("2026-02-28")]).build().unwrap();
    assert_eq!(built.sources[0].data_to.to_string(), "2026-02-28");
    let said = with(&[row("2026-02-28"), row("2026-03-31").replace("e1", "e2")]).said();
    assert!(said.contains("column `data_to` does not give one date, the same in every row"), "{said}");
}

#[test]
fn months_before_a_declared_start_are_a_gap_and_so_are_windows_that_reach_before_it() {
    let rows = ["2025-11-01", "2026-01-05", "2026-01-20", "2026-03-02"].map(|day| format!("e{day},a,M,{day},{day}"));
    let project = Project::as_at("2026-04-30").extract(
        "police",
        "missing_episodes",
        extract(HEADER, &rows).as_bytes(),
        "data_from = 2026-01-01",
    );
    let figures = project.exact();
    let first = |measure: &str| {
        let months = figures.iter().filter(|figure| figure.measure == measure).map(|figure| figure.period);
        months.filter(|period| matches!(period, sightline::domain::Period::Month(_))).min().unwrap().to_string()
    };
    assert_eq!(first("missing_nights"), "2026-01");
    // The 90 days to 31 March begin on 1 January: the first that lie within the history.
    assert_eq!(first("repeat_missing_children"), "2026-03");
}
