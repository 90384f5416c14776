//! A small project folder written by a test: a few rows a reader can work out by hand.

use std::path::{Path, PathBuf};

use sightline::build::{self, BuildError, Built, Checked, OnDrift};
use sightline::config::Key;
use sightline::domain::Figure;
use sightline::release::{open_board, open_restricted};
use tempfile::TempDir;

/// A project folder that is removed when dropped.
pub(crate) struct Project {
    folder: TempDir,
    settings: String,
}

impl Project {
    /// With an as-at date and no source yet.
    pub(crate) fn as_at(day: &str) -> Self {
        let settings = format!("name = \"Test Partnership\"\narea = \"Test\"\nas_at = {day}\n");
        Self { folder: tempfile::tempdir().unwrap(), settings }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a native extract: a header and rows.
    pub(crate) fn native(self, agency: &str, table: &str, rows: &[&str]) -> Self {
        self.extract(agency, table, &format!("{}\n", rows.join("\n")).into_bytes(), "")
    }

    /// Adds one table of a statutory format: a header and rows.
    pub(crate) fn statutory(mut self, format: &str, agency: &str, table: &str, rows: &[&str]) -> Self {
        let file = format!("{agency}_{table}.csv");
        std::fs::write(self.path().join(&file), format!("{}\n", rows.join("\n"))).unwrap();
        let as_at = self.settings.lines().find_map(|line| line.strip_prefix("as_at = ")).unwrap().to_owned();
        self.settings.push_str(&format!(
            "\n[[source]]\nname = \"{agency}-{table}\"\nagency = \"{agency}\"\nformat = \"{format}\"\ntable = \"{table}\"\npath = \"{file}\"\ndata_to = {as_at}\n"
        ));
        self
    }

    /// Adds a native extract as bytes, with further keys for its source.
    pub(crate) fn extract(self, agency: &str, table: &str, bytes: &[u8], keys: &str) -> Self {
        self.written(agency, table, "csv", bytes, keys)
    }

    /// Adds a native extract in a file with another ending.
    pub(crate) fn extract_as(self, agency: &str, table: &str, ending: &str, bytes: &[u8]) -> Self {
        self.written(agency, table, ending, bytes, "")
    }

    /// Adds a table of settings.
    pub(crate) fn setting(mut self, table: &str) -> Self {
        self.settings.push_str(&format!("\n{table}\n"));
        self
    }

    /// Adds a source whose files a test writes itself, or that has none.
    pub(crate) fn source(mut self, name: &str, path: &str) -> Self {
        self.settings.push_str(&format!(
            "\n[[source]]\nname = \"{name}\"\nagency = \"{name}\"\nformat = \"native\"\npath = \"{path}\"\n"
        ));
        self
    }

    /// Writes the settings, for a test that runs the command itself.
    pub(crate) fn settle(&self) {
        std::fs::write(self.path().join("partnership.toml"), &self.settings).unwrap();
    }

    fn written(mut self, agency: &str, table: &str, ending: &str, bytes: &[u8], keys: &str) -> Self {
        let file = format!("{agency}_{table}.{ending}");
        std::fs::write(self.path().join(&file), bytes).unwrap();
        let as_at = self.settings.lines().find_map(|line| line.strip_prefix("as_at = ")).unwrap().to_owned();
        let data_to = if keys.contains("data_to") { String::new() } else { format!("data_to = {as_at}\n") };
        self.settings.push_str(&format!(
            "\n[[source]]\nname = \"{agency}-{table}\"\nagency = \"{agency}\"\nformat = \"native\"\ntable = \"{table}\"\npath = \"{file}\"\n{data_to}{keys}\n"
        ));
        self
    }

    /// Writes a file of the project's own: a query, a page.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn build(&self) -> Result<Built, BuildError> {
        self.build_with(OnDrift::Accept)
    }

    /// Builds; `Hold` is what a user's build does with extracts that no longer look as they did.
    pub(crate) fn build_with(&self, on_drift: OnDrift) -> Result<Built, BuildError> {
        self.settle();
        let key = Key::from_bytes([7; 32]);
        let checked = build::check_with(self.path(), Some(&key), None, "2026-12-31".parse().unwrap(), on_drift)?;
        build::build(checked, &self.releases())
    }

    /// Checks without building.
    pub(crate) fn check(&self) -> Result<Checked, BuildError> {
        self.settle();
        build::check(self.path(), Some(&Key::from_bytes([7; 32])), None, "2026-12-31".parse().unwrap())
    }

    pub(crate) fn releases(&self) -> PathBuf {
        self.path().join("releases")
    }

    /// The exact figures of a release that must build.
    pub(crate) fn exact(&self) -> Vec<Figure> {
        open_restricted(&self.build().unwrap().written.dir).unwrap().figures
    }

    /// The board's figures of a release that must build.
    pub(crate) fn board(&self) -> Vec<Figure> {
        open_board(&self.build().unwrap().written.dir).unwrap().figures
    }

    /// What the build says is wrong, every fault in order.
    pub(crate) fn said(&self) -> String {
        match self.build() {
            Err(BuildError::Input(faults)) => faults.iter().map(|fault| format!("{}\n", fault.says)).collect(),
            Err(other) => other.to_string(),
            Ok(_) => "built".into(),
        }
    }
}

/// (numerator, denominator) of one figure of the whole, or a part of it (`total:s10`).
pub(crate) fn counts(figures: &[Figure], measure: &str, period: &str, level: &str) -> (Option<i64>, Option<i64>) {
    let figure = figure(figures, measure, period, level);
    (figure.numerator, figure.denominator)
}

/// One figure of the whole.
pub(crate) fn figure<'a>(figures: &'a [Figure], measure: &str, period: &str, level: &str) -> &'a Figure {
    figures
        .iter()
        .find(|figure| figure.measure == measure && figure.period.to_string() == period && figure.level == level)
        .unwrap_or_else(|| panic!("no figure {measure} {period} {level}"))
}
