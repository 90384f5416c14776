//! One system per set of counts that rows tie together, and for each count asked for: which small numbers it can be.

use std::collections::{BTreeMap, BTreeSet};

use super::integer;
use super::repair::repaired;
use super::rows::{Counts, Rule};
use super::search::{Answer, FAR, Row, System};

/// Steps of search for one table; beyond them the integer programme is asked.
const STEPS: usize = 1_000;

/// Values left undecided in one component before the others are not looked for either.
const MOST_GIVEN_UP: usize = 12;

/// Which of the numbers from 1 to one below the smallest shown a count can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Possible {
    /// Each of them.
    All,
    /// Some, and not others.
    Some,
    /// None of them.
    None,
    /// It is zero, as what is shown says: zeros are no secret.
    Zero,
    /// Not decided.
    NotKnown,
    /// No table agrees with what is shown.
    Contradiction,
}

/// For each count asked for, with the smallest number shown of it. Counts that are known exactly are answered too.
pub(super) fn possible(counts: &Counts<'_>, rules: &[Rule], asked: &[(usize, u32)]) -> BTreeMap<usize, Possible> {
    let smallest: BTreeMap<usize, u32> = asked.iter().copied().collect();
    let mut answers = BTreeMap::new();
    for component in components(counts, rules, &smallest) {
        answers.extend(component.answers(counts, rules, &smallest));
    }
    answers
}

/// Counts that rows tie together, and the rows.
struct Component {
    counts: Vec<usize>,
    rules: Vec<usize>,
}

/// Only components in which something is asked.
fn components(counts: &Counts<'_>, rules: &[Rule], asked: &BTreeMap<usize, u32>) -> Vec<Component> {
    let mut leader: Vec<usize> = (0..counts.known.len()).collect();
    let is_open = |at: usize| counts.get(at).is_open();
    for rule in rules {
        let mut open = rule.row.terms.iter().map(|(at, _)| *at).filter(|at| is_open(*at));
        if let Some(first) = open.next() {
            for other in open {
                let (first, other) = (lead(&mut leader, first), lead(&mut leader, other));
                if let Some(leader) = leader.get_mut(first.max(other)) {
                    *leader = first.min(other);
                }
            }
        }
    }
    let wanted: BTreeSet<usize> = asked.keys().map(|at| lead(&mut leader, *at)).collect();
    let mut components: BTreeMap<usize, Component> =
        wanted.iter().map(|at| (*at, Component { counts: Vec::new(), rules: Vec::new() })).collect();
    for at in 0..counts.known.len() {
        if (is_open(at) || asked.contains_key(&at))
            && let Some(component) = components.get_mut(&lead(&mut leader, at))
        {
            component.counts.push(at);
        }
    }
    for (number, rule) in rules.iter().enumerate() {
        if let Some((first, _)) = rule.row.terms.iter().find(|(at, _)| is_open(*at))
            && let Some(component) = components.get_mut(&lead(&mut leader, *first))
        {
            component.rules.push(number);
        }
    }
    components.into_values().collect()
}

fn lead(leader: &mut [usize], mut at: usize) -> usize {
    while let Some(&next) = leader.get(at) {
        if next == at {
            break;
        }
        if let Some(further) = leader.get(next).copied()
            && let Some(own) = leader.get_mut(at)
        {
            *own = further;
        }
        at = next;
    }
    at
}

impl Component {
    fn answers(&self, counts: &Counts<'_>, rules: &[Rule], smallest: &BTreeMap<usize, u32>) -> Vec<(usize, Possible)> {
        // First as a reader would who takes everything for granted; then without what nothing shown speaks for.
        let attempts = [(true, true), (false, true), (false, false)];
        for (zeros_shown, assume) in attempts {
            let mut system = self.system(counts, rules, zeros_shown, assume);
            if !system.narrow() {
                continue;
            }
            match found(&system, None, &|at| middle(system.bounds.get(at).copied().unwrap_or_default())) {
                Answer::Table(table) => return self.ask(&system, table, smallest),
                Answer::Impossible => {}
                Answer::NotKnown => return self.all(smallest, Possible::NotKnown),
            }
        }
        self.all(smallest, Possible::Contradiction)
    }

    fn all(&self, smallest: &BTreeMap<usize, u32>, answer: Possible) -> Vec<(usize, Possible)> {
        self.counts.iter().filter(|at| smallest.contains_key(at)).map(|at| (*at, answer)).collect()
    }

    /// The component's own system: what is known exactly moves to the ends of rows.
    fn system(&self, counts: &Counts<'_>, rules: &[Rule], zeros_shown: bool, assume: bool) -> System {
        let mut system = System::default();
        let mut own = BTreeMap::new();
        for &at in &self.counts {
            let known = counts.get(at);
            let low = if zeros_shown || known.shown { known.low } else { 0 };
            own.insert(at, system.unknown(low, known.high));
        }
        for rule in self.rules.iter().filter_map(|number| rules.get(*number)) {
            if rule.assumed && !assume {
                continue;
            }
            let mut terms = Vec::new();
            let mut fixed = 0;
            for &(at, by) in &rule.row.terms {
                match own.get(&at) {
                    Some(own) => terms.push((*own, by)),
                    None => fixed += by * counts.get(at).low,
                }
            }
            system.row(Row { terms, low: rule.row.low - fixed, high: rule.row.high - fixed });
        }
        system
    }

    /// Every small number of every count asked for, each table answering for all counts at once.
    fn ask(&self, system: &System, first: Vec<i64>, smallest: &BTreeMap<usize, u32>) -> Vec<(usize, Possible)> {
        let asked: Vec<(usize, usize, u32)> = self
            .counts
            .iter()
            .enumerate()
            .filter_map(|(own, at)| smallest.get(at).map(|smallest| (own, *at, *smallest)))
            .collect();
        let mut seen: Vec<u64> = vec![0; self.counts.len()];
        let note = |table: &[i64], seen: &mut Vec<u64>| {
            for (seen, value) in seen.iter_mut().zip(table) {
                if (1..64).contains(value) {
                    *seen |= 1 << value;
                }
            }
        };
        note(&first, &mut seen);
        let base = first;
        let mut answers = Vec::new();
        let mut given_up = 0;
        for &(own, at, smallest) in &asked {
            let (mut can, mut cannot, mut unknown) = (0, 0, 0);
            if system.bounds.get(own) == Some(&(0, 0)) {
                answers.push((at, Possible::Zero));
                continue;
            }
            for value in 1..i64::from(smallest) {
                if is_seen(&seen, own, value) {
                    can += 1;
                    continue;
                }
                let wish = |other: usize| {
                    let unseen = (1..i64::from(smallest)).find(|value| !is_seen(&seen, other, *value));
                    let small = asked.binary_search_by_key(&other, |asked| asked.0).is_ok();
                    unseen.filter(|_| small).or(base.get(other).copied()).unwrap_or(0)
                };
                let kept = |other: usize| base.get(other).copied().unwrap_or(0);
                let bounds = system.bounds.get(own).copied().unwrap_or_default();
                let answer = if given_up >= MOST_GIVEN_UP {
                    Answer::NotKnown
                } else if !(bounds.0..=bounds.1).contains(&value) {
                    Answer::Impossible
                } else if let Some(table) = repaired(system, &base, own, value) {
                    Answer::Table(table)
                } else {
                    match system.table(Some((own, value)), &wish, STEPS / 8) {
                        Answer::NotKnown => found(system, Some((own, value)), &kept),
                        answer => answer,
                    }
                };
                match answer {
                    Answer::Table(table) => {
                        can += 1;
                        note(&table, &mut seen);
                    }
                    Answer::Impossible => cannot += 1,
                    Answer::NotKnown => {
                        unknown += 1;
                        given_up += 1;
                    }
                }
            }
            let answer = match (can, cannot, unknown) {
                (_, 0, 0) => Possible::All,
                (0, _, 0) => Possible::None,
                (_, _, 0) => Possible::Some,
                _ => Possible::NotKnown,
            };
            answers.push((at, answer));
        }
        answers
    }
}

fn is_seen(seen: &[u64], own: usize, value: i64) -> bool {
    seen.get(own).is_some_and(|seen| (1..64).contains(&value) && seen & (1 << value) != 0)
}

/// By search, else by integer programme.
fn found(system: &System, fixed: Option<(usize, i64)>, wish: &dyn Fn(usize) -> i64) -> Answer {
    match system.table(fixed, wish, STEPS) {
        Answer::NotKnown => integer::table(system, fixed),
        answer => answer,
    }
}

/// A value to begin with that leaves room on both sides.
fn middle((low, high): (i64, i64)) -> i64 {
    if high >= FAR { low + 10 } else { low + (high - low) / 2 }
}
