//! Whether support helps, on a few children worked out by hand.

use super::project::{Project, figure};

/// Child a starts on 20 July, 20 days after the need: 6 nights in the 90 days before, 1 in the 90 after. Child b had waited
/// 20 days on 9 August without starting: 4 before, 2 after. Both had two spells before and are 14, with one theme.
fn two_children(more: &[&str]) -> Project {
    let with = |rows: &[&'static str]| -> Vec<&'static str> { rows.to_vec() };
    let mut services: Vec<&str> = with(&[
        "referral_id,child_id,service,agency,referred_on,offered_on,outcome,first_attended_on",
        "1,a,youth_work,council,2025-07-01,2025-07-05,accepted,2025-07-20",
    ]);
    services.extend(more);
    Project::as_at("2026-03-31")
        .native(
            "council",
            "children",
            &[
                "child_id,birth_month,sex,ethnicity,locality",
                "a,2011-01,female,WBRI,north",
                "b,2011-01,male,WBRI,north",
            ],
        )
        .native(
            "council",
            "missing_episodes",
            &[
                "episode_id,child_id,kind,started_at,ended_at",
                "0,c,M,2024-01-01,2024-01-02", // the data begin well before
                "1,a,M,2025-06-01,2025-06-06",
                "2,a,M,2025-06-20,2025-06-21",
                "3,a,M,2025-08-01,2025-08-02",
                "4,b,M,2025-07-01,2025-07-04",
                "5,b,M,2025-07-20,2025-07-21",
                "6,b,M,2025-09-01,2025-09-03",
            ],
        )
        .native(
            "council",
            "needs",
            &[
                "need_id,child_id,service,identified_on,identified_by",
                "1,a,youth_work,2025-06-30,council",
                "2,b,youth_work,2025-07-20,council",
                "3,a,mental_health,2025-06-30,council",
            ],
        )
        .native("council", "services", &services)
}

#[test]
fn the_effect_is_the_change_less_the_change_of_the_child_still_waiting() {
    let figures = two_children(&[]).exact();
    // (1 - 6) - (2 - 4) = -3.
    let effect = figure(&figures, "support_effect", "2025-12", "youth_work:missing_nights");
    assert_eq!((effect.value, effect.denominator), (Some(-3.0), Some(1)));
    assert!(!figures.iter().any(|figure| figure.level.ends_with("harm_days")), "no extract tells of harm");
}

#[test]
fn with_nobody_to_match_there_is_no_figure_and_one_service_says_nothing_of_another() {
    // Child a starts mental health support too; nobody else needs it.
    let figures = two_children(&["2,a,mental_health,health,2025-07-01,2025-07-05,accepted,2025-07-25"]).exact();
    let alone = figure(&figures, "support_effect", "2025-12", "mental_health:missing_nights");
    assert_eq!((alone.value, alone.denominator), (None, Some(0)));
    let effect = figure(&figures, "support_effect", "2025-12", "youth_work:missing_nights");
    assert_eq!(effect.value, Some(-3.0));
}
