//! A build killed at any moment leaves the old release or the new one whole, and the next build works.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use sightline::release::{State, list, newest_verified};
use sightline::simulate::{Options, simulate};
use tempfile::TempDir;

struct Project {
    folder: TempDir,
    keys: TempDir,
}

/// What became of the kills.
#[derive(Debug, Default)]
struct Tally {
    /// The build was killed before it ended.
    killed: u32,
    /// The old release was the newest after it.
    old: u32,
    /// The new one was.
    new: u32,
    /// An unfinished folder was left for the next build to sweep away.
    unfinished: u32,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), keys: tempfile::tempdir().unwrap() };
        let options = Options { children: 1_000, months: 8, seed: 3, ..Options::default() };
        simulate(&options, project.folder.path(), &mut |_, _| {}).unwrap();
        project
    }

    /// A build to an as-at date: each date later is a newer release.
    fn start(&self, as_at: NaiveDate) -> Child {
        Command::new(env!("CARGO_BIN_EXE_sightline"))
            .args(["build", "-C"])
            .arg(self.folder.path())
            .args(["--as-at", &as_at.to_string()])
            .env("XDG_DATA_HOME", self.keys.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn build(&self, as_at: NaiveDate) {
        assert!(self.start(as_at).wait().unwrap().success(), "the build to {as_at} must work");
    }

    fn releases(&self) -> PathBuf {
        self.folder.path().join("releases")
    }

    fn newest_as_at(&self) -> NaiveDate {
        newest_verified(&self.releases()).unwrap().expect("there is always a release").as_at.unwrap()
    }
}

fn unfinished(releases: &Path) -> usize {
    let entries = std::fs::read_dir(releases).unwrap().filter_map(Result::ok);
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(".writing-")).count()
}

/// Spread evenly, and the same each time: which moments the machine makes of them is chance enough.
fn moment(number: u32, whole: Duration) -> Duration {
    let golden = (f64::from(number) * 0.618_033_988_75).fract();
    // Every third in the last quarter, where the release is written.
    whole.mul_f64(if number.is_multiple_of(3) { 0.75 + 0.3 * golden } else { 1.05 * golden })
}

fn kill(times: u32) -> Tally {
    let project = Project::new();
    let first: NaiveDate = "2026-11-01".parse().unwrap();
    let began = Instant::now();
    project.build(first);
    let whole = began.elapsed();
    let mut tally = Tally::default();
    let mut old = first;
    for number in 1..=times {
        let new = first + Days::new(u64::from(number));
        let mut child = project.start(new);
        std::thread::sleep(moment(number, whole));
        tally.killed += u32::from(child.try_wait().unwrap().is_none());
        // Killed outright: no clean-up of its own can run.
        child.kill().unwrap();
        child.wait().unwrap();
        let newest = project.newest_as_at();
        assert!(newest == old || newest == new, "kill {number}: {newest} is neither {old} nor {new}");
        tally.new += u32::from(newest == new);
        tally.old += u32::from(newest == old);
        tally.unfinished += u32::from(unfinished(&project.releases()) > 0);
        for listed in list(&project.releases()).unwrap() {
            assert_eq!(listed.state, State::Verified, "kill {number}: {}", listed.name);
            assert!(!listed.name.starts_with('.'), "{}", listed.name);
        }
        project.build(new);
        assert_eq!(project.newest_as_at(), new, "kill {number}: the next build is the newest");
        assert_eq!(unfinished(&project.releases()), 0, "kill {number}: nothing unfinished is left");
        old = new;
    }
    tally
}

#[test]
fn a_killed_build_leaves_the_old_release_or_the_new_one() {
    let tally = kill(4);
    assert_eq!(tally.old + tally.new, 4, "{tally:?}");
}

/// Two hundred kills: `SIGHTLINE_KILLS` names another number.
#[test]
#[ignore = "takes minutes: cargo test --test it -- --ignored --nocapture two_hundred_kills"]
fn two_hundred_kills() {
    let times = std::env::var("SIGHTLINE_KILLS").ok().and_then(|times| times.parse().ok()).unwrap_or(200);
    let tally = kill(times);
    assert_eq!(tally.old + tally.new, times, "{tally:?}");
    assert!(tally.killed > 0 && tally.old > 0, "{tally:?}");
    {
        eprintln!("{times} kills: {tally:?}");
    }
}
