//! How the parts of a measure, and measures among each other, hang together: what a reader could subtract.

use serde::{Deserialize, Serialize};

/// A part named so stands for what the figure itself is counted out of.
pub const DENOMINATOR: &str = "denominator";

/// One `[[relation]]` of a measure's header. A part is named by its id; `""` is the figure itself.
///
/// Levels of a dimension, months and windows need no relation: a counted row falls into one level and one month. What is
/// said here is public, and disclosure control and its audit take it as known to every reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Relation {
    /// The parts add up to `whole`: numerator to numerator, denominator to denominator; with `whole = "denominator"` the
    /// numerators add up to their common denominator.
    AddsUp {
        /// The sum.
        whole: String,
        /// What is added.
        parts: Vec<String>,
    },
    /// Each step counts some of those the step before counts.
    Nests {
        /// From the widest to the narrowest.
        steps: Vec<String>,
    },
    /// These parts have one numerator.
    SameNumerator {
        /// At least two.
        parts: Vec<String>,
    },
    /// These parts have one denominator.
    SameDenominator {
        /// At least two.
        parts: Vec<String>,
    },
    /// The part is the same figure as a part of another measure, wherever both are given.
    SameAs {
        /// A part of this measure.
        part: String,
        /// The other measure's id.
        measure: String,
        /// The other measure's part.
        other_part: String,
    },
}
