//! A partnership's own words about a month: `commentary/2026-10/*.md`, with who wrote them and who approved them.
//!
//! A file is about one page or one measure. Its body is remarks, one a paragraph or list item; a remark leads to its
//! measure by a link written `[words](measure:missing_again)`. Parsed without a report; what the files name is checked
//! against the registry apart. Nothing here decides whether a draft may be shown.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::Deserialize;

use super::page::{Page, Problem};
use super::parse::{Problems, split};
use crate::domain::{Month, british_date};
use crate::release::Measure;

/// The folder's name in a project.
pub const FOLDER: &str = "commentary";
/// What `page` says for the first screen.
pub const FIRST_SCREEN: &str = "first";
/// Remarks that the first screen has room for.
pub const MOST_ON_FIRST_SCREEN: usize = 3;

/// Words that are never printed, and why.
const NEVER: [(&str, &str); 7] = [
    ("children are safer", "fewer reports do not show it; say what was counted"),
    ("no children are in unassessed risk", "say: no open clock in the data supplied"),
    ("will meet the target", "say what has been met so far; nobody knows what will be"),
    ("refused to engage", "say what was offered, and what the child said about it"),
    ("abscond", "say missing; children are not to blame for harm done to them"),
    ("prolific", "say how often the child went missing"),
    ("put themselves at risk", "say who harmed them; children are not to blame for harm done to them"),
];

/// One file of commentary.
#[derive(Clone, Debug, PartialEq)]
pub struct Commentary {
    /// `commentary/2026-10/missing.md`.
    pub file: String,
    /// The month it is about: its folder's name.
    pub month: Month,
    /// What it is about.
    pub subject: Subject,
    /// Whose words they are: a role, never a person.
    pub author_role: String,
    /// Whether a board may read it as the partnership's own.
    pub status: Status,
    /// In the file's order; at least one.
    pub remarks: Vec<Remark>,
}

/// What a file of commentary is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The first screen: at most three remarks, each about a measure.
    FirstScreen,
    /// A page of `dashboards/`, by id.
    Page(String),
    /// A measure, by id.
    Measure(String),
}

/// Draft until someone answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not for a frozen pack.
    Draft,
    /// Someone answers for it.
    Approved {
        /// The role that approved it.
        by_role: String,
        /// When.
        on: NaiveDate,
    },
    /// Someone answered for it before these figures were counted: they had others before them.
    Outrun {
        /// The role that approved it.
        by_role: String,
        /// When, before the last day that is counted.
        on: NaiveDate,
    },
}

impl Status {
    /// After whose words they are: `approved by the chair on 12 November 2026`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Draft => "draft, not yet approved".into(),
            Self::Approved { by_role, on } => format!("approved by {by_role} on {}", british_date(*on)),
            Self::Outrun { by_role, on } => {
                format!("draft, approved by {by_role} on {} for earlier figures, not for these", british_date(*on))
            }
        }
    }
}

/// One paragraph or list item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line it starts on, from 1.
    pub line: usize,
    /// Its words, without any markup.
    pub text: String,
    /// The first measure it leads to, or the one the file is about.
    pub measure: Option<String>,
    /// As HTML; links to measures still to be placed.
    html: String,
}

impl Remark {
    /// As HTML without any markup of the author's own, its links relative to `root` (`./`, `../`).
    pub fn html(&self, root: &str) -> String {
        led(&self.html, root)
    }
}

/// Words with their links to measures led to the measures' pages, relative to `root`.
pub fn led(html: &str, root: &str) -> String {
    html.replace(&format!("href=\"{SCHEME}"), &format!("href=\"{root}measures/"))
}

impl Commentary {
    /// Approved by someone.
    pub fn is_approved(&self) -> bool {
        matches!(self.status, Status::Approved { .. })
    }
}

/// As it stands beside the figures of a release: who approved it before the release's last day had not seen them.
pub fn beside(mut all: Vec<Commentary>, month: Month, as_at: NaiveDate) -> Vec<Commentary> {
    for one in all.iter_mut().filter(|one| one.month == month) {
        if let Status::Approved { by_role, on } = &one.status
            && *on < as_at
        {
            one.status = Status::Outrun { by_role: by_role.clone(), on: *on };
        }
    }
    all
}

/// The file about `subject` in `month`, where there is one.
pub fn about<'a>(all: &'a [Commentary], month: Month, subject: &Subject) -> Option<&'a Commentary> {
    all.iter().find(|one| one.month == month && one.subject == *subject)
}

pub(super) const SCHEME: &str = "measure:";

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FrontMatter {
    page: Option<String>,
    measure: Option<String>,
    #[schemars(required)]
    author_role: Option<String>,
    #[schemars(required)]
    status: Option<RawStatus>,
    approved_by: Option<String>,
    #[schemars(with = "Option<String>")]
    approved_on: Option<toml::value::Datetime>,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RawStatus {
    Draft,
    Approved,
}

/// Every file beneath `folder`, by month and name, or every problem in any of them; `folder` may be absent.
pub fn load_commentary(folder: &Path) -> Result<Vec<Commentary>, Vec<Problem>> {
    let (all, problems) = load_all_commentary(folder);
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// What can be read of every file, and every problem found: what rests on it can be checked all the same.
pub fn load_all_commentary(folder: &Path) -> (Vec<Commentary>, Vec<Problem>) {
    let (mut all, mut subjects) = (Vec::new(), BTreeMap::new());
    let mut problems = Vec::new();
    for (path, name) in entries(folder, FOLDER, &mut problems) {
        if !path.is_dir() {
            continue;
        }
        let within = format!("{FOLDER}/{name}");
        let Ok(month) = name.parse::<Month>() else {
            problems.push(problem(&within, 1, "the folder is not named for a month", "name it as 2026-10"));
            continue;
        };
        for (path, name) in entries(&path, &within, &mut problems) {
            let file = format!("{within}/{name}");
            if path.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            match std::fs::read_to_string(&path) {
                Ok(text) => {
                    let (one, found) = parse_all(&file, month, &text);
                    if let Some(one) = one {
                        problems.extend(found.is_empty().then(|| doubled(&one, &mut subjects)).flatten());
                        all.push(one);
                    }
                    problems.extend(found);
                }
                Err(error) => problems.push(unreadable(&file, &error)),
            }
        }
    }
    (all, problems)
}

/// What a folder holds, by name.
fn entries(folder: &Path, said: &str, problems: &mut Vec<Problem>) -> Vec<(std::path::PathBuf, String)> {
    if !folder.exists() {
        return Vec::new();
    }
    let mut found = Vec::new();
    match std::fs::read_dir(folder) {
        Ok(read) => {
            for entry in read {
                match entry {
                    Ok(entry) => found.push((entry.path(), entry.file_name().to_string_lossy().into_owned())),
                    Err(error) => problems.push(unreadable(said, &error)),
                }
            }
        }
        Err(error) => problems.push(unreadable(said, &error)),
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

fn unreadable(file: &str, error: &std::io::Error) -> Problem {
    let says = format!("cannot be read: {}", crate::config::in_words(error));
    problem(file, 1, says, "commentary is UTF-8 text in files whose names end in .md")
}

fn problem(file: &str, line: usize, says: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line, says: says.into(), hint: hint.into() }
}

/// A page or a measure has one file of commentary a month; `subjects` are those of the files before, with their names.
fn doubled(one: &Commentary, subjects: &mut BTreeMap<(Month, Subject), String>) -> Option<Problem> {
    let other = subjects.get(&(one.month, one.subject.clone()));
    let problem = other.map(|other| {
        let says = format!("`{other}` is about the same thing in the same month");
        problem(&one.file, 1, says, "put both into one file")
    });
    subjects.entry((one.month, one.subject.clone())).or_insert_with(|| one.file.clone());
    problem
}

/// Reads one file; `file` is its name, for messages.
pub fn parse_commentary(file: &str, month: Month, text: &str) -> Result<Commentary, Vec<Problem>> {
    match parse_all(file, month, text) {
        (Some(one), problems) if problems.is_empty() => Ok(one),
        (_, problems) => Err(problems),
    }
}

/// What can be read of one file, and everything wrong with it. A subject that cannot be read is taken to be the first screen, a
/// status to be a draft, so that the measures it leads to can be looked for all the same.
fn parse_all(file: &str, month: Month, text: &str) -> (Option<Commentary>, Vec<Problem>) {
    let mut problems = Problems { file, found: Vec::new() };
    let Some((front, body, body_line)) = split(text) else {
        problems.add(
            1,
            "the commentary does not begin with front matter",
            "write page or measure, author_role and status between two lines of +++",
        );
        return (None, problems.found);
    };
    let front: Option<FrontMatter> = problems.toml(1, front);
    let subject = front.as_ref().and_then(|front| subject(front, &mut problems));
    let status = front.as_ref().and_then(|front| status(front, month, &mut problems));
    let remarks = remarks(body, body_line, subject.as_ref(), &mut problems);
    if remarks.is_empty() {
        problems.add(body_line, "nothing is said", "write a paragraph beneath the front matter, or remove the file");
    }
    if subject == Some(Subject::FirstScreen) {
        first_screen(&remarks, &mut problems);
    }
    let one = Commentary {
        file: file.to_owned(),
        month,
        subject: subject.unwrap_or(Subject::FirstScreen),
        author_role: front.and_then(|front| front.author_role).unwrap_or_default(),
        status: status.unwrap_or(Status::Draft),
        remarks,
    };
    (Some(one), problems.found)
}

fn subject(front: &FrontMatter, problems: &mut Problems<'_>) -> Option<Subject> {
    match (&front.page, &front.measure) {
        (Some(page), None) if page == FIRST_SCREEN => Some(Subject::FirstScreen),
        (Some(page), None) => Some(Subject::Page(page.clone())),
        (None, Some(measure)) => Some(Subject::Measure(measure.clone())),
        _ => {
            problems.add(
                1,
                "the commentary must be about one page or one measure",
                "write either page = \"first\" (or a page's name) or measure = \"…\"",
            );
            None
        }
    }
}

/// Approved means that a role answers for it on a day; a draft has neither.
fn status(front: &FrontMatter, month: Month, problems: &mut Problems<'_>) -> Option<Status> {
    if front.author_role.as_ref().is_some_and(|role| role.trim().is_empty()) {
        problems.add(1, "`author_role` is empty", "name the role that wrote it, such as Head of safeguarding");
    }
    match (front.status.as_ref()?, &front.approved_by, &front.approved_on) {
        (RawStatus::Draft, None, None) => Some(Status::Draft),
        (RawStatus::Draft, ..) => {
            problems.add(1, "a draft says who approved it", "write status = \"approved\", or take approved_* away");
            None
        }
        (RawStatus::Approved, Some(by_role), Some(on)) if !by_role.trim().is_empty() => {
            let Ok(on) = on.to_string().parse::<NaiveDate>() else {
                problems.add(1, "`approved_on` is not a date alone", "write it as 2026-11-12, without quotes");
                return None;
            };
            if on < month.first_on() {
                problems.add(1, "it was approved before its month began", "correct approved_on, or move the file");
            }
            Some(Status::Approved { by_role: by_role.clone(), on })
        }
        (RawStatus::Approved, ..) => {
            problems.add(
                1,
                "it is approved, but not by a role and on a day",
                "write approved_by = \"…\" (a role) and approved_on = 2026-11-12",
            );
            None
        }
    }
}

fn first_screen(remarks: &[Remark], problems: &mut Problems<'_>) {
    if let Some(fourth) = remarks.get(MOST_ON_FIRST_SCREEN) {
        let says = format!("the first screen has room for {MOST_ON_FIRST_SCREEN} remarks");
        problems.add(fourth.line, says, "move what follows to the page or the measure it is about");
    }
    for remark in remarks.iter().filter(|remark| remark.measure.is_none()) {
        let hint = "link some of its words, as in [missing again](measure:missing_again)";
        problems.add(remark.line, "a remark on the first screen leads to no measure", hint);
    }
}

/// Paragraphs and list items, their markup reduced to emphasis and links to measures.
fn remarks(body: &str, first_line: usize, subject: Option<&Subject>, problems: &mut Problems<'_>) -> Vec<Remark> {
    let line_of = |at: usize| first_line + body.get(..at).unwrap_or("").matches('\n').count();
    let own = match subject {
        Some(Subject::Measure(id)) => Some(id.clone()),
        _ => None,
    };
    let mut remarks = Vec::new();
    let mut open: Option<(usize, Vec<Event<'_>>)> = None;
    for (event, span) in Parser::new(body).into_offset_iter() {
        let line = line_of(span.start);
        match event {
            Event::Start(Tag::Paragraph | Tag::Item | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_)) => {
                close(&mut open, own.as_ref(), &mut remarks);
                open = Some((line, Vec::new()));
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::CodeBlock,
            ) => close(&mut open, own.as_ref(), &mut remarks),
            Event::Start(Tag::Link { ref dest_url, .. }) if !leads_to_a_measure(dest_url) => {
                problems.add(line, "a link leads elsewhere", "commentary leads to measures: [words](measure:ID)");
            }
            event => {
                if let Some((_, events)) = &mut open {
                    events.extend(allowed(event));
                }
            }
        }
    }
    close(&mut open, own.as_ref(), &mut remarks);
    for remark in &remarks {
        let said = remark.text.to_lowercase();
        for (never, hint) in NEVER.iter().filter(|(never, _)| said.contains(never)) {
            problems.add(remark.line, format!("`{never}` is never printed"), *hint);
        }
    }
    remarks
}

/// `measure:` and an id: nothing that could be an address.
fn leads_to_a_measure(address: &str) -> bool {
    address.strip_prefix(SCHEME).is_some_and(|id| {
        !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-')
    })
}

/// Words, emphasis and links; the author's own markup becomes words.
fn allowed(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(words) | Event::InlineHtml(words) => Some(Event::Text(words)),
        Event::Text(_)
        | Event::Code(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. })
        | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => Some(event),
        _ => None,
    }
}

fn close(open: &mut Option<(usize, Vec<Event<'_>>)>, own: Option<&String>, remarks: &mut Vec<Remark>) {
    let Some((line, events)) = open.take() else {
        return;
    };
    let mut text = String::new();
    let mut measure = None;
    for event in &events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(Tag::Link { dest_url, .. }) if measure.is_none() => {
                measure = dest_url.strip_prefix(SCHEME).map(str::to_owned);
            }
            _ => {}
        }
    }
    if text.trim().is_empty() {
        return;
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    let measure = measure.or_else(|| own.cloned());
    remarks.push(Remark { line, text: text.trim().to_owned(), measure, html: html.trim().to_owned() });
}

/// Are all the pages and measures that commentary names there? Every problem, in the order of the files.
pub fn check_commentary(all: &[Commentary], pages: &[Page], measures: &[Measure]) -> Vec<Problem> {
    let known = |id: &str| measures.iter().any(|measure| measure.id == id);
    let mut problems = Vec::new();
    for one in all {
        match &one.subject {
            Subject::Page(id) if !pages.iter().any(|page| page.id == *id) => {
                let names: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
                let hint = format!("write {FIRST_SCREEN} for the first screen, or one of {}", names.join(", "));
                problems.push(problem(&one.file, 1, format!("there is no page `{id}`"), hint));
            }
            Subject::Measure(id) if !known(id) => problems.push(no_measure(&one.file, 1, id, measures)),
            _ => {}
        }
        let linked = one.remarks.iter().filter_map(|remark| Some((remark.line, remark.measure.as_ref()?)));
        for (line, id) in linked.filter(|(_, id)| one.subject != Subject::Measure((*id).clone()) && !known(id)) {
            problems.push(no_measure(&one.file, line, id, measures));
        }
    }
    problems
}

fn no_measure(file: &str, line: usize, id: &str, measures: &[Measure]) -> Problem {
    problem(file, line, format!("there is no measure `{id}`"), super::resolve::nearest(id, measures))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::fixture::report;

    const GOOD: &str = "+++\npage = \"first\"\nauthor_role = \"Head of safeguarding\"\nstatus = \"approved\"\napproved_by = \"Director\"\napproved_on = 2026-11-12\n+++\n\nFewer children [went missing again](measure:missing_again).\n\n- Nobody has **asked** why [help starts late](measure:help_started).\n";

    fn october() -> Month {
        "2026-10".parse().unwrap()
    }

    fn said(text: &str) -> Vec<String> {
        parse_commentary("c.md", october(), text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_remark_is_a_paragraph_or_a_list_item_and_leads_to_its_measure() {
        let one = parse_commentary("c.md", october(), GOOD).unwrap();
        assert_eq!(one.subject, Subject::FirstScreen);
        assert_eq!(one.status, Status::Approved { by_role: "Director".into(), on: "2026-11-12".parse().unwrap() });
        let lines: Vec<usize> = one.remarks.iter().map(|remark| remark.line).collect();
        assert_eq!(lines, [9, 11]);
        assert_eq!(one.remarks[0].text, "Fewer children went missing again.");
        assert_eq!(one.remarks[1].measure.as_deref(), Some("help_started"));
        assert_eq!(
            one.remarks[1].html("../"),
            "Nobody has <strong>asked</strong> why <a href=\"../measures/help_started\">help starts late</a>."
        );
        assert!(check_commentary(&[one], &[], &report().measures).is_empty());
    }

    #[test]
    fn the_authors_own_markup_is_only_words() {
        let one = parse_commentary("c.md", october(), &GOOD.replace("Fewer", "<b onclick=\"x()\">Fewer</b>")).unwrap();
        assert!(!one.remarks[0].html("./").contains("<b"), "{}", one.remarks[0].html("./"));
    }

    #[test]
    fn approval_is_by_a_role_on_a_day_and_a_draft_has_none() {
        assert!(said(&GOOD.replace("approved_on = 2026-11-12\n", ""))[0].contains("not by a role and on a day"));
        assert!(said(&GOOD.replace("\"approved\"", "\"draft\""))[0].contains("a draft says who approved it"));
        assert!(said(&GOOD.replace("2026-11-12", "2026-09-30"))[0].contains("approved before its month began"));
        let draft = GOOD
            .replace("\"approved\"", "\"draft\"")
            .replace("approved_by = \"Director\"\napproved_on = 2026-11-12\n", "");
        assert!(!parse_commentary("c.md", october(), &draft).unwrap().is_approved());
        let approved = || vec![parse_commentary("c.md", october(), GOOD).unwrap()];
        let beside = |as_at: &str| beside(approved(), october(), as_at.parse().unwrap()).remove(0);
        assert!(beside("2026-10-31").is_approved() && beside("2026-11-12").is_approved());
        // A release of 28 November is still of October, whose last complete month it is; nobody had seen it on the 12th.
        let outrun = beside("2026-11-28");
        assert!(!outrun.is_approved());
        assert!(outrun.status.in_words().contains("12 November 2026 for earlier figures, not for these"));
    }

    #[test]
    fn every_problem_is_listed_at_once_with_its_line() {
        let text = GOOD.replace("page = \"first\"", "page = \"first\"\nmeasure = \"missing_again\"")
            + "\nA [prolific](https://example.org/) child.\n\nNothing is linked here.\n";
        let found = parse_commentary("c.md", october(), &text).unwrap_err();
        let at: Vec<(usize, bool)> = found.iter().map(|one| (one.line, one.says.contains("never printed"))).collect();
        assert_eq!(at, [(1, false), (14, false), (14, true)], "{found:?}");
        let long = GOOD.to_owned() + "\nThird [one](measure:a).\n\nFourth, and [a measure](measure:b).\n\nFifth.\n";
        let found = parse_commentary("c.md", october(), &long).unwrap_err();
        let lines: Vec<usize> = found.iter().map(|one| one.line).collect();
        assert_eq!(lines, [15, 17], "{found:?}");
        assert!(said("no front matter")[0].contains("does not begin with front matter"));
        assert!(said(GOOD.split("\nFewer").next().unwrap())[0].contains("nothing is said"));
    }

    #[test]
    fn a_fault_of_the_front_matter_hides_none_of_what_is_beneath() {
        let text = GOOD
            .replace("status = \"approved\"", "status = \"aproved\"")
            .replace("author_role = \"Head of safeguarding\"\n", "")
            .replace("page = \"first\"", "page = \"mising\"")
            .replace("measure:missing_again", "measure:missing_agian");
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("2026-10")).unwrap();
        std::fs::write(folder.path().join("2026-10/a.md"), text).unwrap();
        let (all, mut found) = load_all_commentary(folder.path());
        found.extend(check_commentary(&all, &crate::dashboards::load(None).unwrap(), &report().measures));
        let said: Vec<(usize, &str)> = found.iter().map(|one| (one.line, one.says.as_str())).collect();
        assert_eq!(
            said,
            [
                (3, "unknown variant `aproved`, expected `draft` or `approved`"),
                (1, "missing field `author_role`"),
                (1, "there is no page `mising`"),
                (8, "there is no measure `missing_agian`"),
            ]
        );
    }

    #[test]
    fn what_it_names_must_be_there() {
        let page = parse_commentary("p.md", october(), &GOOD.replace("\"first\"", "\"mising\"")).unwrap();
        let link = parse_commentary("l.md", october(), &GOOD.replace("missing_again", "missing_agian")).unwrap();
        let found = check_commentary(&[page, link], &crate::dashboards::load(None).unwrap(), &report().measures);
        let said: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("p.md:1: there is no page `mising`"), "{said:?}");
        assert_eq!(said[1], "l.md:9: there is no measure `missing_agian`\nhint: did you mean `missing_again`?");
    }

    #[test]
    fn folders_are_months_and_a_subject_has_one_file_a_month() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("2026-09/first.md", &GOOD.replace("2026-11-12", "2026-10-12"));
        write("2026-10/a.md", GOOD);
        write("notes.txt", "not commentary");
        let all = load_commentary(folder.path()).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(about(&all, october(), &Subject::FirstScreen).unwrap().file, "commentary/2026-10/a.md");
        write("2026-10/b.md", GOOD);
        write("october/c.md", GOOD);
        let found = load_commentary(folder.path()).unwrap_err();
        let said: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(said[1].starts_with("commentary/october:1: the folder is not named for a month"), "{said:?}");
        assert!(
            said[0].starts_with("commentary/2026-10/b.md:1: `commentary/2026-10/a.md` is about the same"),
            "{said:?}"
        );
        assert!(load_commentary(&folder.path().join("none")).unwrap().is_empty());
    }
}
