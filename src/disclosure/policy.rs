//! Disclosure policies: which counts of children are withheld and how the others are shown.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::Dimension;

/// The rules for the board edition, as named in `partnership.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Counts of 1 to 5 withheld, others exact: the Department for Education's rule.
    #[default]
    Dfe,
    /// Counts of 1 to 7 withheld, others rounded to 5.
    Strict,
    /// Totals exact, counts of 1 or 2 withheld in breakdowns: for a board that may lawfully see them, and says by whose
    /// approval.
    Internal,
}

impl Policy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Dfe, Self::Strict, Self::Internal];

    /// As written in `partnership.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Dfe => "dfe",
            Self::Strict => "strict",
            Self::Internal => "internal",
        }
    }

    /// For a reader, so that it can be checked on the page.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Dfe => {
                "counts of 1 to 5 children are withheld, zeros are shown, and a further figure is withheld where a small count could be worked out from the others"
            }
            Self::Strict => {
                "counts of 1 to 7 children are withheld, zeros are shown, other counts are rounded to the nearest 5, and a further figure is withheld where a small count could be worked out from the others"
            }
            Self::Internal => {
                "internal to this board and not for publication: totals are exact unless a count withheld could be worked out from them, counts of 1 or 2 children are withheld in breakdowns, zeros are shown, and a further figure is withheld where a small count could be worked out from the others"
            }
        }
    }

    /// The smallest count of children that is shown of a level, zero apart.
    pub fn smallest_shown(self) -> u32 {
        self.rules().smallest_shown
    }

    /// The smallest count of children that is shown of the whole, zero apart.
    pub fn smallest_total(self) -> u32 {
        self.rules().smallest_total
    }

    /// Shown counts are rounded to this; exact where none.
    pub fn rounded_to(self) -> Option<u32> {
        self.rules().rounded_to
    }

    pub(super) fn rules(self) -> Rules {
        match self {
            Self::Dfe => Rules { smallest_total: 6, smallest_shown: 6, rounded_to: None },
            Self::Strict => Rules { smallest_total: 8, smallest_shown: 8, rounded_to: Some(5) },
            Self::Internal => Rules { smallest_total: 1, smallest_shown: 3, rounded_to: None },
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The policy is not one that Sightline has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown disclosure policy: write `dfe`, `strict` or `internal`")]
pub struct UnknownPolicy;

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        Self::ALL.into_iter().find(|policy| policy.id() == text).ok_or(UnknownPolicy)
    }
}

/// By measure, the smallest count of children that every source behind it allows to be shown, where that is more than the
/// policy asks: the strictest contributor binds a joined figure.
pub type Thresholds = BTreeMap<String, u32>;

/// A policy's numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Counts of children of the whole from 1 to one less are withheld.
    pub(super) smallest_total: u32,
    /// Counts of children of a level from 1 to one less are withheld.
    pub(super) smallest_shown: u32,
    /// Shown counts are rounded to this; exact where none.
    pub(super) rounded_to: Option<u32>,
}

impl Rules {
    /// With at least a source's threshold.
    pub(super) fn at_least(self, threshold: u32) -> Self {
        Self {
            smallest_total: self.smallest_total.max(threshold),
            smallest_shown: self.smallest_shown.max(threshold),
            ..self
        }
    }

    /// The smallest count shown of the whole or of a level.
    pub(super) fn smallest(self, dimension: Dimension) -> u32 {
        if dimension == Dimension::Total { self.smallest_total } else { self.smallest_shown }
    }

    /// Whether a count of children is too small to show; zero is shown.
    pub(super) fn withholds(self, dimension: Dimension, children: u32) -> bool {
        children > 0 && children < self.smallest(dimension)
    }

    /// The count as shown.
    pub(super) fn rounds(self, count: i64) -> i64 {
        self.rounded_to.map_or(count, |step| {
            let step = i64::from(step);
            (count + step / 2).div_euclid(step) * step
        })
    }
}
