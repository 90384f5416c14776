//! Numbers that several families of measures tell: how many came back, days at risk, needs. Each is protected first as a table
//! of its own. Where it must be withheld, every measure that tells it withholds its figure; else one family would withhold
//! one level beside a small one and another family another, and a reader of both would have them all.

use std::collections::{BTreeMap, BTreeSet};

use crate::auditor::{Elsewhere, Facts, PublicRules, Reads};
use crate::disclosure::{Coarser, Contributors, Earlier, ExactFigure, Policy, Protection, Relations, Thresholds};
use crate::domain::{CountKind, CountOf, Dimension, Figure, Period, SameCounts, Symbol, Unit};

use super::rounds;

/// Where a number is given.
type Place = (Dimension, String, Period);

/// One number: the counts that are it, and what it is wherever one of them is given.
pub(super) struct Common {
    counts: BTreeSet<CountOf>,
    exact: BTreeMap<Place, (i64, u32)>,
}

/// The numbers that measures of more than one family tell. Counts that are said to be the same and somewhere differ, since a
/// partnership has set a definition otherwise, are not one number.
pub(super) fn numbers(facts: &[Facts<'_>], families: &[BTreeSet<&str>], figures: &[ExactFigure]) -> Vec<Common> {
    let mut same = SameCounts::default();
    for one in facts {
        one.relations.iter().for_each(|relation| same.add(one.id, relation));
    }
    let mut groups: BTreeMap<CountOf, Common> = BTreeMap::new();
    let mut differ = BTreeSet::new();
    for figure in figures {
        for (kind, count, children) in told(figure) {
            let of = (figure.figure.measure.clone(), figure.figure.part().unwrap_or_default().to_owned(), kind);
            let root = same.root(&of);
            let group = groups
                .entry(root.clone())
                .or_insert_with(|| Common { counts: BTreeSet::new(), exact: BTreeMap::new() });
            group.counts.insert(of);
            if group.exact.insert(place(&figure.figure), (count, children)).is_some_and(|(before, _)| before != count) {
                differ.insert(root);
            }
        }
    }
    let spans = |common: &Common| {
        let tells =
            |family: &&BTreeSet<&str>| common.counts.iter().any(|(measure, ..)| family.contains(measure.as_str()));
        families.iter().filter(tells).count() > 1
    };
    groups
        .into_iter()
        .filter(|(root, common)| !differ.contains(root) && spans(common))
        .map(|(_, common)| common)
        .collect()
}

impl Common {
    /// The figures that must be withheld since the number is, of those that tell it.
    ///
    /// `rules` and the threshold are the strictest of the measures that tell it.
    pub(super) fn withheld<'a>(
        &self,
        policy: Policy,
        facts: &[Facts<'_>],
        thresholds: &Thresholds,
        figures: &'a [ExactFigure],
        told: &[Vec<Figure>],
    ) -> Vec<&'a Figure> {
        let places = self.places_withheld(policy, facts, thresholds, told);
        let is_told = |figure: &&Figure| places.contains(&place(figure)) && self.is_told_by(figure);
        figures.iter().map(|exact| &exact.figure).filter(is_told).collect()
    }

    fn places_withheld(
        &self,
        policy: Policy,
        facts: &[Facts<'_>],
        thresholds: &Thresholds,
        told: &[Vec<Figure>],
    ) -> BTreeSet<Place> {
        let tells = |measure: &str| self.counts.iter().any(|(own, ..)| own == measure);
        let rules: Vec<PublicRules> = facts.iter().filter(|facts| tells(facts.id)).map(|facts| facts.rules).collect();
        let strictest = |of: fn(&PublicRules) -> u32| rules.iter().map(of).max().unwrap_or_default();
        let rules = PublicRules {
            smallest_of_total: strictest(|rules| rules.smallest_of_total),
            smallest_of_level: strictest(|rules| rules.smallest_of_level),
            rounded_to: policy.rounded_to(),
        };
        let threshold = thresholds.iter().filter(|(measure, _)| tells(measure)).map(|(_, threshold)| *threshold).max();
        let own_thresholds: Thresholds = threshold.map(|threshold| (NAME.to_owned(), threshold)).into_iter().collect();
        let exact: Vec<ExactFigure> = self
            .exact
            .iter()
            .map(|(place, (count, children))| ExactFigure {
                figure: figure(place, Some(*count)),
                contributors: Contributors { numerator_children: *children, ..Contributors::default() },
            })
            .collect();
        let told: Vec<Vec<Figure>> = told.iter().map(|figures| self.told_in(figures)).collect();
        let nothing = Elsewhere::default();
        let reads: Vec<Reads<'_>> = told.iter().map(|figures| Reads { figures, elsewhere: &nothing }).collect();
        let protection = Protection {
            policy,
            thresholds: &own_thresholds,
            relations: &Relations::new(),
            earlier: &Earlier::of(told.iter().map(Vec::as_slice)),
            coarser: &Coarser::default(),
        };
        let facts = [Facts { id: NAME, rules, relations: &[] }];
        match rounds::protect(protection, &exact, |_| None, &facts, &nothing, &reads) {
            Ok((shown, _)) => shown.iter().filter(|figure| is_withheld(figure)).map(place).collect(),
            // What earlier releases told is told; the families are audited for themselves all the same.
            Err(_) => BTreeSet::new(),
        }
    }

    /// What an earlier release showed of the number, by whichever measure.
    fn told_in(&self, figures: &[Figure]) -> Vec<Figure> {
        let mut told: BTreeMap<Place, Option<i64>> = BTreeMap::new();
        for one in figures.iter().filter(|figure| self.is_told_by(figure)) {
            let count = self.counts.iter().find_map(|(measure, part, kind)| {
                let is_own = *measure == one.measure && part.as_str() == one.part().unwrap_or_default();
                count_of(one, *kind).filter(|_| is_own && !is_withheld(one))
            });
            let known = told.entry(place(one)).or_default();
            *known = known.or(count);
        }
        told.iter().map(|(place, count)| figure(place, *count)).collect()
    }

    fn is_told_by(&self, figure: &Figure) -> bool {
        let part = figure.part().unwrap_or_default();
        self.counts.iter().any(|(measure, own, _)| *measure == figure.measure && own == part)
    }
}

/// The number's name in its own table.
const NAME: &str = "number";

fn figure((dimension, level, period): &Place, count: Option<i64>) -> Figure {
    Figure {
        measure: NAME.to_owned(),
        period: *period,
        dimension: *dimension,
        level: level.clone(),
        numerator: count,
        denominator: None,
        value: count.map(|count| count as f64),
        lower: None,
        upper: None,
        unit: Unit::Count,
        symbol: count.is_none().then_some(Symbol::Confidential),
        provisional: false,
    }
}

fn place(figure: &Figure) -> Place {
    (figure.dimension, figure.group().to_owned(), figure.period)
}

fn is_withheld(figure: &Figure) -> bool {
    figure.symbol == Some(Symbol::Confidential)
}

/// A count of a figure. Over a population it has the figure's own numerator, and the population is public.
pub(super) fn count_of(figure: &Figure, kind: CountKind) -> Option<i64> {
    if figure.unit == Unit::Per10000Children {
        return None;
    }
    match kind {
        CountKind::Numerator => figure.numerator,
        CountKind::Denominator => figure.denominator,
        CountKind::Rest => Some(figure.denominator.filter(|_| figure.unit == Unit::Proportion)? - figure.numerator?),
    }
}

/// Every count of a figure, and of how many children it is.
fn told(exact: &ExactFigure) -> impl Iterator<Item = (CountKind, i64, u32)> {
    let Contributors { numerator_children: top, denominator_children: bottom, .. } = exact.contributors;
    [(CountKind::Numerator, top), (CountKind::Rest, bottom.saturating_sub(top)), (CountKind::Denominator, bottom)]
        .into_iter()
        .filter_map(|(kind, children)| Some((kind, count_of(&exact.figure, kind)?, children)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Count, Month, Relation, TOTAL};

    /// East 3, north 20, west 9, and the whole: as children missing, and as those of whom half were asked.
    fn figures(asked_of_the_north: i64) -> Vec<ExactFigure> {
        let of = |measure: &str, level: &str, count: i64| {
            let dimension = if level == TOTAL { Dimension::Total } else { Dimension::Locality };
            let period = Period::Month(Month::new(2026, 10).unwrap());
            let figure =
                Figure { measure: measure.to_owned(), ..figure(&(dimension, level.to_owned(), period), Some(count)) };
            let contributors = Contributors { numerator_children: count as u32, ..Contributors::default() };
            ExactFigure { figure, contributors }
        };
        let share = |level: &str, count: i64| {
            let mut exact = of("asked", level, count / 2);
            exact.figure.denominator = Some(count);
            exact.contributors.denominator_children = count as u32;
            exact
        };
        let levels = [(TOTAL, 32), ("east", 3), ("north", 20), ("west", 9)];
        let missing = levels.iter().map(|(level, count)| of("missing_now", level, *count));
        let asked = levels.iter().map(|(level, count)| match *level {
            "north" => share(level, asked_of_the_north),
            level => share(level, *count),
        });
        missing.chain(asked).collect()
    }

    #[test]
    fn every_measure_that_tells_a_number_withholds_it_at_the_same_places() {
        let count = |measure: &str, kind| Count { measure: Some(measure.to_owned()), part: String::new(), kind };
        let relations = [Relation::KnownElsewhere {
            counts: vec![count("missing_now", CountKind::Numerator), count("asked", CountKind::Denominator)],
        }];
        let rules = PublicRules { smallest_of_total: 6, smallest_of_level: 6, rounded_to: None };
        let withheld = |relations: &[Relation], figures: &[ExactFigure]| -> Vec<(String, String)> {
            let facts = [Facts { id: "missing_now", rules, relations }, Facts { id: "asked", rules, relations: &[] }];
            let families = crate::auditor::families(&facts);
            assert_eq!(families.len(), 2);
            let numbers = numbers(&facts, &families, figures);
            let of = |number: &Common| number.withheld(Policy::Dfe, &facts, &Thresholds::new(), figures, &[]);
            let all = numbers.iter().flat_map(of).map(|one| (one.measure.clone(), one.level.clone()));
            all.collect()
        };
        // The east is small, and the west is the least that can be withheld beside it.
        let both = [("missing_now", "east"), ("missing_now", "west"), ("asked", "east"), ("asked", "west")];
        assert_eq!(withheld(&relations, &figures(20)), both.map(|(one, level)| (one.to_owned(), level.to_owned())));
        assert!(withheld(&[], &figures(20)).is_empty(), "nobody says that they are one number");
        assert!(withheld(&relations, &figures(21)).is_empty(), "the figures say that they are not");
    }
}
