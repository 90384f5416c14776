//! Pieces that several pages share: a chart in its figure, tables of figures, a row of a measure.

use maud::{Markup, PreEscaped, html};

use crate::charts::words::Mark;
use crate::charts::{self, Breakdown, ChartSpec, Control, Drawing, words};
use crate::domain::{Dimension, Figure, Period, TOTAL};
use crate::judgement::{Judged, Judgement, is_later_withheld, judge};
use crate::release::{Edition, Measure, Report};
use crate::stats::State;

/// A chart, the words for it, its notes, and its table folded beneath.
pub(super) fn figure(root: &str, spec: &ChartSpec, subtitle: &str, table: &Markup) -> Markup {
    let notes = match &spec.drawing {
        Drawing::Lines(lines) => lines.notes.as_slice(),
        Drawing::Control(chart) => chart.notes.as_slice(),
        _ => &[],
    };
    html! {
        figure {
            p .subtitle { (subtitle) }
            div .scroll tabindex="0" role="group" aria-label={ "Chart: " (spec.title) } { (PreEscaped(charts::svg(spec))) }
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

/// The chart as a file of its own, drawn as it stands on the page: ids of charts are unique in the whole site.
pub(super) fn svg_link(root: &str, id: &str, title: &str) -> Markup {
    html! { p .download {
        a href={ (root) "charts/" (id) ".svg" } { "Download this chart" span .hidden { ": " (title) } " (SVG)" }
    } }
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
                @if chart.points.iter().any(|point| point.provisional) {
                    li { span .mark aria-hidden="true" { "○" } " hollow, dotted: provisional" }
                }
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
        _ => Markup::default(),
    }
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

/// A table that may be wider than the window, and its download.
pub(super) fn scroll(label: &str, table: &Markup) -> Markup {
    html! { div .scroll tabindex="0" role="group" aria-label=(label) { (table) } }
}

/// A link to the same figures as a file.
pub(super) fn csv_link(root: &str, path: &str, what: &str) -> Markup {
    html! { p .download {
        a href={ (root) (path) } { "Download " (what) " (CSV)" }
        " · "
        a href={ (root) (path) "-metadata.json" } { "what its columns mean" span .hidden { ": " (what) } " (JSON)" }
    } }
}

fn count(value: Option<i64>) -> String {
    value.map_or_else(|| "-".into(), words::whole)
}

fn note(figure: &Figure) -> String {
    let mut notes = Vec::new();
    if figure.provisional {
        notes.push("provisional");
    }
    if let Some(symbol) = figure.symbol {
        notes.push(symbol.in_words());
    }
    notes.join("; ")
}

fn figure_cells(figure: &Figure) -> Markup {
    html! {
        td .n { (count(figure.numerator)) }
        td .n { (count(figure.denominator)) }
        td .n { strong { (words::cell(figure)) } }
        td .n {
            @if let (Some(lower), Some(upper)) = (figure.lower, figure.upper) {
                (words::range(figure.unit, lower, upper))
            } @else { "-" }
        }
    }
}

/// The headline of the whole by time, latest first, with its other parts beside it.
pub(super) fn time_table<E: Edition>(root: &str, measure: &Measure, report: &Report<E>, months: i32) -> Markup {
    let all = charts::headline(measure, report);
    let last = all.last().map(|figure| figure.period.last_month());
    let rows: Vec<&&Figure> = all
        .iter()
        .rev()
        .filter(|figure| last.is_some_and(|last| last.since(figure.period.last_month()) < months))
        .collect();
    let parts: Vec<_> = measure
        .parts
        .iter()
        .filter(|part| !part.id.is_empty() && Some(part.id.as_str()) != measure.headline_part.as_deref())
        .collect();
    let wholes: Vec<&Figure> = report
        .figures
        .iter()
        .filter(|one| one.measure == measure.id && one.dimension == Dimension::Total && one.group() == TOTAL)
        .collect();
    let part_of =
        |period: Period, part: &str| wholes.iter().find(|one| one.period == period && one.part() == Some(part));
    let caption = format!("{}: whole partnership, latest first", measure.title);
    let lead = measure
        .parts
        .iter()
        .find(|part| Some(part.id.as_str()) == measure.headline_part.as_deref())
        .map_or("Value", |part| part.label.as_str());
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Period" }
                th scope="col" .n { "Count" }
                th scope="col" .n { "Out of" }
                th scope="col" .n { (lead) }
                th scope="col" .n { "95% interval" }
                @for part in &parts { th scope="col" .n { (part.label) } }
                th scope="col" { "Note" }
            } }
            tbody { @for figure in rows { tr {
                th scope="row" { (words::upper_first(&words::period_short(figure.period))) }
                (figure_cells(figure))
                @for part in &parts {
                    td .n { @match part_of(figure.period, &part.id) { Some(one) => (words::cell(one)), None => "-" } }
                }
                td { (note(figure)) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-total.csv", measure.id), "every figure of the whole partnership"))
    }
}

/// One dimension at one period; levels in the report's order, never ranked.
pub(super) fn breakdown_table(
    root: &str,
    measure: &Measure,
    breakdown: &Breakdown<'_>,
    spec: Option<&ChartSpec>,
) -> Markup {
    let funnel = spec.and_then(|spec| match &spec.drawing {
        Drawing::Funnel(funnel) => Some(funnel),
        _ => None,
    });
    let row_of = |at: usize| funnel.and_then(|funnel| funnel.rows.get(at));
    let band = |pair: Option<(f64, f64)>| {
        pair.map_or_else(|| "-".into(), |(lower, upper)| words::range(measure.unit, lower, upper))
    };
    let by = breakdown.dimension.in_words();
    let caption = format!("{} by {}, {}", measure.title, by.to_lowercase(), breakdown.period.in_words());
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { (by) }
                th scope="col" .n { "Count" }
                th scope="col" .n { "Out of" }
                th scope="col" .n { "Value" }
                th scope="col" .n { "95% interval" }
                @if funnel.is_some() {
                    th scope="col" .n { "99.8% of such groups" }
                    th scope="col" { "Against all shown" }
                }
                th scope="col" { "Note" }
            } }
            tbody { @for (at, figure) in breakdown.levels.iter().enumerate() { tr {
                th scope="row" { (words::level(figure.group())) }
                (figure_cells(figure))
                @if funnel.is_some() {
                    td .n { (band(row_of(at).and_then(|row| row.widened_998.or(row.limits_998)))) }
                    td { (row_of(at).map_or("-", |row| row.place().in_words())) }
                }
                td { (note(figure)) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-{}.csv", measure.id, breakdown.dimension), "every period of this table"))
    }
}

/// The whole over time: chart, description, table; or why there is none. The control chart leads where there is one;
/// where moves are judged the level leads, and `moves` follows.
pub(super) fn whole<E: Edition>(root: &str, measure: &Measure, report: &Report<E>, months: usize, at: &str) -> Markup {
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
        Drawing::Control(chart) => span(&chart.points),
        _ => format!("{months} months to {}", report.about.month.in_words()),
    };
    let subtitle = format!("{}, {}, {when}", measure.title, report.about.area);
    figure(root, &spec, &subtitle, &time_table(root, measure, report, i32::try_from(months).unwrap_or(36)))
}

/// What happens by fixed days since a start: chart, description, table; none where nothing of it can be shown.
pub(super) fn by_days<E: Edition>(root: &str, measure: &Measure, report: &Report<E>, at: &str) -> Option<Markup> {
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
pub(super) fn moves<E: Edition>(
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

/// Every judged period with its average, limits and signal, latest first.
pub(super) fn judged_table(root: &str, measure: &Measure, judged: &Judgement) -> Markup {
    let moves = judged.choice.method.judges_moves().then(|| words::moves_named(judged));
    let limits = moves.as_ref().map_or_else(String::new, |moves| format!("{}, ", words::lower_first(moves)));
    let caption = format!("{}: {limits}limits and signals", measure.title);
    let number = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| words::number(judged.unit, value));
    let phases = judged.phases.len() > 1;
    let table = html! {
        table {
            caption { (caption) ", latest first" }
            thead { tr {
                th scope="col" { "Period" }
                th scope="col" .n { (moves.as_deref().unwrap_or("Value")) }
                th scope="col" .n { @if moves.is_some() { "Balance" } @else { "Average" } }
                th scope="col" .n { "Lower limit" }
                th scope="col" .n { "Upper limit" }
                @if phases { th scope="col" .n { "Phase" } }
                th scope="col" { "What it says" }
                th scope="col" { "Why" }
            } }
            tbody { @for point in judged.points.iter().rev() { tr {
                th scope="row" { (words::upper_first(&words::period_short(point.period))) }
                td .n { @if point.value.is_some() { (number(point.value)) } @else { "Gap" } }
                td .n { (number(point.centre)) }
                td .n { (number(point.limits.map(|limits| limits.0))) }
                td .n { (number(point.limits.map(|limits| limits.1))) }
                @if phases { td .n { (point.phase) } }
                td { (words::point(point)) }
                td { (words::rule(point.signal)) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-judged.csv", measure.id), "limits and signals"))
    }
}

/// One dimension: chart, description, table; the table alone where every level is withheld.
pub(super) fn by_dimension<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
    dimension: Dimension,
    at: &str,
) -> Option<Markup> {
    one_dimension(root, measure, report, dimension, at, None)
}

/// Every dimension that can be shown, its charts on one scale.
pub(super) fn all_dimensions<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
) -> Vec<(Dimension, Markup)> {
    let charts = measure.dimensions.iter().filter_map(|dimension| {
        charts::breakdown_chart(measure, report, &charts::breakdown(measure, report, *dimension)?)
    });
    let top = charts.filter_map(|spec| charts::scale_top(&spec)).max_by(f64::total_cmp);
    measure
        .dimensions
        .iter()
        .filter_map(|dimension| Some((*dimension, one_dimension(root, measure, report, *dimension, "m", top)?)))
        .collect()
}

fn one_dimension<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
    dimension: Dimension,
    at: &str,
    top: Option<f64>,
) -> Option<Markup> {
    let breakdown = charts::breakdown(measure, report, dimension)?;
    let Some(spec) = charts::breakdown_chart(measure, report, &breakdown) else {
        return Some(html! {
            p .absent { "Every group is withheld or not known, " (breakdown.period.in_words()) "." }
            details {
                summary { "View as a table" }
                (breakdown_table(root, measure, &breakdown, None))
            }
        });
    };
    let table = breakdown_table(root, measure, &breakdown, Some(&spec));
    let mut spec = charts::with_top(spec, top);
    spec.id = format!("{}-{at}", spec.id);
    let subtitle =
        format!("{} by {}, {}", measure.title, dimension.in_words().to_lowercase(), breakdown.period.in_words());
    Some(figure(root, &spec, &subtitle, &table))
}

/// The latest value with what it counts and its period, for a table's cell: `1.4 per 1,000 child-days, Aug 2026`.
pub(super) fn latest_cell<E: Edition>(measure: &Measure, report: &Report<E>) -> Markup {
    let latest = charts::latest(measure, report);
    html! {
        @match latest.and_then(|figure| Some((figure, figure.value?))) {
            Some((figure, value)) => {
                strong { (words::value_short(figure.unit, value)) }
                @if let Some(of_what) = of_what(measure, figure) { " " (of_what) "," }
                " " span .when .whole {
                    (words::period_short(figure.period))
                    @if is_later_withheld(measure, report) { ", later withheld" }
                }
            }
            None => "-",
        }
    }
}

/// What a value is of, where the measure's name does not say: its unit, or the part of the measure that leads.
pub(super) fn of_what(measure: &Measure, figure: &Figure) -> Option<String> {
    let led = |part: &&crate::release::Part| Some(part.id.as_str()) == figure.part().filter(|id| !id.is_empty());
    let part = measure.parts.iter().find(led).map(|part| words::lower_first(&part.label));
    part.or_else(|| words::unit_short(figure.unit).map(str::to_owned))
}

/// A mark and words, so that neither shape nor colour carries the meaning alone.
fn marked(mark: Mark, says: &str) -> Markup {
    html! {
        @if !mark.shape.is_empty() { span class={ "mark " (mark.class) } aria-hidden="true" { (mark.shape) } " " }
        (says)
    }
}

/// What the latest complete point says.
pub(super) fn variation_cell(measure: &Measure, judged: &Judgement) -> Markup {
    marked(words::variation_mark(judged), &words::variation(measure, judged))
}

/// How the target fared so far.
pub(super) fn assurance_cell(judged: &Judgement) -> Markup {
    marked(words::assurance_mark(judged), &words::assurance(judged))
}

/// A word-sized line, with an id of its own on the page.
pub(super) fn spark_cell<E: Edition>(measure: &Measure, report: &Report<E>, nth: usize) -> Markup {
    html! {
        @match charts::spark(measure, report) {
            Some(mut spec) => {
                ({ spec.id = format!("{}-{nth}", spec.id); PreEscaped(charts::svg(&spec)) })
            }
            None => "-",
        }
    }
}

/// Measures with where they stand: one row each.
pub(super) fn kpis<E: Edition>(
    root: &str,
    caption: &str,
    measures: &[&Measure],
    report: &Report<E>,
    nth: usize,
) -> Markup {
    if measures.is_empty() {
        return Markup::default();
    }
    let table = html! {
        table .kpis {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Measure" }
                th scope="col" { "Latest complete" }
                th scope="col" { "Target" }
                th scope="col" { "24 months" }
                th scope="col" { "Change" }
                th scope="col" { "Against target" }
            } }
            tbody { @for measure in measures { @let judged = judge(measure, report); tr {
                th scope="row" { a href={ (root) "measures/" (measure.id) } { (measure.title) } }
                td { (latest_cell(measure, report)) }
                td { (target_cell(measure)) }
                td { (spark_cell(measure, report, nth)) }
                td { (variation_cell(measure, &judged)) }
                td { (assurance_cell(&judged)) }
            } } }
        }
    };
    scroll(caption, &table)
}

/// The target's number, or that there is none.
pub(super) fn target_cell(measure: &Measure) -> String {
    measure.target.as_ref().map_or_else(|| "None set".into(), |target| words::value_short(measure.unit, target.value))
}
