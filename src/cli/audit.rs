//! `audit`: whether the record of who opened what is whole, and its head, to be written down elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::tell::Tell;
use super::user::open;
use crate::identity::audit::{AuditKey, head, verify};
use crate::identity::{heads_file, read_heads};

#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Walks the whole log and finds an entry changed, removed, inserted, moved or cut off.
    Verify {
        /// Heads written out earlier (the configured file unless named): a copy kept elsewhere proves the most.
        #[arg(long)]
        heads: Option<PathBuf>,
    },
    /// The log's head: how many entries there are, and the last one's code.
    Head,
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let opened = open(folder)?;
    let key = AuditKey::of(&opened.key);
    match &options.verb {
        Verb::Head => {
            let head = head(&opened.connection, &key)?;
            tell.say(&head.in_words(), &json!({ "head": head.in_words() }));
        }
        Verb::Verify { heads } => {
            let usual = heads_file(opened.settings.audit_heads_file.as_deref(), folder, &opened.folder);
            let file = heads.clone().unwrap_or(usual);
            if heads.is_some() && !file.exists() {
                bail!("there are no heads at `{}`", file.display());
            }
            let (written_out, unreadable) = read_heads(&file)?;
            let mut problems = match verify(&opened.connection, &key, &written_out)? {
                Ok(head) if unreadable.is_empty() => {
                    let words = format!(
                        "the audit log is whole: {} entries, {} heads written out agree\nhead: {}",
                        head.seq,
                        written_out.len(),
                        head.in_words()
                    );
                    tell.say(
                        &words,
                        &json!({ "entries": head.seq, "heads": written_out.len(), "head": head.in_words() }),
                    );
                    return Ok(());
                }
                Ok(_) => Vec::new(),
                Err(problems) => problems,
            };
            problems.extend(unreadable.iter().map(|line| format!("`{}` line {line} holds no head", file.display())));
            return Err(anyhow!("the audit log is not whole: {}", problems.join("; ")));
        }
    }
    Ok(())
}
