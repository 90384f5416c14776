//! The command line: one verb a file. Only here is the clock read, and only here is anything printed.
//!
//! Exit codes: 0 fine, 1 the user's input is at fault, 2 wrong usage.

mod audit;
mod build;
mod check;
mod demo;
mod dev;
mod explain;
mod export;
mod init;
mod key;
mod new;
mod others;
mod pack;
mod reference;
mod releases;
mod serve;
mod serving;
mod simulate;
mod stat;
mod tell;
mod user;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};

use tell::Tell;

#[derive(Parser)]
#[command(name = "sightline", version, about = "Shows whether children are actually safer, month by month")]
struct Command {
    #[command(subcommand)]
    verb: Verb,
    /// JSON instead of words.
    #[arg(long, global = true)]
    json: bool,
    /// The project folder, as `git -C`: before the verb or after it (the current one unless named).
    #[arg(short = 'C', value_name = "DIR", global = true)]
    dir: Option<PathBuf>,
}

impl Command {
    /// The project folder, named once.
    fn folder(&self) -> Result<PathBuf, clap::Error> {
        let project = match &self.verb {
            Verb::Check { project, .. }
            | Verb::Build { project, .. }
            | Verb::Explain { project, .. }
            | Verb::Releases { project } => Some(project),
            Verb::Init(options) => Some(&options.project),
            Verb::Serve(options) => Some(&options.project),
            Verb::Dev(options) => Some(&options.project),
            Verb::Export(options) => Some(&options.project),
            Verb::Pack(options) => Some(&options.project),
            _ => None,
        };
        let first = match &self.verb {
            Verb::Verify { names, .. } | Verb::Compare { names } => Names::of(names).project,
            _ => None,
        };
        match (project.and_then(|named| named.project.as_ref()).or(first.as_ref()), &self.dir) {
            (Some(_), Some(_)) => Err(Self::command()
                .error(ErrorKind::ArgumentConflict, "the project folder is named twice: once with `-C`, once without")),
            (Some(folder), None) | (None, Some(folder)) => Ok(folder.clone()),
            (None, None) => Ok(PathBuf::from(".")),
        }
    }
}

/// The project folder as an argument of its own, for verbs that have no other.
#[derive(Args)]
struct Project {
    /// The project folder (the current one unless named).
    project: Option<PathBuf>,
}

/// What stands behind a verb that takes names of releases: first, where it is a folder, the project.
struct Names<'a> {
    project: Option<PathBuf>,
    releases: &'a [String],
}

impl<'a> Names<'a> {
    fn of(names: &'a [String]) -> Self {
        match names {
            [first, releases @ ..] if Path::new(first).is_dir() => {
                Self { project: Some(PathBuf::from(first)), releases }
            }
            releases => Self { project: None, releases },
        }
    }
}

/// Whether a folder holds settings.
fn is_settled(folder: &Path) -> bool {
    folder.join(crate::config::FILE).is_file()
}

/// A folder without settings and without releases is no project, whatever the verb. Verbs that read settings say so.
fn is_a_project(folder: &Path) -> anyhow::Result<()> {
    if is_settled(folder) || releases::folder(folder).is_dir() {
        return Ok(());
    }
    let (file, at) = (crate::config::FILE, folder.display());
    anyhow::bail!("there is no {file} in `{at}`\nhint: `-C DIR` names the project folder; `sightline init` begins one")
}

#[derive(Subcommand)]
enum Verb {
    /// Builds a release from the embedded sample and serves it on this machine.
    Demo(demo::Options),
    /// Writes a synthetic partnership with known truth.
    Simulate(simulate::Options),
    /// Begins a project folder: settings that `check` accepts, a header for each extract, the pseudonym key.
    Init(init::Options),
    /// The pseudonym key.
    #[command(subcommand)]
    Key(key::Verb),
    /// Settings, extracts, queries and pages, without building.
    Check {
        #[command(flatten)]
        project: Project,
        /// The last day to count (else the configuration's, else the latest that a source covers, else today).
        #[arg(long)]
        as_at: Option<NaiveDate>,
    },
    /// Extracts to a release, with the reconciliation of every source.
    Build {
        #[command(flatten)]
        project: Project,
        /// The last day to count (else the configuration's, else the latest that a source covers, else today).
        #[arg(long)]
        as_at: Option<NaiveDate>,
        /// Take extracts that no longer look as they did at the last build.
        #[arg(long)]
        accept_drift: bool,
        /// Say when each stage begins, in seconds from the start, on standard error.
        #[arg(long)]
        stages: bool,
    },
    /// Serves the newest verified release.
    Serve(serve::Options),
    /// Local accounts, and anybody's access.
    User(user::Options),
    /// The record of who opened what.
    Audit(audit::Options),
    /// Builds, serves, and rebuilds when data, queries or pages change.
    Dev(dev::Options),
    /// A measure's question, definition, SQL, sources, last values, and what it cannot tell.
    Explain {
        /// The measure's id.
        measure: String,
        #[command(flatten)]
        project: Project,
    },
    /// What the pages show, from the newest release.
    Export(export::Options),
    /// A measure or a page to begin from.
    New(new::Options),
    /// The frozen monthly pack: every page of a month's release, as HTML, PDF or XLSX.
    Pack(pack::Options),
    /// Writes the references of all measures and of the extracts' tables, and JSON Schemas from which an editor completes settings, headers and pages.
    Reference,
    /// The releases of a project, newest first.
    Releases {
        #[command(flatten)]
        project: Project,
    },
    /// Checks every hash of a release (the newest unless named), and that nothing it withholds can be worked out.
    Verify {
        /// The project folder, then the release's name, either of its two; both may be left out.
        #[arg(value_name = "PROJECT|RELEASE", num_args = 0..=2)]
        names: Vec<String>,
        /// Every release in service.
        #[arg(long)]
        all: bool,
    },
    /// What changed between two releases, and why: the last two, unless named.
    Compare {
        /// The project folder, then the names of the earlier and the later release (the newest unless named); each may be left
        /// out.
        #[arg(value_name = "PROJECT|RELEASE", num_args = 0..=3)]
        names: Vec<String>,
    },
    /// Any statistical method on a plain CSV file, to check ours against R.
    Stat(stat::Options),
    /// Takes a release out of service: kept and marked, never deleted.
    Withdraw {
        /// The release's name.
        release: String,
        /// Why, for those who look for it.
        #[arg(long)]
        reason: String,
    },
}

impl Verb {
    /// Whether it begins with the releases of a project.
    fn reads_releases(&self) -> bool {
        matches!(
            self,
            Self::Serve(_)
                | Self::Explain { .. }
                | Self::Export(_)
                | Self::Pack(_)
                | Self::Releases { .. }
                | Self::Verify { .. }
                | Self::Compare { .. }
                | Self::Withdraw { .. }
        )
    }
}

/// Runs one command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed =
        Command::try_parse_from(arguments).and_then(|command| command.folder().map(|folder| (command, folder)));
    let (command, folder) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let tell = Tell::new(command.json);
    if command.verb.reads_releases()
        && let Err(error) = is_a_project(&folder)
    {
        return tell.failed(&error);
    }
    let done = match command.verb {
        Verb::Demo(options) => demo::run(&options, &tell),
        Verb::Simulate(options) => simulate::run(&options, &tell),
        Verb::Init(options) => init::run(&folder, &options, &tell),
        Verb::Key(verb) => key::run(&folder, &verb, &tell),
        Verb::Check { as_at, .. } => check::run(&folder, as_at, &tell),
        Verb::Build { as_at, accept_drift, stages, .. } => {
            build::tell_stages(stages);
            build::run(&folder, as_at, accept_drift, &tell)
        }
        Verb::Serve(options) => serve::run(&folder, &options, &tell),
        Verb::Stat(options) => stat::run(&options, &tell),
        Verb::User(options) => user::run(&folder, &options, &tell),
        Verb::Audit(options) => audit::run(&folder, &options, &tell),
        Verb::Dev(options) => dev::run(&folder, &options, &tell),
        Verb::Explain { measure, .. } => explain::run(&folder, &measure, &tell),
        Verb::Export(options) => export::run(&folder, &options, &tell),
        Verb::New(options) => new::run(&folder, &options, &tell),
        Verb::Pack(options) => pack::run(&folder, &options, &tell),
        Verb::Reference => reference::run(&folder, &tell),
        Verb::Releases { .. } => releases::list(&folder, &tell),
        Verb::Verify { names, all } => releases::verify(&folder, Names::of(&names).releases, all, &tell),
        Verb::Compare { names } => releases::compare(&folder, Names::of(&names).releases, &tell),
        Verb::Withdraw { release, reason } => releases::withdraw(&folder, &release, &reason, &tell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => tell.failed(&error),
    }
}

/// Today, in the partnership's time zone: the one place that asks.
#[expect(clippy::disallowed_methods, reason = "the edge of the program is where time comes in")]
fn today() -> NaiveDate {
    chrono::Utc::now().with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// This moment, in seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the edge of the program is where time comes in")]
fn now() -> crate::identity::Seconds {
    chrono::Utc::now().timestamp()
}
