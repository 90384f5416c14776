//! Pieces that several pages share: what frames a table and leads to a file; a chart in its figure, tables of figures, a
//! measure's row.

mod breakdowns;
mod chart;
mod standing;
mod tables;

use maud::{Markup, html};

use super::frame::Context;
use crate::dashboards::commentary::{self, Subject};
use crate::domain::SharedRule;

pub(super) use breakdowns::{all_dimensions, by_dimension, cannot_be_broken_down, not_recorded};
pub(super) use chart::{by_days, figure, moves, whole};
pub(super) use standing::{
    assurance_cell, cannot_be_known, kpis, latest_cell, of_what, spark_cell, spark_heading, target_cell, variation_cell,
};
pub(super) use tables::{breakdown_table, judged_table, time_table};

/// The partnership's own words about a page or a measure in the report's month, and whose they are.
pub(super) fn written(context: &Context<'_>, subject: &Subject, root: &str) -> Markup {
    let month = context.inputs.report.about.month;
    let Some(one) = commentary::about(context.inputs.commentary, month, subject) else {
        return Markup::default();
    };
    html! {
        div .inset {
            @for remark in &one.remarks { p { (maud::PreEscaped(remark.html(root))) } }
            p .when { (one.author_role) ", " (one.status.in_words()) "." }
        }
    }
}

/// The steps of a rule, in their order.
pub(super) fn steps(rule: &SharedRule) -> Markup {
    html! { ol { @for step in &rule.says { li { (step) } } } }
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

/// The chart as a file of its own, drawn as it stands on the page: ids of charts are unique in the whole site.
pub(super) fn svg_link(root: &str, id: &str, title: &str) -> Markup {
    html! { p .download {
        a href={ (root) "charts/" (id) ".svg" } { "Download this chart" span .hidden { ": " (title) } " (SVG)" }
    } }
}
