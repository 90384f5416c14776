//! What a reader can work out of each withheld figure, whether that is this release's doing, and which shown figures tell it.

use std::collections::{BTreeMap, BTreeSet};

use super::between::{self, Between};
use super::components::{Asked, Possible, components, possible};
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

/// By position of a withheld figure, what is left of it.
type Left = BTreeMap<usize, LeftOf>;

/// What a reader who has worked out all there is leaves of a withheld figure.
#[derive(Debug, Default)]
struct LeftOf {
    /// The small numbers that each of its untold counts can be, and what lies between them and others.
    possible: Vec<(Asked, Possible)>,
    /// One of its counts nests with another that is withheld too: it may be withheld for what lies between, whatever its size.
    is_beside_open: bool,
}

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
    let mut problems: BTreeMap<usize, Problem> = together
        .iter()
        .filter_map(|(at, left)| Some((*at, problem_of(left, reading.magnitude(figures, *at))?)))
        .collect();
    if !is_first && !problems.is_empty() {
        problems = of_this_release(measures, release, earlier, &problems, &mut memory.alone);
    }
    let wanted: BTreeMap<usize, Wanted> =
        problems.keys().map(|at| (*at, wanted(together.get(at), reading.smallest_shown(*at)))).collect();
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
    let reading = Reading::of(measures, &[release], &Revisions::default());
    let alone = reading.left(&is_found, memory);
    let shown_before: BTreeSet<Place<'_>> =
        earlier.iter().flat_map(|release| release.figures).filter(|figure| !is_withheld(figure)).map(place).collect();
    let stands = |(&at, &problem): (&usize, &Problem)| {
        let in_this_one = alone.get(&at).and_then(|left| problem_of(left, reading.magnitude(figures, at)));
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

/// Of a count that can be some small numbers, the others; of one that can be none, the largest; where what lies between two counts
/// can only be small, what the open one would be if it were not.
fn wanted(left: Option<&LeftOf>, smallest_shown: u32) -> Wanted {
    let smallest = i64::from(smallest_shown);
    let mut wanted = Wanted::new();
    for (asked, possible) in left.into_iter().flat_map(|left| &left.possible) {
        let (count, values): (usize, Vec<i64>) = match (*asked, possible) {
            (Asked::Between(between), Possible::Some(_)) => (between.count, vec![between.free_where(smallest_shown)]),
            (Asked::Count(count), Possible::Some(can)) => {
                (count, (1..smallest).filter(|value| can & (1 << value) == 0).collect())
            }
            (Asked::Count(count), Possible::None) => (count, vec![smallest - 1]),
            _ => continue,
        };
        wanted.entry(count).or_default().extend(values);
    }
    wanted
}

/// What is wrong with a figure of whose counts so much is left.
///
/// Of a magnitude (its top's count) the top itself must be able to be any small number, whatever its days at risk can be: what
/// can be 1 as well as what it is has not been narrowed to within a tenth (SAFEGUARDS).
fn problem_of(left: &LeftOf, magnitude: Option<usize>) -> Option<Problem> {
    let LeftOf { possible, is_beside_open } = left;
    if magnitude.is_some_and(|top| possible.contains(&(Asked::Count(top), Possible::None))) {
        return Some(Problem::NotSmall);
    }
    let any = |is: fn(&Possible) -> bool| possible.iter().any(|(_, possible)| is(possible));
    let is_large =
        |(asked, possible): &(Asked, Possible)| matches!(asked, Asked::Count(_)) && *possible == Possible::None;
    if any(|possible| *possible == Possible::Contradiction) {
        Some(Problem::Contradiction)
    } else if any(|possible| matches!(possible, Possible::Some(_))) {
        Some(Problem::Narrowed)
    } else if any(|possible| *possible == Possible::NotKnown) {
        Some(Problem::Undecided)
    } else if possible.iter().any(is_large) && !is_beside_open && !any(|possible| *possible == Possible::All) {
        Some(Problem::NotSmall)
    } else {
        None
    }
}

/// A withheld figure.
struct Untold {
    /// Its position.
    at: usize,
    /// The smallest number shown of it.
    smallest: u32,
    counts: Vec<(Which, usize)>,
}

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
                    withheld.push(Untold { at, smallest: rules.smallest_shown(figure.dimension), counts: places });
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
        let asked = self.withheld.iter().flat_map(|figure| figure.counts.iter().map(|(_, count)| *count)).collect();
        components(&self.counts, &self.rules, &asked).iter().map(|component| component.counts.len()).max().unwrap_or(0)
    }

    /// What is left of the figures withheld in the last release, of those that are asked for.
    fn left(&self, is_asked: &dyn Fn(usize) -> bool, memory: &mut Memory) -> Left {
        let between = between::by_count(&self.counts);
        let between_of = |figure: &Untold| -> Vec<Option<Between>> {
            figure.counts.iter().filter_map(|(_, count)| between.get(count)).flatten().copied().collect()
        };
        let asked_of = |figure: &Untold| -> BTreeSet<Asked> {
            let untold = figure.counts.iter().map(|(_, count)| *count).filter(|count| !self.counts.get(*count).shown);
            untold.map(Asked::Count).chain(between_of(figure).into_iter().flatten().map(Asked::Between)).collect()
        };
        let figures: Vec<(&Untold, BTreeSet<Asked>)> = self
            .withheld
            .iter()
            .filter(|figure| is_asked(figure.at))
            .map(|figure| (figure, asked_of(figure)))
            .collect();
        let asked: Vec<(Asked, u32)> = figures
            .iter()
            .flat_map(|(figure, asked)| asked.iter().map(move |asked| (*asked, figure.smallest)))
            .collect();
        let answers = possible(&self.counts, &self.rules, &asked, memory);
        let of_figure = |(figure, asked): (&Untold, BTreeSet<Asked>)| {
            let possible = asked.into_iter().filter_map(|asked| Some((asked, *answers.get(&asked)?))).collect();
            (figure.at, LeftOf { possible, is_beside_open: between_of(figure).contains(&None) })
        };
        figures.into_iter().map(of_figure).collect()
    }

    fn smallest_shown(&self, at: usize) -> u32 {
        self.withheld.iter().find(|figure| figure.at == at).map_or(1, |figure| figure.smallest)
    }

    /// The count of nights or days that a figure has, where that is what is counted: it is no children, and one child may bring
    /// most of it.
    fn magnitude(&self, figures: &[Figure], at: usize) -> Option<usize> {
        figures.get(at).filter(|figure| figure.unit.is_per_days())?;
        let own = self.withheld.iter().find(|figure| figure.at == at)?;
        own.counts.iter().find(|(which, _)| *which == Which::Top).map(|(_, count)| *count)
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
        let (nights, days) = (Asked::Count(0), Asked::Count(1));
        let left = |possible: [(Asked, Possible); 2]| LeftOf { possible: possible.to_vec(), is_beside_open: false };
        let told = left([(nights, Possible::None), (days, Possible::All)]);
        assert_eq!(problem_of(&told, Some(0)), Some(Problem::NotSmall), "narrowed to within a tenth of what it is");
        assert_eq!(problem_of(&told, None), None, "of a share one free count is enough");
        assert_eq!(problem_of(&left([(nights, Possible::All), (days, Possible::None)]), Some(0)), None);
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
