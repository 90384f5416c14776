//! `init`: a project folder of one's own: asks or takes flags, creates the key, writes settings that `check` accepts.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::Args;
use serde_json::json;

use super::tell::Tell;
use crate::config::{self, Config, Format, Key};
use crate::ingest::{columns, tables};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) project: super::Project,
    /// The partnership's name.
    #[arg(long)]
    name: Option<String>,
    /// The area it covers.
    #[arg(long)]
    area: Option<String>,
    /// What an agency sends: `police:missing_episodes`, `council:ssd`, `council:ssda903`. May be given several times.
    #[arg(long = "source", value_name = "AGENCY:TABLE")]
    sources: Vec<String>,
    /// Where the pseudonym key is kept: outside the project folder (the usual place unless named).
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// What is begun with where nobody says what is sent.
const FIRST_SOURCES: [&str; 4] =
    ["council:children", "council:missing_episodes", "police:missing_episodes", "council:risk_assessments"];

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let settings = folder.join(config::FILE);
    if settings.exists() {
        bail!(
            "`{}` is there already\nhint: nothing was changed; `sightline check` says what is wrong with it",
            settings.display()
        );
    }
    let name = answer(options.name.as_deref(), "--name", "The partnership's name", "", tell)?;
    let area = answer(options.area.as_deref(), "--area", "The area it covers", "", tell)?;
    let sources = sources(options, tell)?;
    let text = text(&name, &area, &sources, options.key_file.as_deref())?;
    let checked = Config::parse(&text, None).map_err(|problems| anyhow!("{problems}"))?;
    let templates = templates(folder, &sources)?;
    let key = Key::of_project(&checked, folder).map(|_| ()).map_err(|problems| anyhow!("{problems}"));
    fs::write(&settings, &text).map_err(|error| anyhow!("cannot write `{}`: {error}", settings.display()))?;
    key?;
    let schema = folder.join(crate::reference::PARTNERSHIP);
    fs::write(&schema, crate::reference::partnership_schema())
        .map_err(|error| anyhow!("cannot write `{}`: {error}", schema.display()))?;
    let mut words = format!("written: {}\n", settings.display());
    for path in &templates {
        let _ = writeln!(words, "written: {} (a header alone: put the extract in its place)", path.display());
    }
    let _ = writeln!(
        words,
        "the pseudonym key is kept outside the folder, for its owner alone: make a copy of it\nnext: sightline check {}",
        folder.display()
    );
    tell.say(&words, &json!({ "settings": settings, "templates": templates }));
    Ok(())
}

/// A flag's value, else what the person at the terminal answers.
fn answer(given: Option<&str>, flag: &str, question: &str, usual: &str, tell: &Tell) -> anyhow::Result<String> {
    if let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) {
        return Ok(given.to_owned());
    }
    if !std::io::stdin().is_terminal() {
        if usual.is_empty() {
            bail!("{} is not given\nhint: write {flag} \"…\"", question.to_lowercase());
        }
        return Ok(usual.to_owned());
    }
    tell.ask(question, usual);
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    match (line.trim(), usual) {
        ("", "") => bail!("{} is not given\nhint: write {flag} \"…\"", question.to_lowercase()),
        ("", usual) => Ok(usual.to_owned()),
        (line, _) => Ok(line.to_owned()),
    }
}

/// One source to be.
struct Source {
    agency: String,
    format: Format,
    /// The native table; none where the format has its own files.
    table: Option<String>,
}

/// What the agencies send: by flags, else by what the person at the terminal answers.
fn sources(options: &Options, tell: &Tell) -> anyhow::Result<Vec<Source>> {
    if !options.sources.is_empty() {
        return understood(&options.sources);
    }
    let usual = FIRST_SOURCES.join(" ");
    let question = "What is sent, as AGENCY:TABLE with spaces between";
    until_understood(|| answer(None, "--source", question, &usual, tell), |fault| tell.note(fault))
}

/// Asks again, saying why, until an answer is understood: what was answered before is not lost.
fn until_understood(
    mut ask: impl FnMut() -> anyhow::Result<String>,
    mut say: impl FnMut(&str),
) -> anyhow::Result<Vec<Source>> {
    loop {
        let given: Vec<String> = ask()?.split_whitespace().map(str::to_owned).collect();
        match understood(&given) {
            Ok(sources) => return Ok(sources),
            Err(error) => say(&error.to_string()),
        }
    }
}

/// The sources named, or every fault of them at once.
fn understood(given: &[String]) -> anyhow::Result<Vec<Source>> {
    let (mut sources, mut faults) = (Vec::new(), Vec::new());
    for one in given {
        match source(one) {
            Ok(source) => sources.push(source),
            Err(error) => faults.push(error.to_string()),
        }
    }
    if faults.is_empty() { Ok(sources) } else { bail!("{}", faults.join("\n")) }
}

fn source(text: &str) -> anyhow::Result<Source> {
    let (agency, table) = text
        .split_once(':')
        .map(|(agency, table)| (config::word(agency), config::word(table)))
        .filter(|(agency, table)| !agency.is_empty() && !table.is_empty())
        .ok_or_else(|| anyhow!("`{text}` is not AGENCY:TABLE\nhint: write police:missing_episodes"))?;
    let format = match table.as_str() {
        "ssd" => Format::Ssd,
        "ssda903" => Format::Ssda903,
        table if columns(Format::Native, table).is_some() => Format::Native,
        table => {
            let known = tables(Format::Native).join(", ");
            bail!("`{table}` is no table we know\nhint: the tables are ssd, ssda903, {known}");
        }
    };
    Ok(Source { agency, format, table: (format == Format::Native).then_some(table) })
}

impl Source {
    fn name(&self) -> String {
        format!("{}-{}", self.agency, self.table.as_deref().unwrap_or(self.format.as_str()).replace('_', "-"))
    }

    /// Beneath the project folder.
    fn path(&self) -> String {
        match (self.format, &self.table) {
            (Format::Native, Some(table)) => format!("extracts/{}/{table}*.csv", self.agency),
            (format, _) => format!("extracts/{}/{}/*.csv", self.agency, format.as_str()),
        }
    }

    /// The files it is made of: path and columns.
    fn files(&self) -> Vec<(String, Vec<&'static str>)> {
        let of = |table: &str| columns(self.format, table).unwrap_or_default();
        match &self.table {
            Some(table) => vec![(format!("extracts/{}/{table}.csv", self.agency), of(table))],
            None => tables(self.format)
                .into_iter()
                .map(|table| (format!("extracts/{}/{}/{table}.csv", self.agency, self.format.as_str()), of(table)))
                .collect(),
        }
    }
}

/// A header alone for each source that has no file yet, so that a sender sees what is asked for and `check` passes.
fn templates(folder: &Path, sources: &[Source]) -> anyhow::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for source in sources {
        let pattern = format!("{}/{}", glob::Pattern::escape(&folder.to_string_lossy()), source.path());
        if glob::glob(&pattern).is_ok_and(|mut found| found.next().is_some()) {
            continue;
        }
        for (path, columns) in source.files() {
            let path = folder.join(path);
            let write = || {
                fs::create_dir_all(path.parent().unwrap_or(folder))?;
                fs::write(&path, format!("{}\n", columns.join(",")))
            };
            write().map_err(|error: std::io::Error| anyhow!("cannot write `{}`: {error}", path.display()))?;
            written.push(path);
        }
    }
    Ok(written)
}

fn text(name: &str, area: &str, sources: &[Source], key_file: Option<&Path>) -> anyhow::Result<String> {
    let mut text = format!(
        "#:schema ./{}\n# The settings of this partnership. `sightline check` lists everything that is wrong with them at once.\n\
         name = {}\narea = {}\n\
         # as_at = 2026-10-31          # the last day counted, unless --as-at says another; else the latest data_to\n\
         financial_year_starts = 4     # April\n",
        crate::reference::PARTNERSHIP,
        quoted(name),
        quoted(area),
    );
    match key_file {
        Some(path) => writeln!(text, "pseudonym_key_file = {}", quoted(&path.to_string_lossy()))?,
        None => text.push_str(
            "# pseudonym_key_file = \"/srv/keys/sightline.key\"   # outside this folder; else the usual place of your account\n",
        ),
    }
    text.push_str(
        "\n# Every threshold has a default, and each is printed where its figure is shown; write one here to change it.\n[definitions]\n",
    );
    for (name, value, decides) in crate::domain::Definitions::default().all() {
        if value.parse::<u64>().is_ok() {
            writeln!(text, "# {name} = {value}    # {decides}")?;
        }
    }
    text.push_str(
        "\n# Small numbers: \"dfe\" withholds counts of 1 to 5; \"strict\" 1 to 7, the rest rounded to 5.\n\
         [disclosure]\npolicy = \"dfe\"\n\
         \n# How much an extract may differ from the last one before a build holds it.\n\
         [drift]\n# rows_percent = 30\n# least_rows = 5\n# least_overlap_percent = 80\n",
    );
    for source in sources {
        write_source(&mut text, source)?;
    }
    text.push_str(
        "\n# A level to reach:\n# [[target]]\n# measure = \"missing_again\"\n# value = 0.25\n# by = 2027-03-31\n# owner_role = \"Missing coordinator\"\n",
    );
    Ok(text)
}

fn write_source(text: &mut String, source: &Source) -> std::fmt::Result {
    writeln!(text, "\n[[source]]\nname = {}\nagency = {}", quoted(&source.name()), quoted(&source.agency))?;
    writeln!(text, "format = \"{}\"\npath = {}", source.format.as_str(), quoted(&source.path()))?;
    if let Some(table) = &source.table {
        writeln!(text, "table = \"{table}\"")?;
    }
    text.push_str(
        "# data_to = 2026-10-31         # the day the extract was cut, never its latest event\n\
         # data_from = 2020-04-01       # the first day it covers: months before it are a gap\n\
         # date_format = \"DD/MM/YYYY\"   # else ISO dates; an ambiguous column is never guessed\n\
         # encoding = \"windows-1252\"    # else UTF-8\n\
         # cadence = \"monthly\"          # weekly, monthly, quarterly, annual\n\
         # due_day = 10                 # of the month after\n\
         # owner_role = \"Performance manager\"\n",
    );
    if source.table.is_some() {
        text.push_str(
            "# columns = { child_id = \"Their name\" }       # ours = \"theirs\"\n\
             # codes = { kind = { \"Their code\" = \"M\" } }   # column = { theirs = \"ours\" }\n",
        );
    }
    Ok(())
}

/// Text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_is_asked_for_again() {
        let mut answers = ["police:diaries council:children", "police:missing_episodes"].into_iter();
        let mut said = Vec::new();
        let sources = until_understood(
            || answers.next().map(str::to_owned).ok_or_else(|| anyhow!("no more answers")),
            |fault| said.push(fault.to_owned()),
        );
        assert_eq!(sources.unwrap().iter().map(Source::name).collect::<Vec<_>>(), ["police-missing-episodes"]);
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("`diaries` is no table we know"), "{said:?}");
    }
}
