//! Tabular cumulative sums: small lasting changes that single points do not show.

/// One point of a CUSUM, in standard deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CusumPoint {
    /// Cumulated excess above target.
    pub high: f64,
    /// Cumulated shortfall below target, as a positive number.
    pub low: f64,
    /// Whether either is beyond `h`.
    pub signal: bool,
}

/// Highᵢ = max(0, highᵢ₋₁ + z − k) and lowᵢ = max(0, lowᵢ₋₁ − z − k), z the distance from `target` in `sigma`; a signal beyond `h`.
///
/// k = 0.5 looks for changes of one standard deviation; h is 4 or 5. A missing value leaves both as they were. Empty where
/// `sigma` is not above zero. Source: Montgomery, Statistical Quality Control, chapter 9.
///
/// ```
/// use sightline::stats::cusum;
/// let sums = cusum(&[Some(12.0), None, Some(13.0)], 10.0, 1.0, 0.5, 4.0);
/// assert_eq!((sums[0].high, sums[2].high, sums[2].signal), (1.5, 4.0, false));
/// ```
pub fn cusum(values: &[Option<f64>], target: f64, sigma: f64, k: f64, h: f64) -> Vec<CusumPoint> {
    if sigma <= 0.0 || sigma.is_nan() {
        return Vec::new();
    }
    let step = |sums: &mut (f64, f64), value: &Option<f64>| {
        if let Some(value) = value {
            let z = (value - target) / sigma;
            *sums = ((sums.0 + z - k).max(0.0), (sums.1 - z - k).max(0.0));
        }
        Some(CusumPoint { high: sums.0, low: sums.1, signal: value.is_some() && (sums.0 > h || sums.1 > h) })
    };
    values.iter().scan((0.0, 0.0), step).collect()
}

/// The mean of the values, and their standard deviation from moving ranges (mean range ÷ 1.128); ranges are not taken across
/// a missing value. None without values; no standard deviation without two neighbours.
///
/// ```
/// use sightline::stats::level_and_sigma;
/// let (mean, sigma) = level_and_sigma(&[Some(1.0), Some(3.0), None, Some(5.0)]).unwrap();
/// assert!((mean - 3.0).abs() < 1e-12 && (sigma.unwrap() - 2.0 / 1.128).abs() < 1e-12);
/// assert!(level_and_sigma(&[None]).is_none());
/// ```
pub fn level_and_sigma(values: &[Option<f64>]) -> Option<(f64, Option<f64>)> {
    let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let pairs = values.iter().zip(values.iter().skip(1));
    let ranges: Vec<f64> = pairs.filter_map(|(before, after)| Some(((*after)? - (*before)?).abs())).collect();
    Some((mean(&known)?, mean(&ranges).map(|range| range / 1.128)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Montgomery, table 9.1 (observations) and 9.2 (sums), target 10, sigma 1, k 0.5, h 5: signals at 29 and 30.
    #[test]
    fn montgomery_as_published() {
        let values = [
            9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08, 9.37,
            10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52,
        ];
        let sums = cusum(&values.map(Some), 10.0, 1.0, 0.5, 5.0);
        for (at, high) in [(4, 1.16), (5, 2.82), (6, 2.50), (29, 5.28), (30, 5.30)] {
            assert!((sums[at - 1].high - high).abs() < 1e-9, "{at}: {:?}", sums[at - 1]);
        }
        assert_eq!(sums.iter().filter(|point| point.signal).count(), 2);
        assert!(cusum(&[Some(1.0)], 0.0, 0.0, 0.5, 4.0).is_empty());
    }
}
