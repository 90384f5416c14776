//! `dev`: builds, serves, and rebuilds when extracts, queries, pages or settings change. A broken file leaves the last
//! good version in place under a banner that says what to mend.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use notify::{RecursiveMode, Watcher as _};
use serde_json::json;
use tempfile::TempDir;

use super::releases;
use super::serve::site_of;
use super::serving::Serving;
use super::tell::Tell;
use crate::build::{self, BuildError};
use crate::release::{self, Listed};
use crate::web::{Limits, Shared, Site, TO_MEND, app};

/// Folders of a project that pages are made from.
const SHOWN: [&str; 3] = ["releases", "dashboards", "commentary"];

/// Folders whose changes are not the analyst's.
const WRITTEN_BY_BUILD: [&str; 2] = ["releases", "state"];

/// Changes this close together are one.
const SETTLES_IN: Duration = Duration::from_millis(200);

/// Faults shown above a page; the rest are counted.
const BANNERS_AT_MOST: usize = 5;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) project: super::Project,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let project = folder.to_owned();
    if !options.addr.ip().is_loopback() {
        anyhow::bail!("`dev` serves this machine alone\nhint: give a loopback address, such as 127.0.0.1:8080");
    }
    // Before the first draft and held to the end, so that none outlives the process: a draft holds exact counts, as a
    // release does.
    let serving = Serving::new()?;
    let drafts = tempfile::Builder::new().prefix("sightline-dev-").tempdir()?;
    let draft = drafted(&project, drafts.path()).map_err(|broken| anyhow!("{}", broken.join("\n")))?;
    let shared = Shared::here_alone(draft.site(Vec::new())?, "");
    let (notice, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let ours =
            |path: &PathBuf| path.components().any(|part| WRITTEN_BY_BUILD.iter().any(|own| part.as_os_str() == *own));
        if event.is_ok_and(|event| !event.kind.is_access() && !event.paths.iter().all(ours)) {
            // The receiver ends with the process; nothing is left to tell then.
            let _ = notice.send(());
        }
    })?;
    watcher.watch(&project, RecursiveMode::Recursive)?;
    let within = drafts.path().to_owned();
    let app = app(Arc::clone(&shared));
    let watching = std::thread::spawn(move || watch(&project, &within, draft, &changes, &shared));
    let served = serving.until_stopped(app, Limits::default(), options.addr, tell, || {});
    // Ends the watching, once a draft under way is whole.
    drop(watcher);
    watching.join().map_err(|_| anyhow!("watching the project failed"))?;
    served
}

fn watch(project: &Path, within: &Path, mut last_good: Draft, changes: &mpsc::Receiver<()>, shared: &Shared) {
    let tell = Tell::new(false);
    while changes.recv().is_ok() {
        while changes.recv_timeout(SETTLES_IN).is_ok() {}
        let broken = match drafted(project, within) {
            Ok(draft) => {
                tell.say("rebuilt", &json!({ "rebuilt": true }));
                last_good = draft;
                Vec::new()
            }
            Err(broken) => {
                tell.say(&broken.join("\n"), &json!({ "broken": broken }));
                broken
            }
        };
        match last_good.site(broken) {
            Ok(site) => shared.replace(site),
            Err(error) => tell.say(&format!("{error:#}"), &json!({ "broken": format!("{error:#}") })),
        }
    }
}

/// What the project would show if it were built now, in a folder that ends with the process: a half-edited query is never a
/// release that a board could be shown.
struct Draft {
    folder: TempDir,
    /// The release that was built in it, whatever others there are.
    built: Listed,
}

impl Draft {
    /// Its pages, under what there is to mend.
    fn site(&self, broken: Vec<String>) -> anyhow::Result<Site> {
        let mut notices =
            vec!["A draft, shown to this machine alone: `sightline build` makes a release of it.".to_owned()];
        notices.extend(broken);
        Ok(site_of(self.folder.path(), &self.built, notices)?.live())
    }
}

/// Builds anew beside copies of the releases there are; or each thing to mend, with its file, line and hint.
fn drafted(project: &Path, within: &Path) -> Result<Draft, Vec<String>> {
    let checked = build::check(project, None, None, super::today()).map_err(to_mend)?;
    let copied = || -> std::io::Result<TempDir> {
        let folder = tempfile::tempdir_in(within)?;
        for part in SHOWN {
            copy(&project.join(part), &folder.path().join(part))?;
        }
        Ok(folder)
    };
    let failed = |error: &dyn std::fmt::Display| banners([format!("the draft cannot be written: {error}")]);
    let folder = copied().map_err(|error| failed(&error))?;
    let releases = releases::folder(folder.path());
    let name = build::build(checked, &releases).map_err(to_mend)?.written.name;
    let built = release::list(&releases).map_err(|error| failed(&error))?.into_iter().find(|one| one.name == name);
    let built = built.ok_or_else(|| failed(&"it is not where it was built"))?;
    Ok(Draft { folder, built })
}

/// A folder with all that is in it; nothing where there is none.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_file() {
        return std::fs::copy(from, to).map(|_| ());
    }
    let Ok(entries) = std::fs::read_dir(from) else {
        return Ok(());
    };
    std::fs::create_dir_all(to)?;
    for entry in entries {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn to_mend(error: BuildError) -> Vec<String> {
    match error {
        BuildError::Input(faults) => banners(faults.into_iter().map(|fault| fault.says)),
        error => banners([error.to_string()]),
    }
}

/// The last good version stays beneath them, so the first few are enough.
fn banners(faults: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = faults.into_iter().map(|says| format!("{TO_MEND}{says}")).collect();
    if all.is_empty() {
        return all;
    }
    let more = all.len().saturating_sub(BANNERS_AT_MOST);
    all.truncate(BANNERS_AT_MOST);
    let rest = if more > 0 { format!(" And {more} more to mend.") } else { String::new() };
    all.push(format!("What you see is the last version that was whole.{rest}"));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banner_a_fault_and_what_stays_beneath() {
        assert_eq!(banners([]), Vec::<String>::new());
        let one = banners(["missing.md:5: unknown field\nhint: take it away".to_owned()]);
        assert_eq!(one[0], "To mend: missing.md:5: unknown field\nhint: take it away");
        assert_eq!(one[1], "What you see is the last version that was whole.");
        let many = banners((0..9).map(|number| number.to_string()));
        assert_eq!(many.len(), BANNERS_AT_MOST + 1);
        assert!(many.last().unwrap().ends_with("And 4 more to mend."));
    }

    /// Children who went missing in January and February 2026, in a folder of their own with its key beside it.
    fn project() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        let settings = format!(
            "name = \"Northmoor\"\narea = \"Northmoor\"\nas_at = 2026-02-28\npseudonym_key_file = \"{}\"\n[[source]]\n\
             name = \"police\"\nagency = \"police\"\nformat = \"native\"\ntable = \"missing_episodes\"\n\
             path = \"missing.csv\"\ndata_to = 2026-03-31\n",
            key.display()
        );
        let rows = (1..9).map(|day| format!("{day},c{day},M,2026-01-0{day},2026-01-1{day}\n"));
        let extract = format!("episode_id,child_id,kind,started_at,ended_at\n{}", rows.collect::<String>());
        std::fs::create_dir(folder.path().join("ours")).unwrap();
        std::fs::write(folder.path().join("ours/partnership.toml"), settings).unwrap();
        std::fs::write(folder.path().join("ours/missing.csv"), extract).unwrap();
        folder
    }

    #[test]
    fn the_draft_is_shown_though_a_release_of_a_later_day_is_there_and_ends_with_its_folder() {
        let folder = project();
        let ours = folder.path().join("ours");
        let later =
            build::check(&ours, None, Some("2026-03-31".parse().unwrap()), "2026-04-01".parse().unwrap()).unwrap();
        let later = build::build(later, &ours.join("releases")).unwrap().written.name;
        assert!(later.starts_with("2026-03-31"), "{later}");
        let drafts = tempfile::tempdir().unwrap();
        let draft = drafted(&ours, drafts.path()).unwrap();
        assert!(draft.built.name.starts_with("2026-02-28"), "{}", draft.built.name);
        let site = draft.site(Vec::new()).unwrap();
        let page = String::from_utf8_lossy(site.body("").unwrap());
        assert!(page.contains("February 2026 impact report") && page.contains("A draft, shown to this machine alone"));
        let left = || std::fs::read_dir(drafts.path()).unwrap().count();
        assert_eq!(left(), 1);
        drop(draft);
        assert_eq!(left(), 0, "a draft that another replaces leaves nothing");
        assert_eq!(release::list(&ours.join("releases")).unwrap().len(), 1, "and none is a release");
    }
}
