//! Small reports a reader can check by hand, the traps of STATISTICS, and what chance alone does.

use proptest::prelude::*;

use super::*;
use crate::charts::{fixture, words};
use crate::domain::{Dimension, Figure, Symbol};
use crate::release::{Better, Board, ControlChart, Shape, SignalOn, Target};

/// A report to October 2026 with one measure, lower being better; its months end in September, none of them withheld
/// unless `None`.
fn report(shape: Shape, unit: Unit, counts: &[Option<(i64, i64)>]) -> Report<Board> {
    let base = fixture::report();
    let measure = Measure {
        id: "tried".into(),
        title: "Tried".into(),
        shape,
        unit,
        headline_part: None,
        target: None,
        parts: Vec::new(),
        better: Better::Lower,
        ..base.measures[0].clone()
    };
    let first = "2026-10".parse::<Month>().unwrap().plus(-(counts.len() as i32));
    let figures = counts
        .iter()
        .enumerate()
        .map(|(at, counts)| figure(Period::Month(first.plus(at as i32)), *counts, unit))
        .collect();
    Report { measures: vec![measure], figures: fixture::ordered(figures), ..base }
}

fn figure(period: Period, counts: Option<(i64, i64)>, unit: Unit) -> Figure {
    let value = counts.map(|(x, n)| if n > 0 { x as f64 / n as f64 * unit.multiplier() } else { x as f64 });
    Figure {
        measure: "tried".into(),
        period,
        dimension: Dimension::Total,
        level: "total".into(),
        numerator: counts.map(|counts| counts.0),
        denominator: counts.map(|counts| counts.1).filter(|n| *n > 0),
        value,
        lower: None,
        upper: None,
        unit,
        symbol: value.is_none().then_some(Symbol::Confidential),
        provisional: false,
    }
}

fn shares(of_100: &[i64]) -> Report<Board> {
    let counts: Vec<_> = of_100.iter().map(|x| Some((*x, 100))).collect();
    report(Shape::Proportion, Unit::Proportion, &counts)
}

fn stock(waiting: &[i64]) -> Report<Board> {
    let counts: Vec<_> = waiting.iter().map(|x| Some((*x, 0))).collect();
    report(Shape::Stock, Unit::Children, &counts)
}

fn judged(report: &Report<Board>) -> Judgement {
    judge(&report.measures[0], report)
}

fn says(report: &Report<Board>) -> String {
    words::variation(&report.measures[0], &judged(report))
}

/// Eighteen months about 40 %, then seven about 33 %.
fn fallen() -> Vec<i64> {
    let before = (0..18).map(|at| 40 + at % 3 - 1);
    before.chain([33, 34, 33, 32, 34, 33, 33]).collect()
}

#[test]
fn a_month_that_is_shown_does_not_stand_beside_words_that_none_can_be() {
    // September and every quarter's end before it are withheld; the months between are shown.
    let months = (0..24).map(|at| (at % 3 != 2).then_some((16, 100)));
    let mut report = report(Shape::Proportion, Unit::Proportion, &months.collect::<Vec<_>>());
    report.measures[0].signal_on = SignalOn::Quarter;
    report.measures[0].sentence = "{value} were clear".into();
    let says = |report: &Report<Board>| words::finding(&report.measures[0], report, &judged(report));
    let cannot_tell = |report: &Report<Board>| {
        let said = says(report);
        let because = said.strip_prefix(
            "16% were clear (August 2026; what came later is withheld). Cannot tell whether it changed: ",
        );
        because.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    assert_eq!(cannot_tell(&report), "no quarter's end can be shown, and change is judged on those alone.");
    let mut by_month = shares(&[40; 36]);
    by_month.measures[0].signal_on = SignalOn::Quarter;
    let of = judged(&by_month);
    assert!(words::at_quarter_ends(&of) && !words::at_quarter_ends(&judged(&shares(&[40; 36]))));
    let told = words::change(&by_month.measures[0], &of);
    assert!(told.contains("Only quarter ends are drawn and judged"), "{told}");
    for month in ["2025-06", "2025-09"] {
        let of = Period::Month(month.parse().unwrap());
        let withheld = report.figures.iter_mut().find(|one| one.period == of).unwrap();
        *withheld = figure(of, Some((16, 100)), Unit::Proportion);
    }
    assert_eq!(cannot_tell(&report), "too little is counted and shown at quarter ends to judge, and no whole year is.");
    report.measures[0].chart = ControlChart::Xmr;
    assert_eq!(cannot_tell(&report), "no quarter's end can be shown since Sep 2025.");
}

#[test]
fn seven_months_below_average_is_getting_better_where_lower_is_better() {
    let mut report = shares(&fallen());
    let of = judged(&report);
    assert_eq!(of.choice.method, Method::PPrime);
    let Variation::Changed(seen) = &of.variation else { panic!("{:?}", of.variation) };
    assert_eq!((seen.state, seen.run), (State::Improvement, 7));
    assert_eq!(says(&report), "Getting better: seven months in a row below average");
    assert_eq!(
        words::change(&report.measures[0], &of),
        "Getting better: seven months in a row below average. That is unlikely to be chance."
    );
    report.measures[0].better = Better::Higher;
    assert_eq!(says(&report), "Getting worse: seven months in a row below average");
    report.measures[0].better = Better::Neither;
    assert_eq!(says(&report), "Changed; neither better nor worse: seven months in a row below average");
}

#[test]
fn a_provisional_month_is_never_signalled_on() {
    let mut counts = vec![40; 12];
    counts.extend([39, 41].repeat(6));
    counts.push(95);
    let mut report = shares(&counts);
    assert_eq!(says(&report), "Getting worse: Sep 2026 is above the upper limit");
    report.figures.last_mut().unwrap().provisional = true;
    let of = judged(&report);
    assert_eq!(of.variation, Variation::NoClearChange { until_last: None });
    assert_eq!((of.points[24].signal, of.points[24].state), (None, None));
    assert!(words::change(&report.measures[0], &of).contains("September 2026 is provisional"));
    let with: Vec<_> = of.points.iter().filter_map(|point| point.centre).collect();
    assert!(with.iter().all(|centre| (centre - 0.4).abs() < 0.001), "it is in no average");
}

#[test]
fn a_withheld_month_breaks_a_run_and_is_named() {
    let mut report = shares(&fallen());
    let gap = report.figures.len() - 4;
    report.figures[gap] = figure(report.figures[gap].period, None, Unit::Proportion);
    let of = judged(&report);
    assert!(!matches!(&of.variation, Variation::Changed(seen) if matches!(seen.signal, Signal::Shift { .. })));
    assert!(
        words::change(&report.measures[0], &of).contains("One month is withheld or not known; a gap breaks every run")
    );
}

#[test]
fn a_month_with_no_row_at_all_is_a_gap_too() {
    let mut report = shares(&fallen());
    report.figures.remove(20);
    let of = judged(&report);
    assert_eq!(of.points.len(), 25);
    assert_eq!(of.points.iter().filter(|point| point.value.is_none()).count(), 1);
}

#[test]
fn too_few_months_are_too_new_and_few_are_on_trial() {
    assert_eq!(says(&shares(&[40, 41, 39])), "Too new to judge: three complete months, and seven are needed");
    let report = shares(&[40, 41, 39, 40, 42, 38, 40, 41]);
    assert!(judged(&report).trial);
    assert!(words::change(&report.measures[0], &judged(&report)).contains("on trial: they rest on eight months"));
    assert!(!judged(&shares(&[40; 13])).trial);
}

#[test]
fn what_cannot_be_known_or_shown_says_so() {
    let mut report = shares(&[40; 20]);
    report.measures[0].sufficiency = Sufficiency::CannotBeKnown { wanted: vec!["assessments".into()] };
    assert_eq!(says(&report), "Cannot be known from the data supplied");
    let withheld = self::report(Shape::Proportion, Unit::Proportion, &[None; 20]);
    assert_eq!(says(&withheld), "Cannot tell whether it changed: no period that change is judged on can be shown");
}

#[test]
fn limits_start_anew_only_at_an_event_with_a_reason() {
    let mut report = shares(&fallen());
    let event = crate::release::Event {
        on: "2026-03-01".parse().unwrap(),
        title: "New recording".into(),
        measures: vec!["tried".into()],
        rebase: None,
    };
    report.about.events = vec![event.clone()];
    assert_eq!(judged(&report).phases.len(), 1, "an event alone moves nothing");
    report.about.events = vec![crate::release::Event { rebase: Some("Police record every absence".into()), ..event }];
    let of = judged(&report);
    assert_eq!(of.phases.len(), 2);
    assert_eq!(of.phases[1].from.to_string(), "2026-03");
    assert_eq!(of.phases[1].reason.as_deref(), Some("Police record every absence"));
    assert!(of.trial, "seven months in the new phase");
    assert!(matches!(of.variation, Variation::NoClearChange { .. }), "the fall is the recording's");
}

#[test]
fn days_are_never_on_u_prime_and_events_are() {
    let counts: Vec<_> = (0..20).map(|at| Some((200 + at % 5, 10_000))).collect();
    let mut report = report(Shape::Rate, Unit::Per1000ChildDays, &counts);
    report.measures[0].chart = crate::release::ControlChart::Xmr;
    assert_eq!(judged(&report).choice.method, Method::Xmr);
    report.measures[0].chart = crate::release::ControlChart::Auto;
    let of = judged(&report);
    assert_eq!(of.choice.method, Method::UPrime);
    // 202 in 10,000 days is 20.2 per 1,000; limits ± 3 √(0.0202 ÷ 10,000) × 1,000.
    let (lower, upper) = of.points[0].limits.unwrap();
    assert!((of.points[0].centre.unwrap() - 20.2).abs() < 1e-9);
    assert!((upper - lower - 6.0 * (0.0202_f64 / 10_000.0).sqrt() * 1_000.0).abs() < 1e-9);
}

#[test]
fn rare_events_are_told_by_the_year_and_never_signalled() {
    let counts: Vec<_> = (0..24).map(|at| if at % 3 == 0 { Some((6, 20)) } else { None }).collect();
    let mut report = report(Shape::Proportion, Unit::Proportion, &counts);
    let last: Month = "2026-09".parse().unwrap();
    for back in 0..24 {
        report.figures.push(figure(Period::TwelveMonthsTo(last.plus(-back)), Some((30, 200)), Unit::Proportion));
    }
    report.figures = fixture::ordered(report.figures);
    let of = judged(&report);
    assert_eq!(of.choice.method, Method::Yearly);
    let periods: Vec<String> = of.points.iter().map(|point| point.period.to_string()).collect();
    assert_eq!(periods, ["2025-09/P12M", "2026-09/P12M"], "years that do not overlap");
    assert!(of.points.iter().all(|point| point.limits.is_none() && point.signal.is_none()));
    assert_eq!(words::variation(&report.measures[0], &of), "Cannot tell by month: only whole years stand side by side");
}

#[test]
fn overlapping_windows_are_judged_at_quarter_ends_alone() {
    let counts: Vec<_> = (0..36).map(|at| Some((30 + at % 4, 100))).collect();
    let mut report = report(Shape::Proportion, Unit::Proportion, &counts);
    report.measures[0].signal_on = SignalOn::Quarter;
    let of = judged(&report);
    assert_eq!(of.points.len(), 12);
    assert!(of.points.iter().all(|point| point.period.last_month().ends_quarter()));
    assert!(of.trial);
}

#[test]
fn twelve_month_windows_are_never_on_a_control_chart() {
    let last: Month = "2026-09".parse().unwrap();
    let mut report = shares(&[]);
    report.figures = (0..36)
        .map(|back| {
            figure(Period::TwelveMonthsTo(last.plus(back - 35)), Some((30 + i64::from(back), 100)), Unit::Proportion)
        })
        .collect();
    let of = judged(&report);
    assert_eq!((of.choice.method, of.points.len()), (Method::Yearly, 3));
    assert!(crate::charts::control_chart(&report.measures[0], &report, &of, 36).is_none());
}

#[test]
fn a_backlog_that_doubles_is_never_no_clear_change() {
    // Steadily: more started than stopped every month.
    let steady: Vec<i64> = (0..25).map(|at| 60 + at * 5 / 2).collect();
    assert!(says(&stock(&steady)).starts_with("Getting worse: "), "{}", says(&stock(&steady)));
    // With noise of ten either way: no run, yet it doubles.
    let noisy: Vec<i64> = (0..25).map(|at| 60 + at * 5 / 2 + if at % 2 == 0 { 10 } else { -10 }).collect();
    let said = says(&stock(&noisy));
    assert!(!judged(&stock(&noisy)).is_steady(), "it is not counted among those that show no clear change");
    assert!(judged(&stock(&noisy)).is_drifting_worse(Better::Lower), "and needs attention");
    assert!(!judged(&stock(&noisy)).is_drifting_worse(Better::Higher));
    assert_eq!(said, "Grew by 30 in 12 months; no signal in the latest month");
    let level: Vec<i64> = (0..25).map(|at| 60 + at % 3).collect();
    assert_eq!(judged(&stock(&level)).choice.method, Method::Flow);
    assert!(says(&stock(&level)).starts_with("As many stopped as started"), "{}", says(&stock(&level)));
}

#[test]
fn a_shrinking_backlog_is_getting_better_though_still_above_its_average() {
    let mut waiting: Vec<i64> = (0..24).map(|at| 60 + at * 5 + at % 2).collect();
    waiting.extend((1..9).map(|at| 175 - at * 9));
    assert!(says(&stock(&waiting)).starts_with("Getting better: "), "{}", says(&stock(&waiting)));
}

#[test]
fn parts_of_what_started_and_stopped_are_used_where_shown() {
    let mut report = stock(&[50; 20]);
    let all: Vec<Period> = report.figures.iter().map(|figure| figure.period).collect();
    for period in all {
        for (part, count) in [("started", 12), ("stopped", 9)] {
            let level = format!("total:{part}");
            report.figures.push(Figure { level, ..figure(period, Some((count, 0)), Unit::Children) });
        }
    }
    report.figures = fixture::ordered(report.figures);
    let of = judged(&report);
    assert!(of.points.iter().all(|point| point.value == Some(3.0)));
    assert_eq!(of.net, Some(Net { by: 36.0, before: 14.0 }));
}

/// A share of children who stay at risk for months: its steps are judged.
fn lasting(of_100: &[i64]) -> Report<Board> {
    let mut report = shares(of_100);
    report.measures[0].chart = crate::release::ControlChart::Steps;
    report
}

#[test]
fn a_level_that_lasts_is_judged_by_how_it_moves() {
    // It wanders: up a point, down a point, for 24 months; then it falls by ten at once.
    let mut of_100: Vec<i64> = (0..24).map(|at| 60 + at % 2).collect();
    let wandering = judged(&lasting(&of_100));
    assert_eq!((wandering.choice.method, wandering.unit), (Method::Steps, Unit::PercentagePoints));
    assert_eq!(wandering.points.len(), 23, "the first month has none before it");
    assert!(wandering.points.iter().all(|point| point.value.is_some_and(|by| (by.abs() - 1.0).abs() < 1e-9)));
    assert_eq!(says(&lasting(&of_100)), "No clear change: the same as a year before");
    of_100.push(51);
    assert_eq!(says(&lasting(&of_100)), "Getting better: fell in Sep 2026 by more than it usually moves");
    // From 61 twelve months before to 51, and the month after that is no signal of its own.
    of_100.push(52);
    assert_eq!(
        says(&lasting(&of_100)),
        "No clear change: 9.0 percentage points below a year before; until last month getting better"
    );
    assert_eq!(judged(&lasting(&of_100)).net.map(|net| (net.by.round(), net.before.round())), Some((-9.0, 61.0)));
}

#[test]
fn a_level_that_falls_seven_months_running_is_getting_better_by_whatever_it_falls() {
    let up_and_down = (0..18).map(|at| 60 + at % 2);
    // By less and less: 8, 7, 6, 5, 4, 3 and 2. A rule of rising points would call that worse.
    let report = lasting(&up_and_down.chain([53, 46, 40, 35, 31, 28, 26]).collect::<Vec<_>>());
    assert_eq!(says(&report), "Getting better: fell seven months in a row");
}

#[test]
fn a_level_withheld_for_a_month_has_no_step_into_it_and_none_out_of_it() {
    let mut counts: Vec<_> = (0..24).map(|at| Some((60 + at % 2, 100))).collect();
    counts[20] = None;
    let mut report = report(Shape::Proportion, Unit::Proportion, &counts);
    report.measures[0].chart = crate::release::ControlChart::Steps;
    let of = judged(&report);
    let gaps: Vec<usize> = (0..of.points.len()).filter(|at| of.points[*at].value.is_none()).collect();
    assert_eq!(gaps, [19, 20]);
    assert_eq!(of.net, Some(Net { by: 0.0, before: 61.0 }));
    // A month without a figure at the end, such as August of a share of pupils: the one before it is the latest.
    report.figures[23].value = None;
    assert_eq!(judged(&report).net, Some(Net { by: 0.0, before: 60.0 }));
}

#[test]
fn a_backlog_that_shrinks_by_less_each_month_is_not_getting_worse() {
    // Started less stopped: up and down by four, then 8, 7, 6, 5, 4, 3 and 2 more stopped: every month fewer wait.
    let mut waiting: Vec<i64> = (0..24).map(|at| 100 + 4 * (at % 2)).collect();
    let mut now = 100;
    for fell in [8, 7, 6, 5, 4, 3, 2] {
        now -= fell;
        waiting.push(now);
    }
    assert!(says(&stock(&waiting)).starts_with("Getting better: "), "{}", says(&stock(&waiting)));
}

#[test]
fn the_same_value_every_month_is_no_change() {
    let counts = vec![Some((30, 100)); 20];
    let mut report = report(Shape::Survival, Unit::Proportion, &counts);
    report.measures[0].headline_part = None;
    let of = judged(&report);
    assert_eq!(of.choice.method, Method::Xmr);
    assert!(of.points.iter().all(|point| point.limits.is_none()));
    assert_eq!(says(&report), "No clear change: every month shows the same value");
}

#[test]
fn a_target_beyond_the_limits_is_usually_met_or_usually_not() {
    let mut report = shares(&[40, 41, 39].repeat(8));
    let mut fared = |value: f64, better: Better| {
        let owner_role = "Head of missing services".to_owned();
        report.measures[0].target = Some(Target { value, by: "2027-03-31".parse().unwrap(), owner_role });
        report.measures[0].better = better;
        words::assurance(&judge(&report.measures[0], &report))
    };
    assert_eq!(fared(0.10, Better::Lower), "Usually not met so far");
    assert_eq!(fared(0.70, Better::Lower), "Usually met so far");
    assert_eq!(fared(0.38, Better::Lower), "Sometimes met, sometimes not");
    assert_eq!(fared(0.10, Better::Higher), "Usually met so far");
    assert_eq!(fared(0.70, Better::Higher), "Usually not met so far");
    assert_eq!(fared(0.70, Better::Neither), "No target set");
}

#[test]
fn a_stock_counts_the_months_that_met_its_target() {
    let mut report = stock(&[50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 30]);
    report.measures[0].target =
        Some(Target { value: 40.0, by: "2027-03-31".parse().unwrap(), owner_role: "Head of front door".into() });
    assert_eq!(words::assurance(&judged(&report)), "Usually not met so far: 1 of the last 12 periods");
}

#[test]
fn the_way_to_a_target_says_what_each_month_would_bring() {
    let mut report = shares(&[40; 24]);
    let by = |text: &str| text.parse().unwrap();
    report.measures[0].target = Some(Target { value: 0.25, by: by("2026-12-31"), owner_role: "Head".into() });
    let measure = &report.measures[0];
    // From September to December: three months, 15 points.
    assert_eq!(
        words::trajectory(measure, &judge(measure, &report)).unwrap(),
        "The average so far is 40%. To reach 25% by December 2026 it would have to fall by 5.0 percentage points every month."
    );
    report.measures[0].target = Some(Target { value: 0.25, by: by("2026-06-30"), owner_role: "Head".into() });
    assert!(words::trajectory(&report.measures[0], &judged(&report)).unwrap().contains("has passed"));
}

#[test]
fn until_last_month() {
    let mut counts = fallen();
    counts.push(39);
    let said = says(&shares(&counts));
    assert_eq!(said, "No clear change; until last month getting better");
}

#[test]
fn an_overall_fall_is_not_said_of_groups_that_rose() {
    // Simpson: both groups rose while the mix moved to the lower one. The breakdown says nothing of change at all.
    let mut report = shares(&fallen());
    report.measures[0].dimensions = vec![Dimension::Locality];
    let last: Month = "2026-09".parse().unwrap();
    for (level, x, n) in [("north", 60, 100), ("south", 30, 900)] {
        let one = figure(Period::TwelveMonthsTo(last), Some((x, n)), Unit::Proportion);
        report.figures.push(Figure { dimension: Dimension::Locality, level: level.into(), ..one });
    }
    report.figures = fixture::ordered(report.figures);
    let measure = &report.measures[0];
    let breakdown = crate::charts::breakdown(measure, &report, Dimension::Locality).unwrap();
    let spec = crate::charts::breakdown_chart(measure, &report, &breakdown).unwrap();
    let said = crate::charts::describe(&spec);
    assert!(!said.contains("better") && !said.contains("worse") && said.contains("differ"), "{said}");
}

fn any_variation() -> impl Strategy<Value = Report<Board>> {
    let month = prop_oneof![4 => (0_i64..100).prop_map(|x| Some((x, 100))), 1 => Just(None)];
    let better = prop_oneof![Just(Better::Lower), Just(Better::Higher), Just(Better::Neither)];
    (prop::collection::vec(month, 0..40), better, any::<bool>(), 0_usize..4, prop::option::of(0.0..1.0_f64)).prop_map(
        |(counts, better, waiting, provisional, target)| {
            let mut report = if waiting {
                let counts: Vec<_> = counts.iter().map(|one| one.map(|(x, _)| (x, 0))).collect();
                report(Shape::Stock, Unit::Children, &counts)
            } else {
                report(Shape::Proportion, Unit::Proportion, &counts)
            };
            for figure in report.figures.iter_mut().rev().take(provisional) {
                figure.provisional = true;
            }
            report.measures[0].better = better;
            report.measures[0].target = target.map(|value| Target {
                value: if waiting { value * 100.0 } else { value },
                by: "2027-03-31".parse().unwrap(),
                owner_role: "Head".into(),
            });
            report
        },
    )
}

proptest! {
    #[test]
    fn words_hold_for_every_state(report in any_variation()) {
        let measure = &report.measures[0];
        let of = judge(measure, &report);
        let said = words::change(measure, &of);
        let better = said.starts_with("Getting better");
        let worse = said.starts_with("Getting worse");
        match &of.variation {
            Variation::Changed(seen) => {
                prop_assert!(said.contains("unlikely to be chance"));
                prop_assert!(seen.run >= 1);
                let right = match (seen.signal.high(), measure.better) {
                    (_, Better::Neither) => !better && !worse,
                    (true, Better::Higher) | (false, Better::Lower) => better,
                    _ => worse,
                };
                prop_assert!(right, "{}", said);
                let point = of.points.iter().find(|point| point.period == seen.period).unwrap();
                prop_assert!(!point.provisional && point.value.is_some(), "signalled on what is not complete");
            }
            _ => prop_assert!(!better && !worse && !said.contains("unlikely"), "{}", said),
        }
        for point in of.points.iter().filter(|point| point.provisional || point.value.is_none()) {
            prop_assert!(point.signal.is_none() && point.state.is_none());
        }
        for never in ["will meet", "reduced", "safer", " 1 months", "NaN", "inf"] {
            prop_assert!(!said.contains(never), "{}", said);
        }
        let title = words::active_title(measure, &report, &of);
        prop_assert!(title.split_whitespace().count() <= 10, "{}", title);
        if let Some(spec) = crate::charts::control_chart(measure, &report, &of, 36) {
            let described = crate::charts::describe(&spec);
            prop_assert!(described.chars().count() <= 300 && !described.is_empty());
            prop_assert!(crate::charts::svg(&spec).len() < 10_000);
        }
    }

    #[test]
    fn a_withheld_value_is_as_if_it_had_never_been(values in prop::collection::vec(20_i64..60, 20..36), at in 0_usize..20) {
        let mut one = shares(&values);
        let period = one.figures[at].period;
        one.figures[at] = figure(period, None, Unit::Proportion);
        let mut other = values;
        other[at] = 59;
        let mut other = shares(&other);
        other.figures[at] = figure(period, None, Unit::Proportion);
        prop_assert_eq!(judged(&one), judged(&other));
    }
}

/// Children of two age bands in two years: (missing again, returned), the younger first.
fn two_years(years: [[(i64, i64); 2]; 2]) -> Report<Board> {
    let mut report = shares(&[40; 20]);
    for (end, [younger, older]) in ["2025-09", "2026-09"].into_iter().zip(years) {
        let whole = (younger.0 + older.0, younger.1 + older.1);
        let year = Period::TwelveMonthsTo(end.parse().unwrap());
        let of = |dimension, level: &str, counts| Figure {
            dimension,
            level: level.into(),
            ..figure(year, Some(counts), Unit::Proportion)
        };
        report.figures.push(of(Dimension::Total, "total", whole));
        report.figures.push(of(Dimension::AgeBand, "10-12", younger));
        report.figures.push(of(Dimension::AgeBand, "16-17", older));
    }
    report.figures = fixture::ordered(report.figures);
    report
}

#[test]
fn a_fall_of_the_whole_while_every_group_rises_is_told_as_a_change_of_mix() {
    // 10-12: 20 of 100, then 75 of 300 (20 to 25 %). 16-17: 180 of 300, then 65 of 100 (60 to 65 %). The whole: 50 to 35 %.
    let turned = two_years([[(20, 100), (180, 300)], [(75, 300), (65, 100)]]);
    let mix = case_mix(&turned.measures[0], &turned).unwrap();
    assert_eq!((mix.dimension, mix.whole_rose), (Dimension::AgeBand, false));
    assert_eq!(
        words::case_mix(mix),
        "Take care: from the year to Sep 2025 to the year to Sep 2026 the whole fell, while it rose in every group by \
         age band that can be shown. Different children were counted: read the groups, not the whole."
    );
}

#[test]
fn groups_that_go_with_the_whole_or_are_withheld_are_no_change_of_mix() {
    let together = two_years([[(20, 100), (180, 300)], [(18, 100), (170, 300)]]);
    assert_eq!(case_mix(&together.measures[0], &together), None);
    let mut withheld = two_years([[(20, 100), (180, 300)], [(75, 300), (65, 100)]]);
    for figure in withheld.figures.iter_mut().filter(|figure| figure.level == "16-17") {
        figure.value = None;
    }
    assert_eq!(case_mix(&withheld.measures[0], &withheld), None, "one group alone is no mix");
}

#[test]
fn a_rate_that_falls_only_because_its_days_at_risk_were_not_yet_known_is_no_improvement() {
    // About twenty nights every month throughout; the days at risk fill up over the first year, as the records begin.
    let counts =
        |days: fn(i64) -> i64| -> Vec<Option<(i64, i64)>> { (0..36).map(|at| Some((20 + at % 5, days(at)))).collect() };
    let filling = counts(|at| 2_000 * (at + 1).min(12));
    let at_risk = |counts: &[Option<(i64, i64)>]| {
        let mut report = report(Shape::Rate, Unit::Per1000ChildDays, counts);
        report.measures[0].needs = vec!["missing_spells".into(), "days_at_risk".into()];
        report.about.definitions = vec![crate::release::Definition {
            name: "risk_lapses_days".into(),
            value: "365".into(),
            decides: "how long a risk lasts".into(),
        }];
        report
    };
    let naive = report(Shape::Rate, Unit::Per1000ChildDays, &filling);
    assert!(says(&naive).starts_with("Getting better"), "the trap: {}", says(&naive));
    let judged = judged(&at_risk(&filling));
    assert!(matches!(judged.variation, Variation::NoClearChange { .. }), "{:?}", judged.variation);
    let anew = judged.phases.last().unwrap();
    assert_eq!(
        anew.from,
        Period::Month("2024-10".parse().unwrap()),
        "1 October 2023 and 365 days is 30 September 2024"
    );
    assert!(anew.reason.as_deref().unwrap().contains("do not reach back"));
    assert_eq!(judged.points.first().unwrap().period, anew.from, "earlier months are in no limit and on no chart");
    // Children at risk at month end: as many are found in the first year as the records have years to find them.
    let mut stock = report(
        Shape::Stock,
        Unit::Children,
        &(0..36).map(|at: i64| Some((40 * (at + 1).min(12) + at % 5, 0))).collect::<Vec<_>>(),
    );
    stock.about.definitions = at_risk(&filling).about.definitions;
    stock.measures[0].needs = vec!["known_at_month_end".into()];
    let from = crate::measures::reaches_back_from(&stock.measures[0], &stock, &[]);
    assert_eq!(from, Some("2024-10".parse().unwrap()));
    assert!(judge(&stock.measures[0], &stock).points.iter().all(|point| Some(point.period.first_month()) >= from));
    // Where the first month shown is not where the records begin, the days at risk are whole from the first.
    let whole = at_risk(&counts(|_| 24_000));
    assert_eq!(judge(&whole.measures[0], &whole).points.len(), 36);
}
