//! `stat forecast` and `delay`: what is still to come, and what has happened but is not recorded yet.

use chrono::{Datelike as _, NaiveDate, Weekday};
use clap::Args;

use super::Input;
use super::sheet::{self, Sheet};
use super::table::{Table, cells};
use crate::config::Problems;
use crate::stats::{self, Recorded, reported_share};

#[derive(Args)]
#[command(after_help = "\
Columns in: week (a date, 2026-W05, or a number; every week has a row), completed (whole, 0 where nothing was; empty is not \
known and is never drawn); added (actions newly added in the week, drawn on its own).
Columns out: percentile (50, 85, 95), weeks (from now; empty where not within ten years).

Past weeks are drawn with replacement until nothing remains; the same seed gives the same answer. Fewer than 8 weeks give no \
forecast. It assumes that weeks to come are like weeks past; the last actions are the hardest.")]
pub(super) struct Forecast {
    #[command(flatten)]
    pub(super) input: Input,
    /// Actions still to complete.
    #[arg(long, value_name = "N")]
    remaining: u32,
    /// Runs drawn.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    runs: u32,
    /// Where the drawing starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A week as some number of weeks, and how it was written.
#[derive(Clone, Copy)]
struct Week {
    kind: Written,
    /// The day, or the number.
    at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Date,
    Number,
}

const WEEK: sheet::Kind<Week> =
    sheet::Kind::new(week, "not a week", "weeks are written as a date (YYYY-MM-DD), as 2026-W05, or as a number");

fn week(text: &str) -> Option<Week> {
    if let Ok(at) = text.parse() {
        return Some(Week { kind: Written::Number, at });
    }
    let monday = || {
        let (year, week) = text.split_once("-W")?;
        NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)
    };
    let date = text.parse::<NaiveDate>().ok().or_else(monday)?;
    Some(Week { kind: Written::Date, at: i64::from(date.num_days_from_ce()) })
}

pub(super) fn forecast(options: &Forecast, sheet: &mut Sheet) -> Result<Table, Problems> {
    let weeks = sheet.filled("week", &WEEK);
    let completed = sheet.column("completed", &sheet::COUNT);
    let added = sheet.optional("added", &sheet::COUNT);
    refuse_gaps(sheet, &weeks);
    sheet.check()?;
    let mut order: Vec<usize> = (0..weeks.len()).collect();
    order.sort_by_key(|at| weeks.get(*at).copied().flatten().map(|week| week.at));
    let drawn = |values: &[Option<u64>]| -> Vec<u32> {
        let known = order.iter().filter_map(|at| values.get(*at).copied().flatten());
        known.map(|value| u32::try_from(value).unwrap_or(u32::MAX)).collect()
    };
    let finish = stats::forecast(&drawn(&completed), &drawn(&added), options.remaining, options.runs, options.seed);
    let mut table = Table::new(&["percentile", "weeks"]);
    match finish {
        None => table.note("no forecast from fewer than 8 weeks"),
        Some(_) => table.note("assumes weeks to come are like weeks past; the last actions are the hardest"),
    }
    for (percentile, weeks) in [
        (50_u64, finish.and_then(|finish| finish.percent_50)),
        (85, finish.and_then(|finish| finish.percent_85)),
        (95, finish.and_then(|finish| finish.percent_95)),
    ] {
        table.push(cells![percentile, weeks.map(u64::from)]);
    }
    Ok(table)
}

/// Weeks twice, left out, or written in two ways: a week left out is neither none nor not known.
fn refuse_gaps(sheet: &mut Sheet, weeks: &[Option<Week>]) {
    let Some(first) = weeks.iter().flatten().next().copied() else { return };
    let mixed = |at: usize| weeks.get(at).copied().flatten().is_some_and(|week| week.kind != first.kind);
    sheet.refuse(
        "week",
        "column `week`: written in another way than the first",
        "all as dates, or all as numbers",
        mixed,
    );
    if weeks.iter().flatten().any(|week| week.kind != first.kind) {
        return;
    }
    let step = if first.kind == Written::Date { 7 } else { 1 };
    let askew = |at: usize| weeks.get(at).copied().flatten().is_some_and(|week| (week.at - first.at) % step != 0);
    sheet.refuse("week", "column `week`: not whole weeks from the first", "take the same day of each week", askew);
    let mut order: Vec<(i64, usize)> =
        weeks.iter().enumerate().filter_map(|(at, week)| Some(((*week)?.at, at))).collect();
    order.sort_unstable();
    let (mut twice, mut after_gap) = (Vec::new(), Vec::new());
    for pair in order.windows(2) {
        if let [(before, _), (after, at)] = *pair {
            match (after - before) / step {
                0 => twice.push(at),
                1 => {}
                _ => after_gap.push(at),
            }
        }
    }
    sheet.refuse("week", "column `week`: a week twice", "one row a week", |at| twice.contains(&at));
    let hint = "write 0 for a week in which nothing was completed, and leave the cell empty where it is not known";
    sheet.refuse("week", "column `week`: weeks missing before this one", hint, |at| after_gap.contains(&at));
}

#[derive(Args)]
#[command(after_help = "\
Columns in: event_on, recorded_on (dates; empty where not recorded yet, which is left out).
Columns out: delay (days), reported_share (of the events that are recorded within --max-delay, the share recorded within so \
many days).

By the reverse-time hazard, so that the latest events, which have not had time to be recorded late, do not count as quick. Events \
recorded after --as-at are left out. What is recorded later than --max-delay cannot be known from these.")]
pub(super) struct Delay {
    #[command(flatten)]
    pub(super) input: Input,
    /// The day up to which recordings were seen (the latest one unless given).
    #[arg(long, value_name = "DATE")]
    as_at: Option<NaiveDate>,
    /// The longest delay looked at, in days (the longest seen unless given).
    #[arg(long = "max-delay", value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    longest: Option<u32>,
}

pub(super) fn delay(options: &Delay, sheet: &mut Sheet) -> Result<Table, Problems> {
    let event_on = sheet.filled("event_on", &sheet::DATE);
    let recorded_on = sheet.column("recorded_on", &sheet::DATE);
    let pair = |at: usize| event_on.get(at).copied().flatten().zip(recorded_on.get(at).copied().flatten());
    let early = |at: usize| pair(at).is_some_and(|(event_on, recorded_on)| recorded_on < event_on);
    let hint = "an event is recorded on its day or later; mend the dates, or leave the row out";
    sheet.refuse("recorded_on", "column `recorded_on`: before `event_on`", hint, early);
    sheet.check()?;
    let mut table = Table::new(&["delay", "reported_share"]);
    let Some(as_at) = options.as_at.or_else(|| recorded_on.iter().flatten().max().copied()) else {
        table.note("nothing has been recorded: no share is defined");
        return Ok(table);
    };
    if options.as_at.is_none() {
        table.note(format!("as at {as_at}, the latest recording"));
    }
    let days = |from: NaiveDate, to: NaiveDate| u32::try_from((to - from).num_days()).ok();
    let rows: Vec<Recorded> = (0..sheet.len())
        .filter_map(pair)
        .filter(|(_, recorded_on)| *recorded_on <= as_at)
        .filter_map(|(event_on, recorded_on)| {
            Some(Recorded { delay: days(event_on, recorded_on)?, window: days(event_on, as_at)? })
        })
        .collect();
    let left_out = sheet.len() - rows.len();
    if left_out > 0 {
        table.note(format!("rows not recorded by then, left out: {left_out}"));
    }
    let longest = options.longest.or_else(|| rows.iter().map(|row| row.delay).max()).unwrap_or(0);
    let late = rows.iter().filter(|row| row.delay > longest).count();
    if late > 0 {
        table.note(format!("rows recorded after more than {longest} days, left out: {late}"));
    }
    for (delay, share) in (0_u64..).zip(reported_share(&rows, longest)) {
        table.push(cells![delay, share]);
    }
    Ok(table)
}
