//! What an extract looked like, as far as the next build must remember it: counts, columns, keyed hashes and dates.
//! Never a value.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rayon::slice::ParallelSliceMut as _;

use super::contract::Kind;
use super::pseudonyms::Pseudonyms;
use super::rows::Rows;
use super::stage::tables_of;
use super::table::Table;
use super::typed::Typed;

/// Keyed hashes kept of one table: beyond them the smallest stand for all, which is a sample that no one chose.
pub(crate) const KEYS_KEPT: usize = 8_192;
/// Columns with more codes than this hold words of their own rather than codes.
const CODES_AT_MOST: usize = 64;

/// One table of one source as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The source's name.
    pub source: String,
    /// The contract: `missing_episodes`, `ssd_missing`.
    pub table: String,
    /// The staged tables it gives.
    pub gives: Vec<Table>,
    /// The last day it covers.
    pub cut_on: NaiveDate,
    /// Rows in its files.
    pub rows: u64,
    /// Its columns, as the sender named them, in the first file's order.
    pub columns: Vec<String>,
    /// By column, a keyed hash of each code in it; columns of free words are left out.
    pub codes: BTreeMap<String, BTreeSet<u64>>,
    /// Its rows by keyed hash, ordered; the smallest where there are many.
    pub keys: Vec<Keyed>,
    /// Where rows say when they were recorded: the day of the event, and of its recording.
    pub recorded: Vec<(i32, i32)>,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Keyed {
    /// A keyed hash of what identifies it.
    pub key: u64,
    /// The day of its event; none where it has none or was not kept.
    pub on: Option<i32>,
}

impl Shape {
    /// True where the keys are a sample: those up to the largest of them.
    pub fn is_sampled(&self) -> bool {
        self.keys.len() >= KEYS_KEPT
    }
}

/// The shape of one table of a source.
pub(crate) fn shape(rows: &Rows, source: &str, cut_on: NaiveDate, pseudonyms: &Pseudonyms) -> Shape {
    let codes = rows.codes.iter().filter(|(_, codes)| codes.len() <= CODES_AT_MOST);
    Shape {
        source: source.to_owned(),
        table: rows.contract.name.to_owned(),
        gives: tables_of(rows),
        cut_on,
        rows: rows.len() as u64,
        columns: rows.header.clone(),
        codes: codes.map(|(column, codes)| ((*column).to_owned(), codes.clone())).collect(),
        keys: keys(rows, pseudonyms),
        recorded: recorded(rows),
    }
}

/// What identifies a row: the contract's key, else the child or its like and the day it starts.
fn identity(rows: &Rows) -> Vec<&Typed> {
    let named = |name: &&'static str| rows.column(name);
    if rows.contract.key.is_empty() {
        let is_key = |kind: Kind| matches!(kind, Kind::Child | Kind::Id(_));
        let keys = rows.contract.fields.iter().filter(|field| is_key(field.kind)).map(|field| rows.column(field.name));
        keys.chain(rows.contract.starts.iter().map(named)).collect()
    } else {
        rows.contract.key.iter().map(named).collect()
    }
}

fn keys(rows: &Rows, pseudonyms: &Pseudonyms) -> Vec<Keyed> {
    let columns = identity(rows);
    if columns.is_empty() {
        return Vec::new();
    }
    let salt = pseudonyms.of(&["state", rows.contract.name]) as u64;
    let start = rows.contract.starts.map(|name| rows.column(name));
    let mut keys: Vec<Keyed> = (0..rows.len())
        .filter_map(|row| {
            let mut key = salt;
            let mut any = false;
            for column in &columns {
                let part = part(column, row);
                any |= part.is_some();
                key = mixed(key ^ part.unwrap_or(u64::MAX));
            }
            let on = start.filter(|_| rows.is_kept(row)).and_then(|start| start.day(row));
            any.then_some(Keyed { key, on })
        })
        .collect();
    keys.par_sort_unstable();
    keys.dedup_by_key(|keyed| keyed.key);
    keys.truncate(KEYS_KEPT);
    keys
}

/// One part of what identifies a row, the same from build to build.
fn part(column: &Typed, row: usize) -> Option<u64> {
    match column.text(row) {
        // FNV-1a: words are numbered anew in every build, so the number would not do.
        Some(text) => Some(
            text.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
        ),
        None => column.identity(row).map(|number| number as u64),
    }
}

/// The finaliser of `SplitMix64`: every bit of the result depends on every bit of the number.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn recorded(rows: &Rows) -> Vec<(i32, i32)> {
    let Some(starts) = rows.contract.starts.filter(|starts| *starts != "recorded_on" && rows.is_given("recorded_on"))
    else {
        return Vec::new();
    };
    let (start, recorded) = (rows.column(starts), rows.column("recorded_on"));
    let kept = rows.kept().into_iter();
    kept.filter_map(|row| Some((start.day(row)?, recorded.day(row)?))).collect()
}
