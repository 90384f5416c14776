//! Against statsmodels.

use super::*;

const Y: [f64; 24] = [
    12.0, 15.0, 11.0, 14.0, 16.0, 13.0, 17.0, 15.0, 14.0, 18.0, 16.0, 17.0, 11.0, 9.0, 12.0, 10.0, 8.0, 11.0, 9.0, 7.0,
    8.0, 10.0, 6.0, 7.0,
];

fn points() -> Vec<SeriesPoint> {
    let exposure = |at: usize| 100.0 + 3.0 * (at % 5) as f64;
    Y.iter()
        .enumerate()
        .map(|(at, y)| SeriesPoint { t: at as f64, y: *y, post: at >= 12, exposure: exposure(at) })
        .collect()
}

fn close(fit: &Segmented, expected: [(f64, f64); 4]) {
    for (term, (estimate, se)) in fit.terms.iter().zip(expected) {
        assert!((term.estimate - estimate).abs() < 1e-8 && (term.se - se).abs() < 1e-8, "{term:?}");
    }
}

#[test]
fn least_squares_agrees_with_statsmodels() {
    // statsmodels 0.15: OLS(y, X).fit(cov_type='HAC', cov_kwds={'maxlags': 3, 'use_correction': False}).
    close(
        &segmented(&points(), Family::Gaussian, 3).unwrap(),
        [
            (12.641_025_641_026, 0.373_872_267_599),
            (0.398_601_398_601, 0.043_334_260_207),
            (-6.501_165_501_165, 0.388_415_908_580),
            (-0.748_251_748_252, 0.066_943_383_915),
        ],
    );
}

#[test]
fn counts_agree_with_statsmodels() {
    // statsmodels: GLM(y, X, Poisson(), offset=log(exposure)).fit(tol=1e-14, cov_type='HAC', ...), as above.
    close(
        &segmented(&points(), Family::QuasiPoisson, 3).unwrap(),
        [
            (-2.108_002_296_497, 0.031_534_560_628),
            (0.026_212_569_854, 0.003_865_523_001),
            (-0.475_663_143_126, 0.048_541_288_314),
            (-0.064_111_738_277, 0.007_188_404_920),
        ],
    );
}

#[test]
fn the_effect_is_against_the_earlier_line() {
    let fit = segmented(&points(), Family::Gaussian, 3).unwrap();
    let effect = fit.effect_at(12.0).unwrap();
    assert!(
        (effect.value - fit.terms[2].estimate).abs() < 1e-12
            && (effect.upper.unwrap() - fit.terms[2].upper).abs() < 1e-9
    );
    // statsmodels' coefficients and covariance, c = (0, 0, 1, 11), t on 20.
    let later = fit.effect_at(23.0).unwrap();
    assert!(
        (later.value - -14.731_934_731_935).abs() < 1e-8 && (later.lower.unwrap() - -16.377_434_494_150).abs() < 1e-6,
        "{later:?}"
    );
    assert_eq!(fit.effect_at(11.0), None);
}

#[test]
fn a_side_without_events_has_no_fit() {
    let none: Vec<SeriesPoint> =
        points().iter().map(|point| SeriesPoint { y: if point.post { 0.0 } else { 5.0 }, ..*point }).collect();
    assert_eq!(segmented(&none, Family::QuasiPoisson, 3), None);
}
