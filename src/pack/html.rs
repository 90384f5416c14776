//! The pack as one HTML file that needs nothing beside it: its stylesheet within, links only within, a sheet a page.

use std::collections::BTreeSet;

use maud::{DOCTYPE, PreEscaped, html};

use super::pages::{Page, Stamp};
use super::tree::{Element, Node};
use crate::web::Site;

/// Beside the site's own stylesheet: what a frozen copy and its print need.
const STYLE: &str = include_str!("pack.css");

/// Nothing is fetched, run or sent.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

pub(super) fn html(stamp: &Stamp, pages: &[Page], site: &Site) -> String {
    let paths: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let line = stamp.line();
    let warnings = stamp.warnings();
    let margin = format!(
        "@page {{ @bottom-left {{ content: \"{}\" }} @top-left {{ content: \"{}\" }} }}",
        quoted(&line),
        quoted(&[vec![stamp.partnership.as_str()], warnings.clone()].concat().join(". ")),
    );
    let file = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="author" content=(stamp.partnership);
                title { (stamp.partnership) ": " (stamp.title) }
                style { (PreEscaped(style_of(site))) (PreEscaped(STYLE)) (PreEscaped(&margin)) }
            }
            body {
                header {
                    h1 { (stamp.partnership) ": " (stamp.title) }
                    @for warning in &warnings { p .banner { strong { (warning) } } }
                    p .stamp { (line) }
                    @if let Some(note) = stamp.note() { p { (note) } }
                    nav aria-label="Contents" {
                        h2 { "Contents" }
                        ol { @for page in pages { li { a href={ "#" (Page::anchor(&page.path)) } { (page.title) } } } }
                    }
                }
                main {
                    @for page in pages {
                        article .sheet id=(Page::anchor(&page.path)) aria-label=(page.title) {
                            (PreEscaped(Rewriter { page, paths: &paths }.content()))
                            p .stamp { (line) }
                        }
                    }
                }
            }
        }
    };
    file.into_string()
}

/// The site's stylesheet; text in CSS cannot end the element it stands in.
fn style_of(site: &Site) -> String {
    let path = site.paths().find(|path| path.starts_with("static/") && path.ends_with(".css"));
    let style = path.and_then(|path| site.body(path)).map(String::from_utf8_lossy).unwrap_or_default();
    style.replace("</", "<\\/")
}

/// Text for a CSS string.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '<'], " ")
}

/// One page's content, its ids made unique in the file and its links led within it.
struct Rewriter<'a> {
    page: &'a Page,
    paths: &'a BTreeSet<&'a str>,
}

impl Rewriter<'_> {
    fn content(&self) -> String {
        let kept = self.children(&self.page.main);
        kept.iter()
            .map(|node| Element { name: "div".into(), attributes: Vec::new(), children: vec![node.clone()] })
            .map(|wrapped| wrapped.source())
            .map(|source| {
                source.strip_prefix("<div>").and_then(|rest| rest.strip_suffix("</div>")).unwrap_or(&source).to_owned()
            })
            .collect()
    }

    fn children(&self, of: &Element) -> Vec<Node> {
        of.children.iter().filter_map(|node| self.node(node)).collect()
    }

    fn node(&self, node: &Node) -> Option<Node> {
        let Node::Element(element) = node else {
            return Some(node.clone());
        };
        if left_out(element) {
            return None;
        }
        let mut kept = Element { name: element.name.clone(), attributes: Vec::new(), children: self.children(element) };
        for (name, value) in &element.attributes {
            match name.as_str() {
                "id" => kept.attributes.push((name.clone(), self.own(value))),
                "aria-labelledby" | "aria-describedby" => {
                    let own: Vec<String> = value.split_ascii_whitespace().map(|id| self.own(id)).collect();
                    kept.attributes.push((name.clone(), own.join(" ")));
                }
                "href" => match self.leads_to(value) {
                    Some(anchor) => kept.attributes.push((name.clone(), format!("#{anchor}"))),
                    None => kept.name = "span".into(),
                },
                _ => kept.attributes.push((name.clone(), value.clone())),
            }
        }
        if kept.name == "details" {
            kept.attributes.push(("open".into(), String::new()));
        }
        Some(Node::Element(kept))
    }

    fn own(&self, id: &str) -> String {
        format!("{}--{id}", Page::anchor(&self.page.path))
    }

    /// Where a link leads within the pack; none where what it leads to is not in it.
    fn leads_to(&self, address: &str) -> Option<String> {
        if let Some(id) = address.strip_prefix('#') {
            return Some(self.own(id));
        }
        target(&self.page.path, address, self.paths)
    }
}

/// The anchor of the page that a relative address leads to from the page at `from`.
pub(super) fn target(from: &str, address: &str, paths: &BTreeSet<&str>) -> Option<String> {
    let address = address.split(['?', '#']).next()?;
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for part in address.split('/') {
        match part {
            "." => {}
            ".." => {
                folders.pop()?;
            }
            part => folders.push(part),
        }
    }
    let path = folders.join("/");
    paths.contains(path.as_str()).then(|| Page::anchor(&path))
}

/// What only a server can do: downloads, forms, menus, scripts.
pub(super) fn left_out(element: &Element) -> bool {
    element.has_class("download")
        || matches!(element.name.as_str(), "form" | "nav" | "script" | "button" | "input" | "select" | "template")
}
