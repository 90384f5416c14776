//! As first reported beside as known now: what earlier releases showed for the same periods, in the same edition.

use std::collections::BTreeMap;

use maud::{Markup, html};
use rayon::prelude::*;

use super::pieces;
use crate::charts::words::{self, Decimals};
use crate::domain::{Dimension, Figure, Month, Period, Symbol, TOTAL};
use crate::judgement::headline;
use crate::release::{Board, Edition, Listed, Measure, Protected, Report, State, open_protected};

/// Earlier months whose releases are opened, the newest release of each.
const MOST_MONTHS: usize = 13;
/// Periods shown.
const MOST_PERIODS: usize = 12;

/// What was shown first for each period, and when.
#[derive(Clone, Debug, Default)]
pub struct History {
    first: BTreeMap<(String, String, Period), First>,
    /// Months of the earlier releases, oldest first.
    months: Vec<Month>,
}

#[derive(Clone, Debug)]
struct First {
    month: Month,
    figure: Figure,
}

/// Of the first release there is.
pub(super) static NOTHING_BEFORE: History = History { first: BTreeMap::new(), months: Vec::new() };

impl History {
    /// From board editions, oldest first. Only the whole is kept: breakdowns are renewed each quarter.
    pub fn new(earlier: impl IntoIterator<Item = Report<Board>>) -> Self {
        let mut history = Self::default();
        for report in earlier {
            let month = report.about.month;
            history.months.push(month);
            let whole = |figure: &Figure| figure.dimension == Dimension::Total && figure.group() == TOTAL;
            for figure in report.figures.into_iter().filter(whole) {
                let key = (figure.measure.clone(), figure.level.clone(), figure.period);
                history.first.entry(key).or_insert(First { month, figure });
            }
        }
        history
    }

    /// From an edition of the verified releases that came before `shown`, of all newest first: the first of each month, of the
    /// last thirteen.
    ///
    /// A release that cannot be opened is passed over: what it said is not known, and the present one stands.
    pub fn read(all: &[Listed], shown: &str, edition: Protected) -> Self {
        let mut first_of_month: BTreeMap<Month, &Listed> = BTreeMap::new();
        // Newest first, so that the earliest release of a month is the one that stays.
        let before = all.iter().skip_while(|one| one.name != shown).skip(1);
        let is_there = |one: &&Listed| one.state == State::Verified && one.name_to(edition).is_some();
        for one in before.filter(is_there) {
            if let Some(as_at) = one.as_at {
                first_of_month.insert(Month::of(as_at), one);
            }
        }
        let skipped = first_of_month.len().saturating_sub(MOST_MONTHS);
        let earlier: Vec<&Listed> = first_of_month.into_values().skip(skipped).collect();
        let opened: Vec<_> = earlier.par_iter().map(|one| open_protected(&one.dir, edition).ok()).collect();
        Self::new(opened.into_iter().flatten())
    }
}

/// The last periods as first reported and as known now; says so where no earlier release can be compared.
pub(super) fn section<E: Edition>(root: &str, history: &History, measure: &Measure, report: &Report<E>) -> Markup {
    let now = headline(measure, report);
    let rows: Vec<(&&Figure, &First)> = now
        .iter()
        .rev()
        .filter_map(|figure| {
            let key = (figure.measure.clone(), figure.level.clone(), figure.period);
            Some((figure, history.first.get(&key)?))
        })
        .take(MOST_PERIODS)
        .collect();
    let (Some(oldest), Some(newest)) = (history.months.first(), history.months.last()) else {
        return Markup::default();
    };
    let decimals = Decimals::of_figures(rows.iter().flat_map(|(now, first)| [*now, &first.figure]));
    let note = |now: &Figure, first: &Figure| note(now, first, decimals);
    let changed = rows.iter().filter(|(now, first)| note(now, &first.figure) == CHANGED).count();
    let caption = format!("{}: as first reported and as known now", measure.title);
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Period" }
                th scope="col" .n { "As first reported" }
                th scope="col" { "In the report of" }
                th scope="col" .n { "As known now" }
                th scope="col" { "Note" }
            } }
            tbody { @for (now, first) in &rows { tr {
                th scope="row" { (words::upper_first(&words::period_short(now.period))) }
                td .n { (decimals.cell(&first.figure)) }
                td { (first.month.in_words()) @if first.figure.provisional { ", provisional" } }
                td .n { strong { (decimals.cell(now)) } }
                td { (note(now, &first.figure)) @if now.provisional { "; still provisional" } }
            } } }
        }
    };
    html! {
        section aria-labelledby="first-reported" {
            h2 #first-reported { "As first reported, and as known now" }
            @if rows.is_empty() {
                p { "No period shown now was in the reports of " (oldest.in_words()) " to " (newest.in_words()) "." }
            } @else {
                p {
                    "Of the last " (words::in_words(rows.len())) " periods that an earlier report showed, "
                    (words::how_many_have(changed))
                    " changed since: late records, corrections or a changed definition. "
                    a href={ (root) "releases" } { "Releases" }
                }
                details {
                    summary { "View as a table" }
                    (pieces::scroll(&caption, &table))
                }
            }
        }
    }
}

/// What a reader saw: the cell's words.
const CHANGED: &str = "Changed";

/// Whether a figure is another than it was. Where one of the two is withheld, nobody can tell.
fn note(now: &Figure, first: &Figure, decimals: Decimals) -> &'static str {
    let is_withheld = |figure: &Figure| figure.symbol == Some(Symbol::Confidential);
    match (is_withheld(now), is_withheld(first)) {
        (false, true) => "Withheld then",
        (true, false) => "Withheld now",
        _ if decimals.cell(now) == decimals.cell(first) => "Unchanged",
        _ => CHANGED,
    }
}
