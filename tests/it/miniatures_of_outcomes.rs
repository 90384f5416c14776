//! The outcome measures beyond the first twelve, and the process measures beside them, worked out by hand.

use super::miniatures::{CHILDREN, help, help_as_at, missing, risk};
use super::project::{Project, counts, figure};

#[test]
fn the_rate_of_missing_leaves_out_the_spell_that_made_the_child_known() {
    let figures = missing().exact();
    // January: a (the 1st) and b (the 10th) became known by a spell; a's second spell is one of 53 child-days at risk.
    assert_eq!(counts(&figures, "missing_rate", "2026-01", "total"), (Some(1), Some(53)));
    // February: a's third; c's and d's made them known. At risk 68 days.
    assert_eq!(counts(&figures, "missing_rate", "2026-02", "total"), (Some(1), Some(68)));
    let population = ["locality,age_band,year,children", "north,13-15,2026,1500", "south,10-12,2026,500"];
    let figures = missing().native("council", "population", &population).exact();
    // Every spell of January per 10,000 children: 3 of 2,000.
    assert_eq!(counts(&figures, "missing_rate", "2026-01", "total:population"), (Some(3), Some(2_000)));
    assert_eq!(figure(&figures, "missing_rate", "2026-01", "total:population").value, Some(15.0));
    // Three events of two children, squares 4 + 1: exact Poisson limits of three (0.6187, 8.7673) stretched by the root of 5/3.
    let upper = figure(&figures, "missing_rate", "2026-01", "total:population").upper.unwrap();
    assert!((upper - (3.0 + (5.0_f64 / 3.0).sqrt() * 5.7673) * 5.0).abs() < 1e-2, "{upper}");
}

#[test]
fn the_next_missing_spell_is_timed_from_the_return_and_leaving_is_no_success() {
    let figures = missing().exact();
    // Returns of the quarter: a after 17 and 15 days, then not by the 53rd; b after 77; c moves away on day 8: seen for 7 days.
    let share = |level| figure(&figures, "time_to_next_missing", "2026-Q1", level);
    assert_eq!(share("total:s7").value, Some(1.0));
    assert_eq!(share("total:s7").denominator, Some(5));
    assert_eq!(counts(&figures, "time_to_next_missing", "2026-Q1", "total:n28"), (Some(2), Some(5)));
    // Day 15: one of four; day 17: one of three.
    assert!((share("total:s28").value.unwrap() - 0.5).abs() < 1e-6);
    // Day 77: the last one followed goes, so nobody is left.
    assert_eq!(share("total:s90").value, Some(0.0));
    assert!(share("total:s28").provisional, "31 March is the last day of data");
}

#[test]
fn the_few_with_most_are_a_tenth_rounded_up() {
    let figures = yearlong().exact();
    // Twelve months to June: a 3, b 2, d 1 of 6 spells. A tenth of three children is one child.
    assert_eq!(counts(&figures, "missing_concentration", "2026-06/P12M", "total"), (Some(3), Some(6)));
    assert_eq!(counts(&figures, "missing_concentration", "2026-06/P12M", "total:children"), (Some(1), None));
}

fn yearlong() -> Project {
    Project::as_at("2026-06-30").native("council", "children", &CHILDREN).native(
        "council",
        "missing_episodes",
        &[
            "episode_id,child_id,kind,started_at,ended_at",
            "1,a,M,2025-07-01,2025-07-02",
            "2,a,M,2025-08-05,2025-08-06",
            "3,a,M,2025-09-10,2025-09-11",
            "4,b,M,2026-01-02,2026-01-03",
            "5,b,M,2026-02-05,2026-02-06",
            "6,d,M,2026-01-10,2026-01-11",
        ],
    )
}

#[test]
fn a_child_is_clear_who_is_not_missing_on_any_of_the_ninety_days() {
    let project = Project::as_at("2026-08-31").native("council", "children", &CHILDREN).native(
        "council",
        "missing_episodes",
        &[
            "episode_id,child_id,kind,started_at,ended_at",
            "1,a,M,2026-01-05,2026-01-06",
            "2,a,M,2026-01-15,2026-01-16",
            "3,a,M,2026-01-25,2026-01-26", // repeatedly missing at the ends of January, February and March
            "4,a,M,2026-06-15,2026-06-16", // within 90 days of 31 March, not of 28 February
            "5,d,M,2026-01-05,2026-01-06",
            "6,d,M,2026-01-15,2026-01-16",
            "7,d,M,2026-01-25,2026-01-26", // turns 18 on 1 March: not followed for 90 days
        ],
    );
    let figures = project.exact();
    assert_eq!(counts(&figures, "clear_90_days", "2026-01", "total"), (Some(1), Some(1)));
    assert_eq!(counts(&figures, "clear_90_days", "2026-01", "total:followup_ended"), (Some(1), None));
    assert_eq!(counts(&figures, "clear_90_days", "2026-02", "total"), (Some(1), Some(1)));
    assert_eq!(counts(&figures, "clear_90_days", "2026-03", "total"), (Some(0), Some(1)), "15 June is day 76");
    assert_eq!(counts(&figures, "clear_90_days", "2026-04", "total"), (Some(0), Some(0)));
}

#[test]
fn missing_spells_are_averaged_over_every_child_signalled() {
    let figures = Project::as_at("2027-01-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "risk_signals",
            &[
                "signal_id,child_id,agency,kind,theme,raised_on",
                "1,a,council,contact,cce,2025-07-01",
                "2,b,council,contact,cce,2025-07-01",
                "3,c,council,contact,cce,2026-01-16", // moves away on day 25: followed for 24 days
                "4,d,council,contact,cce,2026-01-01", // turns 18 on 1 March, day 59
            ],
        )
        .native(
            "council",
            "missing_episodes",
            &[
                "episode_id,child_id,kind,started_at,ended_at",
                "1,a,M,2025-07-11,2025-07-12", // day 10
                "2,a,M,2025-09-19,2025-09-20", // day 80
                "3,b,M,2025-06-20,2025-06-21", // before the first signal: its return is b's first signal, on 21 June
            ],
        )
        .exact();
    // b's first signal is the return of 21 June 2025, in the year to June 2025, which the data do not reach back to.
    let mean = |level| figure(&figures, "missing_burden", "2026-06/P12M", level);
    assert_eq!(mean("total:m30").denominator, Some(3));
    // Day 10: one spell among a, c and d. Day 80: a alone is left; d turned 18 on day 59, when two were followed: 1/2.
    let by = |level, expected: f64| {
        let value = mean(level).value.unwrap();
        assert!((value - expected).abs() < 1e-6, "{level}: {value}");
    };
    by("total:m30", 1.0 / 3.0);
    by("total:m90", 1.0 / 3.0 + 0.5);
    assert_eq!(counts(&figures, "missing_burden", "2026-06/P12M", "total:n90"), (Some(1), Some(3)));
}

#[test]
fn every_ending_of_a_clock_stands_beside_the_others() {
    let figures = risk().exact();
    // The quarter's clocks: a assessed on day 12; b closed on day 5; c leaves on day 9; b's second open for 11 days.
    let share = |level| figure(&figures, "never_assessed", "2026-Q1", level).value.unwrap();
    assert!((share("total:closed_unassessed-91") - 0.25).abs() < 1e-6);
    assert!((share("total:left-91") - 0.25).abs() < 1e-6);
    // Of those followed to day 12 there was one, assessed; the open one had been followed for 11 days.
    assert_eq!((share("total:assessed-91"), share("total:open-91")), (0.5, 0.0));
    assert!((share("total:unassessed-91") - 0.5).abs() < 1e-6);
    assert_eq!(figure(&figures, "never_assessed", "2026-Q1", "total:open-91").denominator, Some(4));
}

#[test]
fn help_is_sustained_by_the_services_own_date_or_by_a_second_contact() {
    let figures = Project::as_at("2026-09-30")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "needs",
            &[
                "need_id,child_id,service,identified_on,identified_by",
                "1,a,youth_work,2026-01-05,council",
                "2,b,youth_work,2026-01-05,council",
                "3,a,mental_health,2026-01-05,council",
                "4,b,mental_health,2026-01-05,council",
                "5,a,substance_misuse,2026-01-05,council", // never referred
            ],
        )
        .native(
            "council",
            "services",
            &[
                "referral_id,child_id,service,agency,referred_on,outcome,first_attended_on,last_attended_on,sustained_on",
                "1,a,youth_work,council,2026-01-06,accepted,2026-01-15,2026-06-01,2026-02-01",
                "2,b,youth_work,council,2026-01-06,accepted,2026-01-15,2026-06-01,", // the service records dates; none here
                "3,a,mental_health,health,2026-01-06,accepted,2026-01-15,2026-06-01,", // came again
                "4,b,mental_health,health,2026-01-06,accepted,2026-01-15,2026-01-15,", // came once
            ],
        )
        .exact();
    assert_eq!(counts(&figures, "help_sustained", "2026-01", "total"), (Some(2), Some(5)));
    assert_eq!(counts(&figures, "help_started", "2026-01", "total"), (Some(4), Some(5)));
    assert_eq!(counts(&figures, "referrals_made", "2026-01", "total"), (Some(4), None));
}

#[test]
fn waits_for_help_end_with_help_or_otherwise_and_add_up_to_everyone() {
    let figures = help_as_at("2026-09-30").exact();
    // The quarter's journeys: started on days 10 and 91, declined on day 9, never referred and still waiting.
    let share = |level| figure(&figures, "wait_for_help", "2026-Q1", level).value.unwrap();
    assert_eq!(figure(&figures, "wait_for_help", "2026-Q1", "total:started-180").denominator, Some(4));
    assert_eq!((share("total:started-180"), share("total:refused-180")), (0.5, 0.25));
    assert_eq!(share("total:waiting-180").to_bits(), 0.25_f64.to_bits());
    assert!(share("total:left-180").abs() < 1e-6);
    // Of January's needs alone, one of three started within 90 days.
    assert_eq!(counts(&figures, "help_started", "2026-01", "total"), (Some(1), Some(3)));
}

#[test]
fn what_starts_less_what_stops_is_the_change_of_the_stock() {
    let cases = [
        (
            help().exact(),
            "unmet_need_now",
            ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"].as_slice(),
        ),
        (risk().exact(), "unassessed_now", ["2026-01", "2026-02", "2026-03"].as_slice()),
        (missing().exact(), "missing_now", ["2026-01", "2026-02", "2026-03"].as_slice()),
    ];
    for (figures, measure, months) in cases {
        let mut stock = 0;
        for month in months {
            let of = |level: &str| counts(&figures, measure, month, level).0.unwrap();
            stock += of("total:started") - of("total:stopped");
            assert_eq!(of("total"), stock, "{measure} {month}");
        }
    }
}

fn school(rows: &[&str]) -> Project {
    Project::as_at("2026-08-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "risk_signals",
            &[
                "signal_id,child_id,agency,kind,theme,raised_on",
                "1,a,council,contact,cce,2026-05-01",
                "2,b,council,contact,cce,2026-06-15",
                "3,c,council,contact,cce,2025-12-01", // moved away in February
                "4,d,council,contact,cce,2025-12-01", // eighteen in March
            ],
        )
        .native("education", "education", rows)
}

#[test]
fn a_reduced_timetable_attended_perfectly_is_not_full_attendance() {
    let figures = school(&[
        "child_id,month,calendar_sessions,sessions_possible,sessions_attended,status",
        "a,2026-05,36,36,30,full_time",
        "a,2026-06,42,21,21,part_time",
        "b,2026-05,36,36,36,full_time", // not yet at risk
    ])
    .exact();
    assert_eq!(counts(&figures, "in_full_time_education", "2026-05", "total"), (Some(1), Some(1)));
    assert_eq!(counts(&figures, "in_full_time_education", "2026-06", "total"), (Some(0), Some(1)));
    assert_eq!(counts(&figures, "in_full_time_education", "2026-06", "total:sessions"), (Some(21), Some(42)));
    // b is at risk at the end of June and nobody recorded where b was; August has no sessions, so it is not asked of anyone.
    assert_eq!(counts(&figures, "in_full_time_education", "2026-06", "total:not_known"), (Some(1), None));
    assert_eq!(counts(&figures, "in_full_time_education", "2026-08", "total"), (Some(0), Some(0)));
    assert_eq!(counts(&figures, "in_full_time_education", "2026-08", "total:not_known"), (Some(0), None));
}

#[test]
fn harm_counts_once_a_child_day_and_not_on_the_day_that_made_the_child_known() {
    let figures = Project::as_at("2026-03-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "risk_signals",
            &["signal_id,child_id,agency,kind,theme,raised_on", "1,a,council,contact,cce,2026-01-10"],
        )
        .native(
            "police",
            "harm_events",
            &[
                "event_id,child_id,agency,kind,occurred_on",
                "1,a,police,victim_of_crime,2026-01-20",
                "2,a,police,exploitation_offence,2026-01-20", // the same day: once
                "3,a,health,ed_attendance,2026-01-20",        // another kind, the same day
                "4,a,police,arrest,2026-01-25",
                "5,b,police,victim_of_crime,2026-01-30", // made b known
                "6,b,police,arrest,2026-02-02",
            ],
        )
        .exact();
    // January at risk: a from the 10th, 22 days; b the 30th and 31st. Days of harm: a the 20th and the 25th.
    assert_eq!(counts(&figures, "harm_rate", "2026-01", "total"), (Some(2), Some(24)));
    assert_eq!(counts(&figures, "harm_rate", "2026-01", "total:victim"), (Some(1), Some(24)));
    assert_eq!(counts(&figures, "harm_rate", "2026-01", "total:ed_attendance"), (Some(1), Some(24)));
    assert_eq!(counts(&figures, "harm_rate", "2026-01", "total:arrest"), (Some(1), Some(24)));
    assert_eq!(counts(&figures, "harm_rate", "2026-01", "total:opened"), (Some(1), None));
    assert_eq!(counts(&figures, "harm_rate", "2026-02", "total"), (Some(1), Some(56)));
}

#[test]
fn a_reduced_risk_is_paired_with_what_others_recorded_after_it() {
    let figures = Project::as_at("2026-12-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "risk_signals",
            &[
                "signal_id,child_id,agency,kind,theme,raised_on",
                "1,a,council,contact,cce,2026-01-05",
                "2,b,council,contact,cce,2026-01-05",
                "3,c,council,contact,cce,2026-01-05",
            ],
        )
        .native(
            "council",
            "risk_assessments",
            &[
                "assessment_id,child_id,agency,kind,started_on,completed_on,theme,level",
                "1,a,council,exploitation,2026-01-06,2026-01-10,cce,high",
                "2,a,council,exploitation,2026-02-01,2026-02-10,cce,low",
                "3,b,council,exploitation,2026-01-06,2026-01-10,cce,high",
                "4,b,council,exploitation,2026-02-01,2026-02-10,cce,medium",
                "5,c,council,exploitation,2026-01-06,2026-01-07,cce,high",
                "6,c,council,exploitation,2026-01-20,2026-02-03,cce,low", // moves away a week later
            ],
        )
        .native(
            "council",
            "missing_episodes",
            &[
                "episode_id,child_id,kind,started_at,ended_at",
                "1,b,M,2026-08-09,2026-08-10", // day 180
                "2,d,M,2025-07-05,2025-07-06", // the record begins in July 2025: twelve months to June
            ],
        )
        .exact();
    assert_eq!(counts(&figures, "risk_reduced_and_quiet", "2026-06/P12M", "total"), (Some(1), Some(2)));
    assert_eq!(counts(&figures, "risk_reduced_and_quiet", "2026-06/P12M", "total:followup_ended"), (Some(1), None));
    assert!(!figure(&figures, "risk_reduced_and_quiet", "2026-06/P12M", "total").provisional);
}

#[test]
fn an_offer_nobody_recorded_is_not_no_offer() {
    let interviews = ["episode_id,outcome,offered_on,held_on", "1,accepted,2026-01-03,2026-01-06", "2,not_offered,,"];
    let figures = missing().native("council", "return_interviews", &interviews).exact();
    // January's returns: episodes 1, 2 and 4; of the last nothing is recorded.
    assert_eq!(counts(&figures, "rhi_offered", "2026-01", "total"), (Some(1), Some(2)));
    assert_eq!(counts(&figures, "rhi_offered", "2026-01", "total:not_recorded"), (Some(1), None));
}

#[test]
fn signals_raised_are_the_agencies_own() {
    let figures = risk().exact();
    // January: a and b; the duplicate never was. Returns that nobody signalled are not among them.
    assert_eq!(counts(&figures, "signals_raised", "2026-01", "total"), (Some(2), None));
    assert_eq!(counts(&figures, "signals_raised", "2026-03", "total"), (Some(1), None));
}

#[test]
fn totals_that_an_agency_shares_are_divided_step_by_step() {
    let figures = Project::as_at("2026-03-31")
        .native(
            "health",
            "ed_screening",
            &[
                "month,attendances_eligible,screened,positive,acted_within_10_days",
                "2026-01,200,150,12,9",
                "2026-02,100,90,10,10",
            ],
        )
        .exact();
    assert_eq!(counts(&figures, "ed_screened", "2026-01", "total"), (Some(150), Some(200)));
    assert_eq!(counts(&figures, "ed_screened", "2026-01", "total:positive"), (Some(12), Some(150)));
    assert_eq!(counts(&figures, "ed_screened", "2026-02", "total:acted"), (Some(10), Some(10)));
    // Wilson for 150 of 200: 0.6857 to 0.8049.
    let one = figure(&figures, "ed_screened", "2026-01", "total");
    assert!((one.lower.unwrap() - 0.6857).abs() < 1e-4 && (one.upper.unwrap() - 0.8049).abs() < 1e-4);
}
