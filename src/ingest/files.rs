//! From a source's paths to typed rows: finds the files, tells which table each is, maps columns, reads and types them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::config::{DateFormat, Format, Problem, Source};

use super::contract::{self, Contract, Need};
use super::dates;
use super::ledger::{self, Ledger, Outcome, Place};
use super::pseudonyms::{Crosswalk, Pseudonyms};
use super::read::{self, Opened};
use super::rows::Part;
use super::sheet::{Cells, Sheet};
use super::ssda903;
use super::typing::{self, Context};

/// Columns that are never read, whatever a format calls them.
const NEVER_READ: [&str; 4] = ["forename", "surname", "first_name", "last_name"];

/// A file of a source.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The source's place in the configuration.
    pub(crate) source: usize,
    pub(crate) path: PathBuf,
    /// Relative to the project folder.
    pub(crate) label: String,
}

/// A file, read.
pub(crate) struct Loaded {
    pub(crate) source: usize,
    pub(crate) contract: &'static Contract,
    pub(crate) part: Part,
    /// Lines that are not among the rows.
    pub(crate) ragged: Vec<u64>,
    /// Columns that no contract names.
    pub(crate) unused: Vec<String>,
    /// The identifiers of children in it, and whether each is linked.
    pub(crate) identifiers: HashMap<String, bool>,
}

/// The files of a source, in order of their names.
pub(crate) fn find(number: usize, source: &Source, folder: &Path) -> Result<Vec<Found>, Vec<Problem>> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for pattern in &source.paths {
        let wrong = |says: &str, hint: &str| {
            Problem::new(pattern, "F01", format!("source `{}`: {says}", source.name)).column("path").hint(hint)
        };
        if pattern.contains("://") {
            problems
                .push(wrong("the path is an address", "only files are read: save the extract into the project folder"));
            continue;
        }
        let whole = if Path::new(pattern).is_absolute() {
            pattern.clone()
        } else {
            format!("{}/{pattern}", glob::Pattern::escape(&folder.to_string_lossy()))
        };
        let Ok(paths) = glob::glob(&whole) else {
            problems.push(wrong("the path is not a pattern", "`*` stands for any name, `**` for any folders"));
            continue;
        };
        let before = found.len() + problems.len();
        for path in paths {
            match path {
                Ok(path) if path.is_dir() => {}
                Ok(path) => {
                    let label = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
                    found.push(Found { source: number, path, label });
                }
                Err(error) => {
                    let label =
                        error.path().strip_prefix(folder).unwrap_or(error.path()).to_string_lossy().into_owned();
                    problems.push(
                        Problem::new(
                            &label,
                            "F01",
                            format!("cannot be read: {}", crate::config::in_words(error.error())),
                        )
                        .hint("check that you may open the folder"),
                    );
                }
            }
        }
        if found.len() + problems.len() == before {
            problems.push(wrong(
                "no file matches the path",
                "check the folder and the file's ending; paths are relative to the project folder",
            ));
        }
    }
    found.sort_by(|a, b| a.label.cmp(&b.label));
    found.dedup_by(|a, b| a.path == b.path);
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Opens a file and tells which table it is.
pub(crate) fn identify(found: &Found, source: &Source) -> Result<(Opened, &'static Contract), Vec<Problem>> {
    let opened = read::open(&found.path, &found.label, source.encoding).map_err(|problem| vec![problem])?;
    let has = |name: &str| opened.header.contains(&theirs(source, name));
    let contract =
        contract::detect(source.format, source.table.as_deref(), &found.label, has).map_err(|problem| vec![problem])?;
    Ok((opened, contract))
}

/// The sender's name of one of our columns.
fn theirs(source: &Source, name: &str) -> String {
    source.columns.get(name).map_or_else(|| name.to_owned(), |theirs| theirs.trim().to_lowercase())
}

/// Reads and types a file, or says everything that is wrong with it.
pub(crate) fn load(
    found: &Found,
    source: &Source,
    opened: Opened,
    contract: &'static Contract,
    pseudonyms: &Pseudonyms,
    crosswalk: &Crosswalk,
) -> Result<Loaded, Vec<Problem>> {
    let header = opened.header.clone();
    let places = places(found, source, &header, contract)?;
    let own_cut_date = place_of_cut_date(source, &header, contract);
    let mut wanted: Vec<usize> = if contract.fields.is_empty() {
        let readable = |name: &String| !NEVER_READ.iter().any(|never| name.ends_with(never));
        (0..header.len()).filter(|place| header.get(*place).is_some_and(readable)).collect()
    } else {
        places.iter().copied().flatten().collect()
    };
    wanted.extend(own_cut_date.filter(|_| !contract.fields.is_empty()));
    let sheet = read::read(opened, &wanted, &found.label).map_err(|problem| vec![problem])?;
    let return_dates = DateFormat::new(ssda903::DATE_FORMAT);
    let context = Context {
        file: &found.label,
        table: contract.name,
        agency: &source.agency,
        pseudonyms,
        crosswalk,
        date_format: source.date_format.as_ref().or(return_dates.as_ref().filter(|_| source.format == Format::Ssda903)),
        midnight_is_bare: source.format != Format::Native,
        codes: &source.codes,
    };
    let cells_of = |place: &Option<usize>| {
        let column = wanted.iter().position(|wanted| Some(*wanted) == *place)?;
        sheet.columns.get(column)
    };
    let typed: Vec<_> = contract
        .fields
        .par_iter()
        .zip(&places)
        .map(|(field, place)| typing::typed(field, cells_of(place), &sheet, &context))
        .collect();
    let (mut columns, mut issues, mut identifiers, mut problems) = (Vec::new(), Vec::new(), HashMap::new(), Vec::new());
    let mut codes = Vec::new();
    let cut_on = cut_date(found, source, cells_of(&own_cut_date), &sheet, &context).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    for (field, outcome) in contract.fields.iter().zip(typed) {
        match outcome {
            Ok(outcome) => {
                columns.push(outcome.typed);
                if !outcome.codes.is_empty() {
                    codes.push((field.name, outcome.codes));
                }
                issues.extend(outcome.issues);
                identifiers.extend(outcome.identifiers);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let salt = pseudonyms.digest(&["row", contract.name]);
    let part = Part {
        file: found.label.clone(),
        columns,
        given: places.iter().map(Option::is_some).collect(),
        hashes: hashes(&sheet, &salt),
        lines: (0..sheet.rows).map(|row| sheet.line(row) as u32).collect(),
        issues,
        header: header.clone(),
        codes,
        cut_on,
    };
    let used = |place: usize| contract.fields.is_empty() || wanted.contains(&place);
    let unused = header.iter().enumerate().filter(|(place, _)| !used(*place)).map(|(_, name)| name.clone()).collect();
    Ok(Loaded { source: found.source, contract, part, ragged: sheet.ragged, unused, identifiers })
}

/// The column by which a native extract declares its own cut date.
pub(crate) const CUT_DATE: &str = "data_to";

fn place_of_cut_date(source: &Source, header: &[String], contract: &Contract) -> Option<usize> {
    let named = contract.fields.iter().any(|field| field.name == CUT_DATE);
    let theirs = theirs(source, CUT_DATE);
    header.iter().position(|name| *name == theirs).filter(|_| source.format == Format::Native && !named)
}

/// The cut date that a file declares: one day in every row, and the one of the settings where those give one.
fn cut_date(
    found: &Found,
    source: &Source,
    cells: Option<&Cells>,
    sheet: &Sheet,
    context: &Context<'_>,
) -> Result<Option<NaiveDate>, Problem> {
    let Some(cells) = cells else { return Ok(None) };
    let wrong = |says: &str, hint: &str| Err(Problem::new(&found.label, "F11", says).column(CUT_DATE).hint(hint));
    let mut cut_on: Option<i32> = None;
    for row in (0..sheet.rows).filter(|row| cells.has(*row)) {
        let day = dates::when(cells, row, context.date_format, context.midnight_is_bare).map(|(day, _)| day);
        match (day, cut_on) {
            (Some(day), None) => cut_on = Some(day),
            (Some(day), Some(known)) if day == known => {}
            _ => {
                return wrong(
                    "column `data_to` does not give one date, the same in every row",
                    "it is the last day the extract covers: ask the sender, or leave the column out and declare data_to",
                );
            }
        }
    }
    let cut_on = cut_on.map(dates::date_of);
    match (cut_on, source.data_to) {
        (Some(own), Some(declared)) if own != declared => wrong(
            "the cut date in its column `data_to` is not the one that the source declares",
            "take `data_to` out of the source, or declare the file's own date",
        ),
        _ => Ok(cut_on),
    }
}

fn hashes(sheet: &Sheet, salt: &[u8; 32]) -> Vec<u64> {
    (0..sheet.rows).into_par_iter().map(|row| sheet.row_hash(row, salt)).collect()
}

/// Where each field of the contract stands in the header; every column that should be there and is not is a problem.
fn places(
    found: &Found,
    source: &Source,
    header: &[String],
    contract: &'static Contract,
) -> Result<Vec<Option<usize>>, Vec<Problem>> {
    let (mut places, mut problems) = (Vec::new(), Vec::new());
    for field in contract.fields {
        let theirs = theirs(source, field.name);
        let mut standing = header.iter().enumerate().filter(|(_, name)| **name == theirs).map(|(place, _)| place);
        let place = standing.next();
        let declared = source.columns.contains_key(field.name);
        let wrong = |says: String| {
            Problem::new(&found.label, "F10", format!("contract `{}`: {says}", contract.name)).column(field.name)
        };
        if standing.next().is_some() {
            problems.push(
                wrong(format!("column `{theirs}` stands there twice"))
                    .hint("take one of them out, or give them different names"),
            );
        }
        if place.is_none() && (matches!(field.need, Need::Required | Need::Present) || declared) {
            let missing = wrong(format!("column `{theirs}` is missing"));
            problems.push(missing.hint(if declared {
                format!("the source's `columns` says that `{}` is called that; look at the file's header", field.name)
            } else {
                format!(
                    "if the sender calls it something else, declare it: columns = {{ {} = \"their name\" }}",
                    field.name
                )
            }));
        }
        places.push(place);
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
}

/// Notes what is about a file rather than its rows, and its ragged lines.
pub(crate) fn note(loaded: &Loaded, source: &Source, ledger: &mut Ledger) {
    let place = Place { source: &source.name, file: &loaded.part.file, contract: loaded.contract };
    for column in &loaded.unused {
        ledger.add(&place, ledger::UNUSED_COLUMN, Some(column), Outcome::Kept, Vec::new());
    }
    if loaded.contract.fields.is_empty() {
        ledger.add(&place, ledger::UNUSED_TABLE, None, Outcome::Kept, Vec::new());
    }
    if !loaded.ragged.is_empty() {
        ledger.add(&place, ledger::RAGGED, None, Outcome::Quarantined, loaded.ragged.clone());
    }
}
