//! The restricted edition: exact figures for analyst and scrutineer, as tables and files. No chart and no judgement: what
//! a board reads is worked out from the board edition alone. Every page here is a function of `Report<Restricted>`.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::pieces::scroll;
use super::plain::{Frame, document};
use super::site::{Entry, HTML, Lost, Site, entry, file};
use super::{data, tables};
use crate::charts::words;
use crate::domain::{Dimension, Figure, Period, Unit, british_date};
use crate::release::{Measure, Report, Restricted, export};

const MENU: [(&str, &str); 2] = [("", "Exact figures"), ("data", "Data sufficiency")];

/// Renders the restricted edition of a release.
pub fn exact_site(report: &Report<Restricted>) -> Site<Restricted> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    entries.insert(String::new(), entry(HTML, framed(report, 0, "", "Exact figures", &contents(report)), false));
    let sufficiency = framed(report, 0, "data", "Data sufficiency", &data::body(report));
    entries.insert("data".into(), entry(HTML, sufficiency, false));
    for measure in &report.measures {
        let figures = export::of_measure(report, Some(&measure.id));
        let page = framed(report, 1, "", &measure.title, &of_measure(measure, &figures));
        entries.insert(format!("measures/{}", measure.id), entry(HTML, page, false));
        entries.extend(file(report, Some(measure), format!("measures/{}.csv", measure.id), tables::text(&figures)));
    }
    for (path, text) in tables::of_sources(report) {
        entries.extend(file(report, None, path, text));
    }
    entries.extend(file(report, None, "figures/all.csv".into(), tables::text(&report.figures)));
    entries.insert(
        "figures/all.json".into(),
        entry("application/json", export::json(report, &report.figures).to_string(), false),
    );
    let asks_in_vain =
        |depth| framed(report, depth, "", "Not offered", &lost("Pages take nothing after a question mark", depth));
    Site::of(
        entries,
        BTreeMap::new(),
        &Lost {
            not_found: &|depth| {
                framed(report, depth, "", "There is no such page", &lost("There is no such page", depth))
            },
            bad_query: &asks_in_vain,
            no_month: &asks_in_vain,
        },
        &report.id,
    )
}

fn framed(report: &Report<Restricted>, depth: usize, here: &str, title: &str, main: &Markup) -> String {
    let root = root(depth);
    // The board edition stands one step above this one.
    let assets = "../".repeat(depth + 1);
    let banner = html! {
        strong { "Restricted edition." } " Exact figures, small numbers included, for analyst and scrutineer alone: not to be shown, copied or sent to anyone else. Data to "
        (british_date(report.about.as_at)) ", release " (report.id.get(..12).unwrap_or(&report.id)) ". "
        a href=(assets) { "What the board sees" }
    };
    let frame = Frame {
        partnership: &report.about.partnership,
        root: &root,
        assets: &assets,
        menu: &MENU,
        here,
        banner: Some(&banner),
        signed_in: true,
    };
    document(frame, title, main)
}

fn root(depth: usize) -> String {
    if depth == 0 { "./".into() } else { "../".repeat(depth) }
}

fn lost(says: &str, depth: usize) -> Markup {
    html! { h1 { (says) } p { "Start from the " a href=(root(depth)) { "exact figures" } "." } }
}

fn contents(report: &Report<Restricted>) -> Markup {
    let table = html! { table {
        caption { "Measures, each with its exact figures" }
        thead { tr { th scope="col" { "Measure" } th scope="col" { "Question" } th scope="col" .n { "Figures" } th scope="col" { "File" } } }
        tbody { @for measure in &report.measures {
            @let count = report.figures_of(&measure.id).len();
            tr {
                th scope="row" { a href={ "./measures/" (measure.id) } { (measure.title) } }
                td { (measure.question) }
                td .n { (words::whole(i64::try_from(count).unwrap_or(i64::MAX))) }
                td { a href={ "./measures/" (measure.id) ".csv" } { "CSV" span .hidden { " of " (measure.title) } } }
            }
        } }
    } };
    html! {
        h1 { "Exact figures" }
        p { "Every figure of the release before small numbers are withheld. The board edition shows the same measures judged and drawn." }
        (scroll("Measures, each with its exact figures", &table))
        h2 { "Everything at once" }
        ul {
            li { a href="./figures/all.csv" { "Every figure (CSV)" } " with " a href="./figures/all.csv-metadata.json" { "what its columns mean" } }
            li { a href="./figures/all.json" { "Every figure (JSON)" } }
        }
    }
}

fn of_measure(measure: &Measure, figures: &[Figure]) -> Markup {
    html! {
        h1 { (measure.title) }
        p .question { (measure.question) }
        p { (measure.definition) }
        p .download { a href={ "../measures/" (measure.id) ".csv" } { "Download every figure of this measure (CSV)" } }
        @if figures.is_empty() { p { "No figure: the data supplied cannot answer it." } }
        @for dimension in Dimension::ALL {
            @let rows = newest_first(figures, dimension);
            @if !rows.is_empty() {
                @let caption = if dimension == Dimension::Total { "The whole".to_owned() } else { format!("By {dimension}") };
                h2 { (caption) }
                (scroll(&caption, &table(&caption, measure, &rows)))
            }
        }
    }
}

fn newest_first(figures: &[Figure], dimension: Dimension) -> Vec<&Figure> {
    let mut rows: Vec<&Figure> = figures.iter().filter(|figure| figure.dimension == dimension).collect();
    rows.sort_by(|a, b| (length(a.period), &b.period, &a.level).cmp(&(length(b.period), &a.period, &b.level)));
    rows
}

/// Months, then quarters, then years.
fn length(period: Period) -> usize {
    period.to_string().len()
}

fn table(caption: &str, measure: &Measure, rows: &[&Figure]) -> Markup {
    let whole = |value: Option<i64>| value.map_or_else(|| "-".into(), words::whole);
    let number = |unit: Unit, value: Option<f64>| value.map_or_else(|| "-".into(), |value| words::number(unit, value));
    html! { table {
        caption { (caption) ": " (measure.title) }
        thead { tr {
            th scope="col" { "Period" } th scope="col" { "Level" } th scope="col" .n { "Numerator" } th scope="col" .n { "Denominator" }
            th scope="col" .n { "Value" } th scope="col" .n { "95% from" } th scope="col" .n { "to" } th scope="col" { "Note" }
        } }
        tbody { @for figure in rows { tr {
            th scope="row" { (figure.period) }
            td { (figure.level) }
            td .n { (whole(figure.numerator)) } td .n { (whole(figure.denominator)) }
            td .n { (number(figure.unit, figure.value)) }
            td .n { (number(figure.unit, figure.lower)) } td .n { (number(figure.unit, figure.upper)) }
            td { @if figure.provisional { "provisional " } @if let Some(symbol) = figure.symbol { (symbol.in_words()) } }
        } } }
    } }
}
