//! Counts of which one is within another, as headers say (`nests`, `within`): what lies between the two is a count as well, of
//! children or of what they have, and no figure's own. It must not be told where it is small.

use std::collections::{BTreeMap, BTreeSet};

use super::components::Possible;
use super::counts::{Key, Known, Of, Same, counts_of, of_named};
use super::rows::{Counts, Rule, WITHOUT_END};
use super::system::Row;
use super::{Facts, Reads, is_withheld, rules_of};
use crate::domain::{Dimension, Figure, Period, Relation};

/// Two counts of which one is within the other.
#[derive(Clone, Copy)]
struct Pair<'a> {
    narrow: Of<'a>,
    wide: Of<'a>,
    /// Said of steps (`nests`), it ties the two where both are open as well.
    ties_open: bool,
}

/// Nested pairs, without those that nothing shown tells apart.
fn pairs<'a>(measures: &[Facts<'a>], same: &Same<'a>) -> Vec<Pair<'a>> {
    let relations = measures.iter().flat_map(|facts| facts.relations.iter().map(|relation| (facts.id, relation)));
    let pairs = relations.flat_map(|(own, relation)| {
        let ties_open = matches!(relation, Relation::Nests { .. });
        relation.nested(own).into_iter().map(move |(narrow, wide)| (narrow, wide, ties_open))
    });
    let canonical = |(narrow, wide, ties_open)| Pair {
        narrow: same.canonical(of_named(narrow)),
        wide: same.canonical(of_named(wide)),
        ties_open,
    };
    pairs.map(canonical).filter(|pair| pair.narrow != pair.wide).collect()
}

/// What lies between two counts of which at most one is open: as much as the open one is away from the other.
///
/// Where both are open it is not asked after: either may be withheld for its sake, and it is free but for sums that tell the
/// difference of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Between {
    /// The open one, or the narrower where none is.
    pub(super) count: usize,
    known: i64,
    is_wider_open: bool,
}

impl Between {
    fn of(counts: &Counts<'_>, narrow: usize, wide: usize) -> Option<Self> {
        let (of_narrow, of_wide) = (counts.get(narrow), counts.get(wide));
        match (of_narrow.is_open(), of_wide.is_open()) {
            (true, true) => None,
            (false, true) => Some(Self { count: wide, known: of_narrow.low, is_wider_open: true }),
            (_, false) => Some(Self { count: narrow, known: of_wide.low, is_wider_open: false }),
        }
    }

    /// What the open count is where so many lie between.
    fn count_where(self, between: i64) -> i64 {
        if self.is_wider_open { self.known + between } else { self.known - between }
    }

    /// What the open count would be if what lies between were as many as are shown, or none where there are not so many.
    pub(super) fn free_where(self, smallest: u32) -> i64 {
        let as_shown = self.count_where(i64::from(smallest));
        if as_shown >= 0 { as_shown } else { self.count_where(0) }
    }

    /// What can lie between: all small numbers are as good as free where it can be none too, or as many as are shown.
    pub(super) fn possible(self, smallest: u32, mut can_be: impl FnMut(i64) -> bool) -> Possible {
        let smallest = i64::from(smallest);
        let mut can = |between: i64| self.count_where(between) >= 0 && can_be(self.count_where(between));
        match (1..smallest).find(|between| can(*between)) {
            None => Possible::None,
            Some(_) if can(0) || can(smallest) => Possible::All,
            Some(least) => Possible::Some(1 << least),
        }
    }
}

/// Nested counts: each narrower one is at most the wider.
pub(super) fn rules<'a>(counts: &mut Counts<'a>, measures: &[Facts<'a>], same: &Same<'a>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for Pair { narrow, wide, ties_open } in pairs(measures, same) {
        let narrows = counts.at.iter().filter(|(key, _)| (key.measure, key.part, key.which) == narrow);
        let (measure, part, which) = wide;
        let both =
            |(key, narrow): (&Key<'a>, &usize)| Some((*narrow, *counts.at.get(&Key { measure, part, which, ..*key })?));
        let both: Vec<(usize, usize)> = narrows.filter_map(both).collect();
        let row =
            |(narrow, wide): &(usize, usize)| Row { terms: vec![(*wide, 1), (*narrow, -1)], low: 0, high: WITHOUT_END };
        let is_read = |(narrow, wide): &&(usize, usize)| {
            ties_open || !counts.get(*narrow).is_open() || !counts.get(*wide).is_open()
        };
        rules.extend(both.iter().filter(is_read).map(|pair| Rule { row: row(pair), assumed: false }));
        counts.nested.extend(both);
    }
    rules
}

/// By count, what lies between it and others; none for each other that is open as well.
pub(super) fn by_count(counts: &Counts<'_>) -> BTreeMap<usize, Vec<Option<Between>>> {
    let mut by_count: BTreeMap<usize, Vec<Option<Between>>> = BTreeMap::new();
    for (narrow, wide) in &counts.nested {
        let between = Between::of(counts, *narrow, *wide);
        by_count.entry(*narrow).or_default().push(between);
        by_count.entry(*wide).or_default().push(between);
    }
    by_count
}

/// What a release shows of nested counts: by count and place (dimension, level, period), what is known, and the figures that
/// tell it.
type Shown<'a> = BTreeMap<Of<'a>, BTreeMap<(Dimension, &'a str, Period), (Known, Vec<usize>)>>;

/// Figures shown, by position, that tell a count within another shown one, where a small number lies between the two and no
/// earlier release told the same.
pub(super) fn told_at_sight(measures: &[Facts<'_>], release: &[Figure], earlier: &[Reads<'_>]) -> BTreeSet<usize> {
    let releases: Vec<&[Figure]> = earlier.iter().map(|one| one.figures).chain([release]).collect();
    let same = Same::of(measures, &releases);
    let pairs = pairs(measures, &same);
    let now = shown(measures, release, &pairs, &same);
    let before: Vec<Shown<'_>> = earlier.iter().map(|one| shown(measures, one.figures, &pairs, &same)).collect();
    let mut told = BTreeSet::new();
    for Pair { narrow, wide, .. } in &pairs {
        let both = |shown: &Shown<'_>, place| Some((shown.get(narrow)?.get(place)?.0, shown.get(wide)?.get(place)?.0));
        for (place, (_, figures)) in now.get(narrow).into_iter().flatten() {
            let Some((known, of_wide)) = both(&now, place) else { continue };
            let is_small = |at: &&usize| {
                let smallest = release
                    .get(**at)
                    .map_or(0, |figure| rules_of(measures, &figure.measure).smallest_shown(figure.dimension));
                known.high < of_wide.low && of_wide.high - known.low < i64::from(smallest)
            };
            if !before.iter().any(|one| both(one, place) == Some((known, of_wide))) {
                told.extend(figures.iter().filter(is_small));
            }
        }
    }
    told
}

fn shown<'a>(measures: &[Facts<'_>], figures: &'a [Figure], pairs: &[Pair<'a>], same: &Same<'a>) -> Shown<'a> {
    let named: BTreeSet<Of<'_>> = pairs.iter().flat_map(|pair| [pair.narrow, pair.wide]).collect();
    let mut shown = Shown::new();
    for (at, figure) in figures.iter().enumerate().filter(|(_, figure)| !is_withheld(figure)) {
        for (_, key, known) in counts_of(figure, 0, same, rules_of(measures, &figure.measure)) {
            let of = (key.measure, key.part, key.which);
            if known.shown && !known.rough && named.contains(&of) {
                let there = shown.entry(of).or_default().entry((key.dimension, key.level, key.period));
                there.or_insert((known, Vec::new())).1.push(at);
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::tests::{children, month};
    use super::super::{Audit, Elsewhere, Problem, PublicRules, audit};
    use super::*;
    use crate::domain::TOTAL;

    const RULES: PublicRules = PublicRules { smallest_of_total: 6, smallest_of_level: 6, rounded_to: None };

    /// Children missing at month end, over 24 hours and over 72.
    fn missing(counts: [Option<i64>; 3]) -> Vec<Figure> {
        let levels = [TOTAL, "total:over-24h", "total:over-72h"];
        levels
            .into_iter()
            .zip(counts)
            .map(|(level, count)| children(month(10), Dimension::Total, level, count))
            .collect()
    }

    fn audited(now: &[Figure], before: &[&[Figure]]) -> Audit {
        let steps = ["", "over-24h", "over-72h"].map(str::to_owned).to_vec();
        let relations = [Relation::Nests { steps }];
        let facts = [Facts { id: "missing_now", rules: RULES, relations: &relations }];
        let elsewhere = Elsewhere::default();
        let reads = |figures| Reads { figures, elsewhere: &elsewhere };
        let before: Vec<Reads<'_>> = before.iter().map(|figures| reads(figures)).collect();
        audit(&facts, reads(now), &before)
    }

    fn problems(counts: [Option<i64>; 3]) -> Vec<(String, Problem)> {
        let audit = audited(&missing(counts), &[]);
        audit.findings.into_iter().map(|finding| (finding.level, finding.problem)).collect()
    }

    #[test]
    fn a_small_number_between_shown_counts_is_found_and_the_narrower_tells_it() {
        let between = |part: &str| (format!("total:{part}"), Problem::SmallBetween);
        assert_eq!(problems([Some(20), Some(14), Some(8)]), [], "six and six");
        assert_eq!(problems([Some(14), Some(14), Some(0)]), [], "none, and all of them");
        // 14 - 11 = 3 are back within a day.
        assert_eq!(problems([Some(14), Some(11), Some(0)]), [between("over-24h")]);
        let found = audited(&missing([Some(14), Some(11), Some(0)]), &[]);
        assert_eq!(found.tellers.iter().map(|one| one.figure.part()).collect::<Vec<_>>(), [Some("over-24h")]);
        assert_eq!(problems([Some(14), None, Some(10)]), [between("over-72h")], "whatever stands between them");
    }

    #[test]
    fn what_lies_between_a_withheld_count_and_a_shown_one_keeps_every_small_number() {
        // The withheld 11 can be anything up to 14, and so can what lies between.
        assert_eq!(problems([Some(14), None, Some(0)]), []);
        // From 8 to 14: what lies on either side can be 1 to 5 and is anything up to 6.
        assert_eq!(problems([Some(14), None, Some(8)]), []);
    }

    #[test]
    fn what_was_told_before_is_not_told_again() {
        let now = missing([Some(14), Some(11), Some(0)]);
        assert_eq!(audited(&now, &[&now]).findings, []);
        let other = missing([Some(14), Some(8), Some(0)]);
        assert_eq!(audited(&now, &[&other]).findings.len(), 1);
    }
}
