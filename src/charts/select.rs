//! Which figures of a report a chart shows. Pure functions; no figure is worked out here.

use std::collections::BTreeSet;

use crate::domain::{Dimension, Figure, NOT_KNOWN, Period, Unit};
use crate::judgement::{STARTED, STOPPED, by_quarter, compared, latest, of_part};
use crate::release::{Edition, Measure, Part, Report, Shape};

use super::funnel::funnel;
use super::spec::{Bar, Bars, ChartSpec, Column, Drawing, Lines, Note, Point, Series, Spark, Stack};

/// One dimension of a measure at its latest complete period.
#[derive(Clone, Debug)]
pub struct Breakdown<'a> {
    /// The dimension.
    pub dimension: Dimension,
    /// The latest complete period broken down by it.
    pub period: Period,
    /// The headline figure of each level, in the report's order.
    pub levels: Vec<&'a Figure>,
}

/// Months of a word-sized line, where there are as many.
const SPARK_MONTHS: i32 = 24;

/// The level of the headline within a group: `total`, or `total:s10`.
fn is_headline(measure: &Measure, figure: &Figure) -> bool {
    figure.part() == measure.headline_part.as_deref()
}

fn points(figures: &[&Figure]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for figure in figures {
        let step = match figure.period {
            Period::Month(_) => 1,
            Period::Quarter(_) => 3,
            Period::TwelveMonthsTo(_) => 12,
        };
        // A period with no row at all is a gap too.
        if let Some(last) = points.last()
            && figure.period.last_month().since(last.period.last_month()) > step
        {
            let missing = Period::Month(last.period.last_month().plus(step));
            points.push(Point { period: missing, value: None, interval: None, provisional: false });
        }
        points.push(Point {
            period: figure.period,
            value: figure.value,
            interval: figure.lower.zip(figure.upper),
            provisional: figure.provisional,
        });
    }
    points
}

fn last_of<T>(mut all: Vec<T>, count: usize) -> Vec<T> {
    all.split_off(all.len().saturating_sub(count))
}

pub(super) fn target_of(measure: &Measure, unit: Unit) -> Option<f64> {
    measure.target.as_ref().filter(|_| unit == measure.unit).map(|target| target.value)
}

pub(super) fn notes<E: Edition>(measure: &Measure, report: &Report<E>) -> Vec<Note> {
    report
        .about
        .events
        .iter()
        .filter(|event| event.measures.is_empty() || event.measures.contains(&measure.id))
        .map(|event| Note { month: crate::domain::Month::of(event.on), title: event.title.clone() })
        .collect()
}

/// A word-sized line of the last 24 months, or of as many as there are.
pub fn spark<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<ChartSpec> {
    let all = compared(measure, report);
    let last = all.last()?.period.last_month();
    let recent: Vec<&Figure> =
        all.into_iter().filter(|figure| last.since(figure.period.last_month()) < SPARK_MONTHS).collect();
    let drawing =
        Drawing::Spark(Spark { unit: measure.unit, points: points(&recent), target: target_of(measure, measure.unit) });
    recent.iter().any(|figure| figure.value.is_some()).then(|| ChartSpec {
        id: format!("spark-{}", measure.id),
        title: format!("{}, {}", measure.title, super::words::how_long(&drawing)),
        drawing,
    })
}

/// The chart that leads the measure's page, over the last `months`.
pub fn headline_chart<E: Edition>(measure: &Measure, report: &Report<E>, months: usize) -> Option<ChartSpec> {
    let drawing = match measure.shape {
        Shape::Chain => return chain_chart(measure, report),
        Shape::Effect => return None,
        Shape::Survival => Drawing::Lines(survival(measure, report, months)?),
        Shape::Stock => match bands(measure, report, months) {
            Some(stack) => Drawing::Stack(stack),
            None => Drawing::Lines(over_time(measure, report, months)?),
        },
        Shape::Incidence => Drawing::Endings(super::by_days::endings_over_time(measure, report, months)?),
        Shape::Recurrent => return super::by_days::by_days_chart(measure, report),
        Shape::Proportion | Shape::Rate | Shape::Concentration | Shape::Count => {
            Drawing::Lines(over_time(measure, report, months)?)
        }
    };
    Some(ChartSpec { id: format!("chart-{}", measure.id), title: measure.title.clone(), drawing })
}

fn over_time<E: Edition>(measure: &Measure, report: &Report<E>, months: usize) -> Option<Lines> {
    let whole = compared(measure, report);
    let mut all = vec![Series { label: measure.title.clone(), points: last_of(points(&whole), months) }];
    if measure.shape == Shape::Stock {
        // Parts that nest (over 24 hours, over 72) stand beside the whole; where there are too many, the shortest waits are
        // in the table alone, never the longest.
        let parts: Vec<_> = measure.parts.iter().filter(|part| of_the_stock(measure, part)).collect();
        for part in parts.iter().skip(parts.len().saturating_sub(3)) {
            let mut own = of_part(measure, report, &part.id);
            own.retain(|figure| whole.first().is_none_or(|first| figure.period >= first.period));
            all.push(Series { label: part.label.clone(), points: last_of(points(&own), months) });
        }
        if let Some(first) = all.first_mut().filter(|_| measure.parts.len() > 1) {
            first.label = "All".into();
        }
    }
    all.retain(|series| series.points.iter().any(|point| point.value.is_some()));
    (!all.is_empty()).then(|| Lines {
        unit: measure.unit,
        series: all,
        target: target_of(measure, measure.unit),
        notes: notes(measure, report),
    })
}

fn survival<E: Edition>(measure: &Measure, report: &Report<E>, months: usize) -> Option<Lines> {
    let series: Vec<Series> = measure
        .parts
        .iter()
        .filter(|part| is_still_waiting(part))
        .take(4)
        .map(|part| Series {
            label: part.label.clone(),
            points: last_of(points(&by_quarter(measure, report, &part.id)), months / 3),
        })
        .filter(|series| series.points.iter().any(|point| point.value.is_some()))
        .collect();
    (!series.is_empty()).then(|| Lines {
        unit: Unit::Proportion,
        series,
        target: target_of(measure, Unit::Proportion),
        notes: notes(measure, report),
    })
}

/// `s10`: a share of the curve, and not the number still followed on its day.
fn is_still_waiting(part: &Part) -> bool {
    part.id.strip_prefix('s').is_some_and(|day| day.parse::<u32>().is_ok())
}

/// A part in the measure's own unit that is not the figure itself, nor what began and ended behind a stock.
fn of_the_stock(measure: &Measure, part: &Part) -> bool {
    part.unit == measure.unit && !part.id.is_empty() && part.id != STARTED && part.id != STOPPED
}

/// The parts as bands, where they add up to the whole in every month that shows both.
fn bands<E: Edition>(measure: &Measure, report: &Report<E>, months: usize) -> Option<Stack> {
    let parts: Vec<_> = measure.parts.iter().filter(|part| of_the_stock(measure, part)).collect();
    if !(2..=4).contains(&parts.len()) {
        return None;
    }
    let whole = last_of(compared(measure, report), months);
    let all: Vec<Vec<&Figure>> = parts.iter().map(|part| of_part(measure, report, &part.id)).collect();
    let mut shown = 0;
    let mut columns = Vec::new();
    for figure in whole {
        let values: Option<Vec<f64>> = all
            .iter()
            .map(|part| part.iter().find(|other| other.period == figure.period).and_then(|other| other.value))
            .collect();
        if let (Some(values), Some(total)) = (&values, figure.value) {
            if (values.iter().sum::<f64>() - total).abs() > 0.5 {
                return None;
            }
            shown += 1;
        }
        columns.push(Column { month: figure.period.last_month(), values, provisional: figure.provisional });
    }
    let bands = parts.iter().map(|part| part.label.clone()).collect();
    // Where too many months have a band withheld, the line of the whole says more.
    (shown * 2 > columns.len()).then(|| Stack {
        unit: measure.unit,
        bands,
        columns,
        target: target_of(measure, measure.unit),
    })
}

/// A part that fewer periods show is a dot or two in an empty frame: the table says it better.
const FEWEST_FOR_A_LINE: usize = 6;

/// The parts of a proportion over time, beside the headline.
pub fn parts_chart<E: Edition>(measure: &Measure, report: &Report<E>, months: usize) -> Option<ChartSpec> {
    if !matches!(measure.shape, Shape::Proportion | Shape::Rate) {
        return None;
    }
    let series: Vec<Series> = measure
        .parts
        .iter()
        .filter(|part| of_the_stock(measure, part))
        .take(4)
        .map(|part| Series {
            label: part.label.clone(),
            points: last_of(points(&of_part(measure, report, &part.id)), months),
        })
        .filter(|series| series.points.iter().filter(|point| point.value.is_some()).count() >= FEWEST_FOR_A_LINE)
        .collect();
    (!series.is_empty()).then(|| ChartSpec {
        id: format!("parts-{}", measure.id),
        title: format!("{}, by part", measure.title),
        drawing: Drawing::Lines(Lines { unit: measure.unit, series, target: None, notes: Vec::new() }),
    })
}

/// The steps of a chain at its latest complete twelve months.
pub fn chain_chart<E: Edition>(measure: &Measure, report: &Report<E>) -> Option<ChartSpec> {
    let period = latest(measure, report)?.period;
    let bars = measure
        .parts
        .iter()
        .filter(|part| part.unit == Unit::Proportion)
        .filter_map(|part| {
            let figure = of_part(measure, report, &part.id).into_iter().find(|one| one.period == period)?;
            Some(bar(figure, part.label.clone()))
        })
        .collect();
    Some(ChartSpec {
        id: format!("chart-{}", measure.id),
        title: measure.title.clone(),
        drawing: Drawing::Bars(Bars { unit: Unit::Proportion, period, bars, whole: None, top: None }),
    })
}

fn bar(figure: &Figure, label: String) -> Bar {
    Bar {
        label,
        value: figure.value,
        interval: figure.lower.zip(figure.upper),
        absent: figure.symbol.map_or("not known", crate::domain::Symbol::in_words),
    }
}

/// A dimension at the latest complete period that it has, twelve months before a month.
pub fn breakdown<'a, E: Edition>(
    measure: &'a Measure,
    report: &'a Report<E>,
    dimension: Dimension,
) -> Option<Breakdown<'a>> {
    let here = || {
        report
            .figures_of(&measure.id)
            .iter()
            .filter(move |figure| figure.dimension == dimension && is_headline(measure, figure))
    };
    let period = here()
        .filter(|figure| !figure.provisional)
        .map(|figure| figure.period)
        .max_by_key(|period| (period.last_month(), matches!(period, Period::TwelveMonthsTo(_))))?;
    let levels = here().filter(|figure| figure.period == period).collect();
    Some(Breakdown { dimension, period, levels })
}

/// Whether a dimension tells nothing: it has figures, and all of them are of what nobody recorded.
pub fn is_not_recorded<E: Edition>(measure: &Measure, report: &Report<E>, dimension: Dimension) -> bool {
    let figures = report.figures_of(&measure.id);
    let mut of_it = figures.iter().filter(|figure| figure.dimension == dimension).peekable();
    of_it.peek().is_some() && of_it.all(|figure| figure.group() == NOT_KNOWN)
}

/// A breakdown as bars; none where every level is withheld.
pub fn breakdown_chart<E: Edition>(
    measure: &Measure,
    report: &Report<E>,
    breakdown: &Breakdown<'_>,
) -> Option<ChartSpec> {
    let distinct: BTreeSet<&str> = breakdown.levels.iter().map(|figure| figure.group()).collect();
    if distinct.is_empty() || breakdown.levels.iter().all(|figure| figure.value.is_none()) {
        return None;
    }
    let id = format!("by-{}-{}", breakdown.dimension, measure.id);
    let title = format!("{} by {}", measure.title, breakdown.dimension.in_words().to_lowercase());
    if let Some(funnel) = funnel(measure, breakdown.period, &breakdown.levels, super::words::level) {
        return Some(ChartSpec { id, title, drawing: Drawing::Funnel(funnel) });
    }
    let whole = headline_at(measure, report, breakdown.period)
        .and_then(|figure| figure.value)
        .filter(|_| measure.unit == Unit::Proportion || measure.unit.multiplier() > 1.0);
    let bars = breakdown.levels.iter().map(|figure| bar(figure, super::words::level(figure.group()))).collect();
    Some(ChartSpec {
        id,
        title,
        drawing: Drawing::Bars(Bars { unit: measure.unit, period: breakdown.period, bars, whole, top: None }),
    })
}

fn headline_at<'a, E: Edition>(measure: &'a Measure, report: &'a Report<E>, period: Period) -> Option<&'a Figure> {
    report
        .figures_of(&measure.id)
        .iter()
        .find(|figure| figure.dimension == Dimension::Total && figure.period == period && is_headline(measure, figure))
}

/// The highest value a breakdown's chart must reach; none for other charts.
pub fn scale_top(spec: &ChartSpec) -> Option<f64> {
    let upper = |band: Option<(f64, f64)>| band.map(|(_, upper)| upper);
    match &spec.drawing {
        Drawing::Bars(chart) => {
            let ends = chart.bars.iter().flat_map(|bar| [bar.value, upper(bar.interval)]).chain([chart.whole]);
            ends.flatten().max_by(f64::total_cmp)
        }
        Drawing::Funnel(chart) => {
            let rows = chart.rows.iter().flat_map(|row| [row.value, upper(row.limits_998), upper(row.widened_998)]);
            rows.flatten().max_by(f64::total_cmp)
        }
        _ => None,
    }
}

/// The same chart on a scale that others share.
pub fn with_top(mut spec: ChartSpec, top: Option<f64>) -> ChartSpec {
    match &mut spec.drawing {
        Drawing::Bars(chart) => chart.top = top,
        Drawing::Funnel(chart) => chart.top = top,
        _ => {}
    }
    spec
}
