//! Writing a release: whole or not at all. Kill it anywhere and the folder opens as it was or as it was to be.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::editions::{self, Editions};
use super::faults::Faults;
use super::gate::Withheld;
use super::open::verify;
use super::{Draft, ReleaseError, folder};

/// Begins the name of a folder that is being written; left over where a build was killed.
const UNFINISHED: &str = ".writing-";
/// Held while writing, so that two builds do not sweep each other's work away. Let go of when the process ends.
const LOCK: &str = ".lock";

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The release's folder.
    pub dir: PathBuf,
    /// Its name: `2026-10-31-0123456789ab`.
    pub name: String,
    /// False where the identical release was there already and nothing was written.
    pub new: bool,
    /// False where a later release, or its own withdrawal, stands before it: it is not what will be served.
    pub newest: bool,
    /// How much its board edition withholds.
    pub withheld: Withheld,
    /// How much its public edition withholds, where it has one.
    pub public: Option<Withheld>,
}

/// Writes a release into the folder of releases, making the folder where there is none.
pub fn write(folder: &Path, draft: Draft) -> Result<Written, ReleaseError> {
    fs::create_dir_all(folder).map_err(ReleaseError::files("make", folder))?;
    let _lock = lock(folder)?;
    sweep(folder)?;
    let editions = editions::make(draft, |edition| folder::shown_before(folder, edition, None))?;
    tracing::info!(stage = "writing and verifying");
    let written = write_new(folder, editions, &mut Faults::none());
    if written.is_err() {
        // The first error is the one to report; what cannot be swept now is swept by the next build.
        let _ = sweep(folder);
    }
    written
}

fn lock(folder: &Path) -> Result<File, ReleaseError> {
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(ReleaseError::files("make", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(ReleaseError::Busy { path: folder.to_owned() }),
        Err(fs::TryLockError::Error(error)) => Err(ReleaseError::files("lock", &path)(error)),
    }
}

/// Removes what killed builds left behind.
pub(super) fn sweep(folder: &Path) -> Result<(), ReleaseError> {
    let entries = fs::read_dir(folder).map_err(ReleaseError::files("read", folder))?;
    for entry in entries {
        let entry = entry.map_err(ReleaseError::files("read", folder))?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path()).map_err(ReleaseError::files("remove", &entry.path()))?;
        }
    }
    Ok(())
}

/// Writes beside, verifies, renames. An error leaves an unfinished folder at most.
pub(super) fn write_new(folder: &Path, editions: Editions, faults: &mut Faults) -> Result<Written, ReleaseError> {
    let name = editions.manifest.name();
    let dir = folder.join(&name);
    if dir.exists() {
        return already_there(folder, dir, name, (editions.withheld, editions.public));
    }
    let manifest = editions.manifest.sealed(folder::next_sequence(folder)?);
    let unfinished = folder.join(format!("{UNFINISHED}{name}"));
    let at = |path: &Path| ReleaseError::files("write", path);

    make_folder(&unfinished, faults).map_err(at(&unfinished))?;
    let mut folders = Vec::new();
    for (path, bytes) in &editions.files {
        let path = unfinished.join(path);
        let parent = path.parent().unwrap_or(&unfinished);
        if !parent.exists() {
            make_folder(parent, faults).map_err(at(parent))?;
            folders.push(parent.to_owned());
        }
        write_file(&path, bytes, faults).map_err(at(&path))?;
    }
    let path = unfinished.join(MANIFEST);
    write_file(&path, &manifest.bytes(), faults).map_err(at(&path))?;
    folders.push(unfinished.clone());
    for path in &folders {
        sync_folder(path, faults).map_err(at(path))?;
    }
    verify(&unfinished).map_err(|problems| ReleaseError::Damaged { path: unfinished.clone(), problems })?;
    faults.pass().map_err(at(&dir))?;
    fs::rename(&unfinished, &dir).map_err(ReleaseError::files("rename", &unfinished))?;
    sync_folder(folder, faults).map_err(at(folder))?;
    let newest = is_newest(folder, &name)?;
    Ok(Written { dir, name, new: true, newest, withheld: editions.withheld, public: editions.public })
}

/// The manifest's file name.
pub(super) const MANIFEST: &str = "manifest.json";

/// The same content again is the same release; a damaged one is left for a person to look at.
fn already_there(
    folder: &Path,
    dir: PathBuf,
    name: String,
    (withheld, public): (Withheld, Option<Withheld>),
) -> Result<Written, ReleaseError> {
    if let Err(problems) = verify(&dir) {
        return Err(ReleaseError::Damaged { path: dir, problems });
    }
    let newest = is_newest(folder, &name)?;
    Ok(Written { dir, name, new: false, newest, withheld, public })
}

fn is_newest(folder: &Path, name: &str) -> Result<bool, ReleaseError> {
    Ok(folder::newest_verified(folder)?.is_some_and(|newest| newest.name == name))
}

fn make_folder(path: &Path, faults: &mut Faults) -> io::Result<()> {
    faults.pass()?;
    fs::create_dir(path)
}

/// Writes in two halves, so that a test can stop between them, and waits until the disk has it.
pub(super) fn write_file(path: &Path, bytes: &[u8], faults: &mut Faults) -> io::Result<()> {
    faults.pass()?;
    let mut file = File::create(path)?;
    let (first, second) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    faults.pass()?;
    file.write_all(second)?;
    faults.pass()?;
    file.sync_all()
}

/// Waits until the disk has the folder's entries; where the system cannot open a folder, there is nothing to wait for.
pub(super) fn sync_folder(path: &Path, faults: &mut Faults) -> io::Result<()> {
    faults.pass()?;
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}
