//! The difference between two changes, its interval, and the smallest effect that this many children could have shown.

#![allow(clippy::indexing_slicing, reason = "positions come from the same records")]

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::draws::{self, Compared};
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

impl Means {
    fn change(&self) -> f64 {
        self.after - self.before
    }
}

/// The effect of one service on one outcome.
#[derive(Clone, Debug, Default, PartialEq)]
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
    effects(records, matched, &[outcome], settings).pop().unwrap_or_default()
}

/// The effect on each of several outcomes, over the same draws: what [`effect`] gives for each, sooner.
pub fn effects(records: &[ChildRecord], matched: &Matched, outcomes: &[Outcome], settings: &Settings) -> Vec<Effect> {
    // Who is compared with whom does not depend on the outcome, so the sets of every outcome are the same children.
    let of_outcomes: Vec<Vec<Set>> = outcomes.iter().map(|outcome| sets(records, matched, *outcome)).collect();
    let drawn = draws::draws(&laid_out(&of_outcomes), outcomes.len(), settings);
    of_outcomes.iter().zip(drawn).map(|(sets, drawn)| effect_of(sets, drawn, matched)).collect()
}

/// Every case that has somebody to be compared with, in order.
fn sets(records: &[ChildRecord], matched: &Matched, outcome: Outcome) -> Vec<Set> {
    let sets = matched.cases.par_iter().filter_map(|case| Set::of(records, case, outcome));
    sets.filter(|set| set.of_others().is_some()).collect()
}

fn effect_of(sets: &[Set], mut drawn: Vec<f64>, matched: &Matched) -> Effect {
    let waiting: Vec<Means> = sets.iter().filter_map(Set::of_others).collect();
    let compared: BTreeSet<usize> = sets.iter().flat_map(|set| set.others.iter().map(|other| other.record)).collect();
    let started: Vec<Means> = sets.iter().map(|set| set.own).collect();
    let spells = sets.iter().map(|set| (set.own_spells, set.spells_of_others())).collect::<Vec<_>>();
    let before = started.iter().zip(&waiting).map(|(own, others)| (own.before, others.before)).collect::<Vec<_>>();
    let changes = started.iter().zip(&waiting).map(|(own, others)| own.change() - others.change());
    let mut effect = Effect {
        matched: sets.len(),
        unmatched: matched.cases.len() - sets.len(),
        not_followed: matched.not_followed,
        compared: compared.len(),
        started: mean_of(&started),
        waiting: mean_of(&waiting),
        estimate: (!sets.is_empty()).then(|| changes.sum::<f64>() / sets.len() as f64),
        lower: None,
        upper: None,
        smallest_detectable: None,
        balance_before: balance(&before),
        balance_spells: balance(&spells),
    };
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

/// The same cases of every outcome as one list, for drawing.
fn laid_out(of_outcomes: &[Vec<Set>]) -> Vec<Compared> {
    let cases = of_outcomes.first().map_or(0, Vec::len);
    (0..cases)
        .map(|case| {
            let sets: Vec<&Set> = of_outcomes.iter().filter_map(|sets| sets.get(case)).collect();
            let others = sets.first().map_or(0, |set| set.others.len());
            let of_other = |at: usize| {
                let same: Vec<&Other> = sets.iter().filter_map(|set| set.others.get(at)).collect();
                draws::Other {
                    record: same[0].record,
                    followed_days: same[0].followed_days,
                    before: same.iter().map(|other| other.before as u32).collect(),
                    after: same.iter().map(|other| other.after.map(|(total, _)| total as u32)).collect(),
                }
            };
            Compared {
                record: sets[0].record,
                changes: sets.iter().map(|set| set.own.change()).collect(),
                others: (0..others).map(of_other).collect(),
            }
        })
        .collect()
}

/// The 90 days after are compared in stretches, so that a child followed for ten days is compared on those ten alone: the
/// days after a worst month are unlike those that follow.
pub(super) const STRETCHES: usize = 9;
pub(super) const STRETCH_DAYS: Day = WINDOW_DAYS / STRETCHES as Day;

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
    followed_days: Day,
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

    /// Means of those compared; none where no stretch-long comparison is left.
    fn of_others(&self) -> Option<Means> {
        let (mut earlier, mut before) = (0.0, 0.0);
        let mut after = [(0.0, 0.0); STRETCHES];
        for other in &self.others {
            earlier += other.earlier;
            before += other.before;
            for (sum, own) in after.iter_mut().zip(&other.after) {
                sum.0 += own.0;
                sum.1 += own.1;
            }
        }
        let count = self.others.len() as f64;
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
            followed_days: control.followed_days,
            after,
        }
    }
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
