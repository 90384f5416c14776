//! What the command says: words for people on a terminal, JSON where asked; progress only on a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::build::BuildError;
use crate::config::Problems;

/// Where the command's words go.
pub(super) struct Tell {
    json: bool,
}

impl Tell {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Says it, in words or as JSON.
    pub(super) fn say(&self, words: &str, json: &Value) {
        let mut out = std::io::stdout().lock();
        let told = if self.json { writeln!(out, "{json}") } else { writeln!(out, "{}", words.trim_end()) };
        // A reader who has gone away (a closed pipe) wants no more.
        drop(told);
    }

    /// Asks the person at the terminal; nothing is said on standard output, which may be read by a program.
    #[expect(clippy::unused_self, reason = "whatever is said goes through the one place that prints")]
    pub(super) fn ask(&self, question: &str, usual: &str) {
        let mut out = std::io::stderr().lock();
        let asked = match usual {
            "" => write!(out, "{question}: "),
            usual => write!(out, "{question} [{usual}]: "),
        };
        drop(asked.and_then(|()| out.flush()));
    }

    /// Writes bytes as they are: an export.
    #[expect(clippy::unused_self, reason = "whatever is said goes through the one place that prints")]
    pub(super) fn write(&self, bytes: &[u8]) {
        let told = std::io::stdout().lock().write_all(bytes);
        drop(told);
    }

    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Says something beside what was asked for, on standard error.
    #[expect(clippy::unused_self, reason = "whatever is said goes through the one place that prints")]
    pub(super) fn note(&self, words: &str) {
        let told = writeln!(std::io::stderr().lock(), "note: {words}");
        drop(told);
    }

    /// Says what is wrong with one file, every problem of it.
    fn problems(&self, problems: &Problems) -> ExitCode {
        let count = problems.0.len();
        let told =
            if self.json {
                let error = format!("{count} to mend");
                writeln!(std::io::stdout().lock(), "{}", json!({ "error": error, "problems": problems }))
            } else {
                let mut out = std::io::stderr().lock();
                problems.0.iter().try_for_each(|problem| writeln!(out, "error: {problem}")).and_then(|()| {
                    writeln!(out, "\n{count} {} to mend", if count == 1 { "problem" } else { "problems" })
                })
            };
        drop(told);
        ExitCode::from(1)
    }

    /// Says what went wrong; the exit code is always 1, since usage was checked before.
    pub(super) fn failed(&self, error: &anyhow::Error) -> ExitCode {
        if let Some(problems) = error.downcast_ref::<Problems>() {
            return self.problems(problems);
        }
        let mut out = std::io::stderr().lock();
        let faults = match error.downcast_ref::<BuildError>() {
            Some(BuildError::Input(faults)) => faults.clone(),
            _ => Vec::new(),
        };
        let told = if self.json {
            writeln!(std::io::stdout().lock(), "{}", json!({ "error": format!("{error:#}"), "problems": faults }))
        } else if faults.is_empty() {
            writeln!(out, "error: {error:#}")
        } else {
            faults.iter().try_for_each(|fault| writeln!(out, "error: {}", fault.says)).and_then(|()| {
                let count = faults.len();
                writeln!(
                    out,
                    "\n{count} {} to mend; nothing was built",
                    if count == 1 { "problem" } else { "problems" }
                )
            })
        };
        drop(told);
        ExitCode::from(1)
    }

    /// A spinner for long work, on a terminal alone.
    pub(super) fn progress(&self, words: &'static str) -> ProgressBar {
        if self.json || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(words);
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}
