//! What keeps a pack from being written: a missing or failed chart, a blank page, commentary that nobody approved.

use super::pages::{Inputs, Page, in_words};
use super::tree::Element;
use crate::charts;
use crate::dashboards::Block;

/// Words beneath its heading that a page has at the least.
const FEWEST_WORDS: usize = 8;

/// Every reason, in the order of the pack.
pub(super) fn faults(inputs: &Inputs<'_>, pages: &[Page]) -> Vec<String> {
    let mut faults = Vec::new();
    for page in pages {
        let name = in_words(&page.path);
        let words = page.main.text().split_whitespace().count() - page.title.split_whitespace().count();
        if words < FEWEST_WORDS {
            faults.push(format!("page `{name}` is blank"));
        }
        for figure in page.main.find(&|element| element.name == "figure") {
            let charts = figure.find(&|element| element.name == "svg");
            if charts.is_empty() {
                faults.push(format!("page `{name}`: a chart is missing: {}", said_of(figure)));
            }
        }
        for chart in page.main.find(&|element| element.name == "svg") {
            if let Some(problem) = failed(chart) {
                let title = chart.first("title").map(Element::text).unwrap_or_default();
                faults.push(format!("page `{name}`: the chart `{title}` {problem}"));
            }
        }
        if let Some(missing) = missing(inputs, page) {
            faults.push(format!("page `{name}`: {missing}"));
        }
    }
    faults.extend(unapproved(inputs));
    faults
}

fn said_of(figure: &Element) -> String {
    figure.text().chars().take(60).collect()
}

/// A chart that draws nothing, draws what is no number, or says nothing to those who do not see it.
fn failed(chart: &Element) -> Option<&'static str> {
    let marks = chart.find(&|element| matches!(element.name.as_str(), "path" | "circle" | "rect" | "line" | "polygon"));
    if marks.is_empty() {
        return Some("draws nothing");
    }
    let broken =
        |element: &Element| element.attributes.iter().any(|(_, value)| value.contains("NaN") || value.contains("inf"));
    if marks.into_iter().any(broken) {
        return Some("draws what is no number");
    }
    chart.first("desc").is_none_or(|desc| desc.text().is_empty()).then_some("has no description")
}

/// A chart that the report has figures for, or that a page asks for, and the page does not show or excuse.
fn missing(inputs: &Inputs<'_>, page: &Page) -> Option<String> {
    let shown = page.main.find(&|element| element.name == "svg" && element.has_class("chart")).len();
    if let Some(id) = page.path.strip_prefix("measures/") {
        let measure = inputs.report.measures.iter().find(|measure| measure.id == id)?;
        let drawable = charts::headline_chart(measure, inputs.report, 36).is_some();
        return (drawable && shown == 0).then(|| "its chart is missing".to_owned());
    }
    let id = page.path.strip_prefix("themes/")?;
    let dashboard = inputs.dashboards.iter().find(|dashboard| dashboard.id == id)?;
    // What cannot be known has no chart anywhere: the page says so, and what would answer it.
    let can_be_known = |id: &String| {
        let measure = inputs.report.measures.iter().find(|measure| measure.id == *id);
        measure.is_some_and(|measure| measure.sufficiency.wanted().is_none())
    };
    let asks = |block: &Block| matches!(block, Block::Chart { measure, .. } if can_be_known(measure));
    let asked = dashboard.blocks.iter().filter(|(_, block)| asks(block)).count();
    let excused = page.main.find(&|element| element.has_class("absent") && !element.has_class("not-known")).len();
    let tables = page.main.find(&|element| element.name == "table").len();
    // A breakdown that is withheld whole is shown as its table.
    (shown + excused + tables < asked).then(|| format!("{asked} charts are asked for and {shown} shown"))
}

/// Words that nobody answers for, unless the pack says that it is a draft.
fn unapproved(inputs: &Inputs<'_>) -> Vec<String> {
    if inputs.draft {
        return Vec::new();
    }
    let drafts = inputs.commentary.iter().filter(|one| !one.is_approved());
    drafts.map(|one| format!("{}: the commentary is {}", one.file, one.status.in_words())).collect()
}
