//! What happens by a fixed number of days since a start: curves with the numbers followed beneath, and endings that stack.
//!
//! Only the figures of fixed days are shown. Which figures a chart shows is decided here; how it is drawn, in `curves` and
//! `endings`.

use crate::domain::{DENOMINATOR, Dimension, Figure, Period, Relation, TOTAL, Unit};
use crate::release::{Edition, Measure, Part, Report, Shape};

use super::spec::{ChartSpec, Curve, CurvePoint, Curves, Drawing, EndingColumn, Endings};
use super::words;
use crate::judgement::latest;

/// The chart by days of a measure of cohorts; none for other measures, or where nothing of it can be shown.
pub fn by_days_chart<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<ChartSpec> {
    let (drawing, what) = match measure.shape {
        Shape::Survival => (Drawing::Curves(curves(measure, report, 's')?), "by days"),
        Shape::Recurrent => (Drawing::Curves(curves(measure, report, 'm')?), "by days"),
        Shape::Incidence => (Drawing::Endings(endings_by_day(measure, report)?), "how it ended, by days"),
        _ => return None,
    };
    Some(ChartSpec { id: format!("days-{}", measure.id), title: format!("{}: {what}", measure.title), drawing })
}

/// How the waits of each quarter had ended by the day that leads the measure; of each year, where most quarters have an
/// ending withheld.
pub(super) fn endings_over_time<E: Edition>(measure: &Measure, report: &Report<E>, months: usize) -> Option<Endings> {
    let day = day_of(measure.headline_part.as_deref()?)?;
    let bands = bands(measure);
    let columns = |is_kind: fn(Period) -> bool, most: usize| -> Vec<EndingColumn> {
        let kept = wholes(measure, report).filter(|figure| is_kind(figure.period) && !figure.provisional);
        let mut periods: Vec<Period> = kept.map(|figure| figure.period).collect();
        periods.sort_unstable();
        periods.dedup();
        let column = |period| EndingColumn {
            label: words::upper_first(&words::period_short(period)),
            values: shares(measure, report, period, &bands, day),
        };
        periods.split_off(periods.len().saturating_sub(most)).into_iter().map(column).collect()
    };
    let in_full =
        |columns: &[EndingColumn]| columns.iter().filter(|column| column.values.iter().all(Option::is_some)).count();
    let quarters = columns(|period| matches!(period, Period::Quarter(_)), months / 3);
    let years = columns(|period| matches!(period, Period::TwelveMonthsTo(_)), months / 12);
    let by_year = in_full(&quarters) * 2 < quarters.len() && in_full(&years) > 0;
    let columns = if by_year { years } else { quarters };
    let shown = columns.iter().any(EndingColumn::is_shown);
    shown.then(|| Endings {
        bands: bands.iter().map(|band| band.label.clone()).collect(),
        columns,
        when: format!("by day {day}"),
    })
}

fn endings_by_day<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<Endings> {
    let period = latest(measure, report)?.period;
    let bands = bands(measure);
    let mut days: Vec<u32> = measure.parts.iter().filter_map(|part| day_of(&part.id)).collect();
    days.sort_unstable();
    days.dedup();
    // Of one day the chart over time says as much.
    if days.len() < 2 {
        return None;
    }
    let columns: Vec<EndingColumn> = days
        .into_iter()
        .map(|day| EndingColumn { label: format!("{day} days"), values: shares(measure, report, period, &bands, day) })
        .collect();
    let shown = columns.iter().any(EndingColumn::is_shown);
    let labels = bands.iter().map(|band| band.label.clone()).collect();
    shown.then(|| Endings { bands: labels, columns, when: format!("begun in {}", period.in_words()) })
}

/// One ending among those that add up to everyone.
struct BandOf {
    /// Before the day in the part's id.
    stem: String,
    /// The part's label without its day.
    label: String,
}

/// The endings that are given for every day, in the measure's order; where its relations say what adds up to everyone, these.
fn bands(measure: &Measure) -> Vec<BandOf> {
    let days: std::collections::BTreeSet<u32> = measure.parts.iter().filter_map(|part| day_of(&part.id)).collect();
    let everyone = measure.relations.iter().find_map(|relation| match relation {
        Relation::AddsUp { whole, parts } if whole == DENOMINATOR => Some(parts),
        _ => None,
    });
    let mut bands: Vec<BandOf> = Vec::new();
    for part in measure.parts.iter().filter(|part| everyone.is_none_or(|parts| parts.contains(&part.id))) {
        let Some((stem, _)) = part.id.rsplit_once('-') else { continue };
        let everywhere = days.iter().all(|day| measure.parts.iter().any(|other| other.id == format!("{stem}-{day}")));
        if everywhere && !bands.iter().any(|band| band.stem == stem) {
            bands.push(BandOf { stem: stem.to_owned(), label: without_day(&part.label) });
        }
    }
    bands
}

/// `Closed not assessed by 10 days` is `Closed not assessed`.
fn without_day(label: &str) -> String {
    let cut = [" by ", " at ", " after "].iter().filter_map(|word| label.rfind(word)).max();
    cut.and_then(|at| label.get(..at)).unwrap_or(label).to_owned()
}

/// The share of every band on a day; none where it is withheld, not known, or not yet complete.
fn shares<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    period: Period,
    bands: &[BandOf],
    day: u32,
) -> Vec<Option<f64>> {
    let complete = |band: &BandOf| {
        figure_of(measure, report, period, &format!("{}-{day}", band.stem)).filter(|figure| !figure.provisional)
    };
    bands.iter().map(|band| complete(band).and_then(|figure| figure.value)).collect()
}

/// The latest complete cohort and the one a year before it: the parts that begin with `kind`, and the numbers followed.
fn curves<E: Edition>(measure: &Measure, report: &Report<E>, kind: char) -> Option<Curves> {
    let leads = latest(measure, report)?;
    let period = leads.period;
    let mut periods = vec![period];
    let earlier = a_year_before(period);
    periods.extend(wholes(measure, report).any(|one| one.period == earlier).then_some(earlier));
    let asked: Vec<(u32, &Part)> =
        measure.parts.iter().filter_map(|part| Some((part.id.strip_prefix(kind)?.parse().ok()?, part))).collect();
    let unit = asked.first().map_or(Unit::Proportion, |(_, part)| part.unit);
    let curves: Vec<Curve> = periods
        .into_iter()
        .map(|period| Curve {
            label: words::upper_first(&words::period_short(period)),
            points: asked
                .iter()
                .map(|(day, part)| {
                    let figure = figure_of(measure, report, period, &part.id).filter(|figure| !figure.provisional);
                    CurvePoint {
                        day: *day,
                        value: figure.and_then(|figure| figure.value),
                        interval: figure.and_then(|figure| figure.lower.zip(figure.upper)),
                        followed: figure_of(measure, report, period, &format!("n{day}"))
                            .filter(|figure| !figure.provisional)
                            .and_then(|figure| figure.numerator.map(|count| count as f64)),
                    }
                })
                .collect(),
        })
        .filter(|curve| curve.points.iter().any(|point| point.value.is_some()))
        .collect();
    let starts_at = if kind == 's' { 1.0 } else { 0.0 };
    (!curves.is_empty()).then_some(Curves { unit, starts_at, curves })
}

fn a_year_before(period: Period) -> Period {
    match period {
        Period::Month(month) => Period::Month(month.plus(-12)),
        Period::Quarter(quarter) => Period::Quarter(quarter.last_month().plus(-12).quarter()),
        Period::TwelveMonthsTo(month) => Period::TwelveMonthsTo(month.plus(-12)),
    }
}

/// The day at the end of a part's id: `open-45`, `s28`.
fn day_of(part: &str) -> Option<u32> {
    part.rsplit_once('-')?.1.parse().ok()
}

fn wholes<'a, E: Edition>(measure: &'a Measure, report: &'a Report<E>) -> impl Iterator<Item = &'a Figure> {
    let whole = |figure: &&Figure| figure.dimension == Dimension::Total && figure.group() == TOTAL;
    report.figures_of(&measure.id).iter().filter(whole)
}

fn figure_of<'a, E: Edition>(
    measure: &'a Measure,
    report: &'a Report<E>,
    period: Period,
    part: &str,
) -> Option<&'a Figure> {
    wholes(measure, report).find(|figure| figure.period == period && figure.part() == Some(part))
}
