//! `stat incidence`, `recurrent` and `logrank`: competing ends, events that come back, and groups that may wait apart.

use std::collections::BTreeMap;

use clap::Args;

use super::Input;
use super::sheet::{self, Sheet, groups, in_order};
use super::survival::{children, entered, followings, refuse_late_entry};
use super::table::{Cell, Table, cells};
use super::unit::Unit;
use crate::config::Problems;
use crate::stats::{self, CumulativeIncidence, Ending, Followed, Stretch, mean_cumulative};

#[derive(Args)]
#[command(after_help = "\
Columns in: time (0 or more), cause (any label; 0 is censored); entry, group, and id where a child has several rows (errors \
are then clustered by child).
Columns out: group, cause, time, incidence, se, for each cause a row at each time at which anything ended. The incidences of \
all causes and the share not ended add up to 1.

Aalen-Johansen; errors by the infinitesimal jackknife, as R's survfit(Surv(time, factor(cause)) ~ 1). --at past the end of \
follow-up is not defined.")]
pub(super) struct Incidence {
    #[command(flatten)]
    pub(super) input: Input,
    /// Incidence by these times only.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "T", value_parser = super::from_zero)]
    at: Vec<f64>,
}

pub(super) fn incidence(options: &Incidence, sheet: &mut Sheet) -> Result<Table, Problems> {
    let time = sheet.filled("time", &sheet::FROM_ZERO);
    let cause = sheet.filled("cause", &sheet::TEXT);
    let entry = sheet.optional("entry", &sheet::NUMBER);
    let label = sheet.optional_filled("group", &sheet::TEXT);
    let (child, _) = children(sheet);
    refuse_late_entry(sheet, "entry", "time", &entry, &time);
    sheet.check()?;
    let unit = Unit::of(time.iter().chain(&entry).flatten().copied().chain(options.at.iter().copied()));
    let mut causes: Vec<&str> = cause.iter().flatten().map(String::as_str).filter(|cause| !censored(cause)).collect();
    causes.sort_by(|one, other| in_order(one, other));
    causes.dedup();
    let numbers: BTreeMap<&str, usize> = causes.iter().copied().zip(1..).collect();
    let mut table = Table::new(&["group", "cause", "time", "incidence", "se"]);
    table.notes.extend(unit.note());
    if causes.is_empty() {
        table.note("all rows are censored: nothing has ended");
    }
    for (label, rows) in groups(&label) {
        let ending = |at: &usize| {
            let cause = cause.get(*at)?.as_deref()?;
            Some(Ending {
                child: *child.get(*at)?,
                entry: entered(*entry.get(*at)?, unit),
                time: unit.whole((*time.get(*at)?)?),
                cause: numbers.get(cause).copied().unwrap_or(0),
            })
        };
        let endings: Vec<Ending> = rows.iter().filter_map(ending).collect();
        let Ok(curves) = CumulativeIncidence::new(&endings) else { continue };
        for (name, number) in &numbers_in_order(&causes) {
            let row = |time: f64, share: Option<f64>, se: Option<f64>| cells![label.clone(), *name, time, share, se];
            if options.at.is_empty() {
                for (time, share, se) in curves.curve(*number) {
                    table.push(row(unit.back(f64::from(time)), Some(share), Some(se)));
                }
            } else {
                for day in &options.at {
                    let at = curves.at(*number, unit.whole(*day));
                    table.push(row(*day, at.map(|(share, _)| share), at.map(|(_, se)| se)));
                }
            }
        }
    }
    Ok(table)
}

/// `0`, also as other programs write it.
fn censored(cause: &str) -> bool {
    cause.parse::<f64>().is_ok_and(|number| number.abs() <= 0.0)
}

fn numbers_in_order<'a>(causes: &[&'a str]) -> Vec<(&'a str, usize)> {
    causes.iter().copied().zip(1..).collect()
}

#[derive(Args)]
#[command(after_help = "\
Columns in: id, start, stop, event (1 where an event happened at stop); terminal (1 where the child left for good at stop, so \
that no event can follow), group. A child's rows are its stretches at risk, start < t ≤ stop; time away is a gap between two. \
An empty start is from before 0.
Columns out: group, time, at_risk, events, mcf, se, a row for each time with an event.

Mean events a child by each time; Lawless and Nadeau's robust errors by child, and where `terminal` ends children, Ghosh and \
Lin's.")]
pub(super) struct Recurrent {
    #[command(flatten)]
    pub(super) input: Input,
}

pub(super) fn recurrent(sheet: &mut Sheet) -> Result<Table, Problems> {
    sheet.column("id", &sheet::TEXT);
    let (child, _) = children(sheet);
    let start = sheet.column("start", &sheet::NUMBER);
    let stop = sheet.filled("stop", &sheet::FROM_ZERO);
    let event = sheet.filled("event", &sheet::FLAG);
    let terminal = sheet.optional("terminal", &sheet::FLAG);
    let label = sheet.optional_filled("group", &sheet::TEXT);
    refuse_late_entry(sheet, "start", "stop", &start, &stop);
    let terminal: Vec<bool> = terminal.iter().map(|terminal| terminal.unwrap_or(false)).collect();
    refuse_impossible(sheet, &child, &start, &stop, &terminal);
    refuse_two_groups(sheet, &child, &label);
    sheet.check()?;
    let unit = Unit::of(start.iter().chain(&stop).flatten().copied());
    let mut table = Table::new(&["group", "time", "at_risk", "events", "mcf", "se"]);
    table.notes.extend(unit.note());
    for (label, rows) in groups(&label) {
        let stretch = |at: &usize| {
            Some(Stretch {
                child: *child.get(*at)?,
                start: entered(*start.get(*at)?, unit),
                stop: unit.whole((*stop.get(*at)?)?),
                event: (*event.get(*at)?)?,
                terminal: *terminal.get(*at)?,
            })
        };
        let mut stretches: Vec<Stretch> = rows.iter().filter_map(stretch).collect();
        // Sorted, so that no order of rows shows in the last digit of a sum.
        stretches.sort_unstable_by_key(|stretch| (stretch.child, stretch.start, stretch.stop));
        for mean in mean_cumulative(&stretches) {
            let time = unit.back(f64::from(mean.time));
            table.push(cells![label.clone(), time, mean.at_risk, mean.events, mean.mean, mean.se]);
        }
    }
    Ok(table)
}

/// Stretches of one child that overlap, and stretches after it left for good.
fn refuse_impossible(sheet: &mut Sheet, child: &[u64], start: &[Option<f64>], stop: &[Option<f64>], terminal: &[bool]) {
    let mut order: Vec<usize> = (0..child.len()).collect();
    let from = |at: usize| start.get(at).copied().flatten().unwrap_or(f64::NEG_INFINITY);
    let to = |at: usize| stop.get(at).copied().flatten().unwrap_or(f64::INFINITY);
    let whose = |at: usize| child.get(at).copied().unwrap_or(0);
    order.sort_by(|a, b| whose(*a).cmp(&whose(*b)).then(from(*a).total_cmp(&from(*b))).then(to(*a).total_cmp(&to(*b))));
    let (mut overlapping, mut after_end) = (Vec::new(), Vec::new());
    for pair in order.windows(2) {
        if let [before, after] = *pair
            && whose(before) == whose(after)
        {
            if from(after) < to(before) {
                overlapping.push(after);
            }
            if terminal.get(before).copied().unwrap_or(false) {
                after_end.push(after);
            }
        }
    }
    let hint = "a child is at risk once at a time: end a stretch before the next begins";
    sheet.refuse("start", "column `start`: before the child's stretch before it stops", hint, |at| {
        overlapping.contains(&at)
    });
    let hint = "nothing follows the stretch that ended for good";
    sheet.refuse("terminal", "column `terminal`: the child had left for good before", hint, |at| {
        after_end.contains(&at)
    });
}

fn refuse_two_groups(sheet: &mut Sheet, child: &[u64], label: &[Option<String>]) {
    let mut first: BTreeMap<u64, &Option<String>> = BTreeMap::new();
    for (child, label) in child.iter().zip(label) {
        first.entry(*child).or_insert(label);
    }
    let other =
        |at: usize| child.get(at).zip(label.get(at)).is_some_and(|(child, label)| first.get(child) != Some(&label));
    sheet.refuse("group", "column `group`: another than the child's first", "a child stays in one group", other);
}

#[derive(Args)]
#[command(after_help = "\
Columns in: time (0 or more), event (1 happened, 0 censored), stratum; entry, and id where a child has several rows (the test \
is then clustered by child).
Columns out: statistic (chi-squared), df, p (one row; empty where nothing can be compared).")]
pub(super) struct Logrank {
    #[command(flatten)]
    pub(super) input: Input,
}

pub(super) fn logrank(sheet: &mut Sheet) -> Result<Table, Problems> {
    let followings = followings(sheet, "stratum", true, std::iter::empty())?;
    let labels: Vec<Option<String>> = followings.rows.iter().map(|(label, _, _)| label.clone()).collect();
    let mut rows: Vec<(usize, u64, Followed)> = Vec::new();
    for (number, (_, members)) in groups(&labels).into_iter().enumerate() {
        let members = members.iter().filter_map(|at| followings.rows.get(*at));
        rows.extend(members.map(|(_, child, row)| (number, *child, *row)));
    }
    let test = if followings.by_child {
        stats::clustered_logrank(&rows)
    } else {
        stats::logrank(&rows.iter().map(|(group, _, row)| (*group, *row)).collect::<Vec<_>>())
    };
    let mut table = Table::new(&["statistic", "df", "p"]);
    table.notes.extend(followings.unit.note());
    if test.is_none() {
        table.note("nothing to compare: fewer than two strata with children at risk when an event happened");
    }
    let df: Cell = test.map(|test| u64::from(test.df)).into();
    table.push(cells![test.map(|test| test.statistic), df, test.map(|test| test.p)]);
    Ok(table)
}
