//! A page of `dashboards/` to HTML, block by block in its own order.

use maud::{Markup, PreEscaped, html};

use super::frame::{Context, Place, document};
use super::{pieces, plan_pieces, workforce};
use crate::charts::words;
use crate::dashboards::commentary::{Subject, led};
use crate::dashboards::{Block, Page};
use crate::domain::Dimension;
use crate::judgement::judge;
use crate::release::{Board, Measure, Report};

pub(super) fn page(context: &Context<'_>, page: &Page) -> String {
    let path = format!("themes/{}", page.id);
    let place = Place { depth: 1, path: &path };
    let root = place.root();
    let report = context.inputs.report;
    let measures = measures_of(report, page);
    let answers_nothing = !measures.is_empty() && measures.iter().all(|one| one.sufficiency.wanted().is_some());
    let main = html! {
        h1 { (page.title) }
        p .question { (page.question) }
        (pieces::written(context, &Subject::Page(page.id.clone()), &root))
        @if answers_nothing {
            p .inset { strong { "The data supplied answers none of this page's questions." } " " a href={ (root) "data" } { "Data sufficiency" } " says what arrived." }
            (pieces::cannot_be_known(&root, &measures))
        }
        @for (nth, (_, block)) in page.blocks.iter().enumerate() {
            @if !answers_nothing || stands_alone(report, block) { (one(&root, report, page, block, nth)) }
        }
    };
    document(context, place, &page.title, &main)
}

/// Every measure that a page names, in its order, once.
fn measures_of<'a>(report: &'a Report<Board>, page: &Page) -> Vec<&'a Measure> {
    let mut found: Vec<&Measure> = Vec::new();
    for id in page.blocks.iter().flat_map(|(_, block)| named_by(block)) {
        let measure = report.measures.iter().find(|measure| &measure.id == id);
        found.extend(measure.filter(|measure| !found.iter().any(|other| other.id == measure.id)));
    }
    found
}

/// The measures that a block shows.
fn named_by(block: &Block) -> &[String] {
    match block {
        Block::Kpis { measures } | Block::Commentary { measures } => measures,
        Block::Chart { measure, .. } | Block::Curve { measure } | Block::Table { measure, .. } => {
            std::slice::from_ref(measure)
        }
        Block::Prose(_) | Block::Pace | Block::Workforce => &[],
    }
}

/// Whether a block has something to say where no measure of its page can be known.
fn stands_alone(report: &Report<Board>, block: &Block) -> bool {
    match block {
        Block::Pace => report.plan.is_some(),
        Block::Workforce => report.workforce.is_some(),
        _ => false,
    }
}

/// The measure of a picture that cannot be drawn since it cannot be known, where no picture before has said so, nor the
/// table of measures beneath the same heading.
fn not_known(root: &str, page: &Page, nth: usize, measure: &Measure) -> Markup {
    let is_picture = |block: &Block| !matches!(block, Block::Kpis { .. } | Block::Commentary { .. });
    let above = page.blocks.get(..nth).unwrap_or_default();
    let pictures = above.iter().filter(|(_, block)| is_picture(block));
    let beneath_the_heading = above.iter().rev().take_while(|(_, block)| !matches!(block, Block::Prose(_)));
    let tables = beneath_the_heading.filter(|(_, block)| matches!(block, Block::Kpis { .. }));
    let said = pictures.chain(tables).flat_map(|(_, block)| named_by(block)).any(|id| *id == measure.id);
    if said { Markup::default() } else { pieces::cannot_be_known(root, &[measure]) }
}

fn one(root: &str, report: &Report<Board>, page: &Page, block: &Block, nth: usize) -> Markup {
    let at = format!("{}-{nth}", page.id);
    let find = |id: &String| report.measures.iter().find(|measure| &measure.id == id);
    let all = |ids: &[String]| -> Vec<&Measure> { ids.iter().filter_map(find).collect() };
    if let Block::Chart { measure, .. } | Block::Curve { measure } | Block::Table { measure, .. } = block
        && let Some(measure) = find(measure).filter(|measure| measure.sufficiency.wanted().is_some())
    {
        return not_known(root, page, nth, measure);
    }
    match block {
        Block::Prose(prose) => html! { (PreEscaped(led(prose, root))) },
        Block::Kpis { measures } => {
            let caption = if nth < 2 { "Where these measures stand" } else { "Beneath the outcome" };
            pieces::kpis(root, caption, &all(measures), report, nth)
        }
        Block::Pace => plan_pieces::pace(root, report),
        Block::Workforce => workforce::block(root, report),
        Block::Commentary { measures } => html! {
            ul { @for measure in all(measures) { li { (words::sentence(measure, report, &judge(measure, report))) " (Generated from the figures.)" } } }
        },
        Block::Chart { measure, by, window } => find(measure).map_or_else(Markup::default, |measure| {
            let heading = words::active_title(measure, report, &judge(measure, report));
            let picture = match by {
                Some(by) => pieces::by_dimension(root, measure, report, *by, &at).unwrap_or_else(|| absent(*by)),
                None => pieces::whole(root, measure, report, *window, &at),
            };
            html! {
                @if by.is_none() {
                    h3 { a href={ (root) "measures/" (measure.id) } { (measure.title) } ": " (words::lower_first(&heading)) }
                }
                (picture)
            }
        }),
        Block::Curve { measure } => {
            find(measure).and_then(|measure| pieces::by_days(root, measure, report, &at)).unwrap_or_default()
        }
        Block::Table { measure, by, window } => find(measure).map_or_else(Markup::default, |measure| match by {
            Some(by) if crate::charts::is_not_recorded(measure, report, *by) => pieces::cannot_be_broken_down(&[*by]),
            Some(by) => crate::charts::breakdown(measure, report, *by)
                .map_or_else(|| absent(*by), |breakdown| pieces::breakdown_table(root, measure, &breakdown, None)),
            None => pieces::time_table(root, measure, report, i32::try_from(*window).unwrap_or(36)),
        }),
    }
}

fn absent(by: Dimension) -> Markup {
    html! { p .absent { "No complete period can be shown by " (crate::charts::words::by(by)) "." } }
}
