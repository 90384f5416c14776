//! `export`: what the pages show, from the newest release.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::releases::newest;
use super::tell::Tell;
use crate::release::{
    Board, Edition as _, Protected, Report, Restricted, export, open_board, open_protected, open_restricted,
};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) project: super::Project,
    /// One measure (all unless named).
    #[arg(long)]
    measure: Option<String>,
    /// Disclosure-controlled for the board or, where the settings ask for it, for anyone; or exact, for analyst and scrutineer
    /// alone.
    #[arg(long, value_enum, default_value_t = Edition::Board)]
    edition: Edition,
    /// How it is written (else as the file's name ends, else CSV).
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write (standard output unless named).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Edition {
    Board,
    Public,
    Restricted,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Json,
    Xlsx,
}

impl Options {
    /// As asked for, else as the file's name ends.
    fn format(&self) -> anyhow::Result<Format> {
        let Some(path) = self.out.as_ref().filter(|_| self.format.is_none()) else {
            return Ok(self.format.unwrap_or(Format::Csv));
        };
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        Format::from_str(&ending, true).map_err(|_| {
            anyhow::anyhow!(
                "the name of `{}` does not say how it is to be written\nhint: end it with .csv, .json or .xlsx, or add --format",
                path.display()
            )
        })
    }
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let format = options.format()?;
    let dir = newest(folder)?.dir;
    match options.edition {
        Edition::Board => write(&open_board(&dir)?, Board::NAME, format, options, tell),
        Edition::Public => {
            let edition = Protected::Public;
            write(&open_protected(&dir, edition)?, edition.name(), format, options, tell)
        }
        Edition::Restricted => write(&open_restricted(&dir)?, Restricted::NAME, format, options, tell),
    }
}

fn write<E: crate::release::Edition>(
    report: &Report<E>,
    name: &str,
    format: Format,
    options: &Options,
    tell: &Tell,
) -> anyhow::Result<()> {
    if let Some(measure) = &options.measure
        && !report.measures.iter().any(|known| known.id == *measure)
    {
        anyhow::bail!("no measure `{measure}` in the {name} edition\nhint: `sightline explain` lists them");
    }
    let figures = export::of_measure(report, options.measure.as_deref());
    let bytes = match format {
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
        None if matches!(format, Format::Xlsx) && std::io::stdout().is_terminal() => {
            anyhow::bail!("a workbook is not for a terminal\nhint: add --out FILE.xlsx")
        }
        None => tell.write(&bytes),
    }
    Ok(())
}
