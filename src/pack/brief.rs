//! The brief pack: what a board reads in its hour. Which pages it holds, and how far back its tables go.

use super::tree::{Element, Node};

/// How much of a release a pack holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// Every page, every row.
    #[default]
    Whole,
    /// The pages that a board reads in its hour, their tables no longer than a year of months.
    Brief,
}

/// Pages to look things up in.
const REFERENCE: [&str; 5] = ["data", "definitions", "methods", "releases", "accessibility"];
/// Rows of a table by period that a brief pack keeps, the latest first.
const PERIODS: usize = 12;

/// What a brief pack says of itself.
pub(super) const NOTE: &str = "A brief pack: the pages of single measures and actions, data sufficiency, definitions and methods, \
                               and what a table has of periods before the latest 12, are in the whole pack and in the workbook.";

/// Whether a brief pack holds the page: neither one measure's or action's own, nor one to look things up in.
pub(super) fn is_held(path: &str) -> bool {
    !path.starts_with("measures/") && !path.starts_with("plan/") && !REFERENCE.contains(&path)
}

/// The page with its tables by period cut to the latest, each saying so.
pub(super) fn shortened(element: &Element) -> Element {
    if element.name == "table" && is_by_period(element) {
        return shortened_table(element);
    }
    let inside = |node: &Node| match node {
        Node::Element(element) => Node::Element(shortened(element)),
        words @ Node::Text(_) => words.clone(),
    };
    Element { children: element.children.iter().map(inside).collect(), ..element.clone() }
}

fn is_by_period(table: &Element) -> bool {
    let head = table.first("thead").and_then(|head| head.first("th"));
    head.is_some_and(|head| head.text() == "Period") && rows(table) > PERIODS
}

fn rows(table: &Element) -> usize {
    table.first("tbody").map_or(0, |body| body.elements().count())
}

fn shortened_table(table: &Element) -> Element {
    let left_out = rows(table) - PERIODS;
    let mut short = table.clone();
    for child in &mut short.children {
        match child {
            Node::Element(body) if body.name == "tbody" => body.children.truncate(PERIODS),
            Node::Element(caption) if caption.name == "caption" => {
                caption.children.push(Node::Text(format!(" ({PERIODS} of {} periods)", PERIODS + left_out)));
            }
            _ => {}
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    fn table(rows: usize) -> Element {
        let rows: String = (0..rows).map(|row| format!("<tr><th>{row}</th></tr>")).collect();
        parse(&format!(
            "<main><figure><table><caption>Spells</caption><thead><tr><th>Period</th></tr></thead><tbody>{rows}</tbody></table></figure></main>"
        ))
        .unwrap()
    }

    #[test]
    fn a_table_by_period_keeps_its_latest_rows_and_says_so() {
        let short = shortened(&table(36));
        assert_eq!(rows(short.first("table").unwrap()), 12);
        assert_eq!(short.first("caption").unwrap().text(), "Spells (12 of 36 periods)");
        assert_eq!(shortened(&table(12)), table(12));
    }

    #[test]
    fn single_measures_and_what_one_looks_up_are_left_out() {
        for held in ["", "themes/missing", "plan", "findings", "impact"] {
            assert!(is_held(held), "{held}");
        }
        for left_out in ["measures/missing_again", "plan/A01", "methods", "data"] {
            assert!(!is_held(left_out), "{left_out}");
        }
    }
}
