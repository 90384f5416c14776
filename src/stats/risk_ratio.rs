//! How many times as likely one group is as another: a ratio of two shares with its interval.

use super::intervals::{Estimate, Z95};

/// `x` of `n` in the group against `rest_x` of `rest_n` in the rest, with the 95 % interval of Katz and others on the log
/// scale; none where either counts nobody, or more than there are.
///
/// Source: Katz, Baptista, Azen and Pike 1978. The two must not overlap. The interval is too narrow with fewer than about
/// five in either count.
///
/// ```
/// // R 4.2.2: exp of glm(cbind(c(52, 640), c(3148, 76160)) ~ c(1, 0), binomial("log")) and its confint.default.
/// let ratio = sightline::stats::risk_ratio((52, 3_200), (640, 76_800)).unwrap();
/// assert!((ratio.value - 1.95).abs() < 1e-12);
/// assert!((ratio.lower.unwrap() - 1.473_184).abs() < 1e-6 && (ratio.upper.unwrap() - 2.581_144).abs() < 1e-6);
/// assert!(sightline::stats::risk_ratio((0, 100), (10, 100)).is_none());
/// ```
pub fn risk_ratio((x, n): (u64, u64), (rest_x, rest_n): (u64, u64)) -> Option<Estimate> {
    if x == 0 || rest_x == 0 || x > n || rest_x > rest_n {
        return None;
    }
    let [x, n, rest_x, rest_n] = [x, n, rest_x, rest_n].map(|count| count as f64);
    let value = (x / n) / (rest_x / rest_n);
    let error = (1.0 / x - 1.0 / n + 1.0 / rest_x - 1.0 / rest_n).sqrt();
    let at = |z: f64| Some((value.ln() + z * error).exp());
    Some(Estimate { value, lower: at(-Z95), upper: at(Z95) })
}
