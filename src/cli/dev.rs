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

use super::releases::newest;
use super::serve::{run_until_stopped, site_of};
use super::tell::Tell;
use crate::build::{self, BuildError};
use crate::web::{Limits, Shared, app};

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
    let broken = rebuild(&project);
    if !broken.is_empty() && newest(&project).is_err() {
        return Err(anyhow!("{}", broken.join("\n")));
    }
    let shared = Shared::here_alone(site_of(&project, &newest(&project)?, broken)?.live(), "");
    let (notice, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let ours = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "releases");
        if event.is_ok_and(|event| !event.kind.is_access() && !event.paths.iter().all(ours)) {
            // The receiver ends with the process; nothing is left to tell then.
            let _ = notice.send(());
        }
    })?;
    watcher.watch(&project, RecursiveMode::Recursive)?;
    run_until_stopped(app(Arc::clone(&shared)), Limits::default(), options.addr, tell, || {
        std::thread::spawn(move || watch(&project, &changes, &shared));
    })
}

fn watch(project: &Path, changes: &mpsc::Receiver<()>, shared: &Shared) {
    while changes.recv().is_ok() {
        while changes.recv_timeout(SETTLES_IN).is_ok() {}
        let broken = rebuild(project);
        let tell = Tell::new(false);
        if broken.is_empty() {
            tell.say("rebuilt", &json!({ "rebuilt": true }));
        } else {
            tell.say(&broken.join("\n"), &json!({ "broken": broken }));
        }
        let site = newest(project).and_then(|listed| site_of(project, &listed, broken));
        match site {
            Ok(site) => shared.replace(site.live()),
            Err(error) => tell.say(&format!("{error:#}"), &json!({ "broken": format!("{error:#}") })),
        }
    }
}

/// Builds anew; each thing to mend, with its file, line and hint, where something is broken.
fn rebuild(project: &Path) -> Vec<String> {
    let built = build::check(project, None, None, super::today())
        .and_then(|checked| build::build(checked, &project.join("releases")));
    match built {
        Ok(_) => Vec::new(),
        Err(BuildError::Input(faults)) => banners(faults.into_iter().map(|fault| fault.says)),
        Err(error) => banners([error.to_string()]),
    }
}

/// The last good version stays beneath them, so the first few are enough.
fn banners(faults: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = faults.into_iter().map(|says| format!("To mend: {says}")).collect();
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
}
