//! Every measure on at most twelve rows, worked out by hand beside them.

use sightline::release::{Sufficiency, open_board};

use super::project::{Project, counts, figure};

pub(crate) const CHILDREN: [&str; 5] = [
    "child_id,birth_month,sex,ethnicity,locality,left_area_on",
    "a,2012-01,female,WBRI,north,",
    "b,2012-01,male,WBRI,north,",
    "c,2012-01,male,ABAN,south,2026-02-10",
    "d,2008-03,female,WBRI,south,", // eighteen on 1 March 2026
];

pub(crate) fn missing() -> Project {
    Project::as_at("2026-03-31").native("council", "children", &CHILDREN).native(
        "council",
        "missing_episodes",
        &[
            "episode_id,child_id,kind,started_at,ended_at",
            "1,a,M,2026-01-01,2026-01-03", // two nights; again after 17 days
            "2,a,M,2026-01-20,2026-01-21",
            "3,a,M,2026-02-05,2026-02-06",
            "4,b,M,2026-01-10,2026-01-12", // not again
            "5,c,M,2026-02-01,2026-02-02", // leaves on day 8: out, and counted beside
            "6,d,M,2026-02-26,",           // still missing when she turns 18: left
            "7,b,M,2026-03-30,",           // open at the as-at date
            "8,b,A,2026-03-01,2026-03-02", // away, kept apart
        ],
    )
}

#[test]
fn missing_again_counts_the_first_return_of_each_child_in_the_month() {
    let figures = missing().exact();
    // January: a (again on the 20th), b (not). February: a (not), c left.
    assert_eq!(counts(&figures, "missing_again", "2026-01", "total"), (Some(1), Some(2)));
    assert_eq!(counts(&figures, "missing_again", "2026-02", "total"), (Some(0), Some(1)));
    assert_eq!(counts(&figures, "missing_again", "2026-02", "total:followup_ended"), (Some(1), None));
    assert!(!figure(&figures, "missing_again", "2026-02", "total").provisional, "28 February + 28 days is 28 March");
    assert!(figure(&figures, "missing_again", "2026-03", "total").provisional);
}

#[test]
fn missing_now_counts_those_who_have_not_come_back() {
    let figures = missing().exact();
    // End of February: d. End of March: b, gone since the 30th, 48 hours by its end.
    assert_eq!(counts(&figures, "missing_now", "2026-02", "total"), (Some(1), None));
    assert_eq!(counts(&figures, "missing_now", "2026-03", "total"), (Some(1), None));
    assert_eq!(counts(&figures, "missing_now", "2026-03", "total:over-24h"), (Some(1), None));
    assert_eq!(counts(&figures, "missing_now", "2026-03", "total:over-72h"), (Some(0), None));
}

#[test]
fn repeat_missing_children_have_three_spells_that_start_in_ninety_days() {
    let figures = missing().exact();
    // End of March: the 90 days begin on 1 January. a has 3; b 2, c 1, d 1.
    assert_eq!(counts(&figures, "repeat_missing_children", "2026-03", "total"), (Some(1), Some(4)));
    assert_eq!(counts(&figures, "repeat_missing_children", "2026-01", "total"), (Some(0), Some(2)));
}

#[test]
fn missing_nights_are_nights_out_over_days_at_risk() {
    let figures = missing().exact();
    // January: a 2 + 1, b 2. At risk: a from the 1st (31 days), b from the 10th (22).
    assert_eq!(counts(&figures, "missing_nights", "2026-01", "total"), (Some(5), Some(53)));
    // February: a 1, c 1, d 26, 27, 28 = 3. At risk: a 28, b 28, c 1st to 9th = 9, d 3.
    assert_eq!(counts(&figures, "missing_nights", "2026-02", "total"), (Some(5), Some(68)));
    // March: b the nights of the 30th and, open, the 31st. At risk: a 31, b 31.
    assert_eq!(counts(&figures, "missing_nights", "2026-03", "total"), (Some(2), Some(62)));
}

pub(crate) fn risk() -> Project {
    Project::as_at("2026-03-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "risk_signals",
            &[
                "signal_id,child_id,agency,kind,theme,raised_on,closed_on,closed_reason",
                "1,a,council,contact,cce,2026-01-05,,",
                "2,b,council,contact,cse,2026-01-10,2026-01-15,no_further_action",
                "3,c,council,contact,cce,2026-02-01,,", // leaves on 10 February
                "4,b,council,contact,cse,2026-03-20,,",
                "5,a,council,contact,cce,2026-01-06,2026-01-06,duplicate", // never was
            ],
        )
        .native(
            "council",
            "risk_assessments",
            &[
                "assessment_id,child_id,agency,kind,started_on,completed_on,theme,level",
                "1,a,council,exploitation,2026-01-08,2026-01-17,cce,high",
                "2,a,council,child_and_family,2026-01-02,2026-03-09,,",
            ],
        )
}

#[test]
fn days_in_unassessed_risk_count_open_clocks_to_the_as_at_date() {
    let figures = risk().exact();
    // January: a 5th to 16th = 12, b 10th to 14th = 5. At risk: a 27, b 22.
    assert_eq!(counts(&figures, "unassessed_days", "2026-01", "total"), (Some(17), Some(49)));
    // February: c 1st to 9th = 9. March: b 20th to 31st = 12.
    assert_eq!(counts(&figures, "unassessed_days", "2026-02", "total").0, Some(9));
    assert_eq!(counts(&figures, "unassessed_days", "2026-03", "total").0, Some(12));
}

#[test]
fn children_in_unassessed_risk_are_counted_by_the_age_of_the_clock() {
    let figures = risk().exact();
    assert_eq!(counts(&figures, "unassessed_now", "2026-01", "total"), (Some(0), None));
    assert_eq!(counts(&figures, "unassessed_now", "2026-03", "total"), (Some(1), None));
    assert_eq!(counts(&figures, "unassessed_now", "2026-03", "total:11-45"), (Some(1), None));
    assert_eq!(counts(&figures, "unassessed_now", "2026-03", "total:over-45"), (Some(0), None));
}

#[test]
fn the_share_still_unassessed_is_one_minus_the_incidence_of_being_assessed() {
    let figures = risk().exact();
    // January's clocks: a assessed on day 12; b closed on day 5, which is not an assessment: still unassessed.
    let share = |level| figure(&figures, "time_to_assessment", "2026-01", level);
    assert_eq!(share("total:s10").value, Some(1.0));
    assert_eq!(share("total:s10").denominator, Some(2));
    assert_eq!(share("total:s45").value, Some(0.5));
}

#[test]
fn assessments_are_timed_in_working_days_and_open_ones_stay() {
    let figures = risk().exact();
    // Started on 2 January, completed on 9 March: 46 working days after it (no bank holiday between).
    assert_eq!(counts(&figures, "assessed_45_working_days", "2026-01", "total"), (Some(0), Some(1)));
}

pub(crate) fn help() -> Project {
    help_as_at("2026-06-30")
}

pub(crate) fn help_as_at(day: &str) -> Project {
    Project::as_at(day)
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "needs",
            &[
                "need_id,child_id,service,identified_on,identified_by",
                "1,a,youth_work,2026-01-05,council",    // started on day 10
                "2,b,youth_work,2026-01-05,council",    // started on day 91: too late
                "3,b,mental_health,2026-01-20,council", // never referred
                "4,a,mental_health,2026-02-01,police",  // declined on 10 February
                "5,b,mental_health,2026-03-01,council", // joins need 3, which still waits
            ],
        )
        .native(
            "council",
            "services",
            &[
                "referral_id,child_id,service,agency,referred_on,offered_on,outcome,first_attended_on",
                "1,a,youth_work,council,2026-01-06,2026-01-10,accepted,2026-01-15",
                "2,b,youth_work,council,2026-01-06,2026-01-20,accepted,2026-04-06",
                "3,a,mental_health,health,2026-02-03,2026-02-10,declined,",
            ],
        )
}

#[test]
fn help_has_started_when_the_child_first_attends_within_ninety_days() {
    let figures = help().exact();
    assert_eq!(counts(&figures, "help_started", "2026-01", "total"), (Some(1), Some(3)));
    assert_eq!(counts(&figures, "help_started", "2026-02", "total"), (Some(0), Some(1)));
    assert_eq!(counts(&figures, "help_started", "2026-03", "total"), (Some(0), Some(0)));
}

#[test]
fn needs_without_a_first_contact_are_counted_by_age() {
    let figures = help().exact();
    // End of January: need 2 and need 3 wait. End of June: need 3 alone, 161 days.
    assert_eq!(counts(&figures, "unmet_need_now", "2026-01", "total"), (Some(2), None));
    assert_eq!(counts(&figures, "unmet_need_now", "2026-06", "total"), (Some(1), None));
    assert_eq!(counts(&figures, "unmet_need_now", "2026-06", "total:91-180"), (Some(1), None));
}

#[test]
fn interviews_in_time_are_a_share_of_all_returns() {
    let interviews = [
        "episode_id,outcome,offered_on,held_on",
        "1,accepted,2026-01-03,2026-01-06", // three days: in time
        "2,accepted,2026-01-22,2026-01-25", // four days: late
        "4,accepted,2026-01-13,",           // held on a day nobody recorded
    ];
    let figures = missing().native("council", "return_interviews", &interviews).exact();
    // January's returns: episodes 1, 2 and 4.
    assert_eq!(counts(&figures, "rhi_held_72h", "2026-01", "total"), (Some(1), Some(3)));
    assert_eq!(counts(&figures, "rhi_held_72h", "2026-01", "total:held_date_not_known"), (Some(1), None));
}

#[test]
fn what_no_source_supplies_cannot_be_known_and_is_not_zero() {
    let figures = missing().exact();
    assert!(!figures.iter().any(|figure| figure.measure == "unassessed_days" || figure.measure == "help_started"));
}

#[test]
fn an_extract_without_rows_answers_only_in_part() {
    let project = Project::as_at("2026-03-31").native("council", "children", &CHILDREN).native(
        "council",
        "missing_episodes",
        &["episode_id,child_id,kind,started_at,ended_at"],
    );
    let report = open_board(&project.build().unwrap().written.dir).unwrap();
    let again = report.measures.iter().find(|measure| measure.id == "missing_again").unwrap();
    let says =
        "No row of missing episodes was kept: a nought may mean that nothing happened, or that nothing was sent.";
    assert_eq!(again.sufficiency, Sufficiency::Partial { because: vec![says.to_owned()] });
}
