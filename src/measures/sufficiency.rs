//! Whether the data supplied can answer a measure, for which months, and which extract would answer it if not.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeDelta};

use super::figures::Reach;
use super::header::Header;
use super::shown::Shown;
use crate::config::Config;
use crate::domain::{Definitions, Month};
use crate::ingest::{Staged, Table};
use crate::marts::{Mart, mart};
use crate::release::Sufficiency;

/// Reference tables say who children are, not what happened by when; they do not bound a measure's months.
const REFERENCE: [Table; 2] = [Table::Population, Table::Crosswalk];

/// The answer to "can this be known?".
pub(crate) fn sufficiency(header: &Header, staged: &Staged) -> Sufficiency {
    let marts: Vec<Mart> = header.needs.iter().filter_map(|need| mart(need)).collect();
    let given = |table: &Table| staged.supplied.contains(table);
    let mut wanted = BTreeSet::new();
    for mart in &marts {
        wanted.extend(mart.needs.iter().filter(|table| !given(table)).map(|table| table.in_words().to_owned()));
        if !mart.needs_any.is_empty() && !mart.needs_any.iter().any(given) {
            let any: Vec<_> = mart.needs_any.iter().map(|table| table.in_words()).collect();
            wanted.insert(any.join(" or "));
        }
    }
    if !wanted.is_empty() {
        return Sufficiency::CannotBeKnown { wanted: wanted.into_iter().collect() };
    }
    let lacking = marts
        .iter()
        .flat_map(|mart| mart.wants)
        .filter(|(table, _)| !given(table))
        .map(|(table, missing)| format!("No {} were supplied: {missing}.", table.in_words()));
    let because: BTreeSet<String> = lacking.chain(marts.iter().filter_map(|mart| without_rows(mart, staged))).collect();
    if because.is_empty() {
        Sufficiency::Sufficient
    } else {
        Sufficiency::Partial { because: because.into_iter().collect() }
    }
}

/// Whether the data supplied can answer, be it in part.
pub(crate) fn is_known(header: &Header, staged: &Staged) -> bool {
    !matches!(sufficiency(header, staged), Sufficiency::CannotBeKnown { .. })
}

/// A nought worked out from an extract of which no row was kept may mean that nothing happened or that nothing was sent.
fn without_rows(mart: &Mart, staged: &Staged) -> Option<String> {
    let has_rows = |table: &Table| staged.tables.get(table).is_some_and(|frame| frame.height() > 0);
    let any_empty: Vec<&Table> = mart.needs_any.iter().filter(|table| staged.supplied.contains(table)).collect();
    let mut empty: Vec<&Table> = mart.needs.iter().filter(|table| !has_rows(table)).collect();
    if !any_empty.is_empty() && !any_empty.iter().any(|table| has_rows(table)) {
        empty.extend(any_empty);
    }
    let tables: Vec<&str> = empty.iter().map(|table| table.in_words()).collect();
    (!tables.is_empty()).then(|| {
        let tables = tables.join(" and ");
        format!("No row of {tables} was kept: a nought may mean that nothing happened, or that nothing was sent.")
    })
}

/// The months a measure can be shown for, and the last complete one; none where nothing is dated.
///
/// A month that begins after every source's cut date is a gap, not a zero.
pub(crate) fn reach(header: &Header, staged: &Staged, as_at: NaiveDate, definitions: &Definitions) -> Option<Reach> {
    let sources = sources_of(header, staged);
    let used: Vec<_> = staged.sources.iter().filter(|source| sources.contains(&source.name)).collect();
    let data_to = used.iter().map(|source| source.data_to.min(as_at));
    let (earliest_cut, latest_cut) = (data_to.clone().min()?, data_to.max()?);
    let earliest_event = used.iter().filter_map(|source| staged.data_from.get(&source.name)).min()?;
    let declared = used.iter().filter_map(|source| source.data_from).max();
    let last = Month::of(latest_cut);
    let first = Month::of(*earliest_event)
        .max(Month::of(as_at).plus(1 - definitions.history_months as i32))
        .max(declared.map_or(Month::of(*earliest_event), |from| first_covered(header, from, definitions)));
    if first > last {
        return None;
    }
    let settled = earliest_cut - Days::new(u64::from(header.horizon_days));
    let settled_month = Month::of(settled);
    let complete_to = if settled_month.last_on() <= settled { settled_month } else { settled_month.plus(-1) };
    let arrived = arrived_to(header, staged, &sources);
    let arrived_to = arrived.into_iter().try_fold(last, |sooner, month| month.map(|month| month.min(sooner)));
    let complete_to = arrived_to.map(|arrived| arrived.min(complete_to));
    Some(Reach { shown: Shown::new(first, last, complete_to), complete_to, arrived_to, earliest_cut })
}

/// The first month that a declared start of history covers whole, with the days a measure looks back before month end.
fn first_covered(header: &Header, from: NaiveDate, definitions: &Definitions) -> Month {
    let named = |name: &String| definitions.numbers().into_iter().find(|(known, ..)| known == name);
    let days = header.look_back.as_ref().and_then(named).map_or(0, |(_, days, _)| days);
    let reaches_back_to = |month: Month| month.last_on() - TimeDelta::days((days - 1).max(0));
    let whole = if Month::of(from).first_on() == from { Month::of(from) } else { Month::of(from).next() };
    std::iter::successors(Some(whole), |month| Some(month.next()))
        .take(1_200)
        .find(|month| reaches_back_to(*month) >= from)
        .unwrap_or(whole)
}

/// For each table a measure uses: the last month of which enough has arrived, where that could be estimated.
fn arrived_to(header: &Header, staged: &Staged, sources: &BTreeSet<String>) -> Vec<Option<Month>> {
    let tables = tables_of(header);
    let used = |(source, table): &(String, Table)| sources.contains(source) && tables.contains(table);
    staged.complete_to.iter().filter(|(place, _)| used(place)).map(|(_, month)| *month).collect()
}

/// The strictest threshold that a source behind the measure asks for, where that is more than the policy's.
pub(crate) fn smallest_shown(header: &Header, staged: &Staged, config: &Config) -> Option<u32> {
    let sources = sources_of(header, staged);
    let asked = config.sources.iter().filter(|source| sources.contains(&source.name));
    asked.filter_map(|source| source.smallest_shown).max().filter(|asked| *asked > config.policy.smallest_shown())
}

/// The names of the sources that can move a measure: those its marts read, and those that say who the children are.
pub(crate) fn rests_on(header: &Header, staged: &Staged) -> Vec<String> {
    let of_children = staged.suppliers.get(&Table::Children).into_iter().flatten().cloned();
    sources_of(header, staged).into_iter().chain(of_children).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The names of the sources whose tables a measure's marts read.
fn sources_of(header: &Header, staged: &Staged) -> BTreeSet<String> {
    let tables = tables_of(header);
    tables.iter().filter_map(|table| staged.suppliers.get(table)).flatten().cloned().collect()
}

/// The staged tables that a measure's marts read and that say what happened by when.
fn tables_of(header: &Header) -> BTreeSet<Table> {
    let marts = header.needs.iter().filter_map(|need| mart(need));
    marts
        .flat_map(|mart| {
            let wanted = mart.wants.iter().map(|(table, _)| *table);
            mart.needs.iter().copied().chain(mart.needs_any.iter().copied()).chain(wanted).collect::<Vec<_>>()
        })
        .filter(|table| !REFERENCE.contains(table) && *table != Table::Children)
        .collect()
}
