//! Are all the measures that pages name in the registry, and does an outcome lead each page?

use super::page::{Block, Page, Problem};
use crate::domain::Dimension;
use crate::release::{Kind, Measure};

/// Every problem of every page, in the order of the pages.
pub fn check(pages: &[Page], measures: &[Measure]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in pages {
        for (line, id) in page.links.iter().filter(|(_, id)| !measures.iter().any(|measure| measure.id == *id)) {
            let says = format!("a link leads to no measure `{id}`");
            problems.push(on(page, *line, says, nearest(id, measures)));
        }
        let mut leads = true;
        for (line, block) in &page.blocks {
            for (id, by) in named(block) {
                let problem = |says, hint| on(page, *line, says, hint);
                let Some(measure) = measures.iter().find(|measure| measure.id == id) else {
                    let says = format!("there is no measure `{id}`");
                    problems.push(problem(says, nearest(id, measures)));
                    continue;
                };
                if leads && measure.kind == Kind::Process {
                    let outcome = measure.explains.as_deref().unwrap_or("an outcome");
                    problems.push(problem(
                        format!("the page is led by `{id}`, a process measure"),
                        format!("put `{outcome}` above it: a process measure stands beneath the outcome it explains"),
                    ));
                }
                if matches!(block, Block::Curve { .. }) && !measure.shape.is_of_cohorts() {
                    problems.push(problem(
                        format!("`{id}` is not followed over days since a start"),
                        "write chart in place of curve".to_owned(),
                    ));
                }
                if let Some(by) = by.filter(|by| !measure.dimensions.contains(by)) {
                    let known: Vec<&str> = measure.dimensions.iter().map(|one| one.id()).collect();
                    problems.push(problem(
                        format!("`{id}` is not broken down by {by}"),
                        format!("it is broken down by {}", known.join(", ")),
                    ));
                }
                leads = false;
            }
        }
    }
    problems
}

/// A problem of a page. One that is shipped the project need not have.
fn on(page: &Page, line: usize, says: String, hint: String) -> Problem {
    let file = page.file.clone();
    let hint = if page.is_shipped {
        format!(
            "{hint}; the page is shipped with Sightline: your measure has changed beneath it, or a `{file}` of your own takes its place"
        )
    } else {
        hint
    };
    Problem { file, line, says, hint }
}

fn named(block: &Block) -> Vec<(&str, Option<Dimension>)> {
    match block {
        Block::Prose(_) | Block::Pace | Block::Workforce => Vec::new(),
        Block::Kpis { measures } | Block::Commentary { measures } => {
            measures.iter().map(|id| (id.as_str(), None)).collect()
        }
        Block::Curve { measure } => vec![(measure.as_str(), None)],
        Block::Chart { measure, by, .. } | Block::Table { measure, by, .. } => {
            vec![(measure.as_str(), *by)]
        }
    }
}

/// The id that shares the longest start, else all of them.
pub(crate) fn nearest(id: &str, measures: &[Measure]) -> String {
    let shared = |other: &str| id.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let best = measures.iter().max_by_key(|measure| shared(&measure.id));
    if let Some(measure) = best.filter(|measure| shared(&measure.id) >= 4) {
        return format!("did you mean `{}`?", measure.id);
    }
    let ids: Vec<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
    format!("the measures are {}", ids.join(", "))
}
