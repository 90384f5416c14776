//! A small plan, workforce and list of findings for tests of pages.

use chrono::NaiveDate;

use super::{Listed, RecordedChange, Settings};
use crate::release::{
    Action, ActionStatus, AnsweredBy, Expected, ExpiringMonth, InspectionFinding, Plan, RoleCoverage, Staff, Workforce,
};

fn on(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

/// Four actions as at a day: re-dated and open, done late, overdue, withdrawn.
pub(crate) fn plan(as_at: NaiveDate) -> Plan {
    let one = |id: &str, due: &str, done: Option<&str>, status: ActionStatus| Listed {
        action: Action {
            id: id.into(),
            title: format!("Step {id} <of> the plan"),
            finding: Some("F1".into()),
            agency: "council".into(),
            owner_role: (id != "A/3").then(|| "Missing coordinator".into()),
            agreed_on: on("2025-06-01"),
            original_due_on: on(due),
            due_on: on(due),
            started_on: None,
            completed_on: done.map(on),
            evidenced_on: None,
            evidence: None,
            withdrawn_on: None,
            status,
            measures: vec!["missing_again".into(), "no_such_measure".into()],
            expected: Some(Expected::Down),
            redatings: Vec::new(),
            original_overwritten: false,
        },
        key: id.into(),
        recorded: Vec::new(),
        seen: Vec::new(),
    };
    let mut moved = one("A1", "2025-12-31", None, ActionStatus::InProgress);
    moved.recorded = vec![RecordedChange { on: on("2025-12-20"), from: Some(on("2025-12-31")), to: on("2027-03-31") }];
    moved.action.due_on = on("2027-03-31");
    let listed = vec![
        moved,
        one("A2", "2025-12-31", Some("2026-02-10"), ActionStatus::Completed),
        one("A/3", "2026-06-30", None, ActionStatus::NotStarted),
        one("A4", "2026-06-30", None, ActionStatus::Withdrawn),
    ];
    let settings = Settings { history_weeks: 26, adoption_days: 91, counts_evidence: false };
    super::plan(listed, Vec::new(), &[], as_at, settings)
}

/// Two roles of one agency, one of them withheld, and one of another without a headcount.
pub(crate) fn workforce(counted_on: NaiveDate) -> Workforce {
    let role = |agency: &str, role: &str, headcount: Staff, trained: Staff| RoleCoverage {
        agency: agency.into(),
        role: role.into(),
        headcount,
        trained,
        expiring: Staff::People(0),
        audited: Staff::People(20),
        applied: Staff::People(12),
        attended: Staff::People(9),
    };
    let month = crate::domain::Month::of(counted_on);
    Workforce {
        counted_on,
        expiring_to: month.plus(3).last_on(),
        roles: vec![
            role("council", "social_worker", Staff::People(60), Staff::People(21)),
            role("council", "youth_worker", Staff::Withheld, Staff::Withheld),
            role("police", "response_officer", Staff::NotKnown, Staff::People(30)),
        ],
        expiring: (1..=3).map(|ahead| ExpiringMonth { month: month.plus(ahead), people: Staff::People(7) }).collect(),
        roles_not_counted: 1,
    }
}

/// One finding for each kind of answer.
pub(crate) fn findings() -> Vec<InspectionFinding> {
    let finding = |id: &str, says: &str, measures: &[&str], answered_by| InspectionFinding {
        id: id.into(),
        says: says.into(),
        measures: measures.iter().map(|id| (*id).to_owned()).collect(),
        answered_by,
    };
    vec![
        finding("F1", "Leaders did not understand the extent", &["missing_again"], AnsweredBy::Measures),
        finding("F4", "Too much focus on process", &[], AnsweredBy::Outcomes),
        finding("F5", "Action plans were ineffective", &[], AnsweredBy::Moved),
        finding("F6", "The pace of change was too slow", &[], AnsweredBy::Plan),
    ]
}
