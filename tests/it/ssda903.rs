//! A real-format return of looked-after children on its own. `SIGHTLINE_SSDA903` names a folder with `header.csv`,
//! `episodes.csv`, `missing.csv` and `oc2.csv` (fictional children); without it the test has nothing to read and passes.

use sightline::build;
use sightline::config::Key;
use sightline::domain::Figure;
use sightline::release::{Sufficiency, open_restricted};

use super::project::{counts, figure};

/// The project's settings: the return and nothing else.
fn settings(folder: &str) -> String {
    format!(
        "name = \"P\"\narea = \"A\"\nas_at = 2018-03-31\n[[source]]\nname = \"return\"\nagency = \"council\"\nformat = \"ssda903\"\npath = \"{folder}/*.csv\"\ndata_to = 2018-03-31\n"
    )
}

/// Worked out by hand for January 2018 from `missing.csv`, rows as a spreadsheet numbers them.
fn as_by_hand(figures: &[Figure]) {
    // Nights: row 3 three (back on the 4th), row 22 eleven, row 11 twenty-seven, row 40 sixteen, row 4 thirty-one,
    // row 26 from the 10th twenty-two, row 28 from the 15th seventeen: 127.
    assert_eq!(counts(figures, "missing_nights", "2018-01", "total").0, Some(127));
    // Back in January: rows 3, 22, 40 and 11, none of whom has another spell.
    assert_eq!(counts(figures, "missing_again", "2018-01", "total"), (Some(0), Some(4)));
    // Still out at its end: rows 4, 26 and 28.
    assert_eq!(counts(figures, "missing_now", "2018-01", "total"), (Some(3), None));
    // In the 90 days from 3 November: rows 6, 36, 3, 22, 11, 40, 4, 26 and 28, one spell each.
    assert_eq!(counts(figures, "repeat_missing_children", "2018-01", "total"), (Some(0), Some(9)));
    assert!(!figure(figures, "missing_again", "2018-01", "total").provisional);
}

#[test]
fn the_return_alone_answers_what_it_can() {
    let Ok(folder) = std::env::var("SIGHTLINE_SSDA903") else { return };
    let project = tempfile::tempdir().unwrap();
    std::fs::write(project.path().join("partnership.toml"), settings(&folder)).unwrap();
    let key = Key::from_bytes([7; 32]);
    let checked = build::check(project.path(), Some(&key), None, "2018-03-31".parse().unwrap())
        .unwrap_or_else(|error| panic!("{error}"));
    let rules: Vec<(String, u64)> = checked
        .staged
        .ledger
        .findings
        .iter()
        .filter(|finding| finding.rule.starts_with('M') || finding.rule.starts_with("INT"))
        .map(|finding| (finding.rule.clone(), finding.count))
        .collect();
    let found = |rule: &str, count: u64| rules.contains(&(rule.to_owned(), count));
    assert!(found("M577", 13) && found("M574", 1) && found("M576", 0), "{rules:?}");
    let built = build::build(checked, &project.path().join("releases")).unwrap();
    let source = &built.sources[0];
    assert_eq!(source.rows_in, source.kept, "every row is kept: {source:?}");
    let report = open_restricted(&built.written.dir).unwrap();
    as_by_hand(&report.figures);
    for measure in &report.measures {
        let is_about_missing = report.figures.iter().any(|figure| figure.measure == measure.id);
        match &measure.sufficiency {
            Sufficiency::CannotBeKnown { wanted } => {
                assert!(!is_about_missing, "{} has figures", measure.id);
                assert!(!wanted.is_empty(), "{} says which extract would answer it", measure.id);
            }
            _ => assert!(is_about_missing, "{} says it can be known and shows nothing", measure.id),
        }
    }
    let unassessed = report.measures.iter().find(|measure| measure.id == "unassessed_days").unwrap();
    assert_eq!(unassessed.sufficiency, Sufficiency::CannotBeKnown { wanted: vec!["risk assessments".to_owned()] });
}
