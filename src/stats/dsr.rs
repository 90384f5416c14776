//! Directly standardised rates, and rates of events that come back in the same child. Not for funnels (see `funnel`).

use super::intervals::{Estimate, Z95};

/// Events of a stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Events {
    /// So many, each on its own.
    Independent(u64),
    /// Children with one event, with two, with three and so on.
    ByChild(Vec<u64>),
}

impl Events {
    fn count(&self) -> f64 {
        self.sum(|events| events)
    }

    /// The variance of the count: Σ events² over children, which is the count where events are independent.
    fn variance(&self) -> f64 {
        self.sum(|events| events * events)
    }

    fn sum(&self, weight: fn(f64) -> f64) -> f64 {
        match self {
            Self::Independent(events) => *events as f64,
            Self::ByChild(children) => children
                .iter()
                .zip(1_u32..)
                .map(|(children, events)| *children as f64 * weight(f64::from(events)))
                .sum(),
        }
    }
}

/// One stratum, usually an age band.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum {
    /// Events seen.
    pub events: Events,
    /// Children, or child-days, they came from.
    pub population: f64,
    /// Weight of the stratum in the standard population.
    pub standard: f64,
}

/// Events in all below which no rate is given.
const FEWEST_EVENTS: f64 = 10.0;

/// Σ wᵢ Oᵢ ÷ nᵢ over Σ wᵢ, times `multiplier`, with Dobson's limits.
///
/// The variance sums wᵢ² Var(Oᵢ) ÷ nᵢ²; Byar's limits of the count are moved and scaled by √(Var(rate) ÷ O). Where events are
/// given by child, Var(Oᵢ) is the sum over children of their squared number. None under 10 events or where a population is
/// not above zero. Source: Dobson and others 1991; OHID, technical guide to public health methods.
///
/// ```
/// use sightline::stats::{Events, Stratum, standardised_rate};
/// let band = |events, population, standard| Stratum { events: Events::Independent(events), population, standard };
/// let rate = standardised_rate(&[band(10, 1_000.0, 3.0), band(30, 1_000.0, 1.0)], 1_000.0).unwrap();
/// assert!((rate.value - 15.0).abs() < 1e-12);   // (3 × 10 + 1 × 30) ÷ 4
/// assert!(standardised_rate(&[band(9, 1_000.0, 1.0)], 1_000.0).is_none());
/// ```
pub fn standardised_rate(strata: &[Stratum], multiplier: f64) -> Option<Estimate> {
    let count: f64 = strata.iter().map(|stratum| stratum.events.count()).sum();
    let weight: f64 = strata.iter().map(|stratum| stratum.standard).sum();
    if count < FEWEST_EVENTS || weight <= 0.0 || strata.iter().any(|stratum| stratum.population <= 0.0) {
        return None;
    }
    let total = |of: &dyn Fn(&Stratum) -> f64| strata.iter().map(of).sum::<f64>();
    let value = total(&|stratum| stratum.standard * stratum.events.count() / stratum.population) / weight;
    let variance = total(&|stratum| stratum.standard.powi(2) * stratum.events.variance() / stratum.population.powi(2))
        / weight.powi(2);
    let limit = |sign: f64| {
        let at = if sign < 0.0 { count } else { count + 1.0 };
        let byar = at * (1.0 - 1.0 / (9.0 * at) + sign * Z95 / (3.0 * at.sqrt())).powi(3);
        ((value + (variance / count).sqrt() * (byar - count)) * multiplier).max(0.0)
    };
    Some(Estimate { value: value * multiplier, lower: Some(limit(-1.0)), upper: Some(limit(1.0)) })
}

/// A rate of events that come back in the same child: Byar's limits widened by √(Σ events² ÷ events) over children.
///
/// None under 10 events. On plain Byar limits the coverage of such rates is about 75 % instead of 95 %.
pub fn repeatable_rate(children_with: &[u64], exposure: f64, multiplier: f64) -> Option<Estimate> {
    let events = Events::ByChild(children_with.to_vec());
    standardised_rate(&[Stratum { events, population: exposure, standard: 1.0 }], multiplier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stratum_is_byar() {
        // Byar for 65 events: 50.165 to 82.849 (scipy: the formula, to five digits).
        let rate = repeatable_rate(&[65], 1.0, 1.0).unwrap();
        assert!((rate.lower.unwrap() - 50.165).abs() < 1e-2 && (rate.upper.unwrap() - 82.849).abs() < 1e-2, "{rate:?}");
    }

    /// Published: Down's syndrome among first births by age of mother, Michigan 1950-64 (Fleiss 1981, page 249), adjusted to
    /// the mean of five birth orders: 92.3 per 100,000 (Fay and Feuer 1997, table 1), variance 0.003919 × 10⁻⁶.
    #[test]
    fn first_births_as_fay_and_feuer_publish_them() {
        let strata: Vec<Stratum> = [
            (107, 230_061.0, 63_986.6),
            (141, 329_449.0, 186_263.6),
            (60, 114_920.0, 157_302.2),
            (40, 39_487.0, 97_647.0),
            (39, 14_208.0, 47_572.6),
            (25, 3_052.0, 12_262.6),
        ]
        .map(|(events, population, standard)| Stratum { events: Events::Independent(events), population, standard })
        .to_vec();
        let rate = standardised_rate(&strata, 100_000.0).unwrap();
        assert!((rate.value - 92.305).abs() < 5e-4, "{rate:?}");
        // Of so many events Dobson's limits are within a hundredth of a normal interval's width.
        let width = (rate.upper.unwrap() - rate.lower.unwrap()) / 100_000.0;
        assert!((width / (2.0 * Z95) - 0.003_919e-6_f64.sqrt()).abs() < 1e-6, "{width}");
    }

    #[test]
    fn events_of_few_children_widen_the_limits() {
        // 40 events: of 40 children, or of 10 with 4 each: the same rate, limits twice as wide (√(160 ÷ 40)).
        let spread = repeatable_rate(&[40], 1.0, 1.0).unwrap();
        let close = repeatable_rate(&[0, 0, 0, 10], 1.0, 1.0).unwrap();
        assert!((spread.value - close.value).abs() < 1e-12);
        let width = |rate: Estimate| rate.upper.unwrap() - rate.lower.unwrap();
        assert!((width(close) - 2.0 * width(spread)).abs() < 1e-9);
        assert_eq!(repeatable_rate(&[9], 1.0, 1.0), None);
    }
}
