//! Extent, causes and what children say, on a few rows worked out by hand beside them.

use super::project::{Project, counts};

const CHILDREN: [&str; 3] =
    ["child_id,birth_month,sex,ethnicity,locality", "a,2012-01,female,WBRI,north", "b,2012-01,male,WBRI,north"];

/// Signals of two children; a was assessed at high and not since, b at high and later at low.
fn at_risk() -> Project {
    Project::as_at("2026-03-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "risk_signals",
            &[
                "signal_id,child_id,agency,kind,theme,raised_on",
                "1,a,police,police_notification,cce,2026-01-10",
                "2,b,council,school,cse,2026-02-05",
                "3,b,council,school,gangs,2026-03-20",
            ],
        )
        .native(
            "council",
            "risk_assessments",
            &[
                "assessment_id,child_id,agency,kind,started_on,completed_on,child_seen,level",
                "1,a,council,exploitation,2025-12-01,2025-12-15,yes,high", // 75 days at the end of February, 106 of March
                "2,b,council,exploitation,2025-12-01,2025-12-15,yes,high",
                "3,b,council,exploitation,2026-02-20,2026-03-01,yes,low", // looked at again
            ],
        )
}

#[test]
fn a_child_is_known_from_the_first_signal_under_the_latest_theme() {
    let figures = at_risk().exact();
    assert_eq!(counts(&figures, "children_known", "2026-01", "total"), (Some(1), None));
    assert_eq!(counts(&figures, "children_known", "2026-02", "total"), (Some(2), None));
    assert_eq!(counts(&figures, "children_known", "2026-02", "total:new"), (Some(1), None));
    assert_eq!(counts(&figures, "children_known", "2026-03", "total:new"), (Some(0), None));
    // At the end of March: a under cce, b under gangs, the later of b's two.
    assert_eq!(counts(&figures, "children_known", "2026-03", "cce"), (Some(1), None));
    assert_eq!(counts(&figures, "children_known", "2026-03", "gangs"), (Some(1), None));
    assert!(
        !figures
            .iter()
            .any(|figure| figure.measure == "children_known" && figure.level == "cse" && figure.numerator > Some(0))
    );
}

#[test]
fn a_child_assessed_at_high_waits_to_be_assessed_again_from_the_92nd_day() {
    let figures = at_risk().exact();
    assert_eq!(counts(&figures, "still_at_risk", "2026-02", "total"), (Some(0), None));
    assert_eq!(counts(&figures, "still_at_risk", "2026-03", "total"), (Some(1), None), "a; b was looked at in March");
}

#[test]
fn a_child_counts_with_the_latest_answer_of_the_quarter() {
    let figures = at_risk()
        .native(
            "partnership",
            "voice",
            &[
                "child_id,asked_on,question,score,asked_by",
                "a,2025-04-02,listened_to,3,advocate", // another question
                "a,2026-01-12,feels_safe,2,social_worker",
                "a,2026-02-20,feels_safe,4,advocate", // the latest of the quarter
                "b,2026-02-21,feels_safe,3,social_worker",
            ],
        )
        .exact();
    assert_eq!(counts(&figures, "feels_safe", "2026-03/P12M", "total"), (Some(1), Some(2)));
    assert_eq!(counts(&figures, "feels_safe", "2026-03/P12M", "total:independent"), (Some(1), Some(1)));
    assert_eq!(counts(&figures, "feels_safe", "2026-03/P12M", "total:asked"), (Some(2), Some(2)));
}

#[test]
fn a_reason_is_shared_out_over_interviews_and_a_return_without_one_is_beside_it() {
    let figures = Project::as_at("2026-03-31")
        .native("council", "children", &CHILDREN)
        .native(
            "council",
            "missing_episodes",
            &[
                "episode_id,child_id,kind,started_at,ended_at",
                "1,a,M,2025-04-03,2025-04-04", // no interview
                "2,a,M,2026-01-15,2026-01-16",
                "3,b,M,2026-02-10,2026-02-11",
            ],
        )
        .native(
            "council",
            "return_interviews",
            &[
                "episode_id,child_id,offered_on,outcome,held_on,independent,reasons",
                "2,a,2026-01-16,accepted,2026-01-18,yes,family_conflict;peer_influence",
                "3,b,2026-02-11,accepted,2026-02-12,yes,",
            ],
        )
        .exact();
    let of = |level: &str| counts(&figures, "reasons_for_missing", "2026-03/P12M", level);
    assert_eq!(of("total"), (Some(1), Some(2)));
    assert_eq!(of("total:family_conflict"), (Some(1), Some(2)));
    assert_eq!(of("total:exploitation"), (Some(0), Some(2)));
    assert_eq!(of("total:no_interview"), (Some(1), Some(3)));
}
