//! Rounds of protecting and auditing one family of measures: figures are withheld, audited by code that shares nothing with
//! what withheld them, and made coarser where the audit finds something, until it finds nothing.

use std::collections::BTreeSet;

use crate::auditor::{self, Facts, Finding};
use crate::disclosure::{self, Coarser, ExactFigure, Protection};
use crate::domain::Figure;

/// Rounds before nothing of a family is published.
const ROUNDS: usize = 24;

/// The figures of a family as an edition may show them, after what earlier releases `told`.
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
    told: &[&[Figure]],
) -> Result<Vec<Figure>, Vec<Finding>> {
    let shown_at = |coarser: &Coarser| -> Vec<Figure> {
        let protection = Protection { coarser, ..protection };
        disclosure::protect_with(protection, exact, &interval).into_iter().map(super::figures_csv::as_kept).collect()
    };
    let audited = |coarser: &Coarser| {
        let shown = shown_at(coarser);
        let audit = auditor::audit(facts, &shown, told);
        (shown, audit)
    };
    let mut coarser = Coarser::default();
    for _ in 0..ROUNDS {
        let (shown, audit) = audited(&coarser);
        if audit.passed() {
            return Ok(shown);
        }
        if !coarser.withhold(&audit.tellers) && !make_coarser(&mut coarser, &shown, &audit.findings) {
            break;
        }
    }
    while coarser.coarsen(exact.iter().map(|exact| &exact.figure)) {}
    let (shown, audit) = audited(&coarser);
    if audit.passed() { Ok(shown) } else { Err(audit.findings) }
}

/// Makes the tables coarser in which something was found; where they have nothing left to withhold, what tells of them stands
/// in others of the measure. False where nothing is left of these either.
fn make_coarser(coarser: &mut Coarser, shown: &[Figure], found: &[Finding]) -> bool {
    let at: BTreeSet<_> =
        found.iter().map(|finding| (&finding.measure, finding.period, finding.dimension, &finding.level)).collect();
    let measures: BTreeSet<&String> = found.iter().map(|finding| &finding.measure).collect();
    let is_found = |figure: &&Figure| at.contains(&(&figure.measure, figure.period, figure.dimension, &figure.level));
    coarser.coarsen(shown.iter().filter(is_found))
        || coarser.coarsen(shown.iter().filter(|figure| measures.contains(&figure.measure)))
}

#[cfg(test)]
#[path = "worlds.rs"]
mod worlds;
