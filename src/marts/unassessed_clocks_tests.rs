//! Clocks, by hand. Day 0 is any day; a story is told in days since then.

use super::super::frame::Code;
use super::super::leaving::Reason;
use super::*;

fn signal(raised_on: Day) -> Signal {
    Signal { raised_on, closed_on: None, theme: Theme::Any, strong_kind: false }
}

fn strong(raised_on: Day) -> Signal {
    Signal { strong_kind: true, ..signal(raised_on) }
}

fn about(theme: &str, raised_on: Day) -> Signal {
    Signal { theme: Theme::Named(Code::for_tests(theme)), ..signal(raised_on) }
}

fn closed(on: Day, signal: Signal) -> Signal {
    Signal { closed_on: Some(on), ..signal }
}

fn assessed(started_on: Day, completed_on: Day) -> Assessment {
    Assessment { completed_on, started_on: Some(started_on), theme: None, above_low: false }
}

fn assessed_for(theme: &str, started_on: Day, completed_on: Day) -> Assessment {
    Assessment { theme: Some(Code::for_tests(theme)), ..assessed(started_on, completed_on) }
}

/// Clocks as `start-stop cause(signals)`, to day 400.
fn told(signals: &[Signal], assessments: &[Assessment], left: Left) -> Vec<String> {
    let forward = clocks(signals.to_vec(), assessments, left, 400, 91);
    let backward = clocks(signals.iter().rev().copied().collect(), assessments, left, 400, 91);
    assert_eq!(forward, backward, "row order cannot matter");
    let text = |clock: &Clock| {
        let stop = match clock.stop {
            Stop::Assessed(day) => format!("{day} assessed"),
            Stop::Left(day) => format!("{day} left"),
            Stop::ClosedUnassessed(day) => format!("{day} closed"),
            Stop::Open => "open".into(),
        };
        format!("{}-{stop}({})", clock.start, clock.signals.len())
    };
    forward.iter().map(text).collect()
}

#[test]
fn the_four_endings() {
    assert_eq!(told(&[signal(10)], &[assessed(12, 20)], None), ["10-20 assessed(1)"]);
    assert_eq!(told(&[closed(30, signal(10))], &[], None), ["10-30 closed(1)"]);
    assert_eq!(told(&[signal(10)], &[], Some((40, Reason::Eighteen))), ["10-40 left(1)"]);
    assert_eq!(told(&[signal(10)], &[], None), ["10-open(1)"]);
}

#[test]
fn an_assessment_begun_before_the_clock_does_not_answer_it() {
    assert_eq!(told(&[signal(10)], &[assessed(5, 20)], None), ["10-open(1)"]);
    assert_eq!(told(&[signal(10)], &[assessed(10, 10)], None), ["10-10 assessed(1)"]);
    let undated = Assessment { started_on: None, ..assessed(0, 20) };
    assert_eq!(told(&[signal(10)], &[undated], None), ["10-20 assessed(1)"]);
}

#[test]
fn signals_join_a_running_clock_and_the_day_it_is_assessed() {
    assert_eq!(told(&[signal(10), strong(15), signal(20)], &[assessed(12, 20)], None), ["10-20 assessed(3)"]);
}

#[test]
fn a_closing_needs_every_signal_and_what_is_raised_that_day_starts_afresh() {
    assert_eq!(told(&[closed(20, signal(10)), closed(30, signal(15))], &[], None), ["10-30 closed(2)"]);
    assert_eq!(told(&[closed(20, signal(10)), signal(20)], &[], None), ["10-20 closed(1)", "20-open(1)"]);
    assert_eq!(told(&[closed(10, signal(10))], &[], None), ["10-10 closed(1)"]);
}

#[test]
fn a_covered_signal_is_parked_until_the_assessment_is_no_longer_valid() {
    // Completed on day 10: covers days 11 to 101, and the 92nd day after is 102.
    assert_eq!(told(&[signal(50)], &[assessed(5, 10)], None), ["102-open(1)"]);
    assert_eq!(told(&[signal(101)], &[assessed(5, 10)], None), ["102-open(1)"]);
    assert_eq!(told(&[signal(102)], &[assessed(5, 10)], None), ["102-open(1)"]);
    assert_eq!(told(&[signal(50)], &[assessed(5, 10), assessed(60, 70)], None), Vec::<String>::new());
    assert_eq!(told(&[closed(80, signal(50))], &[assessed(5, 10)], None), Vec::<String>::new());
    // A later assessment begun before the signal does not answer it, but puts the second look off.
    assert_eq!(told(&[signal(50)], &[assessed(5, 10), assessed(40, 70)], None), ["162-open(1)"]);
}

#[test]
fn strong_signals_start_a_clock_whatever_was_assessed() {
    assert_eq!(told(&[strong(50)], &[assessed(5, 10)], None), ["50-open(1)"]);
    assert_eq!(told(&[signal(50), strong(60)], &[assessed(5, 10)], None), ["60-open(2)"]);
    assert_eq!(told(&[about("cce", 50)], &[assessed_for("cse", 5, 10)], None), ["50-open(1)"]);
    assert_eq!(told(&[about("cse", 50)], &[assessed_for("cse", 5, 10)], None), ["102-open(1)"]);
}

#[test]
fn an_assessment_of_another_theme_leaves_the_clock_running() {
    assert_eq!(told(&[about("cce", 10)], &[assessed_for("cse", 12, 20)], None), ["10-open(1)"]);
    assert_eq!(
        told(&[about("cce", 10), about("cse", 15)], &[assessed_for("cse", 12, 20)], None),
        ["10-20 assessed(2)"]
    );
    assert_eq!(told(&[signal(10)], &[assessed_for("cse", 12, 20)], None), ["10-20 assessed(1)"]);
}

#[test]
fn a_recent_assessment_of_another_theme_holds_nothing_back() {
    // Assessed for cse long ago, and for cce last month: a new signal of cse is not covered.
    let assessments = [assessed_for("cse", 5, 10), assessed_for("cce", 160, 170)];
    assert_eq!(told(&[about("cse", 200)], &assessments, None), ["200-open(1)"]);
}

#[test]
fn on_one_day_assessed_comes_before_left_before_closed() {
    let left = Some((20, Reason::LeftArea));
    assert_eq!(told(&[closed(20, signal(10))], &[assessed(12, 20)], left), ["10-20 assessed(1)"]);
    assert_eq!(told(&[closed(20, signal(10))], &[], left), ["10-20 left(1)"]);
    assert_eq!(told(&[signal(10), strong(20)], &[assessed(12, 15)], left), ["10-15 assessed(1)"]);
}
