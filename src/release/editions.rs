//! The editions of a draft as bytes, and the manifest that names them.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use crate::disclosure::exact_for_restricted;
use crate::domain::Figure;

use super::figures_csv;
use super::found;
use super::gate::{self, Before, Withheld};
use super::manifest::{Manifest, hash, json};
use super::protect::{protect_links, protect_sources};
use super::protect_workforce::protect_workforce;
use super::support::protect_support;
use super::{
    About, Board, Draft, Edition, Measure, Protected, ReleaseError, Report, Restricted, SCHEMA, Source, SupportEffect,
    Workforce,
};

/// A release as bytes: the manifest, not yet sealed, and its files by path.
pub(super) struct Editions {
    pub(super) manifest: Manifest,
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) withheld: Withheld,
    /// What the public edition withholds, where one is made.
    pub(super) public: Option<Withheld>,
}

/// Makes every edition. The same draft makes the same bytes, in whatever order its figures come.
///
/// # Errors
/// Where two figures stand in one place, or where what an edition withholds could be worked out from it and from what the same
/// edition showed `before`.
pub(super) fn make(
    draft: Draft,
    before: impl Fn(Protected) -> Result<Vec<Before>, ReleaseError>,
) -> Result<Editions, ReleaseError> {
    check(&exact_for_restricted(&draft.figures))?;
    tracing::info!(stage = "disclosure and its audit");
    let found = found::same_counts(&draft.measures, &draft.figures);
    let mut known = draft.measures.clone();
    for measure in &mut known {
        measure.relations.extend(found.get(&measure.id).into_iter().flatten().cloned());
    }
    let pass = |draft: &Draft, edition: Protected| {
        let refused = |findings| ReleaseError::Disclosure { edition, findings };
        gate::pass(draft, &known, &before(edition)?).map_err(refused)
    };
    let gated = pass(&draft, Protected::Board)?;
    let withheld = Withheld { same_counts: found::in_words(&found), ..gated.withheld };
    let mut files = BTreeMap::new();
    let mut editions = BTreeMap::new();
    let mut add = |name: &str, id: String| editions.insert(name.to_owned(), id);
    let mut withheld_of_public = None;
    if let Some(policy) = draft.public {
        // As read by people who do not have the board's.
        let public = Draft { policy, approval: None, ..draft.clone() };
        let gated = pass(&public, Protected::Public)?;
        add(
            Protected::Public.name(),
            lay_out(protected(&public, gated.figures, true), Protected::Public.name(), &mut files),
        );
        withheld_of_public = Some(gated.withheld);
    }
    add(Board::NAME, lay_out(protected(&draft, gated.figures, false), Board::NAME, &mut files));
    // What was found is for `verify`; on the board edition it would say of withheld counts that they are the same.
    let restricted = Report { measures: known, ..exact(&draft) };
    add(Restricted::NAME, lay_out(restricted, Restricted::NAME, &mut files));
    let hashes = files.iter().map(|(path, bytes)| (path.clone(), hash(bytes))).collect();
    let manifest = Manifest {
        schema: SCHEMA,
        sightline: env!("CARGO_PKG_VERSION").to_owned(),
        id: String::new(),
        as_at: draft.about.as_at,
        sequence: 0,
        policy: draft.policy,
        public: draft.public,
        editions,
        inputs: draft.inputs,
        readings: draft.readings.iter().map(|(source, reading)| (source.clone(), hash(reading.as_bytes()))).collect(),
        data_to: draft.sources.iter().map(|source| (source.name.clone(), source.data_to)).collect(),
        definitions: hash(&json(&draft.about.definitions)),
        queries: draft.measures.iter().map(|measure| (measure.id.clone(), definition_hash(measure))).collect(),
        hashes,
        seal: String::new(),
    };
    Ok(Editions { manifest: manifest.identified(), files, withheld, public: withheld_of_public })
}

impl Measure {
    /// Its version: changes with its query, its definition or its thresholds, and with nothing else.
    pub fn version(&self) -> String {
        definition_hash(self).chars().take(8).collect()
    }
}

/// What a measure counts: its query and its words, not whether this month's data can answer.
fn definition_hash(measure: &Measure) -> String {
    hash(&json(&(
        &measure.sql,
        &measure.definition,
        &measure.numerator,
        &measure.denominator,
        &measure.method,
        measure.horizon_days,
    )))
}

/// What a reader of an edition under the draft's policy may be shown, of figures that passed the gate.
fn protected(draft: &Draft, shown: Vec<Figure>, public: bool) -> Report<Board> {
    let mut policy = draft.policy.in_words().to_owned();
    policy.extend(draft.approval.iter().map(super::Approval::in_words));
    let links = protect_links(draft.policy, draft.about.links.clone());
    let sources = protect_sources(draft.policy, draft.sources.clone());
    let support = protect_support(draft.policy, draft.support.clone());
    let workforce = draft.workforce.clone().map(|exact| protect_workforce(draft.policy, exact));
    report(draft, About { policy, public, links, ..draft.about.clone() }, sources, support, workforce, shown)
}

fn exact(draft: &Draft) -> Report<Restricted> {
    let about = About { policy: String::from("exact: for analyst and scrutineer alone"), ..draft.about.clone() };
    let (sources, support, workforce) = (draft.sources.clone(), draft.support.clone(), draft.workforce.clone());
    report(draft, about, sources, support, workforce, exact_for_restricted(&draft.figures))
}

/// An edition of these, and of what every edition shows whole: the plan, which is about the work of agencies, and what is
/// public.
fn report<E: Edition>(
    draft: &Draft,
    about: About,
    sources: Vec<Source>,
    support: Vec<SupportEffect>,
    workforce: Option<Workforce>,
    figures: Vec<Figure>,
) -> Report<E> {
    Report {
        id: String::new(),
        about,
        measures: draft.measures.clone(),
        sources: sources.into_iter().map(as_kept).collect(),
        support,
        plan: draft.plan.clone(),
        workforce,
        findings: draft.findings.clone(),
        residents: draft.residents.clone(),
        published: draft.published.clone(),
        figures: figures.into_iter().map(figures_csv::as_kept).collect(),
        edition: PhantomData,
    }
}

fn as_kept(mut source: Source) -> Source {
    for share in source.completeness.values_mut() {
        *share = figures_csv::rounded(*share);
    }
    source
}

/// Adds the edition's files and returns its id: a hash of the report with the id blank, and of the figures.
fn lay_out<E: Edition>(mut report: Report<E>, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> String {
    let mut figures = Vec::new();
    figures_csv::write(&report.figures, &mut figures).expect("memory takes what is written to it");
    report.id = edition_id(&json(&report), &figures);
    let id = report.id.clone();
    files.insert(report_path(name), json(&report));
    files.insert(figures_path(name), figures);
    id
}

/// The printed id of an edition, from `report.json` with its id blank and `figures.csv`.
pub(super) fn edition_id(blank_report: &[u8], figures: &[u8]) -> String {
    hash(format!("{}{}", hash(blank_report), hash(figures)).as_bytes())
}

/// `board/report.json`.
pub(super) fn report_path(edition: &str) -> String {
    format!("{edition}/report.json")
}

/// `board/figures.csv`.
pub(super) fn figures_path(edition: &str) -> String {
    format!("{edition}/figures.csv")
}

/// One row per figure, each a number where it has one. `figures` are in order.
fn check(figures: &[Figure]) -> Result<(), ReleaseError> {
    let mut seen = BTreeSet::new();
    for figure in figures {
        let at = || format!("{} {} {}", figure.dimension, figure.level, figure.period);
        let problem = if !seen.insert((&figure.measure, figure.dimension, &figure.level, figure.period)) {
            format!("two figures for {}", at())
        } else if [figure.value, figure.lower, figure.upper].into_iter().flatten().any(|number| !number.is_finite()) {
            format!("the figure for {} is not a number", at())
        } else {
            continue;
        };
        return Err(ReleaseError::Figure { measure: figure.measure.clone(), problem });
    }
    Ok(())
}
