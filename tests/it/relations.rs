//! What a reader can find by subtracting, found the way a patient reader would: over two simulated partnerships, which counts
//! are always the same number, and which stocks carry over from month to month. Each must be declared as a `[[relation]]`,
//! since disclosure control and its audit know only of these.

use std::collections::{BTreeMap, BTreeSet};

use sightline::build;
use sightline::config::Key;
use sightline::domain::{
    CountKind, CountOf, Dimension, Figure, NamedCount, Period, Relation, SameCounts, Symbol, Unit,
};
use sightline::release::{Measure, open_board, open_restricted};
use sightline::simulate::{Options, simulate};

/// A world and a place in it.
type Where = (u64, Dimension, String, Period);

/// Two counts that are the same number here and there by chance say nothing.
const PLACES: usize = 12;
const DIFFERENT_NUMBERS: usize = 4;

struct Worlds {
    measures: Vec<Measure>,
    counts: BTreeMap<CountOf, BTreeMap<Where, i64>>,
}

impl Worlds {
    /// Parts per population that have the figure's own numerator, which disclosure control sees by itself.
    fn own_numerators_per_population(&self, measure: &Measure) -> impl Iterator<Item = Relation> {
        let top = |part: &str| self.counts.get(&(measure.id.clone(), part.to_owned(), CountKind::Numerator));
        let parts = measure.parts.iter().filter(|part| part.unit == Unit::Per10000Children);
        let own = parts.filter(move |part| {
            top(&part.id).zip(top("")).is_some_and(|(part, own)| part.iter().all(|at| own.get(at.0) == Some(at.1)))
        });
        own.map(|part| Relation::SameNumerator { parts: vec![String::new(), part.id.clone()] })
    }

    /// Whether a share is of everybody wherever it is given.
    fn is_everybody(&self, of: &CountOf) -> bool {
        let own = self.counts.get(&(of.0.clone(), of.1.clone(), CountKind::Denominator));
        of.2 != CountKind::Denominator && own.is_some() && self.counts.get(of) == own
    }
}

fn worlds(seeds: &[u64]) -> Worlds {
    let mut counts: BTreeMap<CountOf, BTreeMap<Where, i64>> = BTreeMap::new();
    let mut measures = Vec::new();
    for seed in seeds {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { seed: *seed, months: 24, ..Options::default() };
        simulate(&options, folder.path(), &mut |_, _| {}).unwrap();
        let key = Key::from_bytes([7; 32]);
        let checked = build::check(folder.path(), Some(&key), None, "2026-12-31".parse().unwrap()).unwrap();
        let built = build::build(checked, &folder.path().join("releases")).unwrap();
        let report = open_restricted(&built.written.dir).unwrap();
        for figure in &report.figures {
            let part = figure.part().unwrap_or_default().to_owned();
            let place = (*seed, figure.dimension, figure.group().to_owned(), figure.period);
            for (kind, count) in told(figure) {
                counts.entry((figure.measure.clone(), part.clone(), kind)).or_default().insert(place.clone(), count);
            }
        }
        // As their headers say it: the restricted edition also has what the build found.
        let board = open_board(&built.written.dir).unwrap();
        numbers_at_risk_tell_no_withheld_share(&board.figures);
        no_small_number_lies_between_shown_counts(&board.measures, &board.figures);
        a_largest_tells_no_withheld_count(&board.figures);
        measures = board.measures;
    }
    Worlds { measures, counts }
}

/// Where nobody's follow-up ends early, those no longer followed at a day of a curve are those whose wait has ended by it.
fn numbers_at_risk_tell_no_withheld_share(figures: &[Figure]) {
    let mut shown = 0;
    for figure in figures.iter().filter(|one| one.symbol.is_none() && one.measure.starts_with("time_to_")) {
        let Some(day) = figure.part().and_then(|part| part.strip_prefix('n')) else { continue };
        let (share, at) = (format!("s{day}"), (figure.dimension, figure.group(), figure.period));
        let beside = figures.iter().find(|one| {
            one.measure == figure.measure
                && one.part() == Some(&share)
                && (one.dimension, one.group(), one.period) == at
        });
        assert_ne!(beside.unwrap().symbol, Some(Symbol::Confidential), "{} {share} {}", figure.measure, figure.period);
        let gone = figure.denominator.unwrap() - figure.numerator.unwrap();
        assert!(!(1..=5).contains(&gone), "{} n{day} {}: {gone}", figure.measure, figure.period);
        shown += 1;
    }
    assert!(shown > 3, "{shown} numbers at risk are shown");
}

/// Of two shown counts of which one is some of the other, none or at least as many as are shown lie between.
fn no_small_number_lies_between_shown_counts(measures: &[Measure], figures: &[Figure]) {
    let mut counts: BTreeMap<CountOf, BTreeMap<(Dimension, &str, Period), i64>> = BTreeMap::new();
    for figure in figures {
        for (kind, count) in told(figure) {
            let of = (figure.measure.clone(), figure.part().unwrap_or_default().to_owned(), kind);
            counts.entry(of).or_default().insert((figure.dimension, figure.group(), figure.period), count);
        }
    }
    let owned = |(measure, part, kind): NamedCount<'_>| (measure.to_owned(), part.to_owned(), kind);
    let mut apart = 0;
    for measure in measures {
        for (narrow, wide) in measure.relations.iter().flat_map(|relation| relation.nested(&measure.id)) {
            let (Some(narrows), Some(wides)) = (counts.get(&owned(narrow)), counts.get(&owned(wide))) else { continue };
            for (place, narrower) in narrows {
                let Some(between) = wides.get(place).map(|wider| wider - narrower) else { continue };
                assert!(between == 0 || between >= 6, "{narrow:?} within {wide:?} {place:?}: {between}");
                apart += usize::from(between > 0);
            }
        }
    }
    assert!(apart > 100, "{apart} pairs are shown");
}

/// Where nobody is missing there is no longest spell: it looks as it does where a few are, wherever their number is withheld.
fn a_largest_tells_no_withheld_count(figures: &[Figure]) {
    let at = |figure: &Figure| (figure.dimension, figure.group().to_owned(), figure.period);
    let missing_now = || figures.iter().filter(|one| one.measure == "missing_now");
    let is_withheld = |one: &&Figure| one.part().is_none() && one.symbol == Some(Symbol::Confidential);
    let withheld: BTreeSet<_> = missing_now().filter(is_withheld).map(at).collect();
    let mut beside = 0;
    for longest in missing_now().filter(|one| one.part() == Some("longest") && withheld.contains(&at(one))) {
        assert_eq!(
            (longest.value, longest.symbol),
            (None, Some(Symbol::Confidential)),
            "{} {}",
            longest.level,
            longest.period
        );
        beside += 1;
    }
    assert!(beside > 10, "{beside} numbers of children missing are withheld");
}

/// The counts that a figure tells; off a curve, where nobody was censored.
fn told(figure: &Figure) -> Vec<(CountKind, i64)> {
    if figure.symbol == Some(Symbol::Confidential) || figure.provisional {
        return Vec::new();
    }
    // The population is public, and no count of children at risk.
    if figure.unit == Unit::Per10000Children {
        return figure.numerator.map(|top| (CountKind::Numerator, top)).into_iter().collect();
    }
    let bottom = figure.denominator;
    let off_curve = || {
        let count = figure.value.filter(|_| figure.unit == Unit::Proportion)? * bottom? as f64;
        ((count - count.round()).abs() < 0.003).then_some(count.round() as i64)
    };
    let top = figure.numerator.or_else(off_curve);
    let rest = || Some(bottom.filter(|_| figure.unit == Unit::Proportion)? - top?);
    [(CountKind::Numerator, top), (CountKind::Rest, rest()), (CountKind::Denominator, bottom)]
        .into_iter()
        .filter_map(|(kind, count)| Some((kind, count?)))
        .collect()
}

fn is_always_the_same(one: &BTreeMap<Where, i64>, other: &BTreeMap<Where, i64>) -> bool {
    let mut numbers = BTreeSet::new();
    let mut places = 0;
    for (place, count) in one {
        match other.get(place) {
            Some(same) if same == count => {
                numbers.insert(count);
                places += 1;
            }
            Some(_) => return false,
            None => {}
        }
    }
    places >= PLACES && numbers.len() >= DIFFERENT_NUMBERS
}

#[test]
fn counts_that_are_always_the_same_number_are_declared() {
    let worlds = worlds(&[3, 8]);
    let mut declared = SameCounts::default();
    for measure in &worlds.measures {
        measure.relations.iter().for_each(|relation| declared.add(&measure.id, relation));
        worlds.own_numerators_per_population(measure).for_each(|relation| declared.add(&measure.id, &relation));
    }
    let counts: Vec<_> = worlds.counts.iter().collect();
    let mut undeclared = Vec::new();
    for (at, (one, of_one)) in counts.iter().enumerate() {
        for (other, of_other) in &counts[at + 1..] {
            // A share of everybody, or of nobody: its zeros say so.
            let is_all = worlds.is_everybody(one) || worlds.is_everybody(other);
            if !is_all && !declared.knows(one, other) && is_always_the_same(of_one, of_other) {
                undeclared.push(format!("{one:?} = {other:?}"));
            }
        }
    }
    assert!(undeclared.is_empty(), "no [[relation]] says so:\n{}", undeclared.join("\n"));
    stocks_carry_over(&worlds);
}

/// Of the whole: what there was, and what started, is what there is, and what stopped.
fn stocks_carry_over(worlds: &Worlds) {
    let mut found = 0;
    let count = |measure: &str, part: &str, place: &Where| {
        let of = (measure.to_owned(), part.to_owned(), CountKind::Numerator);
        worlds.counts.get(&of)?.get(place).copied()
    };
    for measure in &worlds.measures {
        let ids = |id: &str| measure.parts.iter().any(|part| part.id == id);
        let declared = measure.relations.iter().any(|relation| matches!(relation, Relation::Carries { .. }));
        assert_eq!(declared, ids("started") && ids("stopped"), "{}", measure.id);
        let Some(stock) = worlds.counts.get(&(measure.id.clone(), String::new(), CountKind::Numerator)) else {
            continue;
        };
        for (place, now) in stock.iter().filter(|(place, _)| declared && place.1 == Dimension::Total) {
            let before = (place.0, place.1, place.2.clone(), Period::Month(place.3.first_month().plus(-1)));
            let Some(before) = stock.get(&before) else { continue };
            let (Some(started), Some(stopped)) =
                (count(&measure.id, "started", place), count(&measure.id, "stopped", place))
            else {
                continue;
            };
            assert_eq!(before + started, now + stopped, "{} {place:?}", measure.id);
            found += 1;
        }
    }
    assert!(found >= 60, "{found}");
}
