//! The bootstrap of an effect: children drawn with replacement, every case's comparison formed anew in each draw.
//!
//! Draws are worked out many side by side. What is summed over comparison children are whole numbers, most of them nought,
//! so only the others are kept, and sums are exact whatever their order.

#![allow(clippy::indexing_slicing, reason = "children and slots are numbered below the lengths made from them")]

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::effect::{STRETCH_DAYS, STRETCHES, Settings};
use super::windows::Day;

/// Draws worked out side by side.
const ABREAST: usize = 16;
/// Draws held at once: their number times that of the children is what they take in memory.
const HELD: usize = 16 * ABREAST;

/// One number for each of the draws side by side.
type Abreast = [f64; ABREAST];
const NOUGHT: Abreast = [0.0; ABREAST];

/// A case and those it is compared with; what changes by outcome is a list of as many as there are outcomes.
pub(super) struct Compared {
    pub(super) record: usize,
    /// The case's own change, by outcome.
    pub(super) changes: Vec<f64>,
    pub(super) others: Vec<Other>,
}

/// A comparison child.
pub(super) struct Other {
    pub(super) record: usize,
    pub(super) followed_days: Day,
    /// What happened before, by outcome.
    pub(super) before: Vec<u32>,
    /// What happened in each stretch after, by outcome.
    pub(super) after: Vec<[u32; STRETCHES]>,
}

/// By outcome: the mean over cases of own change less the change of those compared, children weighing as often as drawn, in
/// each draw of children that leaves a case matched.
pub(super) fn draws(cases: &[Compared], outcomes: usize, settings: &Settings) -> Vec<Vec<f64>> {
    let others = cases.iter().flat_map(|case| case.others.iter().map(|other| other.record));
    let mut children: Vec<usize> = others.chain(cases.iter().map(|case| case.record)).collect();
    children.sort_unstable();
    children.dedup();
    let mut drawn = vec![Vec::with_capacity(settings.draws as usize); outcomes];
    if children.is_empty() {
        return drawn;
    }
    let sparse: Vec<Sparse> = cases.iter().map(|case| Sparse::of(case, &children)).collect();
    let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
    let mut left = settings.draws as usize;
    while left > 0 {
        let now = left.min(HELD);
        left -= now;
        let held: Vec<Times> = (0..now.div_ceil(ABREAST))
            .map(|at| times(&mut random, children.len(), (now - at * ABREAST).min(ABREAST)))
            .collect();
        let estimates: Vec<Vec<Abreast>> =
            held.par_iter().map(|times| estimates(&sparse, outcomes, &times.of_children)).collect();
        for (times, estimates) in held.iter().zip(estimates) {
            for (drawn, estimates) in drawn.iter_mut().zip(estimates) {
                drawn.extend(estimates[..times.draws].iter().filter(|one| one.is_finite()));
            }
        }
    }
    drawn
}

/// How often each child was drawn in each of some draws.
struct Times {
    draws: usize,
    of_children: Vec<Abreast>,
}

/// As many children as there are, with replacement, in each draw.
#[expect(clippy::needless_range_loop, reason = "a draw is a place in every child's numbers, not in the children")]
fn times(random: &mut ChaCha8Rng, children: usize, draws: usize) -> Times {
    let mut of_children = vec![NOUGHT; children];
    for draw in 0..draws {
        for _ in 0..children {
            let child = random.random_range(0..children);
            of_children[child][draw] += 1.0;
        }
    }
    Times { draws, of_children }
}

/// What is summed over comparison children: how many they are; those no longer followed from a stretch on, and the days
/// missing of a stretch cut short; then, by outcome, what happened before and in each stretch after.
const STOPPED: usize = 1;
const CUT_SHORT: usize = STOPPED + STRETCHES;
const OUTCOMES: usize = CUT_SHORT + STRETCHES;
const SLOTS_OF_OUTCOME: usize = 1 + STRETCHES;

/// A case with what is not nought of those it is compared with.
struct Sparse {
    child: usize,
    changes: Vec<f64>,
    /// Each other's child, and the end of its facts.
    others: Vec<(u32, u32)>,
    /// (slot, value).
    facts: Vec<(u32, f64)>,
}

impl Sparse {
    /// `children` are the records drawn from, in order.
    fn of(case: &Compared, children: &[usize]) -> Self {
        let number = |record: usize| children.partition_point(|known| *known < record);
        let mut sparse = Self {
            child: number(case.record),
            changes: case.changes.clone(),
            others: Vec::with_capacity(case.others.len()),
            facts: Vec::new(),
        };
        for other in &case.others {
            let whole = (other.followed_days / STRETCH_DAYS) as usize;
            if whole < STRETCHES {
                let rest = other.followed_days % STRETCH_DAYS;
                let stops = if rest > 0 { whole + 1 } else { whole };
                if rest > 0 {
                    sparse.facts.push(((CUT_SHORT + whole) as u32, f64::from(STRETCH_DAYS - rest)));
                }
                if stops < STRETCHES {
                    sparse.facts.push(((STOPPED + stops) as u32, 1.0));
                }
            }
            for (outcome, (before, after)) in other.before.iter().zip(&other.after).enumerate() {
                let first = OUTCOMES + outcome * SLOTS_OF_OUTCOME;
                let values = (first..).zip(std::iter::once(before).chain(after));
                sparse.facts.extend(
                    values.filter(|(_, value)| **value > 0).map(|(slot, value)| (slot as u32, f64::from(*value))),
                );
            }
            sparse.others.push((number(other.record) as u32, sparse.facts.len() as u32));
        }
        sparse
    }

    /// Everything summed over those compared, children weighing as often as `times` says.
    fn sum_up(&self, times: &[Abreast], sums: &mut [Abreast]) {
        sums.fill(NOUGHT);
        let mut from = 0;
        for &(child, until) in &self.others {
            let weights = &times[child as usize];
            for (sum, weight) in sums[0].iter_mut().zip(weights) {
                *sum += weight;
            }
            for &(slot, value) in &self.facts[from..until as usize] {
                for (sum, weight) in sums[slot as usize].iter_mut().zip(weights) {
                    *sum += weight * value;
                }
            }
            from = until as usize;
        }
    }
}

/// By outcome, the estimate in each draw; not a number where no case is left matched.
fn estimates(cases: &[Sparse], outcomes: usize, times: &[Abreast]) -> Vec<Abreast> {
    let mut sums = vec![NOUGHT; OUTCOMES + outcomes * SLOTS_OF_OUTCOME];
    let mut totals = vec![NOUGHT; outcomes];
    let mut counted = NOUGHT;
    for case in cases {
        case.sum_up(times, &mut sums);
        let days = days_followed(&sums);
        let own = &times[case.child];
        for draw in 0..ABREAST {
            let compared = sums[0][draw] > 0.0 && days.iter().all(|days| days[draw] > 0.0);
            if !compared || own[draw] <= 0.0 {
                continue;
            }
            counted[draw] += own[draw];
            for (outcome, change) in case.changes.iter().enumerate() {
                let slots = &sums[OUTCOMES + outcome * SLOTS_OF_OUTCOME..][..SLOTS_OF_OUTCOME];
                let after: f64 = slots[1..]
                    .iter()
                    .zip(&days)
                    .map(|(total, days)| total[draw] / days[draw] * f64::from(STRETCH_DAYS))
                    .sum();
                totals[outcome][draw] += own[draw] * (change - (after - slots[0][draw] / sums[0][draw]));
            }
        }
    }
    for total in &mut totals {
        for (total, counted) in total.iter_mut().zip(&counted) {
            *total /= counted;
        }
    }
    totals
}

/// Days followed in each stretch, over all those compared.
fn days_followed(sums: &[Abreast]) -> [Abreast; STRETCHES] {
    let mut followed = sums[0];
    let mut days = [NOUGHT; STRETCHES];
    for (stretch, days) in days.iter_mut().enumerate() {
        for draw in 0..ABREAST {
            followed[draw] -= sums[STOPPED + stretch][draw];
            days[draw] = followed[draw] * f64::from(STRETCH_DAYS) - sums[CUT_SHORT + stretch][draw];
        }
    }
    days
}
