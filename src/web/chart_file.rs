//! A chart as a file of its own: the stylesheet's rules for its classes go into it, so that it looks the same anywhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The chart with the rules for the classes it uses, and what every download carries, in it.
///
/// Custom properties are filled in: programs that are not browsers know none.
pub fn standalone(svg: &str, carries: &str) -> String {
    let Some((head, rest)) = svg.split_once('>') else {
        return svg.to_owned();
    };
    let style = rules_for(super::site::STYLE, &classes(svg));
    let carries = carries.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let carries = if carries.is_empty() { String::new() } else { format!("<metadata>{carries}</metadata>") };
    format!("{head}>{carries}<style>{style}</style>{rest}")
}

/// The classes of a chart's marks.
fn classes(svg: &str) -> BTreeSet<&str> {
    svg.split("class=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .flat_map(str::split_ascii_whitespace)
        .collect()
}

/// The rules of `sheet` outside media queries that bear on an element of these classes, or on any in a chart.
fn rules_for(sheet: &str, classes: &BTreeSet<&str>) -> String {
    let rules = rules(sheet);
    let colours: Vec<(&str, &str)> = rules
        .iter()
        .filter_map(|(selector, body)| {
            Some((*selector, body.trim().strip_prefix("--c:")?.trim().trim_end_matches(';')))
        })
        .collect();
    let mut style = String::new();
    for (selectors, body) in &rules {
        let wanted: Vec<&str> =
            selectors.split(',').map(str::trim).filter(|selector| bears_on(selector, classes)).collect();
        if wanted.is_empty() || body.contains("--c:") {
            continue;
        }
        let body = body.trim().replace("\"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Liberation Sans\"", FAMILY);
        if body.contains("var(--c)") {
            for (class, colour) in &colours {
                let each: Vec<String> = wanted.iter().map(|selector| format!("{selector}{class}")).collect();
                _ = write!(style, "{}{{{}}}", each.join(","), body.replace("var(--c)", colour));
            }
        } else {
            _ = write!(style, "{}{{{body}}}", wanted.join(","));
        }
    }
    style
}

/// The first of these that is there; the first is the one that packs are set in.
const FAMILY: &str = "\"Sightline Sans\", Arial, \"Liberation Sans\"";

/// (selectors, declarations), outside media queries and without comments.
fn rules(sheet: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = sheet;
    while let Some((selectors, after)) = rest.split_once('{') {
        let selectors = selectors.rsplit("*/").next().unwrap_or(selectors).trim();
        if selectors.starts_with('@') {
            rest = past_block(after);
        } else if let Some((body, after)) = after.split_once('}') {
            found.push((selectors, body));
            rest = after;
        } else {
            break;
        }
    }
    found
}

/// What follows the brace that closes the one just opened.
fn past_block(text: &str) -> &str {
    let mut open = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return text.get(at + 1..).unwrap_or("");
        }
    }
    ""
}

/// `svg text`, `.ln`, `.spark .tg`: about the inside of a chart, and about a class it has.
fn bears_on(selector: &str, classes: &BTreeSet<&str>) -> bool {
    if matches!(selector, ".chart" | ".spark" | "svg") || selector.contains(':') {
        return false;
    }
    let named: Vec<&str> = selector
        .split([' ', '>'])
        .flat_map(|part| part.split('.').skip(1))
        .map(|class| class.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-'))
        .collect();
    if named.is_empty() { selector.starts_with("svg ") } else { named.iter().all(|class| classes.contains(class)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::{self, fixture::report};

    #[test]
    fn custom_properties_are_filled_in_and_other_rules_left_out() {
        let sheet = "/* a */ body { margin: 0 } .c0 { --c: #123456; } .ln { stroke: var(--c); } .dot { fill: red; } svg text { fill: #000 } @media print { .ln { stroke: none } } .ln, .x:hover { fill: none }";
        let style = rules_for(sheet, &["ln", "c0"].into());
        assert_eq!(style, ".ln.c0{stroke: #123456;}svg text{fill: #000}.ln{fill: none}");
    }

    #[test]
    fn every_mark_of_every_chart_has_a_rule() {
        let report = report();
        for measure in &report.measures {
            for spec in
                [charts::headline_chart(measure, &report, 36), charts::spark(measure, &report)].into_iter().flatten()
            {
                let file = standalone(&charts::svg(&spec), "release 3fa9");
                assert!(file.contains("<metadata>release 3fa9</metadata><style>"), "{file}");
                let (style, marks) = file.split_once("</style>").unwrap();
                assert!(!style.contains("var("), "{style}");
                for tag in marks.split('<').filter(|tag| tag.starts_with("path") || tag.starts_with("circle")) {
                    let class = tag.split("class=\"").nth(1).and_then(|rest| rest.split(['"', ' ']).next()).unwrap();
                    assert!(style.contains(&format!(".{class}")), "{class} is drawn without a rule");
                }
            }
        }
    }
}
