//! The effect of support as a release shows it: one comparison a service and outcome, in plain data.

use serde::{Deserialize, Serialize};

use super::figures_csv::rounded;
use crate::disclosure::{Policy, protect_counts};
use crate::impact::{Effect, Means, Verdict};

/// What one service did to one outcome, against matched children who still waited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupportEffect {
    /// The service's code.
    pub service: String,
    /// `missing_nights` or `harm_days`, per child and 90 days; fewer is better.
    pub outcome: String,
    /// What the comparison says.
    pub verdict: SupportVerdict,
    /// Children who started and were matched; none where withheld.
    pub matched: Option<u64>,
    /// Children who started and had nobody to be matched with; none where withheld.
    pub unmatched: Option<u64>,
    /// Children who started too near an end of the data to be followed; none where withheld.
    pub not_followed: Option<u64>,
    /// Distinct children compared with; none where withheld.
    pub compared: Option<u64>,
    /// The figures; none where there are too few children to show or to tell.
    pub comparison: Option<SupportComparison>,
}

/// The figures of a comparison, per child and 90 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupportComparison {
    /// Of those who started: 180 to 91 days before, the 90 days before, the 90 days from the start on.
    pub started: [f64; 3],
    /// The same of those compared.
    pub waiting: [f64; 3],
    /// The difference between the two changes.
    pub estimate: f64,
    /// Its 95 % interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// The smallest effect this many children would have shown 4 times in 5.
    pub smallest_detectable: f64,
    /// Difference in the outcome before, in standard deviations; none where there is no spread.
    pub balance_before: Option<f64>,
    /// Difference in missing spells before, in standard deviations.
    pub balance_spells: Option<f64>,
}

/// One word for an effect; "cannot tell" is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupportVerdict {
    /// Fewer than among those still waiting, with the whole interval.
    Helps,
    /// An effect worth having would have been seen, and was not.
    NoClearEffect,
    /// More than among those still waiting, with the whole interval.
    Worse,
    /// Too few children, or an effect worth having could have been missed.
    CannotTell,
}

impl SupportEffect {
    /// From the exact comparison.
    pub fn new(service: &str, outcome: &str, effect: &Effect, verdict: Verdict) -> Self {
        let count = |children: usize| Some(children as u64);
        Self {
            service: service.to_owned(),
            outcome: outcome.to_owned(),
            verdict: match verdict {
                Verdict::Helps => SupportVerdict::Helps,
                Verdict::NoClearEffect => SupportVerdict::NoClearEffect,
                Verdict::Worse => SupportVerdict::Worse,
                Verdict::CannotTell => SupportVerdict::CannotTell,
            },
            matched: count(effect.matched),
            unmatched: count(effect.unmatched),
            not_followed: count(effect.not_followed),
            compared: count(effect.compared),
            comparison: comparison(effect),
        }
    }
}

fn comparison(effect: &Effect) -> Option<SupportComparison> {
    let three = |means: &Means| [means.earlier, means.before, means.after].map(rounded);
    Some(SupportComparison {
        started: three(&effect.started),
        waiting: three(&effect.waiting),
        estimate: rounded(effect.estimate?),
        lower: rounded(effect.lower?),
        upper: rounded(effect.upper?),
        smallest_detectable: rounded(effect.smallest_detectable?),
        balance_before: effect.balance_before.and_then(|balance| balance.standardised).map(rounded),
        balance_spells: effect.balance_spells.and_then(|balance| balance.standardised).map(rounded),
    })
}

/// Means per child are kept to hundredths on the board edition: more would tell counts.
const SCALE: f64 = 100.0;

/// Small counts withheld, means to two decimals, and no figures where fewer children than may be shown stand behind either
/// side: then the verdict is that it cannot be told.
pub(super) fn protect_support(policy: Policy, effects: Vec<SupportEffect>) -> Vec<SupportEffect> {
    effects.into_iter().map(|effect| protect_one(policy, effect)).collect()
}

fn protect_one(policy: Policy, effect: SupportEffect) -> SupportEffect {
    let counts = [effect.matched, effect.unmatched, effect.not_followed];
    let mut shown = protect_counts(policy, &counts.map(|count| count.unwrap_or(0))).into_iter();
    let mut next = |count: Option<u64>| count.and(shown.next().flatten());
    let (matched, unmatched, not_followed) = (next(counts[0]), next(counts[1]), next(counts[2]));
    let compared = effect.compared.and_then(|count| protect_counts(policy, &[count]).into_iter().next().flatten());
    let few = |count: Option<u64>| count.is_none_or(|count| count < u64::from(policy.smallest_shown()));
    let enough = !few(effect.matched) && !few(effect.compared);
    let comparison = effect.comparison.as_ref().filter(|_| enough).map(coarse);
    let verdict = if comparison.is_some() { effect.verdict } else { SupportVerdict::CannotTell };
    SupportEffect { verdict, matched, unmatched, not_followed, compared, comparison, ..effect }
}

fn coarse(exact: &SupportComparison) -> SupportComparison {
    let round = |number: f64| (number * SCALE).round() / SCALE;
    SupportComparison {
        started: exact.started.map(round),
        waiting: exact.waiting.map(round),
        estimate: round(exact.estimate),
        lower: round(exact.lower),
        upper: round(exact.upper),
        smallest_detectable: round(exact.smallest_detectable),
        balance_before: exact.balance_before.map(round),
        balance_spells: exact.balance_spells.map(round),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(matched: u64, compared: u64) -> SupportEffect {
        SupportEffect {
            service: "youth_work".into(),
            outcome: "missing_nights".into(),
            verdict: SupportVerdict::Helps,
            matched: Some(matched),
            unmatched: Some(2),
            not_followed: Some(40),
            compared: Some(compared),
            comparison: Some(SupportComparison {
                started: [1.04, 2.5, 1.0],
                waiting: [1.0, 2.4, 2.2],
                estimate: -1.32,
                lower: -2.0,
                upper: -0.6,
                smallest_detectable: 1.0,
                balance_before: Some(0.04),
                balance_spells: None,
            }),
        }
    }

    #[test]
    fn few_children_on_either_side_tell_nothing() {
        for (matched, compared) in [(5, 60), (60, 5)] {
            let shown = protect_support(Policy::Dfe, vec![effect(matched, compared)]);
            assert_eq!(shown[0].comparison, None);
            assert_eq!(shown[0].verdict, SupportVerdict::CannotTell);
        }
        let shown = protect_support(Policy::Dfe, vec![effect(60, 90)]);
        assert_eq!(
            (shown[0].matched, shown[0].unmatched),
            (Some(60), None),
            "two unmatched are withheld, with one more"
        );
        assert!((shown[0].comparison.as_ref().unwrap().estimate + 1.32).abs() < 1e-9);
    }
}
