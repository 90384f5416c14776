//! `check`: settings, extracts, queries and pages, without building.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;

use super::tell::Tell;
use crate::build;

pub(super) fn run(folder: &Path, as_at: Option<NaiveDate>, tell: &Tell) -> anyhow::Result<()> {
    let bar = tell.progress("reading extracts");
    let checked = build::check(folder, None, as_at, super::today());
    bar.finish_and_clear();
    let checked = checked?;
    let sources = &checked.staged.sources;
    let words = format!(
        "{}\n{} measures, {} {}: ready to build",
        super::build::reconciliation(sources, &checked.staged.ledger),
        checked.queries.len(),
        sources.len(),
        if sources.len() == 1 { "source" } else { "sources" },
    );
    tell.say(&words, &json!({ "ready": true, "sources": sources, "findings": checked.staged.ledger.findings }));
    Ok(())
}
