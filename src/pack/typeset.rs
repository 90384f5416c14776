//! The pack as typst source: every word a string, every chart an image with its description, every table with its
//! headers, so that the file made from it is tagged.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::html::{left_out, target};
use super::pages::{Page, Stamp};
use super::tree::{Element, Node, is_block};
use crate::domain::british_date;
use crate::web::standalone;

/// How every sheet looks.
const PREAMBLE: &str = include_str!("pack.typ");

/// Bytes of a row's heading, `Jul-Sep 2026`, that are kept on one line.
const LONGEST_UNBROKEN: usize = 14;

/// The whole document.
pub(super) fn source(stamp: &Stamp, pages: &[Page]) -> String {
    let paths: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let mut out = String::new();
    _ = writeln!(
        out,
        "#set document(title: {}, author: {}, date: none)",
        string(&format!("{}: {}", stamp.partnership, stamp.title)),
        string(&stamp.partnership),
    );
    _ = writeln!(
        out,
        "#let head = {}",
        string(&[vec![stamp.partnership.as_str()], stamp.warnings()].concat().join(". "))
    );
    _ = writeln!(out, "#let foot = {}", string(&stamp.line()));
    out.push_str(PREAMBLE);
    cover(stamp, &mut out);
    for (nth, page) in pages.iter().enumerate() {
        let writer = Writer { page, paths: &paths };
        // The cover stands alone.
        _ = writeln!(out, "{}", if nth == 0 { "#pagebreak(weak: true)" } else { "#next-page" });
        writer.blocks(&page.main.children, &mut out);
    }
    out
}

fn cover(stamp: &Stamp, out: &mut String) {
    _ = writeln!(out, "#title[{}]", inline_text(&stamp.title));
    _ = writeln!(out, "#text(size: 14pt)[{}]\n", inline_text(&stamp.partnership));
    for warning in stamp.warnings() {
        _ = writeln!(out, "#strong[{}]\n", inline_text(warning));
    }
    let rows = [
        ("Period", format!("{} and before", stamp.month.in_words())),
        ("Data to", british_date(stamp.as_at)),
        ("Release", stamp.release.clone()),
        ("Edition", format!("Board: {}", stamp.policy)),
        ("Filters", "None: the whole partnership, with breakdowns beside it".into()),
    ];
    for (name, value) in rows {
        _ = writeln!(out, "#strong[{}] {}\n", inline_text(&format!("{name}:")), inline_text(&value));
    }
    if let Some(note) = stamp.note() {
        _ = writeln!(out, "{}\n", inline_text(note));
    }
    out.push_str(
        "#heading(level: 1, outlined: false, bookmarked: true)[#\"Contents\";]\n#outline(title: none, depth: 1)\n",
    );
}

/// A string of the language.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Words in content; nothing in them is taken for markup.
fn inline_text(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("#{};", string(text)) }
}

/// One page being written.
struct Writer<'a> {
    page: &'a Page,
    paths: &'a BTreeSet<&'a str>,
}

impl Writer<'_> {
    /// Blocks as they come; words between them are paragraphs.
    fn blocks(&self, nodes: &[Node], out: &mut String) {
        let mut run: Vec<&Node> = Vec::new();
        for node in nodes {
            match node {
                Node::Element(element) if left_out(element) => {}
                Node::Element(element) if holds_blocks(element) => {
                    self.paragraph(&mut run, out);
                    self.block(element, out);
                }
                node => run.push(node),
            }
        }
        self.paragraph(&mut run, out);
    }

    fn paragraph(&self, run: &mut Vec<&Node>, out: &mut String) {
        let words = self.inline(run.drain(..));
        if !words.is_empty() {
            _ = writeln!(out, "#par[{words}]");
        }
    }

    fn block(&self, element: &Element, out: &mut String) {
        let inside = || self.inline(element.children.iter());
        match element.name.as_str() {
            "h1" => {
                _ = writeln!(
                    out,
                    "#heading(level: 1)[{}] #label({})",
                    inside(),
                    string(&Page::anchor(&self.page.path))
                );
            }
            "h2" | "h3" | "h4" => {
                let level = element.name.trim_start_matches('h');
                _ = writeln!(out, "#heading(level: {level})[{}]", inside());
            }
            "p" => styled(element, &inside(), out),
            "ul" if element.has_class("key") => self.key(element, out),
            "ul" | "ol" => {
                let kind = if element.name == "ul" { "list" } else { "enum" };
                _ = writeln!(out, "#{kind}({})", self.items(element, "li"));
            }
            "dl" => self.terms(element, out),
            "table" => self.table(element, out),
            "figure" => {
                out.push_str("#block(width: 100%)[\n");
                self.blocks(&element.children, out);
                out.push_str("]\n");
            }
            "svg" => _ = writeln!(out, "{}", chart(element)),
            "pre" => _ = writeln!(out, "#raw({}, block: true)", raw_string(element)),
            "summary" if element.text() == "View as a table" => {}
            "summary" => _ = writeln!(out, "#par[#strong[{}]]", inside()),
            "blockquote" => {
                out.push_str("#inset[\n");
                self.blocks(&element.children, out);
                out.push_str("]\n");
            }
            _ if element.has_class("inset") || element.has_class("banner") => {
                out.push_str("#inset[\n");
                self.blocks(&element.children, out);
                out.push_str("]\n");
            }
            _ => self.blocks(&element.children, out),
        }
    }

    /// What a chart's marks mean, on one line.
    fn key(&self, list: &Element, out: &mut String) {
        let items: Vec<String> = list.elements().map(|item| format!("#box[{}];", self.content(item))).collect();
        _ = writeln!(out, "#small[{}]", items.join("#h(5mm);"));
    }

    fn items(&self, list: &Element, name: &str) -> String {
        list.elements().filter(|item| item.name == name).map(|item| format!("[{}],", self.content(item))).collect()
    }

    fn terms(&self, list: &Element, out: &mut String) {
        out.push_str("#terms(");
        let mut term = String::new();
        for item in list.elements().flat_map(|item| item.find(&|one| matches!(one.name.as_str(), "dt" | "dd"))) {
            if item.name == "dt" {
                term = self.inline(item.children.iter());
            } else {
                _ = write!(out, "terms.item([{term}], [{}]),", self.content(item));
            }
        }
        out.push_str(")\n");
    }

    /// What is in a cell or an item: words, or blocks where there are any.
    fn content(&self, element: &Element) -> String {
        if element.elements().any(holds_blocks) {
            let mut out = String::new();
            self.blocks(&element.children, &mut out);
            return out;
        }
        self.inline(element.children.iter())
    }

    /// A table with its caption, its header that comes again on each sheet, and its row headers.
    fn table(&self, table: &Element, out: &mut String) {
        let rows = table.find(&|element| element.name == "tr");
        let head: Vec<&Element> =
            table.first("thead").map(|head| head.find(&|element| element.name == "tr")).unwrap_or_default();
        let in_head = |row: &Element| head.iter().any(|one| std::ptr::eq(*one, row));
        let body: Vec<&Element> = rows.iter().copied().filter(|row| !in_head(row)).collect();
        let Some(columns) = rows.iter().map(|row| width(row)).max().filter(|columns| *columns > 0) else {
            return;
        };
        let lead = body.first().or(rows.first());
        let align: Vec<&str> = lead
            .map(|row| row.elements().map(|cell| if cell.has_class("n") { "right" } else { "left" }).collect())
            .unwrap_or_default();
        let caption = table.first("caption").map(|caption| self.inline(caption.children.iter())).unwrap_or_default();
        let dense = columns > 7;
        _ = writeln!(
            out,
            "#tabular(dense: {dense}, caption: [{caption}], columns: {columns}, align: ({},),",
            align.join(",")
        );
        if !head.is_empty() {
            out.push_str("table.header(");
            for cell in head.iter().flat_map(|row| row.elements()) {
                _ = write!(out, "{},", self.cell(cell));
            }
            out.push_str("),\n");
        }
        for row in body {
            for cell in row.elements() {
                let content = self.cell(cell);
                _ = if cell.name == "th" {
                    write!(out, "pdf.header-cell(scope: \"row\", {content}),")
                } else {
                    write!(out, "{content},")
                };
            }
            out.push('\n');
        }
        out.push_str(")\n");
    }

    fn cell(&self, cell: &Element) -> String {
        let span = |name: &str| cell.attribute(name).and_then(|span| span.parse::<u32>().ok()).filter(|span| *span > 1);
        let mut content = self.content(cell);
        if cell.name == "th" && cell.attribute("scope") == Some("row") && cell.text().len() <= LONGEST_UNBROKEN {
            content = format!("#box[{content}];");
        }
        match (span("colspan"), span("rowspan")) {
            (None, None) => format!("table.cell[{content}]"),
            (columns, rows) => {
                format!("table.cell(colspan: {}, rowspan: {})[{content}]", columns.unwrap_or(1), rows.unwrap_or(1))
            }
        }
    }

    /// Words, with single spaces and none at the ends.
    fn inline<'n>(&self, nodes: impl Iterator<Item = &'n Node>) -> String {
        let mut words = Words::default();
        for node in nodes {
            self.add(node, &mut words);
        }
        words.out
    }

    /// Where in the pack a link leads.
    fn anchor(&self, link: &Element) -> Option<String> {
        target(&self.page.path, link.attribute("href")?, self.paths)
    }

    fn add(&self, node: &Node, words: &mut Words) {
        let element = match node {
            Node::Text(text) => return words.text(text),
            Node::Element(element) if left_out(element) => return,
            Node::Element(element) => element,
        };
        let around = |words: &mut Words, open: &str, close: &str| {
            let mut inside = Words { spaced: words.spaced, begun: words.begun, out: String::new() };
            for child in &element.children {
                self.add(child, &mut inside);
            }
            if !inside.out.is_empty() {
                _ = write!(words.out, "{open}{}{close};", inside.out);
            }
            (words.spaced, words.begun) = (inside.spaced, inside.begun);
        };
        match element.name.as_str() {
            "br" => words.line_break(),
            "svg" => {
                words.begin();
                words.out.push_str(&spark(element));
            }
            "strong" | "b" => around(words, "#strong[", "]"),
            "em" | "i" => around(words, "#emph[", "]"),
            "code" => {
                words.begin();
                _ = write!(words.out, "#raw({});", string(&element.text()));
            }
            // A link to what is not in the pack is words like any others.
            "a" if let Some(anchor) = self.anchor(element) => {
                around(words, &format!("#link(label({}))[", string(&anchor)), "]");
            }
            "span" if element.has_class("finding") => {
                words.line_break();
                around(words, "#finding[", "]");
            }
            "span" if element.has_class("concern") => around(words, "#concern[", "]"),
            "span" if element.has_class("good") => around(words, "#good[", "]"),
            "span" if element.has_class("when") || element.has_class("quiet") => around(words, "#quiet[", "]"),
            _ => {
                for child in &element.children {
                    self.add(child, words);
                }
            }
        }
    }
}

/// A paragraph in the look of its class.
fn styled(element: &Element, words: &str, out: &mut String) {
    if words.is_empty() {
        return;
    }
    let look = ["question", "lead", "small", "subtitle", "absent", "status", "inset", "banner"]
        .into_iter()
        .find(|class| element.has_class(class));
    _ = match look {
        Some(look) => writeln!(out, "#{look}[{words}]"),
        None => writeln!(out, "#par[{words}]"),
    };
}

/// Words being joined: one space between, none at the start.
#[derive(Default)]
struct Words {
    out: String,
    /// A space is due before the next word.
    spaced: bool,
    /// There is a word already.
    begun: bool,
}

impl Words {
    fn text(&mut self, text: &str) {
        let mut joined = String::new();
        for letter in text.chars() {
            if letter.is_whitespace() && letter != '\u{a0}' {
                self.spaced = self.begun;
            } else {
                if std::mem::take(&mut self.spaced) {
                    joined.push(' ');
                }
                joined.push(letter);
                self.begun = true;
            }
        }
        self.out.push_str(&inline_text(&joined));
    }

    fn begin(&mut self) {
        if std::mem::take(&mut self.spaced) {
            self.out.push_str("#\" \";");
        }
        self.begun = true;
    }

    fn line_break(&mut self) {
        if self.begun {
            self.out.push_str("#linebreak();");
        }
        (self.spaced, self.begun) = (false, false);
    }
}

/// Cells a row takes.
fn width(row: &Element) -> usize {
    row.elements().map(|cell| cell.attribute("colspan").and_then(|span| span.parse::<usize>().ok()).unwrap_or(1)).sum()
}

/// Stands on lines of its own, or holds what does.
fn holds_blocks(element: &Element) -> bool {
    is_block(&element.name)
        || (element.name == "svg" && element.has_class("chart"))
        || (!matches!(element.name.as_str(), "svg") && element.elements().any(holds_blocks))
}

/// A chart across most of the sheet, with its title and description for those who do not see it.
fn chart(svg: &Element) -> String {
    format!("#image(bytes({}), format: \"svg\", width: 82%, alt: {})", string(&standalone(&svg.source(), "")), alt(svg))
}

/// A word-sized line.
fn spark(svg: &Element) -> String {
    format!(
        "#box(image(bytes({}), format: \"svg\", width: 22mm, alt: {}));",
        string(&standalone(&svg.source(), "")),
        alt(svg)
    )
}

fn alt(svg: &Element) -> String {
    let said = |name: &str| svg.first(name).map(Element::text).unwrap_or_default();
    string(&format!("{}. {}", said("title"), said("desc")))
}

/// Lines as they stand.
fn raw_string(element: &Element) -> String {
    fn all(element: &Element, to: &mut String) {
        for child in &element.children {
            match child {
                Node::Text(text) => to.push_str(text),
                Node::Element(element) => all(element, to),
            }
        }
    }
    let mut text = String::new();
    all(element, &mut text);
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace(['\r', '\t'], " "))
}
