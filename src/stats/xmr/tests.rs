//! Charts small enough to check by hand, and what holds for every chart.

use super::*;
use proptest::prelude::*;

fn chart(values: &[f64], options: XmrOptions) -> Xmr {
    let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
    xmr(&values, &[], options)
}

fn signals_of(chart: &Xmr) -> Vec<Option<Signal>> {
    chart.points.iter().map(|point| point.signal).collect()
}

#[test]
fn a_constant_series_has_no_limits_when_screened() {
    let constant = chart(&[4.0; 9], XmrOptions::default());
    assert!(constant.points.iter().all(|point| point.limits.is_none() && point.state == Some(State::CommonCause)));
    let unscreened = chart(&[4.0; 9], XmrOptions { screening: false, ..XmrOptions::default() });
    assert!(unscreened.points.iter().all(|point| point.limits.unwrap().upper.to_bits() == 4.0_f64.to_bits()));
}

#[test]
fn a_constant_series_lies_on_its_mean_however_it_is_rounded() {
    // Twenty times 0.3 sums to a hair below 6 in binary.
    assert!(signals_of(&chart(&[0.3; 20], XmrOptions::default())).iter().all(Option::is_none));
}

#[test]
fn screening_drops_the_two_ranges_about_an_outlier() {
    // Ranges: seventeen of 1, two of 20: mean 57/19 = 3, screen at 9.801; kept mean 1.
    let mut values: Vec<f64> = (0..20).map(|at| f64::from(at % 2)).collect();
    values[9] = 20.0;
    values[8] = 0.0;
    values[10] = 0.0;
    let screened = chart(&values, XmrOptions::default());
    let mean = values.iter().sum::<f64>() / 20.0;
    assert!((screened.points[0].limits.unwrap().upper - (mean + 2.66)).abs() < 1e-12);
    assert_eq!(screened.points[9].signal, Some(Signal::Beyond { high: true }));
}

#[test]
fn seven_rising_is_a_trend_and_a_tie_cancels_it() {
    let rising = [9.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 3.0];
    let flagged = signals_of(&chart(&rising, XmrOptions::default()));
    assert_eq!(flagged.iter().flatten().filter(|signal| **signal == Signal::Trend { high: true }).count(), 7);
    let tied = [9.0, 3.0, 4.0, 5.0, 5.0, 7.0, 8.0, 9.0, 3.0];
    assert!(
        signals_of(&chart(&tied, XmrOptions::default()))
            .iter()
            .all(|signal| !matches!(signal, Some(Signal::Trend { .. })))
    );
}

#[test]
fn a_point_between_two_trends_is_part_of_the_later() {
    // NHSRplotthedots 0.2.2, ptd_special_cause_type: the seventh of these is "7 Point Trend (Decreasing)".
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0];
    let wide = chart(&values, XmrOptions { fix_after: None, screening: false, ..XmrOptions::default() });
    let trend = |at: usize| match wide.points[at].signal {
        Some(Signal::Trend { high }) => Some(high),
        _ => None,
    };
    assert_eq!((trend(4), trend(8)), (Some(true), Some(false)), "{:?}", signals_of(&wide));
    let flat = XmrOptions { fix_after: Some(12), ..XmrOptions::default() };
    // Twelve points of wide swings before, so that the trends stay within the limits.
    let swings: Vec<f64> = (0..12).map(|at| if at % 2 == 0 { -8.0 } else { 16.0 }).chain(values).collect();
    assert_eq!(chart(&swings, flat).points[18].signal, Some(Signal::Trend { high: false }));
}

#[test]
fn sums_and_means_of_equal_values_signal_nothing() {
    // The mean of seven times 0.1 is 0.09999999999999999: no point is above it.
    for screening in [true, false] {
        let constant = chart(&[0.1; 7], XmrOptions { screening, ..XmrOptions::default() });
        assert!(constant.points.iter().all(|point| point.signal.is_none()), "{:?}", signals_of(&constant));
    }
    assert!(chart(&[0.1; 7], XmrOptions::default()).points[0].limits.is_none());
}

#[test]
fn a_gap_breaks_a_shift() {
    let options = XmrOptions { fix_after: Some(12), better: Better::Decrease, ..XmrOptions::default() };
    let mut values: Vec<Option<f64>> = (0..12).map(|at| Some(10.0 + f64::from(at % 2))).collect();
    values.extend([10.0, 10.2, 10.1, 10.3, 10.0, 10.2, 10.1].map(Some));
    let shifted = xmr(&values, &[], options);
    assert_eq!(shifted.points[18].signal, Some(Signal::Shift { high: false }));
    assert_eq!(shifted.variation, Some(State::Improvement));
    values[15] = None;
    let broken = xmr(&values, &[], options);
    assert_eq!(broken.points[18].signal, None);
    assert_eq!(broken.points[15].state, None);
}

#[test]
fn assurance_depends_on_the_direction() {
    let of = |better, target| {
        chart(&[10.0, 12.0, 11.0, 13.0], XmrOptions { better, target, ..XmrOptions::default() }).assurance
    };
    assert_eq!(of(Better::Decrease, Some(16.0)), Some(Assurance::Passes));
    assert_eq!(of(Better::Increase, Some(16.0)), Some(Assurance::Fails));
    assert_eq!(of(Better::Increase, Some(12.0)), Some(Assurance::MayOrMayNot));
    assert_eq!(of(Better::Neutral, Some(16.0)), None);
    assert_eq!(of(Better::Increase, None), None);
}

#[test]
fn until_last_month() {
    let mut values = vec![10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0];
    values.extend([10.9; 7]);
    values.push(10.1);
    let ended = chart(&values, XmrOptions { fix_after: Some(12), better: Better::Decrease, ..XmrOptions::default() });
    assert_eq!((ended.variation, ended.until_last), (Some(State::CommonCause), Some(State::Concern)));
}

proptest! {
    #[test]
    fn mirrored_points_signal_the_other_way(values in prop::collection::vec(-50_i32..50, 1..40)) {
        let up: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
        let down: Vec<f64> = up.iter().map(|value| -value).collect();
        let turned = |signal: Option<Signal>| signal.map(|signal| (std::mem::discriminant(&signal), !signal.high()));
        let plain = |signal: Option<Signal>| signal.map(|signal| (std::mem::discriminant(&signal), signal.high()));
        let up = signals_of(&chart(&up, XmrOptions::default()));
        let down = signals_of(&chart(&down, XmrOptions::default()));
        prop_assert!(up.iter().zip(&down).all(|(up, down)| plain(*up) == turned(*down)));
    }

    #[test]
    fn a_rebase_makes_phases_independent(before in prop::collection::vec(0_i32..50, 1..20), after in prop::collection::vec(0_i32..50, 1..20)) {
        let values: Vec<Option<f64>> = before.iter().chain(&after).map(|value| Some(f64::from(*value))).collect();
        let both = xmr(&values, &[before.len()], XmrOptions::default());
        let alone = xmr(&values[before.len()..], &[], XmrOptions::default());
        prop_assert!(both.points[before.len()..].iter().zip(&alone.points).all(|(one, other)| one.signal == other.signal && one.limits == other.limits));
    }
}
