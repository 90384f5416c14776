//! Every page, download and asset of one release, rendered once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use chrono::NaiveDate;
use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::compare::{Compare, Comparisons};
use super::history::History;
use super::months::{Asked, Months};
use super::slot::{Answers, Slot, later};
use super::{
    action, affected, annual, data, findings, first, frame, impact, measure, plan, published, reference, tables, theme,
    workforce,
};
use super::{api, chart_file, metadata};
use crate::dashboards::{Commentary, Page};
use crate::domain::Month;
use crate::release::{Board, Edition, Measure, PlanAction, Report, export};

pub(super) const STYLE: &str = include_str!("style.css");
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#12436D" d="M0 0h16v16H0z"/><path fill="none" stroke="#fff" stroke-width="2" d="M2 11l4-4 3 2 5-6"/></svg>"##;

/// What a site is rendered from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The board edition of the release.
    pub report: &'a Report<Board>,
    /// The theme pages, in the order of the menu; their references already checked.
    pub pages: &'a [Page],
    /// The partnership's own words, of every month; what they name already checked.
    pub commentary: &'a [Commentary],
    /// What earlier releases first reported.
    pub history: &'a History,
    /// Every release there is, newest first.
    pub releases: &'a [ReleaseListing],
    /// Said at the top of every page, such as that no login is asked for.
    pub notices: &'a [String],
    /// People sign in: every page says who can see what, and how to sign out.
    pub guarded: bool,
}

impl<'a> Inputs<'a> {
    /// Of a release alone: no theme pages, no words of the partnership's, no release before it, nobody to sign in.
    pub fn of(report: &'a Report<Board>) -> Self {
        let history = &super::history::NOTHING_BEFORE;
        Self { report, pages: &[], commentary: &[], history, releases: &[], notices: &[], guarded: false }
    }
}

/// One release in the list of releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseListing {
    /// Its name to a reader of the board edition, never the folder's; or that edition's id.
    pub id: String,
    /// The last day counted.
    pub as_at: NaiveDate,
    /// The report's month.
    pub month: Month,
    /// In words: `verified`, `withdrawn: a source was sent twice`.
    pub status: String,
}

impl ReleaseListing {
    /// The release of a report, by its edition's id, as one that is in service.
    pub fn of(report: &Report<Board>) -> Self {
        let (as_at, month) = (report.about.as_at, report.about.month);
        Self { id: report.id.clone(), as_at, month, status: "verified".into() }
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) content_type: HeaderValue,
    pub(super) body: Bytes,
    pub(super) gzip: Bytes,
    pub(super) etag: HeaderValue,
    pub(super) cache: HeaderValue,
    /// What else there is on it: a file's metadata.
    pub(super) link: Option<HeaderValue>,
}

/// Everything one edition of one release can answer, by path.
#[derive(Clone, Debug)]
pub struct Site<E = Board> {
    pub(super) slots: BTreeMap<String, Slot>,
    pub(super) not_found: Vec<Entry>,
    pub(super) bad_query: Vec<Entry>,
    pub(super) no_month: Vec<Entry>,
    /// What is said where a chart is asked for that is on no page; apart from the pages, which are for reading.
    no_chart: Option<Entry>,
    release: String,
    months: Option<Arc<Months<E>>>,
    comparisons: Option<Arc<Comparisons>>,
    edition: PhantomData<E>,
}

/// The pages of what an address asks for in vain, each for any depth of the address.
pub(super) struct Lost<'a> {
    pub(super) not_found: &'a dyn Fn(usize) -> String,
    pub(super) bad_query: &'a dyn Fn(usize) -> String,
    pub(super) no_month: &'a dyn Fn(usize) -> String,
}

/// How deep a path may be and still be answered with a page whose links lead back.
const DEPTHS: usize = 6;

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const CSV: &str = "text/csv; charset=utf-8";
const CSVW: &str = "application/csvm+json";
const JSON: &str = "application/json";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Renders a page that every release has.
type RendersPage = fn(&frame::Context<'_>) -> String;

/// Renders a release: first screen, measures, themes, reference pages, downloads.
pub fn site(inputs: &Inputs<'_>) -> Site {
    let style = style_path();
    let context = frame::Context { inputs, style: &style };
    let report = inputs.report;
    let kept = Arc::new(report.clone());
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut downloads: BTreeMap<String, Slot> = BTreeMap::new();
    let standing: [(&str, RendersPage); 13] = [
        ("", first::page),
        ("impact", impact::page),
        ("plan", plan::page),
        ("findings", findings::page),
        ("affected", affected::page),
        ("annual", annual::page),
        ("published", published::page),
        ("workforce", workforce::page),
        ("data", data::page),
        ("definitions", reference::definitions),
        ("methods", reference::methods),
        ("releases", reference::releases),
        ("accessibility", reference::accessibility),
    ];
    let actions: Vec<&PlanAction> = report.plan.iter().flat_map(|plan| &plan.actions).collect();
    // Every page at once: until the last is made nobody is served.
    let pages = standing
        .par_iter()
        .map(|(path, page)| ((*path).to_owned(), page(&context)))
        .chain(report.measures.par_iter().map(|one| (format!("measures/{}", one.id), measure::page(&context, one))))
        .chain(inputs.pages.par_iter().map(|page| (format!("themes/{}", page.id), theme::page(&context, page))))
        .chain(actions.par_iter().map(|one| (format!("plan/{}", one.slug), action::page(&context, one))));
    entries.par_extend(pages.map(|(path, page)| (path, entry(HTML, page, false))));
    for nth in 0..report.measures.len() {
        downloads.extend(of_measure(&kept, nth));
    }
    for (path, text) in tables::of_report(inputs) {
        entries.extend(file(report, None, path, text));
    }
    for (path, text) in api::answers(report, inputs.releases) {
        entries.insert(path, entry(JSON, text, false));
    }
    downloads.extend(charts(&kept, &entries));
    let names: Vec<&str> = downloads.keys().filter_map(|path| path.strip_prefix(CHARTS)).collect();
    let no_chart = entry(HTML, reference::no_chart(&context, &names), false);
    entries.insert(style.clone(), entry("text/css; charset=utf-8", STYLE.to_owned(), true));
    entries.insert("static/icon.svg".into(), entry("image/svg+xml", ICON.to_owned(), false));
    let site = Site::of(
        entries,
        downloads,
        &Lost {
            not_found: &|depth| reference::not_found(&context, depth),
            bad_query: &|depth| reference::bad_query(&context, depth),
            no_month: &|depth| reference::no_month(&context, depth),
        },
        &report.id,
    );
    Site { no_chart: Some(no_chart), ..site }
        .with_others(Months::new(report.about.month, []), Comparisons::new(Box::new(|_, _| None)).framed(&context))
}

/// The downloads of one measure: its tables, each with its metadata; its figures for programs; its workbook.
fn of_measure(report: &Arc<Report<Board>>, nth: usize) -> Vec<(String, Slot)> {
    let Some(measure) = report.measures.get(nth) else { return Vec::new() };
    let and_beside = |path: String| [format!("{path}{}", metadata::BESIDE), path];
    let files = tables::paths_of_measure(measure).into_iter().flat_map(and_beside).collect();
    let with = |make: fn(&Report<Board>, &Measure) -> Answers| {
        let report = Arc::clone(report);
        move || report.measures.get(nth).map(|measure| make(&report, measure)).unwrap_or_default()
    };
    let csv = later(
        files,
        with(|report, measure| {
            let texts = tables::of_measure(report, measure).into_iter();
            texts.flat_map(|(path, text)| file(report, Some(measure), path, text)).collect()
        }),
    );
    let book =
        later(vec![book_of(measure)], with(|report, measure| vec![(book_of(measure), workbook(report, measure))]));
    let program = later(
        vec![api::figures_at(measure)],
        with(|report, measure| vec![(api::figures_at(measure), entry(JSON, api::figures_of(report, measure), false))]),
    );
    csv.chain(book).chain(program).collect()
}

fn book_of(measure: &Measure) -> String {
    format!("measures/{}.xlsx", measure.id)
}

/// A table as a file, with its metadata beside it and a link from one to the other.
pub(super) fn file<E: Edition>(
    report: &Report<E>,
    measure: Option<&Measure>,
    path: String,
    text: String,
) -> [(String, Entry); 2] {
    let name = path.rsplit('/').next().unwrap_or(&path);
    let says = metadata::of_csv(report, measure, name, text.lines().next().unwrap_or(""));
    let link = format!("<{name}{}>; rel=\"describedby\"; type=\"application/csvm+json\"", metadata::BESIDE);
    let beside = (format!("{path}{}", metadata::BESIDE), entry(CSVW, says, false));
    let link = HeaderValue::from_str(&link).ok();
    [(path, Entry { link, ..entry(CSV, text, false) }), beside]
}

/// Every figure of a measure as a workbook.
fn workbook(report: &Report<Board>, measure: &Measure) -> Entry {
    let figures = export::of_measure(report, Some(&measure.id));
    let bytes = export::xlsx(report, &figures).expect("a workbook of plain figures can be written to memory");
    entry(XLSX, bytes, false)
}

/// Every chart of every page as a file of its own: `charts/ID.svg`.
fn charts(report: &Arc<Report<Board>>, pages: &BTreeMap<String, Entry>) -> BTreeMap<String, Slot> {
    let mut files = BTreeMap::new();
    for page in pages.values().filter(|page| page.content_type == HTML) {
        let body = String::from_utf8_lossy(&page.body);
        let charts = body.split(CHART).skip(1).filter_map(|rest| rest.split_once("</svg>"));
        let paths = charts.filter_map(|(chart, _)| id_of_chart(chart).map(chart_at)).collect();
        // The page is kept in any case: its charts are cut out of it when one of them is asked for.
        let (report, page) = (Arc::clone(report), page.body.clone());
        files.extend(later(paths, move || charts_of(&report, &page)));
    }
    files
}

/// How a drawn chart begins.
const CHART: &str = "<svg class=\"chart\"";

/// Where the files of charts lie.
const CHARTS: &str = "charts/";

fn chart_at(id: &str) -> String {
    format!("{CHARTS}{id}.svg")
}

/// Every chart of one page.
fn charts_of(report: &Report<Board>, page: &[u8]) -> Answers {
    let body = String::from_utf8_lossy(page);
    let charts = body.split(CHART).skip(1).filter_map(|rest| rest.split_once("</svg>"));
    let file = |(chart, _): (&str, &str)| {
        let id = id_of_chart(chart)?;
        let svg = chart_file::standalone(&format!("{CHART}{chart}</svg>"), &metadata::of_chart(report, id));
        Some((chart_at(id), entry("image/svg+xml", svg, false)))
    };
    charts.filter_map(file).collect()
}

/// The id that a drawn chart's title and description carry.
pub(super) fn id_of_chart(svg: &str) -> Option<&str> {
    svg.split("aria-labelledby=\"").nth(1)?.split_once("-t ").map(|(id, _)| id)
}

/// The stylesheet's path, from the root.
pub(super) fn style_path() -> String {
    format!("static/{}.css", short_hash(STYLE.as_bytes()))
}

impl Site {
    /// With the other months that were released.
    #[must_use]
    pub fn with_months(mut self, months: Months) -> Self {
        self.months = Some(Arc::new(months));
        self
    }

    /// With the way to compare two releases.
    #[must_use]
    pub fn comparing(mut self, compare: Compare) -> Self {
        self.comparisons = self.comparisons.map(|frame| Arc::new(frame.by(compare)));
        self
    }

    fn with_others(mut self, months: Months, comparisons: Comparisons) -> Self {
        self.months = Some(Arc::new(months));
        self.comparisons = Some(Arc::new(comparisons));
        self
    }
}

impl<E> Site<E> {
    /// A site of these answers; the pages of what is lost are rendered for each depth of a path.
    pub(super) fn of(
        entries: BTreeMap<String, Entry>,
        downloads: BTreeMap<String, Slot>,
        lost: &Lost<'_>,
        release: &str,
    ) -> Self {
        let at_depths =
            |page: &dyn Fn(usize) -> String| (0..DEPTHS).map(|depth| entry(HTML, page(depth), false)).collect();
        Self {
            not_found: at_depths(lost.not_found),
            bad_query: at_depths(lost.bad_query),
            no_month: at_depths(lost.no_month),
            no_chart: None,
            release: release.to_owned(),
            slots: entries.into_iter().map(|(path, entry)| (path, Slot::Made(entry))).chain(downloads).collect(),
            months: None,
            comparisons: None,
            edition: PhantomData,
        }
    }

    /// What a query asks for; nothing but the site itself where there are no other months.
    pub(super) fn asked(&self, query: Option<&str>) -> Asked<E> {
        match &self.months {
            Some(months) => months.asked(query),
            None if query.is_none_or(str::is_empty) => Asked::Latest,
            None => Asked::NotOffered,
        }
    }

    /// The site of another month, rendered now if it was not.
    pub(super) fn rendered(&self, month: Month) -> Option<Arc<Self>> {
        self.months.as_ref()?.rendered(month)
    }

    /// The page of a pair of releases, made now if it was not.
    pub(super) fn comparison(&self, path: &str) -> Option<Arc<Entry>> {
        self.comparisons.as_ref()?.page(path)
    }

    /// The answer at a path, made now if it was not; takes as long as that takes.
    pub(super) fn get(&self, path: &str) -> Option<&Entry> {
        self.slots.get(path)?.entry()
    }

    /// Whether a path has an answer that is yet to be made.
    pub(super) fn is_to_be_made(&self, path: &str) -> bool {
        self.slots.get(path).is_some_and(|slot| slot.at_hand().is_none())
    }

    /// Whether a page, rather than a file, is at a path.
    pub fn is_page(&self, path: &str) -> bool {
        self.slots.get(path).and_then(Slot::at_hand).is_some_and(|entry| entry.content_type == HTML)
    }

    /// Every path that answers, for tests and for a frozen copy.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }

    /// The body at a path, uncompressed.
    pub fn body(&self, path: &str) -> Option<&[u8]> {
        self.get(path).map(|entry| entry.body.as_ref())
    }

    /// The release's hash.
    pub fn release(&self) -> &str {
        &self.release
    }

    pub(super) fn not_found(&self, path: &str) -> &Entry {
        let of_charts = || self.no_chart.as_ref().filter(|_| path.starts_with(CHARTS));
        self.of_api(path, api::NOT_FOUND).or_else(of_charts).unwrap_or_else(|| at_depth(&self.not_found, path))
    }

    /// Where a month is asked for that was not released.
    pub(super) fn no_month(&self, path: &str) -> &Entry {
        self.of_api(path, api::NO_MONTH).unwrap_or_else(|| at_depth(&self.no_month, path))
    }

    pub(super) fn bad_query(&self, path: &str) -> &Entry {
        self.of_api(path, api::BAD_QUERY).unwrap_or_else(|| at_depth(&self.bad_query, path))
    }

    /// A program that asks in vain is told in JSON.
    fn of_api(&self, path: &str, kept: &str) -> Option<&Entry> {
        self.get(kept).filter(|_| path.starts_with("api/"))
    }
}

fn at_depth<'a>(pages: &'a [Entry], path: &str) -> &'a Entry {
    pages.get(path.matches('/').count()).or_else(|| pages.first()).expect("a site renders an error page for each depth")
}

pub(super) fn entry(content_type: &'static str, body: impl Into<Bytes>, fixed: bool) -> Entry {
    let body = body.into();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
    gzip.write_all(&body).expect("writing to memory cannot fail");
    let gzip = gzip.finish().expect("writing to memory cannot fail");
    let tag = format!("\"{}\"", short_hash(&body));
    Entry {
        content_type: HeaderValue::from_static(content_type),
        etag: HeaderValue::from_str(&tag).expect("a hash in quotes is a header"),
        cache: HeaderValue::from_static(if fixed { "max-age=31536000, immutable" } else { "no-cache" }),
        body,
        gzip: Bytes::from(gzip),
        link: None,
    }
}

fn short_hash(bytes: &[u8]) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(bytes).iter().take(8) {
        _ = write!(hash, "{byte:02x}");
    }
    hash
}
