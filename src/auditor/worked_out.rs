//! What a reader can work out of each withheld figure, whether that is this release's doing, and which shown figures tell it.

use std::collections::{BTreeMap, BTreeSet};

use super::components::{Possible, components, possible};
use super::counts::{Key, Known, Same, Which, counts_of};
use super::elsewhere::Ties;
use super::memory::Memory;
use super::revisions::Revisions;
use super::rows::{self, Counts, Rule};
use super::tellers::{ShownBy, Straying, Tellers};
use super::zeros::Zeros;
use super::{Facts, Memories, Place, Problem, Reads, is_withheld, place, rules_of};
use crate::domain::{Figure, Period};

/// Systems of more counts take minutes.
const LARGEST_SYSTEM: usize = 4_000;

/// By position of a withheld figure, the small numbers that each of its untold counts can be.
type Left = BTreeMap<usize, Vec<(Which, Possible)>>;

/// What is wrong with withheld figures, by position, and the positions of shown figures without which it would not be.
#[derive(Debug, Default)]
pub(super) struct WorkedOut {
    pub(super) problems: BTreeMap<usize, Problem>,
    pub(super) tellers: BTreeSet<(usize, Problem)>,
    /// How many releases, the oldest, were not read together with the others.
    pub(super) left_out: usize,
}

/// Of all that this release and those before it tell.
pub(super) fn worked_out(
    measures: &[Facts<'_>],
    release: Reads<'_>,
    earlier: &[Reads<'_>],
    memory: &mut Memories,
) -> WorkedOut {
    let figures = release.figures;
    // What shows nothing adds nothing to what earlier releases told, whatever can be made of them.
    if figures.iter().all(is_withheld) {
        return WorkedOut::default();
    }
    let (reading, left_out) = read_together(measures, release, earlier, LARGEST_SYSTEM);
    memory.of_releases(left_out);
    let is_first = left_out == earlier.len();
    let together = reading.left(&|_| true, &mut memory.together);
    let mut problems: BTreeMap<usize, Problem> =
        together.iter().filter_map(|(at, left)| Some((*at, problem_of(left, is_magnitude(figures, *at))?))).collect();
    if !is_first && !problems.is_empty() {
        problems = of_this_release(measures, release, earlier, &problems, &mut memory.alone);
    }
    let wanted: BTreeMap<usize, Wanted> =
        problems.keys().map(|at| (*at, reading.counts_of(&gaps(&reading, &together, *at)))).collect();
    let counts = wanted.values().flat_map(|wanted| wanted.keys().copied()).collect();
    let straying = Straying::of(&reading.counts, &reading.rules, &reading.shown_now, &counts);
    let mut all_tellers = BTreeSet::new();
    let mut stands = |at: &usize, problem: &Problem, earlier_alone: &mut BTreeSet<usize>| {
        match wanted.get(at).map_or(Tellers::NotKnown, |wanted| straying.tellers(wanted)) {
            Tellers::Figures(tellers) => all_tellers.extend(tellers.into_iter().map(|at| (at, *problem))),
            // It would be as narrow if this release showed nothing.
            Tellers::EarlierAlone if !is_first && *problem == Problem::Narrowed => {
                earlier_alone.insert(*at);
                return false;
            }
            Tellers::EarlierAlone | Tellers::NotKnown => {}
        }
        true
    };
    let (mut once_told, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        problems.into_iter().partition(|(at, _)| memory.earlier_alone.contains(at));
    problems = others;
    problems.retain(|at, problem| stands(at, problem, &mut memory.earlier_alone));
    // What earlier releases alone told in an earlier draft is asked again only of a draft that would pass.
    if problems.is_empty() {
        once_told.retain(|at, problem| stands(at, problem, &mut memory.earlier_alone));
        problems = once_told;
    }
    WorkedOut { problems, tellers: all_tellers, left_out }
}

/// This release and those before it, and how many of the oldest are left out since they would make one system too large to
/// be decided. Of what is left out, that it stays withheld is seen to all the same.
fn read_together<'a>(
    measures: &[Facts<'a>],
    release: Reads<'a>,
    earlier: &[Reads<'a>],
    largest: usize,
) -> (Reading<'a>, usize) {
    let mut read = earlier;
    loop {
        let releases: Vec<Reads<'a>> = read.iter().copied().chain([release]).collect();
        let figures: Vec<&[Figure]> = releases.iter().map(|release| release.figures).collect();
        let reading = Reading::of(measures, &releases, &Revisions::between(&figures));
        match read.split_first() {
            Some((_, later)) if reading.largest_system() > largest => read = later,
            _ => return (reading, earlier.len() - read.len()),
        }
    }
}

/// Problems less those that earlier releases made, which nothing withheld now mends.
fn of_this_release(
    measures: &[Facts<'_>],
    release: Reads<'_>,
    earlier: &[Reads<'_>],
    problems: &BTreeMap<usize, Problem>,
    memory: &mut Memory,
) -> BTreeMap<usize, Problem> {
    let figures = release.figures;
    let is_found = |at: usize| problems.contains_key(&at);
    let alone = Reading::of(measures, &[release], &Revisions::default()).left(&is_found, memory);
    let shown_before: BTreeSet<Place<'_>> =
        earlier.iter().flat_map(|release| release.figures).filter(|figure| !is_withheld(figure)).map(place).collect();
    let stands = |(&at, &problem): (&usize, &Problem)| {
        let in_this_one = alone.get(&at).and_then(|left| problem_of(left, is_magnitude(figures, at)));
        match problem {
            // It was revised where nothing shows it: what was shown before tells nothing of what is shown now.
            Problem::Contradiction => Some((at, in_this_one?)),
            // What is known not to be small is no secret any more, and nothing withheld now takes it back.
            Problem::NotSmall => {
                let was_shown = figures.get(at).is_some_and(|figure| shown_before.contains(&place(figure)));
                (in_this_one.is_some() && !was_shown).then_some((at, problem))
            }
            _ => Some((at, problem)),
        }
    };
    problems.iter().filter_map(stands).collect()
}

/// By count, the numbers that it cannot be, and should.
type Wanted = BTreeMap<usize, Vec<i64>>;

/// A number that a count of a withheld figure cannot be, and should.
type Gap = (usize, Which, i64);

/// The gaps of a figure: of a count that can be some small numbers, the others; of one that can be none, the largest.
fn gaps(reading: &Reading<'_>, left: &Left, at: usize) -> Vec<Gap> {
    let smallest = reading.withheld.iter().find(|(own, ..)| *own == at).map_or(1, |(_, smallest, _)| *smallest);
    let of_figure = left.get(&at).into_iter().flatten();
    of_figure
        .flat_map(|(which, possible)| {
            let values: Vec<i64> = match possible {
                Possible::Some(can) => (1..i64::from(smallest)).filter(|value| can & (1 << value) == 0).collect(),
                Possible::None => vec![i64::from(smallest) - 1],
                _ => Vec::new(),
            };
            values.into_iter().map(move |value| (at, *which, value))
        })
        .collect()
}

/// Nights and days: what is counted is no children, and one child may bring most of it.
fn is_magnitude(figures: &[Figure], at: usize) -> bool {
    figures.get(at).is_some_and(|figure| figure.unit.is_per_days())
}

/// What is wrong with a figure of whose counts so much is left.
///
/// Of a magnitude the top itself must be able to be any small number, whatever its days at risk can be: what can be 1 as well
/// as what it is has not been narrowed to within a tenth (SAFEGUARDS).
fn problem_of(left: &[(Which, Possible)], is_magnitude: bool) -> Option<Problem> {
    let told_top = |(which, possible): &(Which, Possible)| *which == Which::Top && *possible == Possible::None;
    if is_magnitude && left.iter().any(told_top) {
        return Some(Problem::NotSmall);
    }
    let any = |is: fn(&Possible) -> bool| left.iter().any(|(_, possible)| is(possible));
    if any(|possible| *possible == Possible::Contradiction) {
        Some(Problem::Contradiction)
    } else if any(|possible| matches!(possible, Possible::Some(_))) {
        Some(Problem::Narrowed)
    } else if any(|possible| *possible == Possible::NotKnown) {
        Some(Problem::Undecided)
    } else if any(|possible| *possible == Possible::None) && !any(|possible| *possible == Possible::All) {
        Some(Problem::NotSmall)
    } else {
        None
    }
}

/// A withheld figure: its position, the smallest number shown of it, its counts.
type Untold = (usize, u32, Vec<(Which, usize)>);

/// What a reader knows who has read some releases.
struct Reading<'a> {
    counts: Counts<'a>,
    rules: Vec<Rule>,
    /// Figures withheld in the last.
    withheld: Vec<Untold>,
    /// Counts that only the last release shows.
    shown_now: BTreeMap<usize, ShownBy>,
}

impl<'a> Reading<'a> {
    /// The releases, the oldest first.
    fn of(measures: &[Facts<'a>], releases: &[Reads<'a>], revisions: &Revisions) -> Self {
        let of_each: Vec<&[Figure]> = releases.iter().map(|release| release.figures).collect();
        let (same, ties) = (Same::of(measures, &of_each), Ties::of(measures, &of_each));
        let mut counts = Counts::default();
        let mut withheld = Vec::new();
        let mut shown_now = BTreeMap::new();
        for (release, Reads { figures, elsewhere }) in releases.iter().enumerate() {
            let zeros = Zeros::of(figures);
            let is_last = release + 1 == releases.len();
            let told_before = counts.known.len();
            for (at, figure) in figures.iter().enumerate() {
                let rules = rules_of(measures, &figure.measure);
                let mut told = counts_of(figure, revisions.since(figure.period, release), &same, rules);
                for (which, _, known) in told.iter_mut().filter(|(.., known)| !known.shown) {
                    *known = elsewhere.of_count(at, *which).unwrap_or(*known);
                }
                let is_above_zero = |known: Known| known.plain && !known.shown && !zeros.are_possible(figure);
                let places =
                    tell_all(
                        &mut counts,
                        told,
                        |known| {
                            if is_above_zero(known) { Known { low: 1, ..known } } else { known }
                        },
                    );
                if is_last && is_withheld(figure) {
                    withheld.push((at, rules.smallest_shown(figure.dimension), places));
                } else if is_last {
                    let only_now = places.iter().filter(|(_, count)| *count >= told_before);
                    for (_, count) in only_now {
                        let shown_by: &mut ShownBy = shown_now.entry(*count).or_default();
                        shown_by.add(at, figure);
                    }
                }
            }
            let since = |period| revisions.since(period, release);
            for (at, key, known) in tied(&counts, &ties, &same, measures, figures, since) {
                let count = counts.tell(key, known);
                if let (true, Some(figure)) = (is_last, figures.get(at)) {
                    shown_now.entry(count).or_default().add(at, figure);
                }
            }
        }
        let rules = rows::rules(&mut counts, measures, &same, revisions);
        Self { counts, rules, withheld, shown_now }
    }

    /// The counts of the largest system that some withheld figure is part of.
    fn largest_system(&self) -> usize {
        let asked = self.withheld.iter().flat_map(|(_, _, places)| places.iter().map(|(_, count)| *count)).collect();
        components(&self.counts, &self.rules, &asked).iter().map(|component| component.counts.len()).max().unwrap_or(0)
    }

    /// What is left of the figures withheld in the last release, of those that are asked for.
    fn left(&self, is_asked: &dyn Fn(usize) -> bool, memory: &mut Memory) -> Left {
        let asked = || self.withheld.iter().filter(|(at, ..)| is_asked(*at));
        let counts: Vec<(usize, u32)> = asked()
            .flat_map(|(_, smallest, places)| places.iter().map(move |(_, count)| (*count, *smallest)))
            .collect();
        let answers = possible(&self.counts, &self.rules, &counts, memory);
        let of_figure = |places: &[(Which, usize)]| {
            let untold = places.iter().filter(|(_, count)| !self.counts.get(*count).shown);
            untold.filter_map(|(which, count)| Some((*which, *answers.get(count)?))).collect()
        };
        asked().map(|(at, _, places)| (*at, of_figure(places))).collect()
    }

    /// Gaps by count.
    fn counts_of(&self, gaps: &[Gap]) -> Wanted {
        let mut by_count = Wanted::new();
        for (at, _, places) in &self.withheld {
            for (_, which, value) in gaps.iter().filter(|(own, ..)| own == at) {
                if let Some((_, count)) = places.iter().find(|(own, _)| own == which) {
                    by_count.entry(*count).or_default().push(*value);
                }
            }
        }
        by_count
    }
}

/// What shown figures tell of withheld ones whose count is always theirs: the figure that tells, the count, what is known.
fn tied<'a>(
    counts: &Counts<'a>,
    ties: &Ties<'a>,
    same: &Same<'a>,
    measures: &[Facts<'a>],
    figures: &'a [Figure],
    since: impl Fn(Period) -> usize,
) -> Vec<(usize, Key<'a>, Known)> {
    let mut told = Vec::new();
    for (at, figure) in figures.iter().enumerate().filter(|(_, figure)| !is_withheld(figure)) {
        let part = figure.part().unwrap_or_default();
        let rules = rules_of(measures, &figure.measure);
        let of_figure = counts_of(figure, since(figure.period), same, rules);
        for (own, key, known) in of_figure.into_iter().filter(|(.., known)| known.shown && !known.rough) {
            for of in ties.with((&figure.measure, part, own)) {
                let (measure, part, which) = same.canonical(of);
                let there = Key { measure, part, which, ..key };
                if counts.at.get(&there).is_some_and(|count| !counts.get(*count).shown) {
                    told.push((at, there, known));
                }
            }
        }
    }
    told
}

fn tell_all<'a>(
    counts: &mut Counts<'a>,
    told: Vec<(Which, Key<'a>, Known)>,
    as_known: impl Fn(Known) -> Known,
) -> Vec<(Which, usize)> {
    let places: Vec<(Which, usize)> =
        told.into_iter().map(|(which, key, known)| (which, counts.tell(key, as_known(known)))).collect();
    if let [(Which::Top, top), (Which::Rest, rest), (Which::Bottom, bottom)] = places.as_slice() {
        counts.shares.insert((*top, *rest, *bottom));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::tests::{children, month, year_to};
    use super::super::{Elsewhere, Facts, PublicRules};
    use super::*;
    use crate::domain::{Dimension, TOTAL};

    #[test]
    fn a_total_of_nights_that_cannot_be_small_is_told_though_its_days_at_risk_are_free() {
        let left = [(Which::Top, Possible::None), (Which::Bottom, Possible::All)];
        assert_eq!(problem_of(&left, true), Some(Problem::NotSmall), "narrowed to within a tenth of what it is");
        assert_eq!(problem_of(&left, false), None, "of a share one free count is enough");
        assert_eq!(problem_of(&[(Which::Top, Possible::All), (Which::Bottom, Possible::None)], true), None);
    }

    #[test]
    fn the_oldest_releases_are_left_out_of_a_system_too_large_to_be_decided() {
        let rules = PublicRules { smallest_of_total: 6, smallest_of_level: 6, rounded_to: None };
        let facts = [Facts { id: "missing_now", rules, relations: &[] }];
        // September and October are withheld and come to eight. The last quarter is revised from release to release, and
        // October with it: September is tied to as many Octobers as are read.
        let release = |november: i64| -> Vec<Figure> {
            let whole = |period, count| children(period, Dimension::Total, TOTAL, count);
            let months = (1..=12).map(|at| match at {
                9 | 10 => whole(month(at), None),
                11 => whole(month(at), Some(november)),
                _ => whole(month(at), Some(0)),
            });
            months.chain([whole(year_to(12), Some(november + 8))]).collect()
        };
        let (oldest, before, now) = (release(10), release(11), release(12));
        let elsewhere = Elsewhere::default();
        let reads = |figures| Reads { figures, elsewhere: &elsewhere };
        let (earlier, now) = ([reads(&oldest), reads(&before)], reads(&now));
        let of = |earlier| read_together(&facts, now, earlier, usize::MAX).0.largest_system();
        let (all, last_two, one) = (of(&earlier), of(&earlier[1..]), of(&[]));
        assert_eq!((all, last_two, one), (4, 3, 2));
        let left_out = |largest| read_together(&facts, now, &earlier, largest).1;
        assert_eq!([all, last_two, one].map(left_out), [0, 1, 2]);
    }
}
