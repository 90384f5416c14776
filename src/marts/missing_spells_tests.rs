//! Merging, by hand: each test is one child's nights.

use super::super::frame::day_of;
use super::super::leaving::Reason;
use super::*;

fn on(text: &str) -> Day {
    day_of(text.parse().unwrap())
}

/// `2026-03-01 22:00` or, for a whole day, `2026-03-01`. Written in winter, so that local time is UTC.
fn moment(text: &str, last: bool) -> Moment {
    let (date, time) = text.split_once(' ').map_or((text, None), |(date, time)| (date, Some(time)));
    let at_ms = time.map(|time| {
        let (hours, minutes) = time.split_once(':').unwrap();
        i64::from(on(date)) * 24 * HOUR_MS
            + hours.parse::<i64>().unwrap() * HOUR_MS
            + minutes.parse::<i64>().unwrap() * 60_000
    });
    let moment = if last { last_moment(Some(on(date)), at_ms) } else { first_moment(Some(on(date)), at_ms) };
    moment.unwrap()
}

fn episode(agency: &str, start: &str, end: &str) -> Episode {
    let agency = Code::for_tests(agency);
    Episode { start: moment(start, false), end: (!end.is_empty()).then(|| moment(end, true)), agency, id: 0 }
}

/// Spells as `start..end`, or `start..open`, `start..left`, `start..?`.
fn merged(episodes: &[Episode], left: Left) -> Vec<String> {
    let spells = merge(episodes.to_vec(), left, on("2026-03-31"), &Definitions::default());
    let mut reversed = episodes.to_vec();
    reversed.reverse();
    assert_eq!(spells.len(), merge(reversed, left, on("2026-03-31"), &Definitions::default()).len());
    let text = |spell: &Spell| {
        let end = match spell.end {
            End::Returned(end) => date_of(end.on).format("%d").to_string(),
            End::Open => "open".into(),
            End::Left(day) => format!("left {}", date_of(day).format("%d")),
            End::Unknown => "?".into(),
        };
        format!("{}..{end}", date_of(spell.start.on).format("%d"))
    };
    spells.iter().map(text).collect()
}

#[test]
fn two_agencies_six_hours_apart_saw_one_spell() {
    let police = episode("police", "2026-03-01 20:00", "2026-03-02 01:00");
    assert_eq!(merged(&[police, episode("council", "2026-03-02 07:00", "2026-03-03 09:00")], None), ["01..03"]);
    assert_eq!(
        merged(&[police, episode("council", "2026-03-02 07:01", "2026-03-03 09:00")], None),
        ["01..02", "02..03"]
    );
    assert_eq!(
        merged(&[police, episode("police", "2026-03-02 07:00", "2026-03-03 09:00")], None),
        ["01..02", "02..03"]
    );
}

#[test]
fn dates_without_times_cover_their_whole_days() {
    let first = episode("council", "2026-03-01", "2026-03-03");
    assert_eq!(merged(&[first, episode("council", "2026-03-03", "2026-03-05")], None), ["01..05"]);
    assert_eq!(merged(&[first, episode("council", "2026-03-04", "2026-03-05")], None), ["01..03", "04..05"]);
}

#[test]
fn an_open_episode_is_open_until_something_later_is_recorded() {
    let open = episode("council", "2026-03-10", "");
    assert_eq!(merged(&[open], None), ["10..open"]);
    assert_eq!(merged(&[open, episode("council", "2026-03-20", "2026-03-21")], None), ["10..?", "20..21"]);
    assert_eq!(merged(&[open, episode("council", "2026-03-05", "2026-03-11")], None), ["05..11", "10..?"]);
    assert_eq!(merged(&[open, episode("council", "2026-03-05", "2026-03-06")], None), ["05..06", "10..open"]);
}

#[test]
fn an_unknown_end_joins_what_another_agency_saw() {
    let council = episode("council", "2026-03-10 08:00", "");
    let police = episode("police", "2026-03-11 08:00", "2026-03-12 10:00");
    assert_eq!(merged(&[council, police], None), ["10..12"]);
    let later = episode("police", "2026-03-11 08:01", "2026-03-12 10:00");
    assert_eq!(merged(&[council, later], None), ["10..?", "11..12"]);
}

#[test]
fn leaving_ends_what_is_open_and_nothing_starts_after() {
    let left = Some((on("2026-03-15"), Reason::Eighteen));
    let episodes = [episode("council", "2026-03-10", ""), episode("council", "2026-03-20", "2026-03-21")];
    assert_eq!(merged(&episodes, left), ["10..left 15"]);
}

#[test]
fn an_end_after_the_as_at_date_is_not_yet_known() {
    assert_eq!(merged(&[episode("council", "2026-03-30", "2026-04-02")], None), ["30..open"]);
}

#[test]
fn summer_time_begins_at_one_in_the_morning() {
    assert_eq!(midnight_ms(on("2026-03-30")) - midnight_ms(on("2026-03-29")), 23 * HOUR_MS);
    assert_eq!(midnight_ms(on("2026-10-26")) - midnight_ms(on("2026-10-25")), 25 * HOUR_MS);
}
