//! A sender's extracts from one month to the next, small enough to work out by hand.

use super::*;
use crate::config::Drift;
use crate::domain::{Definitions, Month};
use crate::ingest::{Keyed, Table};

const KEY: &str = "k";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn number(text: &str) -> i32 {
    crate::marts::day_of(day(text))
}

/// The police's episodes in an extract cut on a day, with these rows.
fn extract(cut_on: &str, keys: impl IntoIterator<Item = (u64, i32)>) -> Shape {
    let mut keys: Vec<Keyed> = keys.into_iter().map(|(key, on)| Keyed { key, on: Some(on) }).collect();
    keys.sort();
    Shape {
        source: "police-missing".to_owned(),
        table: "missing_episodes".to_owned(),
        gives: vec![Table::MissingEpisodes],
        cut_on: day(cut_on),
        rows: keys.len() as u64,
        columns: ["episode_id", "child_id", "kind"].map(str::to_owned).to_vec(),
        codes: BTreeMap::from([("kind".to_owned(), BTreeSet::from([1, 2]))]),
        keys,
        recorded: Vec::new(),
    }
}

fn rows(numbers: std::ops::Range<u64>) -> impl Iterator<Item = (u64, i32)> {
    numbers.map(|key| (key, 0))
}

fn after(shapes: &[Shape]) -> State {
    shapes.iter().fold(State::default(), |state, shape| state.after(KEY, std::slice::from_ref(shape)))
}

fn says(state: &State, shape: &Shape) -> String {
    let held = drift(state, KEY, std::slice::from_ref(shape), Drift::default());
    held.iter().map(|problem| format!("{} {}\n", problem.rule, problem.says)).collect()
}

#[test]
fn a_month_more_of_the_same_is_not_held() {
    let before = after(&[extract("2026-09-30", rows(0..100))]);
    assert_eq!(says(&State::default(), &extract("2026-09-30", rows(0..100))), "", "there was no build before");
    assert_eq!(says(&before, &extract("2026-10-31", rows(3..130))), "");
    assert_eq!(says(&before, &extract("2026-10-31", rows(0..4))).lines().count(), 2, "few rows, few of the same");
}

#[test]
fn an_extract_sent_again_under_a_later_cut_date_is_held() {
    let september = |keys: std::ops::Range<u64>| keys.map(|key| (key, number("2026-09-01") + (key % 30) as i32));
    let before = after(&[extract("2026-09-30", september(0..60))]);
    let says_now = says(&before, &extract("2026-10-31", september(0..60)));
    assert!(says_now.contains("X09") && says_now.contains("has nothing after 30 September 2026"), "{says_now}");
    let one_more = september(0..60).chain([(60, number("2026-10-09"))]);
    assert_eq!(says(&before, &extract("2026-10-31", one_more)), "");
    assert_eq!(says(&before, &extract("2026-09-30", september(0..60))), "", "it is not said to reach further");
    let quiet = (0..3).map(|key| (key, number("2026-09-09")));
    assert_eq!(
        says(&after(&[extract("2026-09-30", quiet.clone())]), &extract("2026-10-31", quiet)),
        "",
        "few at any time"
    );
}

#[test]
fn columns_added_removed_and_renamed_are_told() {
    let before = after(&[extract("2026-09-30", rows(0..100))]);
    let mut now = extract("2026-10-31", rows(0..100));
    now.columns = ["episode_id", "nominal", "kind"].map(str::to_owned).to_vec();
    assert_eq!(
        says(&before, &now),
        "X03 table `missing_episodes` is held: column `child_id` seems to be called `nominal` now\n"
    );
    now.columns = ["child_id", "kind", "officer", "episode_number"].map(str::to_owned).to_vec();
    assert_eq!(
        says(&before, &now),
        "X02 table `missing_episodes` is held: column `episode_id` is no longer there\n\
         X01 table `missing_episodes` is held: column `episode_number` is new\n\
         X01 table `missing_episodes` is held: column `officer` is new\n"
    );
}

#[test]
fn new_codes_many_rows_and_other_rows_are_told_without_a_value() {
    let before = after(&[extract("2026-09-30", rows(0..100))]);
    let mut now = extract("2026-10-31", rows(30..161));
    now.codes.get_mut("kind").unwrap().insert(3);
    assert_eq!(
        says(&before, &now),
        "X04 table `missing_episodes` is held: column `kind` has a code not seen before\n\
         X05 table `missing_episodes` is held: it had 100 rows at the last build and has 131 now (limit: 30 % more or fewer)\n\
         X06 table `missing_episodes` is held: of the rows that the last build saw 70 % are still there (limit: 80 %)\n"
    );
    // 130 rows are 30 % more and not above it; 80 of 100 are still there and not below it.
    assert_eq!(says(&before, &extract("2026-10-31", rows(20..150))), "");
    // Once accepted it is what the next is compared with.
    let accepted = before.after(KEY, &[now.clone()]);
    assert_eq!(says(&accepted, &now), "");
}

#[test]
fn an_older_extract_is_neither_held_nor_remembered() {
    let before = after(&[extract("2026-09-30", rows(0..100))]);
    let older = extract("2026-08-31", rows(0..50));
    assert_eq!(says(&before, &older), "");
    assert_eq!(before.after(KEY, &[older]), before);
}

#[test]
fn a_table_no_longer_sent_and_another_key_are_told() {
    let mut other = extract("2026-09-30", rows(0..10));
    other.table = "risk_signals".to_owned();
    let before = State::default().after(KEY, &[extract("2026-09-30", rows(0..10)), other]);
    assert_eq!(
        says(&before, &extract("2026-10-31", rows(0..10))),
        "X08 table `risk_signals` is held: it is no longer sent\n"
    );
    let held = drift(&before, "another", &[extract("2026-10-31", rows(0..10))], Drift::default());
    assert_eq!(held.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["X07"]);
}

#[test]
fn what_leaves_an_extract_leaves_the_state_and_a_row_keeps_the_day_it_was_first_seen() {
    let state = after(&[extract("2026-08-31", rows(0..3)), extract("2026-09-30", rows(1..5))]);
    let known = state.tables.values().next().unwrap();
    let seen: Vec<(u64, String)> = known.first_seen.iter().map(|(key, on)| (*key, on.to_string())).collect();
    let (august, september) = ("2026-08-31".to_owned(), "2026-09-30".to_owned());
    assert_eq!(seen, [(1, august.clone()), (2, august), (3, september.clone()), (4, september)]);
}

#[test]
fn a_sample_of_hashes_judges_only_what_both_builds_kept() {
    let many = crate::ingest::KEYS_KEPT as u64;
    // The first build kept the 8,192 smallest of all; the second, of half as many rows, all of its own.
    let before = after(&[extract("2026-09-30", rows(0..many))]);
    let now = extract("2026-10-31", (0..many / 2).map(|key| (key * 3, 0)));
    let overlap = says(&before, &now);
    assert!(overlap.contains("of the rows that the last build saw 33 % are still there"), "{overlap}");
    // Beyond the kept hashes nothing is known, so a row there is not called new.
    let known = before.after(KEY, &[now]).tables.into_values().next().unwrap();
    assert!(known.first_seen.values().all(|on| *on == day("2026-09-30")));
}

#[test]
fn it_is_written_for_its_owner_alone_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let state = after(&[extract("2026-08-31", rows(0..3)), extract("2026-09-30", rows(1..5))]);
    let place = folder.path().join(FOLDER);
    state.write(&place).unwrap();
    assert_eq!(read(&place).unwrap(), state);
    assert_eq!(read(&folder.path().join("none")).unwrap(), State::default());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.join("extracts.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::write(place.join("extracts.json"), "{").unwrap();
    assert!(read(&place).unwrap_err().to_string().starts_with("cannot read"));
}

/// Two events on each of these days: one recorded at once, the other `late` days after.
fn recorded(from: &str, to: &str, late: i32, cut_on: &str) -> Shape {
    let days = number(from)..=number(to);
    let pairs = days.flat_map(|on| [(on, on), (on, on + late)]).filter(|(_, recorded)| *recorded <= number(cut_on));
    Shape { recorded: pairs.collect(), ..extract(cut_on, rows(0..1)) }
}

#[test]
fn a_month_is_complete_once_enough_of_it_is_expected_to_have_arrived() {
    // Half of all records take ten days: at the cut date on 31 October half of the last ten days' are to come.
    let shape = recorded("2026-06-01", "2026-10-31", 10, "2026-10-31");
    let arrived = arrived(&after(std::slice::from_ref(&shape)), &[shape], &Definitions::default(), day("2026-10-31"));
    let told = &arrived.reporting["police-missing"][0];
    assert_eq!(told.measured_by, "recorded_on");
    let curve: Vec<(u32, f64)> = told.curve.iter().map(|point| (point.days, point.share)).collect();
    assert_eq!(curve[3..6], [(7, 0.5), (14, 1.0), (28, 1.0)]);
    // October: 21 days whole and 10 half arrived: 26 of 31. Its 52 rows will come to 62.
    let october = told.months.last().unwrap();
    assert_eq!((october.reported, october.expected_share, october.nowcast), (Some(52), 0.839, Some(62.0)));
    let complete = arrived.complete_to[&("police-missing".to_owned(), Table::MissingEpisodes)];
    assert_eq!(complete, Month::new(2026, 9));
}

#[test]
fn a_late_cut_date_makes_the_month_complete() {
    let shape = recorded("2026-06-01", "2026-10-31", 10, "2026-11-10");
    let arrived = arrived(&after(std::slice::from_ref(&shape)), &[shape], &Definitions::default(), day("2026-11-10"));
    let complete = arrived.complete_to[&("police-missing".to_owned(), Table::MissingEpisodes)];
    assert_eq!(complete, Month::new(2026, 10));
}

#[test]
fn few_records_tell_nothing() {
    let shape = recorded("2026-10-01", "2026-10-20", 1, "2026-10-31");
    let arrived = arrived(&after(std::slice::from_ref(&shape)), &[shape], &Definitions::default(), day("2026-10-31"));
    assert_eq!(arrived, Arrived::default());
}

#[test]
fn successive_builds_tell_how_late_rows_come() {
    // Extracts at each month's end; of two events a day the second comes with the next extract only.
    let cuts = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"];
    let events: Vec<(u64, i32)> = (number("2026-08-01")..=number("2026-10-31"))
        .flat_map(|on| [(on as u64 * 2, on), (on as u64 * 2 + 1, on)])
        .collect();
    let extracts = cuts.map(|cut| {
        let before = cuts.iter().rev().find(|earlier| **earlier < cut).map_or(0, |earlier| number(earlier));
        let there = events.iter().filter(|(key, on)| *on <= number(cut) && (key % 2 == 0 || *on <= before));
        extract(cut, there.copied())
    });
    let state = after(&extracts);
    let last = extracts.last().unwrap().clone();
    let arrived = arrived(&state, &[last], &Definitions::default(), day("2026-10-31"));
    let told = &arrived.reporting["police-missing"][0];
    assert_eq!(told.measured_by, "first_seen");
    // August and September: 61 events came in time, 61 with the next extract. Of October's none can be told late yet.
    assert_eq!(told.events, Some(61 + 61 + 31));
    assert!(told.months.last().unwrap().expected_share < 0.75, "{told:?}");
    let complete = arrived.complete_to[&("police-missing".to_owned(), Table::MissingEpisodes)];
    assert!(complete < Month::new(2026, 10), "October is not complete: {complete:?}");
}
