//! Counts that are the same number wherever both are given, found in the exact figures: what a reader who knows how measures are
//! made could know, and no header says. A measure of a partnership's own is protected like ours, whoever wrote it.

use std::collections::{BTreeMap, BTreeSet};

use crate::disclosure::ExactFigure;
use crate::domain::{Count, CountKind, CountOf, Dimension, Period, Relation, SameCounts};

use super::Measure;
use super::common::count_of;

/// Two counts that are the same number here and there by chance say nothing.
const PLACES: usize = 12;
const DIFFERENT_NUMBERS: usize = 4;

/// Where a count is given.
type Place<'a> = (Dimension, &'a str, Period);

/// By measure, the relations that hold and are not said: `known_elsewhere`, each of two counts.
pub(super) fn same_counts(measures: &[Measure], figures: &[ExactFigure]) -> BTreeMap<String, Vec<Relation>> {
    let mut known = SameCounts::default();
    for measure in measures {
        measure.relations.iter().for_each(|relation| known.add(&measure.id, relation));
    }
    let mut counts: BTreeMap<CountOf, BTreeMap<Place<'_>, i64>> = BTreeMap::new();
    for ExactFigure { figure, .. } in figures {
        let part = figure.part().unwrap_or_default();
        for kind in [CountKind::Numerator, CountKind::Rest, CountKind::Denominator] {
            if let Some(count) = count_of(figure, kind) {
                let of = (figure.measure.clone(), part.to_owned(), kind);
                counts.entry(of).or_default().insert((figure.dimension, figure.group(), figure.period), count);
            }
        }
    }
    // A share of everybody, or of nobody, is told by its own denominator.
    let is_everybody = |of: &CountOf| {
        let all = (of.0.clone(), of.1.clone(), CountKind::Denominator);
        of.2 != CountKind::Denominator && counts.get(of).is_some_and(|own| counts.get(&all) == Some(own))
    };
    let counts: Vec<_> = counts.iter().filter(|(of, _)| !is_everybody(of)).collect();
    let mut found: BTreeMap<String, Vec<Relation>> = BTreeMap::new();
    for (at, (one, of_one)) in counts.iter().enumerate() {
        for (other, of_other) in counts.iter().skip(at + 1) {
            if !known.knows(one, other) && is_always_the_same(of_one, of_other) {
                let relation = Relation::KnownElsewhere { counts: vec![named(one), named(other)] };
                known.add(&one.0, &relation);
                found.entry(one.0.clone()).or_default().push(relation);
            }
        }
    }
    found
}

/// In words, for whoever builds.
pub(super) fn in_words(found: &BTreeMap<String, Vec<Relation>>) -> Vec<String> {
    let count = |count: &Count| {
        let kind = match count.kind {
            CountKind::Numerator => "numerator",
            CountKind::Rest => "rest",
            CountKind::Denominator => "denominator",
        };
        let part = if count.part.is_empty() { String::new() } else { format!(", part `{}`", count.part) };
        format!("the {kind} of `{}`{part}", count.measure.as_deref().unwrap_or_default())
    };
    let relations = found.values().flatten();
    relations
        .filter_map(|relation| match relation {
            Relation::KnownElsewhere { counts } => {
                let counts: Vec<String> = counts.iter().map(count).collect();
                Some(format!(
                    "{} are always the same number: where one is shown the other is known",
                    counts.join(" and ")
                ))
            }
            _ => None,
        })
        .collect()
}

fn named((measure, part, kind): &CountOf) -> Count {
    Count { measure: Some(measure.clone()), part: part.clone(), kind: *kind }
}

fn is_always_the_same(one: &BTreeMap<Place<'_>, i64>, other: &BTreeMap<Place<'_>, i64>) -> bool {
    let mut numbers = BTreeSet::new();
    let mut places = 0;
    for (place, count) in one {
        match other.get(place) {
            Some(same) if same == count => {
                places += usize::from(*count > 0);
                numbers.insert(count);
            }
            Some(_) => return false,
            None => {}
        }
    }
    places >= PLACES && numbers.len() >= DIFFERENT_NUMBERS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::fixture;
    use crate::disclosure::Contributors;
    use crate::domain::{Figure, Month, TOTAL, Unit};

    fn month(at: i32) -> Period {
        Period::Month("2025-01".parse::<Month>().unwrap().plus(at))
    }

    /// A year of one count of a measure's whole.
    fn year(measure: &str, unit: Unit, counts: impl Fn(i64) -> (i64, Option<i64>)) -> Vec<ExactFigure> {
        let figure = |at: i32| {
            let (numerator, denominator) = counts(i64::from(at));
            ExactFigure {
                figure: Figure {
                    measure: measure.to_owned(),
                    period: month(at),
                    dimension: Dimension::Total,
                    level: TOTAL.to_owned(),
                    numerator: Some(numerator),
                    denominator,
                    value: None,
                    lower: None,
                    upper: None,
                    unit,
                    symbol: None,
                    provisional: false,
                },
                contributors: Contributors { numerator_children: 9, denominator_children: 9, largest_share: None },
            }
        };
        (0..12).map(figure).collect()
    }

    #[test]
    fn a_denominator_that_is_always_another_measures_count_is_found_unless_it_is_said() {
        let started = |at: i64| 90 + at * 7 % 11;
        let mut measures: Vec<Measure> = fixture::report().measures.into_iter().take(2).collect();
        measures[0].id = "spells".into();
        measures[1].id = "weekends".into();
        for measure in &mut measures {
            measure.relations.clear();
        }
        let shares = |off: i64| year("weekends", Unit::Proportion, move |at| (30 + at % 3, Some(started(at) + off)));
        let figures = |off: i64| [year("spells", Unit::Count, |at| (started(at), None)), shares(off)].concat();
        let found = same_counts(&measures, &figures(0));
        assert_eq!(
            in_words(&found),
            [
                "the numerator of `spells` and the denominator of `weekends` are always the same number: where one is shown the other is known"
            ]
        );
        assert!(same_counts(&measures, &figures(1)).is_empty(), "another number each month");
        measures[0].relations.extend(found.into_values().flatten());
        assert!(same_counts(&measures, &figures(0)).is_empty(), "it is said now");
    }

    #[test]
    fn a_dozen_months_of_one_number_are_chance() {
        let measures: Vec<Measure> = fixture::report().measures.into_iter().take(1).collect();
        let figures =
            [year("a", Unit::Count, |at| (at % 3 + 7, None)), year("b", Unit::Count, |at| (at % 3 + 7, None))];
        assert!(same_counts(&measures, &figures.concat()).is_empty());
    }
}
