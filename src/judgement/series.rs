//! Which displayed figures make a measure's line over time. Works nothing out but how a level moved between two periods.

use crate::domain::{Dimension, Figure, Month, Period, Symbol, TOTAL};
use crate::measures::reaches_back_from;
use crate::release::{Edition, Measure, Report, Shape};

/// Months on which a monthly line is judged.
const JUDGED_MONTHS: i32 = 36;
/// Months over which a quarterly or yearly line is judged.
const JUDGED_MONTHS_OF_QUARTERS: i32 = 72;
/// The part of a stock that counts what began in the month.
pub(crate) const STARTED: &str = "started";
/// What ended in it.
pub(crate) const STOPPED: &str = "stopped";

/// One period before it is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Input {
    pub(crate) period: Period,
    pub(crate) value: Option<f64>,
    /// What was counted, of how much, as displayed.
    pub(crate) counts: Option<(u64, f64)>,
    pub(crate) provisional: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Month,
    Quarter,
    Year,
}

fn kind(period: Period) -> Kind {
    match period {
        Period::Month(_) => Kind::Month,
        Period::Quarter(_) => Kind::Quarter,
        Period::TwelveMonthsTo(_) => Kind::Year,
    }
}

fn whole<'a, E: Edition>(measure: &Measure, report: &'a Report<E>, part: Option<&str>) -> Vec<&'a Figure> {
    report
        .figures_of(&measure.id)
        .iter()
        .filter(|figure| figure.dimension == Dimension::Total && figure.group() == TOTAL && figure.part() == part)
        .collect()
}

fn of_kind(mut all: Vec<&Figure>, wanted: Kind) -> Vec<&Figure> {
    all.retain(|figure| kind(figure.period) == wanted);
    all.sort_by_key(|figure| figure.period.last_month());
    all
}

/// The kind of period a measure leads with: months; quarters where it has no months, or where most months are too small to
/// show (years, where most quarters are too), or where it follows cohorts and signals by quarter; years where it has
/// nothing else.
fn lead(measure: &Measure, all: &[&Figure]) -> Option<Kind> {
    let least = all.iter().map(|figure| kind(figure.period)).min()?;
    let shown_of = |wanted: Kind| {
        let complete = || all.iter().filter(|figure| kind(figure.period) == wanted && !figure.provisional);
        (complete().filter(|figure| figure.value.is_some()).count(), complete().count())
    };
    if least == Kind::Month && all.iter().any(|figure| kind(figure.period) == Kind::Quarter) {
        let ((months, of_months), (quarters, of_quarters)) = (shown_of(Kind::Month), shown_of(Kind::Quarter));
        let by_quarter = measure.shape.is_of_cohorts() && signals_by_quarter(measure);
        if by_quarter || months * 3 < of_months * 2 {
            let by_year = quarters * 2 < of_quarters && shown_of(Kind::Year).0 > 0;
            return Some(if by_year { Kind::Year } else { Kind::Quarter });
        }
    }
    // Rare endings are withheld by the quarter; the twelve months beside it can then still be shown.
    if measure.shape == Shape::Incidence && least != Kind::Year {
        let is_shown = |wanted: Kind| shown_of(wanted).0 > 0;
        return Some(if !is_shown(Kind::Quarter) && is_shown(Kind::Year) {
            Kind::Year
        } else {
            least.max(Kind::Quarter)
        });
    }
    Some(least)
}

/// Whether only quarter ends may signal: the windows of a figure counted each month over 90 days overlap.
fn signals_by_quarter(measure: &Measure) -> bool {
    measure.signal_on == crate::release::SignalOn::Quarter
}

/// The headline figures of the whole, by time.
pub fn headline<'a, E: Edition>(measure: &Measure, report: &'a Report<E>) -> Vec<&'a Figure> {
    let all = whole(measure, report, measure.headline_part.as_deref());
    lead(measure, &all).map_or_else(Vec::new, |kind| of_kind(all, kind))
}

/// The headline figures from when they can be compared with each other.
pub fn compared<'a, E: Edition>(measure: &Measure, report: &'a Report<E>) -> Vec<&'a Figure> {
    let mut all = headline(measure, report);
    let from = compared_from(measure, report);
    all.retain(|figure| from.is_none_or(|from| figure.period.first_month() >= from));
    all
}

/// The first month whose figures can be compared with later ones, where that is not the first there is
/// (`reaches_back_from`).
pub(super) fn compared_from<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<Month> {
    let days: Vec<_> = headline(measure, report)
        .iter()
        .map(|figure| (figure.period, figure.denominator.map(|days| days as f64)))
        .collect();
    reaches_back_from(measure, report, &days)
}

/// The figures of one part of the whole, by time, in the kind of period the headline has.
pub fn of_part<'a, E: Edition>(measure: &Measure, report: &'a Report<E>, part: &str) -> Vec<&'a Figure> {
    let own = whole(measure, report, Some(part));
    let leads = lead(measure, &whole(measure, report, measure.headline_part.as_deref()));
    leads.or_else(|| lead(measure, &own)).map_or_else(Vec::new, |kind| of_kind(own, kind))
}

/// The figures of one part of the whole by quarter, where it has quarters; else as the headline.
pub fn by_quarter<'a, E: Edition>(measure: &Measure, report: &'a Report<E>, part: &str) -> Vec<&'a Figure> {
    let quarters = of_kind(whole(measure, report, Some(part)), Kind::Quarter);
    if quarters.is_empty() { of_part(measure, report, part) } else { quarters }
}

/// The headline of the last complete period that has a value; none where that is more than a year old.
///
/// Of a stock the last complete month end itself, or none: where small counts are withheld and zeros are not, the last shown
/// would be a month with nobody, and never the present.
pub fn latest<'a, E: Edition>(measure: &Measure, report: &'a Report<E>) -> Option<&'a Figure> {
    let ends_the_search = |figure: &&Figure| measure.shape == Shape::Stock && is_withheld(figure);
    headline(measure, report)
        .into_iter()
        .rev()
        .find(|figure| !figure.provisional && (figure.value.is_some() || ends_the_search(figure)))
        .filter(|figure| figure.value.is_some())
        .filter(|figure| report.about.month.since(figure.period.last_month()) <= 12)
}

/// Whether a later complete period than the latest shown is withheld: the latest shown is then not the latest there is.
pub fn is_later_withheld<E: Edition>(measure: &Measure, report: &Report<E>) -> bool {
    let Some(latest) = latest(measure, report) else { return false };
    headline(measure, report).iter().any(|figure| {
        !figure.provisional && is_withheld(figure) && figure.period.last_month() > latest.period.last_month()
    })
}

/// The last complete period, where its count is withheld and nothing else leads.
pub fn withheld_latest<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<Period> {
    let last = headline(measure, report).into_iter().rev().find(|figure| !figure.provisional)?;
    (is_withheld(last) && latest(measure, report).is_none()).then_some(last.period)
}

fn is_withheld(figure: &Figure) -> bool {
    figure.symbol == Some(Symbol::Confidential)
}

/// The headline on a whole grid of periods that do not overlap: a period without a row is a gap.
pub(super) fn judged_series<E: Edition>(measure: &Measure, report: &Report<E>) -> Vec<Input> {
    let mut all = headline(measure, report);
    match all.first().map(|figure| kind(figure.period)) {
        Some(Kind::Month) if signals_by_quarter(measure) => {
            all.retain(|figure| figure.period.last_month().ends_quarter());
            on_grid(&all, 3, JUDGED_MONTHS_OF_QUARTERS, Period::Month)
        }
        Some(Kind::Month) => on_grid(&all, 1, JUDGED_MONTHS, Period::Month),
        Some(Kind::Quarter) => on_grid(&all, 3, JUDGED_MONTHS_OF_QUARTERS, |month| Period::Quarter(month.quarter())),
        Some(Kind::Year) => yearly(measure, report),
        None => Vec::new(),
    }
}

/// Twelve-month figures a year apart, back from the latest complete one: overlapping windows are never charted.
pub(super) fn yearly<E: Edition>(measure: &Measure, report: &Report<E>) -> Vec<Input> {
    let all = of_kind(whole(measure, report, measure.headline_part.as_deref()), Kind::Year);
    let Some(last) = all.iter().rev().find(|figure| !figure.provisional).map(|figure| figure.period.last_month())
    else {
        return Vec::new();
    };
    let apart: Vec<&Figure> = all
        .into_iter()
        .filter(|figure| {
            let before = last.since(figure.period.last_month());
            before >= 0 && before % 12 == 0
        })
        .collect();
    on_grid(&apart, 12, JUDGED_MONTHS_OF_QUARTERS, Period::TwelveMonthsTo)
}

/// What started less what stopped, by month. Where an edition does not show both, the steps from one month end to the next,
/// which is the same thing for children who started and stopped being counted.
pub(super) fn flow<E: Edition>(measure: &Measure, report: &Report<E>) -> Vec<Input> {
    let started = of_kind(whole(measure, report, Some(STARTED)), Kind::Month);
    let stopped = of_kind(whole(measure, report, Some(STOPPED)), Kind::Month);
    let mut both: Vec<Input> = on_grid(&started, 1, JUDGED_MONTHS, Period::Month);
    for point in &mut both {
        let other = stopped.iter().find(|figure| figure.period == point.period);
        point.value = difference(point.value, other.and_then(|figure| figure.value));
        point.provisional |= other.is_none_or(|figure| figure.provisional);
    }
    if mostly_shown(&both) {
        return both;
    }
    steps(&on_grid(&headline(measure, report), 1, JUDGED_MONTHS + 1, Period::Month), 1.0)
}

/// The change from each period to the next, times `scale`; a gap where either is withheld or not known.
pub(super) fn steps(levels: &[Input], scale: f64) -> Vec<Input> {
    levels
        .iter()
        .zip(levels.iter().skip(1))
        .map(|(before, after)| Input {
            value: difference(after.value, before.value).map(|by| by * scale),
            counts: None,
            provisional: after.provisional || before.provisional,
            period: after.period,
        })
        .collect()
}

fn difference(after: Option<f64>, before: Option<f64>) -> Option<f64> {
    Some(after? - before?)
}

/// Whether at least half of the complete periods have a value.
pub(super) fn mostly_shown(points: &[Input]) -> bool {
    let complete = || points.iter().filter(|point| !point.provisional);
    let shown = complete().filter(|point| point.value.is_some()).count();
    shown > 0 && shown * 2 >= complete().count()
}

fn on_grid(figures: &[&Figure], step: i32, months: i32, period: impl Fn(Month) -> Period) -> Vec<Input> {
    let ends = || figures.iter().map(|figure| figure.period.last_month());
    let (Some(first), Some(last)) = (ends().min(), ends().max()) else {
        return Vec::new();
    };
    let back = (last.since(first) / step).min(months / step - 1);
    (0..=back)
        .rev()
        .map(|steps| {
            let end = last.plus(-steps * step);
            let figure = figures.iter().find(|figure| figure.period.last_month() == end);
            Input {
                period: period(end),
                value: figure.and_then(|figure| figure.value),
                counts: figure.and_then(|figure| counts(figure)),
                provisional: figure.is_some_and(|figure| figure.provisional),
            }
        })
        .collect()
}

fn counts(figure: &Figure) -> Option<(u64, f64)> {
    let numerator = u64::try_from(figure.numerator?).ok()?;
    let denominator = figure.denominator.filter(|of| *of > 0)?;
    figure.value.map(|_| (numerator, denominator as f64))
}
