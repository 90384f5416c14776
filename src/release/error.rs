//! What can go wrong with a release, in words for the analyst. Names files and folders, never a value.

use std::io;
use std::path::{Path, PathBuf};

use super::Protected;
use crate::auditor::Finding;

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
    /// What an edition withholds could be worked out from what it shows.
    #[error("not published: {} withheld on the {} edition could be worked out\n{}hint: the release before stays in service; fewer breakdowns, a higher threshold, or waiting for the next month can make these figures safe", figures_in_words(findings.len()), edition.name(), listed(findings))]
    Disclosure {
        /// The edition.
        edition: Protected,
        /// Every such figure, and why.
        findings: Vec<Finding>,
    },
    /// A release that readers have seen cannot be read, so that what is withheld now cannot be audited beside it.
    #[error("what release `{}` showed is not known, so nothing can be audited beside it: {error}", dir.display())]
    NotReadBefore {
        /// The release.
        dir: PathBuf,
        /// Why it cannot be read.
        error: Box<ReleaseError>,
    },
    /// The release was made without the edition.
    #[error("release `{}` has no {} edition\nhint: write `public_edition = \"dfe\"` under `[disclosure]` in `partnership.toml` and build again", path.display(), edition.name())]
    NoSuchEdition {
        /// The release.
        path: PathBuf,
        /// What was asked for.
        edition: Protected,
    },
    /// There is no such release.
    #[error("no release at `{}`\nhint: `sightline releases` lists them", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
}

/// Findings told; beyond these their number.
const FINDINGS_TOLD: usize = 20;

fn figures_in_words(count: usize) -> String {
    if count == 1 { "1 figure".to_owned() } else { format!("{count} figures") }
}

fn listed(findings: &[Finding]) -> String {
    let mut words: String = findings.iter().take(FINDINGS_TOLD).map(|finding| format!("{finding}\n")).collect();
    if let Some(more) = findings.len().checked_sub(FINDINGS_TOLD).filter(|more| *more > 0) {
        words.push_str(&format!("and {more} more\n"));
    }
    words
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
