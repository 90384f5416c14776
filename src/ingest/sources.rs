//! What a release says of each source: its cut date, its latest event, whether it is late, what became of its rows.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate};

use crate::config::{Cadence, Config, Problem, Source};
use crate::domain::Month;
use crate::release;

use super::dates::date_of;
use super::ledger::{Ledger, Outcome, Totals};
use super::rows::Rows;

/// A source as it arrived.
pub(crate) fn described(
    source: &Source,
    tables: &[&Rows],
    ledger: &Ledger,
    (cut_on, as_at): (Option<NaiveDate>, NaiveDate),
) -> release::Source {
    let data_to = cut_on.unwrap_or(as_at);
    let totals = ledger.totals.get(&source.name).copied().unwrap_or_default();
    let due = due(source, data_to, as_at);
    let mut names: Vec<String> = tables.iter().map(|rows| rows.contract.name.to_owned()).collect();
    names.sort_unstable();
    release::Source {
        name: source.name.clone(),
        agency: source.agency.clone(),
        format: source.format.as_str().to_owned(),
        tables: names,
        data_from: source.data_from,
        data_to,
        latest_event: tables.iter().filter_map(|rows| latest_event(rows)).max().map(|day| Month::of(date_of(day))),
        cadence: source.cadence.map(|cadence| cadence.as_str().to_owned()),
        due_on: due.map(|(due_on, _)| due_on),
        late_by_days: due.map(|(_, late)| late),
        owner_role: source.owner_role.clone(),
        rows_in: Some(totals.rows_in),
        kept: Some(totals.kept),
        quarantined: Some(totals.quarantined),
        dropped: Some(totals.dropped),
        findings: by_rule(source, ledger),
        completeness: completeness(tables),
        reporting: Vec::new(),
    }
}

fn by_rule(source: &Source, ledger: &Ledger) -> Vec<release::RuleCount> {
    let mut counts: BTreeMap<(&str, &str), (&str, u64)> = BTreeMap::new();
    for finding in ledger.findings.iter().filter(|finding| finding.source == source.name) {
        let key = (finding.rule.as_str(), finding.outcome.as_str());
        counts.entry(key).or_insert((finding.says.as_str(), 0)).1 += finding.count;
    }
    counts
        .into_iter()
        .map(|((rule, outcome), (says, rows))| release::RuleCount {
            rule: rule.to_owned(),
            says: says.to_owned(),
            outcome: outcome.to_owned(),
            rows: Some(rows),
        })
        .collect()
}

/// What becomes of a table's rows.
pub(crate) fn count(rows: &Rows, totals: &mut Totals) {
    totals.rows_in += rows.len() as u64;
    for fate in &rows.fates {
        match fate {
            Outcome::Kept => totals.kept += 1,
            Outcome::Quarantined => totals.quarantined += 1,
            Outcome::Dropped => totals.dropped += 1,
        }
    }
}

/// The sources that sent rows of which none could be used, each with the rule that most of them met. What a rule leaves
/// out with nothing to mend (a contact that is no signal) is no fault.
pub(crate) fn nothing_kept(config: &Config, ledger: &Ledger) -> Vec<Problem> {
    let unused = |source: &&Source| {
        let totals = ledger.totals.get(&source.name);
        totals.is_some_and(|rows| rows.kept == 0 && rows.quarantined > 0 && rows.quarantined >= rows.dropped)
    };
    let problem = |source: &Source| {
        let own = ledger.findings.iter().filter(|finding| finding.source == source.name);
        let most = own.filter(|finding| finding.outcome == Outcome::Quarantined).max_by_key(|finding| finding.count)?;
        let column = most.column.as_ref().map_or_else(String::new, |column| format!(" in `{column}`"));
        let says = format!(
            "no row of `{}` could be read: {} {}{column}, {} rows",
            source.name, most.rule, most.says, most.count
        );
        let problem = Problem::new(&most.file, "F12", says).rows(most.rows.clone()).hint(most.advice());
        Some(most.column.iter().fold(problem, |problem, column| problem.column(column)))
    };
    config.sources.iter().filter(unused).filter_map(problem).collect()
}

fn event_days(rows: &Rows) -> impl Iterator<Item = i32> + '_ {
    let columns: Vec<_> =
        [rows.contract.starts, rows.contract.ends].into_iter().flatten().map(|name| rows.column(name)).collect();
    (0..rows.len())
        .filter(|row| rows.is_kept(*row))
        .flat_map(move |row| columns.iter().filter_map(|column| column.day(row)).collect::<Vec<_>>())
}

fn latest_event(rows: &Rows) -> Option<i32> {
    event_days(rows).max()
}

/// The day of the earliest event recorded; none where the tables hold no dates.
pub(crate) fn data_from(tables: &[&Rows]) -> Option<NaiveDate> {
    tables.iter().filter_map(|rows| event_days(rows).min()).min().map(date_of)
}

/// The share of kept rows that have a value, by column that may be empty.
fn completeness(tables: &[&Rows]) -> BTreeMap<String, f64> {
    use super::contract::{Kind, Need};
    let mut shares = BTreeMap::new();
    for rows in tables {
        let kept = rows.kept();
        for ((field, typed), given) in rows.contract.fields.iter().zip(&rows.columns).zip(&rows.given) {
            let optional = field.need != Need::Required && !matches!(field.kind, Kind::Seen | Kind::MissingFlag);
            if optional && *given && !kept.is_empty() {
                let filled = kept.iter().filter(|row| typed.has(**row)).count();
                shares.insert(format!("{}.{}", rows.contract.name, field.name), filled as f64 / kept.len() as f64);
            }
        }
    }
    shares
}

/// When data was due and by how many days it is late: by the first period that had fallen due and is not covered, else
/// by the last that had fallen due.
fn due(source: &Source, data_to: NaiveDate, as_at: NaiveDate) -> Option<(NaiveDate, i64)> {
    let (cadence, due_day) = (source.cadence?, source.due_day?);
    let mut last_due = None;
    let mut end = period_end(cadence, as_at.checked_sub_days(Days::new(800))?);
    loop {
        let due_on = due_after(end, due_day);
        if due_on > as_at {
            return last_due.map(|due_on| (due_on, 0));
        }
        if end > data_to {
            return Some((due_on, (as_at - due_on).num_days()));
        }
        last_due = Some(due_on);
        end = period_end(cadence, end.checked_add_days(Days::new(1))?);
    }
}

/// The last day of the period that holds a date.
fn period_end(cadence: Cadence, on: NaiveDate) -> NaiveDate {
    let month = Month::of(on);
    match cadence {
        Cadence::Weekly => on + Days::new(u64::from(6 - on.weekday().num_days_from_monday())),
        Cadence::Monthly => month.last_on(),
        Cadence::Quarterly => month.quarter().last_month().last_on(),
        Cadence::Annual => {
            NaiveDate::from_ymd_opt(if on.month() <= 3 { on.year() } else { on.year() + 1 }, 3, 31).unwrap_or(on)
        }
    }
}

/// The due day of the month after a period's end, or that month's last day.
fn due_after(end: NaiveDate, due_day: u32) -> NaiveDate {
    let month = Month::of(end).next();
    month.first_on().with_day(due_day).unwrap_or_else(|| month.last_on())
}
