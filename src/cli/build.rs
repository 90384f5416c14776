//! `build`: extracts to a release, with the reconciliation of every source.

use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;

use super::releases::newest;
use super::tell::Tell;
use crate::build::{self, OnDrift};
use crate::ingest::{Finding, Ledger, Outcome};
use crate::release::{Protected, Source, Withheld};

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
        "{}\n{}{}\n{} {}{}",
        reconciliation(&built.sources, &built.ledger),
        withheld(Protected::Board, &written.withheld),
        written.public.as_ref().map_or_else(String::new, |counts| format!("\n{}", withheld(Protected::Public, counts))),
        if written.new { "release written:" } else { "the identical release is there already:" },
        written.name,
        newest(folder).map_or_else(|_| String::new(), |served| instead(&served.name, &written.name)),
    );
    tell.say(
        &words,
        &json!({ "release": written.name, "new": written.new, "withheld": written.withheld, "public": written.public, "sources": built.sources, "findings": built.ledger.findings }),
    );
    Ok(())
}

/// Which release is served where it is not the one that was built; and what to do about one of the same day that is wrong.
fn instead(served: &str, built: &str) -> String {
    if served == built {
        return "\n`sightline serve` shows it; one that runs already turns to it within seconds".into();
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

/// How much an edition withholds, audited.
fn withheld(edition: Protected, counts: &Withheld) -> String {
    let mut words = format!(
        "{} edition: {} figures, {} withheld: {} for their own sake, {} so that these cannot be worked out; audited: none can be",
        edition.name(),
        counts.figures,
        counts.withheld,
        counts.for_their_own_sake,
        counts.withheld.saturating_sub(counts.for_their_own_sake),
    );
    for not_read in &counts.not_read {
        _ = write!(words, "\n{not_read}");
    }
    for measure in counts.shown_nothing() {
        _ = write!(words, "\nnote: the {} edition shows nothing of `{measure}`", edition.name());
    }
    for same in &counts.same_counts {
        _ = write!(words, "\nnote: {same}, and what is withheld allows for it");
    }
    words
}

/// Places of a finding that took nothing out which are listed; all of them are in the JSON.
const PLACES_LISTED: usize = 6;

/// How rows are numbered, said where some are.
const NUMBERED: &str = "rows are numbered by the file's own lines, the headings being line 1: a spreadsheet shows the same number, unless a cell holds a line break\n";

/// Rows in = kept + quarantined + dropped, by source, and the findings beneath: for each where it is, and for each that took
/// rows out, or took a value out of them, what to do.
pub(super) fn reconciliation(sources: &[Source], ledger: &Ledger) -> String {
    let mut words = format!("{:<28} {:>9} {:>9} {:>12} {:>9}\n", "source", "rows in", "kept", "quarantined", "dropped");
    let mut numbered = false;
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
            let rows = match finding.rows {
                None | Some(0) => String::new(),
                Some(rows) => format!(": {rows} {}", finding.outcome),
            };
            let _ = writeln!(words, "    {} {}{rows}", finding.rule, finding.says);
            let of_it: Vec<&Finding> = ledger
                .findings
                .iter()
                .filter(|one| one.source == source.name && one.rule == finding.rule)
                .filter(|one| one.outcome.as_str() == finding.outcome && (one.count > 0 || one.column.is_some()))
                .collect();
            numbered |= of_it.iter().any(|one| one.count > 0);
            places(&of_it, &mut words);
        }
    }
    if numbered {
        words.push_str(NUMBERED);
    }
    words
}

/// Where a rule was met, file by file; what to do where it took something out.
fn places(of_it: &[&Finding], words: &mut String) {
    let takes = |one: &Finding| one.outcome != Outcome::Kept || !one.allowed.is_empty();
    let mut advised = String::new();
    for (nth, one) in of_it.iter().enumerate() {
        if !takes(one) && nth >= PLACES_LISTED {
            let _ = writeln!(words, "        and {} more: `--json` lists all", of_it.len() - nth);
            return;
        }
        let _ = writeln!(words, "        {}", one.place());
        let advice = one.advice();
        if takes(one) && !advice.is_empty() && advice != advised {
            let _ = writeln!(words, "        hint: {advice}");
            advised = advice;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_withdraw_is_advised_only_where_the_release_served_is_of_the_same_day() {
        let built = "2026-10-31-aaaaaaaaaaaa";
        assert!(instead(built, built).contains("one that runs already turns to it"));
        let same_day = instead("2026-10-31-bbbbbbbbbbbb", built);
        assert!(
            same_day.contains("it was made later") && same_day.contains("`sightline withdraw 2026-10-31-bbbbbbbbbbbb")
        );
        let later = instead("2026-11-30-cccccccccccc", built);
        assert!(later.contains("which is of a later day") && !later.contains("withdraw"), "{later}");
    }
}
