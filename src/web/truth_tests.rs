//! What a board would conclude from a page, and whether it is true: one story a test.

use maud::Render as _;

use super::{Inputs, affected, first, impact, moved, site};
use crate::charts::fixture::{report, withhold};
use crate::domain::{Dimension, Figure, Period};
use crate::release::{ActionStatus, Board, Report, Sufficiency, SupportComparison, SupportVerdict};

fn text_of(report: &Report<Board>, path: &str) -> String {
    let inputs = Inputs::of(report);
    String::from_utf8(site(&inputs).body(path).unwrap().to_vec()).unwrap()
}

#[test]
fn a_figure_older_than_the_year_is_not_the_years() {
    let mut report = report();
    let first = report.about.month.plus(-12);
    let of_year = |one: &&mut Figure| one.measure == "help_started" && one.period.last_month() > first;
    report.figures.iter_mut().filter(of_year).for_each(withhold);
    let page = text_of(&report, "annual");
    let row = page.split("measures/help_started\"").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("Withheld all year, to protect children [c]; last shown for "), "{row}");
    assert!(!row.contains('%'), "no older figure stands in the row: {row}");
}

#[test]
fn help_is_compared_over_one_period_whatever_is_withheld() {
    // By sex nothing of the latest year is shown; the year before is, and would read 96% beside 62%.
    let mut report = report();
    let year = |to: &str| Period::TwelveMonthsTo(to.parse().unwrap());
    let shape =
        report.figures.iter().find(|one| one.measure == "help_started" && one.value.is_some()).cloned().unwrap();
    let figure = |dimension, level: &str, to: &str, value: f64| Figure {
        measure: "time_to_assessment".into(),
        dimension,
        level: format!("{level}:s10"),
        period: year(to),
        value: Some(value),
        provisional: false,
        ..shape.clone()
    };
    let mut latest_by_sex = figure(Dimension::Sex, "female", "2026-06", 0.62);
    withhold(&mut latest_by_sex);
    report.figures = vec![
        figure(Dimension::Sex, "female", "2025-06", 0.96),
        latest_by_sex,
        figure(Dimension::EthnicityGroup, "asian", "2026-06", 0.62),
    ];
    let group = |dimension, level: &str| affected::Group {
        dimension,
        level: level.into(),
        period: year("2026-06"),
        known: None,
        residents: 0,
        year: 2026,
        ratio: None,
    };
    let said = |dimension, level| {
        affected::help(&report, "time_to_assessment", Some("s10"), &group(dimension, level)).render().into_string()
    };
    assert_eq!(said(Dimension::Sex, "female"), "[c]");
    assert!(said(Dimension::EthnicityGroup, "asian").starts_with("62%"));
}

#[test]
fn an_interval_that_ends_just_short_of_nought_says_so() {
    let one = |lower, estimate, upper| SupportComparison {
        started: [0.0; 3],
        waiting: [0.0; 3],
        estimate,
        lower,
        upper,
        smallest_detectable: 0.2,
        balance_before: None,
        balance_spells: None,
    };
    let helps = one(-0.33, -0.17, -0.001);
    assert_eq!(impact::interval(SupportVerdict::Helps, &helps), "\u{2212}0.33 to just below 0");
    assert_eq!(
        impact::of_a_hundred("missing_nights", SupportVerdict::Helps, &helps),
        "For 100 children in 90 days: 17 fewer nights; range hardly any to 33 fewer"
    );
    let cannot = one(-0.25, -0.08, 0.001);
    assert_eq!(impact::interval(SupportVerdict::CannotTell, &cannot), "\u{2212}0.25 to 0.00");
    assert_eq!(
        impact::of_a_hundred("harm_days", SupportVerdict::CannotTell, &cannot),
        "For 100 children in 90 days, in days: from 25 fewer to no difference"
    );
}

#[test]
fn who_is_acting_is_whoever_has_an_open_action_where_no_target_has_an_owner() {
    let mut report = report();
    let measure = report.measures.iter().find(|one| one.target.is_none()).cloned().unwrap();
    let plan = report.plan.as_mut().unwrap();
    plan.actions.iter_mut().for_each(|one| one.action.measures.clear());
    let mut all = plan.actions.iter_mut();
    let (open, done) = (all.next().unwrap(), all.next().unwrap());
    (open.action.status, open.action.completed_on) = (ActionStatus::InProgress, None);
    (done.action.status, done.action.completed_on) = (ActionStatus::Completed, Some("2026-05-01".parse().unwrap()));
    open.action.owner_role = Some("head_of_early_help".into());
    done.action.owner_role = Some("named_nurse".into());
    done.action.measures = vec![measure.id.clone()];
    assert_eq!(first::acting(&measure, &report), "No one named");
    report.plan.as_mut().unwrap().actions[0].action.measures = vec![measure.id.clone()];
    assert_eq!(first::acting(&measure, &report), "Head of early help");
}

#[test]
fn the_head_of_the_plan_names_what_finishing_did_not_change() {
    let mut report = report();
    let one = &mut report.plan.as_mut().unwrap().actions[0].action;
    (one.status, one.completed_on) = (ActionStatus::Completed, Some("2025-06-01".parse().unwrap()));
    (one.measures, one.expected) = (vec!["missing_again".into()], None);
    let plan = report.plan.as_ref().unwrap();
    let verdicts = moved::verdicts(&report, plan);
    let unmoved: Vec<&str> =
        verdicts.iter().filter(|one| moved::is_unmoved(&one.moved)).map(|one| one.action.action.id.as_str()).collect();
    let page = text_of(&report, "plan");
    let (lead, rest) = page.split_once("href=\"#changed\"").unwrap();
    assert!(lead.contains(&moved::found(&verdicts)));
    assert!(!unmoved.is_empty(), "the fixture has an action that is finished and left its outcome where it was");
    for id in unmoved {
        assert!(moved::found(&verdicts).contains(id), "{id}");
        let first = rest.split("Finished, but nothing got better").nth(1).unwrap();
        let first = first.split("Finished, and the outcome is improving since").next().unwrap();
        assert!(first.contains(&format!(">{id}: ")), "{id}");
    }
}

#[test]
fn nothing_known_is_no_good_news() {
    let mut report = report();
    report.figures.clear();
    report.measures.retain(|one| one.sufficiency == Sufficiency::Sufficient);
    let plan = report.plan.as_mut().unwrap();
    plan.actions.clear();
    plan.summary.actions = 0;
    let page = text_of(&report, "");
    assert!(page.contains("none has enough complete periods that can be shown"), "{page}");
    assert!(
        page.contains("The pace of the action plan cannot be known: the list of actions that was supplied is empty.")
    );
    for never in ["all can be known", "nothing left", "0 of 0", "In three sentences"] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(!text_of(&report, "plan").contains("<svg"), "no empty frame");
}
