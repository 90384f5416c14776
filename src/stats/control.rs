//! Shewhart charts of counts and shares: p, u, their Laney forms p′ and u′, c, g and t. `XmR` is in `xmr`.

use super::xmr::{XmrOptions, xmr};

/// One point with its limits, in the unit of the point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ControlPoint {
    /// The value; none where its denominator is zero.
    pub value: Option<f64>,
    /// The centre line.
    pub centre: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// A chart, with the factor its limits were widened by.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlChart {
    /// In the order given.
    pub points: Vec<ControlPoint>,
    /// Laney's sigma z; 1 for the other charts.
    pub sigma_z: f64,
}

/// Which distribution a chart of x of n rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A share: x of n children. Limits within 0 and 1.
    Share,
    /// A rate: x events over n of exposure. Limits not below 0.
    Rate,
}

/// How the limits of a p′ or u′ chart are widened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Laney {
    /// A plain p or u chart.
    Off,
    /// Sigma z as measured, but never under 1, so that limits never narrow. Ours.
    FlooredAtOne,
    /// Sigma z as measured, as in R's `qicharts2`.
    AsMeasured,
}

const SIGMAS: f64 = 3.0;
const MEAN_RANGE_TO_SIGMA: f64 = 1.128;
const SCREEN: f64 = 3.267;
/// A range of z below this is the rounding of equal shares.
const ROUNDING: f64 = 1e-9;

/// How an attributes chart is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeOptions {
    /// Shares or rates.
    pub basis: Basis,
    /// Whether limits are widened.
    pub laney: Laney,
    /// The points the centre and σz rest on: the first so many; all where none.
    pub baseline: Option<usize>,
    /// Whether ranges of z of 3.267 means or more are left out of σz, once.
    pub screening: bool,
}

/// A p, u, p′ or u′ chart with screened ranges: see [`attributes_chart_with`].
///
/// ```
/// use sightline::stats::{Basis, Laney, attributes_chart};
/// let chart = attributes_chart(&[(10, 100.0), (20, 100.0)], Basis::Share, Laney::Off, None).unwrap();
/// let point = chart.points[0];
/// assert!((point.centre - 0.15).abs() < 1e-12 && (point.upper - 0.257_121).abs() < 1e-6);
/// assert!(attributes_chart(&[(0, 0.0)], Basis::Rate, Laney::Off, None).is_none());
/// ```
pub fn attributes_chart(
    points: &[(u64, f64)],
    basis: Basis,
    laney: Laney,
    baseline: Option<usize>,
) -> Option<ControlChart> {
    attributes_chart_with(points, AttributeOptions { basis, laney, baseline, screening: true })
}

/// A p, u, p′ or u′ chart: centre Σx ÷ Σn over the first `baseline` points (all where none), limits ± 3 σz √(variance ÷ nᵢ).
///
/// Variance c(1 − c) for a share, c for a rate. σz is the mean moving range of z ÷ 1.128, ranges screened once at 3.267 means.
/// A point with n = 0 (a gap is written so) has no value and its neighbours no range. None where nothing was counted, or where
/// `Laney::AsMeasured` has no range to measure. Source: Laney 2002; Montgomery, chapter 7.
///
/// ```
/// use sightline::stats::{AttributeOptions, Basis, Laney, attributes_chart_with};
/// let options = AttributeOptions { basis: Basis::Share, laney: Laney::AsMeasured, baseline: None, screening: true };
/// assert!(attributes_chart_with(&[(10, 100.0)], options).is_none(), "one point has no range");
/// ```
pub fn attributes_chart_with(points: &[(u64, f64)], options: AttributeOptions) -> Option<ControlChart> {
    let first = points.iter().take(options.baseline.unwrap_or(points.len()));
    let (events, exposure) = first.clone().fold((0.0, 0.0), |(x, n), point| (x + point.0 as f64, n + point.1));
    if exposure <= 0.0 {
        return None;
    }
    let centre = events / exposure;
    let variance = match options.basis {
        Basis::Share => centre * (1.0 - centre).max(0.0),
        Basis::Rate => centre,
    };
    let z = |point: &(u64, f64)| {
        (point.1 > 0.0 && variance > 0.0).then(|| (point.0 as f64 / point.1 - centre) / (variance / point.1).sqrt())
    };
    let measured = || sigma_of(&first.clone().map(z).collect::<Vec<_>>(), options.screening);
    let sigma_z = match options.laney {
        Laney::Off => 1.0,
        Laney::FlooredAtOne => measured().map_or(1.0, |sigma| sigma.max(1.0)),
        Laney::AsMeasured => measured()?,
    };
    let ceiling = if options.basis == Basis::Share { 1.0 } else { f64::INFINITY };
    let point = |(x, n): &(u64, f64)| {
        let value = (*n > 0.0).then(|| *x as f64 / n);
        let half = if *n > 0.0 { SIGMAS * sigma_z * (variance / n).sqrt() } else { 0.0 };
        ControlPoint { value, centre, lower: (centre - half).max(0.0), upper: (centre + half).min(ceiling) }
    };
    Some(ControlChart { points: points.iter().map(point).collect(), sigma_z })
}

/// The mean moving range ÷ 1.128; where screened, ranges of 3.267 means or more left out once. None without a range.
fn sigma_of(z: &[Option<f64>], screening: bool) -> Option<f64> {
    let pairs = z.iter().zip(z.iter().skip(1));
    let ranges: Vec<f64> = pairs
        .filter_map(|(before, after)| Some((*after.as_ref()? - *before.as_ref()?).abs()))
        .map(|range| if range < ROUNDING { 0.0 } else { range })
        .collect();
    let mean = |ranges: &[f64]| (!ranges.is_empty()).then(|| ranges.iter().sum::<f64>() / ranges.len() as f64);
    let all = mean(&ranges)?;
    let kept: Vec<f64> = ranges.into_iter().filter(|range| !screening || *range < SCREEN * all).collect();
    Some(mean(&kept)? / MEAN_RANGE_TO_SIGMA)
}

/// A c chart of counts over equal stretches: mean ± 3 √mean, not below 0. None without points.
///
/// Source: Montgomery, chapter 7.
pub fn count_chart(counts: &[u64], baseline: Option<usize>) -> Option<ControlChart> {
    let points: Vec<(u64, f64)> = counts.iter().map(|count| (*count, 1.0)).collect();
    attributes_chart(&points, Basis::Rate, Laney::Off, baseline)
}

/// How the limits of a g chart are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapLimits {
    /// The 0.135 and 99.865 % points of the geometric distribution about its median. Ours.
    Probability,
    /// m ± 3 √(m(m + 1)) about the mean m, not below 0, for comparison with R: it flags 46 % of stable charts of 24 points.
    ThreeSigma,
}

/// A g chart with probability limits: see [`gap_chart_with`].
pub fn gap_chart(gaps: &[u64], baseline: Option<usize>) -> Option<ControlChart> {
    gap_chart_with(gaps, baseline, GapLimits::Probability)
}

/// A g chart of cases (or days) between rare events: geometric, limits at 0.135 and 99.865 %, centre the median.
///
/// With mean m the chance of a further case before the event is q = m ÷ (1 + m); the quantile at P is the least k with
/// 1 − q^(k+1) ≥ P. Longer gaps are better. Runs are judged about the centre. None without gaps. Source: Benneyan 2001;
/// Provost and Murray 2011.
pub fn gap_chart_with(gaps: &[u64], baseline: Option<usize>, limits: GapLimits) -> Option<ControlChart> {
    let first: Vec<u64> = gaps.iter().take(baseline.unwrap_or(gaps.len())).copied().collect();
    if first.is_empty() {
        return None;
    }
    let mean = first.iter().sum::<u64>() as f64 / first.len() as f64;
    let further = mean / (1.0 + mean);
    let quantile = |share: f64| {
        if further > 0.0 { ((1.0 - share).ln() / further.ln() - 1.0 - 1e-12).ceil().max(0.0) } else { 0.0 }
    };
    let half = SIGMAS * (mean * (mean + 1.0)).sqrt();
    let (lower, centre, upper) = match limits {
        GapLimits::Probability => (quantile(0.001_35), quantile(0.5), quantile(0.998_65)),
        GapLimits::ThreeSigma => ((mean - half).max(0.0), mean, mean + half),
    };
    let point = |gap: &u64| ControlPoint { value: Some(*gap as f64), centre, lower, upper };
    Some(ControlChart { points: gaps.iter().map(point).collect(), sigma_z: 1.0 })
}

/// A t chart with screened ranges: see [`time_lines`]. None also where no limits are defined (one gap, or all alike).
///
/// ```
/// use sightline::stats::time_chart;
/// assert!(time_chart(&[3.0, 0.0, 9.0], None).is_none());
/// let chart = time_chart(&[30.0, 12.0, 45.0, 20.0], None).unwrap();
/// assert!(chart.points[0].lower < chart.points[0].centre && chart.points[0].upper > 45.0);
/// ```
pub fn time_chart(gaps: &[f64], baseline: Option<usize>) -> Option<ControlChart> {
    let lines = time_lines(gaps, baseline, true)?;
    let (lower, upper) = lines.limits?;
    let point = |gap: &f64| ControlPoint { value: Some(*gap), centre: lines.centre, lower, upper };
    Some(ControlChart { points: gaps.iter().map(point).collect(), sigma_z: 1.0 })
}

/// The lines of a t chart, in the unit of the gaps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeLines {
    /// The mean of y^(1/3.6), carried back.
    pub centre: f64,
    /// Lower and upper; none with one gap, or where screening leaves no range (all alike).
    pub limits: Option<(f64, f64)>,
}

/// A t chart of time between rare events: y^(1/3.6) on an `XmR` chart, carried back; a lower limit under 0 is 0.
///
/// Longer gaps are better. None without gaps, or where one is not above zero (use times of day, or a g chart).
/// Source: Nelson 1994.
///
/// ```
/// use sightline::stats::time_lines;
/// let alike = time_lines(&[8.0, 8.0, 8.0], None, true).unwrap();
/// assert!((alike.centre - 8.0).abs() < 1e-9 && alike.limits.is_none());
/// assert!(time_lines(&[8.0, 0.0], None, true).is_none());
/// ```
pub fn time_lines(gaps: &[f64], baseline: Option<usize>, screening: bool) -> Option<TimeLines> {
    const POWER: f64 = 3.6;
    if !gaps.iter().all(|gap| *gap > 0.0) {
        return None;
    }
    let normal: Vec<Option<f64>> = gaps.iter().map(|gap| Some(gap.powf(1.0 / POWER))).collect();
    let chart = xmr(&normal, &[], XmrOptions { fix_after: baseline, screening, ..XmrOptions::default() });
    let back = |value: f64| value.max(0.0).powf(POWER);
    let first = chart.points.first()?;
    let limits = first.limits.map(|limits| (back(limits.lower), back(limits.upper)));
    Some(TimeLines { centre: back(first.mean?), limits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64, within: f64) {
        assert!((left - right).abs() < within, "{left} is not {right}");
    }

    #[test]
    fn counts_by_hand() {
        // Mean 4: limits 4 ± 6, floored at 0.
        let chart = count_chart(&[2, 6, 4], None).unwrap();
        assert!(chart.points.iter().all(|point| (point.centre, point.lower, point.upper) == (4.0, 0.0, 10.0)));
        assert_eq!(count_chart(&[], None), None);
    }

    #[test]
    fn laney_widens_where_shares_vary_more_than_chance() {
        let points = [(10, 100.0), (30, 100.0), (10, 100.0), (30, 100.0)];
        // Centre 0.2, sd 0.04: z is ∓2.5, each range 5, sigma z 5 ÷ 1.128.
        let chart = attributes_chart(&points, Basis::Share, Laney::FlooredAtOne, None).unwrap();
        near(chart.sigma_z, 5.0 / 1.128, 1e-9);
        near(chart.points[0].upper, 0.2 + 3.0 * 0.04 * 5.0 / 1.128, 1e-9);
        let alike = [(20, 100.0); 4];
        near(attributes_chart(&alike, Basis::Share, Laney::FlooredAtOne, None).unwrap().sigma_z, 1.0, 1e-12);
    }

    #[test]
    fn none_of_nothing_and_all_of_all() {
        let empty = attributes_chart(&[(0, 10.0), (0, 0.0)], Basis::Share, Laney::FlooredAtOne, None).unwrap();
        assert_eq!(empty.points[0], ControlPoint { value: Some(0.0), centre: 0.0, lower: 0.0, upper: 0.0 });
        assert_eq!(empty.points[1].value, None);
        let full = attributes_chart(&[(10, 10.0)], Basis::Share, Laney::Off, None).unwrap();
        assert_eq!((full.points[0].lower, full.points[0].upper), (1.0, 1.0));
    }

    #[test]
    fn gaps_as_scipy_gives_the_geometric_quantiles() {
        // scipy: [stats.geom.ppf(q, 1 / 21) - 1 for q in (.00135, .5, .99865)] is [0, 14, 135].
        let chart = gap_chart(&[10, 30, 20], None).unwrap();
        let point = chart.points[0];
        assert_eq!((point.lower, point.centre, point.upper), (0.0, 14.0, 135.0));
    }
}
