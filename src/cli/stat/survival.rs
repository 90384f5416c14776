//! `stat survival`: Kaplan-Meier as steps, on given days, at quantiles, or as a restricted mean.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use clap::Args;

use super::Input;
use super::sheet::{self, Sheet, groups, of_group};
use super::table::{Table, cells};
use super::unit::Unit;
use crate::config::Problems;
use crate::stats::{Followed, KaplanMeier, Z95, no_event_bound};

#[derive(Args)]
#[command(after_help = "\
Columns in: time (0 or more), event (1 happened, 0 censored); entry (at risk after it; empty is from before 0), stratum, and id \
where a child has several rows: errors are then clustered by child, as in R's survfit(…, cluster = id).
Columns out: stratum, time, at_risk, events, censored, survival, se, lower, upper, a row for each time at which something \
ended or was censored. One of the options below changes the table (one at a time):
  --at         stratum, time, at_risk, survival, se, lower, upper
  --quantiles  stratum, quantile, time, lower, upper
  --rmst       stratum, tau, rmst, se, lower, upper

At risk is entry < t ≤ time; events precede censorings at the same time. Greenwood's errors, log-log limits; no limits at a \
survival of 1 (the bound for no event yet is said beside) or 0. --at and --rmst past the end of follow-up are not defined. \
A quantile is the first time at which survival is below 1 − q, the midpoint where it is exactly that over a stretch.")]
pub(super) struct Survival {
    #[command(flatten)]
    pub(super) input: Input,
    /// Survival after these times.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "T", value_parser = super::from_zero, group = "asked")]
    at: Vec<f64>,
    /// The mean time without the event within TAU.
    #[arg(long, value_name = "TAU", value_parser = super::from_zero, group = "asked")]
    rmst: Option<f64>,
    /// The times by which these shares had the event.
    #[arg(long, num_args = 0.., value_delimiter = ',', value_name = "Q", value_parser = super::share, group = "asked",
        default_missing_values = ["0.25", "0.5", "0.75"])]
    quantiles: Option<Vec<f64>>,
}

/// Rows of a file as children followed, in a unit in which times are whole.
pub(super) struct Followings {
    pub(super) unit: Unit,
    /// The label of each row's group, the number of its child, and the row.
    pub(super) rows: Vec<(Option<String>, u64, Followed)>,
    /// Whether the file says whose each row is.
    pub(super) by_child: bool,
}

/// Reads time, event, entry, id and the column of groups; `also` are times of the options.
pub(super) fn followings(
    sheet: &mut Sheet,
    group: &str,
    group_is_needed: bool,
    also: impl Iterator<Item = f64>,
) -> Result<Followings, Problems> {
    let time = sheet.filled("time", &sheet::FROM_ZERO);
    let event = sheet.filled("event", &sheet::FLAG);
    let entry = sheet.optional("entry", &sheet::NUMBER);
    let label =
        if group_is_needed { sheet.filled(group, &sheet::TEXT) } else { sheet.optional_filled(group, &sheet::TEXT) };
    let (child, by_child) = children(sheet);
    refuse_late_entry(sheet, "entry", "time", &entry, &time);
    sheet.check()?;
    let unit = Unit::of(time.iter().chain(&entry).flatten().copied().chain(also));
    let mut rows = Vec::with_capacity(time.len());
    for ((((time, event), entry), label), child) in time.iter().zip(&event).zip(&entry).zip(label).zip(child) {
        if let (Some(time), Some(event)) = (*time, *event) {
            rows.push((label, child, Followed { entry: entered(*entry, unit), time: unit.whole(time), event }));
        }
    }
    Ok(Followings { unit, rows, by_child })
}

/// Before 0 is no entry: at risk from the start.
pub(super) fn entered(entry: Option<f64>, unit: Unit) -> Option<u32> {
    entry.filter(|entry| *entry >= 0.0).map(|entry| unit.whole(entry))
}

pub(super) fn refuse_late_entry(sheet: &mut Sheet, from: &str, to: &str, entry: &[Option<f64>], time: &[Option<f64>]) {
    let late = |at: usize| {
        let pair = entry.get(at).copied().flatten().zip(time.get(at).copied().flatten());
        pair.is_some_and(|(entry, time)| entry >= time)
    };
    let hint = format!("at risk is {from} < t ≤ {to}; leave {from} empty where a row is followed from before 0");
    sheet.refuse(from, &format!("column `{from}`: not before `{to}`"), &hint, late);
}

/// A number for each row's child, by order of its id; each row its own where the file has no ids.
pub(super) fn children(sheet: &mut Sheet) -> (Vec<u64>, bool) {
    let ids = sheet.optional_filled("id", &sheet::TEXT);
    if !sheet.has("id") {
        return ((0..ids.len() as u64).collect(), false);
    }
    let mut sorted: Vec<&String> = ids.iter().flatten().collect();
    sorted.sort();
    sorted.dedup();
    let numbers: BTreeMap<&String, u64> = sorted.into_iter().zip(0..).collect();
    let number = |id: &Option<String>| id.as_ref().and_then(|id| numbers.get(id)).copied().unwrap_or(0);
    (ids.iter().map(number).collect(), true)
}

pub(super) fn survival(options: &Survival, sheet: &mut Sheet) -> Result<Table, Problems> {
    let asked = options.at.iter().copied().chain(options.rmst);
    let followings = followings(sheet, "stratum", false, asked)?;
    let unit = followings.unit;
    let mut table = Table::new(match options {
        Survival { at, .. } if !at.is_empty() => &["stratum", "time", "at_risk", "survival", "se", "lower", "upper"],
        Survival { quantiles: Some(_), .. } => &["stratum", "quantile", "time", "lower", "upper"],
        Survival { rmst: Some(_), .. } => &["stratum", "tau", "rmst", "se", "lower", "upper"],
        _ => &["stratum", "time", "at_risk", "events", "censored", "survival", "se", "lower", "upper"],
    });
    table.notes.extend(unit.note());
    let labels: Vec<Option<String>> = followings.rows.iter().map(|(label, _, _)| label.clone()).collect();
    for (label, rows) in groups(&labels) {
        let rows: Vec<(u64, Followed)> =
            rows.iter().filter_map(|at| followings.rows.get(*at)).map(|(_, child, row)| (*child, *row)).collect();
        let spells: Vec<Followed> = rows.iter().map(|(_, row)| *row).collect();
        let curve = if followings.by_child { KaplanMeier::clustered(&rows) } else { KaplanMeier::new(&spells) };
        // Rows were refused above where entry is not before time, so that both curves exist.
        let (Ok(curve), Ok(follow_up)) = (curve, KaplanMeier::follow_up(&spells)) else { continue };
        let of = of_group("stratum", label.as_deref());
        if let Some(median) = follow_up.quantile(0.5) {
            table.note(format!("median follow-up{of}: {} (reverse Kaplan-Meier)", unit.back(median.value)));
        }
        match options {
            Survival { at, .. } if !at.is_empty() => days(at, unit, label.as_ref(), &curve, &mut table),
            Survival { quantiles: Some(shares), .. } => quantiles(shares, unit, label.as_ref(), &curve, &mut table),
            Survival { rmst: Some(tau), .. } => mean(*tau, unit, label.as_ref(), &curve, &mut table),
            _ => steps(unit, label.as_ref(), &curve, &mut table),
        }
    }
    Ok(table)
}

fn steps(unit: Unit, label: Option<&String>, curve: &KaplanMeier, table: &mut Table) {
    for step in curve.steps() {
        let (estimate, time) = (step.estimate(), unit.back(f64::from(step.time)));
        let (lower, upper) = (estimate.lower, estimate.upper);
        table.push(cells![
            label.cloned(),
            time,
            step.at_risk,
            step.events,
            step.censored,
            step.survival,
            step.se,
            lower,
            upper,
        ]);
    }
}

fn days(at: &[f64], unit: Unit, label: Option<&String>, curve: &KaplanMeier, table: &mut Table) {
    for day in at {
        let step = curve.at(unit.whole(*day));
        let estimate = step.map(|step| step.estimate());
        if let Some(step) = step.filter(|step| step.survival >= 1.0)
            && let Some(at_risk) = NonZeroU64::new(step.at_risk)
        {
            let of = of_group("stratum", label.map(String::as_str));
            let bound = no_event_bound(at_risk);
            table.note(format!(
                "no event yet at {day}{of}: with {at_risk} at risk, a share of up to {bound:.4} could (95 %)"
            ));
        }
        table.push(cells![
            label.cloned(),
            *day,
            step.map_or(0, |step| step.at_risk),
            step.map(|step| step.survival),
            step.and_then(|step| step.se),
            estimate.and_then(|estimate| estimate.lower),
            estimate.and_then(|estimate| estimate.upper),
        ]);
    }
}

fn quantiles(shares: &[f64], unit: Unit, label: Option<&String>, curve: &KaplanMeier, table: &mut Table) {
    for share in shares {
        let found = curve.quantile(*share);
        if let (None, Some(last)) = (found, curve.steps().last()) {
            let of = of_group("stratum", label.map(String::as_str));
            let (left, day) = (1.0 - share, unit.back(f64::from(last.time)));
            table.note(format!("quantile {share}{of}: never reached; more than {left} still waiting at {day}"));
        }
        let time = |of: Option<f64>| of.map(|time| unit.back(time));
        table.push(cells![
            label.cloned(),
            *share,
            time(found.map(|found| found.value)),
            time(found.and_then(|found| found.lower)),
            time(found.and_then(|found| found.upper)),
        ]);
    }
}

fn mean(tau: f64, unit: Unit, label: Option<&String>, curve: &KaplanMeier, table: &mut Table) {
    let mean = curve.restricted_mean(unit.whole(tau)).map(|(mean, se)| (unit.back(mean), unit.back(se)));
    if mean.is_none() {
        let of = of_group("stratum", label.map(String::as_str));
        table.note(format!("restricted mean{of}: {tau} is past the end of follow-up"));
    }
    // Without an event nothing varies that the data could show: no limits.
    let limits = mean.filter(|(_, se)| *se > 0.0).map(|(mean, se)| (mean - Z95 * se, mean + Z95 * se));
    table.push(cells![
        label.cloned(),
        tau,
        mean.map(|(mean, _)| mean),
        mean.map(|(_, se)| se),
        limits.map(|(lower, _)| lower.max(0.0)),
        limits.map(|(_, upper)| upper.min(tau)),
    ]);
}
