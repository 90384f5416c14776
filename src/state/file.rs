//! `state/extracts.json`: written whole or not at all, readable by its owner alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Remembered, State};

/// The folder's name in the project.
pub const FOLDER: &str = "state";
const FILE: &str = "extracts.json";
/// The layout of the file; another is refused.
const LAYOUT: u32 = 1;
/// Hexadecimal digits of a hash.
const DIGITS: usize = 16;

/// `state/` cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} `{}`: {source}\nhint: check who owns the folder; without `state/` the next build begins to remember anew", path.display())]
pub struct StateError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl StateError {
    fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self { doing, path, source }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    layout: u32,
    key_check: String,
    tables: Vec<WrittenTable>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTable {
    source: String,
    table: String,
    cuts: BTreeSet<NaiveDate>,
    rows: u64,
    columns: Vec<String>,
    codes: BTreeMap<String, Vec<String>>,
    sampled: bool,
    /// Hashes in a row, by the date they were first seen.
    first_seen: BTreeMap<NaiveDate, String>,
}

/// What the last build remembered; nothing where there was none.
pub fn read(folder: &Path) -> Result<State, StateError> {
    let path = folder.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
        Err(error) => return Err(StateError::at("read", &path)(error)),
    };
    let unreadable =
        || StateError::at("read", &path)(io::Error::new(io::ErrorKind::InvalidData, "it is not what build wrote"));
    let written: Written = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
    if written.layout != LAYOUT {
        return Err(unreadable());
    }
    let tables: Option<BTreeMap<_, _>> = written
        .tables
        .into_iter()
        .map(|table| Some(((table.source.clone(), table.table.clone()), remembered(table)?)))
        .collect();
    Ok(State { key_check: written.key_check, tables: tables.ok_or_else(unreadable)? })
}

impl State {
    /// Writes it into the folder, making the folder where there is none.
    pub fn write(&self, folder: &Path) -> Result<(), StateError> {
        let tables = self.tables.iter().map(|((source, table), known)| written(source, table, known)).collect();
        let written = Written { layout: LAYOUT, key_check: self.key_check.clone(), tables };
        let mut bytes = serde_json::to_vec_pretty(&written).expect("plain data with text keys serialises");
        bytes.push(b'\n');
        write_whole(&folder.join(FILE), &bytes)
    }
}

/// Forgets what was remembered of extracts; false where nothing was.
pub fn forget(folder: &Path) -> Result<bool, StateError> {
    let path = folder.join(FILE);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StateError::at("remove", &path)(error)),
    }
}

/// Writes a file of `state/` whole or not at all, for its owner alone, making its folder where there is none.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(StateError::at("make", folder))?;
    let unfinished = path.with_extension("unfinished");
    let put = || {
        let mut file = owner_alone(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    };
    put().map_err(StateError::at("write", path))
}

fn owner_alone(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn written(source: &str, table: &str, known: &Remembered) -> WrittenTable {
    let mut first_seen: BTreeMap<NaiveDate, String> = BTreeMap::new();
    for (key, on) in &known.first_seen {
        first_seen.entry(*on).or_default().push_str(&format!("{key:0DIGITS$x}"));
    }
    let codes = known
        .codes
        .iter()
        .map(|(column, codes)| (column.clone(), codes.iter().map(|code| format!("{code:0DIGITS$x}")).collect()));
    WrittenTable {
        source: source.to_owned(),
        table: table.to_owned(),
        cuts: known.cuts.clone(),
        rows: known.rows,
        columns: known.columns.clone(),
        codes: codes.collect(),
        sampled: known.sampled,
        first_seen,
    }
}

fn remembered(table: WrittenTable) -> Option<Remembered> {
    let hash = |digits: &str| u64::from_str_radix(digits, 16).ok();
    let mut first_seen = BTreeMap::new();
    for (on, digits) in &table.first_seen {
        for chunk in digits.as_bytes().chunks(DIGITS) {
            first_seen.insert(hash(std::str::from_utf8(chunk).ok()?)?, *on);
        }
    }
    let codes = table.codes.into_iter().map(|(column, codes)| {
        let codes: Option<BTreeSet<u64>> = codes.iter().map(|code| hash(code)).collect();
        Some((column, codes?))
    });
    Some(Remembered {
        cuts: table.cuts,
        rows: table.rows,
        columns: table.columns,
        codes: codes.collect::<Option<_>>()?,
        first_seen,
        sampled: table.sampled,
    })
}
