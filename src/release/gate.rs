//! No edition for readers without an audit: figures are protected, audited by code that shares nothing with what protected them,
//! made coarser where the audit finds something, and refused where nothing coarser helps.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::auditor::{self, Audit, Elsewhere, Facts, Finding, NotRead, PublicRules, Reads, Tied};
use crate::disclosure::{self, Coarser, Earlier, ExactFigure, Policy, Protection, Relations, Thresholds};
use crate::domain::{Dimension, Figure, Period, Symbol};

use super::{Board, Draft, Measure, Report, common, rounds};

/// What an edition showed before: one release's figures, and the policy they were shown under.
pub(super) type Before = (Policy, Report<Board>);

/// Figures shown, what is withheld by table, and earlier releases not read together.
type Family = (Vec<Figure>, Vec<WithheldOf>, Vec<NotRead>);

/// An edition's figures, audited, and how many are withheld.
pub(super) struct Gated {
    pub(super) figures: Vec<Figure>,
    pub(super) withheld: Withheld,
}

/// How much an edition withholds.
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
    /// Counts that are always the same number though no header says so; what is withheld takes it as known.
    pub same_counts: Vec<String>,
}

impl Withheld {
    /// The measures of which every figure is withheld, with the whole.
    pub fn shown_nothing(&self) -> Vec<&str> {
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        for table in &self.tables {
            let withheld = table.for_their_own_sake + table.for_anothers;
            *shown.entry(&table.measure).or_default() += table.figures.saturating_sub(withheld);
        }
        shown.into_iter().filter(|(_, shown)| *shown == 0).map(|(measure, _)| measure).collect()
    }
}

/// How much of one measure by one dimension an edition withholds.
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

/// The figures of the edition under the draft's policy, of `measures` with all that is known of how their counts hang together.
///
/// Families of measures are audited apart, each beside the counts that the others show of it. What those show is known only once
/// they are protected: each is taken to show what it would before any audit, then also what it was seen to show.
///
/// # Errors
/// Every figure that could still be worked out.
pub(super) fn pass(draft: &Draft, measures: &[Measure], before: &[Before]) -> Result<Gated, Vec<Finding>> {
    let facts: Vec<Facts<'_>> = facts(draft.policy, measures);
    let told = told_before(draft.policy, before);
    let gate = Gate {
        draft,
        facts: &facts,
        thresholds: thresholds(measures),
        relations: measures.iter().map(|measure| (measure.id.clone(), measure.relations.clone())).collect(),
        earlier: Earlier::of(told.iter().map(Vec::as_slice)),
        told: &told,
    };
    let families = auditor::families(&facts);
    let common = gate.withheld_for_a_common_number(&families);
    let families: Vec<FamilyDraft<'_>> = families.into_iter().map(|measures| gate.family(measures, &common)).collect();
    let unaudited: Vec<Vec<Figure>> = families.par_iter().map(|family| gate.unaudited(family)).collect();
    let mut taken = gate.elsewhere(&families, &unaudited.concat());
    let mut protected: Vec<Option<Result<Family, Vec<Finding>>>> = families.iter().map(|_| None).collect();
    loop {
        families.par_iter().zip(&taken).zip(&mut protected).for_each(|((family, elsewhere), protected)| {
            protected.get_or_insert_with(|| gate.protect(family, elsewhere));
        });
        let gated = gathered(protected.iter().flatten())?;
        let shown = gate.elsewhere(&families, &gated.figures);
        let mut is_all_taken = true;
        for ((taken, shown), protected) in taken.iter_mut().zip(shown).zip(&mut protected) {
            if !taken.iter().zip(&shown).all(|(taken, shown)| taken.tells_all_of(shown)) {
                // More is shown of its counts than it was audited beside.
                (*protected, is_all_taken) = (None, false);
                taken.iter_mut().zip(shown).for_each(|(taken, shown)| taken.extend(shown));
            }
        }
        if is_all_taken {
            return Ok(Gated { figures: disclosure::in_order(gated.figures), ..gated });
        }
    }
}

/// What a draft's families are protected with.
struct Gate<'a> {
    draft: &'a Draft,
    facts: &'a [Facts<'a>],
    thresholds: Thresholds,
    relations: Relations,
    earlier: Earlier,
    told: &'a [Vec<Figure>],
}

/// A family of measures that are audited as one.
struct FamilyDraft<'a> {
    measures: BTreeSet<&'a str>,
    facts: Vec<Facts<'a>>,
    exact: Vec<ExactFigure>,
    told: Vec<Vec<Figure>>,
    /// Withheld from the first, since a number is that other families tell as well.
    coarser: Coarser,
}

impl<'a> Gate<'a> {
    /// Figures of any family that are withheld since the number they tell must be, whoever tells it.
    fn withheld_for_a_common_number(&self, families: &[BTreeSet<&str>]) -> Vec<&'a Figure> {
        let Self { draft, facts, thresholds, told, .. } = self;
        let numbers = common::numbers(facts, families, &draft.figures);
        numbers
            .par_iter()
            .flat_map_iter(|number| number.withheld(draft.policy, facts, thresholds, &draft.figures, told))
            .collect()
    }

    fn family(&self, measures: BTreeSet<&'a str>, common: &[&Figure]) -> FamilyDraft<'a> {
        let mut coarser = Coarser::default();
        coarser.withhold(common.iter().copied().filter(|figure| measures.contains(figure.measure.as_str())));
        let exact = self.draft.figures.iter().filter(|exact| measures.contains(exact.figure.measure.as_str()));
        FamilyDraft {
            facts: facts_of(self.facts, &measures),
            exact: exact.cloned().collect(),
            told: self.told.iter().map(|figures| own_figures(figures, &measures)).collect(),
            coarser,
            measures,
        }
    }

    fn protection<'b>(&'b self, family: &'b FamilyDraft<'_>) -> Protection<'b> {
        Protection {
            policy: self.draft.policy,
            thresholds: &self.thresholds,
            relations: &self.relations,
            earlier: &self.earlier,
            coarser: &family.coarser,
        }
    }

    fn unaudited(&self, family: &FamilyDraft<'_>) -> Vec<Figure> {
        rounds::draft(self.protection(family), &family.exact, self.draft.interval)
    }

    /// By family and release, what the others show of its counts.
    fn elsewhere(&self, families: &[FamilyDraft<'_>], figures: &[Figure]) -> Vec<Vec<Elsewhere>> {
        let releases: Vec<&[Figure]> = self.told.iter().map(Vec::as_slice).chain([figures]).collect();
        let tied = Tied::of(self.facts, &releases);
        families.iter().map(|family| tied.elsewhere(&family.measures)).collect()
    }

    fn protect(&self, family: &FamilyDraft<'_>, elsewhere: &[Elsewhere]) -> Result<Family, Vec<Finding>> {
        let protection = self.protection(family);
        let own_sake = disclosure::withheld_for_their_own_sake(protection, &family.exact);
        let nothing = Elsewhere::default();
        let now = elsewhere.last().unwrap_or(&nothing);
        let told = reads(&family.told, elsewhere);
        let protected = rounds::protect(protection, &family.exact, self.draft.interval, &family.facts, now, &told);
        tracing::info!(measures = ?family.measures, "audited");
        protected.map(|(figures, not_read)| {
            let tables = by_table(&figures, &own_sake);
            (figures, tables, not_read)
        })
    }
}

fn facts_of<'a>(facts: &[Facts<'a>], family: &BTreeSet<&str>) -> Vec<Facts<'a>> {
    facts.iter().filter(|facts| family.contains(facts.id)).copied().collect()
}

fn own_figures(figures: &[Figure], family: &BTreeSet<&str>) -> Vec<Figure> {
    figures.iter().filter(|figure| family.contains(figure.measure.as_str())).cloned().collect()
}

fn reads<'a>(releases: &'a [Vec<Figure>], elsewhere: &'a [Elsewhere]) -> Vec<Reads<'a>> {
    releases.iter().zip(elsewhere).map(|(figures, elsewhere)| Reads { figures, elsewhere }).collect()
}

/// What the families show together.
fn gathered<'a>(families: impl Iterator<Item = &'a Result<Family, Vec<Finding>>>) -> Result<Gated, Vec<Finding>> {
    let mut figures = Vec::new();
    let mut findings = Vec::new();
    let mut withheld = Withheld::default();
    for family in families {
        match family {
            Ok((shown, tables, not_read)) => {
                withheld.not_read.extend(not_read.iter().cloned());
                withheld.figures += shown.len();
                withheld.withheld += shown.iter().filter(|figure| figure.symbol == Some(Symbol::Confidential)).count();
                withheld.for_their_own_sake += tables.iter().map(|table| table.for_their_own_sake).sum::<usize>();
                withheld.tables.extend(tables.iter().cloned());
                figures.extend(shown.iter().cloned());
            }
            Err(found) => findings.extend(found.iter().cloned()),
        }
    }
    withheld.tables.sort_by(|a, b| (&a.measure, a.dimension, a.period).cmp(&(&b.measure, b.dimension, b.period)));
    if findings.is_empty() {
        Ok(Gated { figures, withheld })
    } else {
        findings.sort();
        Err(findings)
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

/// Audits an edition as it stands, against what was shown before it.
pub(super) fn audit(policy: Policy, report: &Report<Board>, before: &[Before]) -> Audit {
    let facts = facts(policy, &report.measures);
    let told = told_before(policy, before);
    let releases: Vec<&[Figure]> = told.iter().map(Vec::as_slice).chain([report.figures.as_slice()]).collect();
    let tied = Tied::of(&facts, &releases);
    auditor::families(&facts)
        .par_iter()
        .map(|family| {
            let elsewhere = tied.elsewhere(family);
            let own: Vec<Vec<Figure>> = releases.iter().map(|figures| own_figures(figures, family)).collect();
            match reads(&own, &elsewhere).split_last() {
                Some((now, told)) => auditor::audit(&facts_of(&facts, family), *now, told),
                None => Audit::default(),
            }
        })
        .reduce(Audit::default, Audit::with)
}
