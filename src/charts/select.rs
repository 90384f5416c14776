//! Which figures of a report a chart shows. Pure functions; no figure is worked out here.

use std::collections::BTreeSet;

use crate::domain::{Dimension, Figure, Period, TOTAL, Unit};
use crate::release::{Board, Measure, Report, Shape};

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

fn figures_of<'a>(measure: &'a Measure, report: &'a Report<Board>) -> impl Iterator<Item = &'a Figure> {
    report.figures.iter().filter(|figure| figure.measure == measure.id)
}

/// The level of the headline within a group: `total`, or `total:s10`.
fn is_headline(measure: &Measure, figure: &Figure) -> bool {
    figure.part() == measure.headline_part.as_deref()
}

fn is_kind(period: Period, like: Period) -> bool {
    std::mem::discriminant(&period) == std::mem::discriminant(&like)
}

/// The series of one part of the whole, by time, in the kind of period the measure leads with.
fn series<'a>(measure: &'a Measure, report: &'a Report<Board>, part: Option<&str>) -> Vec<&'a Figure> {
    let all: Vec<&Figure> = figures_of(measure, report)
        .filter(|figure| figure.dimension == Dimension::Total && figure.group() == TOTAL && figure.part() == part)
        .collect();
    let rank = |period: Period| match (measure.shape, period) {
        (Shape::Survival | Shape::Incidence, Period::Quarter(_)) | (_, Period::Month(_)) => 0,
        (_, Period::Quarter(_)) => 1,
        (_, Period::TwelveMonthsTo(_)) => 2,
    };
    let rank = |period: Period| match (measure.shape, period) {
        (Shape::Survival | Shape::Incidence, Period::Month(_)) => 1,
        _ => rank(period),
    };
    // Rare endings are withheld by the quarter; the twelve months beside it can then still be shown.
    let can_be_shown =
        |figure: &&&Figure| measure.shape != Shape::Incidence || figure.value.is_some() && !figure.provisional;
    let kinds = |filter: &dyn Fn(&&&Figure) -> bool| {
        let recent = all.iter().filter(filter).filter(|figure| {
            measure.shape != Shape::Incidence || report.about.month.since(figure.period.last_month()) <= 12
        });
        recent.map(|figure| figure.period).min_by_key(|period| rank(*period))
    };
    let Some(kind) = kinds(&can_be_shown).or_else(|| kinds(&|_| true)) else {
        return Vec::new();
    };
    let mut chosen: Vec<&Figure> = all.into_iter().filter(|figure| is_kind(figure.period, kind)).collect();
    chosen.sort_by_key(|figure| figure.period.last_month());
    chosen
}

/// The headline figures of the whole, by time.
pub fn headline<'a>(measure: &'a Measure, report: &'a Report<Board>) -> Vec<&'a Figure> {
    series(measure, report, measure.headline_part.as_deref())
}

/// The headline of the last complete period; none where that period is withheld, and never an older one in its place
/// by more than a year.
pub fn latest<'a>(measure: &'a Measure, report: &'a Report<Board>) -> Option<&'a Figure> {
    headline(measure, report)
        .into_iter()
        .rev()
        .find(|figure| !figure.provisional && figure.value.is_some())
        .filter(|figure| report.about.month.since(figure.period.last_month()) <= 12)
}

fn points(figures: &[&Figure]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for figure in figures {
        let step = match figure.period {
            Period::Quarter(_) => 3,
            _ => 1,
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

fn target_of(measure: &Measure, unit: Unit) -> Option<f64> {
    measure.target.as_ref().filter(|_| unit == measure.unit).map(|target| target.value)
}

fn notes(measure: &Measure, report: &Report<Board>) -> Vec<Note> {
    report
        .about
        .events
        .iter()
        .filter(|event| event.measures.is_empty() || event.measures.contains(&measure.id))
        .map(|event| Note { month: crate::domain::Month::of(event.on), title: event.title.clone() })
        .collect()
}

/// A word-sized line of the last 24 months.
pub fn spark(measure: &Measure, report: &Report<Board>) -> Option<ChartSpec> {
    let all = headline(measure, report);
    let last = all.last()?.period.last_month();
    let recent: Vec<&Figure> = all.into_iter().filter(|figure| last.since(figure.period.last_month()) < 24).collect();
    recent.iter().any(|figure| figure.value.is_some()).then(|| ChartSpec {
        id: format!("spark-{}", measure.id),
        title: format!("{}, last 24 months", measure.title),
        drawing: Drawing::Spark(Spark {
            unit: measure.unit,
            points: points(&recent),
            target: target_of(measure, measure.unit),
        }),
    })
}

/// The chart that leads the measure's page, over the last `months`.
pub fn headline_chart(measure: &Measure, report: &Report<Board>, months: usize) -> Option<ChartSpec> {
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

fn over_time(measure: &Measure, report: &Report<Board>, months: usize) -> Option<Lines> {
    let mut all =
        vec![Series { label: measure.title.clone(), points: last_of(points(&headline(measure, report)), months) }];
    if measure.shape == Shape::Stock {
        // Parts that nest (over 24 hours, over 72) stand beside the whole.
        for part in measure.parts.iter().filter(|part| part.unit == measure.unit && !part.id.is_empty()).take(3) {
            let points = last_of(points(&series(measure, report, Some(&part.id))), months);
            all.push(Series { label: part.label.clone(), points });
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

fn survival(measure: &Measure, report: &Report<Board>, months: usize) -> Option<Lines> {
    let series: Vec<Series> = measure
        .parts
        .iter()
        .filter(|part| part.unit == Unit::Proportion)
        .take(4)
        .map(|part| Series {
            label: part.label.clone(),
            points: last_of(points(&series(measure, report, Some(&part.id))), months / 3),
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

/// The parts as bands, where they add up to the whole in every month that shows both.
fn bands(measure: &Measure, report: &Report<Board>, months: usize) -> Option<Stack> {
    let parts: Vec<_> = measure.parts.iter().filter(|part| part.unit == measure.unit && !part.id.is_empty()).collect();
    if !(2..=4).contains(&parts.len()) {
        return None;
    }
    let whole = last_of(headline(measure, report), months);
    let all: Vec<Vec<&Figure>> = parts.iter().map(|part| series(measure, report, Some(part.id.as_str()))).collect();
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

/// The parts of a proportion over time, beside the headline.
pub fn parts_chart(measure: &Measure, report: &Report<Board>, months: usize) -> Option<ChartSpec> {
    if !matches!(measure.shape, Shape::Proportion | Shape::Rate) {
        return None;
    }
    let series: Vec<Series> = measure
        .parts
        .iter()
        .filter(|part| part.unit == measure.unit && !part.id.is_empty())
        .take(4)
        .map(|part| Series {
            label: part.label.clone(),
            points: last_of(points(&series(measure, report, Some(&part.id))), months),
        })
        .filter(|series| series.points.iter().any(|point| point.value.is_some()))
        .collect();
    (!series.is_empty()).then(|| ChartSpec {
        id: format!("parts-{}", measure.id),
        title: format!("{}, by part", measure.title),
        drawing: Drawing::Lines(Lines { unit: measure.unit, series, target: None, notes: Vec::new() }),
    })
}

/// The steps of a chain at its latest complete twelve months.
pub fn chain_chart(measure: &Measure, report: &Report<Board>) -> Option<ChartSpec> {
    let period = latest(measure, report)?.period;
    let bars = measure
        .parts
        .iter()
        .filter(|part| part.unit == Unit::Proportion)
        .filter_map(|part| {
            let figure = series(measure, report, Some(&part.id)).into_iter().find(|one| one.period == period)?;
            Some(bar(figure, part.label.clone()))
        })
        .collect();
    Some(ChartSpec {
        id: format!("chart-{}", measure.id),
        title: measure.title.clone(),
        drawing: Drawing::Bars(Bars { unit: Unit::Proportion, period, bars, whole: None }),
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
pub fn breakdown<'a>(measure: &'a Measure, report: &'a Report<Board>, dimension: Dimension) -> Option<Breakdown<'a>> {
    let here = || {
        figures_of(measure, report).filter(move |figure| figure.dimension == dimension && is_headline(measure, figure))
    };
    let period = here()
        .filter(|figure| !figure.provisional)
        .map(|figure| figure.period)
        .max_by_key(|period| (period.last_month(), matches!(period, Period::TwelveMonthsTo(_))))?;
    let levels = here().filter(|figure| figure.period == period).collect();
    Some(Breakdown { dimension, period, levels })
}

/// A breakdown as bars; none where every level is withheld.
pub fn breakdown_chart(measure: &Measure, report: &Report<Board>, breakdown: &Breakdown<'_>) -> Option<ChartSpec> {
    let distinct: BTreeSet<&str> = breakdown.levels.iter().map(|figure| figure.group()).collect();
    if distinct.is_empty() || breakdown.levels.iter().all(|figure| figure.value.is_none()) {
        return None;
    }
    let whole = headline_at(measure, report, breakdown.period)
        .and_then(|figure| figure.value)
        .filter(|_| matches!(measure.unit, Unit::Proportion | Unit::Per1000ChildDays | Unit::Per10000Children));
    let bars = breakdown.levels.iter().map(|figure| bar(figure, super::words::level(figure.group()))).collect();
    Some(ChartSpec {
        id: format!("by-{}-{}", breakdown.dimension, measure.id),
        title: format!("{} by {}", measure.title, breakdown.dimension.in_words().to_lowercase()),
        drawing: Drawing::Bars(Bars { unit: measure.unit, period: breakdown.period, bars, whole }),
    })
}

fn headline_at<'a>(measure: &'a Measure, report: &'a Report<Board>, period: Period) -> Option<&'a Figure> {
    figures_of(measure, report)
        .find(|figure| figure.dimension == Dimension::Total && figure.period == period && is_headline(measure, figure))
}
