//! Any released month by URL (`?month=2026-09`): a site a month, rendered when it is first asked for and kept.
//!
//! Every link on a page of an earlier month keeps the month. The latest month's links name none.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::site::{Entry, HTML, Site, entry};
use super::slot::Slot;
use crate::domain::Month;
use crate::release::Board;

/// Renders one month's site; none where its release can no longer be opened.
pub type Render<E = Board> = Box<dyn Fn() -> Option<Site<E>> + Send + Sync>;

/// Every month that was released.
pub struct Months<E = Board> {
    latest: Month,
    earlier: BTreeMap<Month, Earlier<E>>,
}

struct Earlier<E> {
    render: Render<E>,
    rendered: OnceLock<Option<Arc<Site<E>>>>,
}

impl<E> fmt::Debug for Months<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Months").field("latest", &self.latest).field("earlier", &self.earlier.keys()).finish()
    }
}

/// What a query asks for.
#[derive(Debug)]
pub(super) enum Asked<E> {
    /// The latest month.
    Latest,
    /// Another that was released, rendered already.
    Ready(Arc<Site<E>>),
    /// Another that was released, not rendered yet.
    Waiting(Month),
    /// A month that was not released, or whose release can no longer be opened.
    NotReleased,
    /// What is not offered.
    NotOffered,
}

impl<E> Months<E> {
    /// The latest month, and how each other one is rendered.
    pub fn new(latest: Month, earlier: impl IntoIterator<Item = (Month, Render<E>)>) -> Self {
        let earlier = earlier
            .into_iter()
            .filter(|(month, _)| *month != latest)
            .map(|(month, render)| (month, Earlier { render, rendered: OnceLock::new() }))
            .collect();
        Self { latest, earlier }
    }

    /// `month=2026-09` and nothing else; no query is the latest.
    pub(super) fn asked(&self, query: Option<&str>) -> Asked<E> {
        let Some(query) = query.filter(|query| !query.is_empty()) else {
            return Asked::Latest;
        };
        let Some(Ok(month)) = query.strip_prefix("month=").map(str::parse::<Month>) else {
            return Asked::NotOffered;
        };
        if month == self.latest {
            return Asked::Latest;
        }
        match self.earlier.get(&month) {
            None => Asked::NotReleased,
            Some(earlier) => match earlier.rendered.get() {
                Some(Some(site)) => Asked::Ready(Arc::clone(site)),
                Some(None) => Asked::NotReleased,
                None => Asked::Waiting(month),
            },
        }
    }

    /// The site of an earlier month, rendered now if it was not; takes as long as that takes.
    pub(super) fn rendered(&self, month: Month) -> Option<Arc<Site<E>>> {
        let earlier = self.earlier.get(&month)?;
        let latest = self.latest;
        earlier.rendered.get_or_init(|| (earlier.render)().map(|site| Arc::new(site.of_month(month, latest)))).clone()
    }
}

impl<E> Site<E> {
    /// The same site, its links keeping to `month`, each page saying that it is not the latest.
    fn of_month(self, month: Month, latest: Month) -> Self {
        self.with_pages(|path, page| {
            let root = if path.contains('/') { "../".repeat(path.matches('/').count()) } else { "./".to_owned() };
            entry(HTML, kept_to(&String::from_utf8_lossy(&page.body), month, latest, &root), false)
        })
    }

    fn with_pages(mut self, change: impl Fn(&str, &Entry) -> Entry) -> Self {
        for (path, slot) in &mut self.slots {
            if let Slot::Made(page) = slot
                && page.content_type == HTML
            {
                *page = change(path, page);
            }
        }
        for pages in [&mut self.not_found, &mut self.bad_query, &mut self.no_month] {
            for (depth, page) in pages.iter_mut().enumerate() {
                *page = change(&"/".repeat(depth), page);
            }
        }
        self
    }
}

/// A page with every link within the site keeping to the month, and a word on which month it is.
fn kept_to(html: &str, month: Month, latest: Month, root: &str) -> String {
    let mut out = String::with_capacity(html.len() + 2048);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(" href=\"") {
        let Some((address, after)) = after.split_once('"') else { break };
        out.push_str(before);
        out.push_str(" href=\"");
        let (path, anchor) = address.split_once('#').map_or((address, None), |(path, anchor)| (path, Some(anchor)));
        out.push_str(path);
        let asks = path.contains('?') || path.contains("static/") || path.contains(':') || path.contains("sign-");
        if !path.is_empty() && !asks {
            out.push_str(&format!("?month={month}"));
        }
        if let Some(anchor) = anchor {
            out.push('#');
            out.push_str(anchor);
        }
        out.push('"');
        rest = after;
    }
    out.push_str(rest);
    let says = format!(
        "<p class=\"banner\"><strong>{} as it was released.</strong> <a href=\"{root}\">Go to the latest, {}</a></p>",
        month.in_words(),
        latest.in_words()
    );
    out.replacen("</header>", &format!("{says}</header>"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_site_keep_the_month_and_no_others() {
        let (september, october) = ("2026-09".parse().unwrap(), "2026-10".parse().unwrap());
        let html = "<link rel=\"stylesheet\" href=\"../static/a.css\"><header></header><a href=\"#main\">x</a><a href=\"../measures/a#parts\">y</a><a href=\"../?month=2026-08\">z</a>";
        let kept = kept_to(html, september, october, "../");
        assert!(kept.contains("href=\"../static/a.css\"") && kept.contains("href=\"#main\""), "{kept}");
        assert!(kept.contains("href=\"../measures/a?month=2026-09#parts\""), "{kept}");
        assert!(kept.contains("href=\"../?month=2026-08\""), "{kept}");
        assert!(kept.contains("September 2026 as it was released") && kept.contains("<a href=\"../\">"), "{kept}");
    }

    #[test]
    fn only_a_released_month_is_offered() {
        let months =
            Months::new("2026-10".parse().unwrap(), [("2026-09".parse().unwrap(), Box::new(|| None) as Render<Board>)]);
        let asked = |query| months.asked(query);
        assert!(matches!(asked(None), Asked::Latest) && matches!(asked(Some("month=2026-10")), Asked::Latest));
        assert!(matches!(asked(Some("month=2026-09")), Asked::Waiting(_)));
        assert!(matches!(asked(Some("month=2026-08")), Asked::NotReleased));
        for query in ["month=", "month=2026-13", "by=sex", "month=2026-09&by=sex", "month"] {
            assert!(matches!(asked(Some(query)), Asked::NotOffered), "{query}");
        }
        assert!(months.rendered("2026-09".parse().unwrap()).is_none());
        assert!(matches!(asked(Some("month=2026-09")), Asked::NotReleased), "a release that cannot be opened");
    }
}
