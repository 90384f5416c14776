//! Packs of the fixture's report: what is in them, and what keeps one from being made.

use super::*;
use crate::charts::fixture::report;
use crate::dashboards::{self, Commentary, commentary::parse_commentary};
use crate::release::{Board, Report, Sufficiency};
use crate::web::{Inputs as SiteInputs, Site, site};

struct Made {
    report: Report<Board>,
    pages: Vec<dashboards::Page>,
    site: Site,
    commentary: Vec<Commentary>,
}

fn made(commentary: Vec<Commentary>) -> Made {
    of(report(), dashboards::load(None).unwrap(), commentary)
}

/// One measure and no theme page: typesetting is slow in a program that is not optimised.
fn small() -> Report<Board> {
    let mut report = report();
    report.measures.truncate(1);
    let last = report.about.month;
    report.figures.retain(|figure| figure.measure == "missing_again" && last.since(figure.period.last_month()) < 6);
    report
}

fn of(report: Report<Board>, pages: Vec<dashboards::Page>, commentary: Vec<Commentary>) -> Made {
    let site = site(&SiteInputs { pages: &pages, commentary: &commentary, ..SiteInputs::of(&report) });
    Made { report, pages, site, commentary }
}

impl Made {
    fn inputs(&self, draft: bool) -> Inputs<'_> {
        Inputs {
            report: &self.report,
            site: &self.site,
            dashboards: &self.pages,
            commentary: &self.commentary,
            draft,
            extent: Extent::Whole,
        }
    }
}

fn draft_commentary() -> Commentary {
    let text = "+++\nmeasure = \"missing_again\"\nauthor_role = \"Head of safeguarding\"\nstatus = \"draft\"\n+++\nWe asked each child what would help.\n";
    parse_commentary("commentary/2026-10/again.md", "2026-10".parse().unwrap(), text).unwrap()
}

#[test]
fn every_page_is_in_it_in_the_order_of_the_menu() {
    let made = made(Vec::new());
    let pages = pages::pages(&made.inputs(false)).unwrap();
    let paths: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    assert_eq!(paths[..4], ["", "themes/extent", "themes/missing", "measures/missing_again"]);
    assert!(paths.contains(&"data") && paths.contains(&"accessibility"));
    assert_eq!(paths.len(), paths.iter().collect::<std::collections::BTreeSet<_>>().len());
}

#[test]
fn what_is_said_of_an_address_that_leads_nowhere_is_no_chapter() {
    let made = made(Vec::new());
    let pages = pages::pages(&made.inputs(false)).unwrap();
    let first = tree::parse(&String::from_utf8_lossy(made.site.body("").unwrap())).unwrap();
    let links: Vec<&str> = std::iter::once(&first)
        .chain(pages.iter().map(|page| &page.main))
        .flat_map(|tree| tree.find(&|element| element.name == "a"))
        .filter_map(|link| link.attribute("href"))
        .collect();
    for page in &pages {
        assert!(links.iter().any(|link| link.ends_with(&page.path)), "no page leads to `{}`", page.path);
    }
}

#[test]
fn a_pack_tells_nobody_to_edit_settings_and_says_each_table_once() {
    let mut report = report();
    report.findings.clear();
    report.published = None;
    let made = of(report, dashboards::load(None).unwrap(), Vec::new());
    let pages = pages::pages(&made.inputs(false)).unwrap();
    assert!(!pages.iter().any(|page| ["findings", "published"].contains(&page.path.as_str())));
    for page in &pages {
        assert!(!page.main.text().contains("partnership.toml"), "{}", page.path);
        let mut tables: Vec<String> =
            page.main.find(&|one| one.name == "table").into_iter().map(tree::Element::source).collect();
        let all = tables.len();
        tables.sort_unstable();
        tables.dedup();
        assert_eq!(tables.len(), all, "{}: a table twice", page.path);
    }
    let says = |what: &str| pages.iter().any(|page| page.main.text().contains(what));
    assert!(says("The table is the one above: "));
    assert!(says("No commentary is shown for this month") && !says("Draft"));
    assert!(says("Whether training is in date, and applied, cannot be known from the data supplied"));
}

#[test]
fn a_brief_pack_says_that_it_is_and_what_leads_out_of_it_is_words() {
    let made = made(Vec::new());
    let inputs = Inputs { extent: Extent::Brief, ..made.inputs(false) };
    let pages = pages::pages(&inputs).unwrap();
    assert_eq!(pages[0].path, "");
    assert!(pages.iter().all(|page| !page.path.starts_with("measures/")));
    let set = typeset::source(&Stamp::of(&inputs), &pages);
    assert!(set.contains("A brief pack:") && set.contains("(12 of "));
    assert!(!set.contains(";;"), "a sign that is no word is printed");
    let file = String::from_utf8(pack(&inputs, Format::Html).unwrap().bytes).unwrap();
    assert!(file.contains("A brief pack:") && !file.contains("p-measures-"));
}

#[test]
fn the_html_pack_needs_nothing_beside_it() {
    let made = made(Vec::new());
    let file = String::from_utf8(pack(&made.inputs(true), Format::Html).unwrap().bytes).unwrap();
    for outside in ["href=\"./", "href=\"../", "href=\"http", "src=", "@import", "url(", "<script"] {
        assert!(!file.contains(outside), "{outside}");
    }
    let tree = tree::parse(&file.replace("<style>", "<style><!--").replace("</style>", "--></style>")).unwrap();
    let mut ids: Vec<&str> = Vec::new();
    gather(&tree, &mut |element| ids.extend(element.attribute("id")));
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(all, ids.len(), "ids are unique in the file");
    gather(&tree, &mut |element| {
        if let Some(anchor) = element.attribute("href").and_then(|address| address.strip_prefix('#')) {
            assert!(ids.contains(&anchor), "{anchor} leads nowhere");
        }
        if let Some(labels) = element.attribute("aria-labelledby") {
            assert!(labels.split(' ').all(|label| ids.contains(&label)), "{labels}");
        }
    });
    assert!(file.contains("Draft: not approved") && file.contains("Release 3fa9c1d2e5"));
}

fn gather<'a>(element: &'a tree::Element, take: &mut impl FnMut(&'a tree::Element)) {
    take(element);
    for child in element.elements() {
        gather(child, take);
    }
}

#[test]
fn the_pdf_is_tagged_and_the_same_for_the_same_release() {
    let made = of(small(), Vec::new(), Vec::new());
    let one = pack(&made.inputs(false), Format::Pdf).unwrap();
    assert!(one.bytes.starts_with(b"%PDF-1.7"));
    let says = |what: &[u8]| one.bytes.windows(what.len()).any(|window| window == what);
    assert!(says(b"/MarkInfo") && says(b"/StructTreeRoot") && says(b"pdfuaid"));
    assert!(one.pages >= 6 && one.sheets.is_some_and(|sheets| sheets > one.pages));
    assert_eq!(one.bytes, pack(&made.inputs(false), Format::Pdf).unwrap().bytes);
}

#[test]
fn no_sheet_is_left_nearly_empty_where_another_page_follows() {
    let report = small();
    let made = of(report, Vec::new(), Vec::new());
    let page = |words: &str| Page {
        path: String::new(),
        title: "T".into(),
        main: tree::parse(&format!("<main><h1>T</h1>{}</main>", "<p>Words.</p>".repeat(words.len()))).unwrap(),
    };
    let sheets = |pages: &[Page]| pdf::pdf(typeset::source(&Stamp::of(&made.inputs(false)), pages), "test").unwrap().1;
    let (short, long) = (|| page("ab"), || page(&"a".repeat(30)));
    assert_eq!(sheets(&[short(), short(), short()]), 2, "the cover, and three short pages on one sheet");
    assert_eq!(sheets(&[long(), short(), long()]), 3, "a page that fills its sheet is followed on the next");
}

#[test]
fn words_that_look_like_markup_are_words_in_the_pdf() {
    assert_eq!(typeset::string("#\"a\\\n"), "\"#\\\"a\\\\ \"");
    let page = Page {
        path: String::new(),
        title: "T".into(),
        main: tree::parse("<main><h1>#read(\"/etc/passwd\")</h1><p>$x$ *[b] \\ &quot;; <code>#a</code></p></main>")
            .unwrap(),
    };
    let report = small();
    let made = of(report, Vec::new(), Vec::new());
    let source = typeset::source(&Stamp::of(&made.inputs(false)), &[page]);
    assert!(source.contains("#heading(level: 1)[#\"#read(\\\"/etc/passwd\\\")\";]"), "{source}");
    assert!(pdf::pdf(source, "test").is_ok());
}

#[test]
fn commentary_that_nobody_approved_is_not_frozen() {
    let made = made(vec![draft_commentary()]);
    for format in [Format::Html, Format::Pdf, Format::Xlsx] {
        let why = pack(&made.inputs(false), format).unwrap_err();
        assert_eq!(why, ["commentary/2026-10/again.md: the commentary is draft, not yet approved"]);
    }
    assert!(pack(&made.inputs(true), Format::Xlsx).is_ok());
}

#[test]
fn a_missing_chart_a_failed_chart_and_a_blank_page_are_each_told() {
    let made = made(Vec::new());
    let inputs = made.inputs(true);
    let mut pages = pages::pages(&inputs).unwrap();
    assert_eq!(faults::faults(&inputs, &pages), Vec::<String>::new());
    let take = |pages: &mut Vec<Page>, path: &str, change: &dyn Fn(String) -> String| {
        let page = pages.iter_mut().find(|page| page.path == path).unwrap();
        page.main = tree::parse(&change(page.main.source())).unwrap().first("main").unwrap().clone();
    };
    take(&mut pages, "data", &|_| "<main><h1>Data sufficiency</h1></main>".into());
    take(&mut pages, "measures/missing_again", &|html| {
        let (before, rest) = html.split_once("<svg").unwrap();
        format!("{before}{}", rest.split_once("</svg>").unwrap().1)
    });
    take(&mut pages, "measures/missing_now", &|html| html.replacen(" d=\"M", " d=\"MNaN", 1));
    let told = faults::faults(&inputs, &pages);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("page `measures/missing_again`: a chart is missing"), "{told:?}");
    assert!(told[1].contains("`measures/missing_now`") && told[1].contains("draws what is no number"), "{told:?}");
    assert_eq!(told[2], "page `data` is blank");
}

#[test]
fn a_partnership_that_sends_few_extracts_has_a_pack() {
    let mut few = report();
    few.workforce = None;
    for measure in few.measures.iter_mut().filter(|measure| measure.theme != "missing") {
        measure.sufficiency = Sufficiency::CannotBeKnown { wanted: vec!["needs identified".into()] };
    }
    let missing: Vec<String> =
        few.measures.iter().filter(|measure| measure.theme == "missing").map(|measure| measure.id.clone()).collect();
    few.figures.retain(|figure| missing.contains(&figure.measure));
    let made = of(few, dashboards::load(None).unwrap(), Vec::new());
    let inputs = made.inputs(true);
    assert_eq!(faults::faults(&inputs, &pages::pages(&inputs).unwrap()), Vec::<String>::new());
}

#[test]
fn a_file_is_written_as_its_name_ends() {
    assert_eq!(Format::of_name("october.pdf"), Some(Format::Pdf));
    assert_eq!(Format::of_name("a.b.html"), Some(Format::Html));
    assert_eq!(Format::of_name("october"), None);
    assert_eq!(Format::of_name("october.docx"), None);
}
