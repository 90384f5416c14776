//! Intervals for proportions and counts.

use std::num::NonZeroU64;

use statrs::distribution::{ChiSquared, ContinuousCDF as _, Normal};

/// The 97.5th percentile of the normal distribution.
pub const Z95: f64 = 1.959_963_984_540_054;

/// A value with the ends of its interval, where they are defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// The lower end.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
}

/// Wilson's score interval for x of n, without continuity correction.
///
/// Source: Wilson 1927; Newcombe 1998, method 3. `x` above `n` is read as `n`.
///
/// ```
/// use std::num::NonZeroU64;
/// // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
/// let share = sightline::stats::wilson(81, NonZeroU64::new(263).unwrap(), 0.95);
/// assert!((share.lower.unwrap() - 0.2553).abs() < 5e-5 && (share.upper.unwrap() - 0.3662).abs() < 5e-5);
/// ```
pub fn wilson(x: u64, n: NonZeroU64, confidence: f64) -> Estimate {
    let (lower, upper) = wilson_of(x.min(n.get()) as f64, n.get() as f64, z(confidence));
    Estimate { value: x.min(n.get()) as f64 / n.get() as f64, lower: Some(lower), upper: Some(upper) }
}

fn z(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + confidence / 2.0)
}

fn wilson_of(x: f64, n: f64, z: f64) -> (f64, f64) {
    let p = x / n;
    let centre = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    // At none and at all one limit is the share itself, whatever the rounding.
    let lower = if x <= 0.0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
    let upper = if x >= n { 1.0 } else { ((centre + half) / scale).min(1.0) };
    (lower, upper)
}

/// A rate of independent events at 95 %: see [`poisson_rate_at`].
pub fn poisson_rate(x: u64, exposure: f64, multiplier: f64) -> Option<Estimate> {
    poisson_rate_at(x, exposure, multiplier, 0.95)
}

/// A rate of independent events: exact Poisson under 10 events, Byar's approximation from 10.
///
/// `exposure` must be above zero, else nothing is defined. Source: the Office for Health Improvement and Disparities'
/// technical guide to public health methods.
///
/// ```
/// use sightline::stats::poisson_rate_at;
/// // Ulm 1990: 5 events, 95 %: 1.62 to 11.67.
/// let rate = poisson_rate_at(5, 1.0, 1.0, 0.95).unwrap();
/// assert!((rate.lower.unwrap() - 1.6235).abs() < 1e-4 && (rate.upper.unwrap() - 11.6683).abs() < 1e-4);
/// assert!(poisson_rate_at(5, 0.0, 1.0, 0.95).is_none());
/// ```
pub fn poisson_rate_at(x: u64, exposure: f64, multiplier: f64, confidence: f64) -> Option<Estimate> {
    if exposure <= 0.0 {
        return None;
    }
    let (events, tail) = (x as f64, (1.0 - confidence) / 2.0);
    let (lower, upper) = if x < EXACT_UNDER {
        let quantile = |freedom: f64, share: f64| {
            ChiSquared::new(freedom).map_or(0.0, |distribution| distribution.inverse_cdf(share) / 2.0)
        };
        let lower = if x == 0 { 0.0 } else { quantile(2.0 * events, tail) };
        (lower, quantile(2.0 * events + 2.0, 1.0 - tail))
    } else {
        let z = z(confidence);
        let byar =
            |count: f64, sign: f64| count * (1.0 - 1.0 / (9.0 * count) + sign * z / (3.0 * count.sqrt())).powi(3);
        (byar(events, -1.0).max(0.0), byar(events + 1.0, 1.0))
    };
    let rate = |events: f64| events / exposure * multiplier;
    Some(Estimate { value: rate(events), lower: Some(rate(lower)), upper: Some(rate(upper)) })
}

/// Events from which Byar's approximation stands in for the exact limits.
const EXACT_UNDER: u64 = 10;

/// Σ numerator ÷ Σ denominator where a child may count several times: (numerator, denominator, children alike).
///
/// The variance is that of a ratio of totals over children (linearised, n/(n−1)); the limits are Wilson's on the effective
/// number the variance implies, which stay within 0 and 1. Where nothing varies (all or none) the effective number is the
/// number of children. None where nothing was counted. Source: Cochran 1977, chapter 6; Korn and Graubard 1998.
pub fn clustered_proportion(children: &[(u64, u64, u64)]) -> Option<Estimate> {
    let sum = |of: fn(&(u64, u64, u64)) -> u64| children.iter().map(|child| of(child) * child.2).sum::<u64>() as f64;
    let (numerator, denominator) = (sum(|child| child.0), sum(|child| child.1));
    if denominator <= 0.0 {
        return None;
    }
    let share = (numerator / denominator).min(1.0);
    let count = children.iter().filter(|child| child.1 > 0).map(|child| child.2).sum::<u64>() as f64;
    let squares: f64 =
        children.iter().map(|(x, n, alike)| (*x as f64 - share * *n as f64).powi(2) * *alike as f64).sum();
    let variance = if count > 1.0 { count / (count - 1.0) * squares / (denominator * denominator) } else { 0.0 };
    let effective = if variance > 0.0 { (share * (1.0 - share) / variance).min(denominator) } else { count };
    let (lower, upper) = wilson_of(share * effective, effective, Z95);
    Some(Estimate { value: share, lower: Some(lower), upper: Some(upper) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: Option<f64>, right: f64, within: f64) {
        assert!((left.unwrap() - right).abs() < within, "{left:?} is not {right}");
    }

    #[test]
    fn wilson_agrees_with_newcombe_1998_table_1() {
        for (x, n, lower, upper) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let share = wilson(x, NonZeroU64::new(n).unwrap(), 0.95);
            near(share.lower, lower, 5e-5);
            near(share.upper, upper, 5e-5);
        }
        assert_eq!(wilson(20, NonZeroU64::new(20).unwrap(), 0.95).upper, Some(1.0));
    }

    #[test]
    fn exact_poisson_limits_are_the_published_ones() {
        // Ulm 1990: 0 events up to 3.69; 5 events 1.62 to 11.67.
        near(poisson_rate(0, 1.0, 1.0).unwrap().upper, 3.6889, 1e-4);
        near(poisson_rate(5, 1.0, 1.0).unwrap().lower, 1.6235, 1e-4);
        near(poisson_rate(5, 1.0, 1.0).unwrap().upper, 11.6683, 1e-4);
        assert_eq!(poisson_rate(5, 0.0, 1.0), None);
    }

    #[test]
    fn byar_is_near_the_exact_limits_from_ten_events() {
        // Exact limits for 65 events: 50.17 to 82.85.
        near(poisson_rate(65, 1.0, 1.0).unwrap().lower, 50.17, 0.01);
        near(poisson_rate(65, 1.0, 1.0).unwrap().upper, 82.85, 0.01);
    }

    #[test]
    fn counting_a_child_four_times_over_adds_no_knowledge() {
        // 10 of 40 children, each counted once or each counted four times alike.
        let once = clustered_proportion(&[(0, 1, 30), (1, 1, 10)]).unwrap();
        let four = clustered_proportion(&[(0, 4, 30), (4, 4, 10)]).unwrap();
        near(four.lower, once.lower.unwrap(), 1e-9);
        near(four.upper, once.upper.unwrap(), 1e-9);
        assert_eq!(clustered_proportion(&[]), None);
    }
}
