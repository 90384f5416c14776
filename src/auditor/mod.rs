//! The audit of a board edition: what a reader with pencil and paper could work out of every withheld figure.
//!
//! Reads figures as shown, what the same edition showed before, and the public rules; nothing exact, and no code of the
//! part that decided what to withhold. It writes down every row that the reader knows the counts keep (`rows`), and asks
//! for each withheld figure which small counts are still possible (`programme`): a table in whole numbers that agrees with
//! everything shown proves that a value is. Where some are and others not, it names the shown figures that tell (`tellers`).
//!
//! A withheld figure passes where at least one of its counts (top, rest, bottom) can be every number from 1 to one below
//! the smallest shown, and where no count of it can be some of these numbers and not the others. A count that cannot be
//! small at all tells nothing of a few children; a plain count that cannot be small is found all the same, since what is
//! withheld for its own sake and what is withheld beside it must look the same.

mod between;
mod components;
mod counts;
mod elsewhere;
mod memory;
mod overlaps;
mod programme;
mod revisions;
mod rows;
mod system;
mod tellers;
#[cfg(test)]
mod tests;
mod worked_out;
mod zeros;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::domain::{Dimension, Figure, Period, Relation, Symbol, Unit};

pub use elsewhere::{Elsewhere, Reads, Tied};
use memory::Memory;
use worked_out::{WorkedOut, worked_out};

/// What the edition's policy says of a measure: known to every reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicRules {
    /// The smallest count of children shown of the whole, zero apart.
    pub smallest_of_total: u32,
    /// The smallest shown of a level.
    pub smallest_of_level: u32,
    /// Shown counts are rounded to this; exact where none.
    pub rounded_to: Option<u32>,
}

impl PublicRules {
    fn smallest_shown(self, dimension: Dimension) -> u32 {
        if dimension == Dimension::Total { self.smallest_of_total } else { self.smallest_of_level }
    }
}

/// What every reader knows of a measure.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The measure's id.
    pub id: &'a str,
    /// Its rules.
    pub rules: PublicRules,
    /// How its parts hang together.
    pub relations: &'a [Relation],
}

/// One figure that does not keep what it should, named by where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The measure's id.
    pub measure: String,
    /// Its period.
    pub period: Period,
    /// Its dimension.
    pub dimension: Dimension,
    /// Its level, with the part after a colon.
    pub level: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a figure on the board edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// A count from 1 to one below the smallest shown stands on the page.
    TooSmall,
    /// A withheld figure carries a number.
    NumberWithheld,
    /// Withheld in an earlier release and shown in this one.
    ShownAfterWithheld,
    /// A small number lies between it and a shown count that it is within.
    SmallBetween,
    /// It tells much the same as a figure that is withheld.
    ShownBesideWithheld,
    /// Other figures narrow it to some of the small counts.
    Narrowed,
    /// Other figures show that it is no small count.
    NotSmall,
    /// No table agrees with what is shown.
    Contradiction,
    /// Whether it is protected was not decided within the allowance of steps.
    Undecided,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooSmall => "a count below the smallest shown is shown",
            Self::NumberWithheld => "it is withheld and carries a number",
            Self::ShownAfterWithheld => "it was withheld in an earlier release",
            Self::SmallBetween => "a small number lies between it and a shown count that it is some of",
            Self::ShownBesideWithheld => "it tells much the same as a figure that is withheld",
            Self::Narrowed => "its small count can be narrowed down from other figures",
            Self::NotSmall => "other figures show that it is not small, so that what is withheld beside it is",
            Self::Contradiction => "no counts agree with everything that is shown",
            Self::Undecided => "whether it can be worked out was not decided within the allowance of steps",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { measure, period, dimension, level, problem } = self;
        write!(f, "measure `{measure}`: {period} {dimension} {level}: {problem}")
    }
}

/// The audit's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Audit {
    /// Figures looked at.
    pub figures: usize,
    /// Of these, withheld.
    pub withheld: usize,
    /// Withheld figures of which it was not decided within the allowance of steps whether they can be worked out: each is
    /// a finding too.
    pub undecided: usize,
    /// Everything found; empty where the edition passes.
    pub findings: Vec<Finding>,
    /// Earlier releases that were too many to be read together with this one: of what they withheld it is seen to that it
    /// stays withheld, not that it cannot be worked out of all of them together.
    pub not_read: Vec<NotRead>,
    /// Shown figures without which what is worked out could not be.
    #[serde(skip)]
    pub tellers: Vec<Teller>,
}

/// The oldest releases of which some measures were not read together with those after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// The measures' ids.
    pub measures: Vec<String>,
    /// How many releases, the oldest.
    pub releases: usize,
}

impl fmt::Display for NotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { measures, releases } = self;
        let oldest =
            if *releases == 1 { "the oldest release was" } else { &format!("the {releases} oldest releases were") };
        write!(f, "{oldest} not read together with the others: {}", measures.join(", "))
    }
}

/// A shown figure that tells of a withheld one.
#[derive(Clone, Debug, PartialEq)]
pub struct Teller {
    /// The figure shown.
    pub figure: Figure,
    /// What is wrong because of it.
    pub of: Problem,
}

impl Audit {
    /// Whether nothing was found.
    pub fn passed(&self) -> bool {
        self.findings.is_empty()
    }

    /// This and another, of other measures.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.figures += other.figures;
        self.withheld += other.withheld;
        self.undecided += other.undecided;
        self.findings.extend(other.findings);
        self.not_read.extend(other.not_read);
        self.tellers.extend(other.tellers);
        self.findings.sort();
        self
    }
}

/// Sets of measures that nothing ties to those of another set: each can be audited alone.
pub fn families<'a>(measures: &[Facts<'a>]) -> Vec<BTreeSet<&'a str>> {
    let mut families: Vec<BTreeSet<&str>> = Vec::new();
    for facts in measures {
        let mut family = BTreeSet::from([facts.id]);
        for relation in facts.relations {
            family.extend(relation.measures());
        }
        let (tied, apart): (Vec<_>, Vec<_>) = families.into_iter().partition(|other| !other.is_disjoint(&family));
        family.extend(tied.into_iter().flatten());
        families = apart;
        families.push(family);
    }
    families
}

/// Audits the figures of an edition against themselves and against what the same edition showed in `earlier` releases,
/// the oldest first. Figures of measures without facts are taken under the strictest of the rules given.
pub fn audit(measures: &[Facts<'_>], release: Reads<'_>, earlier: &[Reads<'_>]) -> Audit {
    Auditor::new(measures, earlier).audit(release)
}

/// Audits one draft of an edition after another, the same figures in the same order with more or less of them withheld; what
/// it found possible in one helps it with the next.
#[derive(Debug)]
pub struct Auditor<'a> {
    measures: &'a [Facts<'a>],
    earlier: Vec<Reads<'a>>,
    memory: Memories,
}

/// What was found out of the drafts before.
#[derive(Debug, Default)]
struct Memories {
    /// What is possible beside the releases before.
    together: Memory,
    /// What is possible in one release alone.
    alone: Memory,
    /// How many releases, the oldest, were too many to be read together with the others.
    left_out: usize,
    /// The positions of figures that earlier releases narrow whatever this one shows.
    earlier_alone: BTreeSet<usize>,
}

impl Memories {
    /// Forgets what was found beside other releases than those read now: all but so many of the oldest.
    fn of_releases(&mut self, left_out: usize) {
        if std::mem::replace(&mut self.left_out, left_out) != left_out {
            self.together = Memory::default();
            self.earlier_alone.clear();
        }
    }
}

impl<'a> Auditor<'a> {
    /// Of these measures, after these releases, the oldest first.
    pub fn new(measures: &'a [Facts<'a>], earlier: &[Reads<'a>]) -> Self {
        let mut earlier = earlier.to_vec();
        // A release that showed what the one before it did tells nothing more.
        earlier.dedup();
        Self { measures, earlier, memory: Memories::default() }
    }

    /// Audits a draft, as [`audit`] does.
    pub fn audit(&mut self, release: Reads<'_>) -> Audit {
        audited(self.measures, release, &self.earlier, &mut self.memory)
    }
}

fn audited(measures: &[Facts<'_>], release: Reads<'_>, earlier: &[Reads<'_>], memory: &mut Memories) -> Audit {
    let figures = release.figures;
    let mut findings: Vec<Finding> = figures.iter().filter_map(|figure| at_sight(measures, figure)).collect();
    findings.extend(shown_again(figures, earlier));
    let WorkedOut { mut problems, mut tellers, left_out } = worked_out(measures, release, earlier, memory);
    let between = between::told_at_sight(measures, figures, earlier).into_iter().map(|at| (at, Problem::SmallBetween));
    let beside = shown_beside(measures, figures).into_iter().map(|at| (at, Problem::ShownBesideWithheld));
    for (at, problem) in between.chain(beside) {
        problems.insert(at, problem);
        // Withholding it is what mends it.
        tellers.insert((at, problem));
    }
    findings.extend(
        problems.into_iter().filter_map(|(at, problem)| figures.get(at).map(|figure| finding(figure, problem))),
    );
    findings.sort();
    findings.dedup();
    let undecided = findings.iter().filter(|finding| finding.problem == Problem::Undecided).count();
    Audit {
        figures: figures.len(),
        withheld: figures.iter().filter(|figure| is_withheld(figure)).count(),
        undecided,
        findings,
        not_read: (left_out > 0)
            .then(|| NotRead {
                measures: measures.iter().map(|facts| facts.id.to_owned()).collect(),
                releases: left_out,
            })
            .into_iter()
            .collect(),
        tellers: tellers
            .into_iter()
            .filter_map(|(at, of)| figures.get(at).map(|figure| Teller { figure: figure.clone(), of }))
            .collect(),
    }
}

fn finding(figure: &Figure, problem: Problem) -> Finding {
    Finding {
        measure: figure.measure.clone(),
        period: figure.period,
        dimension: figure.dimension,
        level: figure.level.clone(),
        problem,
    }
}

fn is_withheld(figure: &Figure) -> bool {
    figure.symbol == Some(Symbol::Confidential)
}

fn rules_of(measures: &[Facts<'_>], id: &str) -> PublicRules {
    let strictest = || PublicRules {
        smallest_of_total: measures.iter().map(|facts| facts.rules.smallest_of_total).max().unwrap_or(6),
        smallest_of_level: measures.iter().map(|facts| facts.rules.smallest_of_level).max().unwrap_or(6),
        rounded_to: None,
    };
    measures.iter().find(|facts| facts.id == id).map_or_else(strictest, |facts| facts.rules)
}

/// What a figure gives away by itself.
fn at_sight(measures: &[Facts<'_>], figure: &Figure) -> Option<Finding> {
    if is_withheld(figure) {
        let numbers = [figure.value, figure.lower, figure.upper].iter().any(Option::is_some)
            || figure.numerator.is_some()
            || figure.denominator.is_some();
        return numbers.then(|| finding(figure, Problem::NumberWithheld));
    }
    let rules = rules_of(measures, &figure.measure);
    let small = |count: i64| count > 0 && count < i64::from(rules.smallest_shown(figure.dimension));
    let told = match (figure.unit, figure.numerator, figure.denominator) {
        (Unit::Proportion, Some(top), Some(bottom)) => vec![top, bottom - top, bottom],
        (_, top, bottom) => top.into_iter().chain(bottom).collect(),
    };
    // A rounded count of at least the smallest shown can round to less than it.
    let too_small = rules.rounded_to.is_none() && told.into_iter().any(small);
    too_small.then(|| finding(figure, Problem::TooSmall))
}

type Place<'a> = (&'a str, Period, Dimension, &'a str);

fn place(figure: &Figure) -> Place<'_> {
    (&figure.measure, figure.period, figure.dimension, &figure.level)
}

/// What was withheld stays withheld.
fn shown_again(figures: &[Figure], earlier: &[Reads<'_>]) -> Vec<Finding> {
    let before = earlier.iter().flat_map(|release| release.figures);
    let withheld: BTreeSet<Place<'_>> = before.filter(|figure| is_withheld(figure)).map(place).collect();
    let shown = figures.iter().filter(|figure| !is_withheld(figure) && withheld.contains(&place(figure)));
    shown.map(|figure| finding(figure, Problem::ShownAfterWithheld)).collect()
}

/// Shown figures, by position, that headers say are withheld with another (`withheld_with`), where that one is withheld.
fn shown_beside(measures: &[Facts<'_>], figures: &[Figure]) -> Vec<usize> {
    let with = measures.iter().flat_map(|facts| facts.relations.iter().map(|relation| (facts.id, relation)));
    let with: Vec<(&str, &str, &str)> = with
        .filter_map(|(id, relation)| match relation {
            Relation::WithheldWith { part, other } => Some((id, part.as_str(), other.as_str())),
            _ => None,
        })
        .collect();
    let withheld: BTreeSet<_> =
        figures.iter().filter(|figure| is_withheld(figure)).map(|figure| beside(figure, figure.part())).collect();
    let tells = |figure: &Figure| {
        let own = (figure.measure.as_str(), figure.part().unwrap_or_default());
        with.iter().any(|(id, part, other)| (*id, *part) == own && withheld.contains(&beside(figure, Some(other))))
    };
    figures.iter().enumerate().filter(|(_, figure)| !is_withheld(figure) && tells(figure)).map(|(at, _)| at).collect()
}

/// Where a part of a figure stands.
fn beside<'a>(figure: &'a Figure, part: Option<&'a str>) -> (&'a str, Period, Dimension, &'a str, &'a str) {
    (&figure.measure, figure.period, figure.dimension, figure.group(), part.unwrap_or_default())
}
