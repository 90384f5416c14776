//! `stat p, p-prime, u, u-prime, c, g, t`: charts of counts, shares, rates and gaps.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Input;
use super::charts::{refuse_repeated, with_missing_months};
use super::sheet::{self, Sheet};
use super::table::{Table, cells};
use crate::config::Problems;
use crate::stats::{self, AttributeOptions, Basis, GapLimits, Laney};

const COLUMNS: [&str; 6] = ["date", "value", "centre", "lower", "upper", "sigma_z"];

/// What every chart here takes.
#[derive(Args)]
struct Baseline {
    /// Centre and limits from the first so many points (all unless given).
    #[arg(long = "baseline", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    first: Option<u32>,
    /// Keep moving ranges of 3.267 means or more, which are left out else (primes and t).
    #[arg(long)]
    no_screening: bool,
    /// `off`: sigma z as measured, as in R's qicharts2; else it is never under 1 (primes).
    #[arg(long, value_enum, default_value_t = Floor::On)]
    sigma_floor: Floor,
}

impl Baseline {
    fn points(&self) -> Option<usize> {
        self.first.map(|points| points as usize)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Floor {
    On,
    Off,
}

#[derive(Args)]
#[command(after_help = "\
Columns in: date, x (events), n (children, or exposure). Where x or n is empty, or n is 0, the point is a gap.
Columns out: date, value (x ÷ n), centre, lower, upper, sigma_z (1 where limits are not widened).

Primes: sigma z is the mean moving range of z ÷ 1.128 and, unless --sigma-floor off, never under 1, so that limits never \
narrow. Where all dates are firsts, or all are lasts, of months, ranges are not taken across missing months.")]
pub(super) struct Attributes {
    #[command(flatten)]
    pub(super) input: Input,
    #[command(flatten)]
    baseline: Baseline,
}

pub(super) fn shares(options: &Attributes, prime: bool, sheet: &mut Sheet) -> Result<Table, Problems> {
    let n = sheet.column("n", &sheet::COUNT);
    let x = sheet.column("x", &sheet::COUNT);
    let beyond = |at: usize| x.get(at).copied().flatten() > n.get(at).copied().flatten() && known(&n, at);
    sheet.refuse("x", "column `x`: more than `n`", "a share counts x of the n", beyond);
    let n: Vec<Option<f64>> = n.iter().map(|n| n.map(|n| n as f64)).collect();
    chart(&options.baseline, Basis::Share, prime, &x, &n, sheet)
}

pub(super) fn rates(options: &Attributes, prime: bool, sheet: &mut Sheet) -> Result<Table, Problems> {
    let n = sheet.column("n", &sheet::FROM_ZERO);
    let x = sheet.column("x", &sheet::COUNT);
    let of_nothing = |at: usize| x.get(at).copied().flatten() > Some(0) && n.get(at).copied().flatten() == Some(0.0);
    sheet.refuse("x", "column `x`: events where `n` is 0", "events need an exposure they came from", of_nothing);
    chart(&options.baseline, Basis::Rate, prime, &x, &n, sheet)
}

fn known<T: Copy>(values: &[Option<T>], at: usize) -> bool {
    values.get(at).copied().flatten().is_some()
}

fn chart(
    options: &Baseline,
    basis: Basis,
    prime: bool,
    x: &[Option<u64>],
    n: &[Option<f64>],
    sheet: &mut Sheet,
) -> Result<Table, Problems> {
    let dates = sheet.filled("date", &sheet::DATE);
    refuse_repeated(sheet, &dates, &vec![None; dates.len()]);
    sheet.check()?;
    let points = dates.iter().zip(x).zip(n);
    let mut points: Vec<(NaiveDate, Option<(u64, f64)>)> =
        points.filter_map(|((date, x), n)| Some(((*date)?, x.zip(*n)))).collect();
    points.sort_by_key(|(date, _)| *date);
    let rows: Vec<NaiveDate> = points.iter().map(|(date, _)| *date).collect();
    if prime {
        points = with_missing_months(&points);
    }
    let counted: Vec<(u64, f64)> = points.iter().map(|(_, point)| point.unwrap_or((0, 0.0))).collect();
    let laney = match (prime, options.sigma_floor) {
        (false, _) => Laney::Off,
        (true, Floor::On) => Laney::FlooredAtOne,
        (true, Floor::Off) => Laney::AsMeasured,
    };
    let with = |laney: Laney| {
        let screening = !options.no_screening;
        stats::attributes_chart_with(&counted, AttributeOptions { basis, laney, baseline: options.points(), screening })
    };
    let mut table = Table::new(&COLUMNS);
    let (chart, widened) = match with(laney) {
        Some(chart) => (Some(chart), true),
        None => (with(Laney::Off), false),
    };
    if chart.is_none() {
        table.note("nothing was counted: no centre and no limits");
    } else if !widened {
        table.note("no moving range to measure sigma z from: no limits");
    }
    for (at, (date, _)) in points.iter().enumerate().filter(|(_, (date, _))| rows.contains(date)) {
        let point = chart.as_ref().and_then(|chart| chart.points.get(at));
        // Limits depend on n: where there is none, they are not defined.
        let limits = point.filter(|point| widened && point.value.is_some());
        table.push(cells![
            *date,
            point.and_then(|point| point.value),
            point.map(|point| point.centre),
            limits.map(|point| point.lower),
            limits.map(|point| point.upper),
            chart.as_ref().filter(|_| widened).map(|chart| chart.sigma_z),
        ]);
    }
    Ok(table)
}

#[derive(Args)]
#[command(after_help = "\
Columns in: date, x (counts over equal stretches; empty is not known).
Columns out: date, value, centre, lower, upper, sigma_z (1).")]
pub(super) struct Counts {
    #[command(flatten)]
    pub(super) input: Input,
    #[command(flatten)]
    baseline: Baseline,
}

pub(super) fn counts(options: &Counts, sheet: &mut Sheet) -> Result<Table, Problems> {
    let x = sheet.column("x", &sheet::COUNT);
    let n = vec![Some(1.0); x.len()];
    chart(&options.baseline, Basis::Rate, false, &x, &n, sheet)
}

#[derive(Args)]
#[command(after_help = "\
Columns in: date (of the event; several may share one), y (cases or days since the event before, whole); open where the last \
row is not an event but the wait so far: 1 there, 0 elsewhere. An open gap is shown against the limits and never enters them.
Columns out: date, value, centre, lower, upper, sigma_z (empty). Longer gaps are better.

Limits are the 0.135 and 99.865 % points of the geometric distribution about its median; --limits three-sigma gives \
m ± 3 √(m(m + 1)) about the mean m, to compare with R (it flags 46 % of stable charts of 24 points).")]
pub(super) struct Gaps {
    #[command(flatten)]
    pub(super) input: Input,
    #[command(flatten)]
    baseline: Baseline,
    /// How limits are drawn.
    #[arg(long, value_enum, default_value_t = Limits::Probability)]
    limits: Limits,
}

#[derive(Clone, Copy, ValueEnum)]
enum Limits {
    Probability,
    ThreeSigma,
}

pub(super) fn gaps(options: &Gaps, sheet: &mut Sheet) -> Result<Table, Problems> {
    let gaps = between(sheet, &sheet::COUNT)?;
    let limits = match options.limits {
        Limits::Probability => GapLimits::Probability,
        Limits::ThreeSigma => GapLimits::ThreeSigma,
    };
    let closed: Vec<u64> = gaps.iter().filter(|gap| !gap.open).filter_map(|gap| gap.value).collect();
    let chart = stats::gap_chart_with(&closed, options.baseline.points(), limits);
    let lines = chart.and_then(|chart| chart.points.first().copied());
    let mut table = Table::new(&COLUMNS);
    for gap in gaps {
        let [centre, lower, upper] =
            [lines.map(|line| line.centre), lines.map(|line| line.lower), lines.map(|line| line.upper)];
        table.push(cells![gap.date, gap.value.map(|value| value as f64), centre, lower, upper, None::<f64>]);
    }
    Ok(table)
}

#[derive(Args)]
#[command(after_help = "\
Columns in: date (of the event), y (time since the event before, above 0); open as for g.
Columns out: date, value, centre, lower, upper, sigma_z (empty). Longer gaps are better.

y^(1/3.6) on an XmR chart, carried back. Gaps of 0 need times of day, or a g chart.")]
pub(super) struct Times {
    #[command(flatten)]
    pub(super) input: Input,
    #[command(flatten)]
    baseline: Baseline,
}

pub(super) fn times(options: &Times, sheet: &mut Sheet) -> Result<Table, Problems> {
    let gaps = between(sheet, &sheet::GAP)?;
    let closed: Vec<f64> = gaps.iter().filter(|gap| !gap.open).filter_map(|gap| gap.value).collect();
    let screening = !options.baseline.no_screening;
    let lines = stats::time_lines(&closed, options.baseline.points(), screening);
    let mut table = Table::new(&COLUMNS);
    if lines.is_some_and(|lines| lines.limits.is_none()) {
        table.note("no limits: one gap, or all alike");
    }
    for gap in gaps {
        let limits = lines.and_then(|lines| lines.limits);
        let (lower, upper) = (limits.map(|limits| limits.0), limits.map(|limits| limits.1));
        table.push(cells![gap.date, gap.value, lines.map(|lines| lines.centre), lower, upper, None::<f64>]);
    }
    Ok(table)
}

/// A gap between events.
struct Gap<T> {
    date: NaiveDate,
    value: Option<T>,
    open: bool,
}

/// Gaps in order of date; those on one date as the file has them.
fn between<T: Copy>(sheet: &mut Sheet, kind: &sheet::Kind<T>) -> Result<Vec<Gap<T>>, Problems> {
    let (dates, y) = (sheet.filled("date", &sheet::DATE), sheet.column("y", kind));
    let open = sheet.optional("open", &sheet::FLAG);
    sheet.check()?;
    let rows = dates.iter().zip(&y).zip(&open);
    let mut gaps: Vec<Gap<T>> = rows
        .filter_map(|((date, value), open)| Some(Gap { date: (*date)?, value: *value, open: open.unwrap_or(false) }))
        .collect();
    gaps.sort_by_key(|gap| gap.date);
    Ok(gaps)
}
