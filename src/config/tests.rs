//! What we say about settings, right and wrong.

use super::*;

const GOOD: &str = r#"
name = "Northmoor Safeguarding Children Partnership"
area = "Northmoor"
as_at = 2026-03-31

[definitions]
missing_again_days = 30

[[source]]
name = "police-missing"
agency = "Police"
format = "native"
path = "extracts/police/*.csv"
table = "missing_episodes"
date_format = "DD/MM/YYYY"
encoding = "windows-1252"
data_to = "2026-03-31"
cadence = "monthly"
due_day = 10
columns = { child_id = "Nominal Ref" }
codes = { kind = { "Absent - low" = "A" } }

[[target]]
measure = "missing_again"
value = 0.25
by = 2027-03-31
owner_role = "Director"

[[event]]
on = 2025-04-01
title = "New front door"
"#;

#[test]
fn settings_are_read_whole() {
    let config =
        Config::parse(GOOD, Some(b"\xef\xbb\xbfon,title,measures\n2024-01-01,Niche,missing_again;missing_now\n"))
            .unwrap();
    let source = config.sources.first().unwrap();
    assert_eq!((source.agency.as_str(), source.format, source.due_day), ("police", Format::Native, Some(10)));
    assert_eq!(source.codes["kind"]["absent___low"], "A");
    assert_eq!(source.columns["child_id"], "Nominal Ref");
    assert_eq!(config.definitions.missing_again_days, 30);
    assert_eq!(config.events.iter().map(|event| event.title.as_str()).collect::<Vec<_>>(), ["Niche", "New front door"]);
    assert_eq!(config.events[0].measures, ["missing_again", "missing_now"]);
    assert_eq!(config.targets[0].1.value.to_string(), "0.25");
}

#[test]
fn every_problem_is_listed_at_once() {
    let broken = GOOD
        .replace("area = \"Northmoor\"", "")
        .replace("\"native\"", "\"xml\"")
        .replace("due_day = 10", "due_day = 40")
        .replace("by = 2027-03-31", "by = \"soon\"")
        .replace("DD/MM/YYYY", "DD/MM");
    let error = Config::parse(&broken, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "\
partnership.toml: `area` is missing
hint: write area = \"Northmoor\"
partnership.toml: `source police-missing: format` is not a format we know
hint: write format = \"native\", \"ssd\", \"ssda903\" or \"dfe_factors\"
partnership.toml: `source police-missing: date_format` names no day, month and year
hint: write it as DD/MM/YYYY or %d/%m/%Y
partnership.toml: `source police-missing: due_day` is not between 1 and 31
hint: write a whole number from 1 to 31
partnership.toml: `target: by` is not a date
hint: write it as 2026-03-31
partnership.toml: a `[[target]]` lacks its value or its date
hint: write value = 0.25 and by = 2026-03-31"
    );
}

#[test]
fn a_key_we_do_not_know_is_refused_with_its_line() {
    let error = Config::parse("name = \"N\"\nareas = \"N\"\n", None).unwrap_err();
    assert!(error.to_string().starts_with("partnership.toml: unknown field `areas`"), "{error}");
    assert_eq!(error.0[0].rows, [2]);
}

#[cfg(unix)]
#[test]
fn the_key_is_made_once_outside_the_project_and_kept_to_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let project = home.path().join("project");
    std::fs::create_dir(&project).unwrap();
    let mut config = Config::parse(GOOD, None).unwrap();

    config.pseudonym_key_file = Some(home.path().join("keys/pseudonym.key"));
    let key = Key::of_project(&config, &project).unwrap();
    assert_eq!(Key::of_project(&config, &project).unwrap(), key);
    assert_eq!(format!("{key:?}"), "Key(withheld)");

    std::fs::set_permissions(home.path().join("keys/pseudonym.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = Key::of_project(&config, &project).unwrap_err();
    assert!(error.to_string().contains("can be read by others"), "{error}");

    config.pseudonym_key_file = Some("pseudonym.key".into());
    let error = Key::of_project(&config, &project).unwrap_err();
    assert!(error.to_string().contains("lies inside the project folder"), "{error}");
    assert!(!project.join("pseudonym.key").exists());
}
