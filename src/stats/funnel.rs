//! Funnel limits: which of many units lie further from the whole than chance takes them. Never a ranking.

use statrs::distribution::{DiscreteCDF as _, Poisson};

use super::intervals::Z95;

/// The 99.9th percentile of the normal distribution: limits at 99.8 %.
pub const Z998: f64 = 3.090_232_306_167_813;

/// Lower and upper limits for a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lower.
    pub lower: f64,
    /// Upper.
    pub upper: f64,
}

/// One unit on the funnel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FunnelPoint {
    /// The share, or seen ÷ expected.
    pub value: f64,
    /// Distance from the centre in standard errors; none where nothing can vary.
    pub z: Option<f64>,
    /// 95 % limits.
    pub limits_95: Band,
    /// 99.8 % limits.
    pub limits_998: Band,
    /// 95 % and 99.8 % limits widened by the variation between units; none with fewer than 10 units.
    pub widened: Option<(Band, Band)>,
}

/// A funnel.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// The pooled share; 1 for ratios.
    pub centre: f64,
    /// In the order given; none for a unit of which nothing was counted or expected.
    pub points: Vec<Option<FunnelPoint>>,
    /// Mean squared z, the tenth at each end drawn in; about 1 where only chance varies. None with fewer than 10 units.
    pub phi: Option<f64>,
    /// The variance between units beyond chance, additive. None with fewer than 10 units.
    pub tau_squared: Option<f64>,
}

const FEWEST_UNITS: usize = 10;
const DRAWN_IN: f64 = 0.1;

/// A funnel of shares: limits are the shares whose Wilson interval just reaches the pooled share, c ± z √(c(1 − c) ÷ n),
/// within 0 and 1.
///
/// None where nothing was counted. Over-dispersion: φ and τ² after Spiegelhalter 2005, z drawn in by a tenth at each end.
///
/// ```
/// use sightline::stats::funnel_of_shares;
/// let funnel = funnel_of_shares(&[(10, 100), (30, 100)]).unwrap();
/// let upper = funnel.points[1].unwrap().limits_95.upper;
/// assert!((funnel.centre - 0.2).abs() < 1e-12 && (upper - 0.278_399).abs() < 1e-6);
/// assert!(funnel.phi.is_none(), "two units say nothing of over-dispersion");
/// ```
pub fn funnel_of_shares(units: &[(u64, u64)]) -> Option<Funnel> {
    let (x, n) = units.iter().fold((0, 0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
    if n == 0 {
        return None;
    }
    Some(funnel_of_shares_about((x as f64 / n as f64).min(1.0), units))
}

/// The same about a share that is known otherwise, such as the pooled share of counts that tell of fewer independent ones.
///
/// ```
/// use sightline::stats::{funnel_of_shares, funnel_of_shares_about};
/// let units = [(10, 100), (30, 100)];
/// assert_eq!(funnel_of_shares_about(0.2, &units), funnel_of_shares(&units).unwrap());
/// ```
pub fn funnel_of_shares_about(centre: f64, units: &[(u64, u64)]) -> Funnel {
    let plain = |(x, n): &(u64, u64)| {
        let se = (centre * (1.0 - centre) / *n as f64).sqrt();
        let band = |z: f64| Band { lower: (centre - z * se).max(0.0), upper: (centre + z * se).min(1.0) };
        (*n > 0).then(|| Plain { value: *x as f64 / *n as f64, se, limits_95: band(Z95), limits_998: band(Z998) })
    };
    funnel(centre, units.iter().map(plain).collect(), 1.0)
}

/// A funnel of seen ÷ expected: limits are the counts that chance seldom goes beyond, by the Poisson distribution of the
/// expected number, ÷ expected. Standard error 1 ÷ √expected.
///
/// A unit that is like the whole lies above the upper limit, or below the lower, with at most the stated probability
/// (prediction limits, Seaton and Manktelow 2012). Limits interpolated between counts (Spiegelhalter 2005, A.1.1) promise
/// that on average only: a unit with one case expected would lie above a "2.5 %" limit in 8 % of periods.
///
/// ```
/// use sightline::stats::funnel_of_ratios;
/// // Ten are expected: chance alone gives fewer than 4 or more than 17 at most in 2.5 % of periods each.
/// let point = funnel_of_ratios(&[(17, 10.0)]).points[0].unwrap();
/// assert_eq!((point.limits_95.lower, point.limits_95.upper), (0.4, 1.7));
/// ```
pub fn funnel_of_ratios(units: &[(u64, f64)]) -> Funnel {
    let plain = |(observed, expected): &(u64, f64)| {
        let distribution = Poisson::new(*expected).ok()?;
        let limit = |share: f64| distribution.inverse_cdf(share) as f64 / expected;
        let band = |tail: f64| Band { lower: limit(tail), upper: limit(1.0 - tail) };
        Some(Plain {
            value: *observed as f64 / expected,
            se: 1.0 / expected.sqrt(),
            limits_95: band(0.025),
            limits_998: band(0.001),
        })
    };
    funnel(1.0, units.iter().map(plain).collect(), f64::INFINITY)
}

/// A unit before over-dispersion.
struct Plain {
    value: f64,
    se: f64,
    limits_95: Band,
    limits_998: Band,
}

fn funnel(centre: f64, units: Vec<Option<Plain>>, ceiling: f64) -> Funnel {
    let z = |unit: &Plain| (unit.se > 0.0).then(|| (unit.value - centre) / unit.se);
    let distances: Vec<(f64, f64)> = units.iter().flatten().filter_map(|unit| Some((z(unit)?, unit.se))).collect();
    let spread = over_dispersion(&distances);
    let point = |unit: Plain| FunnelPoint {
        value: unit.value,
        z: z(&unit),
        limits_95: unit.limits_95,
        limits_998: unit.limits_998,
        widened: spread.map(|(_, tau_squared)| {
            let half = (unit.se * unit.se + tau_squared).sqrt();
            let band = |z: f64| Band { lower: (centre - z * half).max(0.0), upper: (centre + z * half).min(ceiling) };
            (band(Z95), band(Z998))
        }),
    };
    Funnel {
        centre,
        points: units.into_iter().map(|unit| unit.map(point)).collect(),
        phi: spread.map(|(phi, _)| phi),
        tau_squared: spread.map(|(_, tau_squared)| tau_squared),
    }
}

/// φ, and τ² by the method of moments: (kφ − (k − 1)) ÷ (Σw − Σw² ÷ Σw), w = 1 ÷ se²; 0 where φ is no more than (k − 1) ÷ k.
fn over_dispersion(units: &[(f64, f64)]) -> Option<(f64, f64)> {
    if units.len() < FEWEST_UNITS {
        return None;
    }
    let k = units.len() as f64;
    let mut sorted: Vec<f64> = units.iter().map(|(z, _)| *z).collect();
    sorted.sort_by(f64::total_cmp);
    let drawn = (k * DRAWN_IN).floor() as usize;
    let (least, most) = (*sorted.get(drawn)?, *sorted.get(sorted.len() - 1 - drawn)?);
    let phi = sorted.iter().map(|z| z.clamp(least, most).powi(2)).sum::<f64>() / k;
    let (sum, squares) = units.iter().fold((0.0, 0.0), |(sum, squares), (_, se)| {
        let weight = 1.0 / (se * se);
        (sum + weight, squares + weight * weight)
    });
    Some((phi, ((k * phi - (k - 1.0)) / (sum - squares / sum)).max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_limits_agree_with_scipy() {
        // scipy 1.17: stats.poisson.ppf([.025, .975, .001, .999], 10) = 4, 17, 2, 21.
        let funnel = funnel_of_ratios(&[(10, 10.0), (3, 0.0)]);
        let point = funnel.points[0].unwrap();
        let limits = [point.limits_95.lower, point.limits_95.upper, point.limits_998.lower, point.limits_998.upper];
        for (limit, expected) in limits.into_iter().zip([0.4, 1.7, 0.2, 2.1]) {
            assert!((limit - expected).abs() < 1e-12, "{limit} {expected}");
        }
        assert_eq!(funnel.points[1], None, "nothing expected");
    }

    /// The lower or upper middle, the least and the greatest.
    fn spread(mut chances: Vec<f64>) -> (f64, f64, f64) {
        chances.sort_by(f64::total_cmp);
        (chances[chances.len() / 2], chances[0], chances[chances.len() - 1])
    }

    /// Published: Seaton and Manktelow 2012, BMC Medical Research Methodology 12:98, table 1, "prediction": how often a unit
    /// like the whole falls below the lower and above the upper 95 % limit, over expected numbers in steps of 0.01.
    #[test]
    fn units_like_the_whole_fall_outside_as_seldom_as_published() {
        for (from, to, below, above) in [
            (1.0, 50.0, (0.0186, 0.0, 0.0250), Some((0.0201, 0.0052, 0.0250))),
            (50.01, 100.0, (0.0215, 0.0172, 0.0250), None),
            (100.01, 500.0, (0.0233, 0.0194, 0.0250), None),
        ] {
            let steps = ((to - from) * 100.0_f64).round() as u32;
            let expected: Vec<f64> = (0..=steps).map(|step| from + f64::from(step) / 100.0).collect();
            let units: Vec<(u64, f64)> = expected.iter().map(|expected| (0, *expected)).collect();
            let (mut under, mut over) = (Vec::new(), Vec::new());
            for (expected, point) in expected.iter().zip(funnel_of_ratios(&units).points) {
                let limits = point.unwrap().limits_95;
                let distribution = Poisson::new(*expected).unwrap();
                let count = |limit: f64| (limit * expected).round() as u64;
                under.push(count(limits.lower).checked_sub(1).map_or(0.0, |most| distribution.cdf(most)));
                over.push(distribution.sf(count(limits.upper)));
            }
            for (seen, published) in [(spread(under), Some(below)), (spread(over), above)] {
                let Some(published) = published else { continue };
                let close = |a: f64, b: f64| (a - b).abs() < 0.000_051;
                assert!(
                    close(seen.0, published.0) && close(seen.1, published.1) && close(seen.2, published.2),
                    "{from} to {to}: {seen:?} is not {published:?}"
                );
            }
        }
    }

    /// Published: Public Health England's funnel of 303 areas about 80.642448 % (`PHEindicatormethods`, its data for
    /// `calculate_funnel_limits`, proportions), limits in per cent at several denominators.
    #[test]
    fn shares_as_public_health_england_publishes_them() {
        let published = [
            (45_u64, 69.098_645, 92.186_251, 62.441_586, 98.843_309),
            (102, 72.974_925, 88.309_971, 68.553_233, 92.731_663),
            (1_008, 78.203_374, 83.081_521, 76.796_814, 84.488_082),
            (9_998, 79.867_989, 81.416_907, 79.421_375, 81.863_521),
        ];
        for (n, lower_95, upper_95, lower_998, upper_998) in published {
            let rest = (80_642_448 - n / 2, 100_000_000 - n);
            let point = funnel_of_shares(&[(n / 2, n), rest]).unwrap().points[0].unwrap();
            for (limit, expected) in [
                (point.limits_95.lower, lower_95),
                (point.limits_95.upper, upper_95),
                (point.limits_998.lower, lower_998),
                (point.limits_998.upper, upper_998),
            ] {
                assert!((limit * 100.0 - expected).abs() < 2e-6, "{n}: {limit} is not {expected} %");
            }
        }
    }

    #[test]
    fn units_alike_need_no_widening_and_units_apart_do() {
        let alike = funnel_of_shares(&[(20, 100); 12]).unwrap();
        assert_eq!((alike.phi, alike.tau_squared), (Some(0.0), Some(0.0)));
        let apart: Vec<(u64, u64)> = (0..12).map(|at| if at % 2 == 0 { (10, 100) } else { (30, 100) }).collect();
        let apart = funnel_of_shares(&apart).unwrap();
        // z is ±2.5: φ 6.25; τ² = (75 − 11) ÷ (7500 − 625) with w = 625.
        assert!(
            (apart.phi.unwrap() - 6.25).abs() < 1e-9 && (apart.tau_squared.unwrap() - 64.0 / 6_875.0).abs() < 1e-12
        );
        let point = apart.points[0].unwrap();
        assert!(point.widened.unwrap().0.upper > point.limits_95.upper);
    }

    #[test]
    fn none_and_all() {
        assert_eq!(funnel_of_shares(&[(0, 0)]), None);
        let none = funnel_of_shares(&[(0, 10), (0, 0)]).unwrap();
        assert_eq!(none.points[0].unwrap().z, None);
        assert_eq!(none.points[1], None);
        assert_eq!(
            funnel_of_shares(&[(10, 10)]).unwrap().points[0].unwrap().limits_95.lower.to_bits(),
            1.0_f64.to_bits()
        );
    }
}
