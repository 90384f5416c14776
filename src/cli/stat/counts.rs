//! `stat wilson`, `poisson` and `dsr`: intervals for shares, counts and rates.

use std::num::NonZeroU64;

use clap::Args;

use super::Input;
use super::sheet::{self, Sheet};
use super::table::{Table, cells};
use crate::config::Problems;
use crate::stats::{self, Estimate, Events, Stratum};

const COLUMNS: [&str; 5] = ["x", "n", "value", "lower", "upper"];

#[derive(Args)]
#[command(after_help = "\
Columns in: x, n (whole). Where one is empty, or n is 0, nothing is defined.
Columns out: x, n, value (x ÷ n × multiplier), lower, upper: Wilson's score interval without continuity correction. Rows stay \
in the order of the file.")]
pub(super) struct Wilson {
    #[command(flatten)]
    pub(super) input: Input,
    /// The share of intervals that hold the truth.
    #[arg(long, default_value_t = 0.95, value_parser = super::share)]
    confidence: f64,
    /// What a share is shown per: 100 gives percentages.
    #[arg(long, default_value_t = 1.0, value_parser = super::above_zero)]
    multiplier: f64,
}

pub(super) fn wilson(options: &Wilson, sheet: &mut Sheet) -> Result<Table, Problems> {
    let (x, n) = (sheet.column("x", &sheet::COUNT), sheet.column("n", &sheet::COUNT));
    let pair = |at: usize| x.get(at).copied().flatten().zip(n.get(at).copied().flatten());
    let beyond = |at: usize| pair(at).is_some_and(|(x, n)| x > n);
    sheet.refuse("x", "column `x`: more than `n`", "a share counts x of the n", beyond);
    sheet.check()?;
    let mut table = Table::new(&COLUMNS);
    for (x, n) in x.iter().zip(&n) {
        let share = x.zip(n.and_then(NonZeroU64::new)).map(|(x, n)| stats::wilson(x, n, options.confidence));
        let of = |value: Option<f64>| value.map(|value| value * options.multiplier);
        table.push(cells![
            *x,
            *n,
            of(share.map(|share| share.value)),
            of(share.and_then(|share| share.lower)),
            of(share.and_then(|share| share.upper)),
        ]);
    }
    Ok(table)
}

#[derive(Args)]
#[command(after_help = "\
Columns in: x (events, whole), n (exposure; 1 for a plain count). Where one is empty, or n is 0, nothing is defined.
Columns out: x, n, value (x ÷ n × multiplier), lower, upper: exact Poisson under 10 events (chi-squared quantiles), Byar's \
approximation from 10. Rows stay in the order of the file. For events that come back in the same child these are too narrow: \
see dsr with children_with_1, children_with_2 and so on.")]
pub(super) struct Poisson {
    #[command(flatten)]
    pub(super) input: Input,
    /// The share of intervals that hold the truth.
    #[arg(long, default_value_t = 0.95, value_parser = super::share)]
    confidence: f64,
    /// What a rate is shown per: 10000 gives rates per 10,000.
    #[arg(long, default_value_t = 1.0, value_parser = super::above_zero)]
    multiplier: f64,
}

pub(super) fn poisson(options: &Poisson, sheet: &mut Sheet) -> Result<Table, Problems> {
    let (x, n) = (sheet.column("x", &sheet::COUNT), sheet.column("n", &sheet::FROM_ZERO));
    sheet.check()?;
    let mut table = Table::new(&COLUMNS);
    for (x, n) in x.iter().zip(&n) {
        let rate = x.zip(*n);
        let rate = rate.and_then(|(x, n)| stats::poisson_rate_at(x, n, options.multiplier, options.confidence));
        let (lower, upper) = (rate.and_then(|rate| rate.lower), rate.and_then(|rate| rate.upper));
        table.push(cells![*x, *n, rate.map(|rate| rate.value), lower, upper]);
    }
    Ok(table)
}

#[derive(Args)]
#[command(after_help = "\
Columns in: stratum, events, population, standard_population; for events that come back in the same child also \
children_with_1, children_with_2, … (children of the stratum with one event, with two …), which must add up to its events.
Columns out: value, lower, upper (one row): Dobson's limits at 95 %, with the variance summed over children where they are \
given. Withheld under 10 events.")]
pub(super) struct Dsr {
    #[command(flatten)]
    pub(super) input: Input,
    /// What the rate is shown per: 100000 gives rates per 100,000.
    #[arg(long, default_value_t = 1.0, value_parser = super::above_zero)]
    multiplier: f64,
}

pub(super) fn dsr(options: &Dsr, sheet: &mut Sheet) -> Result<Table, Problems> {
    sheet.filled("stratum", &sheet::TEXT);
    let events = sheet.filled("events", &sheet::COUNT);
    let population = sheet.filled("population", &sheet::ABOVE_ZERO);
    let standard = sheet.filled("standard_population", &sheet::FROM_ZERO);
    let children = children_with(sheet);
    let counted = |at: usize| -> u64 {
        children.iter().map(|(number, counts)| number * counts.get(at).copied().flatten().unwrap_or(0)).sum()
    };
    let differs = |at: usize| !children.is_empty() && events.get(at).copied().flatten() != Some(counted(at));
    let hint = "1 × children_with_1 + 2 × children_with_2 + … is the number of events";
    sheet.refuse("events", "column `events`: not what the children's columns add up to", hint, differs);
    if standard.iter().flatten().sum::<f64>() <= 0.0 && sheet.len() > 0 {
        let hint = "at least one stratum needs a weight above 0";
        sheet.refuse_all(sheet::DOES_NOT_FIT, "column `standard_population`: no weight above 0", hint);
    }
    sheet.check()?;
    let most = children.iter().map(|(number, _)| *number).max().unwrap_or(0);
    let by_child = |at: usize| -> Vec<u64> {
        let with = |number: u64| children.iter().find(|(of, _)| *of == number);
        (1..=most).map(|number| with(number).and_then(|(_, counts)| *counts.get(at)?).unwrap_or(0)).collect()
    };
    let mut strata = Vec::new();
    for (at, ((events, population), standard)) in events.iter().zip(&population).zip(&standard).enumerate() {
        if let (Some(events), Some(population), Some(standard)) = (*events, *population, *standard) {
            let events = if children.is_empty() { Events::Independent(events) } else { Events::ByChild(by_child(at)) };
            strata.push(Stratum { events, population, standard });
        }
    }
    let rate: Option<Estimate> = stats::standardised_rate(&strata, options.multiplier);
    let mut table = Table::new(&["value", "lower", "upper"]);
    if rate.is_none() {
        table.note("withheld: fewer than 10 events");
    }
    let (lower, upper) = (rate.and_then(|rate| rate.lower), rate.and_then(|rate| rate.upper));
    table.push(cells![rate.map(|rate| rate.value), lower, upper]);
    Ok(table)
}

/// The columns `children_with_k` with their k.
fn children_with(sheet: &mut Sheet) -> Vec<(u64, Vec<Option<u64>>)> {
    const PREFIX: &str = "children_with_";
    let named = sheet.columns_like(PREFIX).into_iter();
    let numbered = named.filter_map(|column| {
        let number = column.strip_prefix(PREFIX)?.parse().ok().filter(|number| (1..=10_000).contains(number))?;
        Some((number, column))
    });
    numbered
        .collect::<Vec<(u64, String)>>()
        .into_iter()
        .map(|(k, name)| (k, sheet.filled(&name, &sheet::COUNT)))
        .collect()
}
