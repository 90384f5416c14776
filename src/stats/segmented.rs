//! Segmented regression: the change of level and slope after something changed, in one series without a control.
//! Says what changed, not why: name what else happened.

#![allow(clippy::indexing_slicing, reason = "rows and terms run to the lengths of the design made here")]

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::intervals::Estimate;
use super::linear::solve;

/// One point, at equal distances in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesPoint {
    /// Periods since the series began.
    pub t: f64,
    /// The value, or the count where the family is quasi-Poisson.
    pub y: f64,
    /// Whether it lies after the change; the first such point is time zero.
    pub post: bool,
    /// What the count is of; 1 where it does not vary. Only for quasi-Poisson.
    pub exposure: f64,
}

/// How values vary about the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Least squares on the value.
    Gaussian,
    /// Counts: a log link with log exposure as offset; the spread is left to the Newey-West errors.
    QuasiPoisson,
}

/// One term of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// `intercept`, `slope`, `level_change` or `slope_change`, a period, on the scale of the link.
    pub name: &'static str,
    /// The coefficient.
    pub estimate: f64,
    /// Newey-West standard error.
    pub se: f64,
    /// Lower 95 % limit, by t.
    pub lower: f64,
    /// Upper 95 % limit, by t.
    pub upper: f64,
    /// Two-sided p.
    pub p: f64,
}

/// A fitted series.
#[derive(Clone, Debug, PartialEq)]
pub struct Segmented {
    /// The four terms.
    pub terms: Vec<Term>,
    covariance: Vec<Vec<f64>>,
    zero: f64,
    quantile: f64,
    family: Family,
}

const NAMES: [&str; 4] = ["intercept", "slope", "level_change", "slope_change"];
/// Points a side below which a series is described, not tested.
const FEWEST_A_SIDE: usize = 8;

/// y = a + b·t + c·post + d·post·(t − t₀), with Newey-West errors (Bartlett weights to `lag`, no prewhitening) and t quantiles
/// on n − 4. Points in time order.
///
/// None with fewer than 8 points a side, an exposure not above zero, or where the fit does not exist (no events on a side).
/// Source: Wagner and others 2002; Newey and West 1987.
///
/// ```
/// use sightline::stats::{Family, SeriesPoint, segmented};
/// // Level 10 for eight months, then 6, with a ripple of 1.
/// let y = |at: u32| if at < 8 { 10.0 } else { 6.0 } + f64::from(at % 2);
/// let point = |at: u32| SeriesPoint { t: f64::from(at), y: y(at), post: at >= 8, exposure: 1.0 };
/// let points: Vec<_> = (0..16).map(point).collect();
/// let change = segmented(&points, Family::Gaussian, 2).unwrap();
/// assert!((change.terms[2].estimate + 4.0).abs() < 0.6);
/// assert!(segmented(&points[1..], Family::Gaussian, 2).is_none(), "seven points before");
/// ```
pub fn segmented(points: &[SeriesPoint], family: Family, lag: usize) -> Option<Segmented> {
    let zero = points.iter().find(|point| point.post)?.t;
    let after = points.iter().filter(|point| point.post).count();
    if after.min(points.len() - after) < FEWEST_A_SIDE || points.iter().any(|point| point.exposure <= 0.0) {
        return None;
    }
    let design: Vec<[f64; 4]> = points.iter().map(|point| row(point.t, point.post, zero)).collect();
    let (beta, weights, residuals) = fit(points, &design, family)?;
    let mut bread = vec![vec![0.0; 4]; 4];
    for (x, weight) in design.iter().zip(&weights) {
        add_outer(&mut bread, x, x, *weight);
    }
    let scores: Vec<[f64; 4]> = design.iter().zip(&residuals).map(|(x, left)| x.map(|x| x * left)).collect();
    let mut meat = vec![vec![0.0; 4]; 4];
    for (at, score) in scores.iter().enumerate() {
        add_outer(&mut meat, score, score, 1.0);
        for back in 1..=lag.min(at) {
            let weight = 1.0 - back as f64 / (lag as f64 + 1.0);
            add_outer(&mut meat, score, &scores[at - back], weight);
            add_outer(&mut meat, &scores[at - back], score, weight);
        }
    }
    let inverse = inverse(&bread)?;
    let covariance = multiply(&multiply(&inverse, &meat), &inverse);
    let t = StudentsT::new(0.0, 1.0, (points.len() - NAMES.len()) as f64).ok()?;
    let quantile = t.inverse_cdf(0.975);
    let term = |(at, name): (usize, &'static str)| {
        let (estimate, se) = (beta[at], covariance[at][at].max(0.0).sqrt());
        let p = if se > 0.0 { 2.0 * t.sf((estimate / se).abs()) } else { 1.0 };
        Term { name, estimate, se, lower: estimate - quantile * se, upper: estimate + quantile * se, p }
    };
    let terms = NAMES.into_iter().enumerate().map(term).collect();
    Some(Segmented { terms, covariance, zero, quantile, family })
}

impl Segmented {
    /// The effect at `t`, against what the earlier line would have come to: a difference in the unit of y, or for counts a
    /// ratio of rates. None before the change.
    pub fn effect_at(&self, t: f64) -> Option<Estimate> {
        let since = t - self.zero;
        if since < 0.0 {
            return None;
        }
        let value = self.terms[2].estimate + since * self.terms[3].estimate;
        let variance =
            self.covariance[2][2] + 2.0 * since * self.covariance[2][3] + since * since * self.covariance[3][3];
        let half = self.quantile * variance.max(0.0).sqrt();
        let shown = |value: f64| {
            if self.family == Family::Gaussian { value } else { value.exp() }
        };
        Some(Estimate { value: shown(value), lower: Some(shown(value - half)), upper: Some(shown(value + half)) })
    }
}

fn row(t: f64, post: bool, zero: f64) -> [f64; 4] {
    let after = f64::from(u8::from(post));
    [1.0, t, after, after * (t - zero)]
}

type Fit = (Vec<f64>, Vec<f64>, Vec<f64>);

/// Coefficients, weights of the last step and residuals on the scale of y; by reweighted least squares.
fn fit(points: &[SeriesPoint], design: &[[f64; 4]], family: Family) -> Option<Fit> {
    let y: Vec<f64> = points.iter().map(|point| point.y).collect();
    if family == Family::Gaussian {
        let weights = vec![1.0; y.len()];
        let beta = least_squares(design, &weights, &y)?;
        let residuals = design.iter().zip(&y).map(|(x, y)| y - dot(x, &beta)).collect();
        return Some((beta, weights, residuals));
    }
    let mut means: Vec<f64> = y.iter().map(|y| y + 0.5).collect();
    let mut before = f64::INFINITY;
    for _ in 0..50 {
        let working: Vec<f64> = points
            .iter()
            .zip(&means)
            .map(|(point, mean)| (mean / point.exposure).ln() + (point.y - mean) / mean)
            .collect();
        let beta = least_squares(design, &means, &working)?;
        means = points.iter().zip(design).map(|(point, x)| point.exposure * dot(x, &beta).exp()).collect();
        let deviance: f64 =
            y.iter().zip(&means).map(|(y, mean)| if *y > 0.0 { y * (y / mean).ln() - (y - mean) } else { *mean }).sum();
        if (before - deviance).abs() <= 1e-12 * (deviance.abs() + 0.1) {
            let residuals = y.iter().zip(&means).map(|(y, mean)| y - mean).collect();
            // A side without events drives its rate to nothing: the fit does not exist.
            let exists = beta.iter().all(|value| value.is_finite()) && means.iter().all(|mean| *mean > 1e-9);
            return exists.then_some((beta, means, residuals));
        }
        before = deviance;
    }
    None
}

fn least_squares(design: &[[f64; 4]], weights: &[f64], y: &[f64]) -> Option<Vec<f64>> {
    let (mut matrix, mut right) = (vec![vec![0.0; 4]; 4], [0.0; 4]);
    for ((x, weight), y) in design.iter().zip(weights).zip(y) {
        add_outer(&mut matrix, x, x, *weight);
        right = std::array::from_fn(|at| right[at] + weight * x[at] * y);
    }
    solve(matrix, &right)
}

fn dot(x: &[f64; 4], beta: &[f64]) -> f64 {
    x.iter().zip(beta).map(|(x, beta)| x * beta).sum()
}

fn add_outer(sum: &mut [Vec<f64>], left: &[f64; 4], right: &[f64; 4], weight: f64) {
    for (row, left) in sum.iter_mut().zip(left) {
        for (cell, right) in row.iter_mut().zip(right) {
            *cell += weight * left * right;
        }
    }
}

fn inverse(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let unit = |at: usize| (0..4).map(|other| f64::from(u8::from(at == other))).collect::<Vec<f64>>();
    // Symmetric, so that columns are rows.
    (0..4).map(|at| solve(matrix.to_vec(), &unit(at))).collect()
}

fn multiply(left: &[Vec<f64>], right: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cell = |row: &Vec<f64>, column: usize| row.iter().zip(right).map(|(left, right)| left * right[column]).sum();
    left.iter().map(|row| (0..4).map(|column| cell(row, column)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const Y: [f64; 24] = [
        12.0, 15.0, 11.0, 14.0, 16.0, 13.0, 17.0, 15.0, 14.0, 18.0, 16.0, 17.0, 11.0, 9.0, 12.0, 10.0, 8.0, 11.0, 9.0,
        7.0, 8.0, 10.0, 6.0, 7.0,
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
            (later.value - -14.731_934_731_935).abs() < 1e-8
                && (later.lower.unwrap() - -16.377_434_494_150).abs() < 1e-6,
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
}
