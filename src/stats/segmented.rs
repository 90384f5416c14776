//! Segmented regression: the change of level and slope after something changed, in one series without a control.
//! Says what changed, not why: name what else happened.

#![allow(clippy::indexing_slicing, reason = "rows and terms run to the lengths of the design made here")]

use std::f64::consts::TAU;

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

/// How a series is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentedOptions {
    /// How values vary.
    pub family: Family,
    /// Periods over which neighbours' errors may go together.
    pub lag: usize,
    /// Pairs of sine and cosine over twelve periods, for school holidays: up to 3, and only from 24 points.
    pub harmonics: usize,
}

/// One term of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// `intercept`, `slope`, `level_change` or `slope_change`, a period, on the scale of the link; `sin_1`, `cos_1` and so on.
    pub name: &'static str,
    /// The coefficient.
    pub estimate: f64,
    /// Newey-West standard error.
    pub se: f64,
    /// Lower 95 % limit, by t.
    pub lower: f64,
    /// Upper 95 % limit, by t.
    pub upper: f64,
    /// Two-sided p; none where the fit is perfect and nothing varies.
    pub p: Option<f64>,
}

/// A fitted series.
#[derive(Clone, Debug, PartialEq)]
pub struct Segmented {
    /// The four terms, and those of the harmonics.
    pub terms: Vec<Term>,
    covariance: Vec<Vec<f64>>,
    zero: f64,
    distribution: StudentsT,
    family: Family,
}

const NAMES: [&str; 4] = ["intercept", "slope", "level_change", "slope_change"];
const HARMONICS: [&str; 6] = ["sin_1", "cos_1", "sin_2", "cos_2", "sin_3", "cos_3"];
/// Periods in a year of the harmonics.
const YEAR: f64 = 12.0;
/// Points a side below which a series is described, not tested.
const FEWEST_A_SIDE: usize = 8;
/// Points below which no harmonics are fitted.
const FEWEST_FOR_HARMONICS: usize = 24;

/// The four terms alone: see [`segmented_with`].
pub fn segmented(points: &[SeriesPoint], family: Family, lag: usize) -> Option<Segmented> {
    segmented_with(points, SegmentedOptions { family, lag, harmonics: 0 })
}

/// y = a + b·t + c·post + d·post·(t − t₀) and harmonics, with Newey-West errors (Bartlett weights to `lag`, no
/// prewhitening, no small-sample factor) and t quantiles on n less the number of terms. Points in time order; where one is
/// missing, neighbours are as far apart as their times say.
///
/// None with fewer than 8 points a side (see [`described`]), harmonics on fewer than 24 points, an exposure not above zero, or
/// where the fit does not exist (no events on a side). Source: Wagner and others 2002; Newey and West 1987.
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
pub fn segmented_with(points: &[SeriesPoint], options: SegmentedOptions) -> Option<Segmented> {
    let zero = points.iter().find(|point| point.post)?.t;
    let after = points.iter().filter(|point| point.post).count();
    let seasonal = options.harmonics > 0;
    if after.min(points.len() - after) < FEWEST_A_SIDE
        || (seasonal && points.len() < FEWEST_FOR_HARMONICS)
        || points.iter().any(|point| point.exposure <= 0.0)
    {
        return None;
    }
    let names = NAMES.into_iter().chain(HARMONICS.into_iter().take(2 * options.harmonics));
    let design: Vec<Vec<f64>> = points.iter().map(|point| row(point, zero, options.harmonics)).collect();
    let (beta, weights, residuals) = fit(points, &design, options.family)?;
    let covariance = newey_west(points, &design, &weights, &residuals, options.lag)?;
    let freedom = points.len().checked_sub(beta.len()).filter(|freedom| *freedom > 0)?;
    let distribution = StudentsT::new(0.0, 1.0, freedom as f64).ok()?;
    let quantile = distribution.inverse_cdf(0.975);
    let term = |(at, name): (usize, &'static str)| {
        let (estimate, se) = (beta[at], covariance[at][at].max(0.0).sqrt());
        let p = (se > 0.0).then(|| 2.0 * distribution.sf((estimate / se).abs()));
        Term { name, estimate, se, lower: estimate - quantile * se, upper: estimate + quantile * se, p }
    };
    let terms = names.enumerate().map(term).collect();
    Some(Segmented { terms, covariance, zero, distribution, family: options.family })
}

/// The four coefficients without errors, for a series too short to test. None where they cannot be told apart.
///
/// ```
/// use sightline::stats::{Family, SeriesPoint, described};
/// let point = |at: u32| SeriesPoint { t: f64::from(at), y: if at < 3 { 5.0 } else { 3.0 }, post: at >= 3, exposure: 1.0 };
/// let points: Vec<_> = (0..6).map(point).collect();
/// let terms = described(&points, Family::Gaussian).unwrap();
/// assert!(terms[2].0 == "level_change" && (terms[2].1 + 2.0).abs() < 1e-9);
/// assert!(described(&points[..4], Family::Gaussian).is_none(), "one point has no slope");
/// ```
pub fn described(points: &[SeriesPoint], family: Family) -> Option<Vec<(&'static str, f64)>> {
    let zero = points.iter().find(|point| point.post)?.t;
    if points.iter().any(|point| point.exposure <= 0.0) {
        return None;
    }
    let design: Vec<Vec<f64>> = points.iter().map(|point| row(point, zero, 0)).collect();
    let (beta, _, _) = fit(points, &design, family)?;
    Some(NAMES.into_iter().zip(beta).collect())
}

impl Segmented {
    /// The effect at `t`, against what the earlier line would have come to: a difference in the unit of y, or for counts a
    /// ratio of rates. None before the change.
    pub fn effect_at(&self, t: f64) -> Option<Estimate> {
        let effect = self.effect_on_link_at(t)?;
        let shown = |value: f64| {
            if self.family == Family::Gaussian { value } else { value.exp() }
        };
        Some(Estimate {
            value: shown(effect.estimate),
            lower: Some(shown(effect.lower)),
            upper: Some(shown(effect.upper)),
        })
    }

    /// The same on the scale of the link (for counts, the logarithm of the ratio), with its standard error and p.
    pub fn effect_on_link_at(&self, t: f64) -> Option<Term> {
        let since = t - self.zero;
        if since < 0.0 {
            return None;
        }
        let estimate = self.terms[2].estimate + since * self.terms[3].estimate;
        let variance =
            self.covariance[2][2] + 2.0 * since * self.covariance[2][3] + since * since * self.covariance[3][3];
        let se = variance.max(0.0).sqrt();
        let half = self.distribution.inverse_cdf(0.975) * se;
        let p = (se > 0.0).then(|| 2.0 * self.distribution.sf((estimate / se).abs()));
        Some(Term { name: "effect", estimate, se, lower: estimate - half, upper: estimate + half, p })
    }
}

fn row(point: &SeriesPoint, zero: f64, harmonics: usize) -> Vec<f64> {
    let after = f64::from(u8::from(point.post));
    let mut row = vec![1.0, point.t, after, after * (point.t - zero)];
    for number in 1..=harmonics {
        let angle = TAU * number as f64 * point.t / YEAR;
        row.extend([angle.sin(), angle.cos()]);
    }
    row
}

/// Newey-West covariance of the coefficients: bread · meat · bread, Bartlett weights by distance in time.
fn newey_west(
    points: &[SeriesPoint],
    design: &[Vec<f64>],
    weights: &[f64],
    residuals: &[f64],
    lag: usize,
) -> Option<Vec<Vec<f64>>> {
    let terms = design.first()?.len();
    let mut bread = vec![vec![0.0; terms]; terms];
    for (x, weight) in design.iter().zip(weights) {
        add_outer(&mut bread, x, x, *weight);
    }
    let scores: Vec<Vec<f64>> =
        design.iter().zip(residuals).map(|(x, left)| x.iter().map(|x| x * left).collect()).collect();
    let period = points.windows(2).map(|pair| pair[1].t - pair[0].t).fold(f64::INFINITY, f64::min);
    let mut meat = vec![vec![0.0; terms]; terms];
    for (at, score) in scores.iter().enumerate() {
        add_outer(&mut meat, score, score, 1.0);
        for back in (0..at).rev() {
            let weight = 1.0 - (points[at].t - points[back].t) / period / (lag as f64 + 1.0);
            if weight <= 1e-9 {
                break;
            }
            add_outer(&mut meat, score, &scores[back], weight);
            add_outer(&mut meat, &scores[back], score, weight);
        }
    }
    let inverse = inverse(&bread)?;
    Some(multiply(&multiply(&inverse, &meat), &inverse))
}

type Fit = (Vec<f64>, Vec<f64>, Vec<f64>);

/// Coefficients, weights of the last step and residuals on the scale of y; by reweighted least squares.
fn fit(points: &[SeriesPoint], design: &[Vec<f64>], family: Family) -> Option<Fit> {
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

fn least_squares(design: &[Vec<f64>], weights: &[f64], y: &[f64]) -> Option<Vec<f64>> {
    let terms = design.first()?.len();
    let (mut matrix, mut right) = (vec![vec![0.0; terms]; terms], vec![0.0; terms]);
    for ((x, weight), y) in design.iter().zip(weights).zip(y) {
        add_outer(&mut matrix, x, x, *weight);
        for (sum, x) in right.iter_mut().zip(x) {
            *sum += weight * x * y;
        }
    }
    solve(matrix, &right)
}

fn dot(x: &[f64], beta: &[f64]) -> f64 {
    x.iter().zip(beta).map(|(x, beta)| x * beta).sum()
}

fn add_outer(sum: &mut [Vec<f64>], left: &[f64], right: &[f64], weight: f64) {
    for (row, left) in sum.iter_mut().zip(left) {
        for (cell, right) in row.iter_mut().zip(right) {
            *cell += weight * left * right;
        }
    }
}

fn inverse(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    let unit = |at: usize| (0..size).map(|other| f64::from(u8::from(at == other))).collect::<Vec<f64>>();
    // Symmetric, so that columns are rows.
    (0..size).map(|at| solve(matrix.to_vec(), &unit(at))).collect()
}

fn multiply(left: &[Vec<f64>], right: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cell = |row: &Vec<f64>, column: usize| row.iter().zip(right).map(|(left, right)| left * right[column]).sum();
    left.iter().map(|row| (0..right.len()).map(|column| cell(row, column)).collect()).collect()
}

#[cfg(test)]
mod tests;
