//! Pieces that several pages share: a chart in its figure, tables of figures, a row of a measure.

use maud::{Markup, PreEscaped, html};

use crate::charts::{self, Breakdown, ChartSpec, Drawing, words};
use crate::domain::{Dimension, Figure, Period, TOTAL};
use crate::release::{Board, Measure, Report};

/// A chart, the words for it, its notes, and its table folded beneath.
pub(super) fn figure(spec: &ChartSpec, subtitle: &str, table: &Markup) -> Markup {
    let notes = match &spec.drawing {
        Drawing::Lines(lines) => lines.notes.as_slice(),
        _ => &[],
    };
    html! {
        figure {
            p .subtitle { (subtitle) }
            div .scroll tabindex="0" role="group" aria-label={ "Chart: " (spec.title) } { (PreEscaped(charts::svg(spec))) }
            figcaption {
                p { (charts::describe(spec)) }
                @if !notes.is_empty() {
                    ol .notes { @for note in notes { li { (note.month.in_words()) ": " (note.title) } } }
                }
            }
            details {
                summary { "View as a table" }
                (table)
            }
        }
    }
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
                (words::number(figure.unit, lower)) " to " (words::number(figure.unit, upper))
            } @else { "-" }
        }
    }
}

/// The headline of the whole by time, latest first, with its other parts beside it.
pub(super) fn time_table(root: &str, measure: &Measure, report: &Report<Board>, months: i32) -> Markup {
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
pub(super) fn breakdown_table(root: &str, measure: &Measure, breakdown: &Breakdown<'_>) -> Markup {
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
                th scope="col" { "Note" }
            } }
            tbody { @for figure in &breakdown.levels { tr {
                th scope="row" { (words::level(figure.group())) }
                (figure_cells(figure))
                td { (note(figure)) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-{}.csv", measure.id, breakdown.dimension), "every period of this table"))
    }
}

/// The whole over time: chart, description, table; or why there is none.
pub(super) fn whole(root: &str, measure: &Measure, report: &Report<Board>, months: usize, nth: usize) -> Markup {
    let Some(mut spec) = charts::headline_chart(measure, report, months) else {
        return html! { p .absent { (words::upper_first(&words::standing(measure, report).in_words().to_lowercase())) "." } };
    };
    spec.id = format!("{}-{nth}", spec.id);
    let when = match &spec.drawing {
        Drawing::Bars(bars) => bars.period.in_words(),
        _ => format!("{months} months to {}", report.about.month.in_words()),
    };
    let subtitle = format!("{}, {}, {when}", measure.title, report.about.area);
    figure(&spec, &subtitle, &time_table(root, measure, report, i32::try_from(months).unwrap_or(36)))
}

/// One dimension: chart, description, table; the table alone where every level is withheld.
pub(super) fn by_dimension(
    root: &str,
    measure: &Measure,
    report: &Report<Board>,
    dimension: Dimension,
    nth: usize,
) -> Option<Markup> {
    let breakdown = charts::breakdown(measure, report, dimension)?;
    let table = breakdown_table(root, measure, &breakdown);
    let Some(mut spec) = charts::breakdown_chart(measure, report, &breakdown) else {
        return Some(table);
    };
    spec.id = format!("{}-{nth}", spec.id);
    let subtitle =
        format!("{} by {}, {}", measure.title, dimension.in_words().to_lowercase(), breakdown.period.in_words());
    Some(figure(&spec, &subtitle, &table))
}

/// The latest value with its period, for a table's cell.
pub(super) fn latest_cell(measure: &Measure, report: &Report<Board>) -> Markup {
    let latest = charts::latest(measure, report);
    html! {
        @match latest.and_then(|figure| Some((figure, figure.value?))) {
            Some((figure, value)) => {
                strong { (words::value_short(figure.unit, value)) }
                " " span .when { (words::period_short(figure.period)) }
            }
            None => "-",
        }
    }
}

/// A mark and words, so that neither shape nor colour carries the meaning alone.
pub(super) fn standing_cell(measure: &Measure, report: &Report<Board>) -> Markup {
    let standing = words::standing(measure, report);
    html! {
        span class={ "mark " (standing.class()) } aria-hidden="true" { (standing.mark()) }
        " " (words::assurance(measure, report))
    }
}

/// A word-sized line, with an id of its own on the page.
pub(super) fn spark_cell(measure: &Measure, report: &Report<Board>, nth: usize) -> Markup {
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
pub(super) fn kpis(root: &str, caption: &str, measures: &[&Measure], report: &Report<Board>, nth: usize) -> Markup {
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
                th scope="col" { "Against target" }
            } }
            tbody { @for measure in measures { tr {
                th scope="row" { a href={ (root) "measures/" (measure.id) } { (measure.title) } }
                td { (latest_cell(measure, report)) }
                td { (target_cell(measure)) }
                td { (spark_cell(measure, report, nth)) }
                td { (standing_cell(measure, report)) }
            } } }
        }
    };
    scroll(caption, &table)
}

/// The target's number, or that there is none.
pub(super) fn target_cell(measure: &Measure) -> String {
    measure.target.as_ref().map_or_else(|| "None set".into(), |target| words::value_short(measure.unit, target.value))
}
