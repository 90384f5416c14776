//! What the charts of the plan say and draw.

use chrono::NaiveDate;

use super::*;
use crate::release::{CurvePoint, FanPoint};

fn on(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

fn point(day: &str, planned: u32, as_redated: u32, delivered: Option<u32>) -> CurvePoint {
    CurvePoint { on: on(day), planned, as_redated, delivered, evidenced: delivered }
}

fn curve() -> PlanCurve {
    let fan = |day: &str, low: u32, middle: u32, high: u32| FanPoint {
        on: on(day),
        percent_5: low,
        percent_15: low,
        percent_50: middle,
        percent_85: high,
        percent_95: high,
    };
    PlanCurve {
        id: "curve".into(),
        title: "Planned and delivered".into(),
        actions: 10,
        as_at: on("2026-10-31"),
        points: vec![
            point("2026-08-31", 2, 1, Some(1)),
            point("2026-09-30", 5, 2, Some(2)),
            point("2026-10-31", 8, 4, Some(3)),
            point("2026-11-30", 10, 10, None),
        ],
        fan: vec![fan("2026-10-31", 3, 3, 3), fan("2026-11-30", 3, 4, 6), fan("2026-12-31", 4, 6, 9)],
        grows: false,
    }
}

#[test]
fn where_new_actions_arrive_the_forecast_is_not_of_the_present_ones_alone() {
    let grows = PlanCurve { grows: true, ..curve() };
    assert!(
        grows.describe().ends_with("4 to 9 in nine of ten, of these and of new actions, which arrive as they did.")
    );
    let svg = grows.svg();
    assert!(svg.contains("10 agreed so far") && !svg.contains("All 10 actions"));
}

#[test]
fn the_curve_says_what_is_due_and_what_is_delivered() {
    assert_eq!(
        curve().describe(),
        "Running totals of 10 actions. By 31 October 2026: 8 due as first agreed, 4 as dates now stand, 3 delivered. \
         Forecast for 31 December 2026: 6 delivered in half of the runs, 4 to 9 in nine of ten."
    );
    let svg = curve().svg();
    assert!(!svg.contains("style=") && svg.len() < 10_000, "{}", svg.len());
    assert_eq!(svg.matches("<path class=\"bd c2\"").count(), 2, "two bands");
    for label in ["All 10 actions", "As first agreed", "As re-dated", "Delivered"] {
        assert!(svg.contains(label), "{label}");
    }
    let empty = PlanCurve { points: Vec::new(), fan: Vec::new(), ..curve() };
    assert!(empty.svg().contains("no action yet"));
}

#[test]
fn dates_show_every_re_dating_and_where_it_ended() {
    let rows = vec![
        DateRow {
            label: "A1 Return interviews".into(),
            original_due_on: on("2026-03-31"),
            moved_to: vec![on("2026-06-30"), on("2026-09-30")],
            ended: Ended::Done(on("2026-09-20")),
            days_slipped: 173,
        },
        DateRow {
            label: "A2 Screening".into(),
            original_due_on: on("2026-09-30"),
            moved_to: Vec::new(),
            ended: Ended::NotDone(on("2026-10-31")),
            days_slipped: 31,
        },
    ];
    let dates = Dates { id: "dates".into(), title: "Dates as they moved".into(), as_at: on("2026-10-31"), rows };
    assert_eq!(
        dates.describe(),
        "Dates of 2 actions as they moved. A1 Return interviews: first due 31 March 2026, moved 2 times, done 20 September \
         2026; A2 Screening: first due 30 September 2026, not done."
    );
    let svg = dates.svg();
    assert_eq!(svg.matches("class=\"dot c3\"").count(), 2, "two later dates");
    assert_eq!(svg.matches("class=\"ho c0\"").count(), 2, "two dates first agreed");
    assert_eq!((svg.matches("class=\"fi c0\"").count(), svg.matches("class=\"dt c0\"").count()), (1, 1));
    assert!(svg.contains("+173 days") && svg.contains("+31 days"));
}

#[test]
fn the_line_of_the_last_day_counted_runs_through_no_words() {
    let row = |ended: Ended, days_slipped: i64| DateRow {
        label: "A1".into(),
        original_due_on: on("2026-01-31"),
        moved_to: Vec::new(),
        ended,
        days_slipped,
    };
    let days = ["2026-07-01", "2026-08-01", "2026-08-20", "2026-09-10", "2026-09-30", "2026-10-20", "2026-10-30"];
    let mut rows: Vec<DateRow> = days.into_iter().map(|day| row(Ended::Done(on(day)), 200)).collect();
    rows.extend(["2026-07-01", "2026-10-01"].map(|day| row(Ended::Done(on(day)), -112)));
    rows.push(row(Ended::NotDone(on("2026-10-31")), 273));
    let svg = Dates { id: "d".into(), title: "Dates".into(), as_at: on("2026-10-31"), rows }.svg();
    let number = |text: &str, key: &str| -> i32 {
        text.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let texts = || svg.split("<text ").skip(1).map(|text| text.split("</text>").next().unwrap());
    let today = texts().find(|text| text.ends_with("31 October 2026")).map(|text| number(text, "x")).unwrap();
    let slips: Vec<(i32, i32)> = texts()
        .filter(|text| text.contains("days"))
        .map(|text| (number(text, "x"), width_of(text.rsplit('>').next().unwrap())))
        .collect();
    assert_eq!(slips.len(), 10, "{svg}");
    for (from, wide) in slips {
        assert!(from + wide < today || from > today, "words from {from} to {} across {today}", from + wide);
        assert!(from + wide <= WIDTH as i32, "words from {from} to {} leave the frame", from + wide);
    }
}
