//! What is known of each child over time, for the effect of support: missing spells, harm, the themes of signals, follow-up.

use std::collections::BTreeMap;

use itertools::izip;
use polars::prelude::*;

use super::frame::{ByChild, Day, days, keys};
use super::leaving::Leavings;
use super::missing_spells::{End, Spell};
use super::signals::NEVER_WERE;
use crate::impact::ChildRecord;
use crate::ingest::Table;

/// One record per child with a missing spell, a harm event, a signal or details, in order of the children's keys.
pub(super) fn histories<'a>(
    table: &impl Fn(Table) -> &'a DataFrame,
    spells: &ByChild<Spell>,
    leavings: &Leavings,
    as_at: Day,
) -> PolarsResult<Vec<ChildRecord>> {
    let (children, harm_events) = (table(Table::Children), table(Table::HarmEvents));
    let mut records: BTreeMap<i64, ChildRecord> = BTreeMap::new();
    for (child, born_on) in izip!(keys(children, "child_id")?, days(children, "birth_month_on")?) {
        let record = of(&mut records, child, leavings, as_at);
        record.born_on = [record.born_on, born_on].into_iter().flatten().min();
    }
    for child in spells.children() {
        of(&mut records, child, leavings, as_at).spells =
            spells.of(child).iter().map(|(_, spell)| nights_of(spell)).collect();
    }
    for (child, occurred_on) in izip!(keys(harm_events, "child_id")?, days(harm_events, "occurred_on")?) {
        let Some(day) = occurred_on.filter(|day| *day <= as_at) else { continue };
        of(&mut records, child, leavings, as_at).harmed_on.push(day);
    }
    for (child, raised_on, theme) in themes(table(Table::RiskSignals))? {
        of(&mut records, child, leavings, as_at).themes.push((raised_on, theme));
    }
    for record in records.values_mut() {
        record.spells.sort_unstable();
        record.harmed_on.sort_unstable();
        record.harmed_on.dedup();
        record.themes.sort_unstable();
    }
    Ok(records.into_values().collect())
}

fn of<'a>(
    records: &'a mut BTreeMap<i64, ChildRecord>,
    child: i64,
    leavings: &Leavings,
    as_at: Day,
) -> &'a mut ChildRecord {
    records.entry(child).or_insert_with(|| ChildRecord {
        child,
        born_on: None,
        spells: Vec::new(),
        harmed_on: Vec::new(),
        themes: Vec::new(),
        followed_until: leavings.of(child, as_at).map_or(as_at + 1, |(left_on, _)| left_on),
    })
}

/// From the first night to the day it ended; a spell whose end nobody recorded has no nights.
fn nights_of(spell: &Spell) -> (Day, Option<Day>) {
    let ended_on = match spell.end {
        End::Returned(at) => Some(at.on),
        End::Left(on) => Some(on),
        End::Open => None,
        End::Unknown => Some(spell.start.on),
    };
    (spell.start.on, ended_on)
}

/// Child, day raised, and a number for the theme that does not depend on the order of rows; 0 for missing or none.
fn themes(risk_signals: &DataFrame) -> PolarsResult<Vec<(i64, Day, u32)>> {
    let texts = |name: &str| -> PolarsResult<Vec<Option<String>>> {
        let column = risk_signals.column(name)?.cast(&DataType::String)?;
        Ok(column.as_materialized_series().str()?.iter().map(|text| text.map(str::to_owned)).collect())
    };
    let number = |theme: Option<&str>| match theme {
        None | Some("missing") => 0,
        Some("cce") => 1,
        Some("cse") => 2,
        Some("gangs") => 3,
        Some("trafficking") => 4,
        Some(_) => 5,
    };
    let rows = izip!(
        keys(risk_signals, "child_id")?,
        days(risk_signals, "raised_on")?,
        texts("theme")?,
        texts("closed_reason")?
    );
    Ok(rows
        .filter(|(.., reason)| !reason.as_deref().is_some_and(|reason| NEVER_WERE.contains(&reason)))
        .filter_map(|(child, raised_on, theme, _)| Some((child, raised_on?, number(theme.as_deref()))))
        .collect())
}
