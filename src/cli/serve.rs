//! `serve`: the newest verified release, replaced by a newer one without dropping a request.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail};
use clap::Args;
use serde_json::json;

use super::releases::{folder, in_words, newest};
use super::tell::Tell;
use crate::dashboards::{self, Commentary, Page};
use crate::domain::Month;
use crate::release::{Listed, Measure, list, newest_verified, open_board};
use crate::web::{Inputs, ReleaseListing, Shared, Site, app, site};

/// How often a newer release is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);

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
    /// The path a proxy serves it under, such as `/sightline`.
    #[arg(long, default_value = "")]
    base_path: String,
    /// No sign-in: on this machine alone, and said on every page.
    #[arg(long)]
    no_login: bool,
}

pub(super) fn run(options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let project = options.project.clone().or_else(|| options.dir.clone()).unwrap_or_else(|| PathBuf::from("."));
    let sample = open_board(&newest(&project)?.dir)?.about.sample;
    if !sample && !options.no_login {
        bail!("no identity is configured, so nobody could be kept out\nhint: `--no-login` serves this machine alone");
    }
    serve(&project, options.addr, &options.base_path, tell)
}

/// Serves a project's newest release without sign-in, on this machine alone, until told to stop.
pub(super) fn serve(project: &Path, addr: SocketAddr, base_path: &str, tell: &Tell) -> anyhow::Result<()> {
    if !addr.ip().is_loopback() {
        bail!("without sign-in only this machine may be served\nhint: give a loopback address, such as 127.0.0.1:8080");
    }
    let listed = newest(project)?;
    let shared = Shared::new(site_of(project, &listed, Vec::new())?, base_path);
    run_until_stopped(&shared, addr, tell, |shared| {
        tokio::spawn(follow(project.to_owned(), listed.name, shared));
    })
}

/// Binds, says where, calls `beside` for what else runs, and serves until interrupted.
pub(super) fn run_until_stopped(
    shared: &Arc<Shared>,
    addr: SocketAddr,
    tell: &Tell,
    beside: impl FnOnce(Arc<Shared>),
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(addr)
            .await
            .map_err(|error| anyhow!("cannot listen on {addr}: {error}\nhint: choose another with --addr"))?;
        let at = format!("http://{}", listener.local_addr()?);
        tell.say(&format!("open {at} (Ctrl-C stops)"), &json!({ "serving": at }));
        beside(shared.clone());
        crate::web::serve(listener, app(shared.clone()), stopped()).await?;
        Ok(())
    })
}

/// Everything a release shows, rendered.
pub(super) fn site_of(project: &Path, listed: &Listed, mut notices: Vec<String>) -> anyhow::Result<Site> {
    let report = open_board(&listed.dir)?;
    let pages = dashboards::load(Some(&project.join("dashboards")))
        .map_err(|problems| anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    let commentary = commentary_of(project, &pages, &report.measures);
    if !report.about.sample {
        notices.push("No sign-in is asked for: this is served to this machine alone.".to_owned());
    }
    let releases = listings(project)?;
    Ok(site(&Inputs {
        report: &report,
        pages: &pages,
        commentary: &commentary,
        releases: &releases,
        notices: &notices,
    }))
}

/// Every release there is, newest first, as pages list them.
pub(super) fn listings(project: &Path) -> anyhow::Result<Vec<ReleaseListing>> {
    let listing = |one: &Listed| {
        let month = Month::ended_by(one.as_at?);
        Some(ReleaseListing { id: one.name.clone(), as_at: one.as_at?, month, status: in_words(&one.state) })
    };
    Ok(list(&folder(project))?.iter().filter_map(listing).collect())
}

/// The partnership's own words. Where a file of them cannot be read, none is shown: a half-written remark must not keep
/// the figures from the board.
fn commentary_of(project: &Path, pages: &[Page], measures: &[Measure]) -> Vec<Commentary> {
    let read = dashboards::load_commentary(&project.join(dashboards::commentary::FOLDER)).and_then(|all| {
        let problems = dashboards::check_commentary(&all, pages, measures);
        if problems.is_empty() { Ok(all) } else { Err(problems) }
    });
    read.unwrap_or_else(|problems| {
        for problem in &problems {
            tracing::warn!(%problem, "the commentary is not shown");
        }
        Vec::new()
    })
}

/// Looks for a newer release and, once it is verified and rendered, shows it.
async fn follow(project: PathBuf, mut shown: String, shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let (folder, before) = (project.clone(), shown.clone());
        let newer = tokio::task::spawn_blocking(move || newer(&folder, &before)).await;
        match newer {
            Ok(Ok(Some((name, site)))) => {
                shared.replace(site);
                shown = name;
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a newer release cannot be shown; the old one stays"),
            Err(error) => tracing::warn!(%error, "looking for a newer release failed"),
        }
    }
}

fn newer(project: &Path, shown: &str) -> anyhow::Result<Option<(String, Site)>> {
    match newest_verified(&folder(project))? {
        Some(listed) if listed.name != shown => {
            let site = site_of(project, &listed, Vec::new())?;
            Ok(Some((listed.name, site)))
        }
        _ => Ok(None),
    }
}

/// Ends when the process is asked to stop.
async fn stopped() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
