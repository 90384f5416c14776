//! `stat`: any statistical method on a plain file, so that an analyst can check ours against R. One file a family of methods:
//! each reads its columns, asks `stats`, and fills a table. Nothing is worked out here.

mod attributes;
mod change;
mod charts;
mod counts;
mod follow;
mod funnel;
mod later;
mod sheet;
mod survival;
mod table;
mod unit;

use clap::{Args, Subcommand};

use super::tell::Tell;
use crate::config::Problems;
use sheet::Sheet;
use table::Table;

#[derive(Args)]
#[command(
    after_help = "The file is CSV in UTF-8 with a header; `-` reads standard input. Columns may stand in any order; \
others are ignored and named on standard error, where notes go too. An empty cell (or R's NA) is not known, and `not \
defined` comes out as an empty cell (null with --json). Dates are YYYY-MM-DD. Numbers have 15 significant digits."
)]
pub(super) struct Options {
    #[command(subcommand)]
    method: Method,
}

/// The file a method reads.
#[derive(Args)]
pub(super) struct Input {
    /// A CSV file, or `-` for standard input.
    #[arg(value_name = "FILE.csv")]
    file: String,
}

#[derive(Subcommand)]
enum Method {
    /// Chart of single values (XmR) as the NHS draws it: limits, four signals, variation, assurance.
    #[expect(clippy::doc_markdown, reason = "shown on the command line as it stands")]
    Xmr(charts::Xmr),
    /// Shares: p chart.
    P(attributes::Attributes),
    /// Shares: p′ chart (Laney), limits never narrower than p.
    PPrime(attributes::Attributes),
    /// Rates: u chart.
    U(attributes::Attributes),
    /// Rates: u′ chart (Laney), limits never narrower than u.
    UPrime(attributes::Attributes),
    /// Counts over equal stretches: c chart.
    C(attributes::Counts),
    /// Cases or days between rare events: g chart.
    G(attributes::Gaps),
    /// Time between rare events: t chart.
    T(attributes::Times),
    /// Wilson's interval for shares.
    Wilson(counts::Wilson),
    /// Intervals for counts and rates: exact under 10 events, Byar's from 10.
    Poisson(counts::Poisson),
    /// Directly standardised rate with Dobson's interval.
    Dsr(counts::Dsr),
    /// Kaplan-Meier: steps, days, quantiles or restricted mean.
    Survival(survival::Survival),
    /// Cumulative incidence of competing ends (Aalen-Johansen).
    Incidence(follow::Incidence),
    /// Mean cumulative function of events that come back.
    Recurrent(follow::Recurrent),
    /// Funnel limits for many units.
    Funnel(funnel::Funnel),
    /// Change of level and slope, with Newey-West errors.
    Segmented(change::Segmented),
    /// Tabular cumulative sums.
    Cusum(charts::Cusum),
    /// Log-rank test between strata.
    Logrank(follow::Logrank),
    /// Weeks until nothing remains, by drawing past weeks again.
    Forecast(later::Forecast),
    /// Share of events recorded within so many days.
    Delay(later::Delay),
}

pub(super) fn run(options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let table = match &options.method {
        Method::Xmr(options) => on(&options.input, tell, |sheet| charts::xmr(options, sheet)),
        Method::P(options) => on(&options.input, tell, |sheet| attributes::shares(options, false, sheet)),
        Method::PPrime(options) => on(&options.input, tell, |sheet| attributes::shares(options, true, sheet)),
        Method::U(options) => on(&options.input, tell, |sheet| attributes::rates(options, false, sheet)),
        Method::UPrime(options) => on(&options.input, tell, |sheet| attributes::rates(options, true, sheet)),
        Method::C(options) => on(&options.input, tell, |sheet| attributes::counts(options, sheet)),
        Method::G(options) => on(&options.input, tell, |sheet| attributes::gaps(options, sheet)),
        Method::T(options) => on(&options.input, tell, |sheet| attributes::times(options, sheet)),
        Method::Wilson(options) => on(&options.input, tell, |sheet| counts::wilson(options, sheet)),
        Method::Poisson(options) => on(&options.input, tell, |sheet| counts::poisson(options, sheet)),
        Method::Dsr(options) => on(&options.input, tell, |sheet| counts::dsr(options, sheet)),
        Method::Survival(options) => on(&options.input, tell, |sheet| survival::survival(options, sheet)),
        Method::Incidence(options) => on(&options.input, tell, |sheet| follow::incidence(options, sheet)),
        Method::Recurrent(options) => on(&options.input, tell, follow::recurrent),
        Method::Funnel(options) => on(&options.input, tell, |sheet| funnel::funnel(options, sheet)),
        Method::Segmented(options) => on(&options.input, tell, |sheet| change::segmented(options, sheet)),
        Method::Cusum(options) => on(&options.input, tell, |sheet| charts::cusum(options, sheet)),
        Method::Logrank(options) => on(&options.input, tell, follow::logrank),
        Method::Forecast(options) => on(&options.input, tell, |sheet| later::forecast(options, sheet)),
        Method::Delay(options) => on(&options.input, tell, |sheet| later::delay(options, sheet)),
    }?;
    if tell.is_json() {
        tell.write(table.json()?.as_bytes());
    } else {
        tell.write(&table.csv()?);
    }
    Ok(())
}

/// Reads the file and asks the method; what is to be said beside the table goes to standard error.
fn on(
    input: &Input,
    tell: &Tell,
    method: impl FnOnce(&mut Sheet) -> Result<Table, Problems>,
) -> Result<Table, Problems> {
    let mut sheet = Sheet::open(&input.file)?;
    let table = method(&mut sheet)?;
    for note in sheet.unread().iter().chain(&table.notes) {
        tell.note(note);
    }
    Ok(table)
}

/// A share strictly between 0 and 1.
fn share(text: &str) -> Result<f64, String> {
    let within = |value: &f64| *value > 0.0 && *value < 1.0;
    text.parse().ok().filter(within).ok_or_else(|| "a number between 0 and 1, such as 0.95".to_owned())
}

/// A number above zero.
fn above_zero(text: &str) -> Result<f64, String> {
    let above = |value: &f64| *value > 0.0 && value.is_finite();
    text.parse().ok().filter(above).ok_or_else(|| "a number above 0".to_owned())
}

/// A number of 0 or more, small enough to count in.
fn from_zero(text: &str) -> Result<f64, String> {
    let within = |value: &f64| *value >= 0.0 && *value < unit::LONGEST;
    text.parse().ok().filter(within).ok_or_else(|| "a number of 0 or more".to_owned())
}

/// Any number.
fn finite(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| "a number".to_owned())
}
