//! The folder of releases: which there are, which is the newest, which were withdrawn.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::gate::Before;
use super::manifest::json;
use super::open::{check_bytes, open_protected, read_manifest};
use super::write::{sync_folder, write_file};
use super::{Manifest, Protected, ReleaseError};
use crate::disclosure::Policy;

/// One release in the folder.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its folder's name.
    pub name: String,
    /// Its name to a reader of the board edition; none where the manifest cannot be read.
    pub board_name: Option<String>,
    /// Its name to a reader of the public edition; none where it has none.
    pub public_name: Option<String>,
    /// Its folder.
    pub dir: PathBuf,
    /// The last day counted; none where the manifest cannot be read.
    pub as_at: Option<NaiveDate>,
    /// Which of two with one as-at date is later.
    pub sequence: Option<u64>,
    /// Whether it can be served.
    pub state: State,
}

impl Listed {
    /// Whether it is called so: by its folder, or by readers of an edition.
    pub fn goes_by(&self, name: &str) -> bool {
        self.name == name || Protected::ALL.into_iter().any(|reader| self.name_to(reader) == Some(name))
    }

    /// Its name to a reader of an edition; none where it has no such edition.
    pub fn name_to(&self, reader: Protected) -> Option<&str> {
        match reader {
            Protected::Board => self.board_name.as_deref(),
            Protected::Public => self.public_name.as_deref(),
        }
    }
}

/// Whether a release can be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Every hash is right.
    Verified,
    /// Taken out of service by a person.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Not what was written.
    Damaged {
        /// Everything found wrong.
        problems: Vec<String>,
    },
}

/// `<release>.withdrawn.json`, beside the release, which stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The release's name.
    pub release: String,
    /// Why, for those who look for it.
    pub reason: String,
}

/// Every release, the newest first, each verified.
pub fn list(folder: &Path) -> Result<Vec<Listed>, ReleaseError> {
    let found = found(folder)?;
    Ok(found.into_iter().map(|(dir, manifest)| listed(dir, manifest)).collect())
}

/// The newest release that is not withdrawn and in which every hash is right.
pub fn newest_verified(folder: &Path) -> Result<Option<Listed>, ReleaseError> {
    let found = found(folder)?;
    Ok(found.into_iter().map(|(dir, manifest)| listed(dir, manifest)).find(|release| release.state == State::Verified))
}

/// Takes a release out of service: marks it beside, deletes nothing.
pub fn withdraw(dir: &Path, reason: &str) -> Result<Withdrawal, ReleaseError> {
    if !dir.is_dir() {
        return Err(ReleaseError::Missing { path: dir.to_owned() });
    }
    let withdrawal = Withdrawal { release: name_of(dir), reason: reason.to_owned() };
    let mark = mark_of(dir);
    let unfinished = mark.with_extension("unfinished");
    let mut faults = Faults::none();
    write_file(&unfinished, &json(&withdrawal), &mut faults).map_err(ReleaseError::files("write", &unfinished))?;
    fs::rename(&unfinished, &mark).map_err(ReleaseError::files("write", &mark))?;
    if let Some(parent) = mark.parent() {
        sync_folder(parent, &mut faults).map_err(ReleaseError::files("write", parent))?;
    }
    Ok(withdrawal)
}

/// 1 + the highest among the releases that can be read.
pub(super) fn next_sequence(folder: &Path) -> Result<u64, ReleaseError> {
    let found = found(folder)?;
    let highest =
        found.iter().filter_map(|(_, manifest)| manifest.as_ref().ok()).map(|manifest| manifest.sequence).max();
    Ok(highest.unwrap_or(0) + 1)
}

/// What an edition showed, the oldest first: of every release, withdrawn ones too, since they were read. Where `until` is given,
/// of those made before it.
///
/// # Errors
/// A release that cannot be read: its readers know what it showed, and what is withheld now must allow for it.
pub(super) fn shown_before(
    folder: &Path,
    edition: Protected,
    until: Option<&Manifest>,
) -> Result<Vec<Before>, ReleaseError> {
    let unread =
        |dir: &Path, error: ReleaseError| ReleaseError::NotReadBefore { dir: dir.to_owned(), error: Box::new(error) };
    let mut made: Vec<(PathBuf, Manifest)> = found(folder)?
        .into_iter()
        .map(|(dir, manifest)| manifest.map_err(|error| unread(&dir, error)).map(|manifest| (dir, manifest)))
        .collect::<Result<_, _>>()?;
    made.retain(|(_, manifest)| until.is_none_or(|until| manifest.sequence < until.sequence));
    made.sort_by_key(|(_, manifest)| manifest.sequence);
    let shown = |(dir, manifest): (PathBuf, Manifest)| {
        let was_read = as_read_then(edition, &manifest)?;
        let policy = manifest.policy_of(was_read)?;
        let opened = open_protected(&dir, was_read).map_err(|error| unread(&dir, error));
        Some(opened.map(|report| (policy, report)))
    };
    made.into_iter().filter_map(shown).collect()
}

/// Which edition of a release the readers of one have read. Before there was a public edition, the board's was what could be
/// published, unless it was for the board alone.
fn as_read_then(readers: Protected, manifest: &Manifest) -> Option<Protected> {
    match readers {
        Protected::Board => Some(Protected::Board),
        Protected::Public if manifest.public.is_some() => Some(Protected::Public),
        Protected::Public => (manifest.policy != Policy::Internal).then_some(Protected::Board),
    }
}

type Found = (PathBuf, Result<Manifest, ReleaseError>);

/// Folders named as releases are, the newest first, those whose manifest is unreadable last.
fn found(folder: &Path) -> Result<Vec<Found>, ReleaseError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(ReleaseError::files("read", folder))? {
        let dir = entry.map_err(ReleaseError::files("read", folder))?.path();
        if dir.is_dir() && is_named_as_a_release(&name_of(&dir)) {
            let manifest = read_manifest(&dir);
            found.push((dir, manifest));
        }
    }
    found.sort_by_cached_key(|(dir, manifest)| {
        let age = manifest.as_ref().ok().map(|manifest| (manifest.as_at, manifest.sequence));
        std::cmp::Reverse((age, name_of(dir)))
    });
    Ok(found)
}

fn is_named_as_a_release(name: &str) -> bool {
    let (date, id) = name.split_at_checked(10).unwrap_or_default();
    date.parse::<NaiveDate>().is_ok()
        && id.strip_prefix('-').is_some_and(|id| id.chars().all(|letter| letter.is_ascii_hexdigit()))
}

fn listed(dir: PathBuf, manifest: Result<Manifest, ReleaseError>) -> Listed {
    let name = name_of(&dir);
    let manifest = manifest.ok();
    Listed {
        board_name: manifest.as_ref().map(Manifest::board_name),
        public_name: manifest
            .as_ref()
            .filter(|manifest| manifest.public.is_some())
            .map(|one| one.name_to(Protected::Public)),
        as_at: manifest.as_ref().map(|manifest| manifest.as_at),
        sequence: manifest.as_ref().map(|manifest| manifest.sequence),
        state: state(&dir, &name),
        name,
        dir,
    }
}

fn state(dir: &Path, name: &str) -> State {
    let mark = mark_of(dir);
    if mark.exists() {
        // A mark that cannot be read withdraws all the same.
        let reason = fs::read(&mark)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Withdrawal>(&bytes).ok())
            .map_or_else(|| "the reason is unreadable".to_owned(), |withdrawal| withdrawal.reason);
        return State::Withdrawn { reason };
    }
    match check_bytes(dir) {
        Ok(manifest) if manifest.name() == name => State::Verified,
        Ok(_) => State::Damaged { problems: vec!["the folder does not bear the name of its contents".to_owned()] },
        Err(problems) => State::Damaged { problems },
    }
}

fn mark_of(dir: &Path) -> PathBuf {
    dir.with_file_name(format!("{}.withdrawn.json", name_of(dir)))
}

fn name_of(dir: &Path) -> String {
    dir.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
