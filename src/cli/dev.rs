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

#[derive(Args)]
pub(super) struct Options {
    /// The project folder (the current one unless named).
    project: Option<PathBuf>,
    /// The project folder, as `git -C`.
    #[arg(short = 'C', value_name = "DIR", conflicts_with = "project")]
    dir: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
}

pub(super) fn run(options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let project = options.project.clone().or_else(|| options.dir.clone()).unwrap_or_else(|| PathBuf::from("."));
    if !options.addr.ip().is_loopback() {
        anyhow::bail!("`dev` serves this machine alone\nhint: give a loopback address, such as 127.0.0.1:8080");
    }
    let broken = rebuild(&project);
    if let (Some(words), Err(_)) = (&broken, newest(&project)) {
        return Err(anyhow!("{words}"));
    }
    let shared = Shared::here_alone(site_of(&project, &newest(&project)?, broken.into_iter().collect())?, "");
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
        match &broken {
            Some(words) => tell.say(words, &json!({ "broken": words })),
            None => tell.say("rebuilt", &json!({ "rebuilt": true })),
        }
        let site = newest(project).and_then(|listed| site_of(project, &listed, broken.into_iter().collect()));
        match site {
            Ok(site) => shared.replace(site),
            Err(error) => tell.say(&format!("{error:#}"), &json!({ "broken": format!("{error:#}") })),
        }
    }
}

/// Builds anew; what to mend, where something is broken.
fn rebuild(project: &Path) -> Option<String> {
    let built = build::check(project, None, None, super::today())
        .and_then(|checked| build::build(checked, &project.join("releases")));
    match built {
        Ok(_) => None,
        Err(BuildError::Input(faults)) => {
            Some(faults.iter().map(|fault| fault.says.as_str()).collect::<Vec<_>>().join("\n"))
        }
        Err(error) => Some(error.to_string()),
    }
}
