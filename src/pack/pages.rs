//! What a pack holds: every page of a rendered site in reading order, and what each sheet says of where it comes from.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::brief::{self, Extent};
use super::tree::{self, Element, Node};
use crate::dashboards::{Page as Dashboard, commentary::Commentary};
use crate::domain::{Month, british_date};
use crate::release::{Board, Protected, Report};
use crate::web::Site;

/// What a pack is made from: one release, rendered.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The board or the public edition.
    pub report: &'a Report<Board>,
    /// Its pages, rendered.
    pub site: &'a Site,
    /// The theme pages, in the order of the menu.
    pub dashboards: &'a [Dashboard],
    /// The partnership's own words about the report's month.
    pub commentary: &'a [Commentary],
    /// Made before it is approved, and said so on every sheet.
    pub draft: bool,
    /// All of it, or what a board reads in its hour.
    pub extent: Extent,
}

/// One page of the pack.
pub(super) struct Page {
    /// Its address in the site: empty for the first screen.
    pub(super) path: String,
    /// Its heading.
    pub(super) title: String,
    /// What it shows.
    pub(super) main: Element,
}

impl Page {
    /// Unique in the pack, and a label or an id: `p`, `p-measures-missing_again`.
    pub(super) fn anchor(path: &str) -> String {
        if path.is_empty() { "p-first".into() } else { format!("p-{}", path.replace('/', "-")) }
    }
}

/// Where every sheet's figures come from.
pub(super) struct Stamp {
    pub(super) partnership: String,
    /// `October 2026 impact report`.
    pub(super) title: String,
    pub(super) month: Month,
    pub(super) as_at: NaiveDate,
    pub(super) release: String,
    pub(super) edition: Protected,
    pub(super) policy: String,
    pub(super) sample: bool,
    pub(super) draft: bool,
    pub(super) extent: Extent,
}

/// No page of a pack is filtered: breakdowns stand beside the whole.
pub(super) const FILTERS: &str = "Filters: none (the whole partnership; breakdowns are beside it)";

impl Stamp {
    pub(super) fn of(inputs: &Inputs<'_>) -> Self {
        let report = inputs.report;
        Self {
            partnership: report.about.partnership.clone(),
            title: format!("{} impact report", report.about.month.in_words()),
            month: report.about.month,
            as_at: report.about.as_at,
            release: report.id.get(..12).unwrap_or(&report.id).to_owned(),
            edition: report.protected(),
            policy: report.about.policy.clone(),
            sample: report.about.sample,
            draft: inputs.draft,
            extent: inputs.extent,
        }
    }

    /// One line a sheet: period, as-at date, release, edition and policy, filters.
    pub(super) fn line(&self) -> String {
        format!(
            "Period: {} and before. Data to {}. Release {}, {} edition: {}. {FILTERS}.",
            self.month.in_words(),
            british_date(self.as_at),
            self.release,
            self.edition.name(),
            self.policy,
        )
    }

    /// What a pack says of itself where it does not hold everything.
    pub(super) fn note(&self) -> Option<&'static str> {
        (self.extent == Extent::Brief).then_some(brief::NOTE)
    }

    /// What must be said before anything else, where there is something.
    pub(super) fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.draft {
            warnings.push("Draft: not approved");
        }
        if self.sample {
            warnings.push("Sample data: every child, agency and figure is made up");
        }
        warnings
    }
}

/// Addresses that belong to a server, not to a month.
fn is_of_the_server(path: &str) -> bool {
    ["api", "compare", "sign-in", "sign-out", "account", "static", "tables", "charts"]
        .iter()
        .any(|start| path == *start || path.strip_prefix(start).is_some_and(|rest| rest.starts_with('/')))
}

/// A brief pack holds what a board reads in its hour; one that anyone may read, no action's own page, as for the board role.
fn is_held(inputs: &Inputs<'_>, path: &str) -> bool {
    let is_public = inputs.report.protected() == Protected::Public;
    (inputs.extent == Extent::Whole || brief::is_held(path)) && !(is_public && path.starts_with("plan/"))
}

/// Every page, in the order of the menu, a theme's measures after its page; then what the menu does not name.
pub(super) fn pages(inputs: &Inputs<'_>) -> Result<Vec<Page>, Vec<String>> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for path in reading_order(inputs) {
        if !is_held(inputs, &path) {
            continue;
        }
        match page(inputs.site, &path) {
            Ok(page) if is_for_the_analyst(&page) => {}
            Ok(page) if inputs.extent == Extent::Brief => {
                pages.push(Page { main: brief::shortened(&page.main), ..page });
            }
            Ok(page) => pages.push(page),
            Err(problem) => problems.push(format!("page `{}`: {problem}", in_words(&path))),
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

/// A page's name for a message.
pub(super) fn in_words(path: &str) -> &str {
    if path.is_empty() { "first screen" } else { path }
}

/// Whether a page only tells whoever keeps the settings what to write there: no reader of a pack does that.
fn is_for_the_analyst(page: &Page) -> bool {
    !page.main.find(&|element| element.has_class("for-the-analyst")).is_empty()
}

/// The page with each table once: where two charts stand on the same figures, the second refers to the first one's table.
fn each_table_once(element: &Element, seen: &mut BTreeSet<String>) -> Element {
    if element.name == "table" && !seen.insert(element.source()) {
        let caption = element.first("caption").map(Element::text).unwrap_or_default();
        let says = Node::Text(format!("The table is the one above: {caption}."));
        return Element { name: "p".into(), attributes: vec![("class".into(), "small".into())], children: vec![says] };
    }
    let mut once = |node: &Node| match node {
        Node::Element(element) => Node::Element(each_table_once(element, seen)),
        words @ Node::Text(_) => words.clone(),
    };
    Element { children: element.children.iter().map(&mut once).collect(), ..element.clone() }
}

fn page(site: &Site, path: &str) -> Result<Page, String> {
    let body = site.body(path).ok_or("it was not rendered")?;
    let tree =
        tree::parse(&String::from_utf8_lossy(body)).map_err(|problem| format!("it is not well formed: {problem}"))?;
    // A chart's second drawing is for a phone; a sheet of paper has one.
    let main = tree.first("main").ok_or("it has no content")?.clone().without(&|element| element.has_class("narrow"));
    let main = each_table_once(&main, &mut BTreeSet::new());
    let title = main.first("h1").map(Element::text).filter(|title| !title.is_empty()).ok_or("it has no heading")?;
    Ok(Page { path: path.to_owned(), title, main })
}

fn reading_order(inputs: &Inputs<'_>) -> Vec<String> {
    let html: Vec<&str> =
        inputs.site.paths().filter(|path| inputs.site.is_page(path)).filter(|path| !is_of_the_server(path)).collect();
    let mut order: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |path: &str, order: &mut Vec<String>| {
        if html.contains(&path) && seen.insert(path.to_owned()) {
            order.push(path.to_owned());
        }
    };
    let menu = menu(inputs.site);
    let last_theme = menu.iter().rposition(|path| path.starts_with("themes/"));
    for (at, path) in menu.iter().enumerate() {
        add(path, &mut order);
        let theme =
            inputs.dashboards.iter().find(|page| *path == format!("themes/{}", page.id)).map(|page| &page.theme);
        for measure in &inputs.report.measures {
            if theme.is_some_and(|theme| *theme == measure.theme) {
                add(&format!("measures/{}", measure.id), &mut order);
            }
        }
        if last_theme == Some(at) {
            for measure in &inputs.report.measures {
                add(&format!("measures/{}", measure.id), &mut order);
            }
        }
    }
    for path in &html {
        add(path, &mut order);
    }
    order
}

/// The addresses of the menu, in its order, without what leads to another month.
fn menu(site: &Site) -> Vec<String> {
    let first = site.body("").map(String::from_utf8_lossy).unwrap_or_default();
    let Ok(tree) = tree::parse(&first) else {
        return Vec::new();
    };
    let links =
        tree.find(&|element| element.name == "nav").into_iter().flat_map(|nav| nav.find(&|one| one.name == "a"));
    links
        .filter_map(|link| link.attribute("href"))
        .map(|address| address.split(['?', '#']).next().unwrap_or("").trim_start_matches("./").to_owned())
        .collect()
}
