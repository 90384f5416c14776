//! A partnership's releases over a few builds: the same again, late data, a kill at every point, a changed byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use super::faults::Faults;
use super::write::{sweep, write_new};
use super::*;
use crate::disclosure::{Contributors, ExactFigure, Policy};
use crate::domain::{Count, CountKind, Dimension, Figure, Month, Period, Relation, Symbol, Unit};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn measure(id: &str) -> Measure {
    Measure {
        id: id.to_owned(),
        title: "Missing now".to_owned(),
        question: "How many children are missing?".to_owned(),
        theme: "missing".to_owned(),
        kind: Kind::Outcome,
        explains: None,
        better: Better::Lower,
        shape: Shape::Stock,
        unit: Unit::Children,
        headline_part: None,
        sentence: "{value} children are missing".to_owned(),
        definition: "children missing at the month's end".to_owned(),
        numerator: "children".to_owned(),
        denominator: "none".to_owned(),
        parts: Vec::new(),
        dimensions: vec![Dimension::Locality],
        relations: Vec::new(),
        rules: Vec::new(),
        smallest_shown: None,
        ask: "Where are they?".to_owned(),
        cannot_tell: "Those nobody reported".to_owned(),
        source: "guidance".to_owned(),
        owner: "analyst".to_owned(),
        reviewed_on: day("2026-01-01"),
        method: "count".to_owned(),
        sql: "SELECT child_id FROM missing_spells".to_owned(),
        needs: vec!["missing_spells".to_owned()],
        sources: Vec::new(),
        horizon_days: 0,
        chart: ControlChart::Auto,
        signal_on: SignalOn::Month,
        target: None,
        sufficiency: Sufficiency::Sufficient,
    }
}

fn figure(level: &str, count: u32) -> ExactFigure {
    let dimension = if level == "total" { Dimension::Total } else { Dimension::Locality };
    ExactFigure {
        figure: Figure {
            measure: "missing_now".to_owned(),
            period: Period::Month(Month::new(2026, 10).unwrap()),
            dimension,
            level: level.to_owned(),
            numerator: Some(i64::from(count)),
            denominator: None,
            value: Some(f64::from(count)),
            lower: Some(1.0 / 3.0),
            upper: None,
            unit: Unit::Children,
            symbol: None,
            provisional: false,
        },
        contributors: Contributors { numerator_children: count, ..Contributors::default() },
    }
}

/// East, north and west; the police's rows by their hash.
fn draft(counts: [u32; 3], police: &str) -> Draft {
    let [east, north, west] = counts;
    Draft {
        support: Vec::new(),
        about: About {
            partnership: "Northmoor Safeguarding Children Partnership".to_owned(),
            area: "Northmoor".to_owned(),
            as_at: day("2026-10-31"),
            month: Month::new(2026, 10).unwrap(),
            sample: true,
            policy: String::new(),
            public: false,
            definitions: vec![Definition {
                name: "missing_again_days".to_owned(),
                value: "28".to_owned(),
                decides: "how soon is again".to_owned(),
            }],
            links: vec![LinkRate {
                agency: "police".to_owned(),
                identifiers: Some(100),
                linked: Some(97),
                own_identifiers: false,
            }],
            events: Vec::new(),
        },
        measures: vec![measure("missing_now")],
        sources: vec![Source {
            name: "police".to_owned(),
            agency: "police".to_owned(),
            format: "native".to_owned(),
            tables: vec!["missing_episodes".to_owned()],
            data_to: day("2026-10-31"),
            latest_event: Month::new(2026, 10),
            data_from: None,
            reporting: Vec::new(),
            cadence: None,
            due_on: None,
            late_by_days: None,
            owner_role: None,
            rows_in: Some(103),
            kept: Some(100),
            quarantined: Some(3),
            dropped: Some(0),
            findings: vec![RuleCount {
                rule: "M567".to_owned(),
                says: "end before start".to_owned(),
                outcome: "quarantined".to_owned(),
                rows: Some(3),
            }],
            completeness: BTreeMap::from([
                ("missing_episodes.ended_on".to_owned(), 0.98),
                ("missing_episodes.place".to_owned(), 2.0 / 3.0),
            ]),
        }],
        plan: None,
        workforce: None,
        findings: Vec::new(),
        residents: Vec::new(),
        published: None,
        figures: vec![
            figure("west", west),
            figure("total", east + north + west),
            figure("=east", east),
            figure("north", north),
        ],
        policy: Policy::Dfe,
        public: None,
        approval: None,
        interval: |_| None,
        readings: BTreeMap::new(),
        inputs: BTreeMap::from([("police".to_owned(), police.to_owned())]),
    }
}

fn first() -> Draft {
    draft([3, 20, 9], "aa")
}

fn later() -> Draft {
    draft([3, 25, 9], "bb")
}

/// East 3, north 20, west 9, and of the 9 of the west how many were asked: all.
fn with_the_asked(relations: Vec<Relation>) -> Draft {
    let mut draft = first();
    draft.measures.push(Measure { relations, shape: Shape::Proportion, unit: Unit::Proportion, ..measure("asked") });
    let asked = figure("west", 9);
    draft.figures.push(ExactFigure {
        figure: Figure {
            measure: "asked".to_owned(),
            denominator: Some(9),
            value: Some(1.0),
            unit: Unit::Proportion,
            ..asked.figure
        },
        contributors: Contributors { denominator_children: 9, ..asked.contributors },
    });
    draft
}

#[test]
fn a_number_that_another_measure_shows_is_known_where_this_one_withholds_it() {
    let count = |measure: &str, kind| Count { measure: Some(measure.to_owned()), part: String::new(), kind };
    let relation = Relation::KnownElsewhere {
        counts: vec![count("missing_now", CountKind::Numerator), count("asked", CountKind::Denominator)],
    };
    // With 32 and 20 shown, and the 9 that is withheld beside the 3 shown as those asked, the east is 32 - 20 - 9 = 3.
    let tells = |relations: Vec<Relation>| {
        let folder = tempfile::tempdir().unwrap();
        let dir = write(folder.path(), with_the_asked(relations)).unwrap().dir;
        assert!(audit(&dir, Protected::Board, &BTreeMap::new()).unwrap().passed());
        let board = open_board(&dir).unwrap();
        let is_shown = |measure: &str, level: &str| {
            board.figures.iter().any(|one| one.measure == measure && one.level == level && one.symbol.is_none())
        };
        is_shown("missing_now", "total") && is_shown("missing_now", "north") && is_shown("asked", "west")
    };
    assert!(tells(Vec::new()), "nobody says that it is the same number");
    assert!(!tells(vec![relation.clone()]));
    let folder = tempfile::tempdir().unwrap();
    let older = write(folder.path(), with_the_asked(Vec::new())).unwrap().dir;
    let today = BTreeMap::from([("asked".to_owned(), vec![relation])]);
    assert!(
        !audit(&older, Protected::Board, &today).unwrap().passed(),
        "a release made before that was known is found"
    );
}

/// Every file beneath a folder with its bytes.
fn bytes_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(bytes_in(&path));
        } else {
            files.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    files
}

#[test]
fn a_release_reads_back_in_two_editions() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(folder.path(), first()).unwrap();
    assert!(written.new && written.newest);
    assert_eq!(written.name.len(), "2026-10-31-0123456789ab".len());
    let restricted = open_restricted(&written.dir).unwrap();
    let exact: Vec<_> = restricted.figures.iter().map(|figure| (figure.level.as_str(), figure.numerator)).collect();
    assert_eq!(exact, [("total", Some(32)), ("=east", Some(3)), ("north", Some(20)), ("west", Some(9))]);
    assert_eq!(restricted.figures[0].lower, Some(0.333_333));
    let board = open_board(&written.dir).unwrap();
    let shown: Vec<_> = board.figures.iter().map(|figure| (figure.numerator, figure.symbol)).collect();
    let hidden = (None, Some(Symbol::Confidential));
    assert_eq!(shown, [(Some(32), None), hidden, (Some(20), None), hidden]);
    assert_ne!(board.id, restricted.id);
    let verified = verify(&written.dir).unwrap();
    assert_eq!((verified.board_figures, verified.restricted_figures), (4, 4));
}

#[test]
fn row_counts_and_link_rates_pass_disclosure_too() {
    let folder = tempfile::tempdir().unwrap();
    let dir = write(folder.path(), first()).unwrap().dir;
    let board = open_board(&dir).unwrap();
    let police = &board.sources[0];
    assert_eq!((police.rows_in, police.kept, police.quarantined, police.dropped), (Some(103), None, None, Some(0)));
    assert_eq!(police.findings[0].rows, None);
    assert!(police.completeness.is_empty(), "with the kept rows hidden a share would tell them");
    assert_eq!((board.about.links[0].identifiers, board.about.links[0].linked), (Some(100), None));
    let exact = open_restricted(&dir).unwrap();
    assert_eq!((exact.sources[0].quarantined, exact.about.links[0].linked), (Some(3), Some(97)));
}

#[test]
fn the_same_content_gives_the_same_bytes_and_is_not_written_twice() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first_written = write(one.path(), first()).unwrap();
    let mut shuffled = first();
    shuffled.figures.reverse();
    let second_written = write(two.path(), shuffled).unwrap();
    let strip = |folder: &Path| -> Vec<Vec<u8>> { bytes_in(folder).into_values().collect() };
    assert_eq!(strip(one.path()), strip(two.path()));
    assert_eq!(first_written.name, second_written.name);
    let again = write(one.path(), first()).unwrap();
    assert_eq!((again.new, again.newest, &again.name), (false, true, &first_written.name));
}

#[test]
fn what_is_hidden_leaves_no_trace_on_the_board_edition() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // East and west change places: 3 + 9 = 4 + 8, both hidden.
    let a = write(one.path(), draft([3, 20, 9], "aa")).unwrap();
    let b = write(two.path(), draft([4, 20, 8], "bb")).unwrap();
    let board = |written: &Written| -> Vec<Vec<u8>> { bytes_in(&written.dir.join("board")).into_values().collect() };
    assert_eq!(board(&a), board(&b));
    assert_ne!(a.name, b.name);
}

#[test]
fn the_last_built_of_one_date_is_the_newest_until_it_is_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(folder.path(), first()).unwrap();
    let two = write(folder.path(), later()).unwrap();
    let newest = || newest_verified(folder.path()).unwrap().map(|release| release.name);
    assert_eq!(newest(), Some(two.name.clone()));
    let again = write(folder.path(), first()).unwrap();
    assert_eq!((again.new, again.newest), (false, false));
    withdraw(&two.dir, "police sent the wrong file").unwrap();
    assert_eq!(newest(), Some(one.name));
    let listed = list(folder.path()).unwrap();
    assert_eq!(listed.len(), 2);
    let reason = "police sent the wrong file".to_owned();
    assert_eq!(listed[0].state, State::Withdrawn { reason });
    assert!(verify(&two.dir).is_ok(), "it is kept as it was");
}

#[test]
fn nothing_is_published_beside_a_release_that_cannot_be_read() {
    for part in ["manifest.json", "board/report.json", "board/figures.csv"] {
        let folder = tempfile::tempdir().unwrap();
        let before = write(folder.path(), first()).unwrap().dir;
        fs::write(before.join(part), "{}").unwrap();
        let refused = write(folder.path(), later()).unwrap_err().to_string();
        let name = before.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            refused.contains("so nothing can be audited beside it") && refused.contains(&name),
            "{part}: {refused}"
        );
        assert!(refused.contains("hint: restore it from a copy or move it away"), "{part}: {refused}");
        fs::remove_dir_all(&before).unwrap();
        assert!(write(folder.path(), later()).is_ok(), "{part}: moved away");
    }
}

#[test]
fn stopped_at_any_point_the_old_release_or_the_new_one_is_whole() {
    let mut finished = false;
    for point in 1..200 {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path(), first()).unwrap();
        let outcome =
            write_new(folder.path(), editions::make(later(), |_| Ok(Vec::new())).unwrap(), &mut Faults::at(point));
        let listed = list(folder.path()).unwrap();
        assert!(listed.iter().all(|release| release.state == State::Verified), "stopped at {point}");
        let newest = newest_verified(folder.path()).unwrap().unwrap();
        assert!(newest.name == old.name || listed.len() == 2, "stopped at {point}");
        finished = outcome.is_ok();
        // The next build sweeps up and ends as if nothing had happened.
        let next = write(folder.path(), later()).unwrap();
        assert!(next.newest);
        let clean: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(".writing"))
            .collect();
        assert!(clean.is_empty(), "stopped at {point}");
        if finished {
            assert!(point > 15, "only {point} points");
            break;
        }
    }
    assert!(finished);
}

#[test]
fn a_full_disk_is_said_and_the_old_release_stays() {
    let full =
        ReleaseError::files("write", Path::new("releases"))(std::io::Error::from(std::io::ErrorKind::StorageFull));
    assert!(full.to_string().starts_with("no room left on the disk"));
}

#[test]
fn any_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let dir = write(folder.path(), first()).unwrap().dir;
    for path in
        ["manifest.json", "board/report.json", "board/figures.csv", "restricted/report.json", "restricted/figures.csv"]
    {
        let path = dir.join(path);
        let whole = fs::read(&path).unwrap();
        for place in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert!(verify(&dir).is_err(), "{} at {place}", path.display());
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(verify(&dir).is_err());
        fs::remove_file(&path).unwrap();
        assert!(verify(&dir).is_err());
        assert!(newest_verified(folder.path()).unwrap().is_none());
        fs::write(&path, &whole).unwrap();
    }
    verify(&dir).unwrap();
    fs::write(dir.join("board/notes.txt"), "x").unwrap();
    assert_eq!(verify(&dir).unwrap_err(), ["board/notes.txt does not belong to the release"]);
}

#[test]
fn the_board_edition_opens_without_the_restricted_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = write(folder.path(), first()).unwrap().dir;
    fs::remove_dir_all(dir.join("restricted")).unwrap();
    assert!(open_board(&dir).is_ok());
    assert!(open_restricted(&dir).is_err());
}

#[test]
fn a_comparison_says_what_moved_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), first()).unwrap();
    let new = write(folder.path(), later()).unwrap();
    let late = compare(&old.dir, &new.dir, false).unwrap();
    assert_eq!((late.added.len(), late.removed.len(), late.changed.len()), (0, 0, 2));
    let text = late.to_string();
    assert!(text.contains("missing_now 2026-10 total total: 32 -> 37 (input changed: police)"), "{text}");
    let mut redefined = later();
    redefined.measures[0].sql.push_str(" WHERE 1 = 1");
    redefined.figures.pop();
    let redefined = write(folder.path(), redefined).unwrap();
    let comparison = compare(&new.dir, &redefined.dir, true).unwrap();
    assert_eq!(comparison.removed.len(), 1);
    assert_eq!(comparison.removed[0].because, [Reason::DefinitionChanged]);
    let mut read_otherwise = later();
    read_otherwise.readings = BTreeMap::from([("police".to_owned(), "columns as they are".to_owned())]);
    let mut as_before = first();
    as_before.readings = BTreeMap::from([("police".to_owned(), "columns by other names".to_owned())]);
    let reasons_of = |draft: &Draft| {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) =
            (write(folder.path(), as_before.clone()).unwrap(), write(folder.path(), draft.clone()).unwrap());
        compare(&old.dir, &new.dir, false).unwrap().changed[0].because.clone()
    };
    let police = || vec!["police".to_owned()];
    assert_eq!(reasons_of(&read_otherwise), [Reason::InputChanged(police()), Reason::ReadOtherwise(police())]);
    // A source that a measure does not rest on has not moved it.
    read_otherwise.measures.iter_mut().for_each(|measure| measure.sources = vec!["council".to_owned()]);
    assert_eq!(reasons_of(&read_otherwise), []);
    let same = compare(&old.dir, &old.dir, false).unwrap();
    assert!(same.to_string().ends_with("no figure differs\n"));
    serde_json::to_string(&comparison).unwrap();
}

#[test]
fn two_figures_for_one_place_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut twice = first();
    twice.figures.push(figure("north", 20));
    let error = write(folder.path(), twice).unwrap_err().to_string();
    assert_eq!(error, "measure `missing_now`: two figures for locality north 2026-10");
    let mut endless = first();
    endless.figures[0].figure.value = Some(f64::INFINITY);
    assert!(write(folder.path(), endless).is_err());
    assert!(list(folder.path()).unwrap().is_empty());
}

#[test]
fn two_builds_at_once_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let lock = fs::File::create(folder.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(write(folder.path(), first()), Err(ReleaseError::Busy { .. })));
    drop(lock);
    assert!(write(folder.path(), first()).is_ok());
    sweep(folder.path()).unwrap();
}

#[test]
fn exports_are_tidy_and_inert() {
    let folder = tempfile::tempdir().unwrap();
    let dir = write(folder.path(), first()).unwrap().dir;
    let report = open_board(&dir).unwrap();
    let mut text = Vec::new();
    export::csv(&report.figures, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "measure,period,dimension,level,numerator,denominator,value,lower,upper,unit,symbol,provisional"
    );
    assert_eq!(lines[1], "missing_now,2026-10,total,total,32,,32,0.333,,children,,false");
    assert_eq!(lines[2], "missing_now,2026-10,locality,'=east,,,,,,children,c,false");
    let json = export::json(&report, &export::of_measure(&report, Some("missing_now")));
    assert_eq!(json["figures"].as_array().unwrap().len(), 4);
    assert_eq!(json["release"]["edition"], "board");
    assert!(export::of_measure(&report, Some("other")).is_empty());
    assert!(export::COLUMNS.into_iter().all(|column| export::column(column).is_some()));
    assert_eq!(export::column("value").unwrap().0, "number");
}

#[test]
fn a_workbook_of_the_same_figures_has_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let dir = write(folder.path(), first()).unwrap().dir;
    let report = open_board(&dir).unwrap();
    let one = export::xlsx(&report, &report.figures).unwrap();
    let two = export::xlsx(&report, &report.figures).unwrap();
    assert_eq!(one, two);
    assert!(one.starts_with(b"PK") && one.len() > 5_000);
    assert!(export::xlsx(&report, &[]).is_ok());
}
