//! What the inspectors found, as the partnership states it, and the measures that answer it.

use serde::{Deserialize, Serialize};

/// One finding of the inspection: `[[finding]]` in `partnership.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionFinding {
    /// As actions name it: `F1`.
    pub id: String,
    /// In the inspectors' words.
    pub says: String,
    /// The measures that answer it, the first of them leading.
    pub measures: Vec<String>,
    /// What the answer leads with.
    pub answered_by: AnsweredBy,
}

/// What answers a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// Its first measure.
    #[default]
    Measures,
    /// The pace of the action plan.
    Plan,
    /// What completed actions moved.
    Moved,
    /// How many outcomes can be shown at all.
    Outcomes,
}
