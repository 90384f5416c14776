//! No board edition without an audit: figures are protected, audited by code that shares nothing with what protected them,
//! made coarser where the audit finds something, and refused where nothing coarser helps.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::auditor::{self, Audit, Facts, Finding, NotRead, PublicRules};
use crate::disclosure::{self, Coarser, Earlier, ExactFigure, Policy, Protection, Relations, Thresholds};
use crate::domain::{Dimension, Figure, Period, Symbol};

use super::rounds::protect;
use super::{Board, Draft, Measure, ReleaseError, Report};

/// What the board edition showed before: one release's figures, and the policy they were shown under.
pub(super) type Before = (Policy, Report<Board>);

/// Figures shown, what is withheld by table, and earlier releases not read together.
type Family = (Vec<Figure>, Vec<WithheldOf>, Vec<NotRead>);

/// A board edition's figures, audited, and how many are withheld.
pub(super) struct Gated {
    pub(super) figures: Vec<Figure>,
    pub(super) withheld: Withheld,
}

/// How much the board edition withholds.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// Figures in the edition.
    pub figures: usize,
    /// Of these, withheld.
    pub withheld: usize,
    /// Of these, withheld for their own sake: their count is small, or one or two children make up most of it.
    pub for_their_own_sake: usize,
    /// The same by measure, dimension and kind of period: for whoever builds, never for a reader of the edition.
    pub tables: Vec<WithheldOf>,
    /// Earlier releases that were too many to be read together.
    pub not_read: Vec<NotRead>,
}

/// How much of one measure by one dimension the board edition withholds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct WithheldOf {
    /// The measure's id.
    pub measure: String,
    /// The dimension.
    pub dimension: Dimension,
    /// `month`, `quarter` or `year`.
    pub period: &'static str,
    /// Figures in the edition.
    pub figures: usize,
    /// Of these, withheld for their own sake.
    pub for_their_own_sake: usize,
    /// Of these, withheld so that others cannot be worked out.
    pub for_anothers: usize,
}

/// A table's name: measure, dimension, kind of period.
type TableName = (String, Dimension, &'static str);

fn table_name(figure: &Figure) -> TableName {
    let period = match figure.period {
        Period::Month(_) => "month",
        Period::Quarter(_) => "quarter",
        Period::TwelveMonthsTo(_) => "year",
    };
    (figure.measure.clone(), figure.dimension, period)
}

/// What a family of measures withholds, by table.
fn by_table(shown: &[Figure], own_sake: &[&Figure]) -> Vec<WithheldOf> {
    let mut tables: BTreeMap<TableName, (usize, usize, usize)> = BTreeMap::new();
    for figure in shown {
        let counts = tables.entry(table_name(figure)).or_default();
        counts.0 += 1;
        counts.1 += usize::from(figure.symbol == Some(Symbol::Confidential));
    }
    for figure in own_sake {
        tables.entry(table_name(figure)).or_default().2 += 1;
    }
    let row =
        |((measure, dimension, period), (figures, withheld, own)): (TableName, (usize, usize, usize))| WithheldOf {
            measure,
            dimension,
            period,
            figures,
            for_their_own_sake: own,
            for_anothers: withheld.saturating_sub(own),
        };
    tables.into_iter().map(row).collect()
}

/// The figures of the board edition.
///
/// # Errors
/// [`ReleaseError::Disclosure`] with every figure that could still be worked out.
pub(super) fn pass(draft: &Draft, before: &[Before]) -> Result<Gated, ReleaseError> {
    let facts: Vec<Facts<'_>> = facts(draft.policy, &draft.measures);
    let thresholds = thresholds(&draft.measures);
    let relations: Relations =
        draft.measures.iter().map(|measure| (measure.id.clone(), measure.relations.clone())).collect();
    let told = told_before(draft.policy, before);
    let earlier = Earlier::of(told.iter().map(Vec::as_slice));
    let families = auditor::families(&facts);
    let audited: Vec<Result<Family, Vec<Finding>>> = families
        .par_iter()
        .map(|family| {
            let facts: Vec<Facts<'_>> = facts.iter().filter(|facts| family.contains(facts.id)).copied().collect();
            let is_own = |measure: &str| family.contains(measure);
            let exact: Vec<ExactFigure> =
                draft.figures.iter().filter(|exact| is_own(&exact.figure.measure)).cloned().collect();
            let told: Vec<Vec<Figure>> = told
                .iter()
                .map(|figures| figures.iter().filter(|figure| is_own(&figure.measure)).cloned().collect())
                .collect();
            let told: Vec<&[Figure]> = told.iter().map(Vec::as_slice).collect();
            let protection = Protection {
                policy: draft.policy,
                thresholds: &thresholds,
                relations: &relations,
                earlier: &earlier,
                coarser: &Coarser::default(),
            };
            let own_sake = disclosure::withheld_for_their_own_sake(protection, &exact);
            let protected = protect(protection, &exact, draft.interval, &facts, &told);
            tracing::info!(measures = ?family, "audited");
            protected.map(|(figures, not_read)| {
                let tables = by_table(&figures, &own_sake);
                (figures, tables, not_read)
            })
        })
        .collect();
    let mut figures = Vec::new();
    let mut findings = Vec::new();
    let mut withheld = Withheld::default();
    for family in audited {
        match family {
            Ok((shown, tables, not_read)) => {
                withheld.not_read.extend(not_read);
                withheld.figures += shown.len();
                withheld.withheld += shown.iter().filter(|figure| figure.symbol == Some(Symbol::Confidential)).count();
                withheld.for_their_own_sake += tables.iter().map(|table| table.for_their_own_sake).sum::<usize>();
                withheld.tables.extend(tables);
                figures.extend(shown);
            }
            Err(found) => findings.extend(found),
        }
    }
    withheld.tables.sort_by(|a, b| (&a.measure, a.dimension, a.period).cmp(&(&b.measure, b.dimension, b.period)));
    if findings.is_empty() {
        Ok(Gated { figures: disclosure::in_order(figures), withheld })
    } else {
        findings.sort();
        Err(ReleaseError::Disclosure { findings })
    }
}

/// What was shown before, the oldest first. Under another policy what was withheld does not bind this one; what was shown
/// is known all the same.
fn told_before(policy: Policy, before: &[Before]) -> Vec<Vec<Figure>> {
    let told = |(under, report): &Before| {
        let binds = |figure: &&Figure| *under == policy || figure.symbol != Some(Symbol::Confidential);
        report.figures.iter().filter(binds).cloned().collect()
    };
    before.iter().map(told).collect()
}

fn thresholds(measures: &[Measure]) -> Thresholds {
    measures.iter().filter_map(|measure| Some((measure.id.clone(), measure.smallest_shown?))).collect()
}

/// What every reader knows of each measure.
fn facts(policy: Policy, measures: &[Measure]) -> Vec<Facts<'_>> {
    measures
        .iter()
        .map(|measure| {
            let threshold = measure.smallest_shown.unwrap_or(0);
            let rules = PublicRules {
                smallest_of_total: policy.smallest_total().max(threshold),
                smallest_of_level: policy.smallest_shown().max(threshold),
                rounded_to: policy.rounded_to(),
            };
            Facts { id: &measure.id, rules, relations: &measure.relations }
        })
        .collect()
}

/// Audits a board edition as it stands, against what was shown before it.
pub(super) fn audit(policy: Policy, report: &Report<Board>, before: &[Before]) -> Audit {
    let facts = facts(policy, &report.measures);
    let told = told_before(policy, before);
    let told: Vec<&[Figure]> = told.iter().map(Vec::as_slice).collect();
    auditor::families(&facts)
        .par_iter()
        .map(|family| {
            let own = |figure: &&Figure| family.contains(figure.measure.as_str());
            let facts: Vec<Facts<'_>> = facts.iter().filter(|facts| family.contains(facts.id)).copied().collect();
            let figures: Vec<Figure> = report.figures.iter().filter(own).cloned().collect();
            let told: Vec<Vec<Figure>> =
                told.iter().map(|figures| figures.iter().filter(own).cloned().collect()).collect();
            let told: Vec<&[Figure]> = told.iter().map(Vec::as_slice).collect();
            auditor::audit(&facts, &figures, &told)
        })
        .reduce(Audit::default, Audit::with)
}
