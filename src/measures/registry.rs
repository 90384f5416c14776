//! The registry of measures: the queries embedded in the binary, with those of the user's folder added or in their place.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::guard::guarded;
use super::header::{Header, PartHeader, PartTotal, split};
use super::{recurrent, survival};
use crate::config::{TomlFault, TomlRead, read_toml};
use crate::domain::{Definitions, Relation, Unit};
use crate::release::{Kind, Shape};

/// The longest title of an event that fits a chart.
const EVENT_CHARACTERS: usize = 50;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/queries");

/// One measure, checked: its header, its SQL as written, and the SQL to run.
#[derive(Clone, Debug)]
pub struct Query {
    /// What it asks and how its figure is formed.
    pub header: Header,
    /// As written.
    pub sql: String,
    /// The line of its file on which the SQL begins.
    pub(crate) begins_on_line: usize,
    /// Whether it is a query of the binary, as shipped.
    pub(crate) is_shipped: bool,
    /// As run: parsed, checked, printed, its definitions filled in.
    pub(crate) runs: String,
}

/// What is wrong with a query: the file, the rule broken, what to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("query `{file}`{}: {says}\nhint: {hint}", .line.map_or_else(String::new, |line| format!(" (line {line})")))]
pub struct QueryProblem {
    /// `queries/missing_again.sql`.
    pub file: String,
    /// The line of the file, where it is about one.
    pub line: Option<usize>,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub hint: String,
}

/// Every measure by id, or every problem found. `as_at` is days since 1970, for `:as_at`.
pub fn registry(folder: &Path, definitions: &Definitions, as_at: i32) -> Result<Vec<Query>, Vec<QueryProblem>> {
    let (queries, problems) = read_all(folder, definitions, as_at);
    if problems.is_empty() { Ok(queries) } else { Err(problems) }
}

/// Every measure that can be read, and every problem found: what rests on the good ones can be checked all the same.
pub fn read_all(folder: &Path, definitions: &Definitions, as_at: i32) -> (Vec<Query>, Vec<QueryProblem>) {
    let mut problems = Vec::new();
    let texts = texts(folder, &mut problems);
    let mut queries = Vec::new();
    for (name, text) in &texts {
        match read(name, text, definitions, as_at) {
            Ok(query) => queries.push(query),
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(queries.iter().filter_map(|query| explains_nothing(query, &texts)));
    (queries, problems)
}

/// How the measures' counts hang together as their headers say today, by measure; queries that cannot be read say nothing.
pub fn declared_relations(folder: &Path) -> BTreeMap<String, Vec<Relation>> {
    let (queries, _) = read_all(folder, &Definitions::default(), 0);
    queries.into_iter().map(|query| (query.header.id, query.header.relation)).collect()
}

/// Embedded texts, overridden or added to by files of the same kind in the user's folder.
fn texts(folder: &Path, problems: &mut Vec<QueryProblem>) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    // The folder also has what is generated from it, for people and editors.
    let queries = EMBEDDED.files().filter(|file| file.path().extension().is_some_and(|extension| extension == "sql"));
    for file in queries {
        if let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            texts.insert(name.to_owned(), text.to_owned());
        }
    }
    let Ok(entries) = std::fs::read_dir(folder.join("queries")) else { return texts };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                texts.insert(name, text);
            }
            Err(error) => problems.push(problem(&name, error.to_string(), "make the file readable, in UTF-8")),
        }
    }
    texts
}

fn problem(name: &str, says: impl Into<String>, hint: &str) -> QueryProblem {
    QueryProblem { file: format!("queries/{name}"), line: None, says: says.into(), hint: hint.into() }
}

fn read(name: &str, text: &str, definitions: &Definitions, as_at: i32) -> Result<Query, Vec<QueryProblem>> {
    let Some((header, sql)) = split(text) else {
        return Err(vec![problem(name, "no header", "begin the file with /* and the header in TOML, then */")]);
    };
    let before = text.get(..header.as_ptr() as usize - text.as_ptr() as usize).unwrap_or_default();
    let needs = declared_needs(header);
    let (header, mut problems) = read_header(name, header, before.matches('\n').count() + 1);
    if let Some(header) = &header {
        problems.extend(of_header(name, header, definitions));
    }
    let mut numbers: Vec<(&str, i64)> =
        definitions.numbers().iter().map(|(name, number, _)| (*name, *number)).collect();
    numbers.push(("as_at", i64::from(as_at)));
    let above = text.strip_suffix(sql).unwrap_or_default().matches('\n').count();
    match (guarded(sql, &needs, &numbers), header) {
        (Ok(runs), Some(mut header)) if problems.is_empty() => {
            let implied = implied_relations(&header);
            header.relation.extend(implied);
            let blank = sql.strip_suffix(sql.trim_start()).unwrap_or_default().matches('\n').count();
            let shipped = EMBEDDED.get_file(name).and_then(|file| file.contents_utf8());
            Ok(Query {
                header,
                sql: sql.trim().to_owned(),
                begins_on_line: above + blank + 1,
                is_shipped: shipped == Some(text),
                runs,
            })
        }
        (Ok(_), _) => Err(problems),
        (Err(found), _) => {
            problems.extend(found.into_iter().map(|refused| QueryProblem {
                line: refused.line.map(|line| above + line),
                ..problem(name, refused.says, &refused.hint)
            }));
            Err(problems)
        }
    }
}

/// What can be read of a header, and what cannot. `first` is the line of the file on which it begins.
fn read_header(name: &str, text: &str, first: usize) -> (Option<Header>, Vec<QueryProblem>) {
    let read: TomlRead<Header> = read_toml(text);
    let hint = "`sightline reference` writes queries/schema.json, which says what each key of a header means";
    let told = |fault: &TomlFault| {
        let at = fault.line.map_or(String::new(), |line| format!(" (line {})", first + line - 1));
        problem(name, format!("header{at}: {}", fault.says), hint)
    };
    (read.value, read.faults.iter().map(told).collect())
}

/// The marts that a header declares, whatever else is wrong with it; every mart where that cannot be read, so that the rest of
/// its SQL can be checked.
fn declared_needs(header: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Declared {
        needs: Vec<String>,
    }
    toml::from_str::<Declared>(header).map_or_else(
        |_| crate::marts::MARTS.iter().map(|mart| mart.name.to_owned()).collect(),
        |declared| declared.needs,
    )
}

/// How the parts of a measure hang together by what they are, whatever its header says.
fn implied_relations(header: &Header) -> Vec<Relation> {
    let of_days = match header.shape {
        Shape::Survival => survival::relations(header),
        Shape::Recurrent => recurrent::relations(header),
        _ => Vec::new(),
    };
    // Where nobody is counted there is no largest: that there is none tells that a withheld count is nought.
    let largest = header.part.iter().filter(|part| part.total == PartTotal::Max);
    let of_largest =
        largest.map(|part| Relation::WithheldWith { part: part.id.clone(), other: String::new() }).collect::<Vec<_>>();
    of_days.into_iter().chain(of_largest).collect()
}

/// What is wrong with a header whose keys can all be read.
fn of_header(name: &str, header: &Header, definitions: &Definitions) -> Vec<QueryProblem> {
    let mut problems = words_not_filled(name, header, definitions);
    if format!("{}.sql", header.id) != name {
        problems.push(problem(name, format!("its id is `{}`", header.id), "name the file as its id"));
    }
    for need in header.needs.iter().filter(|need| crate::marts::mart(need).is_none()) {
        let marts: Vec<_> = crate::marts::MARTS.iter().map(|mart| mart.name).collect();
        let marts = marts.join(", ");
        problems.push(problem(name, format!("`needs` names no mart `{need}`"), &format!("the marts are {marts}")));
    }
    if header.kind == Kind::Process && header.explains.is_none() {
        problems.push(problem(name, "a process measure explains nothing", "name the outcome in `explains`"));
    }
    problems.extend(parts_not_understood(name, header));
    problems.extend(leads_before_its_horizon(name, header));
    problems.extend(rebases_without_reason(name, header));
    problems
}

/// Braces in a header's words hold `value`, in its sentence, or a definition; anything else would be printed as it stands.
fn words_not_filled(name: &str, header: &Header, definitions: &Definitions) -> Vec<QueryProblem> {
    let numbers = definitions.numbers();
    let known: Vec<&str> = numbers.iter().map(|(name, _, _)| *name).collect();
    let texts = [
        ("sentence", &header.sentence),
        ("definition", &header.definition),
        ("numerator", &header.numerator),
        ("denominator", &header.denominator),
    ];
    let mut problems = Vec::new();
    for (key, text) in texts {
        let braced = text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(inside, _)| inside));
        let is_filled = |inside: &&str| known.contains(inside) || (key == "sentence" && *inside == "value");
        for unknown in braced.filter(|inside| !is_filled(inside)) {
            let names: Vec<&str> = known.iter().copied().chain((key == "sentence").then_some("value")).collect();
            let like = crate::config::most_like(unknown, &names).map_or_else(
                || "write {value}, or the name of a definition in braces".to_owned(),
                |like| format!("did you mean `{{{like}}}`?"),
            );
            problems.push(problem(name, format!("`{key}` has `{{{unknown}}}`, which nothing fills in"), &like));
        }
    }
    problems
}

/// Parts of a measure over cohorts say in their names, or beside them, what they ask of the curve.
fn parts_not_understood(name: &str, header: &Header) -> Vec<QueryProblem> {
    let (understood, hint): (fn(&PartHeader) -> bool, _) = match header.shape {
        Shape::Survival => (
            |part| match survival::Asked::of(&part.id) {
                Some(survival::Asked::AtRiskOn(_)) => part.unit == Unit::Proportion,
                asked => asked.is_some(),
            },
            "a part of a survival measure is s10 (share still waiting), n10 (share still followed on day 10, unit = \"proportion\"), median, p90 or rmst45",
        ),
        Shape::Recurrent => (
            |part| match recurrent::Asked::of(&part.id) {
                Some(recurrent::Asked::FollowedOn(_)) => part.unit == Unit::Proportion,
                asked => asked.is_some(),
            },
            "a part of a recurrent measure is m90 (mean number by day 90) or n90 (share still followed on it, unit = \"proportion\")",
        ),
        Shape::Incidence => (
            |part| part.day.is_some(),
            "a part of an incidence measure has a `day`, and `causes` unless it is what is still open",
        ),
        _ => return Vec::new(),
    };
    let parts = header.part.iter().filter(|part| !understood(part));
    parts.map(|part| problem(name, format!("part `{}` does not say what it asks", part.id), hint)).collect()
}

/// What a recurrent measure leads with is complete in the years it is given for: these end with its horizon.
fn leads_before_its_horizon(name: &str, header: &Header) -> Vec<QueryProblem> {
    let asked =
        header.headline_part.as_deref().and_then(recurrent::Asked::of).filter(|_| header.shape == Shape::Recurrent);
    let late = asked.map(recurrent::Asked::day).filter(|day| *day > header.horizon_days);
    let says = |day| format!("it leads with day {day}, and its years end {} days before the data", header.horizon_days);
    let hint = "`horizon_days` is at least the day of `headline_part`, so that its latest year is complete";
    late.map(|day| problem(name, says(day), hint)).into_iter().collect()
}

/// Limits start anew only with a reason, under a title that fits the chart.
fn rebases_without_reason(name: &str, header: &Header) -> Vec<QueryProblem> {
    let lacking = header.rebase.iter().filter(|rebase| {
        rebase.reason.trim().is_empty() || !(1..=EVENT_CHARACTERS).contains(&rebase.title.trim().chars().count())
    });
    let says = |on| format!("the rebase of {on} lacks a reason, or a title of 1 to {EVENT_CHARACTERS} characters");
    let hint = "write the reason, such as: police now record every absence as missing";
    lacking.map(|rebase| problem(name, says(rebase.on), hint)).collect()
}

fn explains_nothing(query: &Query, texts: &BTreeMap<String, String>) -> Option<QueryProblem> {
    let outcome = query.header.explains.as_ref()?;
    (!texts.contains_key(&format!("{outcome}.sql"))).then(|| {
        let name = format!("{}.sql", query.header.id);
        problem(&name, format!("`explains` names no measure `{outcome}`"), "name the id of an outcome measure")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_queries_pass_their_own_guard() {
        let queries = registry(Path::new("no such folder"), &Definitions::default(), 20_000).unwrap();
        assert!(queries.len() >= 12);
    }

    #[test]
    fn every_problem_of_every_file_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let queries = folder.path().join("queries");
        std::fs::create_dir(&queries).unwrap();
        let shipped = EMBEDDED.get_file("rhi_held_72h.sql").unwrap().contents_utf8().unwrap();
        let other = EMBEDDED.get_file("rhi_offered.sql").unwrap().contents_utf8().unwrap();
        let with = |from: &str, to: &str| shipped.replace(from, to).replace("id = \"rhi_held_72h\"", "id = \"mine\"");
        std::fs::write(
            queries.join("mine.sql"),
            with("theme = \"missing\"", "theme = \"missing\"\ncolour = \"red\"\nkind = \"proces\"\nshade = 1\n#"),
        )
        .unwrap();
        std::fs::write(queries.join("fourth.sql"), with("{value} of returns", "{valu} of returns in {days}")).unwrap();
        std::fs::write(queries.join("other.sql"), with("needs = [\"returns\"]", "needs = [\"returns\", \"diaries\"]"))
            .unwrap();
        std::fs::write(queries.join("third.sql"), "SELECT 1").unwrap();
        // What is missing, and what is wrong with the SQL, behind a value that cannot be read.
        let asks_nothing: String =
            shipped.lines().filter(|line| !line.starts_with("ask =")).map(|line| format!("{line}\n")).collect();
        let shapeless = asks_nothing.replace("shape = \"proportion\"", "shape = \"proprtion\"") + "; SELECT 2";
        std::fs::write(queries.join("shapeless.sql"), shapeless).unwrap();
        let rebased = "rebase = [{ on = 2026-04-01, title = \"Police record more\", reason = \" \" }]\nneeds =";
        std::fs::write(queries.join("rhi_offered.sql"), other.replacen("needs =", rebased, 1)).unwrap();
        let waits = EMBEDDED.get_file("wait_for_help.sql").unwrap().contents_utf8().unwrap();
        std::fs::write(queries.join("wait_for_help.sql"), waits.replacen("day = 180\n", "", 1)).unwrap();
        let burden = EMBEDDED.get_file("missing_burden.sql").unwrap().contents_utf8().unwrap();
        std::fs::write(queries.join("missing_burden.sql"), burden.replacen("= 180", "= 30", 1)).unwrap();
        let said: Vec<String> = registry(folder.path(), &Definitions::default(), 20_000)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        let all = said.join("\n");
        assert!(all.contains("query `queries/mine.sql`: header (line 6): unknown field `colour`"), "{all}");
        assert!(all.contains("header (line 7): unknown variant `proces`"), "{all}");
        assert!(all.contains("header (line 8): unknown field `shade`"), "{all}");
        assert!(
            all.contains("`sentence` has `{valu}`, which nothing fills in\nhint: did you mean `{value}`?"),
            "{all}"
        );
        assert!(all.contains("`sentence` has `{days}`, which nothing fills in"), "{all}");
        assert!(all.contains("`needs` names no mart `diaries`"), "{all}");
        assert!(all.contains("its id is `mine`"), "{all}");
        assert!(all.contains("part `started-180` does not say what it asks"), "{all}");
        assert!(all.contains("it leads with day 180, and its years end 30 days before the data"), "{all}");
        assert!(all.contains("query `queries/third.sql`: no header"), "{all}");
        assert!(all.contains("`queries/shapeless.sql`: header (line 9): unknown variant `proprtion`"), "{all}");
        assert!(all.contains("`queries/shapeless.sql`: header: missing field `ask`"), "{all}");
        assert!(!all.contains("missing field `shape`"), "{all}");
        assert!(all.contains("`queries/shapeless.sql`: a measure is exactly one SELECT"), "{all}");
        assert!(all.contains("`queries/rhi_offered.sql`: the rebase of 2026-04-01 lacks a reason"), "{all}");
    }
}
