//! Extracts in, staged tables out: read as text by contract, typed, pseudonymised, linked, every row accounted for.
//!
//! What is wrong with a whole file stops the build, everything at once; what is wrong with a row sets the row aside with
//! a rule. No message holds a value. Knows nothing of measures or pages.

mod across;
mod contract;
mod dates;
mod dfe;
mod files;
#[cfg(test)]
mod format_tests;
mod ledger;
mod made;
mod mappings;
mod native;
mod partnership;
mod pseudonyms;
mod read;
mod return_rules;
mod rows;
mod rules;
mod shape;
mod sheet;
mod sources;
mod ssd;
mod ssda903;
mod stage;
mod table;
mod templates;
#[cfg(test)]
mod tests;
mod typed;
mod typing;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

pub use crate::config::{Problem, Problems};
pub use ledger::{Finding, Ledger, Outcome, RULES, Rule, Totals};
#[cfg(test)]
pub(crate) use shape::KEYS_KEPT;
pub use shape::{Keyed, Shape};
pub use table::Table;
pub use templates::{Asked, asked, columns, tables};

use crate::config::{Config, Format, Key};
use crate::domain::Month;
use crate::release::{LinkRate, Source};
use files::{Found, Loaded};
use pseudonyms::{Crosswalk, Pseudonyms};
use rows::Rows;
use rules::Bounds;

/// Everything the extracts say, ready for the marts.
#[derive(Clone, Debug)]
pub struct Staged {
    /// The last day counted.
    pub as_at: NaiveDate,
    /// Every table, empty where no source gives it.
    pub tables: BTreeMap<Table, DataFrame>,
    /// The tables that some source gives, be it an empty file.
    pub supplied: BTreeSet<Table>,
    /// The names of the sources of each table.
    pub suppliers: BTreeMap<Table, BTreeSet<String>>,
    /// Every source as it arrived, in the configuration's order.
    pub sources: Vec<Source>,
    /// How many identifiers of each agency are linked.
    pub links: Vec<LinkRate>,
    /// What was found, and what became of every row.
    pub ledger: Ledger,
    /// Each source's name and a keyed hash of its rows, whatever their order, in hexadecimal.
    pub inputs: Vec<(String, String)>,
    /// The day of each source's earliest event.
    pub data_from: BTreeMap<String, NaiveDate>,
    /// What the next build must remember of every table.
    pub shapes: Vec<Shape>,
    /// Tells whether two builds used one pseudonym key.
    pub key_check: String,
    /// By source and table: the last month of which enough has arrived, where that could be estimated.
    pub complete_to: BTreeMap<(String, Table), Option<Month>>,
}

/// HMAC-SHA256 of parts under the project's key, for what build must remember without knowing it.
pub(crate) fn keyed_digest(key: &Key, parts: &[&str]) -> [u8; 32] {
    Pseudonyms::new(key).digest(parts)
}

/// Reads every source of a project. `as_at` gives the last day counted, from the latest cut date that a source declares.
pub fn ingest(
    config: &Config,
    folder: &Path,
    as_at: impl FnOnce(Option<NaiveDate>) -> NaiveDate,
    key: &Key,
) -> Result<Staged, Problems> {
    let pseudonyms = Pseudonyms::new(key);
    let mut ledger = Ledger::default();
    let (found, mut problems) = found(config, folder);
    problems.extend(mappings::problems(config, &found));
    let mut tables: BTreeMap<(usize, &'static str), Rows> = BTreeMap::new();

    let (links, others) = crosswalk_files(config, found, &pseudonyms, &mut problems);
    gather(config, links, &mut tables, &mut ledger);
    for rows in tables.values_mut() {
        // It has no dates, so none is too late.
        rules::apply(rows, Format::Native, Bounds { as_at: i32::MAX, data_to: i32::MAX }, &mut ledger);
        links_of_no_source(config, rows, &mut ledger);
    }
    let crosswalk = crosswalk(&tables);

    let loaded = load_all(config, &others, &pseudonyms, &crosswalk, &mut problems);
    if !problems.is_empty() {
        problems.sort();
        return Err(Problems(problems));
    }
    let declared = config.sources.iter().filter_map(|source| source.data_to);
    let as_at = as_at(declared.chain(loaded.iter().filter_map(|one| one.part.cut_on)).max());
    let identifiers = identifiers(config, &loaded);
    let crosswalk_tables: BTreeSet<_> = tables.keys().copied().collect();
    gather(config, loaded, &mut tables, &mut ledger);
    for (place, rows) in &mut tables {
        if !crosswalk_tables.contains(place) && !rows.contract.fields.is_empty() {
            let format = config.sources.get(rows.source).map_or(Format::Native, |source| source.format);
            rules::apply(rows, format, bounds(config, rows, as_at), &mut ledger);
        }
    }
    let assessments = across::apply(config, &mut tables, &mut ledger);
    for ((number, _), rows) in &tables {
        if let Some(source) = config.sources.get(*number) {
            sources::count(rows, ledger.totals.entry(source.name.clone()).or_default());
        }
    }
    let unread = sources::nothing_kept(config, &ledger);
    if !unread.is_empty() {
        return Err(Problems(unread));
    }
    let staged = stage_all(config, &tables, &pseudonyms, &assessments).map_err(|error| {
        Problems(vec![
            Problem::new("staged tables", "F99", format!("cannot be made: {error}"))
                .hint("this is a defect of Sightline: please report it"),
        ])
    })?;
    Ok(described(config, as_at, &pseudonyms, &tables, staged, &crosswalk, &identifiers, ledger))
}

fn found(config: &Config, folder: &Path) -> (Vec<Found>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (number, source) in config.sources.iter().enumerate() {
        match files::find(number, source, folder) {
            Ok(files) => found.extend(files),
            Err(more) => problems.extend(more),
        }
    }
    (found, problems)
}

/// The crosswalk's files, read, and the other files, yet to be read.
fn crosswalk_files(
    config: &Config,
    found: Vec<Found>,
    pseudonyms: &Pseudonyms,
    problems: &mut Vec<Problem>,
) -> (Vec<Loaded>, Vec<Found>) {
    let (mut links, mut others) = (Vec::new(), Vec::new());
    for file in found {
        let Some(source) = config.sources.get(file.source) else {
            continue;
        };
        if !contract::may_be_crosswalk(source.format, source.table.as_deref(), &file.label) {
            others.push(file);
            continue;
        }
        match files::identify(&file, source) {
            Ok((opened, contract)) if contract.name == contract::CROSSWALK => {
                match files::load(&file, source, opened, contract, pseudonyms, &Crosswalk::default()) {
                    Ok(loaded) => links.push(loaded),
                    Err(more) => problems.extend(more),
                }
            }
            _ => others.push(file),
        }
    }
    (links, others)
}

/// Links of an agency that no source is of: nothing is linked by them.
fn links_of_no_source(config: &Config, rows: &mut Rows, ledger: &mut Ledger) {
    let agencies: BTreeSet<&str> = config.sources.iter().map(|source| source.agency.as_str()).collect();
    let agency = rows.column("agency");
    let is_of_none = |row: &usize| agency.text(*row).is_some_and(|agency| !agencies.contains(agency));
    let of_none: Vec<usize> = rows.kept().into_iter().filter(is_of_none).collect();
    rows.mark(ledger, ledger::NO_SUCH_AGENCY, Some("agency"), Outcome::Kept, of_none);
}

fn crosswalk(tables: &BTreeMap<(usize, &'static str), Rows>) -> Crosswalk {
    let mut crosswalk = Crosswalk::default();
    for rows in tables.values() {
        let (agency, theirs, ours) = (rows.column("agency"), rows.column("agency_child_id"), rows.column("child_id"));
        for row in rows.kept() {
            if let (Some(agency), Some(theirs), Some(ours)) = (agency.text(row), theirs.text(row), ours.text(row)) {
                crosswalk.by_agency.entry(agency.to_owned()).or_default().insert(theirs.to_owned(), ours.to_owned());
            }
        }
    }
    crosswalk
}

fn load_all(
    config: &Config,
    files: &[Found],
    pseudonyms: &Pseudonyms,
    crosswalk: &Crosswalk,
    problems: &mut Vec<Problem>,
) -> Vec<Loaded> {
    let results: Vec<Result<Loaded, Vec<Problem>>> = files
        .par_iter()
        .filter_map(|file| {
            let source = config.sources.get(file.source)?;
            let identified = files::identify(file, source);
            Some(
                identified
                    .and_then(|(opened, contract)| files::load(file, source, opened, contract, pseudonyms, crosswalk)),
            )
        })
        .collect();
    let mut loaded = Vec::new();
    for result in results {
        match result {
            Ok(one) => loaded.push(one),
            Err(more) => problems.extend(more),
        }
    }
    loaded
}

/// Puts the files of one table of one source together, in order of their names.
fn gather(
    config: &Config,
    loaded: Vec<Loaded>,
    tables: &mut BTreeMap<(usize, &'static str), Rows>,
    ledger: &mut Ledger,
) {
    for one in loaded {
        let Some(source) = config.sources.get(one.source) else {
            continue;
        };
        files::note(&one, source, ledger);
        let totals = ledger.totals.entry(source.name.clone()).or_default();
        totals.rows_in += one.ragged.len() as u64;
        totals.quarantined += one.ragged.len() as u64;
        let rows = tables
            .entry((one.source, one.contract.name))
            .or_insert_with(|| Rows::new(one.source, &source.name, one.contract));
        let first = rows.len() == 0;
        rows.append(one.part, ledger);
        if first
            && source.data_to.is_none()
            && rows.cut_on.is_none()
            && !one.contract.timeless
            && !one.contract.fields.is_empty()
        {
            rows.note(ledger, ledger::NO_CUT_DATE);
        }
    }
}

/// A table's cut date: declared in the settings or by its own files.
fn cut_on(config: &Config, rows: &Rows) -> Option<NaiveDate> {
    config.sources.get(rows.source).and_then(|source| source.data_to).or(rows.cut_on)
}

fn bounds(config: &Config, rows: &Rows, as_at: NaiveDate) -> Bounds {
    let data_to = cut_on(config, rows).unwrap_or(as_at);
    Bounds { as_at: dates::day_of(as_at), data_to: dates::day_of(data_to) }
}

/// Distinct identifiers of children by agency, and whether each is linked.
fn identifiers(config: &Config, loaded: &[Loaded]) -> BTreeMap<String, HashMap<String, bool>> {
    let mut by_agency: BTreeMap<String, HashMap<String, bool>> = BTreeMap::new();
    for one in loaded.iter().filter(|one| !one.identifiers.is_empty()) {
        if let Some(source) = config.sources.get(one.source) {
            let known = by_agency.entry(source.agency.clone()).or_default();
            known.extend(one.identifiers.iter().map(|(raw, linked)| (raw.clone(), *linked)));
        }
    }
    by_agency
}

fn stage_all(
    config: &Config,
    tables: &BTreeMap<(usize, &'static str), Rows>,
    pseudonyms: &Pseudonyms,
    assessments: &made::Assessments,
) -> PolarsResult<BTreeMap<Table, DataFrame>> {
    let all: Vec<&Rows> = tables.values().collect();
    let parts: Vec<Vec<(Table, DataFrame)>> = all
        .par_iter()
        .map(|rows| {
            let agency = config.sources.get(rows.source).map_or("", |source| source.agency.as_str());
            stage::stage(rows, agency, pseudonyms, assessments)
        })
        .collect::<PolarsResult<_>>()?;
    let mut staged: BTreeMap<Table, DataFrame> = BTreeMap::new();
    for (table, frame) in parts.into_iter().flatten() {
        match staged.get_mut(&table) {
            Some(whole) => {
                whole.vstack_mut(&frame)?;
            }
            None => {
                staged.insert(table, frame);
            }
        }
    }
    for table in Table::ALL {
        if let std::collections::btree_map::Entry::Vacant(empty) = staged.entry(table) {
            empty.insert(table.frame(0, Vec::new())?);
        }
    }
    for frame in staged.values_mut() {
        frame.rechunk_mut();
    }
    Ok(staged)
}

#[expect(clippy::too_many_arguments, reason = "it is the one place where everything read comes together")]
fn described(
    config: &Config,
    as_at: NaiveDate,
    pseudonyms: &Pseudonyms,
    tables: &BTreeMap<(usize, &'static str), Rows>,
    staged: BTreeMap<Table, DataFrame>,
    crosswalk: &Crosswalk,
    identifiers: &BTreeMap<String, HashMap<String, bool>>,
    mut ledger: Ledger,
) -> Staged {
    ledger.findings.sort();
    let mut suppliers: BTreeMap<Table, BTreeSet<String>> = BTreeMap::new();
    let (mut sources, mut inputs, mut data_from, mut shapes) = (Vec::new(), Vec::new(), BTreeMap::new(), Vec::new());
    for (number, source) in config.sources.iter().enumerate() {
        let own: Vec<&Rows> = tables.iter().filter(|((place, _), _)| *place == number).map(|(_, rows)| rows).collect();
        for table in own.iter().flat_map(|rows| stage::tables_of(rows)) {
            suppliers.entry(table).or_default().insert(source.name.clone());
        }
        let cut = source.data_to.or_else(|| own.iter().filter_map(|rows| rows.cut_on).min());
        sources.push(sources::described(source, &own, &ledger, (cut, as_at)));
        shapes.extend(
            own.iter()
                .filter(|rows| !rows.contract.fields.is_empty())
                .map(|rows| shape::shape(rows, &source.name, cut_on(config, rows).unwrap_or(as_at), pseudonyms)),
        );
        inputs.push((source.name.clone(), input_hash(&source.name, &own, pseudonyms)));
        if let Some(day) = sources::data_from(&own) {
            data_from.insert(source.name.clone(), day);
        }
    }
    let links = identifiers
        .iter()
        .map(|(agency, known)| LinkRate {
            agency: agency.clone(),
            identifiers: Some(known.len() as u64),
            linked: Some(known.values().filter(|linked| **linked).count() as u64),
            own_identifiers: crosswalk.uses_own_identifiers(agency),
        })
        .collect();
    Staged {
        as_at,
        tables: staged,
        supplied: suppliers.keys().copied().collect(),
        suppliers,
        sources,
        links,
        ledger,
        inputs,
        data_from,
        shapes,
        key_check: crate::config::to_hex(&pseudonyms.digest(&["key"])),
        complete_to: BTreeMap::new(),
    }
}

/// A keyed hash of a source's rows that does not depend on their order, nor on how they are spread over files.
fn input_hash(name: &str, tables: &[&Rows], pseudonyms: &Pseudonyms) -> String {
    let (mut sum, mut mixed, mut count) = (0_u64, 0_u64, 0_u64);
    for hash in tables.iter().flat_map(|rows| &rows.hashes) {
        sum = sum.wrapping_add(*hash);
        mixed = mixed.wrapping_add(hash.wrapping_mul(hash.rotate_left(29) | 1));
        count += 1;
    }
    let parts = [sum.to_string(), mixed.to_string(), count.to_string()];
    let [sum, mixed, count] = &parts;
    crate::config::to_hex(&pseudonyms.digest(&["input", name, sum, mixed, count]))
}
