//! A page's text to a page, or every problem in it at once.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::commentary;
use super::page::{Block, FOLDER, Page, Problem};
use crate::config::{TomlRead, read_toml};
use crate::domain::Dimension;

// What must be there, as the schema says, is told where it is not; the page is read without it.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FrontMatter {
    #[schemars(required)]
    title: Option<String>,
    #[schemars(required)]
    theme: Option<String>,
    #[schemars(required)]
    order: Option<i64>,
    #[schemars(required)]
    question: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    measures: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Curve {
    measure: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct One {
    measure: String,
    by: Option<String>,
    window: Option<String>,
}

const FENCE: &str = "+++";

/// Where it is told what front matter and blocks may hold.
const MAY_BE_WRITTEN: &str = "`sightline reference` writes dashboards/schema.json, which says what may be written here; `sightline new page NAME` writes a page to begin from";

/// Reads one page; `file` is its name, for messages and for the page's address.
pub fn parse(file: &str, text: &str) -> Result<Page, Vec<Problem>> {
    match parse_all(file, text) {
        (Some(page), problems) if problems.is_empty() => Ok(page),
        (_, problems) => Err(problems),
    }
}

/// What can be read of one page, and everything wrong with it: what rests on the rest can be checked all the same.
pub(super) fn parse_all(file: &str, text: &str) -> (Option<Page>, Vec<Problem>) {
    let path = format!("{FOLDER}/{file}");
    let mut problems = Problems { file: &path, found: Vec::new() };
    let Some((front, body, body_line)) = split(text) else {
        problems.add(
            1,
            "the page does not begin with front matter",
            "write title, theme, order and question between two lines of +++",
        );
        return (None, problems.found);
    };
    let front: Option<FrontMatter> = problems.toml(1, front);
    let (blocks, links) = blocks(body, body_line, &mut problems);
    let front = front.unwrap_or_default();
    let page = Page {
        id: file.trim_end_matches(".md").to_owned(),
        file: path.clone(),
        is_shipped: false,
        title: front.title.unwrap_or_default(),
        theme: front.theme.unwrap_or_default(),
        order: front.order.unwrap_or_default(),
        question: front.question.unwrap_or_default(),
        blocks,
        links,
    };
    (Some(page), problems.found)
}

/// Front matter, the rest, and the line the rest starts on.
pub(super) fn split(text: &str) -> Option<(&str, &str, usize)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rest = text.strip_prefix(FENCE)?;
    let end = rest.find("\n+++")?;
    let front = rest.get(..end)?;
    let body = rest.get(end + 1 + FENCE.len()..)?;
    Some((front, body, front.matches('\n').count() + 2))
}

pub(super) struct Problems<'a> {
    pub(super) file: &'a str,
    pub(super) found: Vec<Problem>,
}

impl Problems<'_> {
    pub(super) fn add(&mut self, line: usize, says: impl Into<String>, hint: impl Into<String>) {
        self.found.push(Problem { file: self.file.to_owned(), line, says: says.into(), hint: hint.into() });
    }

    /// What can be read of a text that begins on `line`; what cannot is told.
    pub(super) fn toml<T: DeserializeOwned + JsonSchema>(&mut self, line: usize, text: &str) -> Option<T> {
        let read: TomlRead<T> = read_toml(text);
        for fault in read.faults {
            self.add(line + fault.line.map_or(0, |at| at - 1), fault.says, MAY_BE_WRITTEN);
        }
        read.value
    }
}

/// Blocks and the measures that prose leads to, each with its line.
type Read = (Vec<(usize, Block)>, Vec<(usize, String)>);

fn blocks(body: &str, first_line: usize, problems: &mut Problems<'_>) -> Read {
    let line_of = |at: usize| first_line + body.get(..at).unwrap_or("").matches('\n').count();
    let (mut blocks, mut links) = (Vec::new(), Vec::new());
    let mut prose: Vec<Event<'_>> = Vec::new();
    let mut prose_line = first_line;
    let mut fence: Option<(String, usize, String)> = None;
    for (event, span) in Parser::new(body).into_offset_iter() {
        match (event, &mut fence) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))), _) => {
                flush(&mut prose, prose_line, &mut blocks);
                fence = Some((kind.trim().to_owned(), line_of(span.start), String::new()));
            }
            (Event::Text(text), Some((_, _, inside))) => inside.push_str(&text),
            (Event::End(TagEnd::CodeBlock), Some((kind, line, inside))) => {
                if let Some(block) = fenced(kind, *line, inside, problems) {
                    blocks.push((*line, block));
                }
                fence = None;
            }
            (event, _) => {
                if prose.is_empty() {
                    prose_line = line_of(span.start);
                }
                if let Event::Start(Tag::Link { dest_url, .. }) = &event
                    && let Some(id) = dest_url.strip_prefix(commentary::SCHEME)
                {
                    links.push((line_of(span.start), id.to_owned()));
                }
                prose.push(harmless(event));
            }
        }
    }
    flush(&mut prose, prose_line, &mut blocks);
    (blocks, links)
}

/// Markup of the author's own becomes text; headings start below the page's own.
fn harmless(event: Event<'_>) -> Event<'_> {
    use pulldown_cmark::HeadingLevel;
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Heading { level: HeadingLevel::H1, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, id, classes, attrs })
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => Event::End(TagEnd::Heading(HeadingLevel::H2)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Event::Text(CowStr::Borrowed("")),
        other => other,
    }
}

fn flush(prose: &mut Vec<Event<'_>>, line: usize, blocks: &mut Vec<(usize, Block)>) {
    if prose.is_empty() {
        return;
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, prose.drain(..));
    blocks.push((line, Block::Prose(html)));
}

fn fenced(kind: &str, line: usize, inside: &str, problems: &mut Problems<'_>) -> Option<Block> {
    match kind {
        "kpis" => problems.toml(line + 1, inside).map(|Listed { measures }| Block::Kpis { measures }),
        "commentary" => problems.toml(line + 1, inside).map(|Listed { measures }| Block::Commentary { measures }),
        "curve" => problems.toml(line + 1, inside).map(|Curve { measure }| Block::Curve { measure }),
        "chart" | "table" => {
            let one: One = problems.toml(line + 1, inside)?;
            let by = one.by.as_deref().map(|by| dimension(by, line, problems));
            // What is refused stays, so that the measure it names is looked for all the same.
            let window = window(one.window.as_deref(), line, problems).unwrap_or(LONGEST_WINDOW);
            let by = by.flatten();
            Some(match kind {
                "chart" => Block::Chart { measure: one.measure, by, window },
                _ => Block::Table { measure: one.measure, by, window },
            })
        }
        "pace" | "workforce" if !inside.trim().is_empty() => {
            problems.add(line + 1, format!("`{kind}` takes nothing"), "leave nothing between its two fences");
            None
        }
        "pace" => Some(Block::Pace),
        "workforce" => Some(Block::Workforce),
        other => {
            problems.add(
                line,
                format!("`{other}` is not a block"),
                "write kpis, chart, curve, table, commentary, pace or workforce after the three backticks",
            );
            None
        }
    }
}

fn dimension(by: &str, line: usize, problems: &mut Problems<'_>) -> Option<Dimension> {
    let found = Dimension::from_id(by).filter(|dimension| *dimension != Dimension::Total);
    if found.is_none() {
        let names: Vec<&str> = Dimension::ALL.iter().skip(1).map(|dimension| dimension.id()).collect();
        problems.add(line, format!("there is no dimension `{by}`"), format!("write one of {}", names.join(", ")));
    }
    found
}

/// Months of the longest window.
const LONGEST_WINDOW: usize = 36;

/// `12m`, `24m` or `36m`; 36 where none is written.
fn window(text: Option<&str>, line: usize, problems: &mut Problems<'_>) -> Option<usize> {
    match text {
        None | Some("36m") => Some(LONGEST_WINDOW),
        Some("24m") => Some(24),
        Some("12m") => Some(12),
        Some(other) => {
            problems.add(line, format!("there is no window `{other}`"), "write 12m, 24m or 36m");
            None
        }
    }
}
