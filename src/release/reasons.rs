//! Why a figure differs between two releases, as far as their manifests tell.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::Manifest;

/// Something that differs between two releases and can have moved a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", content = "of", rename_all = "snake_case")]
pub enum Reason {
    /// The measure's query or words, or a threshold.
    DefinitionChanged,
    /// These sources' rows: late data, a correction, or a new month.
    InputChanged(Vec<String>),
    /// The settings read these sources otherwise: a column, a code, a date.
    ReadOtherwise(Vec<String>),
    /// The last day counted.
    AsAtMoved,
    /// One of the two withholds it: its count need not have changed.
    WithheldInOne,
    /// The board edition's policy.
    PolicyChanged,
    /// The version of Sightline.
    ProgramChanged,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DefinitionChanged => f.write_str("definition changed"),
            Self::InputChanged(sources) => write!(f, "input changed: {}", sources.join(", ")),
            Self::ReadOtherwise(sources) => write!(f, "columns or codes read otherwise: {}", sources.join(", ")),
            Self::AsAtMoved => f.write_str("as-at date moved"),
            Self::WithheldInOne => f.write_str("withheld in one of the two, and need not have changed"),
            Self::PolicyChanged => f.write_str("disclosure policy changed"),
            Self::ProgramChanged => f.write_str("version of Sightline changed"),
        }
    }
}

/// Every reason for which a figure of `measure` can differ, the most telling first. Of the sources only those it `rests_on`
/// can have moved it; where these are not known, any can.
pub(super) fn reasons(a: &Manifest, b: &Manifest, measure: &str, rests_on: &[String]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if a.definitions != b.definitions || a.queries.get(measure) != b.queries.get(measure) {
        reasons.push(Reason::DefinitionChanged);
    }
    let differing = |a, b| -> Vec<String> {
        let can_move = |source: &String| rests_on.is_empty() || rests_on.contains(source);
        differing(a, b).into_iter().filter(can_move).collect()
    };
    let sources = differing(&a.inputs, &b.inputs);
    if !sources.is_empty() {
        reasons.push(Reason::InputChanged(sources));
    }
    // A release made before this was recorded says nothing of it.
    if !a.readings.is_empty() && !b.readings.is_empty() {
        let sources = differing(&a.readings, &b.readings);
        if !sources.is_empty() {
            reasons.push(Reason::ReadOtherwise(sources));
        }
    }
    if a.as_at != b.as_at {
        reasons.push(Reason::AsAtMoved);
    }
    if a.policy != b.policy {
        reasons.push(Reason::PolicyChanged);
    }
    if a.sightline != b.sightline {
        reasons.push(Reason::ProgramChanged);
    }
    reasons
}

/// Names in either whose hashes differ, or that only one has.
fn differing(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<&String> = a.keys().chain(b.keys()).filter(|name| a.get(*name) != b.get(*name)).collect();
    names.sort();
    names.dedup();
    names.into_iter().cloned().collect()
}
