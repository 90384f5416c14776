//! Counts that are always the same number, of measures too many to be audited as one system (`known_elsewhere`): where one is
//! shown, a reader knows it wherever it is withheld.

use std::collections::{BTreeMap, BTreeSet};

use super::counts::{Known, Of, Same, Shown, Which, counts_of, of_count};
use super::{Facts, is_withheld, rules_of};
use crate::domain::{Dimension, Figure, Period, Relation};

/// Counts that are the same number, by the one that stands for them.
#[derive(Debug, Default)]
pub(super) struct Ties<'a> {
    same: Same<'a>,
    members: BTreeMap<Of<'a>, BTreeSet<Of<'a>>>,
}

impl<'a> Ties<'a> {
    /// Of these measures, but for counts that are somewhere shown to differ.
    pub(super) fn of(measures: &[Facts<'a>], releases: &[&'a [Figure]]) -> Self {
        let mut same = Same::of(measures, releases);
        let classes: Vec<Vec<Of<'a>>> = measures
            .iter()
            .flat_map(|facts| facts.relations.iter().map(|relation| (facts.id, relation)))
            .filter_map(|(own, relation)| match relation {
                Relation::KnownElsewhere { counts } => Some(counts.iter().map(|count| of_count(own, count)).collect()),
                _ => None,
            })
            .collect();
        let seen = Shown::of_counts(classes.iter().flatten().copied(), measures, releases);
        for class in &classes {
            for (at, one) in class.iter().enumerate() {
                for other in class.iter().skip(at + 1).filter(|other| !seen.speaks_against(*one, **other)) {
                    same.join(*one, *other);
                }
            }
        }
        let mut members: BTreeMap<Of<'a>, BTreeSet<Of<'a>>> = BTreeMap::new();
        for of in same.named() {
            members.entry(same.canonical(of)).or_default().insert(of);
        }
        Self { same, members }
    }

    /// Every count that is the same number as this one, itself among them; none where nothing is tied to it.
    pub(super) fn with(&self, of: Of<'a>) -> impl Iterator<Item = Of<'a>> {
        self.members.get(&self.same.canonical(of)).into_iter().flatten().copied()
    }

    fn has(&self, of: Of<'a>) -> bool {
        self.members.contains_key(&self.same.canonical(of))
    }
}

/// A tied count and its place.
type Place<'a> = (Of<'a>, Dimension, &'a str, Period);

/// What each release shows of tied counts.
#[derive(Debug)]
pub struct Tied<'a> {
    measures: &'a [Facts<'a>],
    ties: Ties<'a>,
    releases: Vec<(&'a [Figure], BTreeMap<Place<'a>, Known>)>,
}

impl<'a> Tied<'a> {
    /// Of all measures and all their figures in each release.
    pub fn of(measures: &'a [Facts<'a>], releases: &[&'a [Figure]]) -> Self {
        let ties = Ties::of(measures, releases);
        let shown = |figures: &&'a [Figure]| {
            let mut shown = BTreeMap::new();
            for figure in figures.iter().filter(|figure| !is_withheld(figure)) {
                for (place, known) in places_of(measures, figure) {
                    if known.shown && !known.rough && ties.has(place.0) {
                        shown.insert(place, known);
                    }
                }
            }
            (*figures, shown)
        };
        let releases = releases.iter().map(shown).collect();
        Self { measures, ties, releases }
    }

    /// By release, what other measures than a family's own show of its counts.
    pub fn elsewhere(&self, family: &BTreeSet<&str>) -> Vec<Elsewhere> {
        let in_release = |(figures, shown): &(&'a [Figure], BTreeMap<Place<'a>, Known>)| {
            let own = figures.iter().filter(|figure| family.contains(figure.measure.as_str()));
            let mut told = BTreeMap::new();
            for (at, figure) in own.enumerate() {
                for ((of, dimension, level, period), _) in places_of(self.measures, figure) {
                    let others = self.ties.with(of).filter(|(measure, ..)| !family.contains(measure));
                    let known = others.filter_map(|other| shown.get(&(other, dimension, level, period)).copied());
                    if let Some(known) = known.reduce(Known::narrowed) {
                        told.insert((at, of.2), known);
                    }
                }
            }
            Elsewhere { told }
        };
        self.releases.iter().map(in_release).collect()
    }
}

/// A figure's counts, each by itself.
fn places_of<'a>(measures: &[Facts<'_>], figure: &'a Figure) -> impl Iterator<Item = (Place<'a>, Known)> {
    let counts = counts_of(figure, 0, &Same::default(), rules_of(measures, &figure.measure));
    counts
        .into_iter()
        .map(|(which, key, known)| (((key.measure, key.part, which), key.dimension, key.level, key.period), known))
}

/// What other families of measures show of the counts of a family's figures in one release, by the figure's position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Elsewhere {
    told: BTreeMap<(usize, Which), Known>,
}

impl Elsewhere {
    /// What is shown of a withheld figure's count.
    pub(super) fn of_count(&self, at: usize, which: Which) -> Option<Known> {
        self.told.get(&(at, which)).copied()
    }

    /// Whether this tells all that another does: each of its counts, as narrowly.
    pub fn tells_all_of(&self, other: &Self) -> bool {
        let is_told = |(count, known): (&(usize, Which), &Known)| {
            self.told.get(count).is_some_and(|own| own.narrowed(*known) == *own)
        };
        other.told.iter().all(is_told)
    }

    /// This and what another tells, of each count the narrower: it only ever tells more.
    pub fn extend(&mut self, other: Self) {
        for (count, known) in other.told {
            self.told.entry(count).and_modify(|own| *own = own.narrowed(known)).or_insert(known);
        }
    }
}

/// What a reader has before them of a family of measures: the figures of one release, and what its other measures show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reads<'a> {
    /// The family's figures.
    pub figures: &'a [Figure],
    /// What the release shows of their counts elsewhere.
    pub elsewhere: &'a Elsewhere,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_twice_is_told_the_narrower_way_and_telling_more_comes_to_an_end() {
        let known = |low, high| Known { low, high, shown: true, about: low < high, rough: false, plain: low == high };
        let tells = |low, high| Elsewhere { told: BTreeMap::from([((0, Which::Bottom), known(low, high))]) };
        // A count read off a curve, and the same count as it is: whichever measure is shown, the exact one was taken.
        let (about, exactly) = (tells(11, 13), tells(12, 12));
        assert!(exactly.tells_all_of(&about) && !about.tells_all_of(&exactly));
        for (mut one, other) in [(about.clone(), exactly.clone()), (exactly.clone(), about.clone())] {
            one.extend(other);
            assert!(one.tells_all_of(&about) && one.tells_all_of(&exactly), "{one:?}");
        }
        assert!(!Elsewhere::default().tells_all_of(&about) && about.tells_all_of(&Elsewhere::default()));
    }
}
