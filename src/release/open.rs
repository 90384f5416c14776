//! Opening a release: every byte is checked against the manifest before a figure is believed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::editions::{edition_id, figures_path, report_path};
use super::manifest::{Manifest, hash};
use super::write::MANIFEST;
use super::{About, Board, Edition, Protected, ReleaseError, Report, Restricted, SCHEMA, figures_csv, folder, gate};
use crate::auditor::Audit;
use crate::disclosure::Relations;
use crate::domain::Relation;

/// A release in which every hash, id and figure was checked.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Its manifest.
    pub manifest: Manifest,
    /// Figures in the board edition.
    pub board_figures: usize,
    /// Figures in the public edition, where there is one.
    pub public_figures: Option<usize>,
    /// Figures in the restricted edition.
    pub restricted_figures: usize,
}

/// The edition that a board may read. Reads nothing of the restricted one.
pub fn open_board(dir: &Path) -> Result<Report<Board>, ReleaseError> {
    open(dir, Board::NAME)
}

/// An edition that passed disclosure control. Reads nothing of the others.
///
/// # Errors
/// [`ReleaseError::NoSuchEdition`] where the release has no public edition.
pub fn open_protected(dir: &Path, edition: Protected) -> Result<Report<Board>, ReleaseError> {
    if read_manifest(dir)?.policy_of(edition).is_none() {
        return Err(ReleaseError::NoSuchEdition { path: dir.to_owned(), edition });
    }
    open(dir, edition.name())
}

/// What a release is about, to a reader of its board edition, without its figures.
pub fn open_about(dir: &Path) -> Result<About, ReleaseError> {
    #[derive(Deserialize)]
    struct Head {
        about: About,
    }
    let damaged = |problems: Vec<String>| ReleaseError::Damaged { path: dir.to_owned(), problems };
    let path = report_path(Board::NAME);
    let report = read_checked(dir, &path, &read_manifest(dir)?).map_err(damaged)?;
    let head: Head = serde_json::from_slice(&report).map_err(|_| damaged(vec![format!("{path} is unreadable")]))?;
    Ok(head.about)
}

/// The exact edition, for analyst and scrutineer alone.
pub fn open_restricted(dir: &Path) -> Result<Report<Restricted>, ReleaseError> {
    open(dir, Restricted::NAME)
}

/// Checks every byte against the manifest and reads none: what is listed and not opened. All problems at once.
pub(super) fn check_bytes(dir: &Path) -> Result<Manifest, Vec<String>> {
    let manifest = manifest_or_problems(dir)?;
    let mut problems: Vec<String> =
        manifest.hashes.keys().filter_map(|path| read_checked(dir, path, &manifest).err()).flatten().collect();
    problems.extend(strangers(dir, &manifest));
    if problems.is_empty() { Ok(manifest) } else { Err(problems) }
}

fn manifest_or_problems(dir: &Path) -> Result<Manifest, Vec<String>> {
    read_manifest(dir).map_err(|error| match error {
        ReleaseError::Damaged { problems, .. } => problems,
        other => vec![other.to_string()],
    })
}

/// Checks everything there is to check; all problems at once.
pub fn verify(dir: &Path) -> Result<Verified, Vec<String>> {
    let manifest = manifest_or_problems(dir)?;
    let mut problems = Vec::new();
    let board = keep(read_edition::<Board>(dir, Board::NAME, &manifest), &mut problems);
    let restricted = keep(read_edition::<Restricted>(dir, Restricted::NAME, &manifest), &mut problems);
    let public = manifest.public.map(|_| read_edition::<Board>(dir, Protected::Public.name(), &manifest));
    let public = public.and_then(|public| keep(public, &mut problems));
    problems.extend(strangers(dir, &manifest));
    match (board, restricted) {
        (Some(board), Some(restricted)) if problems.is_empty() => Ok(Verified {
            manifest,
            board_figures: board.figures.len(),
            public_figures: public.map(|public| public.figures.len()),
            restricted_figures: restricted.figures.len(),
        }),
        _ => Err(problems),
    }
}

/// Audits an edition of a release, against what the same edition of those made before it showed. A reader knows how its counts hang
/// together by the release's own measures, by what the build found to hold, and by `declared`: what was found since.
pub fn audit(dir: &Path, edition: Protected, declared: &Relations) -> Result<Audit, ReleaseError> {
    let manifest = read_manifest(dir)?;
    let mut report = open_protected(dir, edition)?;
    // The edition may lie somewhere without the other.
    let restricted = open_restricted(dir).map(|restricted| restricted.measures).unwrap_or_default();
    for measure in &mut report.measures {
        let found = restricted.iter().filter(|own| own.id == measure.id).flat_map(|own| &own.relations);
        let since = declared.get(&measure.id).into_iter().flatten().chain(found);
        let new: Vec<Relation> = since.filter(|relation| !measure.relations.contains(relation)).cloned().collect();
        measure.relations.extend(new);
    }
    let before = match dir.parent() {
        Some(folder) => folder::shown_before(folder, edition, Some(&manifest))?,
        None => Vec::new(),
    };
    let policy = manifest.policy_of(edition).unwrap_or(manifest.policy);
    Ok(gate::audit(policy, &report, &before))
}

/// The manifest, its own hashes checked.
pub fn read_manifest(dir: &Path) -> Result<Manifest, ReleaseError> {
    if !dir.is_dir() {
        return Err(ReleaseError::Missing { path: dir.to_owned() });
    }
    let damaged = |problem: String| ReleaseError::Damaged { path: dir.to_owned(), problems: vec![problem] };
    let bytes = fs::read(dir.join(MANIFEST)).map_err(|error| damaged(format!("{MANIFEST}: {error}")))?;
    check_schema(&bytes).map_err(damaged)?;
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|_| damaged(format!("{MANIFEST} is unreadable")))?;
    if manifest.seal != manifest.seal_of_contents() || manifest.bytes() != bytes {
        return Err(damaged(format!("{MANIFEST} was changed after it was written")));
    }
    if manifest.id != manifest.id_of_contents() {
        return Err(damaged(format!("{MANIFEST}: the id is not that of its contents")));
    }
    Ok(manifest)
}

/// A later layout is refused before anything else is said of it.
fn check_schema(bytes: &[u8]) -> Result<(), String> {
    let found = serde_json::from_slice::<serde_json::Value>(bytes)
        .ok()
        .and_then(|manifest| manifest.get("schema").and_then(serde_json::Value::as_u64))
        .ok_or_else(|| format!("{MANIFEST} is unreadable"))?;
    if found == u64::from(SCHEMA) {
        Ok(())
    } else {
        Err(format!("{MANIFEST} has layout {found}; this version of Sightline reads layout {SCHEMA}"))
    }
}

fn open<E: Edition>(dir: &Path, name: &str) -> Result<Report<E>, ReleaseError> {
    let manifest = read_manifest(dir)?;
    read_edition(dir, name, &manifest).map_err(|problems| ReleaseError::Damaged { path: dir.to_owned(), problems })
}

fn read_edition<E: Edition>(dir: &Path, name: &str, manifest: &Manifest) -> Result<Report<E>, Vec<String>> {
    let mut problems = Vec::new();
    let report = keep(read_checked(dir, &report_path(name), manifest), &mut problems);
    let figures = keep(read_checked(dir, &figures_path(name), manifest), &mut problems);
    let (Some(report_bytes), Some(figure_bytes)) = (report, figures) else {
        return Err(problems);
    };
    let report: Option<Report<E>> = serde_json::from_slice(&report_bytes).ok();
    let figures = figures_csv::read(&figure_bytes);
    match (report, figures) {
        (Some(mut report), Ok(figures)) => {
            let id = edition_id(&with_blank_id(&report_bytes, &report.id), &figure_bytes);
            if report.id != id || manifest.editions.get(name) != Some(&id) {
                return Err(vec![format!("the {name} edition's id is not that of its contents")]);
            }
            report.figures = figures;
            Ok(report)
        }
        (report, figures) => {
            if report.is_none() {
                problems.push(format!("{} is unreadable", report_path(name)));
            }
            problems.extend(figures.err().map(|problem| format!("{}: {problem}", figures_path(name))));
            Err(problems)
        }
    }
}

/// The report's bytes as they were hashed: the first mention of the id is its own.
fn with_blank_id(bytes: &[u8], id: &str) -> Vec<u8> {
    String::from_utf8_lossy(bytes).replacen(id, "", 1).into_bytes()
}

fn read_checked(dir: &Path, path: &str, manifest: &Manifest) -> Result<Vec<u8>, Vec<String>> {
    let bytes = fs::read(dir.join(path)).map_err(|error| vec![format!("{path}: {error}")])?;
    if manifest.hashes.get(path) == Some(&hash(&bytes)) {
        Ok(bytes)
    } else {
        Err(vec![format!("{path} was changed after it was written")])
    }
}

/// The folders of a release.
const EDITIONS: [&str; 3] = [Board::NAME, Protected::Public.name(), Restricted::NAME];

/// Files that the manifest does not name.
fn strangers(dir: &Path, manifest: &Manifest) -> Vec<String> {
    let mut found = BTreeSet::new();
    for folder in [""].into_iter().chain(EDITIONS) {
        for entry in fs::read_dir(dir.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            found.insert(if folder.is_empty() { name } else { format!("{folder}/{name}") });
        }
    }
    found
        .into_iter()
        .filter(|path| path != MANIFEST && !EDITIONS.contains(&path.as_str()))
        .filter(|path| !manifest.hashes.contains_key(path))
        .map(|path| format!("{path} does not belong to the release"))
        .collect()
}

fn keep<T>(result: Result<T, Vec<String>>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}
