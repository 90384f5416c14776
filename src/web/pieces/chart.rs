//! A chart in its figure: the words for it, the key to its marks, its notes, its table, its file.

use maud::{Markup, PreEscaped, html};

use super::{judged_table, svg_link, time_table};
use crate::charts::words::{self, Mark};
use crate::charts::{self, ChartSpec, Control, Drawing};
use crate::judgement::{Judged, Judgement, judge};
use crate::release::{Edition, Measure, Report};
use crate::stats::State;

/// A chart, the words for it, its notes, and its table folded beneath.
pub(in crate::web) fn figure(root: &str, spec: &ChartSpec, subtitle: &str, table: &Markup) -> Markup {
    let notes = match &spec.drawing {
        Drawing::Lines(lines) => lines.notes.as_slice(),
        Drawing::Control(chart) => chart.notes.as_slice(),
        _ => &[],
    };
    html! {
        figure {
            p .subtitle { (subtitle) }
            div .scroll tabindex="0" role="group" aria-label={ "Chart: " (spec.title) } {
                (PreEscaped(charts::svg_narrow(spec)))
                (PreEscaped(charts::svg(spec)))
            }
            figcaption {
                (key(spec))
                p { (charts::describe(spec)) }
                @if !notes.is_empty() {
                    ol .notes { @for note in notes { li { (note.month.in_words()) ": " (note.title) } } }
                }
            }
            details {
                summary { "View as a table" }
                (table)
            }
            (svg_link(root, &spec.id, &spec.title))
        }
    }
}

/// What the marks of a chart mean; only those that are on it.
fn key(spec: &ChartSpec) -> Markup {
    match &spec.drawing {
        Drawing::Control(chart) => html! {
            ul .key {
                @for (shape, class, says) in marks_on(chart) {
                    li { span class={ "mark " (class) } aria-hidden="true" { (shape) } " " (says) }
                }
                li { span .mark aria-hidden="true" { "- -" } " average and limits" }
                @if chart.points.iter().any(|point| point.provisional) { (provisional("○")) }
                @if chart.way.is_some() { li { span .mark aria-hidden="true" { "..." } " the way to the target on its date" } }
            }
        },
        Drawing::Funnel(chart) => html! {
            ul .key {
                li { span .mark aria-hidden="true" { "■" } " dark band: 95% of groups of this size, if like all shown; pale band: 99.8%" }
                @if chart.rows.iter().any(|row| row.widened_998.is_some()) {
                    li { "outline: 99.8%, widened for what groups always differ by" }
                }
                li { span .mark aria-hidden="true" { "◆" } " differs by more than chance" }
            }
        },
        Drawing::Lines(chart) => {
            let is_provisional = chart.series.iter().flat_map(|series| &series.points).any(|point| point.provisional);
            html! {
                @if chart.has_band() || is_provisional {
                    ul .key {
                        @if chart.has_band() { li { span .mark aria-hidden="true" { "■" } " pale band: 95% interval" } }
                        @if is_provisional { (provisional("○")) }
                    }
                }
            }
        }
        Drawing::Bars(chart) => across(chart.bars.iter().any(|bar| bar.interval.is_some())),
        Drawing::Curves(chart) => {
            across(chart.curves.first().is_some_and(|curve| curve.points.iter().any(|point| point.interval.is_some())))
        }
        Drawing::Stack(chart) => html! {
            @if chart.columns.iter().any(|column| column.provisional) { ul .key { (provisional("□")) } }
        },
        Drawing::Endings(_) | Drawing::Spark(_) => Markup::default(),
    }
}

/// What the line through a bar's end or a point means, where there is one.
fn across(is_drawn: bool) -> Markup {
    html! { @if is_drawn { ul .key { li { span .mark aria-hidden="true" { "|" } " thin line: 95% interval" } } } }
}

fn provisional(shape: &str) -> Markup {
    html! { li { span .mark aria-hidden="true" { (shape) } " hollow, dotted: provisional" } }
}

fn marks_on(chart: &Control) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut found: Vec<(Mark, &'static str)> = Vec::new();
    for point in chart.points.iter().filter(|point| !point.provisional) {
        let Some(state) = point.state else { continue };
        let mark = words::state_mark(state, point.signal.is_some_and(crate::stats::Signal::high));
        let says = match state {
            State::CommonCause => "no clear change",
            State::Improvement => "getting better",
            State::Concern => "getting worse",
            State::NeutralHigh | State::NeutralLow => "changed; neither better nor worse",
        };
        if found.iter().all(|(other, _)| *other != mark) {
            found.push((mark, says));
        }
    }
    found.into_iter().map(|(mark, says)| (mark.shape, mark.class, says)).collect()
}

/// The whole over time: chart, description, table; or why there is none. The control chart leads where there is one;
/// where moves are judged the level leads, and `moves` follows.
pub(in crate::web) fn whole<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
    months: usize,
    at: &str,
) -> Markup {
    let judged = judge(measure, report);
    let control =
        charts::control_chart(measure, report, &judged, months).filter(|_| !judged.choice.method.judges_moves());
    let Some(mut spec) = control.or_else(|| charts::headline_chart(measure, report, months)) else {
        return html! { p .absent { "There is no chart: no period can be shown to draw." } };
    };
    spec.id = format!("{}-{at}", spec.id);
    let when = match &spec.drawing {
        Drawing::Bars(bars) => bars.period.in_words(),
        Drawing::Endings(endings) => endings.when.clone(),
        Drawing::Curves(curves) => curves
            .curves
            .first()
            .map_or_else(String::new, |curve| format!("begun in {}", words::lower_first(&curve.label))),
        Drawing::Control(chart) if chart.at_quarter_ends => format!("{}, quarter ends alone", span(&chart.points)),
        Drawing::Control(chart) => span(&chart.points),
        drawing => words::how_long(drawing),
    };
    let subtitle = format!("{}, {}, {when}", measure.title, report.about.area);
    figure(root, &spec, &subtitle, &time_table(root, measure, report, i32::try_from(months).unwrap_or(36)))
}

/// What happens by fixed days since a start: chart, description, table; none where nothing of it can be shown.
pub(in crate::web) fn by_days<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
    at: &str,
) -> Option<Markup> {
    let mut spec = charts::by_days_chart(measure, report)?;
    spec.id = format!("{}-{at}", spec.id);
    let when = match &spec.drawing {
        Drawing::Endings(endings) => endings.when.clone(),
        Drawing::Curves(curves) => {
            let cohorts: Vec<&str> = curves.curves.iter().map(|curve| curve.label.as_str()).collect();
            format!("begun in {}", cohorts.join(" and in "))
        }
        _ => String::new(),
    };
    let subtitle = format!("{}, {}, {when}", spec.title, report.about.area);
    Some(figure(root, &spec, &subtitle, &time_table(root, measure, report, 36)))
}

/// The moves that are judged, of a stock or of a level that lasts: chart, description, table; none where levels are judged.
pub(in crate::web) fn moves<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
    judged: &Judgement,
) -> Option<Markup> {
    if !judged.choice.method.judges_moves() {
        return None;
    }
    let spec = charts::control_chart(measure, report, judged, 36)?;
    let Drawing::Control(chart) = &spec.drawing else { return None };
    let subtitle = format!("{}, {}, {}", words::moves_named(judged), report.about.area, span(&chart.points));
    Some(figure(root, &spec, &subtitle, &judged_table(root, measure, judged)))
}

/// `36 months to October 2026`, `24 quarters to July to September 2026`.
fn span(points: &[Judged]) -> String {
    match points {
        [first, .., last] => {
            format!(
                "{} to {}",
                words::upper_first(&words::period_short(first.period)),
                words::period_short(last.period)
            )
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::fixture::report;

    #[test]
    fn every_band_and_every_interval_drawn_has_its_words_in_the_key() {
        let report = report();
        let mut bands = 0;
        for measure in &report.measures {
            let breakdowns = measure.dimensions.iter().filter_map(|by| charts::breakdown(measure, &report, *by));
            let by_group = breakdowns.filter_map(|one| charts::breakdown_chart(measure, &report, &one));
            let all = charts::headline_chart(measure, &report, 36).into_iter().chain(by_group);
            for spec in all.chain(charts::by_days_chart(measure, &report)) {
                let (svg, key) = (charts::svg(&spec), key(&spec).into_string());
                for (class, says) in
                    [("\"bd ", "pale band: 95% interval"), ("\"f1", "dark band: 95%"), ("\"wh", "95% interval")]
                {
                    bands += usize::from(svg.contains(class));
                    assert!(!svg.contains(class) || key.contains(says), "{}: {class} {key}", spec.id);
                }
            }
        }
        assert!(bands >= 3, "{bands}");
    }
}
