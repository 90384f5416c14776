//! Miniature workforces, worked out by hand.

use chrono::NaiveDate;

use super::*;
use crate::disclosure::Policy;
use crate::release::{Staff, Workforce, protect_workforce};

const VALID_DAYS: u32 = 730;

fn on(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

fn heads(agency: &str, role: &str, month: &str, people: u64) -> Headcount {
    Headcount { agency: agency.into(), role: role.into(), month_on: on(month), people }
}

fn course(role: &str, person: i64, completed: &str, expires: Option<&str>) -> Training {
    Training {
        agency: "council".into(),
        role: role.into(),
        person,
        completed_on: on(completed),
        expires_on: expires.map(on),
        grade: None,
        audited_on: None,
    }
}

fn audited(mut training: Training, grade: u8, date: &str) -> Training {
    training.grade = Some(grade);
    training.audited_on = Some(on(date));
    training
}

fn counted(headcounts: &[Headcount], trainings: &[Training]) -> Workforce {
    workforce(headcounts, trainings, on("2026-10-31"), VALID_DAYS)
}

#[test]
fn training_that_expires_on_the_day_is_in_date_and_falls_out_the_day_after() {
    let workforce = counted(
        &[heads("council", "social_worker", "2026-10-01", 20)],
        &[
            course("social_worker", 1, "2024-10-31", Some("2026-10-31")), // in date today, out tomorrow
            course("social_worker", 2, "2024-10-30", Some("2026-10-30")), // out since today
            course("social_worker", 3, "2025-02-01", None),               // 730 days: to 1 February 2027
            course("social_worker", 4, "2025-01-30", Some("2027-01-30")), // last day within three months
            course("social_worker", 5, "2026-11-01", Some("2028-11-01")), // not yet taken
        ],
    );
    let role = &workforce.roles[0];
    assert_eq!((role.headcount, role.trained, role.expiring), (Staff::People(20), Staff::People(3), Staff::People(2)));
    assert_eq!(workforce.expiring_to, on("2027-01-30"), "31 January is the first day three months on");
    let months: Vec<_> = workforce.expiring.iter().map(|one| (one.month.to_string(), one.people)).collect();
    assert_eq!(
        months,
        [
            ("2026-11".to_owned(), Staff::People(1)),
            ("2026-12".to_owned(), Staff::People(0)),
            ("2027-01".to_owned(), Staff::People(1)),
        ]
    );
}

#[test]
fn a_renewal_keeps_a_person_in_date_and_counts_them_once() {
    let workforce = counted(
        &[heads("council", "social_worker", "2026-10-01", 20)],
        &[
            course("social_worker", 1, "2024-11-30", Some("2026-11-30")),
            course("social_worker", 1, "2026-09-01", Some("2028-09-01")),
        ],
    );
    let role = &workforce.roles[0];
    assert_eq!((role.trained, role.expiring, role.attended), (Staff::People(1), Staff::People(0), Staff::People(1)));
}

#[test]
fn a_person_in_two_roles_counts_in_each_as_the_headcount_does() {
    let workforce = counted(
        &[heads("council", "social_worker", "2026-10-01", 20), heads("council", "youth_worker", "2026-10-01", 8)],
        &[course("social_worker", 1, "2026-01-01", None), course("youth_worker", 1, "2026-01-01", None)],
    );
    let trained: Vec<Staff> = workforce.roles.iter().map(|role| role.trained).collect();
    assert_eq!(trained, [Staff::People(1), Staff::People(1)]);
}

#[test]
fn a_missing_headcount_is_not_known_and_not_last_months() {
    let workforce = counted(
        &[heads("council", "social_worker", "2026-09-01", 20)],
        &[course("social_worker", 1, "2026-01-01", None), course("chaplain", 2, "2026-01-01", None)],
    );
    assert_eq!((workforce.roles[0].headcount, workforce.roles[0].trained), (Staff::NotKnown, Staff::People(1)));
    assert_eq!((workforce.roles.len(), workforce.roles_not_counted), (1, 1), "nobody counted chaplains");
}

#[test]
fn the_latest_audit_of_a_person_counts_once() {
    let workforce = counted(
        &[heads("council", "social_worker", "2026-10-01", 20)],
        &[
            audited(course("social_worker", 1, "2025-12-01", None), 2, "2026-02-01"),
            audited(course("social_worker", 1, "2026-05-01", None), 3, "2026-08-01"),
            audited(course("social_worker", 2, "2026-05-01", None), 2, "2026-08-01"),
            audited(course("social_worker", 3, "2025-05-01", None), 4, "2025-10-31"), // a year and a day ago
        ],
    );
    assert_eq!((workforce.roles[0].audited, workforce.roles[0].applied), (Staff::People(2), Staff::People(1)));
}

#[test]
fn a_small_role_is_withheld_and_does_not_stand_alone() {
    let people = |role: &'static str, from: i64, count: i64| {
        (from..from + count).map(move |person| course(role, person, "2026-01-01", None))
    };
    let headcounts = [
        heads("council", "chaplain", "2026-10-01", 4),
        heads("council", "social_worker", "2026-10-01", 60),
        heads("council", "youth_worker", "2026-10-01", 20),
    ];
    let trainings: Vec<Training> = people("chaplain", 0, 2)
        .chain(people("social_worker", 100, 30))
        .chain(people("youth_worker", 200, 10))
        .collect();
    let shown = protect_workforce(Policy::default(), counted(&headcounts, &trainings));
    let told: Vec<_> = shown.roles.iter().map(|role| (role.role.as_str(), role.headcount, role.trained)).collect();
    assert_eq!(
        told,
        [
            ("chaplain", Staff::Withheld, Staff::Withheld),
            ("social_worker", Staff::People(60), Staff::People(30)),
            ("youth_worker", Staff::Withheld, Staff::Withheld), // else the agency's whole would give the chaplains
        ]
    );
    let whole = counted(&headcounts[1..], &trainings);
    assert!(protect_workforce(Policy::default(), whole).roles.iter().all(|role| role.trained != Staff::Withheld));
}
