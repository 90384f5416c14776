//! The difference between two changes, its interval, and the smallest effect that this many children could have shown.

#![allow(clippy::indexing_slicing, reason = "positions come from the same records")]

use std::collections::BTreeSet;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::matching::{Balance, Case, Control, Matched};
use super::windows::{ChildRecord, Day, Outcome, WINDOW_DAYS};

/// Standard errors that a true effect must measure to be found 4 times in 5 by a two-sided test at 5 %: 1.960 + 0.842.
const DETECTABLE_ERRORS: f64 = 2.801_585;

/// How effects are bounded and judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Draws of children.
    pub draws: u32,
    /// Makes the draws the same each time.
    pub seed: u64,
    /// Fewer children who started, or children compared with, than this: cannot tell.
    pub fewest_children: usize,
    /// A change of this share of the level before is worth having: had it been there and could not have been seen, it
    /// cannot be told.
    pub share_worth_having: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { draws: 1_000, seed: 20_261_031, fewest_children: 20, share_worth_having: 0.5 }
    }
}

/// Means per child and 90 days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Means {
    /// 180 to 91 days before: with `before`, the trend that each group came with.
    pub earlier: f64,
    /// The 90 days before.
    pub before: f64,
    /// The 90 days from the start on.
    pub after: f64,
}

/// The effect of one service on one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Children who started and were matched.
    pub matched: usize,
    /// Children who started and had nobody to be matched with.
    pub unmatched: usize,
    /// Children who started and could not be followed for 90 days before and after.
    pub not_followed: usize,
    /// Distinct children they are compared with.
    pub compared: usize,
    /// Means of the matched children who started.
    pub started: Means,
    /// Means of those they are compared with.
    pub waiting: Means,
    /// (after − before) of those who started, less the same of those compared; fewer is better. None with nobody matched.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
    /// The smallest effect this many children would have shown 4 times in 5.
    pub smallest_detectable: Option<f64>,
    /// Likeness of the groups in the outcome before.
    pub balance_before: Option<Balance>,
    /// Likeness in missing spells before.
    pub balance_spells: Option<Balance>,
}

/// The difference in differences over matched children, with the percentile interval of a bootstrap of children.
///
/// Each draw takes as many children as there are, with replacement, cases and comparison children alike, and forms every
/// case's comparison anew. Per child and 90 days; comparison children count on the days they are followed. Source: risk-set
/// matching, Li, Propert and Rosenbaum 2001; an ordinary bootstrap does not hold for a fixed number of nearest neighbours
/// (Abadie and Imbens 2008), so whole strata are used and formed again in each draw.
pub fn effect(records: &[ChildRecord], matched: &Matched, outcome: Outcome, settings: &Settings) -> Effect {
    let once = vec![1_u32; records.len()];
    let sets = matched.cases.iter().filter_map(|case| Set::of(records, case, outcome));
    let (sets, waiting): (Vec<Set>, Vec<Means>) =
        sets.filter_map(|set| set.of_others(&once).map(|means| (set, means))).unzip();
    let compared: BTreeSet<usize> = sets.iter().flat_map(|set| set.others.iter().map(|other| other.record)).collect();
    let started: Vec<Means> = sets.iter().map(|set| set.own).collect();
    let spells = sets.iter().map(|set| (set.own_spells, set.spells_of_others())).collect::<Vec<_>>();
    let before = started.iter().zip(&waiting).map(|(own, others)| (own.before, others.before)).collect::<Vec<_>>();
    let mut effect = Effect {
        matched: sets.len(),
        unmatched: matched.cases.len() - sets.len(),
        not_followed: matched.not_followed,
        compared: compared.len(),
        started: mean_of(&started),
        waiting: mean_of(&waiting),
        estimate: weighted(&sets, &once),
        lower: None,
        upper: None,
        smallest_detectable: None,
        balance_before: balance(&before),
        balance_spells: balance(&spells),
    };
    let mut drawn = draws(&sets, compared, records.len(), settings);
    if sets.len() < 2 || drawn.len() < 2 {
        return effect;
    }
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| drawn[((drawn.len() - 1) as f64 * share).round() as usize];
    effect.lower = Some(at(0.025));
    effect.upper = Some(at(0.975));
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    let variance = drawn.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (drawn.len() - 1) as f64;
    effect.smallest_detectable = Some(DETECTABLE_ERRORS * variance.sqrt());
    effect
}

/// The 90 days after are compared in stretches, so that a child followed for ten days is compared on those ten alone: the
/// days after a worst month are unlike those that follow.
const STRETCHES: usize = 9;
const STRETCH_DAYS: Day = WINDOW_DAYS / STRETCHES as Day;

/// One case with what happened to it and to those it is compared with.
struct Set {
    record: usize,
    own: Means,
    own_spells: f64,
    others: Vec<Other>,
}

struct Other {
    record: usize,
    earlier: f64,
    before: f64,
    spells: f64,
    /// For each stretch after: what happened, and the days followed.
    after: [(f64, f64); STRETCHES],
}

impl Set {
    /// None where there was nobody to match.
    fn of(records: &[ChildRecord], case: &Case, outcome: Outcome) -> Option<Self> {
        let own = &records[case.record];
        let total = |from: Day| own.total(outcome, case.on + from, case.on + from + WINDOW_DAYS) as f64;
        let others: Vec<Other> =
            case.controls.iter().map(|control| Other::of(&records[control.record], control, outcome)).collect();
        (!others.is_empty()).then(|| Self {
            record: case.record,
            own: Means { earlier: total(-2 * WINDOW_DAYS), before: total(-WINDOW_DAYS), after: total(0) },
            own_spells: own.spells_before(case.on) as f64,
            others,
        })
    }

    /// Means of those compared, each weighing as often as `times` says; none where no stretch-long comparison is left.
    fn of_others(&self, times: &[u32]) -> Option<Means> {
        let (mut count, mut earlier, mut before) = (0.0, 0.0, 0.0);
        let mut after = [(0.0, 0.0); STRETCHES];
        for other in self.others.iter().filter(|other| times[other.record] > 0) {
            let weight = f64::from(times[other.record]);
            count += weight;
            earlier += weight * other.earlier;
            before += weight * other.before;
            for (sum, own) in after.iter_mut().zip(&other.after) {
                sum.0 += weight * own.0;
                sum.1 += weight * own.1;
            }
        }
        let compared = count > 0.0 && after.iter().all(|(_, days)| *days > 0.0);
        compared.then(|| Means {
            earlier: earlier / count,
            before: before / count,
            after: after.iter().map(|(total, days)| total / days * f64::from(STRETCH_DAYS)).sum(),
        })
    }
}

impl Set {
    fn spells_of_others(&self) -> f64 {
        self.others.iter().map(|other| other.spells).sum::<f64>() / self.others.len() as f64
    }
}

impl Other {
    fn of(record: &ChildRecord, control: &Control, outcome: Outcome) -> Self {
        let total = |from: Day, until: Day| record.total(outcome, control.on + from, control.on + until) as f64;
        let mut after = [(0.0, 0.0); STRETCHES];
        for (at, stretch) in (0..).zip(&mut after) {
            let from = at * STRETCH_DAYS;
            let until = (from + STRETCH_DAYS).min(control.followed_days);
            if until > from {
                *stretch = (total(from, until), f64::from(until - from));
            }
        }
        Self {
            record: control.record,
            earlier: total(-2 * WINDOW_DAYS, -WINDOW_DAYS),
            before: total(-WINDOW_DAYS, 0),
            spells: record.spells_before(control.on) as f64,
            after,
        }
    }
}

/// The mean over cases of own change less the change of those compared, children weighing as often as drawn.
fn weighted(sets: &[Set], times: &[u32]) -> Option<f64> {
    let (mut sum, mut cases) = (0.0, 0.0);
    for set in sets.iter().filter(|set| times[set.record] > 0) {
        if let Some(others) = set.of_others(times) {
            let times = f64::from(times[set.record]);
            sum += times * ((set.own.after - set.own.before) - (others.after - others.before));
            cases += times;
        }
    }
    (cases > 0.0).then(|| sum / cases)
}

/// The estimate in each draw of children that leaves a case matched.
fn draws(sets: &[Set], mut children: BTreeSet<usize>, records: usize, settings: &Settings) -> Vec<f64> {
    children.extend(sets.iter().map(|set| set.record));
    let children: Vec<usize> = children.into_iter().collect();
    if children.is_empty() {
        return Vec::new();
    }
    let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
    (0..settings.draws)
        .filter_map(|_| {
            let mut times = vec![0_u32; records];
            for _ in 0..children.len() {
                times[children[random.random_range(0..children.len())]] += 1;
            }
            weighted(sets, &times)
        })
        .collect()
}

fn mean_of(all: &[Means]) -> Means {
    let count = all.len().max(1) as f64;
    let mean = |of: fn(&Means) -> f64| all.iter().map(of).sum::<f64>() / count;
    Means { earlier: mean(|one| one.earlier), before: mean(|one| one.before), after: mean(|one| one.after) }
}

/// From (own, mean of those compared) by case.
fn balance(pairs: &[(f64, f64)]) -> Option<Balance> {
    let count = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (started, compared) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let variance = pairs.iter().map(|pair| (pair.0 - started).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let standardised = (variance > 0.0).then(|| (started - compared) / variance.sqrt());
    (!pairs.is_empty()).then_some(Balance { started, compared, standardised })
}
