//! Miniature plans, each worked out by hand beside it.

use chrono::{Days, NaiveDate};

use super::*;
use crate::release::{Action, ActionStanding, ActionStatus, FinishDates, GroupBy, KeptForecast, Known, Plan, Redating};

const SETTINGS: Settings = Settings { history_weeks: 26, adoption_days: 91, counts_evidence: false };

fn on(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

/// An action of the council, agreed on one day and due on another.
fn action(id: &str, agreed: &str, due: &str) -> Listed {
    let action = Action {
        id: id.to_owned(),
        title: format!("Action {id}"),
        finding: Some("F1".into()),
        agency: "council".into(),
        owner_role: Some("Head of service".into()),
        agreed_on: on(agreed),
        original_due_on: on(due),
        due_on: on(due),
        started_on: None,
        completed_on: None,
        evidenced_on: None,
        evidence: None,
        withdrawn_on: None,
        status: ActionStatus::NotStarted,
        measures: Vec::new(),
        expected: None,
        redatings: Vec::new(),
        original_overwritten: false,
    };
    Listed { action, key: id.to_owned(), recorded: Vec::new(), seen: Vec::new() }
}

trait Told {
    fn done(self, date: &str) -> Self;
    fn evidenced(self, date: &str) -> Self;
    fn withdrawn(self, date: &str) -> Self;
    fn now_due(self, date: &str) -> Self;
    fn recorded(self, date: &str, from: &str, to: &str) -> Self;
}

impl Told for Listed {
    fn done(mut self, date: &str) -> Self {
        self.action.completed_on = Some(on(date));
        self.action.status = ActionStatus::Completed;
        self
    }
    fn evidenced(mut self, date: &str) -> Self {
        self.action.evidenced_on = Some(on(date));
        self
    }
    fn withdrawn(mut self, date: &str) -> Self {
        self.action.withdrawn_on = Some(on(date));
        self.action.status = ActionStatus::Withdrawn;
        self
    }
    fn now_due(mut self, date: &str) -> Self {
        self.action.due_on = on(date);
        self
    }
    fn recorded(mut self, date: &str, from: &str, to: &str) -> Self {
        self.recorded.push(RecordedChange { on: on(date), from: Some(on(from)), to: on(to) });
        self.now_due(to)
    }
}

fn made(listed: Vec<Listed>, as_at: &str) -> Plan {
    plan(listed, Vec::new(), &[], on(as_at), SETTINGS)
}

fn change(known: Known, day: &str, from: &str, to: &str) -> Redating {
    Redating { on: on(day), from: on(from), to: on(to), known }
}

#[test]
fn re_dated_twice_then_done_has_slipped_from_the_first_date() {
    // Due 31 March; moved to 30 June, then to 30 September; done on 20 September, before the last of them. From 31 March to
    // 20 September: 30 + 31 + 30 + 31 + 31 + 20 = 173 days.
    let plan = made(
        vec![
            action("A1", "2026-01-05", "2026-03-31")
                .recorded("2026-03-20", "2026-03-31", "2026-06-30")
                .recorded("2026-06-22", "2026-06-30", "2026-09-30")
                .done("2026-09-20"),
        ],
        "2026-10-31",
    );
    let one = &plan.actions[0];
    assert_eq!((one.days_slipped, one.standing), (173, ActionStanding::DoneLate));
    assert_eq!(
        one.action.redatings,
        [
            change(Known::Recorded, "2026-03-20", "2026-03-31", "2026-06-30"),
            change(Known::Recorded, "2026-06-22", "2026-06-30", "2026-09-30"),
        ]
    );
    let summary = &plan.summary;
    assert_eq!((summary.redated, summary.redatings, summary.redatings_noticed), (1, 2, 0));
    assert_eq!((summary.planned_by_now, summary.delivered, summary.delivered_in_time), (1, 1, 0));
    assert_eq!((summary.median_days_slipped, summary.slipped), (Some(173.0), 1));
}

#[test]
fn a_plan_on_time_only_because_it_was_re_dated_does_not_look_on_time() {
    let moved = made(
        vec![action("A1", "2026-01-05", "2026-03-31").recorded("2026-03-30", "2026-03-31", "2026-12-31")],
        "2026-10-31",
    );
    let one = &moved.actions[0];
    assert_eq!(one.standing, ActionStanding::OnTimeOnlyByRedating);
    // Due on 31 December, 275 days after 31 March; 214 of them have passed.
    assert_eq!((one.days_slipped, one.days_overdue, one.days_past_original), (275, None, Some(214)));
    assert_eq!((moved.summary.overdue, moved.summary.on_time_only_by_redating), (0, 1));
    let band = moved.overdue.iter().find(|band| band.id == "over-180").unwrap();
    assert_eq!((band.past_due, band.past_original), (0, 1));
    let now = moved.curve.iter().find(|point| point.on == on("2026-10-31")).unwrap();
    assert_eq!((now.planned, now.as_redated, now.delivered), (1, 0, Some(0)), "the baseline says one was due");
}

#[test]
fn done_before_agreed_is_delivered_from_agreement_and_is_no_weeks_work() {
    let plan = made(
        vec![action("A1", "2026-03-01", "2026-06-30").done("2026-02-10"), action("A2", "2026-03-01", "2026-12-31")],
        "2026-08-31",
    );
    let one = &plan.actions[0];
    assert!(one.done_before_agreed);
    assert_eq!((one.standing, one.days_slipped), (ActionStanding::DoneInTime, -140), "10 February to 30 June");
    let at = |day: &str| plan.curve.iter().find(|point| point.on == on(day)).unwrap();
    assert_eq!((at("2026-02-28").delivered, at("2026-03-31").delivered), (Some(0), Some(1)));
    assert_eq!(plan.forecast.delivered_in_weeks, 0);
    // Nothing was done in 26 whole weeks (1 March to 31 August is 183 days): no end within ten years.
    assert_eq!(plan.forecast.weeks, 26);
    assert_eq!(plan.forecast.finish, FinishDates::By { percent_50: None, percent_85: None, percent_95: None });
}

#[test]
fn completed_without_evidence_counts_as_delivered_and_not_as_evidenced() {
    let listed = vec![
        action("A1", "2026-01-01", "2026-03-31").done("2026-03-20"),
        action("A2", "2026-01-01", "2026-03-31").done("2026-03-25").evidenced("2026-04-30"),
    ];
    let plain = made(listed.clone(), "2026-06-30");
    assert_eq!((plain.summary.delivered, plain.summary.evidenced), (2, 1));
    assert_eq!(plain.forecast.finish, FinishDates::Finished);
    let strict = Settings { counts_evidence: true, ..SETTINGS };
    let proven = plan(listed, Vec::new(), &[], on("2026-06-30"), strict);
    assert_eq!((proven.forecast.remaining, proven.forecast.delivered_in_weeks), (1, 1));
}

#[test]
fn a_withdrawn_action_stays_in_the_baseline_and_goes_on_slipping() {
    let plan = made(
        vec![
            action("A1", "2026-01-01", "2026-03-31").withdrawn("2026-03-15"),
            action("A2", "2026-01-01", "2026-03-31").done("2026-03-31"),
        ],
        "2026-04-30",
    );
    let one = &plan.actions[0];
    assert_eq!((one.standing, one.days_slipped, one.days_overdue), (ActionStanding::Withdrawn, 30, None));
    let summary = &plan.summary;
    assert_eq!((summary.actions, summary.planned_by_now, summary.delivered), (2, 2, 1));
    assert_eq!((summary.withdrawn, summary.open, summary.overdue), (1, 0, 0));
    let last = plan.curve.last().unwrap();
    assert_eq!((last.planned, last.as_redated, last.delivered), (2, 1, Some(1)), "never at two of two");
    assert_eq!(plan.forecast.finish, FinishDates::Finished, "nothing is left to do");
}

#[test]
fn a_date_moved_in_silence_is_noticed() {
    // The history knows nothing. The list of 30 April said 31 May, that of 31 July 30 September, today's 31 December.
    let mut one = action("A1", "2026-01-01", "2026-05-31").now_due("2026-12-31");
    let state = |seen: &str, due: &str| EarlierState {
        key: "A1".into(),
        seen_on: on(seen),
        agreed_on: on("2026-01-01"),
        original_due_on: on("2026-05-31"),
        due_on: on(due),
        completed_on: None,
    };
    // The list has overwritten the original date as well.
    one.action.original_due_on = on("2026-12-31");
    let earlier = [
        state("2026-04-30", "2026-05-31"),
        state("2026-07-31", "2026-09-30"),
        state("2026-10-31", "2026-06-30"), // today's own build, run before: not read
    ];
    let (listed, unlisted) = with_earlier_states(vec![one], &earlier, on("2026-10-31"));
    let plan = plan(listed, unlisted, &[], on("2026-10-31"), SETTINGS);
    let one = &plan.actions[0].action;
    assert_eq!((one.original_due_on, one.original_overwritten), (on("2026-05-31"), true));
    assert_eq!(
        one.redatings,
        [
            change(Known::Noticed, "2026-07-31", "2026-05-31", "2026-09-30"),
            change(Known::Noticed, "2026-10-31", "2026-09-30", "2026-12-31"),
        ]
    );
    assert_eq!(plan.actions[0].days_slipped, 214, "31 May to 31 December");
    assert_eq!((plan.summary.redatings, plan.summary.redatings_noticed), (2, 2));
}

#[test]
fn an_action_taken_off_the_list_stays_in_the_baseline() {
    let gone = EarlierState {
        key: "A9".into(),
        seen_on: on("2026-06-30"),
        agreed_on: on("2026-01-01"),
        original_due_on: on("2026-05-31"),
        due_on: on("2026-05-31"),
        completed_on: None,
    };
    let (listed, unlisted) = with_earlier_states(
        vec![action("A1", "2026-01-01", "2026-05-31").done("2026-05-01")],
        &[gone],
        on("2026-10-31"),
    );
    assert_eq!(unlisted.len(), 1);
    let plan = plan(listed, unlisted, &[], on("2026-10-31"), SETTINGS);
    assert_eq!((plan.summary.actions, plan.summary.planned_by_now, plan.summary.delivered), (2, 2, 1));
    assert_eq!(plan.curve.last().map(|point| (point.planned, point.delivered)), Some((2, Some(1))));
}

#[test]
fn changes_recorded_after_the_as_at_date_are_not_known_yet() {
    let listed = vec![
        action("A1", "2026-01-01", "2026-03-31").recorded("2026-05-05", "2026-03-31", "2026-08-31").done("2026-08-01"),
        action("A2", "2026-06-01", "2026-09-30"),
    ];
    let plan = made(listed, "2026-04-30");
    assert_eq!(plan.actions.len(), 1, "the other was agreed later");
    let one = &plan.actions[0];
    assert_eq!((one.action.due_on, one.action.redatings.len()), (on("2026-03-31"), 0));
    assert_eq!((one.standing, one.days_overdue, one.days_slipped), (ActionStanding::Overdue, Some(30), 30));
}

#[test]
fn ages_of_open_actions_count_those_still_open() {
    // Agreed on 1 January, as at 30 June (180 days later): done after 90 and 120 days, two still open.
    let plan = made(
        vec![
            action("A1", "2026-01-01", "2026-06-30").done("2026-04-01"),
            action("A2", "2026-01-01", "2026-06-30").done("2026-05-01"),
            action("A3", "2026-01-01", "2026-06-30"),
            action("A4", "2026-01-01", "2026-06-30"),
        ],
        "2026-06-30",
    );
    let shares: Vec<(u32, u64, f64)> =
        plan.ageing.steps.iter().map(|step| (step.days, step.at_risk, step.still_open)).collect();
    assert_eq!(shares, [(90, 4, 0.75), (180, 2, 0.5)]);
    assert_eq!((plan.ageing.median_open_days, plan.ageing.oldest_open_days), (Some(180.0), Some(180)));
    assert_eq!(plan.actions[2].standing, ActionStanding::NotDue, "due today is not overdue");
}

#[test]
fn the_forecast_counts_whole_weeks_and_says_what_pace_is_needed() {
    // One action delivered in each of the last eight weeks, four left: four weeks in every run.
    let as_at = on("2026-03-01");
    let mut listed: Vec<Listed> = (0_u64..8)
        .map(|week| {
            let mut one = action(&format!("D{week}"), "2026-01-01", "2026-04-12");
            one.action.completed_on = Some(as_at - Days::new(7 * week));
            one.action.status = ActionStatus::Completed;
            one
        })
        .collect();
    listed.extend((0..4).map(|number| action(&format!("O{number}"), "2026-01-01", "2026-04-12").now_due("2026-04-26")));
    let plan = plan(listed.clone(), Vec::new(), &[], as_at, SETTINGS);
    let finish = Some(on("2026-03-29"));
    assert_eq!(plan.forecast.finish, FinishDates::By { percent_50: finish, percent_85: finish, percent_95: finish });
    // Six weeks to 12 April, eight to 26 April.
    let forecast = &plan.forecast;
    assert_eq!((forecast.weeks, forecast.recent_a_week), (8, Some(1.0)));
    assert_eq!((forecast.needed_a_week_original, forecast.needed_a_week), (Some(4.0 / 6.0), Some(0.5)));
    assert_eq!(forecast.fan.first().map(|point| (point.on, point.percent_50)), Some((as_at, 8)));
    assert_eq!(forecast.fan.last().map(|point| (point.on, point.percent_5)), Some((on("2026-04-30"), 12)));
    // One day less is seven whole weeks: no forecast.
    let young = super::plan(listed, Vec::new(), &[], on("2026-02-25"), SETTINGS);
    assert_eq!(young.forecast.finish, FinishDates::TooLittleHistory { weeks: 7 });
}

#[test]
fn past_forecasts_are_scored_by_what_happened() {
    let listed = vec![
        action("A1", "2025-10-01", "2026-06-30").done("2026-02-15"),
        action("A2", "2025-10-01", "2026-06-30").done("2026-03-15"),
        action("A3", "2025-10-01", "2026-06-30"),
    ];
    let kept = |made: &str, p85: &str, (low, high): (u32, u32)| KeptForecast {
        made_on: on(made),
        remaining: 3,
        percent_50: None,
        percent_85: Some(on(p85)),
        percent_95: None,
        next_13_weeks_low: low,
        next_13_weeks_middle: low,
        next_13_weeks_high: high,
    };
    let forecasts = [
        kept("2026-01-31", "2026-05-31", (3, 4)),
        kept("2026-02-28", "2026-12-31", (0, 1)),
        kept("2026-06-30", "2026-12-31", (0, 1)),
    ];
    let plan = plan(listed, Vec::new(), &forecasts, on("2026-06-30"), SETTINGS);
    let told: Vec<_> = plan
        .past_forecasts
        .iter()
        .map(|one| (one.forecast.made_on, one.next_13_weeks_actual, one.within_range, one.finished_by_85))
        .collect();
    // Thirteen weeks from 28 February end on 30 May: one delivery; from 31 January on 2 May: two.
    assert_eq!(
        told,
        [(on("2026-02-28"), Some(1), Some(true), None), (on("2026-01-31"), Some(2), Some(false), Some(false)),]
    );
}

#[test]
fn groups_sum_to_the_plan() {
    let mut listed = vec![
        action("A1", "2026-01-01", "2026-03-31").done("2026-03-20"),
        action("A2", "2026-01-01", "2026-03-31"),
        action("A3", "2026-01-01", "2026-03-31"),
    ];
    listed[2].action.agency = "police".into();
    listed[2].action.finding = None;
    let plan = made(listed, "2026-04-30");
    for by in [GroupBy::Agency, GroupBy::Finding, GroupBy::OwnerRole] {
        let groups: Vec<_> = plan.groups.iter().filter(|group| group.by == by).collect();
        assert_eq!(groups.iter().map(|group| group.summary.actions).sum::<u32>(), 3, "{by:?}");
        assert_eq!(groups.iter().map(|group| group.summary.overdue).sum::<u32>(), 2, "{by:?}");
    }
    assert!(plan.groups.iter().any(|group| group.by == GroupBy::Finding && group.name.is_empty()));
}

#[test]
fn addresses_are_plain_and_unlike() {
    let plan =
        made(vec![action("a/1", "2026-01-01", "2026-03-31"), action("a 1", "2026-01-01", "2026-03-31")], "2026-04-30");
    let slugs: Vec<&str> = plan.actions.iter().map(|one| one.slug.as_str()).collect();
    assert_eq!(slugs, ["a-1", "a-1-2"]);
}

mod done_but_unmoved {
    use super::super::moved::{Moved, Seen, WhyNot, moved};
    use super::on;
    use crate::domain::Month;

    /// Months from January 2025, with a ripple so that errors are not nought.
    fn months(values: impl IntoIterator<Item = f64>) -> Vec<Seen> {
        let first: Month = "2025-01".parse().unwrap();
        let ripple = |at: i32| f64::from(at % 3) * 0.01;
        (0..)
            .zip(values)
            .map(|(at, value)| Seen { month: first.plus(at), value: value + ripple(at), counts: None })
            .collect()
    }

    fn judged(points: &[Seen], lower_is_better: Option<bool>) -> Moved {
        let last = points.iter().map(|point| point.month).max().unwrap();
        moved(points, on("2025-12-10"), last, lower_is_better)
    }

    #[test]
    fn a_level_that_falls_is_improving_where_lower_is_better_and_worse_where_higher_is() {
        let fell = months((0..24).map(|at| if at < 12 { 0.5 } else { 0.3 }));
        let Moved::Improving(effect) = judged(&fell, Some(true)) else { panic!("{:?}", judged(&fell, Some(true))) };
        assert!((effect.value + 0.2).abs() < 0.03 && effect.upper < 0.0, "{effect:?}");
        assert_eq!((effect.months_before, effect.months_after), (12, 12));
        assert!(matches!(judged(&fell, Some(false)), Moved::GettingWorse(_)));
        assert_eq!(judged(&fell, None), Moved::CannotBeKnown(WhyNot::NoDirection));
    }

    #[test]
    fn a_level_that_stays_has_moved_nothing() {
        assert!(matches!(judged(&months((0..24).map(|_| 0.5)), Some(true)), Moved::NoClearChange(_)));
    }

    #[test]
    fn a_fall_that_had_begun_before_is_not_the_actions() {
        let falling = months((0..24).map(|at| 0.9 - 0.02 * f64::from(at)));
        assert!(matches!(judged(&falling, Some(true)), Moved::NoClearChange(_)), "{:?}", judged(&falling, Some(true)));
    }

    #[test]
    fn nine_complete_months_and_eight_on_each_side() {
        let all = months((0..24).map(|_| 0.5));
        assert_eq!(judged(&all[..20], Some(true)), Moved::TooEarly { months: 8 });
        assert!(matches!(judged(&all[..21], Some(true)), Moved::NoClearChange(_)));
        let gaps: Vec<Seen> =
            all.iter().enumerate().filter(|(at, _)| *at < 12 || at % 2 == 1).map(|(_, one)| *one).collect();
        assert_eq!(judged(&gaps, Some(true)), Moved::CannotBeKnown(WhyNot::TooFewMonths { before: 12, after: 6 }));
    }

    #[test]
    fn rates_are_compared_as_a_ratio_with_their_exposure() {
        // 20 in 1,000 before, 10 in 1,000 after; exposure differs from month to month.
        let first: Month = "2025-01".parse().unwrap();
        let points: Vec<Seen> = (0..24)
            .map(|at| {
                let exposure = 1_000.0 + 100.0 * f64::from(at % 4);
                let per = if at < 12 { 0.02 } else { 0.01 };
                let count = (exposure * per + f64::from(at % 3) - 1.0).round();
                Seen { month: first.plus(at), value: count / exposure, counts: Some((count, exposure)) }
            })
            .collect();
        let Moved::Improving(effect) = judged(&points, Some(true)) else { panic!("{:?}", judged(&points, Some(true))) };
        assert!(effect.is_ratio && effect.value > 0.4 && effect.upper < 1.0, "{effect:?}");
    }
}

mod always {
    use proptest::prelude::*;

    use super::super::redatings;
    use super::*;

    fn day(number: u32) -> NaiveDate {
        on("2026-01-01") + Days::new(u64::from(number))
    }

    proptest! {
        #[test]
        fn re_datings_lead_from_the_first_date_to_the_last_without_a_gap(
            original in 0_u32..300,
            due in 0_u32..300,
            recorded in prop::collection::vec((0_u32..400, prop::option::of(0_u32..300), 0_u32..300), 0..6),
            seen in prop::collection::vec((0_u32..400, 0_u32..300), 0..6),
        ) {
            let recorded: Vec<RecordedChange> = recorded
                .into_iter()
                .map(|(on, from, to)| RecordedChange { on: day(on), from: from.map(day), to: day(to) })
                .collect();
            let seen: Vec<_> = seen.into_iter().map(|(on, due)| (day(on), day(due))).collect();
            let changes = redatings(day(original), day(due), &recorded, &seen, day(300));
            let mut stands = day(original);
            for change in &changes {
                prop_assert_eq!(change.from, stands);
                prop_assert!(change.from != change.to);
                stands = change.to;
            }
            prop_assert_eq!(stands, day(due));
            prop_assert!(changes.windows(2).all(|pair| pair[0].on <= pair[1].on));
            prop_assert!(changes.iter().all(|change| change.on <= day(300)));
        }

        #[test]
        fn moving_a_date_never_lessens_slippage(
            due in 0_u32..300, later in 0_u32..300, done in prop::option::of(0_u32..300), as_at in 0_u32..300,
        ) {
            let mut one = action("A1", "2026-01-01", "2026-01-01").action;
            one.original_due_on = day(due);
            one.due_on = day(due);
            one.completed_on = done.map(day);
            let before = days_slipped(&one, day(as_at));
            one.due_on = day(due + later);
            prop_assert!(days_slipped(&one, day(as_at)) >= before);
        }
    }
}
