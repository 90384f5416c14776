//! What is always true of every method: the order of rows and the unit do not matter, and intervals hold their estimate.

use std::num::NonZeroU64;

use proptest::prelude::*;

use super::*;

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
}

/// Whether both are not defined, or both are, with one so many times the other.
fn times(one: Option<f64>, other: Option<f64>, factor: f64) -> bool {
    one.is_some() == other.is_some() && one.zip(other).is_none_or(|(one, other)| near(one * factor, other))
}

fn brackets(estimate: Estimate) -> bool {
    estimate.lower.is_none_or(|lower| lower <= estimate.value)
        && estimate.upper.is_none_or(|upper| upper >= estimate.value)
}

proptest! {
    #[test]
    fn intervals_hold_their_estimate(x in 0_u64..400, more in 0_u64..400, confidence in 0.5_f64..0.999) {
        let n = NonZeroU64::new(x + more + 1).unwrap();
        let share = wilson(x, n, confidence);
        prop_assert!(brackets(share) && share.lower >= Some(0.0) && share.upper <= Some(1.0));
        let rate = poisson_rate_at(x, n.get() as f64, 1.0, confidence).unwrap();
        prop_assert!(brackets(rate) && rate.lower >= Some(0.0));
        let per_thousand = poisson_rate_at(x, n.get() as f64, 1_000.0, confidence).unwrap();
        prop_assert!(times(rate.upper, per_thousand.upper, 1_000.0) && times(rate.lower, per_thousand.lower, 1_000.0));
        let wider = wilson(x, n, confidence + (1.0 - confidence) / 2.0);
        prop_assert!(wider.lower <= share.lower && wider.upper >= share.upper);
    }

    #[test]
    fn standardised_rates_depend_on_weights_by_their_shares(
        strata in prop::collection::vec((0_u64..30, 50_u32..900, 1_u32..9), 1..6),
        scale in 2_u32..50,
    ) {
        let of = |scale: f64, turned: bool| {
            let mut strata: Vec<Stratum> = strata
                .iter()
                .map(|(events, population, standard)| Stratum {
                    events: Events::ByChild(vec![*events, events / 3]),
                    population: f64::from(*population),
                    standard: f64::from(*standard) * scale,
                })
                .collect();
            if turned {
                strata.reverse();
            }
            standardised_rate(&strata, 1_000.0)
        };
        let (one, other) = (of(1.0, false), of(f64::from(scale), true));
        prop_assert_eq!(one.is_some(), other.is_some());
        if let (Some(one), Some(other)) = (one, other) {
            prop_assert!(brackets(one) && near(one.value, other.value));
            prop_assert!(times(one.lower, other.lower, 1.0) && times(one.upper, other.upper, 1.0));
        }
    }

    #[test]
    fn the_unit_of_time_does_not_matter_to_survival(
        rows in prop::collection::vec((-1_i64..8, 8_u32..40, any::<bool>(), 0_u64..9), 1..40),
        unit in 2_u32..30,
    ) {
        let of = |unit: u32| -> Vec<(u64, Followed)> {
            let row = |&(entry, time, event, child): &(i64, u32, bool, u64)| {
                (child, Followed { entry: u32::try_from(entry).ok().map(|entry| entry * unit), time: time * unit, event })
            };
            rows.iter().map(row).collect()
        };
        let (days, units) = (KaplanMeier::clustered(&of(1)).unwrap(), KaplanMeier::clustered(&of(unit)).unwrap());
        for (day, other) in days.steps().iter().zip(units.steps()) {
            prop_assert!(near(day.survival, other.survival) && day.at_risk == other.at_risk && times(day.se, other.se, 1.0));
        }
        let factor = f64::from(unit);
        let median = |curve: &KaplanMeier| curve.quantile(0.5).map(|median| median.value);
        prop_assert!(times(median(&days), median(&units), factor));
        let mean = |curve: &KaplanMeier, tau| curve.restricted_mean(tau).map(|(mean, _)| mean);
        prop_assert!(times(mean(&days, 20), mean(&units, 20 * unit), factor));
        let groups = |of: Vec<(u64, Followed)>| of.into_iter().map(|(child, row)| ((child % 2) as usize, child, row)).collect::<Vec<_>>();
        let test = |rows: &[(usize, u64, Followed)]| clustered_logrank(rows).map(|test| test.statistic);
        prop_assert!(times(test(&groups(of(1))), test(&groups(of(unit))), 1.0));
    }

    #[test]
    fn the_unit_of_values_does_not_matter_to_a_chart(values in prop::collection::vec(prop::option::weighted(0.9, 0_i32..60), 1..40), by in 2_i32..100) {
        let of = |by: i32| -> Vec<Option<f64>> { values.iter().map(|value| value.map(|value| f64::from(value * by))).collect() };
        let (one, other) = (xmr(&of(1), &[7], XmrOptions::default()), xmr(&of(by), &[7], XmrOptions::default()));
        for (one, other) in one.points.iter().zip(&other.points) {
            prop_assert_eq!(one.signal, other.signal);
            prop_assert!(times(one.mean, other.mean, f64::from(by)));
            let upper = |point: &XmrPoint| point.limits.map(|limits| limits.upper);
            prop_assert!(times(upper(one), upper(other), f64::from(by)));
            let middle = |limits: XmrLimits| f64::midpoint(limits.lower, limits.upper);
            prop_assert!(one.limits.zip(one.mean).is_none_or(|(limits, mean)| near(middle(limits), mean)));
        }
    }

    #[test]
    fn funnels_do_not_depend_on_order(units in prop::collection::vec((0_u64..40, 1_u64..200), 1..20)) {
        let units: Vec<(u64, u64)> = units.iter().map(|(x, more)| (*x, x + more)).collect();
        let turned: Vec<(u64, u64)> = units.iter().rev().copied().collect();
        let (one, mut other) = (funnel_of_shares(&units).unwrap(), funnel_of_shares(&turned).unwrap());
        other.points.reverse();
        prop_assert_eq!(one.phi.is_some(), units.iter().any(|(x, _)| *x > 0) && units.len() >= 10);
        prop_assert!(times(one.tau_squared, other.tau_squared, 1.0) && near(one.centre, other.centre));
        for (one, other) in one.points.iter().flatten().zip(other.points.iter().flatten()) {
            prop_assert!(times(one.z, other.z, 1.0));
            prop_assert!(one.limits_998.upper >= one.limits_95.upper && one.limits_95.upper >= 0.0);
            prop_assert!(one.limits_95.lower >= one.limits_998.lower);
        }
    }

    #[test]
    fn attribute_limits_hold_their_centre(points in prop::collection::vec((0_u64..30, 0_u64..60), 1..30)) {
        let points: Vec<(u64, f64)> = points.iter().map(|(x, more)| (*x, (x + more) as f64)).collect();
        for (basis, laney) in [(Basis::Share, Laney::Off), (Basis::Share, Laney::FlooredAtOne), (Basis::Rate, Laney::FlooredAtOne)] {
            let Some(chart) = attributes_chart(&points, basis, laney, None) else { continue };
            prop_assert!(chart.sigma_z >= 1.0);
            prop_assert!(chart.points.iter().all(|point| point.lower <= point.centre && point.centre <= point.upper));
            prop_assert!(chart.points.iter().all(|point| point.lower >= 0.0));
        }
    }

    #[test]
    fn a_change_scales_with_its_unit(y in prop::collection::vec(0_i32..50, 16..30), by in 2_i32..50) {
        let points = |by: i32| -> Vec<SeriesPoint> {
            let point = |(t, y): (usize, &i32)| SeriesPoint { t: t as f64, y: f64::from(y * by), post: t >= 8, exposure: 1.0 };
            y.iter().enumerate().map(point).collect()
        };
        let (one, other) = (segmented(&points(1), Family::Gaussian, 2).unwrap(), segmented(&points(by), Family::Gaussian, 2).unwrap());
        for (one, other) in one.terms.iter().zip(&other.terms) {
            prop_assert!((one.estimate * f64::from(by) - other.estimate).abs() < 1e-6);
            prop_assert!((one.se * f64::from(by) - other.se).abs() < 1e-6 && one.lower <= one.estimate && one.upper >= one.estimate);
        }
    }

    #[test]
    fn reported_shares_rise_to_all(rows in prop::collection::vec((0_u32..20, 0_u32..40), 1..50)) {
        let rows: Vec<Recorded> = rows.iter().map(|&(delay, window)| Recorded { delay, window }).collect();
        let shares = reported_share(&rows, 15);
        prop_assert!(shares.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
        prop_assert!(shares.last().is_none_or(|last| near(*last, 1.0)));
        let turned: Vec<Recorded> = rows.iter().rev().copied().collect();
        prop_assert_eq!(shares, reported_share(&turned, 15));
    }
}
