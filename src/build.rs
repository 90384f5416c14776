//! Extracts to a release, in order: settings, queries, ingest, marts and measures, disclosure, release.

mod leaders;

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{Datelike as _, NaiveDate};

use crate::config::{Config, Key, Problems};
use crate::dashboards;
use crate::domain::{Definitions, Month};
use crate::ingest::{self, Ledger, Staged, Table};
use crate::marts::{self, day_of};
use crate::measures::{self, MeasureError, Query, QueryProblem};
use crate::published::{self, Published};
use crate::release::{self, About, Definition, Draft, Measure, ReleaseError, Residents, Source, Written};
use crate::state::plan::StateError as PlanStateError;
use crate::state::{self, State, StateError};

/// What stands in the way of a release. The first three are the user's to mend, and are told all at once.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Settings, extracts, queries and pages: everything found wrong.
    #[error("{} to mend", .0.len())]
    Input(Vec<Fault>),
    /// A measure's query does not run over the marts.
    #[error("{0}")]
    Query(#[from] polars::error::PolarsError),
    /// What earlier builds remembered of the action plan cannot be used.
    #[error("{0}")]
    Plan(#[from] PlanStateError),
    /// The release could not be written.
    #[error("{0}")]
    Release(#[from] ReleaseError),
    /// What the last build remembered cannot be read, or what this one must remember cannot be written.
    #[error("{0}")]
    State(#[from] StateError),
}

/// One thing the user must mend, ready to be told or written as JSON.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Fault {
    /// The file it is in.
    pub file: String,
    /// Rows by the file's own lines: the headings are line 1.
    pub rows: Vec<u64>,
    /// The column or key.
    pub column: Option<String>,
    /// The rule broken.
    pub rule: String,
    /// All of it in words, with what to do.
    pub says: String,
}

/// A project that passed every check: ready to build.
pub struct Checked {
    /// The settings.
    pub config: Config,
    /// The measures.
    pub queries: Vec<Query>,
    /// The extracts, typed and pseudonymised, every row accounted for.
    pub staged: Staged,
    /// The last day counted.
    pub as_at: NaiveDate,
    /// What is to be remembered once the release is written.
    pub state: State,
    /// The key of the pseudonyms.
    pub key: Key,
}

/// What a build made.
pub struct Built {
    /// Where the release is.
    pub written: Written,
    /// Every source with its exact reconciliation.
    pub sources: Vec<Source>,
    /// Which rows met which rule, for the people who mend them.
    pub ledger: Ledger,
}

/// What is to be done where an extract no longer looks as it did at the last build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDrift {
    /// It is held, and the differences are told.
    #[default]
    Hold,
    /// A person has seen the differences and accepts them.
    Accept,
}

/// Settings, queries, pages and extracts: everything that is wrong with them, or all of it ready to build.
///
/// Where neither `as_at` nor the settings give the as-at date, it is the latest cut date of the sources, and `today` where
/// none has one or that is still to come.
pub fn check(
    folder: &Path,
    key: Option<&Key>,
    as_at: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Checked, BuildError> {
    check_with(folder, key, as_at, today, OnDrift::Hold)
}

/// As [`check`]; `on_drift` says what becomes of extracts that no longer look as they did.
pub fn check_with(
    folder: &Path,
    key: Option<&Key>,
    as_at: Option<NaiveDate>,
    today: NaiveDate,
    on_drift: OnDrift,
) -> Result<Checked, BuildError> {
    tracing::info!(stage = "settings");
    let config = match Config::read(folder) {
        Ok(config) => config,
        Err(problems) => {
            // No extract can be read without settings; queries and pages can be, at the default thresholds.
            let files = read_files(folder, &Definitions::default(), None, as_at.unwrap_or(today))?;
            return Err(BuildError::Input(faults(&problems).into_iter().chain(files.faults).collect()));
        }
    };
    let given = as_at.or(config.as_at);
    tracing::info!(stage = "reading extracts");
    let own_key = match key {
        Some(key) => Ok(key.clone()),
        None => Key::of_project(&config, folder),
    };
    // What no extract covers is not counted; a cut date still to come is no reason to count days still to come.
    let last_day = |covered: Option<NaiveDate>| given.or(covered.map(|day| day.min(today))).unwrap_or(today);
    let staged = match own_key {
        Ok(key) => ingest::ingest(&config, folder, last_day, &key).map(|staged| (staged, key)),
        Err(Problems(mut problems)) => {
            // What is wrong with the extracts is the same under any key.
            let of_extracts = ingest::ingest(&config, folder, last_day, &Key::from_bytes([0; 32])).err();
            problems.extend(of_extracts.into_iter().flat_map(|Problems(more)| more));
            Err(Problems(problems))
        }
    };
    let as_at = staged.as_ref().map_or_else(|_| last_day(None), |(staged, _)| staged.as_at);
    tracing::info!(stage = "queries and pages");
    let extracts = staged.as_ref().ok().map(|(staged, _)| staged);
    let files = read_files(folder, &config.definitions, extracts, as_at)?;
    let mut found = files.faults;
    found.extend(named_in_settings(&config, &files.named));
    match staged {
        Ok((mut staged, key)) => {
            let remembered = remember(&config, folder, &mut staged, as_at, on_drift)?;
            match remembered {
                Ok(state) if found.is_empty() => {
                    Ok(Checked { config, queries: files.queries, staged, as_at, state, key })
                }
                Ok(_) => Err(BuildError::Input(found)),
                Err(problems) => {
                    found.extend(faults(&problems));
                    Err(BuildError::Input(found))
                }
            }
        }
        Err(problems) => {
            found.extend(faults(&problems));
            Err(BuildError::Input(found))
        }
    }
}

/// A project's own files and those shipped: the queries that can be read, and everything wrong with queries, pages and
/// commentary.
struct Files {
    queries: Vec<Query>,
    named: Named,
    faults: Vec<Fault>,
}

/// Queries, pages and commentary; without `staged`, where the extracts cannot be read, what their rows would show is not known.
fn read_files(
    folder: &Path,
    definitions: &Definitions,
    staged: Option<&Staged>,
    as_at: NaiveDate,
) -> Result<Files, BuildError> {
    let (queries, mut problems) = measures::read_all(folder, definitions, day_of(as_at));
    problems.extend(measures::own_problems(&queries, staged, definitions, as_at)?);
    let named = Named { measures: measures::catalogue(&queries, definitions), unread: unread(&problems) };
    let mut faults: Vec<Fault> = problems.iter().map(query_fault).collect();
    faults.extend(pages_faults(folder, &named));
    Ok(Files { queries, named, faults })
}

/// Compares the extracts with the last build's, and works out how late their records arrive; gives what is to be
/// remembered, or what is held.
fn remember(
    config: &Config,
    folder: &Path,
    staged: &mut Staged,
    as_at: NaiveDate,
    on_drift: OnDrift,
) -> Result<Result<State, Problems>, BuildError> {
    let before = state::read(&folder.join(state::FOLDER))?;
    if on_drift == OnDrift::Hold {
        let held = state::drift(&before, &staged.key_check, &staged.shapes, config.drift);
        if !held.is_empty() {
            return Ok(Err(Problems(held)));
        }
    }
    let after = before.after(&staged.key_check, &staged.shapes);
    let arrived = state::arrived(&after, &staged.shapes, &config.definitions, as_at);
    for source in &mut staged.sources {
        source.reporting = arrived.reporting.get(&source.name).cloned().unwrap_or_default();
    }
    staged.complete_to = arrived.complete_to;
    Ok(Ok(after))
}

fn faults(problems: &Problems) -> Vec<Fault> {
    let fault = |problem: &crate::config::Problem| Fault {
        file: problem.file.clone(),
        rows: problem.rows.clone(),
        column: problem.column.as_deref().map(str::to_owned),
        rule: problem.rule.to_string(),
        says: problem.to_string(),
    };
    problems.0.iter().map(fault).collect()
}

/// The measures that pages and settings may name: those read, and those whose files are told of already.
struct Named {
    measures: Vec<Measure>,
    unread: BTreeSet<String>,
}

/// The measures whose files have a problem.
fn unread(problems: &[QueryProblem]) -> BTreeSet<String> {
    let id = |problem: &QueryProblem| Some(problem.file.strip_prefix("queries/")?.strip_suffix(".sql")?.to_owned());
    problems.iter().filter_map(id).collect()
}

/// What is wrong with the project's pages, shipped ones included, and with its commentary.
fn pages_faults(folder: &Path, named: &Named) -> Vec<Fault> {
    let measures = &named.measures;
    let (pages, mut problems) = dashboards::load_all(Some(&folder.join(dashboards::FOLDER)));
    problems.extend(dashboards::check(&pages, measures));
    let (commentary, unreadable) = dashboards::load_all_commentary(&folder.join(dashboards::commentary::FOLDER));
    problems.extend(unreadable);
    problems.extend(dashboards::check_commentary(&commentary, &pages, measures));
    let fault = |problem: &dashboards::Problem| Fault {
        file: problem.file.clone(),
        rows: vec![problem.line as u64],
        column: None,
        rule: "page".into(),
        says: problem.to_string(),
    };
    let is_told = |problem: &&dashboards::Problem| {
        named.unread.iter().any(|id| problem.says.ends_with(&format!("no measure `{id}`")))
    };
    problems.iter().filter(|problem| !is_told(problem)).map(fault).collect()
}

/// Findings of the inspection, and targets, that name a measure there is none of.
fn named_in_settings(config: &Config, known: &Named) -> Vec<Fault> {
    let unknown = |measure: &str| {
        !measure.is_empty() && !known.measures.iter().any(|one| one.id == measure) && !known.unread.contains(measure)
    };
    let fault = |column: &str, whose: String, measure: &str| Fault {
        file: crate::config::FILE.into(),
        rows: Vec::new(),
        column: Some(column.into()),
        rule: "named".into(),
        says: format!(
            "{}: {whose} names no measure `{measure}`\nhint: {}",
            crate::config::FILE,
            dashboards::nearest(measure, &known.measures)
        ),
    };
    let of_findings = config.findings.iter().flat_map(|finding| {
        let unknown = finding.measures.iter().filter(|measure| unknown(measure));
        unknown.map(|measure| fault("finding: measures", format!("finding `{}`", finding.id), measure))
    });
    let of_targets = config.targets.iter().filter(|(measure, _)| unknown(measure));
    let of_targets = of_targets.map(|(measure, _)| fault("target: measure", "a `[[target]]`".into(), measure));
    of_findings.chain(of_targets).collect()
}

fn query_fault(problem: &QueryProblem) -> Fault {
    Fault {
        file: problem.file.clone(),
        rows: problem.line.map(|line| line as u64).into_iter().collect(),
        column: None,
        rule: "query".into(),
        says: problem.to_string(),
    }
}

/// A release from a project that passed its checks, in `releases`.
pub fn build(checked: Checked, releases: &Path) -> Result<Built, BuildError> {
    let Checked { config, queries, staged, as_at, state, key } = checked;
    let remembered = releases.with_file_name(state::FOLDER);
    tracing::info!(stage = "plan and workforce");
    let plan = leaders::plan_of(&staged, &config, &key, &remembered, as_at)?;
    let about = about(&config, &queries, &staged, as_at);
    let workforce = leaders::workforce_of(&staged, &config, about.month)?;
    let (residents, published) = context_of(&staged, &config, about.month)?;
    let evaluated = measures::evaluate(&queries, &staged, &config, as_at).map_err(|error| match error {
        MeasureError::Queries(problems) => BuildError::Input(problems.iter().map(query_fault).collect()),
        MeasureError::Polars(error) => error.into(),
    })?;
    let draft = Draft {
        about,
        measures: evaluated.measures,
        sources: staged.sources.clone(),
        figures: evaluated.figures,
        support: evaluated.support,
        plan: plan.as_ref().map(|made| made.plan.clone()),
        workforce,
        findings: config.findings.clone(),
        residents,
        published,
        policy: config.policy,
        public: config.public,
        approval: config.approval.clone(),
        interval: |_| None,
        inputs: staged.inputs.iter().cloned().collect(),
        readings: config.sources.iter().map(|source| (source.name.clone(), source.reading())).collect(),
    };
    let written = release::write(releases, draft)?;
    tracing::info!(stage = "remembering");
    // After the release: a build killed between the two remembers too little, never what no release shows.
    state.write(&remembered)?;
    if let Some(made) = plan {
        made.remember(&remembered, as_at)?;
    }
    Ok(Built { written, sources: staged.sources, ledger: staged.ledger })
}

/// What is public: children living in the area by group, and published context.
fn context_of(
    staged: &Staged,
    config: &Config,
    month: Month,
) -> Result<(Vec<Residents>, Option<Published>), BuildError> {
    let table = |table| staged.tables.get(&table).cloned().unwrap_or_default();
    let residents = measures::residents(&table(Table::Population), month.first_on().year())?;
    let printed = marts::printed(&table(Table::PublishedFactors))?;
    let published = config.published.as_ref().and_then(|settings| published::published(&printed, settings));
    Ok((residents, published))
}

fn about(config: &Config, queries: &[Query], staged: &Staged, as_at: NaiveDate) -> About {
    let month = Month::ended_by(as_at);
    let definition = |(name, value, decides): (&str, String, &str)| Definition {
        name: name.to_owned(),
        value,
        decides: decides.to_owned(),
    };
    About {
        partnership: config.name.clone(),
        area: config.area.clone(),
        as_at,
        month,
        sample: config.sample,
        policy: config.policy.in_words().to_owned(),
        public: false,
        definitions: config.definitions.all().into_iter().map(definition).collect(),
        links: staged.links.clone(),
        events: config.events.iter().cloned().chain(queries.iter().flat_map(|query| query.header.events())).collect(),
    }
}
