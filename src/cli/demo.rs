//! `demo`: the embedded sample, from extracts to the first screen, in one command.

use std::net::SocketAddr;

use clap::Args;
use include_dir::{Dir, include_dir};

use super::serve;
use super::tell::Tell;
use crate::build;
use crate::config::Key;
use crate::ingest::Ledger;

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data-samples");

/// The sample describes nobody, so its pseudonyms need no secret.
const SAMPLE_KEY: Key = Key::from_bytes(*b"no child of the sample is a real");

#[derive(Args)]
pub(super) struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
}

pub(super) fn run(options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    SAMPLE.extract(folder.path())?;
    let bar = tell.progress("building the sample partnership");
    let built = build::check(folder.path(), Some(&SAMPLE_KEY), None, super::today())
        .and_then(|checked| build::build(checked, &folder.path().join("releases")));
    bar.finish_and_clear();
    let built = built?;
    tell.say(
        // Its rows are nobody's to mend.
        &super::build::reconciliation(&built.sources, &Ledger::default()),
        &serde_json::json!({ "release": built.written.name, "sources": built.sources }),
    );
    serve::open(folder.path(), options.addr, "", false, tell)
}
