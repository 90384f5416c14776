//! `simulate`: a synthetic partnership with known truth.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::tell::Tell;
use crate::simulate;

#[derive(Args)]
pub(super) struct Options {
    /// Residents under 18, from 1,000 to 12 million.
    #[arg(long, default_value_t = 80_000)]
    children: u64,
    /// Of these, ever known for missing or exploitation (1.9 % unless given).
    #[arg(long)]
    known: Option<u64>,
    /// Months of history.
    #[arg(long, default_value_t = 36)]
    months: u32,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The folder to write.
    #[arg(long)]
    out: PathBuf,
    /// CSV or Parquet.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The last day of the data.
    #[arg(long, default_value = "2026-10-31")]
    as_at: NaiveDate,
    /// Nothing gets better or worse over time: what is signalled then is chance alone.
    #[arg(long)]
    steady: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Parquet,
}

pub(super) fn run(options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let settings = simulate::Options {
        children: options.children,
        known: options.known,
        months: options.months,
        seed: options.seed,
        as_at: options.as_at,
        steady: options.steady,
        format: match options.format {
            Format::Csv => simulate::Format::Csv,
            Format::Parquet => simulate::Format::Parquet,
        },
    };
    let bar = tell.progress("simulating");
    let summary = simulate::simulate(&settings, &options.out, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let summary = summary?;
    let words = format!("written to {}: {} known children", options.out.display(), summary.known);
    tell.say(&words, &json!({ "out": options.out, "known": summary.known }));
    Ok(())
}
