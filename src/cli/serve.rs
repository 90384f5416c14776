//! `serve`: the newest verified release, replaced by a newer one without dropping a request.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail};
use clap::Args;

use super::others::with_others;
use super::releases::{folder, in_words, newest};
use super::serving::Serving;
use super::tell::Tell;
use crate::config::{Config, IdentitySettings, Oidc};
use crate::dashboards::{self, Commentary, Page, commentary};
use crate::domain::Month;
use crate::identity::passwords::Hasher;
use crate::identity::{
    Door, IdentityKey, Provider, Start, file_in_environment, heads_file, may_start, read_secret, write_head,
};
use crate::release::{Listed, Measure, Protected, list, newest_verified, open_about, open_board, open_restricted};
use crate::web::{
    Guard, History, Inputs, Limits, RESTRICTED_AT, ReleaseListing, Shared, Site, app, exact_site, guarded, site,
};

/// How often a newer release is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often the audit log's head is written out.
const HEADS_EVERY: Duration = Duration::from_hours(1);

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) project: super::Project,
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

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let project = folder.to_owned();
    let sample = open_about(&newest(&project)?.dir)?.sample;
    let identity = Config::read(&project)?.identity;
    match may_start(sample, identity.as_ref(), options.no_login, options.addr).map_err(|why| anyhow!(why))? {
        Start::Open => open(&project, options.addr, &options.base_path, options.no_login, tell),
        Start::Guarded => {
            let settings = identity.ok_or_else(|| anyhow!("no identity is configured"))?;
            behind_the_door(&project, &settings, options, tell)
        }
    }
}

/// Serves a project's newest release without sign-in, on this machine alone, until told to stop. `real` says that the
/// release may be of real children.
pub(super) fn open(project: &Path, addr: SocketAddr, base_path: &str, real: bool, tell: &Tell) -> anyhow::Result<()> {
    may_start(true, None, false, addr).map_err(|why| anyhow!(why))?;
    let listed = newest(project)?;
    let shared = shared_here(project, &listed, base_path, real)?;
    let app = app(Arc::clone(&shared));
    let project = project.to_owned();
    let show = {
        let project = project.clone();
        move |listed: &Listed| {
            if !real && !open_about(&listed.dir)?.sample {
                bail!("it is of real children, and nobody signs in here: start `serve` anew");
            }
            shared.replace(site_of(&project, listed, Vec::new())?);
            Ok(())
        }
    };
    Serving::new()?.until_stopped(app, Limits::default(), addr, tell, || {
        tokio::spawn(follow(project, listed.name, show));
    })
}

/// What this machine alone is shown; sample data needs no more care than that.
pub(super) fn shared_here(project: &Path, listed: &Listed, base_path: &str, real: bool) -> anyhow::Result<Arc<Shared>> {
    let site = site_of(project, listed, Vec::new())?;
    Ok(if real { Shared::here_alone(site, base_path) } else { Shared::new(site, base_path) })
}

/// Serves both editions to those who sign in, each to whom it is for.
fn behind_the_door(project: &Path, settings: &IdentitySettings, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let folder = project.join(&settings.folder);
    let key_file = file_in_environment("SIGHTLINE_IDENTITY_KEY_FILE").or_else(|| settings.key_file.clone());
    let key = IdentityKey::of_project(key_file.as_deref(), project)?;
    let provider = settings.oidc.clone().map(|oidc| provider(project, oidc, settings)).transpose()?;
    let door = Arc::new(Door::open(settings, &folder, key, Hasher::new()?, provider)?);
    let listed = newest(project)?;
    let base_path = if options.base_path.is_empty() { settings.base_url.path() } else { &options.base_path };
    let partnership = open_about(&listed.dir)?.partnership;
    let guard = Guard::new(Arc::clone(&door), &partnership, base_path, Arc::new(super::now));
    let board = Shared::guarded(board_site(project, &listed)?, base_path, Arc::clone(&guard));
    let exact = exact_site(&open_restricted(&listed.dir)?);
    let restricted_at = format!("{}{RESTRICTED_AT}", base_path.trim_end_matches('/'));
    let restricted = Shared::guarded(exact, &restricted_at, Arc::clone(&guard));
    let app = guarded(&board, &restricted, &guard);
    let limits = Limits {
        // Past this machine nothing encrypts but the declared proxies.
        only_from: if options.addr.ip().to_canonical().is_loopback() { Vec::new() } else { settings.proxies.clone() },
        ..Limits::default()
    };
    let heads = heads_file(settings.audit_heads_file.as_deref(), project, &folder);
    let project = project.to_owned();
    let show = {
        let project = project.clone();
        move |listed: &Listed| {
            let (shown, exact) = (board_site(&project, listed)?, exact_site(&open_restricted(&listed.dir)?));
            board.replace(shown);
            restricted.replace(exact);
            Ok(())
        }
    };
    Serving::new()?.until_stopped(app, limits, options.addr, tell, || {
        tokio::spawn(write_heads(door, heads));
        tokio::spawn(follow(project, listed.name, show));
    })
}

fn provider(project: &Path, oidc: Oidc, settings: &IdentitySettings) -> anyhow::Result<Provider> {
    let file = file_in_environment("SIGHTLINE_OIDC_CLIENT_SECRET_FILE")
        .unwrap_or_else(|| project.join(&oidc.client_secret_file));
    let secret = read_secret(&file, "the provider's client secret")?;
    let authorities = match &oidc.ca_file {
        Some(file) => std::fs::read(project.join(file))
            .map_err(|error| anyhow!("`identity.oidc.ca_file` cannot be read: {error}"))?,
        None => Vec::new(),
    };
    Ok(Provider::new(oidc, secret, &authorities, &settings.base_url)?)
}

/// Writes the audit log's head out at the start and every hour.
async fn write_heads(door: Arc<Door>, file: PathBuf) {
    let mut first = true;
    loop {
        let now = super::now();
        let head = if first { door.started(now).await } else { door.head().await };
        match head {
            Ok(head) => {
                tracing::info!(head = %head.in_words(), "the audit log's head");
                if let Err(error) = write_head(&file, &head, now) {
                    tracing::warn!(%error, "the audit log's head could not be written out");
                }
            }
            Err(error) => tracing::error!(%error, "the audit log has no head to write out"),
        }
        first = false;
        tokio::time::sleep(HEADS_EVERY).await;
    }
}

/// Everything a release shows where nobody signs in, rendered, with the other months and comparisons beside it.
pub(super) fn site_of(project: &Path, listed: &Listed, notices: Vec<String>) -> anyhow::Result<Site> {
    site_with_others(project, listed, notices, false)
}

/// Everything the board edition shows, rendered, with the other months and comparisons beside it.
fn board_site(project: &Path, listed: &Listed) -> anyhow::Result<Site> {
    site_with_others(project, listed, Vec::new(), true)
}

fn site_with_others(project: &Path, listed: &Listed, notices: Vec<String>, guarded: bool) -> anyhow::Result<Site> {
    let all = list(&folder(project))?;
    with_others(alone(project, &all, listed, notices, guarded)?, project, &all, listed, guarded)
}

/// Everything the board edition of one release shows, rendered.
pub(super) fn alone(
    project: &Path,
    all: &[Listed],
    listed: &Listed,
    mut notices: Vec<String>,
    guarded: bool,
) -> anyhow::Result<Site> {
    let report = open_board(&listed.dir)?;
    let pages = dashboards::load(Some(&project.join("dashboards")))
        .map_err(|problems| anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    let commentary = commentary_of(project, &pages, &report.measures);
    let commentary = commentary::beside(commentary, report.about.month, report.about.as_at);
    if !report.about.sample && !guarded {
        notices.push("No sign-in is asked for: this is served to this machine alone.".to_owned());
    }
    let releases = listings(all, Protected::Board);
    Ok(site(&Inputs {
        report: &report,
        pages: &pages,
        commentary: &commentary,
        history: &History::read(all, &listed.name, Protected::Board),
        releases: &releases,
        notices: &notices,
        guarded,
    }))
}

/// Every release there is in an edition, newest first, as pages list them.
pub(super) fn listings(all: &[Listed], edition: Protected) -> Vec<ReleaseListing> {
    let listing = |one: &Listed| {
        let month = Month::ended_by(one.as_at?);
        let id = one.name_to(edition)?.to_owned();
        Some(ReleaseListing { id, as_at: one.as_at?, month, status: in_words(&one.state) })
    };
    all.iter().filter_map(listing).collect()
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

/// Looks for a newer release and, once it is verified, shows it; and shows the same one anew where commentary changed.
async fn follow(
    project: PathBuf,
    mut shown: String,
    show: impl Fn(&Listed) -> anyhow::Result<()> + Clone + Send + 'static,
) {
    let mut said = words_in(&project);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let (project, before, said_before, show) = (project.clone(), shown.clone(), said.clone(), show.clone());
        let newer = tokio::task::spawn_blocking(move || -> anyhow::Result<Option<(String, Words)>> {
            let said = words_in(&project);
            match newest_verified(&folder(&project))? {
                Some(listed) if listed.name != before || said != said_before => {
                    show(&listed)?;
                    Ok(Some((listed.name, said)))
                }
                _ => Ok(None),
            }
        });
        match newer.await {
            Ok(Ok(Some(now))) => (shown, said) = now,
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a newer release cannot be shown; the old one stays"),
            Err(error) => tracing::warn!(%error, "looking for a newer release failed"),
        }
    }
}

/// The files of commentary, how long each is and when it was last written.
type Words = Vec<(PathBuf, u64, Option<std::time::SystemTime>)>;

fn words_in(project: &Path) -> Words {
    fn add(folder: &Path, to: &mut Words) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(about) if about.is_dir() => add(&entry.path(), to),
                Ok(about) => to.push((entry.path(), about.len(), about.modified().ok())),
                Err(_) => {}
            }
        }
    }
    let mut words = Words::new();
    add(&project.join(dashboards::commentary::FOLDER), &mut words);
    words.sort();
    words
}
