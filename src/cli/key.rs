//! `key rotate`: a new pseudonym key. Releases stay as they are; what `state/` remembers cannot be made anew and is dropped.

use std::path::Path;

use anyhow::anyhow;
use clap::Subcommand;
use serde_json::json;

use super::tell::Tell;
use crate::config::{Config, Key};
use crate::state;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Makes a new pseudonym key in the old one's place.
    Rotate,
}

pub(super) fn run(folder: &Path, verb: &Verb, tell: &Tell) -> anyhow::Result<()> {
    let Verb::Rotate = verb;
    rotate(folder, tell)
}

fn rotate(folder: &Path, tell: &Tell) -> anyhow::Result<()> {
    let config = Config::read(folder).map_err(|problems| anyhow!("{problems}"))?;
    // First what the old key made: killed between the two, the next build only begins to remember anew.
    let dropped = state::forget(&folder.join(state::FOLDER))?;
    let path = Key::rotate(&config, folder).map_err(|problems| anyhow!("{problems}"))?;
    let state = if dropped { "dropped: the next build begins to remember anew" } else { "there was none" };
    let words = format!(
        "a new pseudonym key is in `{}`; the old one is gone\n\
         releases: stay as they are, they hold no pseudonym; the next build's inputs will all be called changed\n\
         state: {state}",
        path.display(),
    );
    tell.say(&words, &json!({ "rotated": path, "state_dropped": dropped }));
    Ok(())
}
