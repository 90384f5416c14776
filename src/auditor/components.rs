//! One system per set of counts that rows tie together, and for each count asked for: which small numbers it can be.

use std::collections::{BTreeMap, BTreeSet};

use super::between::Between;
use super::memory::Memory;
use super::programme::{Answer, Programme, with_part};
use super::rows::{Counts, Rule};
use super::system::{Row, System};
use crate::domain::Dimension;

/// Which of the numbers from 1 to one below the smallest shown a count can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Possible {
    /// Each of them.
    All,
    /// Some, and not others: those whose bit is set.
    Some(u64),
    /// None of them.
    None,
    /// It is zero, as what is shown says: zeros are no secret.
    Zero,
    /// Not decided.
    NotKnown,
    /// No table agrees with what is shown.
    Contradiction,
}

/// What is asked: which small numbers a count can be, or what lies between it and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    Count(usize),
    Between(Between),
}

impl Asked {
    fn count(self) -> usize {
        match self {
            Self::Count(count) => count,
            Self::Between(between) => between.count,
        }
    }
}

/// For each count asked for, with the smallest number shown of it. Counts that are known exactly are answered too.
pub(super) fn possible(
    counts: &Counts<'_>,
    rules: &[Rule],
    asked: &[(Asked, u32)],
    memory: &mut Memory,
) -> BTreeMap<Asked, Possible> {
    let smallest: BTreeMap<Asked, u32> = asked.iter().copied().collect();
    let components = components(counts, rules, &smallest.keys().map(|asked| asked.count()).collect());
    let mut answers = BTreeMap::new();
    for component in &components {
        let remembered = memory.tables(component, counts);
        let mut seen = Seen::of(component.counts.len());
        answers.extend(component.answers(counts, rules, &smallest, &remembered, &mut seen));
        memory.keep(component, counts, &seen.tables);
    }
    memory.keep_known(counts, &components.iter().flat_map(|component| component.counts.iter().copied()).collect());
    answers
}

/// Counts that rows tie together, and the rows.
pub(super) struct Component {
    pub(super) counts: Vec<usize>,
    pub(super) rules: Vec<usize>,
}

/// Only components in which something is asked.
pub(super) fn components(counts: &Counts<'_>, rules: &[Rule], asked: &BTreeSet<usize>) -> Vec<Component> {
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
    let wanted: BTreeSet<usize> = asked.iter().map(|at| lead(&mut leader, *at)).collect();
    let mut components: BTreeMap<usize, Component> =
        wanted.iter().map(|at| (*at, Component { counts: Vec::new(), rules: Vec::new() })).collect();
    for at in 0..counts.known.len() {
        if (is_open(at) || asked.contains(&at))
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
    fn answers(
        &self,
        counts: &Counts<'_>,
        rules: &[Rule],
        smallest: &BTreeMap<Asked, u32>,
        remembered: &[Vec<i64>],
        seen: &mut Seen,
    ) -> Vec<(Asked, Possible)> {
        for system in self.systems(counts, rules) {
            for table in remembered.iter().filter(|table| system.holds(table)) {
                seen.note(table);
            }
            let mut programme = Programme::about(&system, self.hubs(&system, counts));
            if seen.tables.is_empty() {
                match programme.table() {
                    Answer::Impossible => continue,
                    Answer::NotKnown => return self.all(smallest, Possible::NotKnown),
                    Answer::Table(table) => seen.note(&table),
                }
            }
            return self.ask(&mut programme, smallest, seen);
        }
        self.all(smallest, Possible::Contradiction)
    }

    /// The systems a reader would try in turn: first, taking everything for granted; then without what nothing shown speaks
    /// for.
    fn systems(&self, counts: &Counts<'_>, rules: &[Rule]) -> impl Iterator<Item = System> {
        let ways = [(true, true), (false, true), (false, false)].into_iter();
        ways.filter_map(|(zeros_shown, assume)| {
            let mut system = self.system(counts, rules, zeros_shown, assume);
            system.narrow().then_some(system)
        })
    }

    fn all(&self, smallest: &BTreeMap<Asked, u32>, answer: Possible) -> Vec<(Asked, Possible)> {
        self.asked(smallest).map(|(_, asked, _)| (asked, answer)).collect()
    }

    /// What is asked of this component: of which of its own counts, what, and the smallest number shown.
    fn asked(&self, smallest: &BTreeMap<Asked, u32>) -> impl Iterator<Item = (usize, Asked, u32)> {
        let own: BTreeMap<usize, usize> = self.counts.iter().enumerate().map(|(own, at)| (*at, own)).collect();
        smallest.iter().filter_map(move |(asked, smallest)| Some((*own.get(&asked.count())?, *asked, *smallest)))
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

    /// Of each count, whether it ties parts together: it is of the whole and levels add up to it, or it is shown.
    fn hubs(&self, system: &System, counts: &Counts<'_>) -> Vec<bool> {
        let is_of_whole = |own: usize| {
            let key = self.counts.get(own).and_then(|at| counts.key(*at));
            key.is_some_and(|key| key.dimension == Dimension::Total)
        };
        let mut hubs: Vec<bool> = self.counts.iter().map(|at| counts.get(*at).shown).collect();
        for row in system.rows().iter().filter(|row| row.terms.iter().any(|(own, _)| !is_of_whole(*own))) {
            for (own, _) in row.terms.iter().filter(|(own, _)| is_of_whole(*own)) {
                if let Some(is_hub) = hubs.get_mut(*own) {
                    *is_hub = true;
                }
            }
        }
        hubs
    }

    /// Every small number of every count asked for. Each table answers for all counts at once; about each, more are looked
    /// for in the parts that the system falls into, which takes little, before the whole programme is asked again.
    fn ask(
        &self,
        programme: &mut Programme<'_>,
        smallest: &BTreeMap<Asked, u32>,
        seen: &mut Seen,
    ) -> Vec<(Asked, Possible)> {
        let questions: Vec<(usize, Asked, u32)> = self.asked(smallest).collect();
        let is_count = |question: &&(usize, Asked, u32)| matches!(question.1, Asked::Count(_));
        let of_counts: BTreeMap<usize, u32> =
            questions.iter().filter(is_count).map(|(own, _, smallest)| (*own, *smallest)).collect();
        if let Some(first) = seen.tables.first().cloned() {
            ask_about(&first, programme, &of_counts, seen);
        }
        let answer = |(own, asked, smallest): (usize, Asked, u32)| {
            let mut is_undecided = false;
            let can_be = |value: i64| {
                if seen.is_seen(own, value) {
                    return true;
                }
                match programme.table_with(own, value) {
                    Answer::Table(table) => {
                        seen.note(&table);
                        ask_about(&table, programme, &of_counts, seen);
                        return true;
                    }
                    Answer::Impossible => {}
                    Answer::NotKnown => is_undecided = true,
                }
                false
            };
            let possible = match asked {
                Asked::Between(between) => between.possible(smallest, can_be),
                Asked::Count(_) => small_numbers(smallest, can_be),
            };
            let is_zero = matches!(asked, Asked::Count(_)) && programme.bounds(own) == (0, 0);
            let possible = match possible {
                _ if is_zero => Possible::Zero,
                _ if is_undecided => Possible::NotKnown,
                possible => possible,
            };
            (asked, possible)
        };
        questions.into_iter().map(answer).collect()
    }
}

/// Which small numbers can be.
fn small_numbers(smallest: u32, mut can_be: impl FnMut(i64) -> bool) -> Possible {
    let small = 1..i64::from(smallest);
    let can = small.clone().filter(|value| can_be(*value)).fold(0_u64, |can, value| can | 1 << value);
    match can.count_ones() {
        0 if !small.is_empty() => Possible::None,
        can_be if i64::from(can_be) == i64::from(smallest) - 1 => Possible::All,
        _ => Possible::Some(can),
    }
}

/// Looks for small numbers not seen yet, each part of the system by itself, with the hubs as in a table.
fn ask_about(table: &[i64], programme: &Programme<'_>, asked: &BTreeMap<usize, u32>, seen: &mut Seen) {
    for (own, mut part) in programme.parts_about(table, |unknown| asked.contains_key(&unknown)) {
        if !part.narrow() {
            continue;
        }
        let mut of_part = Programme::of(&part);
        for (at, unknown) in own.iter().enumerate() {
            for value in 1..asked.get(unknown).copied().map_or(1, i64::from) {
                if seen.is_seen(*unknown, value) {
                    continue;
                }
                if let Answer::Table(numbers) = of_part.table_with(at, value) {
                    seen.note(&with_part(table.to_vec(), &own, &numbers));
                }
            }
        }
    }
}

/// By count, the numbers below 64 that some table has for it, as bits; and the tables.
struct Seen {
    small: Vec<u64>,
    tables: Vec<Vec<i64>>,
}

impl Seen {
    fn of(counts: usize) -> Self {
        Self { small: vec![0; counts], tables: Vec::new() }
    }

    /// Keeps a table that has something new.
    fn note(&mut self, table: &[i64]) {
        let mut is_new = self.tables.is_empty();
        for (seen, value) in self.small.iter_mut().zip(table) {
            if (1..64).contains(value) {
                is_new |= *seen & (1 << value) == 0;
                *seen |= 1 << value;
            }
        }
        if is_new {
            self.tables.push(table.to_vec());
        }
    }

    fn is_seen(&self, own: usize, value: i64) -> bool {
        let is_small = (1..64).contains(&value);
        let in_table = |table: &Vec<i64>| table.get(own) == Some(&value);
        if is_small {
            self.small.get(own).is_some_and(|seen| seen & (1 << value) != 0)
        } else {
            self.tables.iter().any(in_table)
        }
    }
}
