//! What differs between two releases in one edition, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::domain::{Dimension, Figure, Period, Symbol};

use super::open::{open_board, open_restricted, read_manifest};
use super::reasons::reasons;
use super::{Edition, Manifest, Reason, ReleaseError, Report};

/// Figures that one of two releases has or shows otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The earlier release's name.
    pub from: String,
    /// The later release's name.
    pub to: String,
    /// `board` or `restricted`.
    pub edition: &'static str,
    /// In the later one only.
    pub added: Vec<Change>,
    /// In the earlier one only.
    pub removed: Vec<Change>,
    /// In both, and not the same.
    pub changed: Vec<Change>,
}

/// One figure before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// In the earlier release.
    pub old: Option<Figure>,
    /// In the later release.
    pub new: Option<Figure>,
    /// What can have moved it; empty where nothing that the manifests record has changed.
    pub because: Vec<Reason>,
}

/// Compares two releases in the board edition, or the restricted one where `restricted`.
pub fn compare(from: &Path, to: &Path, restricted: bool) -> Result<Comparison, ReleaseError> {
    let manifests = (read_manifest(from)?, read_manifest(to)?);
    if restricted {
        Ok(differences(&manifests, (open_restricted(from)?, open_restricted(to)?)))
    } else {
        Ok(differences(&manifests, (open_board(from)?, open_board(to)?)))
    }
}

type Key = (String, Dimension, String, Period);

fn differences<E: Edition>(manifests: &(Manifest, Manifest), reports: (Report<E>, Report<E>)) -> Comparison {
    let (from, to) = manifests;
    let rests_on: BTreeMap<&str, &[String]> =
        reports.1.measures.iter().map(|measure| (measure.id.as_str(), measure.sources.as_slice())).collect();
    let mut comparison = Comparison {
        from: from.name(),
        to: to.name(),
        edition: E::NAME,
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
    };
    let (mut old, mut new) = (by_key(reports.0.figures), by_key(reports.1.figures));
    let keys: BTreeSet<Key> = old.keys().chain(new.keys()).cloned().collect();
    for key in keys {
        let rests_on = rests_on.get(key.0.as_str()).copied().unwrap_or_default();
        let (old, new) = (old.remove(&key), new.remove(&key));
        let because = if is_withheld_in_one(old.as_ref(), new.as_ref()) {
            let policy = (from.policy != to.policy).then_some(Reason::PolicyChanged);
            [Reason::WithheldInOne].into_iter().chain(policy).collect()
        } else {
            reasons(from, to, &key.0, rests_on)
        };
        let change = Change { old, new, because };
        match (&change.old, &change.new) {
            (None, _) => comparison.added.push(change),
            (_, None) => comparison.removed.push(change),
            (old, new) if old != new => comparison.changed.push(change),
            _ => {}
        }
    }
    comparison
}

/// Whether one of two shows what the other withholds: a reader cannot tell whether the count is another.
fn is_withheld_in_one(old: Option<&Figure>, new: Option<&Figure>) -> bool {
    let is_withheld = |figure: &Figure| figure.symbol == Some(Symbol::Confidential);
    old.zip(new).is_some_and(|(old, new)| is_withheld(old) != is_withheld(new))
}

fn by_key(figures: Vec<Figure>) -> BTreeMap<Key, Figure> {
    figures
        .into_iter()
        .map(|figure| ((figure.measure.clone(), figure.dimension, figure.level.clone(), figure.period), figure))
        .collect()
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} to {}, {} edition", self.from, self.to, self.edition)?;
        if self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() {
            return writeln!(f, "no figure differs");
        }
        for (heading, changes) in [("changed", &self.changed), ("added", &self.added), ("removed", &self.removed)] {
            writeln!(f, "{heading}: {}", changes.len())?;
            for change in changes {
                writeln!(f, "  {change}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(figure) = self.new.as_ref().or(self.old.as_ref()) {
            write!(f, "{} {} {} {}", figure.measure, figure.period, figure.dimension, figure.level)?;
        }
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, ": {} -> {}", in_short(old), in_short(new))?,
            (Some(only), None) | (None, Some(only)) => write!(f, ": {}", in_short(only))?,
            (None, None) => {}
        }
        if !self.because.is_empty() {
            let because: Vec<String> = self.because.iter().map(ToString::to_string).collect();
            write!(f, " ({})", because.join("; "))?;
        }
        Ok(())
    }
}

/// `0.25 (10/40) provisional`, `[c]`.
fn in_short(figure: &Figure) -> String {
    let value = match (figure.value, figure.symbol) {
        (Some(value), _) => value.to_string(),
        (None, Some(symbol)) => format!("[{}]", symbol.letter()),
        (None, None) => "none".to_owned(),
    };
    let counts = match (figure.numerator, figure.denominator) {
        (Some(numerator), Some(denominator)) => format!(" ({numerator}/{denominator})"),
        (None, Some(denominator)) => format!(" (of {denominator})"),
        _ => String::new(),
    };
    let provisional = if figure.provisional { " provisional" } else { "" };
    format!("{value}{counts}{provisional}")
}
