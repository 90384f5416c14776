//! A measure by one dimension at a time: chart, description and table, or why there is none.

use maud::{Markup, html};

use super::{breakdown_table, figure};
use crate::charts::{self, words};
use crate::domain::Dimension;
use crate::release::{Edition, Measure, Report};

/// One dimension: chart, description, table; the table alone where every level is withheld.
pub(in crate::web) fn by_dimension<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
    dimension: Dimension,
    at: &str,
) -> Option<Markup> {
    if charts::is_not_recorded(measure, report, dimension) {
        return Some(cannot_be_broken_down(&[dimension]));
    }
    one_dimension(root, measure, report, dimension, at, None)
}

/// The dimensions of a measure that nobody recorded of anything it counts.
pub(in crate::web) fn not_recorded<E: Edition>(measure: &Measure, report: &Report<E>) -> Vec<Dimension> {
    measure.dimensions.iter().copied().filter(|one| charts::is_not_recorded(measure, report, *one)).collect()
}

/// That there is no breakdown by these, in one sentence, with the columns that would give it.
pub(in crate::web) fn cannot_be_broken_down(by: &[Dimension]) -> Markup {
    let names: Vec<&str> = by.iter().map(|one| words::by(*one)).collect();
    let columns: Vec<(&str, &str)> = by.iter().filter_map(|one| one.column()).collect();
    let tables: Vec<&[(&str, &str)]> = columns.chunk_by(|before, after| before.1 == after.1).collect();
    html! {
        p .absent {
            "This cannot be broken down by " (words::listed(&names, "or")) ", since no extract says it of what is counted here"
            @for (at, of_table) in tables.iter().enumerate() {
                @if at == 0 { ": " } @else { ", or " }
                @if of_table.len() == 1 { "column " } @else { "columns " }
                @for (nth, (column, _)) in of_table.iter().enumerate() {
                    @if nth > 0 { ", " }
                    code { (column) }
                }
                " of the table " code { (of_table.first().map_or("", |(_, table)| table)) } " would"
            }
            "."
        }
    }
}

/// Every dimension that somebody recorded, its charts on one scale.
pub(in crate::web) fn all_dimensions<E: Edition>(
    root: &str,
    measure: &Measure,
    report: &Report<E>,
) -> Vec<(Dimension, Markup)> {
    let recorded: Vec<Dimension> =
        measure.dimensions.iter().copied().filter(|one| !charts::is_not_recorded(measure, report, *one)).collect();
    let charts = recorded.iter().filter_map(|dimension| {
        charts::breakdown_chart(measure, report, &charts::breakdown(measure, report, *dimension)?)
    });
    let top = charts.filter_map(|spec| charts::scale_top(&spec)).max_by(f64::total_cmp);
    recorded
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
