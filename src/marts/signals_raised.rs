//! Signals as agencies raised them, referrals as they were made, harm as it was recorded: plain events, one row each.

use itertools::izip;
use polars::prelude::*;

use super::frame::{ByChild, Code, Day, Names, codes, date_column, days, keys};
use super::leaving::Leavings;
use super::risk_periods::RiskPeriod;
use super::signals::{HARM_EVENT, NEVER_WERE};
use crate::domain::Definitions;

/// Nothing is counted on or after the day a child left, or after the as-at date.
struct Counted<'a> {
    leavings: &'a Leavings,
    as_at: Day,
}

impl Counted<'_> {
    fn day(&self, child: i64, on: Option<Day>) -> Option<Day> {
        let left = self.leavings.of(child, self.as_at);
        on.filter(|on| *on <= self.as_at && left.is_none_or(|(left_on, _)| *on < left_on))
    }
}

/// One row per signal that an agency raised, harm events among them: `raised_on`, agency, kind, theme. Signals closed as
/// duplicate or error, kinds the settings leave out, and returns that no agency raised a signal for are not in it.
pub(crate) fn signals_raised(
    (risk_signals, harm_events): (&DataFrame, &DataFrame),
    leavings: &Leavings,
    as_at: Day,
    definitions: &Definitions,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let counted = Counted { leavings, as_at };
    let never_were = NEVER_WERE.map(|word| names.code(word));
    let harm = names.code(HARM_EVENT);
    let recorded = izip!(
        keys(risk_signals, "child_id")?,
        days(risk_signals, "raised_on")?,
        codes(risk_signals, "agency", names)?,
        codes(risk_signals, "kind", names)?,
        codes(risk_signals, "theme", names)?,
        codes(risk_signals, "closed_reason", names)?
    )
    .filter(|(.., reason)| !reason.is_some_and(|reason| never_were.contains(&reason)))
    .map(|(child, on, agency, kind, theme, _)| (child, on, agency, kind, theme));
    let harmed =
        izip!(keys(harm_events, "child_id")?, days(harm_events, "occurred_on")?, codes(harm_events, "agency", names)?)
            .map(|(child, on, agency)| (child, on, agency, Some(harm), None));
    let counts = |kind: Option<Code>| {
        kind.is_some_and(|kind| definitions.signal_kinds.iter().any(|counted| counted == names.word(kind)))
    };
    let (mut child_id, mut raised_on, mut words) = (Vec::new(), Vec::new(), Words::new(["agency", "kind", "theme"]));
    for (child, on, agency, kind, theme) in recorded.chain(harmed) {
        let Some(on) = counted.day(child, on).filter(|_| counts(kind)) else { continue };
        child_id.push(child);
        raised_on.push(Some(on));
        words.push([agency, kind, theme], names);
    }
    let mut columns = vec![Column::new("child_id".into(), child_id), date_column("raised_on", raised_on)?];
    columns.extend(words.into_columns()?);
    DataFrame::new_infer_height(columns)
}

/// One row per referral to a service: `referred_on`, service, agency.
pub(crate) fn referrals(
    services: &DataFrame,
    leavings: &Leavings,
    as_at: Day,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let counted = Counted { leavings, as_at };
    let (mut child_id, mut referred_on, mut words) = (Vec::new(), Vec::new(), Words::new(["service", "agency"]));
    for (child, on, service, agency) in izip!(
        keys(services, "child_id")?,
        days(services, "referred_on")?,
        codes(services, "service", names)?,
        codes(services, "agency", names)?
    ) {
        let Some(on) = counted.day(child, on) else { continue };
        child_id.push(child);
        referred_on.push(Some(on));
        words.push([service, agency], names);
    }
    let mut columns = vec![Column::new("child_id".into(), child_id), date_column("referred_on", referred_on)?];
    columns.extend(words.into_columns()?);
    DataFrame::new_infer_height(columns)
}

/// One row per child, day and group of harm (victim, `ed_attendance`, arrest) on a day at risk: `harmed_on`, `harm`, and
/// `opened`, where that day opened the risk period. An offence of exploitation makes the child a victim.
pub(crate) fn harm_days(
    harm_events: &DataFrame,
    periods: &ByChild<RiskPeriod>,
    leavings: &Leavings,
    as_at: Day,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let counted = Counted { leavings, as_at };
    let kinds = codes(harm_events, "kind", names)?;
    let mut rows: Vec<(i64, Day, &'static str, bool)> = Vec::new();
    for (child, on, kind) in izip!(keys(harm_events, "child_id")?, days(harm_events, "occurred_on")?, kinds) {
        let (Some(on), Some(kind)) = (counted.day(child, on), kind) else { continue };
        let Some(harm) = group_of_harm(names.word(kind)) else { continue };
        let own = periods.of(child).iter().map(|(_, period)| period);
        let at_risk = own.clone().find(|one| one.start <= on && one.close.is_none_or(|close| on < close));
        if let Some(period) = at_risk {
            rows.push((child, on, harm, period.start == on));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
        date_column("harmed_on", rows.iter().map(|row| Some(row.1)).collect())?,
        Column::new("harm".into(), rows.iter().map(|row| row.2).collect::<Vec<_>>()),
        Column::new("opened".into(), rows.iter().map(|row| row.3).collect::<Vec<_>>()),
    ])
}

fn group_of_harm(kind: &str) -> Option<&'static str> {
    match kind {
        "victim_of_crime" | "exploitation_offence" => Some("victim"),
        "ed_attendance" => Some("ed_attendance"),
        "arrest" => Some("arrest"),
        _ => None,
    }
}

/// Columns of words.
struct Words<const N: usize> {
    names: [&'static str; N],
    columns: [Vec<Option<String>>; N],
}

impl<const N: usize> Words<N> {
    fn new(names: [&'static str; N]) -> Self {
        Self { names, columns: std::array::from_fn(|_| Vec::new()) }
    }

    fn push(&mut self, codes: [Option<Code>; N], names: &Names) {
        for (column, code) in self.columns.iter_mut().zip(codes) {
            column.push(code.map(|code| names.word(code).to_owned()));
        }
    }

    fn into_columns(self) -> PolarsResult<Vec<Column>> {
        let named = self.names.into_iter().zip(self.columns);
        named.map(|(name, words)| Column::new(name.into(), words).cast(&DataType::String)).collect()
    }
}
