//! Plans, workers, moves of carer, school after them, arrests and oversight, worked out by hand; and every measure has a
//! miniature somewhere.

use sightline::plan::{Moved, WhyNot, judged};
use sightline::release::open_board;

use super::project::{Project, counts, figure};

const CHILDREN: [&str; 3] =
    ["child_id,birth_month,sex,ethnicity,locality", "a,2012-01,female,WBRI,north", "b,2012-01,male,BCRB,north"];

/// a is at risk from 10 January, b from 5 February.
fn at_risk() -> Project {
    Project::as_at("2026-03-31").native("council", "children", &CHILDREN).native(
        "council",
        "risk_signals",
        &[
            "signal_id,child_id,agency,kind,theme,raised_on",
            "1,a,police,police_notification,cce,2026-01-10",
            "2,b,council,school,cse,2026-02-05",
        ],
    )
}

#[test]
fn a_child_is_held_by_two_plans_where_two_kinds_are_open_on_the_day() {
    let figures = at_risk()
        .statutory(
            "ssd",
            "council",
            "ssd_cin_plans",
            &[
                "cinp_cin_plan_id,cinp_person_id,cinp_cin_plan_start_date,cinp_cin_plan_end_date",
                "1,a,2026-01-15,",
                "2,b,2026-03-01,",
            ],
        )
        .statutory(
            "ssd",
            "council",
            "ssd_cp_plans",
            &[
                "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date",
                "1,a,2026-02-10,2026-03-20",
            ],
        )
        .statutory(
            "ssd",
            "council",
            "ssd_cla_episodes",
            &[
                "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date",
                "1,b,2026-03-05,",
            ],
        )
        .exact();
    let of = |month| counts(&figures, "plans_per_child", month, "total");
    assert_eq!(of("2026-01"), (Some(0), Some(1)), "a: in need; b is not yet at risk");
    assert_eq!(of("2026-02"), (Some(1), Some(2)), "a: in need and protection; b: none");
    assert_eq!(of("2026-03"), (Some(1), Some(2)), "a: in need alone; b: in need and looked after");
}

#[test]
fn workers_are_different_people_in_the_365_days_to_month_end() {
    let figures = at_risk()
        .statutory(
            "ssd",
            "council",
            "ssd_involvements",
            &[
                "invo_involvements_id,invo_professional_id,invo_person_id,invo_involvement_start_date,invo_involvement_end_date",
                "1,w1,a,2025-02-01,2025-03-31", // 365 days before the end of March: no longer in it
                "2,w2,a,2025-06-01,2025-12-31",
                "3,w3,a,2026-01-12,",
                "4,w2,a,2026-03-01,", // back again: the same person
                "5,w5,b,2026-03-02,",
            ],
        )
        .exact();
    let of = |month| counts(&figures, "workers_per_child", month, "total");
    assert_eq!(of("2026-01"), (Some(1), Some(1)), "a: w1, w2, w3");
    assert_eq!(of("2026-02"), (Some(1), Some(1)), "b has nobody, and is not in it");
    assert_eq!(of("2026-03"), (Some(0), Some(2)), "a: w2, w3; b: w5");
    assert_eq!(figure(&figures, "workers_per_child", "2026-03", "total:median").value, Some(1.5));
}

#[test]
fn a_move_is_between_carers_and_is_followed_for_28_days() {
    let figures = at_risk()
        .statutory(
            "ssd",
            "council",
            "ssd_cla_placement",
            &[
                "clap_cla_placement_id,clap_person_id,clap_cla_placement_start_date,clap_cla_placement_end_date",
                "1,a,2026-01-05,2026-01-20",
                "2,a,2026-01-20,2026-02-15", // a move
                "3,a,2026-02-20,",           // home for five days: not a move
                "4,b,2026-02-01,2026-02-03",
                "5,b,2026-02-03,2026-02-10", // before b was at risk
                "6,b,2026-02-10,",           // a move
            ],
        )
        .statutory(
            "ssd",
            "council",
            "ssd_cla_episodes",
            &[
                "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date",
                "1,a,2026-01-05,2026-02-15",
                "2,a,2026-02-20,",
                "3,b,2026-02-01,",
            ],
        )
        .native(
            "council",
            "missing_episodes",
            &[
                "episode_id,child_id,kind,started_at,ended_at",
                "1,a,M,2026-02-17,2026-02-18", // the 28th day after the move of 20 January
                "2,b,M,2026-02-09,2026-02-09", // before the move
                "3,b,M,2026-03-11,2026-03-12", // the 29th day after it
            ],
        )
        .exact();
    assert_eq!(counts(&figures, "placement_moves", "2026-01", "total"), (Some(1), Some(1)));
    assert_eq!(counts(&figures, "placement_moves", "2026-02", "total"), (Some(0), Some(1)));
    // Looked after while at risk. January: a, 10th to 31st. February: a, 1st to 14th and 20th to 28th; b, 5th to 28th.
    assert_eq!(counts(&figures, "placement_moves", "2026-01", "total:moves"), (Some(1), Some(22)));
    assert_eq!(counts(&figures, "placement_moves", "2026-02", "total:moves"), (Some(1), Some(14 + 9 + 24)));
    assert_eq!(counts(&figures, "placement_moves", "2026-03", "total:moves"), (Some(0), Some(62)));
}

#[test]
fn school_is_looked_at_in_the_first_month_of_term_a_month_after_a_move() {
    let figures = Project::as_at("2026-06-30")
        .native("council", "children", &[CHILDREN[0], CHILDREN[1], CHILDREN[2], "c,2012-01,male,WBRI,north"])
        .native(
            "council",
            "risk_signals",
            &[
                "signal_id,child_id,agency,kind,theme,raised_on",
                "1,a,council,school,cce,2025-05-01",
                "2,b,council,school,cse,2025-05-01",
                "3,c,council,school,cse,2025-05-01",
            ],
        )
        .statutory(
            "ssd",
            "council",
            "ssd_cla_placement",
            &[
                "clap_cla_placement_id,clap_person_id,clap_cla_placement_start_date,clap_cla_placement_end_date",
                "1,a,2025-04-01,2025-06-10",
                "2,a,2025-06-10,", // 10 July to 9 August: July
                "3,b,2025-04-01,2025-09-15",
                "4,b,2025-09-15,", // 15 October to 14 November: October
                "5,c,2025-04-01,2025-09-15",
                "6,c,2025-09-15,",
            ],
        )
        .native(
            "education",
            "education",
            &[
                "child_id,month,calendar_sessions,sessions_possible,sessions_attended,status",
                "a,2025-06,40,40,40,full_time", // too soon to tell
                "a,2025-07,30,10,10,part_time",
                "b,2025-10,40,40,38,full_time", // nothing of c
            ],
        )
        .exact();
    let of = |level| counts(&figures, "moved_and_lost_school", "2026-03/P12M", level);
    assert_eq!(of("total"), (Some(1), Some(2)));
    assert_eq!(of("total:not_known"), (Some(1), None));
}

#[test]
fn a_child_arrested_on_the_day_of_the_first_assessment_was_met_as_a_suspect_first() {
    let figures = Project::as_at("2026-03-31")
        .native(
            "council",
            "children",
            &[CHILDREN[0], CHILDREN[1], CHILDREN[2], "c,2012-01,male,BCRB,north", "d,2010-01,male,WBRI,north"],
        )
        .native(
            "police",
            "harm_events",
            &[
                "event_id,child_id,agency,kind,occurred_on",
                "1,a,police,arrest,2025-06-01",
                "2,b,police,arrest,2025-07-01",
                "3,c,police,arrest,2025-08-01",
                "4,c,police,arrest,2025-11-01", // not the first
                "5,d,police,arrest,2023-03-31", // 1,096 days before the end of March: no longer in it
            ],
        )
        .native(
            "council",
            "risk_signals",
            &["signal_id,child_id,agency,kind,theme,raised_on", "1,c,council,school,cce,2025-07-20"],
        )
        .native(
            "council",
            "risk_assessments",
            &[
                "assessment_id,child_id,agency,kind,started_on,completed_on,child_seen,level",
                "1,a,council,exploitation,2025-05-01,2025-05-20,yes,high", // before the arrest
                "2,b,council,exploitation,2025-06-20,2025-07-01,yes,high", // on the day of it
                "3,c,council,exploitation,2025-07-21,2025-07-30,no,high",  // the child was not seen
            ],
        )
        .exact();
    assert_eq!(counts(&figures, "seen_as_offenders_first", "2026-02", "total"), (Some(3), Some(4)), "b, c, d of four");
    assert_eq!(counts(&figures, "seen_as_offenders_first", "2026-03", "total"), (Some(2), Some(3)), "b and c of three");
    assert_eq!(counts(&figures, "seen_as_offenders_first", "2026-03", "black"), (Some(2), Some(2)));
    assert_eq!(counts(&figures, "seen_as_offenders_first", "2026-03", "white"), (Some(0), Some(1)));
}

#[test]
fn oversight_is_counted_by_the_quarters_last_day() {
    let rows = [
        "quarter,agency,sampled,oversight_recorded_safer_or_not",
        "2024-Q4,council,9,9",
        "2025-Q2,council,30,10",
        "2026-Q1,council,20,15", // over on the as-at date
        "2025-Q4,police,10,12",  // more than were sampled: not known
    ];
    let figures = Project::as_at("2026-03-31").native("partnership", "oversight_audit", &rows).exact();
    assert_eq!(counts(&figures, "oversight_records_safety", "2026-03/P12M", "total"), (Some(25), Some(50)));
    let figures = Project::as_at("2026-03-30").native("partnership", "oversight_audit", &rows).exact();
    assert_eq!(counts(&figures, "oversight_records_safety", "2025-12/P12M", "total"), (Some(10), Some(30)));
}

#[test]
fn each_step_to_help_is_counted_of_all_needs_and_its_wait_of_all_who_entered_it() {
    let figures = Project::as_at("2027-04-30")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "needs",
            &[
                "need_id,child_id,service,identified_on,identified_by",
                "1,a,youth_work,2026-01-05,council",
                "2,b,youth_work,2026-01-05,council",
                "3,a,mental_health,2026-01-05,council", // never referred
                "4,b,mental_health,2026-01-05,council",
                "5,a,substance_misuse,2026-01-05,council",
            ],
        )
        .native(
            "council",
            "services",
            &[
                "referral_id,child_id,service,agency,referred_on,offered_on,outcome,first_attended_on,last_attended_on",
                "1,a,youth_work,council,2026-01-10,2026-01-20,accepted,2026-02-04,2026-03-01", // 5, 10 and 15 days
                "2,b,youth_work,council,2026-01-07,2026-01-12,declined,,",                     // 2 and 5 days
                "4,b,mental_health,health,2026-04-20,2026-05-01,accepted,2026-05-10,2026-06-01", // the 105th day
                "5,a,substance_misuse,council,2026-01-15,,not_offered,,",                      // 10 days
            ],
        )
        .exact();
    let of = |part: &str| counts(&figures, "uptake_chain", "2026-12/P12M", &format!("total:{part}"));
    let told = ["referred", "offered", "accepted", "attended", "sustained", "declined", "not_offered"].map(of);
    assert_eq!(told, [3, 2, 1, 1, 1, 1, 1].map(|reached| (Some(reached), Some(5))));
    // Of five needs, referred after 2, 5, 10 days or not in time: the middle one is 10.
    assert_eq!(figure(&figures, "uptake_chain", "2026-12/P12M", "total:referred-wait").value, Some(10.0));
    // Of two offered, one attended after 15 days and one never: the middle is not reached.
    assert_eq!(figure(&figures, "uptake_chain", "2026-12/P12M", "total:attended-wait").value, None);
}

#[test]
fn what_finishing_changed_cannot_be_known_where_the_linked_measure_has_no_data() {
    let project = at_risk();
    let built = project.build().unwrap();
    let report = open_board(&built.written.dir).unwrap();
    let since = |measure| judged(&report, measure, "2025-01-31".parse().unwrap(), None);
    assert_eq!(since("help_started"), Moved::CannotBeKnown(WhyNot::NoData), "no needs or services were supplied");
    assert_eq!(since("nights_saved"), Moved::CannotBeKnown(WhyNot::NoSuchMeasure));
}

#[test]
fn every_measure_has_a_miniature() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str| std::fs::read_dir(here.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let told = |name: &str| name.starts_with("miniatures") || name == "support.rs";
    let stories: String = files("tests/it")
        .filter(|path| told(path.file_name().unwrap().to_str().unwrap()))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let queries = files("queries").filter(|path| path.extension().is_some_and(|ending| ending == "sql"));
    let measures: Vec<String> = queries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let untold: Vec<_> = measures.iter().filter(|measure| !stories.contains(&format!("\"{measure}\""))).collect();
    assert!(measures.len() >= 40, "{} measures", measures.len());
    assert!(untold.is_empty(), "no story of children and dates asserts a figure of {untold:?}");
}
