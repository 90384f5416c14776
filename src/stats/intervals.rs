//! Intervals for proportions, counts and ratios of totals.

use std::num::NonZeroU64;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution as _, StandardNormal};
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

/// Σ numerator ÷ Σ denominator × multiplier for totals of unequal children: the 2.5th and 97.5th percentiles of `draws`
/// samples of children with replacement.
///
/// `children` are (numerator, denominator, children alike), in order of value, so that no order of children shows. None
/// where the denominator is zero; no limits with one child.
pub fn bootstrap_ratio(children: &[(u64, u64, u64)], multiplier: f64, draws: u32, seed: u64) -> Option<Estimate> {
    let denominator: u64 = children.iter().map(|(_, n, alike)| n * alike).sum();
    let numerator: u64 = children.iter().map(|(x, _, alike)| x * alike).sum();
    if denominator == 0 {
        return None;
    }
    let value = numerator as f64 / denominator as f64 * multiplier;
    let sample = Resample::of(children);
    if sample.children() < 2 || draws == 0 {
        return Some(Estimate { value, lower: None, upper: None });
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut ratios: Vec<f64> = (0..draws).filter_map(|_| sample.draw(&mut random)).collect();
    ratios.sort_by(f64::total_cmp);
    let limit = |share: f64| {
        let at = (share * (ratios.len().saturating_sub(1)) as f64).round() as usize;
        ratios.get(at).map(|ratio| ratio * multiplier)
    };
    let lower = limit(0.025).map(|lower| lower.min(value));
    Some(Estimate { value, lower, upper: limit(0.975).map(|upper| upper.max(value)) })
}

/// Enough children who brought nothing to the numerator for their denominators' sum to be drawn as a normal one.
const MANY: u64 = 100;

/// Children to draw with replacement. Those with something in the numerator are drawn one by one; the others differ only
/// in their denominators, whose sum is drawn at once where there are many.
struct Resample {
    /// (numerator, denominator), one entry a child.
    each: Vec<(u64, u64)>,
    idle: u64,
    idle_mean: f64,
    idle_variance: f64,
}

impl Resample {
    fn of(children: &[(u64, u64, u64)]) -> Self {
        let idle: u64 = children.iter().filter(|(x, _, _)| *x == 0).map(|(_, _, alike)| alike).sum();
        let many = idle >= MANY;
        let one_by_one = children.iter().filter(|(x, _, _)| *x > 0 || !many);
        let each = one_by_one.flat_map(|(x, n, alike)| std::iter::repeat_n((*x, *n), *alike as usize)).collect();
        let moment = |power: i32| -> f64 {
            let idle_ones = children.iter().filter(|(x, _, _)| *x == 0);
            idle_ones.map(|(_, n, alike)| (*n as f64).powi(power) * *alike as f64).sum::<f64>() / idle.max(1) as f64
        };
        let idle_mean = moment(1);
        let idle_variance = (moment(2) - idle_mean * idle_mean).max(0.0);
        Self { each, idle: if many { idle } else { 0 }, idle_mean, idle_variance }
    }

    fn children(&self) -> u64 {
        self.each.len() as u64 + self.idle
    }

    /// The ratio in one sample; none where its denominator is zero.
    fn draw(&self, random: &mut ChaCha8Rng) -> Option<f64> {
        let count = self.children();
        let share = self.each.len() as f64 / count as f64;
        let drawn = Binomial::new(count, share).map_or(0, |binomial| binomial.sample(random));
        let (mut numerator, mut denominator) = (0, 0);
        for _ in 0..drawn {
            let (x, n) = self.each.get(random.random_range(0..self.each.len())).copied().unwrap_or_default();
            numerator += x;
            denominator += n;
        }
        let idle = (count - drawn) as f64;
        let noise: f64 = StandardNormal.sample(random);
        let total = denominator as f64 + idle * self.idle_mean + (idle * self.idle_variance).sqrt() * noise;
        (total > 0.0).then(|| numerator as f64 / total)
    }
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

    #[test]
    fn a_bootstrap_is_the_same_each_time_and_brackets_its_value() {
        let children = [(0, 30, 400), (1, 30, 20), (12, 30, 3)];
        let first = bootstrap_ratio(&children, 1_000.0, 1_000, 1).unwrap();
        assert_eq!(first, bootstrap_ratio(&children, 1_000.0, 1_000, 1).unwrap());
        assert!(first.lower.unwrap() < first.value && first.value < first.upper.unwrap());
        // The linearised standard error of the same ratio is 1.66 per 1,000: half the interval is near 1.96 of them.
        near(Some((first.upper.unwrap() - first.lower.unwrap()) / 2.0 / Z95), 1.66, 0.2);
        assert_eq!(bootstrap_ratio(&[(0, 0, 5)], 1.0, 100, 1), None);
    }
}
