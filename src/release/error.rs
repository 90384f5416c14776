//! What can go wrong with a release, in words for the analyst. Names files and folders, never a value.

use std::io;
use std::path::{Path, PathBuf};

/// A release could not be written or opened. What was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The disk is full.
    #[error("no room left on the disk for `{}`; the earlier releases are untouched\nhint: free some space and build again", path.display())]
    NoRoom {
        /// What was being written.
        path: PathBuf,
    },
    /// Reading or writing failed.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Files {
        /// `read`, `write`, `rename`.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another build holds the folder.
    #[error("another build is writing to `{}`\nhint: wait until it has ended", path.display())]
    Busy {
        /// The folder of releases.
        path: PathBuf,
    },
    /// Two figures of one measure, period, dimension and level, or a value that is not a number.
    #[error("measure `{measure}`: {problem}")]
    Figure {
        /// The measure's id.
        measure: String,
        /// What is wrong.
        problem: String,
    },
    /// What is there is not what was written.
    #[error("release `{}` is damaged: {}\nhint: restore it from a copy or move it away, then build again", path.display(), problems.join("; "))]
    Damaged {
        /// The release.
        path: PathBuf,
        /// Everything found wrong.
        problems: Vec<String>,
    },
    /// There is no such release.
    #[error("no release at `{}`\nhint: `sightline releases` lists them", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
}

impl ReleaseError {
    /// For `map_err`: an error of the system while `doing` something at `path`.
    pub(super) fn files(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ReleaseError + use<> {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom { path },
            _ => Self::Files { doing, path, source },
        }
    }
}
