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
    /// Of measures, by id, and of their parts.
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
        let measures = &context.inputs.report.measures;
        let titles = measures.iter().map(|one| (one.id.clone(), one.title.clone()));
        let parts = measures
            .iter()
            .flat_map(|one| one.parts.iter().map(|part| (part_key(&one.id, &part.id), part.label.clone())));
        self.titles = Arc::new(titles.chain(parts).collect());
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
        let title = title(&compared.from, &compared.to);
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

/// Two releases of one day are told apart by their names.
fn title(from: &Manifest, to: &Manifest) -> String {
    let name = |release: &Manifest| {
        let on = british_date(release.as_at);
        if from.as_at == to.as_at { format!("{on} ({})", release.board_name()) } else { on }
    };
    format!("What changed between the release to {} and the release to {}", name(from), name(to))
}

/// Where a part's label is kept beside the measures' titles.
fn part_key(measure: &str, part: &str) -> String {
    format!("{measure}:{part}")
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
    let (rows, alike): (Vec<_>, Vec<_>) = rows.partition(|(_, old, new)| shown(old) != shown(new));
    let part = |figure: &Figure| {
        let id = figure.part().unwrap_or_default();
        titles.get(&part_key(&figure.measure, id)).cloned().unwrap_or_else(|| words::level(id))
    };
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Measure" } th scope="col" { "Period" } th scope="col" { "Part" } th scope="col" .n { "Before" } th scope="col" .n { "Now" } th scope="col" { "Why" } } }
        tbody { @for (change, old, new) in rows.iter().take(ROWS_AT_MOST) { tr {
            th scope="row" { (titles.get(&new.measure).unwrap_or(&new.measure)) }
            td { (words::upper_first(&words::period_short(new.period))) }
            td { @if new.part().is_some_and(|part| !part.is_empty()) { (part(new)) } @else { "-" } }
            td .n { (shown(old)) } td .n { (shown(new)) }
            td { (why(from, to, change, old, new)) }
        } } }
    } };
    html! {
        @if !rows.is_empty() { (scroll(caption, &table)) }
        @if rows.len() > ROWS_AT_MOST {
            p .small { "The first " (ROWS_AT_MOST) " of " (words::whole(rows.len() as i64)) "; " code { "sightline compare" } " lists all." }
        }
        @if !alike.is_empty() {
            p .small { (words::whole(alike.len() as i64)) " more changed by less than is shown here." }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::fixture;
    use crate::disclosure::Policy;

    fn manifest(as_at: &str, id: &str) -> Manifest {
        Manifest {
            schema: 1,
            sightline: "0".into(),
            id: id.into(),
            as_at: as_at.parse().unwrap(),
            sequence: 1,
            policy: Policy::Dfe,
            public: None,
            editions: [("board".to_owned(), id.to_owned())].into(),
            readings: BTreeMap::new(),
            inputs: BTreeMap::new(),
            data_to: BTreeMap::new(),
            definitions: String::new(),
            queries: BTreeMap::new(),
            hashes: BTreeMap::new(),
            seal: String::new(),
        }
    }

    #[test]
    fn two_releases_of_one_day_are_told_apart() {
        let (one, other) = (manifest("2026-11-30", "aaaa"), manifest("2026-11-30", "bbbb"));
        assert_eq!(
            title(&one, &other),
            "What changed between the release to 30 November 2026 (2026-11-30-aaaa) and the release to 30 November 2026 \
             (2026-11-30-bbbb)"
        );
        assert_eq!(
            title(&manifest("2026-10-31", "cccc"), &other),
            "What changed between the release to 31 October 2026 and the release to 30 November 2026"
        );
    }

    #[test]
    fn a_part_is_named_and_what_looks_the_same_is_counted_and_not_listed() {
        let pattern = fixture::report().figures.into_iter().find(|one| one.value.is_some()).unwrap();
        let with = |level: &str, value: f64| Figure {
            measure: "reasons".into(),
            level: level.into(),
            value: Some(value),
            unit: crate::domain::Unit::Proportion,
            symbol: None,
            ..pattern.clone()
        };
        let change = |old: Figure, new: Figure| Change { old: Some(old), new: Some(new), because: Vec::new() };
        let all = [
            change(with("total:peer_influence", 0.30), with("total:peer_influence", 0.41)),
            change(with("total:home", 0.401), with("total:home", 0.402)),
            change(with("total:other_thing", 0.5), with("total:other_thing", 0.6)),
        ];
        let titles = [("reasons:peer_influence".to_owned(), "Pressed by friends".to_owned())].into();
        let (from, to) = (manifest("2026-10-31", "a"), manifest("2026-11-30", "b"));
        let page = changes(&from, &to, &all.iter().collect::<Vec<_>>(), &titles).into_string();
        assert!(page.contains("<td>Pressed by friends</td>") && !page.contains("peer_influence"), "{page}");
        assert!(page.contains("<td>Other thing</td>"), "{page}");
        assert!(
            !page.contains("<td>Home</td>") && page.contains("1 more changed by less than is shown here."),
            "{page}"
        );
    }
}
