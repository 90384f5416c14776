//! `releases`, `verify`, `compare`, `withdraw`: what is there, whether it is whole, what changed and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use serde_json::json;

use super::tell::Tell;
use crate::auditor::Audit;
use crate::domain::{Month, Relation};
use crate::measures::declared_relations;
use crate::release::{self, Listed, Protected, State};

pub(super) fn folder(project: &Path) -> PathBuf {
    project.join("releases")
}

/// The newest verified release of a project.
pub(super) fn newest(project: &Path) -> anyhow::Result<Listed> {
    release::newest_verified(&folder(project))?
        .ok_or_else(|| anyhow!("no verified release in `{}`\nhint: `sightline build` makes one", project.display()))
}

/// The newest verified release of a month.
pub(super) fn of_month(project: &Path, month: Month) -> anyhow::Result<Listed> {
    let listed = release::list(&folder(project))?;
    let verified = || listed.iter().filter(|one| one.state == State::Verified);
    let month_of = |one: &Listed| one.as_at.map(Month::ended_by);
    verified().find(|one| month_of(one) == Some(month)).cloned().ok_or_else(|| {
        let mut months: Vec<String> = verified().filter_map(month_of).map(|month| month.to_string()).collect();
        months.dedup();
        let hint = if months.is_empty() {
            "`sightline build` makes one".to_owned()
        } else {
            format!("the months released are {}", months.join(", "))
        };
        anyhow!("no verified release of {}\nhint: {hint}", month.in_words())
    })
}

pub(super) fn list(project: &Path, tell: &Tell) -> anyhow::Result<()> {
    let listed = release::list(&folder(project))?;
    let mut words = String::new();
    for one in &listed {
        let shown = one.board_name.as_ref().map_or_else(String::new, |name| format!(", on pages {name}"));
        let public = one.public_name.as_ref().map_or_else(String::new, |name| format!(", published as {name}"));
        let _ = writeln!(words, "{:<32} {}{shown}{public}", one.name, in_words(&one.state));
    }
    if listed.is_empty() {
        words.push_str("no release yet: `sightline build` makes one");
    }
    let json = listed.iter().map(|one| json!({ "name": one.name, "on_pages": one.board_name, "published_as": one.public_name, "as_at": one.as_at, "state": in_words(&one.state) }));
    tell.say(&words, &json.collect());
    Ok(())
}

pub(super) fn in_words(state: &State) -> String {
    match state {
        State::Verified => "verified".into(),
        State::Withdrawn { reason } => format!("withdrawn: {reason}"),
        State::Damaged { problems } => format!("damaged: {}", problems.join("; ")),
    }
}

/// The release named, else the newest; or every one in service.
pub(super) fn verify(project: &Path, names: &[String], all: bool, tell: &Tell) -> anyhow::Result<()> {
    let dir = match (names, all) {
        ([], true) => return verify_all(project, tell),
        ([], false) => newest(project)?.dir,
        ([name], false) => named(project, name)?,
        ([_], true) => bail!("a release is named, and all are asked for\nhint: leave out one of the two"),
        ([first, ..], _) => return Err(no_release(project, first)),
    };
    let Verdict { words, json } = verdict(&dir, &declared_relations(project))?;
    tell.say(&words, &json);
    Ok(())
}

/// Every release in service; all that do not pass are named.
fn verify_all(project: &Path, tell: &Tell) -> anyhow::Result<()> {
    let declared = declared_relations(project);
    let mut failed = Vec::new();
    let (mut words, mut json) = (Vec::new(), Vec::new());
    for one in release::list(&folder(project))? {
        if matches!(one.state, State::Withdrawn { .. }) {
            continue;
        }
        match verdict(&one.dir, &declared) {
            Ok(verdict) => {
                words.push(format!("{}: {}", one.name, verdict.words));
                json.push(json!({ "release": one.name, "verdict": verdict.json }));
            }
            Err(error) => failed.push(format!("{}: {error}", one.name)),
        }
    }
    if words.is_empty() && failed.is_empty() {
        words.push("no release in service: `sightline build` makes one".into());
    }
    tell.say(&words.join("\n"), &json.into());
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join("\n")) }
}

/// What is said of a release that passes.
struct Verdict {
    words: String,
    json: serde_json::Value,
}

/// Every hash, and an audit that takes as known what the measures' headers say today: a release made before a relation was
/// found gives away what rests on it.
fn verdict(dir: &Path, declared: &BTreeMap<String, Vec<Relation>>) -> anyhow::Result<Verdict> {
    let verified = match release::verify(dir) {
        Ok(verified) => verified,
        Err(problems) => bail!("not verified: {}", problems.join("; ")),
    };
    let audit = audited(dir, Protected::Board, declared)?;
    let mut words = format!(
        "verified: every hash is right; {} figures in the board edition, {} in the restricted edition; none of the {} withheld can be worked out",
        verified.board_figures, verified.restricted_figures, audit.withheld
    );
    for not_read in &audit.not_read {
        _ = write!(words, "\n{not_read}");
    }
    let figures = json!({ "board": verified.board_figures, "restricted": verified.restricted_figures });
    let mut public = None;
    if let Some(shown) = verified.public_figures {
        let audit = audited(dir, Protected::Public, declared)?;
        _ = write!(
            words,
            "\n{shown} figures in the public edition; none of the {} withheld can be worked out",
            audit.withheld
        );
        public = Some(json!({ "figures": shown, "withheld": audit.withheld, "not_read": audit.not_read }));
    }
    Ok(Verdict {
        words,
        json: json!({
            "verified": true,
            "figures": figures,
            "withheld": audit.withheld,
            "not_read": audit.not_read,
            "public": public,
        }),
    })
}

/// The audit of an edition that passes.
fn audited(dir: &Path, edition: Protected, declared: &BTreeMap<String, Vec<Relation>>) -> anyhow::Result<Audit> {
    let audit = release::audit(dir, edition, declared)?;
    if !audit.passed() {
        let found: String = audit.findings.iter().map(|finding| format!("\n{finding}")).collect();
        bail!(
            "every hash is right, but what the {} edition withholds could be worked out:{found}\nhint: `sightline withdraw` takes the release out of service; build again",
            edition.name()
        );
    }
    Ok(audit)
}

/// Two releases; the newest as the later one, and the one before the later as the earlier, unless named.
pub(super) fn compare(project: &Path, names: &[String], tell: &Tell) -> anyhow::Result<()> {
    let (from, to) = if let [from, to] = names {
        (named(project, from)?, named(project, to)?)
    } else {
        let in_service: Vec<_> = release::list(&folder(project))?
            .into_iter()
            .filter(|listed| listed.state == State::Verified)
            .map(|listed| listed.dir)
            .collect();
        match (names, in_service.as_slice()) {
            ([first, _, _, ..], _) => return Err(no_release(project, first)),
            ([from], [newest, ..]) => (named(project, from)?, newest.clone()),
            ([], [newest, before, ..]) => (before.clone(), newest.clone()),
            _ => bail!("there are not two verified releases to compare\nhint: `sightline releases` lists them"),
        }
    };
    let comparison = release::compare(&from, &to, false)?;
    tell.say(&comparison.to_string(), &serde_json::to_value(&comparison)?);
    Ok(())
}

pub(super) fn withdraw(project: &Path, name: &str, reason: &str, tell: &Tell) -> anyhow::Result<()> {
    let withdrawal = release::withdraw(&named(project, name)?, reason)?;
    tell.say(
        &format!("withdrawn: {} ({})", withdrawal.release, withdrawal.reason),
        &json!({ "withdrawn": withdrawal.release }),
    );
    Ok(())
}

/// The folder of a release by any of its names: the folder's, or the one that pages show. A name is not a path.
fn named(project: &Path, name: &str) -> anyhow::Result<PathBuf> {
    release::list(&folder(project))?
        .into_iter()
        .find(|listed| listed.goes_by(name))
        .map(|listed| listed.dir)
        .ok_or_else(|| no_release(project, name))
}

fn no_release(project: &Path, name: &str) -> anyhow::Error {
    let at = project.display();
    anyhow!("no release named `{name}` in `{at}`\nhint: `sightline releases` lists them, each with both its names")
}
