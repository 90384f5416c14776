//! What a served site has beside its own release: every other released month, and what changed between any two releases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::releases::folder;
use super::serve::alone;
use crate::domain::Month;
use crate::release::{Listed, State, compare, list, open_about, read_manifest};
use crate::web::{Compare, Compared, Months, Render, Site};

/// The site with them. Each is rendered when it is first asked for.
///
/// Where nobody signs in and the release shown is sample data, nothing of real children stands beside it.
pub(super) fn with_others(
    site: Site,
    project: &Path,
    all: &[Listed],
    shown: &Listed,
    guarded: bool,
) -> anyhow::Result<Site> {
    let Some(latest) = shown.as_at.map(Month::ended_by) else {
        return Ok(site);
    };
    let sample_alone = !guarded && open_about(&shown.dir)?.sample;
    let mut verified: Vec<Listed> = all.iter().filter(|one| one.state == State::Verified).cloned().collect();
    if sample_alone {
        verified.retain(|one| open_about(&one.dir).is_ok_and(|about| about.sample));
    }
    let mut newest: BTreeMap<Month, Render> = BTreeMap::new();
    for one in &verified {
        if let Some(month) = one.as_at.map(Month::ended_by) {
            newest.entry(month).or_insert_with(|| render(project.to_owned(), one.clone(), guarded));
        }
    }
    // Of two that show a board the same the later is taken.
    let folders = verified.into_iter().rev().filter_map(|one| Some((one.board_name?, one.dir))).collect();
    Ok(site.with_months(Months::new(latest, newest)).comparing(comparing(folders)))
}

fn render(project: PathBuf, listed: Listed, guarded: bool) -> Render {
    let site = move |listed: &Listed| alone(&project, &list(&folder(&project))?, listed, Vec::new(), guarded);
    Box::new(move || match site(&listed) {
        Ok(site) => Some(site),
        Err(error) => {
            tracing::warn!(%error, release = %listed.name, "an earlier month cannot be shown");
            None
        }
    })
}

fn comparing(folders: BTreeMap<String, PathBuf>) -> Compare {
    Box::new(move |from, to| {
        let (from, to) = (folders.get(from)?, folders.get(to)?);
        let compared = || -> Result<Compared, crate::release::ReleaseError> {
            Ok(Compared { from: read_manifest(from)?, to: read_manifest(to)?, comparison: compare(from, to, false)? })
        };
        compared().map_err(|error| tracing::warn!(%error, "two releases cannot be compared")).ok()
    })
}
