//! `pack`: the frozen monthly pack, written whole or not at all.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::Args;
use serde_json::json;

use super::releases;
use super::tell::Tell;
use crate::build::{BuildError, Fault};
use crate::dashboards::{self, Commentary, commentary};
use crate::domain::Month;
use crate::pack::{self, Extent, Format};
use crate::release::{Protected, list, open_protected};
use crate::web::{self, site};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) project: super::Project,
    /// The month, as 2026-10; it must have been released.
    #[arg(long)]
    month: Month,
    /// The file to write; its name ends in .html, .pdf or .xlsx.
    #[arg(long)]
    out: PathBuf,
    /// Though its commentary is not approved; every sheet says so.
    #[arg(long)]
    draft: bool,
    /// What a board reads in its hour: without the pages of single measures and actions, and tables of a year at most.
    #[arg(long)]
    brief: bool,
    /// Of the public edition, for a published paper: without commentary and the pages of single actions.
    #[arg(long)]
    public: bool,
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let name = options.out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(format) = Format::of_name(&name) else {
        bail!("`{name}` does not say what to write\nhint: end the file's name in .html, .pdf or .xlsx");
    };
    if options.brief && format == Format::Xlsx {
        bail!("a workbook holds every figure\nhint: leave out --brief, or name a file that ends in .html or .pdf");
    }
    let bar = tell.progress("making the pack");
    let made = made(folder, options, format);
    bar.finish_and_clear();
    let (release, made) = made?;
    write(&options.out, &made.bytes)?;
    let words = format!(
        "{}: {} pages of {}{}, {}release {release}{}",
        options.out.display(),
        made.pages,
        options.month.in_words(),
        made.sheets.map_or_else(String::new, |sheets| format!(" on {sheets} sheets")),
        if options.public { "public edition, " } else { "" },
        if options.draft { ", a draft" } else { "" },
    );
    let size = made.bytes.len();
    tell.say(
        &words,
        &json!({ "pack": options.out, "pages": made.pages, "sheets": made.sheets, "bytes": size, "release": release }),
    );
    Ok(())
}

/// The release's id and the pack, or everything that keeps it from being made.
fn made(project: &Path, options: &Options, format: Format) -> anyhow::Result<(String, pack::Pack)> {
    let listed = releases::of_month(project, options.month)?;
    let edition = if options.public { Protected::Public } else { Protected::Board };
    let report = open_protected(&listed.dir, edition)?;
    let released = list(&releases::folder(project))?;
    let history = web::History::read(&released, &listed.name, edition);
    let (pages, mut problems) = dashboards::load_all(Some(&project.join(dashboards::FOLDER)));
    let (all, unreadable) = dashboards::load_all_commentary(&project.join(commentary::FOLDER));
    problems.extend(unreadable);
    problems.extend(dashboards::check_commentary(&all, &pages, &report.measures));
    if !problems.is_empty() {
        return Err(told(problems));
    }
    let all = commentary::beside(all, options.month, report.about.as_at);
    // It may quote what the board alone is shown, and was approved for the board.
    let is_held = |one: &Commentary| one.month == options.month && edition == Protected::Board;
    let commentary: Vec<_> = all.into_iter().filter(is_held).collect();
    let site = site(&web::Inputs {
        report: &report,
        pages: &pages,
        commentary: &commentary,
        history: &history,
        releases: &super::serve::listings(&released, edition),
        notices: &[],
        guarded: false,
    });
    let inputs = pack::Inputs {
        report: &report,
        site: &site,
        dashboards: &pages,
        commentary: &commentary,
        draft: options.draft,
        extent: if options.brief { Extent::Brief } else { Extent::Whole },
    };
    let made = pack::pack(&inputs, format).map_err(|reasons| refused(&reasons))?;
    Ok((report.id.get(..12).unwrap_or(&report.id).to_owned(), made))
}

/// Problems of files, as faults that are listed.
fn told(problems: Vec<dashboards::Problem>) -> anyhow::Error {
    let fault = |problem: dashboards::Problem| Fault {
        rule: "page".into(),
        rows: vec![problem.line as u64],
        column: None,
        says: problem.to_string(),
        file: problem.file,
    };
    BuildError::Input(problems.into_iter().map(fault).collect()).into()
}

/// Every reason why there is no pack.
fn refused(reasons: &[String]) -> anyhow::Error {
    let all: String = reasons.iter().map(|reason| format!("\n- {reason}")).collect();
    let hint = if reasons.iter().any(|reason| reason.ends_with("not approved")) {
        "\nhint: approve the commentary, or make a draft with --draft"
    } else {
        ""
    };
    anyhow!("the pack is not written:{all}{hint}")
}

/// Beside its place first, so that there is never half a pack.
fn write(out: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let unfinished = out.with_extension("unfinished");
    let done = std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, out));
    done.map_err(|error| {
        // What is half written is of no use; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&unfinished);
        anyhow!("cannot write `{}`: {error}", out.display())
    })
}
