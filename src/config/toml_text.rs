//! TOML text to a value, with every fault in it at once: a line that cannot be read is told and put aside, so that the next
//! fault is seen. Knows nothing of what the value means.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// One thing wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TomlFault {
    /// The line of the text, from 1; none for a key that is missing.
    pub(crate) line: Option<usize>,
    /// What is wrong, on one line.
    pub(crate) says: String,
}

/// What could be read of a text, and what could not.
pub(crate) struct TomlRead<T> {
    /// Without what was put aside; none where it cannot be without it.
    pub(crate) value: Option<T>,
    /// In the order of the lines; keys that are missing last.
    pub(crate) faults: Vec<TomlFault>,
    /// Keys that were told of and put aside.
    pub(crate) put_aside: BTreeSet<String>,
}

/// How the TOML reader says that a key is missing.
const MISSING: &str = "missing field";

/// Reads a text. Keys that must be there are those that the schema of `T` requires.
pub(crate) fn read_toml<T: DeserializeOwned + JsonSchema>(text: &str) -> TomlRead<T> {
    let mut left = text.to_owned();
    let (mut faults, mut put_aside) = (Vec::new(), BTreeSet::new());
    let value = loop {
        let error = match toml::from_str(&left) {
            Ok(value) => break Some(value),
            Err(error) => error,
        };
        let says = error.message().trim().replace('\n', "; ");
        let Some(span) = error.span() else { break None };
        if absent::<T>(&left).iter().any(|key| says == missing(key)) {
            break None;
        }
        let lines = to_put_aside(&left, line_at(&left, span.start)..=line_at(&left, span.end.saturating_sub(1)));
        let keys = keys_of(text, &lines);
        // A key that is missing from a block because it was put aside has been told of.
        if !keys.iter().any(|key| says == missing(key)) {
            faults.push(TomlFault { line: Some(lines.start() + 1), says });
        }
        put_aside.extend(keys);
        left = without(&left, &lines);
        if toml::from_str::<toml::Table>(&left).is_err() {
            return TomlRead { value: None, faults, put_aside };
        }
    };
    faults.sort_by_key(|fault| fault.line);
    let absent = absent::<T>(&left).into_iter().filter(|key| !put_aside.contains(key));
    faults.extend(absent.map(|key| TomlFault { line: None, says: missing(&key) }));
    TomlRead { value, faults, put_aside }
}

fn missing(key: &str) -> String {
    format!("{MISSING} `{key}`")
}

/// The keys that a text must have and has not; none where it is no TOML.
fn absent<T: JsonSchema>(text: &str) -> Vec<String> {
    let Ok(table) = toml::from_str::<toml::Table>(text) else { return Vec::new() };
    let schema = schemars::schema_for!(T);
    let required = schema.get("required").and_then(serde_json::Value::as_array).into_iter().flatten();
    let required = required.filter_map(serde_json::Value::as_str);
    required.filter(|key| !table.contains_key(*key)).map(str::to_owned).collect()
}

/// The line of a place in a text, from 0.
fn line_at(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// The lines of a fault, with all that goes when they go: of a table's heading the table, of a key its value.
fn to_put_aside(text: &str, lines: RangeInclusive<usize>) -> RangeInclusive<usize> {
    let heads = |line: &str| line.trim_start().starts_with('[');
    let (first, mut last) = (*lines.start(), *lines.end());
    if text.lines().nth(first).is_some_and(heads) {
        last += text.lines().skip(last + 1).take_while(|line| !heads(line)).count();
    }
    let all = text.lines().count();
    let is_whole = |last: &usize| toml::from_str::<toml::Table>(&without(text, &(first..=*last))).is_ok();
    first..=(last..all).find(is_whole).unwrap_or(last)
}

/// The text with some of its lines empty, so that the others stay where they are.
fn without(text: &str, lines: &RangeInclusive<usize>) -> String {
    text.lines()
        .enumerate()
        .map(|(at, line)| if lines.contains(&at) { "\n".into() } else { format!("{line}\n") })
        .collect()
}

/// The keys written on some lines of a text.
fn keys_of(text: &str, lines: &RangeInclusive<usize>) -> Vec<String> {
    let within = text.lines().enumerate().filter(|(at, _)| lines.contains(at));
    within.filter_map(|(_, line)| Some(line.split_once('=')?.0.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Story {
        title: String,
        #[schemars(required)]
        order: Option<i64>,
        #[serde(default)]
        part: Vec<Part>,
    }

    #[derive(serde::Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is tested")]
    struct Part {
        id: String,
        day: i64,
    }

    fn told(text: &str) -> Vec<(Option<usize>, String)> {
        read_toml::<Story>(text).faults.into_iter().map(|fault| (fault.line, fault.says)).collect()
    }

    #[test]
    fn every_fault_is_told_and_what_is_left_is_read() {
        let read = read_toml::<Story>("title = \"a\"\norder = \"first\"\ncolour = [\n  1,\n]\nshade = 1\n");
        let lines: Vec<Option<usize>> = read.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [Some(2), Some(3), Some(6)], "{:?}", read.faults);
        assert_eq!(read.put_aside, ["colour", "order", "shade"].map(str::to_owned).into());
        let story = read.value.unwrap();
        assert_eq!((story.title.as_str(), story.order, story.part.len()), ("a", None, 0));
    }

    #[test]
    fn a_key_that_is_missing_is_told_behind_one_that_cannot_be_read() {
        let told = told("order = \"first\"\n");
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[1], (None, "missing field `title`".into()));
    }

    #[test]
    fn a_block_that_lacks_a_key_hides_no_other() {
        let text =
            "title = \"a\"\norder = 1\n[[part]]\nid = \"x\"\n[[part]]\nid = \"y\"\nday = \"two\"\n[[part]]\nday = 3\n";
        let told = told(text);
        let lines: Vec<Option<usize>> = told.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [Some(3), Some(7), Some(8)], "{told:?}");
        assert_eq!(told[0].1, "missing field `day`");
        assert_eq!(told[2].1, "missing field `id`");
    }

    #[test]
    fn where_a_text_is_no_toml_nothing_is_said_to_be_missing() {
        let told = told("title = [\norder = 1\n");
        assert_eq!(told.len(), 1, "{told:?}");
    }
}
