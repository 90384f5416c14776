//! `export`: what the pages show, from the newest release.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::releases::newest;
use super::tell::Tell;
use crate::release::{Report, export, open_board, open_restricted};

#[derive(Args)]
pub(super) struct Options {
    /// One measure (all unless named).
    #[arg(long)]
    measure: Option<String>,
    /// Disclosure-controlled, or exact for analyst and scrutineer alone.
    #[arg(long, value_enum, default_value_t = Edition::Board)]
    edition: Edition,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to write (standard output unless named).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Edition {
    Board,
    Restricted,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Json,
    Xlsx,
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let dir = newest(folder)?.dir;
    match options.edition {
        Edition::Board => write(&open_board(&dir)?, options, tell),
        Edition::Restricted => write(&open_restricted(&dir)?, options, tell),
    }
}

fn write<E: crate::release::Edition>(report: &Report<E>, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    if let Some(measure) = &options.measure
        && !report.measures.iter().any(|known| known.id == *measure)
    {
        anyhow::bail!("no measure `{measure}` in the {} edition\nhint: `sightline explain` lists them", E::NAME);
    }
    let figures = export::of_measure(report, options.measure.as_deref());
    let bytes = match options.format {
        Format::Csv => {
            let mut bytes = Vec::new();
            export::csv(&figures, &mut bytes)?;
            bytes
        }
        Format::Json => format!("{}\n", export::json(report, &figures)).into_bytes(),
        Format::Xlsx => export::xlsx(report, &figures)?,
    };
    match &options.out {
        Some(path) => std::fs::write(path, bytes)
            .map_err(|error| anyhow::anyhow!("cannot write `{}`: {error}", path.display()))?,
        None if matches!(options.format, Format::Xlsx) && std::io::stdout().is_terminal() => {
            anyhow::bail!("a workbook is not for a terminal\nhint: add --out FILE.xlsx")
        }
        None => tell.write(&bytes),
    }
    Ok(())
}
