//! The two editions of a draft as bytes, and the manifest that names them.

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
use super::support::{SupportEffect, protect_support};
use super::{Board, Draft, Edition, Measure, ReleaseError, Report, Restricted, SCHEMA, Source};

/// A release as bytes: the manifest, not yet sealed, and its files by path.
pub(super) struct Editions {
    pub(super) manifest: Manifest,
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) withheld: Withheld,
}

/// Makes both editions. The same draft makes the same bytes, in whatever order its figures come.
///
/// # Errors
/// Where two figures stand in one place, or where what the board edition withholds could be worked out from it and from
/// what was shown `before`.
pub(super) fn make(draft: Draft, before: &[Before]) -> Result<Editions, ReleaseError> {
    check(&exact_for_restricted(&draft.figures))?;
    tracing::info!(stage = "disclosure and its audit");
    let found = found::same_counts(&draft.measures, &draft.figures);
    let mut known = draft.measures.clone();
    for measure in &mut known {
        measure.relations.extend(found.get(&measure.id).into_iter().flatten().cloned());
    }
    let gated = gate::pass(&draft, &known, before)?;
    let withheld = Withheld { same_counts: found::in_words(&found), ..gated.withheld };
    let (board, mut restricted) = reports(draft.clone(), gated.figures);
    // For `verify`; on the board edition it would say of withheld counts that they are the same.
    restricted.measures = known;
    let mut files = BTreeMap::new();
    let mut editions = BTreeMap::new();
    editions.insert(Board::NAME.to_owned(), lay_out(board, &mut files));
    editions.insert(Restricted::NAME.to_owned(), lay_out(restricted, &mut files));
    let hashes = files.iter().map(|(path, bytes)| (path.clone(), hash(bytes))).collect();
    let manifest = Manifest {
        schema: SCHEMA,
        sightline: env!("CARGO_PKG_VERSION").to_owned(),
        id: String::new(),
        as_at: draft.about.as_at,
        sequence: 0,
        policy: draft.policy,
        editions,
        inputs: draft.inputs,
        readings: draft.readings.iter().map(|(source, reading)| (source.clone(), hash(reading.as_bytes()))).collect(),
        data_to: draft.sources.iter().map(|source| (source.name.clone(), source.data_to)).collect(),
        definitions: hash(&json(&draft.about.definitions)),
        queries: draft.measures.iter().map(|measure| (measure.id.clone(), definition_hash(measure))).collect(),
        hashes,
        seal: String::new(),
    };
    Ok(Editions { manifest: manifest.identified(), files, withheld })
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

fn reports(draft: Draft, shown: Vec<Figure>) -> (Report<Board>, Report<Restricted>) {
    let exact = exact_for_restricted(&draft.figures);
    let mut about = draft.about;
    about.policy = String::from("exact: for analyst and scrutineer alone");
    let mut board_about = about.clone();
    draft.policy.in_words().clone_into(&mut board_about.policy);
    board_about.policy.extend(draft.approval.iter().map(super::Approval::in_words));
    board_about.links = protect_links(draft.policy, board_about.links);
    let board_sources = protect_sources(draft.policy, draft.sources.clone());
    let board_support = protect_support(draft.policy, draft.support.clone());
    let mut board = report(board_about, draft.measures.clone(), board_sources, board_support, shown);
    let mut restricted = report(about, draft.measures, draft.sources, draft.support, exact);
    // The plan is about the work of agencies: both editions show it whole.
    (board.plan, board.findings) = (draft.plan.clone(), draft.findings.clone());
    (board.residents, restricted.residents) = (draft.residents.clone(), draft.residents);
    (board.published, restricted.published) = (draft.published.clone(), draft.published);
    board.workforce = draft.workforce.clone().map(|exact| protect_workforce(draft.policy, exact));
    (restricted.plan, restricted.findings, restricted.workforce) = (draft.plan, draft.findings, draft.workforce);
    (board, restricted)
}

fn report<E: Edition>(
    about: super::About,
    measures: Vec<Measure>,
    mut sources: Vec<Source>,
    support: Vec<SupportEffect>,
    figures: Vec<Figure>,
) -> Report<E> {
    for share in sources.iter_mut().flat_map(|source| source.completeness.values_mut()) {
        *share = figures_csv::rounded(*share);
    }
    Report {
        id: String::new(),
        about,
        measures,
        sources,
        support,
        plan: None,
        workforce: None,
        findings: Vec::new(),
        residents: Vec::new(),
        published: None,
        figures: figures.into_iter().map(figures_csv::as_kept).collect(),
        edition: PhantomData,
    }
}

/// Adds the edition's files and returns its id: a hash of the report with the id blank, and of the figures.
fn lay_out<E: Edition>(mut report: Report<E>, files: &mut BTreeMap<String, Vec<u8>>) -> String {
    let mut figures = Vec::new();
    figures_csv::write(&report.figures, &mut figures).expect("memory takes what is written to it");
    report.id = edition_id(&json(&report), &figures);
    let id = report.id.clone();
    files.insert(report_path(E::NAME), json(&report));
    files.insert(figures_path(E::NAME), figures);
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
