//! The checks on `partnership.toml`: each names its key, its rule and what to write instead.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;

use super::raw::{OneOrMany, RawConfig, RawDisclosure, RawEvent, RawFinding, RawPublished, RawSource, RawTarget};
use super::{
    Cadence, Config, DateFormat, FILE, Format, Problem, Problems, Source, TomlFault, TomlRead, read_iso, read_toml,
};
use crate::disclosure::Policy;
use crate::published::PublishedSettings;
use crate::release::{AnsweredBy, Approval, Event, InspectionFinding, Target};

/// Titles of events are drawn on charts.
const LONGEST_TITLE: usize = 50;

/// Settings, or everything that is wrong with them.
pub(super) fn config(text: &str, events_csv: Option<&[u8]>) -> Result<Config, Problems> {
    let TomlRead { value, faults, put_aside } = read_toml::<RawConfig>(text);
    let mut problems: Vec<Problem> = faults.into_iter().map(unreadable).collect();
    let Some(raw) = value else { return Err(Problems(problems)) };
    let mut checks = Checks::default();
    let config = checks.config(raw, events_csv);
    // A key that is missing because it was put aside has been told of.
    let is_told = |problem: &Problem| put_aside.iter().any(|key| problem.says.ends_with(&format!("{key}` is missing")));
    problems.extend(checks.problems.into_iter().filter(|problem| !is_told(problem)));
    if problems.is_empty() { Ok(config) } else { Err(Problems(problems)) }
}

/// What the TOML reader says, with its line.
fn unreadable(fault: TomlFault) -> Problem {
    Problem::new(FILE, "F02", fault.says).rows(fault.line.map(|line| line as u64).into_iter().collect()).hint(
        "the keys of each table are in partnership.schema.json, which `sightline init` and `sightline reference` write; a key of ours in the wrong table is unknown there",
    )
}

#[derive(Default)]
struct Checks {
    problems: Vec<Problem>,
}

impl Checks {
    fn wrong(&mut self, key: &str, says: impl Into<String>, hint: impl Into<Box<str>>) {
        self.problems.push(Problem::new(FILE, "F03", says).column(key).hint(hint));
    }

    fn needed(&mut self, key: &str, value: Option<String>, example: &str) -> String {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        value.unwrap_or_else(|| {
            self.wrong(key, format!("`{key}` is missing"), format!("write {example}"));
            String::new()
        })
    }

    fn config(&mut self, raw: RawConfig, events_csv: Option<&[u8]>) -> Config {
        let name = self.needed("name", raw.name, "name = \"Northmoor Safeguarding Children Partnership\"");
        let area = self.needed("area", raw.area, "area = \"Northmoor\"");
        let as_at = self.date("as_at", raw.as_at.as_ref());
        let financial_year_starts =
            self.between("financial_year_starts", raw.financial_year_starts, 1, 12).unwrap_or(4);
        let policy = raw.disclosure.policy.as_deref().unwrap_or("dfe").parse().unwrap_or_else(|_| {
            self.wrong(
                "disclosure.policy",
                "`disclosure.policy` is not a policy we know",
                "write policy = \"dfe\", \"strict\" or \"internal\"",
            );
            crate::disclosure::Policy::default()
        });
        let public = self.public(raw.disclosure.public_edition.as_deref());
        let approval = self.approval(policy, &raw.disclosure);
        if raw.board_reads.as_deref().is_some_and(|edition| edition != "board") {
            self.wrong(
                "board_reads",
                "`board_reads` is not an edition a board may read",
                "write board_reads = \"board\"",
            );
        }
        let identity = raw.identity.and_then(|raw| super::identity::checked(raw, &mut self.problems));
        let sources = self.sources(raw.source);
        let targets = self.targets(raw.target);
        let findings = self.findings(raw.finding);
        let published = raw.published.map(|published| self.published(published));
        let mut events = self.events(raw.event);
        if let Some(bytes) = events_csv {
            events.extend(self.events_file(bytes));
        }
        events.sort_by(|a, b| (a.on, &a.title).cmp(&(b.on, &b.title)));
        Config {
            name,
            area,
            as_at,
            financial_year_starts,
            pseudonym_key_file: raw.pseudonym_key_file.map(PathBuf::from),
            sample: raw.sample,
            definitions: raw.definitions,
            drift: raw.drift,
            policy,
            public,
            identity,
            approval,
            sources,
            targets,
            findings,
            published,
            events,
        }
    }

    /// What is published is never under the policy that a board alone may read.
    fn public(&mut self, policy: Option<&str>) -> Option<Policy> {
        let found = policy?.parse().ok().filter(|policy| *policy != Policy::Internal);
        if found.is_none() {
            self.wrong(
                "disclosure.public_edition",
                "`disclosure.public_edition` is not a policy to publish under",
                "write public_edition = \"dfe\" or \"strict\"",
            );
        }
        found
    }

    /// `internal` shows a board exact totals: only with who allowed it, on which assessment, and when.
    fn approval(&mut self, policy: Policy, raw: &RawDisclosure) -> Option<Approval> {
        if policy != Policy::Internal {
            return None;
        }
        let approver =
            self.needed("disclosure.approved_by", raw.approved_by.clone(), "approved_by = \"Caldicott Guardian\"");
        let assessment = self.needed(
            "disclosure.impact_assessment",
            raw.impact_assessment.clone(),
            "impact_assessment = \"DPIA-2026-014\"",
        );
        let on = self.date("disclosure.approved_on", raw.approved_on.as_ref());
        if raw.approved_on.is_none() {
            self.wrong(
                "disclosure.approved_on",
                "`disclosure.approved_on` is missing",
                "write approved_on = 2026-09-30, the day it was approved",
            );
        }
        Some(Approval { approver, assessment, on: on? })
    }

    fn sources(&mut self, raw: Vec<RawSource>) -> Vec<Source> {
        if raw.is_empty() {
            self.wrong("source", "there is no `[[source]]`", "add one for each extract an agency sends");
        }
        let mut names = BTreeSet::new();
        let mut sources = Vec::new();
        for (index, one) in raw.into_iter().enumerate() {
            let source = self.source(index + 1, one);
            if !source.name.is_empty() && !names.insert(source.name.clone()) {
                self.wrong(
                    "name",
                    format!("two sources are named `{}`", source.name),
                    "give each source a name of its own",
                );
            }
            sources.push(source);
        }
        sources
    }

    fn source(&mut self, number: usize, raw: RawSource) -> Source {
        let label = raw.name.clone().unwrap_or_else(|| format!("number {number}"));
        let key = |key: &str| format!("source {label}: {key}");
        let name = self.needed(&key("name"), raw.name, "name = \"police-missing\"");
        let agency = self.needed(&key("agency"), raw.agency, "agency = \"police\"");
        let format = match raw.format.as_deref() {
            Some("native") => Format::Native,
            Some("ssd") => Format::Ssd,
            Some("ssda903") => Format::Ssda903,
            Some("dfe_factors") => Format::DfeFactors,
            given => {
                let says = if given.is_some() { "is not a format we know" } else { "is missing" };
                self.wrong(
                    &key("format"),
                    format!("`{}` {says}", key("format")),
                    "write format = \"native\", \"ssd\", \"ssda903\" or \"dfe_factors\"",
                );
                Format::Native
            }
        };
        let paths = match raw.path {
            Some(OneOrMany::One(path)) => vec![path],
            Some(OneOrMany::Many(paths)) => paths,
            None => Vec::new(),
        };
        if paths.iter().all(|path| path.trim().is_empty()) {
            self.wrong(&key("path"), format!("`{}` is missing", key("path")), "write path = \"extracts/police/*.csv\"");
        }
        if paths.iter().any(|path| path.contains("://")) {
            self.wrong(
                &key("path"),
                format!("`{}` is an address", key("path")),
                "only files are read: save the extract into the project folder",
            );
        }
        let date_format = raw.date_format.as_deref().and_then(|written| {
            let format = DateFormat::new(written);
            if format.is_none() {
                self.wrong(
                    &key("date_format"),
                    format!("`{}` names no day, month and year", key("date_format")),
                    "write it as DD/MM/YYYY or %d/%m/%Y",
                );
            }
            format
        });
        let encoding = raw.encoding.as_deref().and_then(|label| {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
            if encoding.is_none() {
                self.wrong(
                    &key("encoding"),
                    format!("`{}` is not an encoding we know", key("encoding")),
                    "Excel on Windows writes \"windows-1252\"",
                );
            }
            encoding
        });
        let cadence = raw.cadence.as_deref().and_then(|word| {
            let cadence = [Cadence::Weekly, Cadence::Monthly, Cadence::Quarterly, Cadence::Annual]
                .into_iter()
                .find(|cadence| cadence.as_str() == word);
            if cadence.is_none() {
                self.wrong(
                    &key("cadence"),
                    format!("`{}` is not one we know", key("cadence")),
                    "write weekly, monthly, quarterly or annual",
                );
            }
            cadence
        });
        Source {
            name,
            agency: word(&agency),
            format,
            paths,
            table: raw.table.map(|table| word(&table)),
            date_format,
            encoding,
            data_from: self.date(&key("data_from"), raw.data_from.as_ref()),
            data_to: self.date(&key("data_to"), raw.data_to.as_ref()),
            cadence,
            due_day: self.between(&key("due_day"), raw.due_day, 1, 31),
            owner_role: raw.owner_role,
            smallest_shown: self.between(&key("smallest_shown"), raw.smallest_shown, 2, 50),
            columns: raw.columns.into_iter().map(|(ours, theirs)| (ours.trim().to_lowercase(), theirs)).collect(),
            codes: raw.codes.into_iter().map(|(ours, codes)| (ours.trim().to_lowercase(), by_word(codes))).collect(),
        }
    }

    fn targets(&mut self, raw: Vec<RawTarget>) -> Vec<(String, Target)> {
        let mut targets = Vec::new();
        for one in raw {
            let measure = self.needed("target: measure", one.measure, "measure = \"missing_again\"");
            let owner_role =
                self.needed("target: owner_role", one.owner_role, "owner_role = \"Director of children's services\"");
            let by = self.date("target: by", one.by.as_ref());
            let value = one.value.filter(|value| value.is_finite());
            match (by, value) {
                (Some(by), Some(value)) => {
                    targets.push((measure, Target { value, by, owner_role }));
                }
                _ => self.wrong(
                    "target",
                    "a `[[target]]` lacks its value or its date",
                    "write value = 0.25 and by = 2026-03-31",
                ),
            }
        }
        targets
    }

    fn published(&mut self, raw: RawPublished) -> PublishedSettings {
        let area_code = self.needed("published: area_code", raw.area_code, "area_code = \"E06000001\"");
        PublishedSettings { area_code, neighbours: raw.neighbours }
    }

    fn findings(&mut self, raw: Vec<RawFinding>) -> Vec<InspectionFinding> {
        let mut findings: Vec<InspectionFinding> = Vec::new();
        for one in raw {
            let id = self.needed("finding: id", one.id, "id = \"F1\", as actions name it");
            let says = self.needed("finding: says", one.says, "says = \"…\", in the inspectors' words");
            let answered_by = match one.answered_by.as_deref() {
                None | Some("measures") => AnsweredBy::Measures,
                Some("plan") => AnsweredBy::Plan,
                Some("moved") => AnsweredBy::Moved,
                Some("outcomes") => AnsweredBy::Outcomes,
                Some(_) => {
                    self.wrong(
                        "finding: answered_by",
                        "`answered_by` is not an answer we know",
                        "write measures, plan, moved or outcomes",
                    );
                    AnsweredBy::Measures
                }
            };
            if !id.is_empty() && findings.iter().any(|other| other.id == id) {
                self.wrong("finding: id", format!("two findings are `{id}`"), "give each finding an id of its own");
            }
            findings.push(InspectionFinding { id, says, measures: one.measures, answered_by });
        }
        findings
    }

    fn events(&mut self, raw: Vec<RawEvent>) -> Vec<Event> {
        let mut events = Vec::new();
        for one in raw {
            let title = self.needed("event: title", one.title, "title = \"New front door\"");
            match self.date("event: on", one.on.as_ref()) {
                Some(on) => {
                    let rebase = self.rebase(one.rebase, one.reason.as_deref());
                    events.push(Event { on, title: self.short(title), measures: one.measures, rebase });
                }
                None => self.wrong("event: on", "an `[[event]]` has no date", "write on = 2026-03-31"),
            }
        }
        events
    }

    /// Why limits start anew, where they do; nothing else may move them.
    fn rebase(&mut self, asked: bool, reason: Option<&str>) -> Option<String> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if asked && reason.is_none() {
            self.wrong(
                "event: rebase",
                "an event starts control limits anew without saying why",
                "write the reason, such as: police now record every absence as missing",
            );
        }
        reason.filter(|_| asked).map(str::to_owned)
    }

    /// `events.csv`: on, title, measures with `;` between; rebase (yes or empty) with its reason.
    fn events_file(&mut self, bytes: &[u8]) -> Vec<Event> {
        let wrong = |says: &str, rows: Vec<u64>| {
            Problem::new("events.csv", "F03", says)
                .rows(rows)
                .hint("columns are on, title, measures, rebase, reason; dates are written YYYY-MM-DD")
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let Ok(headers) = reader.headers().cloned() else {
            self.problems.push(wrong("cannot be read as UTF-8 text", Vec::new()));
            return Vec::new();
        };
        let place = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
        let (Some(on), Some(title)) = (place("on"), place("title")) else {
            self.problems.push(wrong("lacks the column `on` or `title`", Vec::new()));
            return Vec::new();
        };
        let (measures, rebase, reason) = (place("measures"), place("rebase"), place("reason"));
        let (mut events, mut unreadable) = (Vec::new(), Vec::new());
        for (index, record) in reader.records().enumerate() {
            let read = record.ok().and_then(|record| {
                let on = read_iso(record.get(on)?)?.on;
                let listed = measures.and_then(|column| record.get(column)).unwrap_or_default();
                let measures =
                    listed.split(';').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
                let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
                let asked = matches!(word(cell(rebase)).as_str(), "yes" | "y" | "true");
                let event = Event { on, title: record.get(title)?.to_owned(), measures, rebase: None };
                Some((event, asked, cell(reason).to_owned()))
            });
            match read {
                Some((event, asked, reason)) => {
                    let rebase = self.rebase(asked, Some(&reason));
                    events.push(Event { rebase, ..event });
                }
                None => unreadable.push(index as u64 + 2),
            }
        }
        if !unreadable.is_empty() {
            self.problems.push(wrong("has rows without a readable date and title", unreadable));
        }
        for event in &mut events {
            event.title = self.short(std::mem::take(&mut event.title));
        }
        events
    }

    fn short(&mut self, title: String) -> String {
        if title.chars().count() > LONGEST_TITLE {
            self.wrong(
                "event: title",
                format!("the title of an event is longer than {LONGEST_TITLE} characters"),
                "it is drawn on charts: shorten it",
            );
        }
        title
    }

    fn between(&mut self, key: &str, value: Option<i64>, least: u32, most: u32) -> Option<u32> {
        let value = value?;
        let fits = u32::try_from(value).ok().filter(|value| (least..=most).contains(value));
        if fits.is_none() {
            self.wrong(
                key,
                format!("`{key}` is not between {least} and {most}"),
                format!("write a whole number from {least} to {most}"),
            );
        }
        fits
    }

    /// A date, written bare or in quotes.
    fn date(&mut self, key: &str, value: Option<&toml::Value>) -> Option<NaiveDate> {
        let value = value?;
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(date) => date.to_string(),
            _ => String::new(),
        };
        let date = read_iso(text.trim()).filter(|read| read.time_ms.is_none()).map(|read| read.on);
        if date.is_none() {
            self.wrong(key, format!("`{key}` is not a date"), "write it as 2026-03-31");
        }
        date
    }
}

/// A word as our codes are written: lower case, underscores for spaces and hyphens.
pub(crate) fn word(text: &str) -> String {
    text.trim().chars().map(|c| if c == ' ' || c == '-' || c == '/' { '_' } else { c.to_ascii_lowercase() }).collect()
}

fn by_word(codes: BTreeMap<String, String>) -> BTreeMap<String, String> {
    codes.into_iter().map(|(theirs, ours)| (word(&theirs), ours)).collect()
}
