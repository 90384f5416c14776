//! `stat xmr` and `stat cusum`: charts of values over time.

use chrono::{Datelike as _, Days, NaiveDate};
use clap::{Args, ValueEnum};

use super::Input;
use super::sheet::{self, Sheet, groups, of_group};
use super::table::{Cell, Table, cells};
use crate::config::Problems;
use crate::stats::{self, Assurance, Better, Signal, State, XmrOptions};

#[derive(Args)]
#[command(after_help = "\
Columns in: date, y; series_id where several series stand in one file (charted apart).
Columns out (series_id first, where given): date, y, phase, mean, lower, upper, near_lower, near_upper, signal, state, \
variation, assurance.

signal: the first that holds of beyond_limit, trend, two_of_three, shift. state: improvement, concern, neutral_high, \
neutral_low or common_cause. variation (the state of the latest point that has a value; `common_cause (concern until last)` \
where a run has just ended) and assurance (consistently_passes, consistently_fails, may_or_may_not) are of the series and \
repeated on each of its rows.

An empty y is a gap: it breaks every run and has no moving range. Where all dates of a series are firsts, or all are lasts, \
of months, its step is the smallest distance in months, and months missing at that step come out as rows without y, gaps too. \
Other dates have no missing ones unless a row says so. A rebase starts a phase at the first point on or after its date. \
--fix-after counts points inside each phase, gaps among them.")]
pub(super) struct Xmr {
    #[command(flatten)]
    pub(super) input: Input,
    /// Which way is better.
    #[arg(long, value_enum, default_value_t = Direction::Neutral)]
    direction: Direction,
    /// What the process should reach, in the unit of y.
    #[arg(long, allow_hyphen_values = true, value_parser = super::finite)]
    target: Option<f64>,
    /// Dates at which the process changed, each starting a new phase.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "DATE")]
    rebase: Vec<NaiveDate>,
    /// Limits from the first so many points of each phase: 12 or more.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(12..))]
    fix_after: Option<u32>,
    /// Keep moving ranges of 3.267 means or more, which are left out else.
    #[arg(long)]
    no_screening: bool,
    /// Points beyond a limit count towards two of three, as from 2024.
    #[arg(long, value_enum)]
    two_of_three: Option<TwoOfThree>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Direction {
    Increase,
    Decrease,
    Neutral,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TwoOfThree {
    #[value(name = "2024")]
    From2024,
}

const XMR: [&str; 12] = [
    "date",
    "y",
    "phase",
    "mean",
    "lower",
    "upper",
    "near_lower",
    "near_upper",
    "signal",
    "state",
    "variation",
    "assurance",
];
/// Values in a phase below which its limits are trial limits.
const FIRM_POINTS: usize = 13;
/// The mean of a count below which an `XmR` chart signals too often.
const SMALL_COUNT: f64 = 5.0;

pub(super) fn xmr(options: &Xmr, sheet: &mut Sheet) -> Result<Table, Problems> {
    let (dates, y) = (sheet.filled("date", &sheet::DATE), sheet.column("y", &sheet::NUMBER));
    let series = sheet.optional_filled("series_id", &sheet::TEXT);
    let named = sheet.has("series_id");
    refuse_repeated(sheet, &dates, &series);
    sheet.check()?;
    let mut table = Table::new(&if named { [&["series_id"][..], &XMR].concat() } else { XMR.to_vec() });
    for (label, rows) in groups(&series) {
        let mut points: Vec<(NaiveDate, Option<f64>)> =
            rows.iter().filter_map(|at| Some((*dates.get(*at)?.as_ref()?, *y.get(*at)?))).collect();
        points.sort_by_key(|(date, _)| *date);
        chart(options, label.as_deref(), &with_missing_months(&points), &mut table);
    }
    Ok(table)
}

fn chart(options: &Xmr, label: Option<&str>, points: &[(NaiveDate, Option<f64>)], table: &mut Table) {
    let rebases: Vec<usize> =
        options.rebase.iter().filter_map(|from| points.iter().position(|(date, _)| date >= from)).collect();
    let values: Vec<Option<f64>> = points.iter().map(|(_, y)| *y).collect();
    let chart = stats::xmr(
        &values,
        &rebases,
        XmrOptions {
            better: match options.direction {
                Direction::Increase => Better::Increase,
                Direction::Decrease => Better::Decrease,
                Direction::Neutral => Better::Neutral,
            },
            target: options.target,
            screening: !options.no_screening,
            fix_after: options.fix_after.map(|points| points as usize),
            two_of_three_2024: options.two_of_three == Some(TwoOfThree::From2024),
        },
    );
    let of = of_group("series", label);
    for from in &options.rebase {
        if points.iter().all(|(date, _)| date >= from) || points.iter().all(|(date, _)| date < from) {
            table.note(format!("rebase on {from} starts no new phase{of}: no point before it, or none after"));
        }
    }
    trial_limits(&chart.points, &of, table);
    let whole = values.iter().flatten().all(|y| *y >= 0.0 && y.fract() <= 0.0);
    if whole && chart.points.iter().any(|point| point.mean.is_some_and(|mean| mean < SMALL_COUNT)) {
        table.note(format!("counts with a mean under 5{of}: XmR signals too often there; consider c, u-prime, g or t"));
    }
    let variation = chart.variation.map(|state| match chart.until_last {
        Some(ended) => format!("{} ({} until last)", state_label(state), state_label(ended)),
        None => state_label(state).to_owned(),
    });
    let assurance = chart.assurance.map(|assurance| match assurance {
        Assurance::Passes => "consistently_passes",
        Assurance::Fails => "consistently_fails",
        Assurance::MayOrMayNot => "may_or_may_not",
    });
    for ((date, _), point) in points.iter().zip(&chart.points) {
        let limit = |of: fn(&stats::XmrLimits) -> f64| Cell::from(point.limits.as_ref().map(of));
        let mut row = cells![
            *date,
            point.value,
            point.phase as u64,
            point.mean,
            limit(|limits| limits.lower),
            limit(|limits| limits.upper),
            limit(|limits| limits.near_lower),
            limit(|limits| limits.near_upper),
            point.signal.map(signal_label),
            point.state.map(state_label),
            variation.clone(),
            assurance,
        ];
        if let Some(label) = label {
            row.insert(0, Cell::from(label));
        }
        table.push(row);
    }
}

fn trial_limits(points: &[stats::XmrPoint], of: &str, table: &mut Table) {
    for phase in 1..=points.iter().map(|point| point.phase).max().unwrap_or(0) {
        let count = points.iter().filter(|point| point.phase == phase && point.value.is_some()).count();
        if count < FIRM_POINTS {
            table.note(format!("trial limits in phase {phase}{of}: fewer than 13 points ({count})"));
        }
    }
}

fn signal_label(signal: Signal) -> &'static str {
    match signal {
        Signal::Beyond { .. } => "beyond_limit",
        Signal::Trend { .. } => "trend",
        Signal::TwoOfThree { .. } => "two_of_three",
        Signal::Shift { .. } => "shift",
    }
}

fn state_label(state: State) -> &'static str {
    match state {
        State::CommonCause => "common_cause",
        State::Improvement => "improvement",
        State::Concern => "concern",
        State::NeutralHigh => "neutral_high",
        State::NeutralLow => "neutral_low",
    }
}

/// Two rows of one series on one date.
pub(super) fn refuse_repeated(sheet: &mut Sheet, dates: &[Option<NaiveDate>], series: &[Option<String>]) {
    let mut seen = std::collections::BTreeMap::new();
    for (date, label) in dates.iter().zip(series) {
        if let Some(date) = date {
            *seen.entry((label.clone(), *date)).or_insert(0) += 1;
        }
    }
    let repeated = |at: usize| {
        let key = dates.get(at).copied().flatten().zip(series.get(at).cloned());
        key.is_some_and(|(date, label)| seen.get(&(label, date)).is_some_and(|count| *count > 1))
    };
    let hint = "one point a date; several series need a column `series_id` (xmr only)";
    sheet.refuse("date", "column `date`: more than one point on a date", hint, repeated);
}

/// Sorted points of a series by months, with the months missing between them as gaps; other points as they are.
pub(super) fn with_missing_months<T>(points: &[(NaiveDate, Option<T>)]) -> Vec<(NaiveDate, Option<T>)>
where
    T: Copy,
{
    let last_of_month = |date: &NaiveDate| date.checked_add_days(Days::new(1)).is_some_and(|next| next.day() == 1);
    let firsts = points.iter().all(|(date, _)| date.day() == 1);
    let lasts = points.iter().all(|(date, _)| last_of_month(date));
    let month = |date: &NaiveDate| date.year() * 12 + date.month0() as i32;
    let months: Vec<i32> = points.iter().map(|(date, _)| month(date)).collect();
    let steps = || months.iter().zip(months.iter().skip(1)).map(|(before, after)| after - before);
    let step = steps().min().unwrap_or(0);
    if !(firsts || lasts) || step < 1 || steps().any(|months| months % step != 0) {
        return points.to_vec();
    }
    let dated = |month: i32| {
        let first = |month: i32| NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1);
        if firsts { first(month) } else { first(month + 1)?.pred_opt() }
    };
    let mut filled = Vec::with_capacity(points.len());
    let mut known = points.iter().zip(&months).peekable();
    let (first, last) = (months.first().copied().unwrap_or(0), months.last().copied().unwrap_or(0));
    for at in (first..=last).step_by(step as usize) {
        match known.next_if(|(_, month)| **month == at) {
            Some((point, _)) => filled.push(*point),
            None => filled.extend(dated(at).map(|date| (date, None))),
        }
    }
    filled
}

#[derive(Args)]
#[command(after_help = "\
Columns in: date, y. An empty y leaves the sums as they were.
Columns out: date, y is as given, high and low in standard deviations, signal (high or low, empty where neither sum is beyond \
--h).

Without --target the mean of y is taken, without --sigma the mean moving range divided by 1.128; both are said.")]
pub(super) struct Cusum {
    #[command(flatten)]
    pub(super) input: Input,
    /// The level to keep to (the mean of y unless given).
    #[arg(long, allow_hyphen_values = true, value_parser = super::finite)]
    target: Option<f64>,
    /// The standard deviation about it (from moving ranges unless given).
    #[arg(long, value_parser = super::above_zero)]
    sigma: Option<f64>,
    /// Half the change looked for, in standard deviations.
    #[arg(long, default_value_t = 0.5, value_parser = super::from_zero)]
    k: f64,
    /// The sum beyond which it is a signal, in standard deviations.
    #[arg(long, default_value_t = 5.0, value_parser = super::above_zero)]
    h: f64,
}

pub(super) fn cusum(options: &Cusum, sheet: &mut Sheet) -> Result<Table, Problems> {
    let (dates, y) = (sheet.filled("date", &sheet::DATE), sheet.column("y", &sheet::NUMBER));
    refuse_repeated(sheet, &dates, &vec![None; dates.len()]);
    sheet.check()?;
    let mut points: Vec<(NaiveDate, Option<f64>)> =
        dates.iter().zip(&y).filter_map(|(date, y)| Some(((*date)?, *y))).collect();
    points.sort_by_key(|(date, _)| *date);
    let values: Vec<Option<f64>> = points.iter().map(|(_, y)| *y).collect();
    let mut table = Table::new(&["date", "y", "high", "low", "signal"]);
    let measured = stats::level_and_sigma(&values);
    let target = options.target.or(measured.map(|(mean, _)| mean));
    let sigma = options.sigma.or(measured.and_then(|(_, sigma)| sigma)).filter(|sigma| *sigma > 0.0);
    if let (None, Some(target)) = (options.target, target) {
        table.note(format!("target: the mean of y, {target}"));
    }
    match (options.sigma, sigma) {
        (None, Some(sigma)) => table.note(format!("sigma: the mean moving range ÷ 1.128, {sigma}")),
        (_, None) => table.note("no sum is defined: y does not vary, so there is no sigma"),
        _ => {}
    }
    let sums = target.zip(sigma).map(|(target, sigma)| stats::cusum(&values, target, sigma, options.k, options.h));
    let mut sums = sums.unwrap_or_default().into_iter();
    for (date, y) in points {
        let sum = sums.next();
        let signal = sum.filter(|sum| sum.signal).map(|sum| if sum.high > options.h { "high" } else { "low" });
        table.push(cells![date, y, sum.map(|sum| sum.high), sum.map(|sum| sum.low), signal]);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(dates: &[&str]) -> Vec<(NaiveDate, Option<u8>)> {
        dates.iter().map(|date| (date.parse().unwrap(), Some(1))).collect()
    }

    fn gaps(dates: &[&str]) -> Vec<String> {
        let filled = with_missing_months(&dated(dates));
        filled.iter().filter(|(_, value)| value.is_none()).map(|(date, _)| date.to_string()).collect()
    }

    #[test]
    fn a_missing_month_is_a_gap_where_all_dates_are_firsts_or_lasts() {
        assert_eq!(gaps(&["2024-11-01", "2024-12-01", "2025-02-01"]), ["2025-01-01"]);
        assert_eq!(gaps(&["2024-01-31", "2024-03-31", "2024-04-30"]), ["2024-02-29"]);
        assert_eq!(gaps(&["2024-01-01", "2024-04-01", "2024-10-01"]), ["2024-07-01"], "quarters");
        assert!(gaps(&["2024-01-01", "2024-03-01", "2024-06-01"]).is_empty(), "no step fits");
        assert!(gaps(&["2024-01-05", "2024-03-05"]).is_empty(), "neither firsts nor lasts");
        assert!(gaps(&[]).is_empty());
    }
}
