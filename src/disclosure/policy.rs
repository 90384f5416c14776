//! Disclosure policies: which counts of children are withheld and how the others are shown.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The rules for the board edition, as named in `partnership.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Counts of 1 to 5 withheld, others exact: the Department for Education's rule.
    #[default]
    Dfe,
    /// Counts of 1 to 7 withheld, others rounded to 5.
    Strict,
}

impl Policy {
    /// As written in `partnership.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Dfe => "dfe",
            Self::Strict => "strict",
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
        }
    }

    /// The smallest count of children that is shown, zero apart.
    pub fn smallest_shown(self) -> u32 {
        self.rules().smallest_shown
    }

    pub(super) fn rules(self) -> Rules {
        match self {
            Self::Dfe => Rules { smallest_shown: 6, rounded_to: None },
            Self::Strict => Rules { smallest_shown: 8, rounded_to: Some(5) },
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
#[error("unknown disclosure policy: write `dfe` or `strict`")]
pub struct UnknownPolicy;

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        [Self::Dfe, Self::Strict].into_iter().find(|policy| policy.id() == text).ok_or(UnknownPolicy)
    }
}

/// A policy's numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Counts of children from 1 to one less are withheld.
    pub(super) smallest_shown: u32,
    /// Shown counts are rounded to this; exact where none.
    pub(super) rounded_to: Option<u32>,
}

impl Rules {
    /// Whether a count of children is too small to show; zero is shown.
    pub(super) fn withholds(self, children: u32) -> bool {
        children > 0 && children < self.smallest_shown
    }

    /// The count as shown.
    pub(super) fn rounds(self, count: i64) -> i64 {
        self.rounded_to.map_or(count, |step| {
            let step = i64::from(step);
            (count + step / 2).div_euclid(step) * step
        })
    }
}
