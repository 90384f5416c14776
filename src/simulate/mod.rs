//! A synthetic partnership with known truth: extracts as each agency would send them, and what must be found in them.
//!
//! One child is lived and written at a time, from a stream of chance of its own, so that memory does not grow with the
//! number of children and the same seed gives the same bytes. Nothing here describes a real child or place.

mod birth;
mod calendar;
mod child;
mod defects;
mod dice;
mod extracts;
mod help;
mod later;
mod life;
mod project;
mod reports;
mod supplied;
mod table;
#[cfg(test)]
mod tests;
mod truth;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use defects::Defects;
use dice::Dice;
use extracts::Extracts;
use truth::Truth;
use world::World;

/// Children between two reports of progress.
const REPORT_EVERY: u64 = 256;
/// Share of residents ever known for missing or exploitation, unless told.
const KNOWN_SHARE: f64 = 0.019;

/// What to simulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Residents aged 0 to 17: 1,000 to 12 million.
    pub children: u64,
    /// Of them, children ever known for missing or exploitation; 1.9 % unless given.
    pub known: Option<u64>,
    /// Civil months up to and including that of the as-at date: 1 to 240.
    pub months: u32,
    /// The same seed and options give the same bytes.
    pub seed: u64,
    /// How extracts are written.
    pub format: Format,
    /// The last day that any extract knows of.
    pub as_at: NaiveDate,
    /// Nothing is planted that gets better or worse over time: what is signalled then is chance alone.
    pub steady: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            children: 80_000,
            known: None,
            months: 36,
            seed: 7,
            format: Format::Csv,
            as_at: NaiveDate::from_ymd_opt(2026, 10, 31).expect("a fixed date of the calendar"),
            steady: false,
        }
    }
}

impl Options {
    fn known_children(&self) -> u64 {
        self.known.unwrap_or((self.children as f64 * KNOWN_SHARE).round() as u64)
    }

    /// Every problem with them at once.
    fn check(&self) -> Result<(), Error> {
        let mut problems = Vec::new();
        if !(1_000..=12_000_000).contains(&self.children) {
            problems.push("the number of children must lie between 1,000 and 12,000,000");
        }
        if self.known_children() > self.children {
            problems.push("more children are known than live in the area");
        }
        if !(1..=240).contains(&self.months) {
            problems.push("the number of months must lie between 1 and 240");
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Options(problems.join("; "))) }
    }
}

/// How extracts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text, one row a line.
    #[default]
    Csv,
    /// Columns of text, in row groups.
    Parquet,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Children known for missing or exploitation.
    pub known: u64,
    /// Rows of every extract, by `agency/file`.
    pub rows: Vec<(String, u64)>,
}

impl Summary {
    /// Rows of all extracts together.
    pub fn total_rows(&self) -> u64 {
        self.rows.iter().map(|(_, rows)| rows).sum()
    }
}

/// Why nothing, or not everything, could be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The options cannot be simulated.
    #[error("{0}")]
    Options(String),
    /// A file or folder cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A CSV extract cannot be written.
    #[error("cannot write an extract as CSV")]
    Csv(#[from] csv::Error),
    /// A Parquet extract cannot be written.
    #[error("cannot write an extract as Parquet")]
    Parquet(#[from] polars::error::PolarsError),
}

/// Writes a project folder with the extracts of a fictional partnership, its configuration and its truth.
///
/// `progress` is told how many of the known children are done, and of how many.
///
/// # Errors
/// Where the options cannot be simulated or the folder cannot be written.
pub fn simulate(options: &Options, out: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Summary, Error> {
    options.check()?;
    let world = World::new(options);
    fs::create_dir_all(out).map_err(|source| Error::Write { path: out.to_owned(), source })?;
    let mut extracts = Extracts::create(out, options.format)?;
    let mut truth = Truth::new(&world);
    let mut defects = Defects::default();
    for number in 1..=world.known {
        let mut dice = Dice::new(world.seed, number);
        let child = one_life(&world, number, &mut dice);
        truth.count(&world, &child);
        extracts.write(&world, &child, &mut dice, &mut defects)?;
        if number % REPORT_EVERY == 0 || number == world.known {
            progress(number, world.known);
        }
    }
    let mut rows = extracts.finish(&world)?;
    rows.extend(later::write(out, options.format, &world)?);
    let truth = truth.to_json(&world, &defects, &rows);
    table::write_file(&out.join("truth.json"), &format!("{truth:#}\n"))?;
    table::write_file(&out.join("partnership.toml"), &project::configuration(&world, options.format))?;
    table::write_file(&out.join("events.csv"), &project::events(&world))?;
    Ok(Summary { known: world.known, rows })
}

/// A child's whole life and what agencies reported of it.
fn one_life(world: &World, number: u64, dice: &mut Dice) -> child::Child {
    let mut child = birth::born(world, number, dice);
    life::live(world, &mut child, dice);
    reports::report(world, &mut child, dice);
    child
}
