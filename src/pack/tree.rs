//! A rendered page as a tree, so that a pack shows what the page shows and nothing is worked out twice.
//!
//! Reads the HTML that this program writes (every element closed), not HTML at large.

use std::fmt::Write as _;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Words, their references resolved.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// Elements that have no end.
const VOID: [&str; 8] = ["area", "br", "hr", "img", "input", "link", "meta", "wbr"];

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|own| own.split_ascii_whitespace().any(|one| one == class))
    }

    /// The same without what is `unwanted`, at any depth.
    pub(super) fn without(mut self, unwanted: &dyn Fn(&Self) -> bool) -> Self {
        self.children.retain(|node| !matches!(node, Node::Element(element) if unwanted(element)));
        for node in &mut self.children {
            if let Node::Element(element) = node {
                *element = std::mem::take(element).without(unwanted);
            }
        }
        self
    }

    /// Its elements, one level down.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Every element in it that `wanted` says, itself included, from top to bottom; nothing within one that is found.
    pub(super) fn find<'a>(&'a self, wanted: &dyn Fn(&Self) -> bool) -> Vec<&'a Self> {
        if wanted(self) {
            return vec![self];
        }
        self.elements().flat_map(|child| child.find(wanted)).collect()
    }

    /// The first element of a name.
    pub(super) fn first(&self, name: &str) -> Option<&Self> {
        self.find(&|element| element.name == name).into_iter().next()
    }

    /// Every word in it, with single spaces; a space between blocks.
    pub(super) fn text(&self) -> String {
        let mut words = String::new();
        self.words(&mut words);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn words(&self, to: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => to.push_str(text),
                Node::Element(element) => {
                    element.words(to);
                    if element.name == "br" || is_block(&element.name) {
                        to.push(' ');
                    }
                }
            }
        }
    }

    /// As HTML again.
    pub(super) fn source(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        _ = write!(out, "<{}", self.name);
        for (name, value) in &self.attributes {
            _ = write!(out, " {name}=\"{}\"", value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"));
        }
        out.push('>');
        if VOID.contains(&self.name.as_str()) {
            return;
        }
        for child in &self.children {
            match child {
                Node::Text(text) => {
                    out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
                }
                Node::Element(element) => element.write(out),
            }
        }
        _ = write!(out, "</{}>", self.name);
    }
}

/// Whether an element stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "article"
            | "aside"
            | "blockquote"
            | "caption"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Reads a document; the message says what is not well formed.
pub(super) fn parse(html: &str) -> Result<Element, String> {
    let mut open = vec![Element::default()];
    let mut rest = html;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            add(&mut open, Node::Text(resolved(rest)));
            break;
        };
        let (text, tag) = rest.split_at(at);
        if !text.is_empty() {
            add(&mut open, Node::Text(resolved(text)));
        }
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if tag.starts_with("<!") {
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        } else if let Some(end) = tag.strip_prefix("</") {
            let (name, after) = end.split_once('>').ok_or("a tag does not end")?;
            close(&mut open, name.trim())?;
            rest = after;
        } else {
            let (element, closed, after) = start(tag.get(1..).unwrap_or(""))?;
            if closed || VOID.contains(&element.name.as_str()) {
                add(&mut open, Node::Element(element));
            } else {
                open.push(element);
            }
            rest = after;
        }
    }
    match open.as_slice() {
        [_] => Ok(open.pop().unwrap_or_default()),
        [.., last] => Err(format!("<{}> is never closed", last.name)),
        [] => Err("it is empty".into()),
    }
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn close(open: &mut Vec<Element>, name: &str) -> Result<(), String> {
    let Some(element) = open.pop().filter(|element| element.name == name) else {
        return Err(format!("</{name}> closes nothing"));
    };
    add(open, Node::Element(element));
    Ok(())
}

/// A start tag without its `<`: the element, whether it ended itself, and what follows.
fn start(tag: &str) -> Result<(Element, bool, &str), String> {
    let end = tag
        .find(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/')
        .ok_or("a tag does not end")?;
    let (name, mut rest) = tag.split_at(end);
    let mut element = Element { name: name.to_owned(), ..Element::default() };
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, false, after));
        }
        let end = rest
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '>' | '/'))
            .filter(|end| *end > 0)
            .ok_or_else(|| format!("<{name}> does not end"))?;
        let (attribute, after) = rest.split_at(end);
        if let Some(quoted) = after.strip_prefix("=\"") {
            let (value, after) = quoted.split_once('"').ok_or_else(|| format!("a value in <{name}> does not end"))?;
            element.attributes.push((attribute.to_owned(), resolved(value)));
            rest = after;
        } else if after.starts_with('=') {
            return Err(format!("a value in <{name}> is not in quotes"));
        } else {
            element.attributes.push((attribute.to_owned(), String::new()));
            rest = after;
        }
    }
}

/// Text with its references resolved.
fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let letter = after.split_once(';').and_then(|(name, after)| Some((reference(name)?, after)));
        if let Some((letter, after)) = letter {
            out.push(letter);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_and_written_as_it_was() {
        let html = "<main id=\"m\"><h1>A &amp; B</h1><p>one<br>two <strong>3 &lt; 4</strong></p><svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"></path></svg></main>";
        let tree = parse(html).unwrap();
        let main = tree.first("main").unwrap();
        assert_eq!(main.source(), html);
        assert_eq!(main.text(), "A & B one two 3 < 4");
        assert_eq!(parse("<svg><path d=\"M0 0\"/></svg>").unwrap().first("path").unwrap().attribute("d"), Some("M0 0"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for (html, says) in [
            ("<p>one", "<p> is never closed"),
            ("<p>one</div>", "</div> closes nothing"),
            ("<p class=a>one</p>", "a value in <p> is not in quotes"),
            ("<p class=\"a>one</p>", "a value in <p> does not end"),
        ] {
            assert_eq!(parse(html).unwrap_err(), says);
        }
    }
}
