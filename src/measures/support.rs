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
    let mut levels = Levels::new();
    let (mut figures, mut effects) = (Vec::new(), Vec::new());
    for (service, needs) in by_service {
        let matched = impact::matched(histories, &needs, data_from);
        let effects_found = impact::effects(histories, &matched, &outcomes, &settings);
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
