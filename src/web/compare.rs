//! What changed between two releases, and why: late data, a correction, a definition, a period that became complete.
//!
//! A page a pair, made when it is first asked for and kept. It shows the board edition of both and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use maud::{Markup, html};

use super::frame::Context;
use super::pieces::scroll;
use super::reference;
use super::site::{Entry, HTML, entry};
use crate::charts::words;
use crate::domain::{Dimension, Figure, british_date};
use crate::release::{Change, Comparison, Manifest, Reason};

/// Pages kept; past that the first are made again.
const KEPT_AT_MOST: usize = 64;
/// Rows of a page's table.
const ROWS_AT_MOST: usize = 200;
/// Where the title stands in the frame that a page is put into.
const TITLE_MARK: &str = "{{what changed: title}}";
/// Where the content stands in it.
const MAIN_MARK: &str = "{{what changed}}";
/// Where pages of pairs lie, two steps deep: `compare/FROM/TO`.
const AT: &str = "compare/";

/// Two releases and what differs between their board editions.
pub struct Compared {
    /// The earlier release.
    pub from: Manifest,
    /// The later release.
    pub to: Manifest,
    /// Figures that differ.
    pub comparison: Comparison,
}

/// Compares two verified releases by name; none where there is no such pair.
pub type Compare = Box<dyn Fn(&str, &str) -> Option<Compared> + Send + Sync>;

/// Pages of pairs, as they are asked for.
pub(super) struct Comparisons {
    compare: Compare,
    /// A page without its content.
    frame: Arc<str>,
    /// Of measures, by id.
    titles: Arc<BTreeMap<String, String>>,
    kept: Mutex<BTreeMap<String, Arc<Entry>>>,
}

impl fmt::Debug for Comparisons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Comparisons")
    }
}

impl Comparisons {
    /// With the way to compare two releases.
    pub(super) fn new(compare: Compare) -> Self {
        Self { compare, frame: "".into(), titles: Arc::default(), kept: Mutex::new(BTreeMap::new()) }
    }

    /// In the frame of a site's pages, with its measures' titles.
    pub(super) fn framed(mut self, context: &Context<'_>) -> Self {
        self.frame = reference::frame_of_changes(context, TITLE_MARK, MAIN_MARK).into();
        let titles = context.inputs.report.measures.iter().map(|one| (one.id.clone(), one.title.clone()));
        self.titles = Arc::new(titles.collect());
        self
    }

    /// The same frame with another way to compare.
    pub(super) fn by(&self, compare: Compare) -> Self {
        let (frame, titles) = (Arc::clone(&self.frame), Arc::clone(&self.titles));
        Self { compare, frame, titles, kept: Mutex::new(BTreeMap::new()) }
    }

    /// Whether a path is a pair's.
    pub(super) fn is_pair(path: &str) -> bool {
        pair(path).is_some()
    }

    /// The page at `compare/FROM/TO`, made now if it was not; takes as long as that takes.
    pub(super) fn page(&self, path: &str) -> Option<Arc<Entry>> {
        if let Some(page) = self.lock().get(path) {
            return Some(Arc::clone(page));
        }
        let (from, to) = pair(path)?;
        let compared = (self.compare)(from, to)?;
        let title = format!("What changed between {} and {}", short(&compared.from), short(&compared.to));
        let content = content(&title, &compared, &self.titles).into_string();
        let body = self.frame.replace(TITLE_MARK, &title).replace(MAIN_MARK, &content);
        let page = Arc::new(entry(HTML, body, false));
        let mut kept = self.lock();
        if kept.len() >= KEPT_AT_MOST {
            kept.clear();
        }
        kept.insert(path.to_owned(), Arc::clone(&page));
        Some(page)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Entry>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pair(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix(AT)?.split_once('/').filter(|(from, to)| !from.is_empty() && !to.is_empty() && !to.contains('/'))
}

fn short(release: &Manifest) -> String {
    format!("the release to {}", british_date(release.as_at))
}

fn content(title: &str, compared: &Compared, titles: &BTreeMap<String, String>) -> Markup {
    let Compared { from, to, comparison } = compared;
    let changed: Vec<&Change> = comparison.changed.iter().filter(|change| is_whole(change)).collect();
    html! {
        h1 { (title) }
        p { "From " code { (from.board_name()) } " to " code { (to.board_name()) } ", board edition." }
        h2 { "What differs in what they were made from" }
        (causes(from, to))
        h2 { "How many figures differ" }
        (counts(comparison, titles))
        h2 { "Figures of the whole partnership that were already published and are now otherwise" }
        @if changed.is_empty() {
            p { "None: every figure of the whole partnership that both have is the same in both." }
        } @else {
            p .small { "A figure that only one has (a new month, a new measure) is not listed. Two figures that differ are no finding about children: the reason says what moved." }
            (changes(from, to, &changed, titles))
        }
    }
}

fn is_whole(change: &Change) -> bool {
    change.new.as_ref().or(change.old.as_ref()).is_some_and(|figure| figure.dimension == Dimension::Total)
}

/// Late data, corrections, definitions, and what else the manifests record.
fn causes(from: &Manifest, to: &Manifest) -> Markup {
    let mut said: Vec<String> = Vec::new();
    for (source, new) in &to.data_to {
        match from.data_to.get(source) {
            Some(old) if old != new => {
                let (old, now) = (british_date(*old), british_date(*new));
                let is_same = from.inputs.get(source) == to.inputs.get(source);
                said.push(if is_same {
                    format!("Said to reach further: {source}, to {old} and now to {now}. Not one row of it differs.")
                } else {
                    format!("Later data: {source}, to {old} and now to {now}.")
                });
            }
            Some(_) if from.inputs.get(source) != to.inputs.get(source) => {
                said.push(format!("A correction: {source} sent other rows to the same date, {}.", british_date(*new)));
            }
            Some(_) => {}
            None => said.push(format!("A new source: {source}.")),
        }
    }
    said.extend(
        from.data_to
            .keys()
            .filter(|source| !to.data_to.contains_key(*source))
            .map(|source| format!("A source is no longer sent: {source}.")),
    );
    let read_otherwise =
        to.readings.iter().filter(|(source, now)| from.readings.get(*source).is_some_and(|old| old != *now));
    said.extend(
        read_otherwise.map(|(source, _)| format!("A setting: columns, codes or dates of {source} are read otherwise.")),
    );
    if from.definitions != to.definitions {
        said.push("A definition: a threshold was set otherwise.".into());
    }
    let redefined: Vec<&str> = to
        .queries
        .iter()
        .filter(|(id, hash)| from.queries.get(*id).is_some_and(|old| old != *hash))
        .map(|(id, _)| id.as_str())
        .collect();
    if !redefined.is_empty() {
        said.push(format!("A definition: the query or words of {} changed.", redefined.join(", ")));
    }
    if from.as_at != to.as_at {
        said.push(format!("The last day counted: {} and now {}.", british_date(from.as_at), british_date(to.as_at)));
    }
    if from.policy != to.policy {
        said.push("How small numbers are protected.".into());
    }
    if from.sightline != to.sightline {
        said.push(format!("The version of Sightline: {} and now {}.", from.sightline, to.sightline));
    }
    html! { @if said.is_empty() { p { "Nothing." } } @else { ul { @for one in &said { li { (one) } } } } }
}

fn counts(comparison: &Comparison, titles: &BTreeMap<String, String>) -> Markup {
    let mut by_measure: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (place, changes) in [&comparison.changed, &comparison.added, &comparison.removed].into_iter().enumerate() {
        for change in changes {
            if let Some(figure) = change.new.as_ref().or(change.old.as_ref())
                && let Some(count) = by_measure.entry(&figure.measure).or_default().get_mut(place)
            {
                *count += 1;
            }
        }
    }
    let table = html! { table {
        caption { "Figures that differ, by measure" }
        thead { tr { th scope="col" { "Measure" } th scope="col" .n { "Otherwise" } th scope="col" .n { "New" } th scope="col" .n { "Gone" } } }
        tbody { @for (id, counts) in &by_measure { tr {
            th scope="row" { (titles.get(*id).map_or(*id, String::as_str)) }
            @for count in counts { td .n { (words::whole(*count as i64)) } }
        } } }
    } };
    html! { @if by_measure.is_empty() { p { "No figure differs." } } @else { (scroll("Figures that differ, by measure", &table)) } }
}

fn changes(from: &Manifest, to: &Manifest, changed: &[&Change], titles: &BTreeMap<String, String>) -> Markup {
    let caption = "Figures of the whole partnership, before and after";
    let rows = changed.iter().filter_map(|change| Some((change, change.old.as_ref()?, change.new.as_ref()?)));
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Measure" } th scope="col" { "Period" } th scope="col" { "Part" } th scope="col" .n { "Before" } th scope="col" .n { "Now" } th scope="col" { "Why" } } }
        tbody { @for (change, old, new) in rows.take(ROWS_AT_MOST) { tr {
            th scope="row" { (titles.get(&new.measure).unwrap_or(&new.measure)) }
            td { (words::upper_first(&words::period_short(new.period))) }
            td { (new.part().unwrap_or("-")) }
            td .n { (shown(old)) } td .n { (shown(new)) }
            td { (why(from, to, change, old, new)) }
        } } }
    } };
    html! {
        (scroll(caption, &table))
        @if changed.len() > ROWS_AT_MOST {
            p .small { "The first " (ROWS_AT_MOST) " of " (words::whole(changed.len() as i64)) "; `sightline compare` lists all." }
        }
    }
}

fn shown(figure: &Figure) -> String {
    let provisional = if figure.provisional { ", provisional" } else { "" };
    format!("{}{provisional}", words::cell(figure))
}

/// The reasons for one figure, the nearest first.
fn why(from: &Manifest, to: &Manifest, change: &Change, old: &Figure, new: &Figure) -> String {
    let mut reasons: Vec<String> = Vec::new();
    if old.provisional && !new.provisional {
        reasons.push("the period became complete".into());
    }
    for reason in &change.because {
        match reason {
            Reason::InputChanged(sources) => {
                let moved = |source: &&String| from.data_to.get(*source) != to.data_to.get(*source);
                let late: BTreeSet<&str> = sources.iter().filter(moved).map(String::as_str).collect();
                let same: BTreeSet<&str> = sources.iter().filter(|one| !moved(one)).map(String::as_str).collect();
                for (says, sources) in [("later data", late), ("correction", same)] {
                    match sources.len() {
                        0 => {}
                        1..=3 => {
                            let names: Vec<&str> = sources.into_iter().collect();
                            reasons.push(format!("{says}: {}", names.join(", ")));
                        }
                        many => reasons.push(format!("{says}: {many} sources")),
                    }
                }
            }
            other => reasons.push(other.to_string()),
        }
    }
    if reasons.is_empty() { "Nothing that is recorded".into() } else { words::upper_first(&reasons.join("; ")) }
}
