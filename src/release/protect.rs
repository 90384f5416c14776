//! Row counts and link rates as the board edition shows them. A row can be a child.

use std::collections::BTreeMap;

use crate::disclosure::{Policy, protect_counts};

use super::{LinkRate, RuleCount, Source};

/// Sources with small counts of rows withheld: kept + quarantined + dropped = rows in, and findings sum to their outcome.
pub fn protect_sources(policy: Policy, sources: Vec<Source>) -> Vec<Source> {
    sources.into_iter().map(|source| protect_source(policy, source)).collect()
}

/// Link rates with small counts withheld: linked and not linked sum to the identifiers.
pub fn protect_links(policy: Policy, links: Vec<LinkRate>) -> Vec<LinkRate> {
    links
        .into_iter()
        .map(|link| {
            let (Some(identifiers), Some(linked)) = (link.identifiers, link.linked) else {
                return LinkRate { identifiers: None, linked: None, ..link };
            };
            let shown = protect_counts(policy, &[linked, identifiers.saturating_sub(linked)]);
            LinkRate { identifiers: whole(policy, identifiers), linked: shown.first().copied().flatten(), ..link }
        })
        .collect()
}

fn protect_source(policy: Policy, source: Source) -> Source {
    let outcomes = [source.kept, source.quarantined, source.dropped];
    let counts = outcomes.map(|count| count.unwrap_or(0));
    let mut shown = protect_counts(policy, &counts).into_iter();
    let mut next = |exact: Option<u64>| exact.and(shown.next().flatten());
    let (kept, quarantined, dropped) = (next(outcomes[0]), next(outcomes[1]), next(outcomes[2]));
    Source {
        rows_in: source.rows_in.and_then(|rows| whole(policy, rows)),
        kept,
        quarantined,
        dropped,
        findings: protect_findings(policy, source.findings),
        reporting: super::reporting::protect_reporting(source.reporting),
        completeness: protect_completeness(policy, kept.and(source.kept), source.completeness),
        ..source
    }
}

/// A count on its own.
fn whole(policy: Policy, count: u64) -> Option<u64> {
    protect_counts(policy, &[count]).into_iter().next().flatten()
}

/// Findings of one outcome sum to that outcome's rows.
fn protect_findings(policy: Policy, mut findings: Vec<RuleCount>) -> Vec<RuleCount> {
    let mut by_outcome: BTreeMap<String, Vec<&mut RuleCount>> = BTreeMap::new();
    for finding in &mut findings {
        by_outcome.entry(finding.outcome.clone()).or_default().push(finding);
    }
    for same in by_outcome.into_values() {
        let counts: Vec<u64> = same.iter().map(|finding| finding.rows.unwrap_or(0)).collect();
        for (finding, shown) in same.into_iter().zip(protect_counts(policy, &counts)) {
            finding.rows = finding.rows.and(shown);
        }
    }
    findings
}

/// Shares in whole percent, and only where neither the filled nor the empty rows are few.
fn protect_completeness(
    policy: Policy,
    kept: Option<u64>,
    completeness: BTreeMap<String, f64>,
) -> BTreeMap<String, f64> {
    let Some(kept) = kept else {
        return BTreeMap::new();
    };
    completeness
        .into_iter()
        .filter(|(_, share)| {
            let filled = (share * kept as f64).round() as u64;
            protect_counts(policy, &[filled, kept.saturating_sub(filled)]).iter().all(Option::is_some)
        })
        .map(|(column, share)| (column, (share * 100.0).round() / 100.0))
        .collect()
}
