//! The effect of each service: needs in, one difference of differences a service and outcome out.

use std::collections::BTreeMap;

use super::cells::{CellKey, Levels};
use super::contributions::{Spell, Words};
use super::figures::{Reach, figure};
use super::header::Header;
use crate::disclosure::{Contributors, ExactFigure};
use crate::domain::{Definitions, Dimension, Period};
use crate::impact::{self, ChildRecord, Effect, Need, Outcome, Settings};
use crate::marts::day_of;
use crate::release::SupportEffect;
use crate::stats::Estimate;

/// How a need ended, as the query writes it.
const STARTED: u8 = 1;
const STOPPED_WAITING: u8 = 2;

/// Every service's effect on every outcome its header names as a part: figures for the export, and the whole comparison
/// for the page; an outcome that no extract tells of has neither. All starts so far count, dated by the last complete month.
pub(crate) fn figures(
    header: &Header,
    needs: &[Spell],
    words: &Words,
    histories: &[ChildRecord],
    definitions: &Definitions,
    reach: Reach,
    known: &dyn Fn(Outcome) -> bool,
) -> (Vec<ExactFigure>, Vec<SupportEffect>) {
    let Some(month) = reach.complete_to.map(|complete| complete.min(reach.shown.last)) else {
        return (Vec::new(), Vec::new());
    };
    let settings = Settings {
        fewest_children: definitions.effect_fewest_children as usize,
        share_worth_having: f64::from(definitions.effect_worth_having_percent) / 100.0,
        ..Settings::default()
    };
    let data_from = day_of(reach.shown.first.first_on());
    let mut by_service: BTreeMap<&str, Vec<Need>> = BTreeMap::new();
    for spell in needs {
        let Some(service) = spell.own.service else { continue };
        by_service.entry(words.word(service)).or_default().push(need(spell));
    }
    let asked = header.part.iter().enumerate().filter_map(|(at, part)| Some((at, part, outcome(&part.id)?)));
    let (parts, outcomes): (Vec<_>, Vec<_>) =
        asked.filter(|(.., outcome)| known(*outcome)).map(|(at, part, outcome)| ((at, part), outcome)).unzip();
    let histories = whatever_the_key(histories, &by_service);
    let mut levels = Levels::new();
    let (mut figures, mut effects) = (Vec::new(), Vec::new());
    for (service, needs) in by_service {
        let matched = impact::matched(&histories, &needs, data_from);
        let effects_found = impact::effects(&histories, &matched, &outcomes, &settings);
        for ((at, part), effect) in parts.iter().zip(effects_found) {
            let key = CellKey {
                period: Period::Month(month),
                dimension: Dimension::Service,
                level: levels.number(service),
                part: at + 1,
            };
            figures.push(exact(header, &key, &part.id, &effect, reach, &levels));
            effects.push(SupportEffect::new(service, &part.id, &effect, impact::verdict(&effect, &settings)));
        }
    }
    (figures, effects)
}

/// Histories in an order that follows from what they and the children's needs tell, so that the bootstrap draws the same
/// children whatever the key that made their pseudonyms: a verdict must not hang on it.
fn whatever_the_key(histories: &[ChildRecord], by_service: &BTreeMap<&str, Vec<Need>>) -> Vec<ChildRecord> {
    let mut needs: BTreeMap<i64, Vec<_>> = BTreeMap::new();
    for (service, of_service) in by_service {
        for need in of_service {
            let told = (*service, need.identified_on, need.started_on, need.stopped_waiting_on);
            needs.entry(need.child).or_default().push(told);
        }
    }
    for told in needs.values_mut() {
        told.sort_unstable();
    }
    let mut ordered: Vec<&ChildRecord> = histories.iter().collect();
    ordered.sort_by_cached_key(|record| {
        // Themes are numbered as they come: their days alone say enough.
        let signals: Vec<_> = record.themes.iter().map(|(day, _)| *day).collect();
        let of_child = (record.born_on, &record.spells, &record.harmed_on, record.followed_until);
        (of_child, signals, needs.get(&record.child))
    });
    ordered.into_iter().cloned().collect()
}

fn need(spell: &Spell) -> Need {
    let ended_on = spell.on + i32::try_from(spell.time).unwrap_or(i32::MAX - spell.on);
    Need {
        child: spell.child,
        identified_on: spell.on,
        started_on: (spell.cause == STARTED).then_some(ended_on),
        stopped_waiting_on: (spell.cause == STOPPED_WAITING).then_some(ended_on),
    }
}

/// The outcome that a part of the header names.
fn outcome(part: &str) -> Option<Outcome> {
    match part {
        "missing_nights" => Some(Outcome::MissingNights),
        "harm_days" => Some(Outcome::HarmDays),
        _ => None,
    }
}

fn exact(header: &Header, key: &CellKey, part: &str, effect: &Effect, reach: Reach, levels: &Levels) -> ExactFigure {
    let children = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let estimate = effect.estimate.map(|value| Estimate { value, lower: effect.lower, upper: effect.upper });
    let counts = (None, i64::try_from(effect.matched).ok());
    let unit = header.part.get(key.part - 1).map_or(header.unit, |part| part.unit);
    ExactFigure {
        figure: figure(header, key, Some(part), counts, (unit, estimate), reach, levels),
        contributors: Contributors {
            numerator_children: children(effect.matched.min(effect.compared)),
            denominator_children: children(effect.matched),
            largest_share: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(pseudonym: i64, spells: &[i32]) -> ChildRecord {
        ChildRecord {
            child: pseudonym,
            born_on: None,
            spells: spells.iter().map(|day| (*day, Some(day + 1))).collect(),
            harmed_on: Vec::new(),
            themes: Vec::new(),
            followed_until: 900,
        }
    }

    /// When help started for each child, in order; the child without help has other spells.
    fn starts_in_order(pseudonyms: [i64; 3]) -> Vec<Option<i32>> {
        let [one, other, third] = pseudonyms;
        let mut histories = vec![child(one, &[100]), child(other, &[100]), child(third, &[50, 70])];
        histories.sort_by_key(|record| record.child);
        let need = |child, started_on| Need { child, identified_on: 10, started_on, stopped_waiting_on: None };
        let needs = vec![need(one, Some(300)), need(other, Some(200)), need(third, None)];
        let starts: BTreeMap<i64, Option<i32>> = needs.iter().map(|need| (need.child, need.started_on)).collect();
        let ordered = whatever_the_key(&histories, &BTreeMap::from([("mental_health", needs)]));
        ordered.into_iter().map(|record| starts[&record.child]).collect()
    }

    #[test]
    fn another_key_leaves_children_in_the_same_order() {
        for pseudonyms in [[1, 2, 3], [9, 4, 7], [5, 6, 1]] {
            assert_eq!(starts_in_order(pseudonyms), [None, Some(200), Some(300)]);
        }
    }
}
