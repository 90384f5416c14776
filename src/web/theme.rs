//! A page of `dashboards/` to HTML, block by block in its own order.

use maud::{Markup, PreEscaped, html};

use super::frame::{Context, Place, document};
use super::{pieces, plan_pieces, workforce};
use crate::charts::words;
use crate::dashboards::{Block, Page};
use crate::domain::Dimension;
use crate::judgement::judge;
use crate::release::{Board, Measure, Report};

pub(super) fn page(context: &Context<'_>, page: &Page) -> String {
    let path = format!("themes/{}", page.id);
    let place = Place { depth: 1, path: &path };
    let root = place.root();
    let report = context.inputs.report;
    let main = html! {
        h1 { (page.title) }
        p .question { (page.question) }
        @for (nth, (_, block)) in page.blocks.iter().enumerate() {
            (one(&root, report, block, &page.id, nth))
        }
    };
    document(context, place, &page.title, &main)
}

fn one(root: &str, report: &Report<Board>, block: &Block, page: &str, nth: usize) -> Markup {
    let at = format!("{page}-{nth}");
    let find = |id: &String| report.measures.iter().find(|measure| &measure.id == id);
    let all = |ids: &[String]| -> Vec<&Measure> { ids.iter().filter_map(find).collect() };
    match block {
        Block::Prose(prose) => html! { (PreEscaped(prose)) },
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
            Some(by) => crate::charts::breakdown(measure, report, *by)
                .map_or_else(|| absent(*by), |breakdown| pieces::breakdown_table(root, measure, &breakdown, None)),
            None => pieces::time_table(root, measure, report, i32::try_from(*window).unwrap_or(36)),
        }),
    }
}

fn absent(by: Dimension) -> Markup {
    html! { p .absent { "No complete period can be shown by " (by.in_words().to_lowercase()) "." } }
}
