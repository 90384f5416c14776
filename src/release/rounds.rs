//! Rounds of protecting and auditing one family of measures: figures are withheld, audited by code that shares nothing with
//! what withheld them, and made coarser where the audit finds something, until it finds nothing.

use std::collections::BTreeSet;

use crate::auditor::{Audit, Auditor, Elsewhere, Facts, Finding, NotRead, Problem, Reads, Teller};
use crate::disclosure::{self, Coarser, ExactFigure, Protection, Step};
use crate::domain::{Dimension, Figure};

/// Rounds before nothing of a family is published.
const ROUNDS: usize = 24;

/// The figures of a family as an edition may show them, beside what other families show `elsewhere`, after what earlier
/// releases `told`; and of how many of these it was not asked what they tell together. What `protection` withholds by name stays
/// withheld.
///
/// Where no coarser table passes, nothing of the family is shown.
///
/// # Errors
/// What the audit finds even then.
pub(super) fn protect(
    protection: Protection<'_>,
    exact: &[ExactFigure],
    interval: fn(&Figure) -> Option<(f64, f64)>,
    facts: &[Facts<'_>],
    elsewhere: &Elsewhere,
    told: &[Reads<'_>],
) -> Result<(Vec<Figure>, Vec<NotRead>), Vec<Finding>> {
    let mut auditor = Auditor::new(facts, told);
    let mut audited = |coarser: &Coarser| {
        let shown = draft(Protection { coarser, ..protection }, exact, interval);
        let audit = auditor.audit(Reads { figures: &shown, elsewhere });
        (shown, audit)
    };
    let mut coarser = protection.coarser.clone();
    for _ in 0..ROUNDS {
        let (shown, audit) = audited(&coarser);
        if audit.passed() {
            return Ok((shown, audit.not_read));
        }
        if !withhold_more(&mut coarser, &shown, &audit) {
            break;
        }
    }
    while coarser.coarsen(exact.iter().map(|exact| &exact.figure)) {}
    let (shown, audit) = audited(&coarser);
    if audit.passed() { Ok((shown, audit.not_read)) } else { Err(audit.findings) }
}

/// The figures of a family as they are withheld before any audit.
pub(super) fn draft(
    protection: Protection<'_>,
    exact: &[ExactFigure],
    interval: fn(&Figure) -> Option<(f64, f64)>,
) -> Vec<Figure> {
    disclosure::protect_with(protection, exact, &interval).into_iter().map(super::figures_csv::as_kept).collect()
}

/// Withholds more, the least costly first; false where nothing is left to withhold.
///
/// The figures that tell of a small count, and one more beside a figure that is known not to be small; then the levels that
/// tell of this; then its table; then whatever tells of it; then whole tables; then every table of the measure, since what
/// tells stands in one of them.
fn withhold_more(coarser: &mut Coarser, shown: &[Figure], audit: &Audit) -> bool {
    let tellers = |large: bool| {
        let of = move |teller: &&Teller| (teller.of == Problem::NotSmall) == large;
        audit.tellers.iter().filter(of).map(|teller| &teller.figure)
    };
    let levels = |figure: &&Figure| figure.dimension != Dimension::Total;
    let found = |is: fn(&Finding) -> bool| {
        let findings = audit.findings.iter().filter(|finding| is(finding));
        let at: BTreeSet<_> =
            findings.map(|finding| (&finding.measure, finding.period, finding.dimension, &finding.level)).collect();
        shown.iter().filter(move |one| at.contains(&(&one.measure, one.period, one.dimension, &one.level)))
    };
    let measures: BTreeSet<&String> = audit.findings.iter().map(|finding| &finding.measure).collect();
    let large: fn(&Finding) -> bool = |finding| finding.problem == Problem::NotSmall;
    let named = coarser.withhold(tellers(false));
    let one_more = coarser.coarsen_to(Step::OneMore, found(large));
    named
        || one_more
        || coarser.withhold(tellers(true).filter(levels))
        || coarser.coarsen_to(Step::Coarser, found(large))
        || coarser.withhold(tellers(true))
        || coarser.coarsen(found(|_| true))
        || coarser.coarsen(shown.iter().filter(|figure| measures.contains(&figure.measure)))
}

#[cfg(test)]
#[path = "worlds.rs"]
mod worlds;
