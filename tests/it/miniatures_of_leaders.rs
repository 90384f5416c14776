//! Measures of the workforce and the plan's section, on a few rows, worked out by hand beside them.

use sightline::domain::Dimension;
use sightline::release::{DrawnFrom, GroupBy, open_board};

use super::project::{Project, counts};

fn workforce() -> Project {
    Project::as_at("2026-03-31")
        .native(
            "partnership",
            "workforce",
            &[
                "agency,role,month,headcount",
                "council,social_worker,2026-02,10",
                "council,social_worker,2026-03,10",
                "council,youth_worker,2026-03,4", // no headcount in February: not known then
                "police,officer,2026-03,1",       // fewer than are trained: not known
            ],
        )
        .native(
            "partnership",
            "training",
            &[
                "agency,role,staff_ref,course,completed_on,expires_on,applied,audited_on",
                "council,social_worker,s1,together,2025-03-31,2026-03-31,2,2026-03-05", // in date on its last day
                "council,youth_worker,s1,together,2025-03-31,2026-03-31,,",             // the same person's other role
                "council,social_worker,s2,together,2025-03-30,2026-03-30,3,2026-03-09", // out of date by a day
                "council,social_worker,s3,together,2024-06-01,,,",                      // 730 days: to 1 June 2026
                "council,social_worker,s3,again,2026-03-01,,,",                         // the same person twice
                "police,officer,p1,together,2026-01-01,,,",
                "police,officer,p2,together,2026-01-01,,,",
            ],
        )
}

#[test]
fn trained_now_counts_people_in_date_at_month_end_of_the_headcount() {
    let figures = workforce().exact();
    // End of March: s1 and s3 among 10 social workers, s1 among 4 youth workers; the police are not known.
    assert_eq!(counts(&figures, "trained_now", "2026-03", "total"), (Some(3), Some(14)));
    // End of February: s1, s2 and s3 among 10 social workers.
    assert_eq!(counts(&figures, "trained_now", "2026-02", "total"), (Some(3), Some(10)));
    let police = figures.iter().filter(|one| one.measure == "trained_now" && one.dimension == Dimension::Agency);
    assert!(police.clone().any(|one| one.level == "council"));
    assert!(!police.clone().any(|one| one.level == "police"), "two trained of a headcount of one");
}

#[test]
fn training_applied_counts_audits_graded_three_or_four() {
    let figures = workforce().exact();
    assert_eq!(counts(&figures, "training_applied", "2026-03/P12M", "total"), (Some(1), Some(2)));
}

const ACTIONS: [&str; 4] = [
    "action_id,title,agency,agreed_on,original_due_on,due_on,completed_on,status",
    "1,Offer every interview,council,2026-01-01,2026-02-28,,,in_progress",
    "2,Share the list,police,2026-01-01,2026-02-28,2026-06-30,,in_progress",
    "3,Train the front door,council,2026-01-01,2026-02-28,,2026-02-20,done",
];

#[test]
fn an_empty_revised_date_means_the_date_that_stands() {
    let due = |project: Project| -> Vec<(String, usize)> {
        let plan = open_board(&project.build().unwrap().written.dir).unwrap().plan.unwrap();
        plan.actions.iter().map(|one| (one.action.due_on.to_string(), one.action.redatings.len())).collect()
    };
    let plan = || Project::as_at("2026-03-31").native("council", "actions", &ACTIONS);
    let original = ("2026-02-28".to_owned(), 0);
    assert_eq!(due(plan()), [original.clone(), ("2026-06-30".to_owned(), 1), original.clone()]);
    // Where the history records a later date, that one stands.
    let moved = ["action_id,recorded_on,field,old,new", "1,2026-03-01,due_on,2026-02-28,2026-05-31"];
    let with_history = plan().native("partnership", "action_history", &moved);
    assert_eq!(due(with_history), [("2026-05-31".to_owned(), 1), ("2026-06-30".to_owned(), 1), original]);
}

#[test]
fn a_group_says_on_how_many_deliveries_its_forecast_rests() {
    let project = Project::as_at("2026-03-31").native("council", "actions", &ACTIONS);
    let plan = open_board(&project.build().unwrap().written.dir).unwrap().plan.unwrap();
    let drawn_from = |name: &str| {
        plan.groups.iter().find(|group| group.by == GroupBy::Agency && group.name == name).unwrap().drawn_from
    };
    // 1 January to 31 March: 12 whole weeks.
    assert_eq!(drawn_from("council"), Some(DrawnFrom { weeks: 12, delivered: 1 }));
    assert_eq!(drawn_from("police"), Some(DrawnFrom { weeks: 12, delivered: 0 }));
}
