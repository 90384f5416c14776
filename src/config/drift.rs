//! How much an extract may differ from the last one before a build holds it.

use serde::{Deserialize, Serialize};

/// How much may differ unremarked: `[drift]` of `partnership.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Drift {
    /// Rows more or fewer, in percent of the last build's.
    pub rows_percent: u32,
    /// Changes of fewer rows than this are never held.
    pub least_rows: u32,
    /// Of the rows the last build saw, the percentage that must still be there.
    pub least_overlap_percent: u32,
}

impl Default for Drift {
    fn default() -> Self {
        Self { rows_percent: 30, least_rows: 5, least_overlap_percent: 80 }
    }
}
