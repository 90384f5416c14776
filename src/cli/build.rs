//! `build`: extracts to a release, with the reconciliation of every source.

use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;

use super::releases::newest;
use super::tell::Tell;
use crate::build::{self, OnDrift};
use crate::ingest::{Finding, Ledger, Outcome};
use crate::release::{Source, Withheld};

/// Bytes of the day that a release's name begins with.
const DAY: usize = 10;

pub(super) fn run(folder: &Path, as_at: Option<NaiveDate>, accept_drift: bool, tell: &Tell) -> anyhow::Result<()> {
    let bar = tell.progress("building");
    let on_drift = if accept_drift { OnDrift::Accept } else { OnDrift::Hold };
    let built = build::check_with(folder, None, as_at, super::today(), on_drift)
        .and_then(|checked| build::build(checked, &folder.join("releases")));
    bar.finish_and_clear();
    let built = built?;
    let written = &built.written;
    let words = format!(
        "{}\n{}\n{} {}{}",
        reconciliation(&built.sources, &built.ledger),
        withheld(&written.withheld),
        if written.new { "release written:" } else { "the identical release is there already:" },
        written.name,
        newest(folder).map_or_else(|_| String::new(), |served| instead(&served.name, &written.name)),
    );
    tell.say(
        &words,
        &json!({ "release": written.name, "new": written.new, "withheld": written.withheld, "sources": built.sources, "findings": built.ledger.findings }),
    );
    Ok(())
}

/// Which release is served where it is not the one that was built; and what to do about one of the same day that is wrong.
fn instead(served: &str, built: &str) -> String {
    if served == built {
        return String::new();
    }
    if served.get(..DAY) == built.get(..DAY) {
        format!(
            "\nserved is {served}, not this one: it was made later\nhint: if it is wrong, `sightline withdraw {served} --reason …` takes it out of service"
        )
    } else {
        format!("\nserved is {served}, which is of a later day")
    }
}

/// Says when each stage of the build begins, where asked.
pub(super) fn tell_stages(asked: bool) {
    if asked {
        let words = tracing_subscriber::fmt().with_target(false).with_level(false).with_ansi(false);
        // A second subscriber would say everything twice; the first stays.
        drop(words.with_timer(tracing_subscriber::fmt::time::uptime()).with_writer(std::io::stderr).try_init());
    }
}

/// How much the board edition withholds, audited.
fn withheld(counts: &Withheld) -> String {
    let mut words = format!(
        "board edition: {} figures, {} withheld: {} for their own sake, {} so that these cannot be worked out; audited: none can be",
        counts.figures,
        counts.withheld,
        counts.for_their_own_sake,
        counts.withheld.saturating_sub(counts.for_their_own_sake),
    );
    for not_read in &counts.not_read {
        _ = write!(words, "\n{not_read}");
    }
    for same in &counts.same_counts {
        _ = write!(words, "\nnote: {same}, and what is withheld allows for it");
    }
    words
}

/// Rows in = kept + quarantined + dropped, by source, and the findings beneath: for each that took rows out, or took a
/// value out of them, where they are and what to do.
pub(super) fn reconciliation(sources: &[Source], ledger: &Ledger) -> String {
    let mut words = format!("{:<28} {:>9} {:>9} {:>12} {:>9}\n", "source", "rows in", "kept", "quarantined", "dropped");
    for source in sources {
        let count = |rows: Option<u64>| rows.map_or_else(|| "-".to_owned(), |rows| rows.to_string());
        let _ = writeln!(
            words,
            "{:<28} {:>9} {:>9} {:>12} {:>9}",
            source.name,
            count(source.rows_in),
            count(source.kept),
            count(source.quarantined),
            count(source.dropped),
        );
        for finding in &source.findings {
            let rows = count(finding.rows);
            let _ = writeln!(words, "    {} {}: {rows} {}", finding.rule, finding.says, finding.outcome);
            let is_of_it = |one: &&Finding| {
                let takes = one.outcome != Outcome::Kept || !one.allowed.is_empty();
                takes
                    && one.source == source.name
                    && one.rule == finding.rule
                    && one.outcome.as_str() == finding.outcome
            };
            let mut advised = String::new();
            for one in ledger.findings.iter().filter(is_of_it) {
                let _ = writeln!(words, "        {}", one.place());
                let advice = one.advice();
                if !advice.is_empty() && advice != advised {
                    let _ = writeln!(words, "        hint: {advice}");
                    advised = advice;
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_withdraw_is_advised_only_where_the_release_served_is_of_the_same_day() {
        let built = "2026-10-31-aaaaaaaaaaaa";
        assert_eq!(instead(built, built), "");
        let same_day = instead("2026-10-31-bbbbbbbbbbbb", built);
        assert!(
            same_day.contains("it was made later") && same_day.contains("`sightline withdraw 2026-10-31-bbbbbbbbbbbb")
        );
        let later = instead("2026-11-30-cccccccccccc", built);
        assert!(later.contains("which is of a later day") && !later.contains("withdraw"), "{later}");
    }
}
