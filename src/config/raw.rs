//! `partnership.toml` as written, before it is checked.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::Definitions;

use super::Drift;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub(super) name: Option<String>,
    pub(super) area: Option<String>,
    #[schemars(with = "Option<String>")]
    pub(super) as_at: Option<toml::Value>,
    pub(super) financial_year_starts: Option<i64>,
    pub(super) pseudonym_key_file: Option<String>,
    #[serde(default)]
    pub(super) sample: bool,
    #[serde(default)]
    pub(super) definitions: Definitions,
    #[serde(default)]
    pub(super) drift: Drift,
    #[serde(default)]
    pub(super) disclosure: RawDisclosure,
    pub(super) board_reads: Option<String>,
    pub(super) identity: Option<super::identity::RawIdentity>,
    #[serde(default)]
    pub(super) source: Vec<RawSource>,
    #[serde(default)]
    pub(super) target: Vec<RawTarget>,
    #[serde(default)]
    pub(super) finding: Vec<RawFinding>,
    #[serde(default)]
    pub(super) event: Vec<RawEvent>,
    pub(super) published: Option<RawPublished>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPublished {
    pub(super) area_code: Option<String>,
    #[serde(default)]
    pub(super) neighbours: Vec<String>,
}

#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDisclosure {
    pub(super) policy: Option<String>,
    pub(super) public_edition: Option<String>,
    pub(super) approved_by: Option<String>,
    pub(super) impact_assessment: Option<String>,
    #[schemars(with = "Option<String>")]
    pub(super) approved_on: Option<toml::Value>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub(super) name: Option<String>,
    pub(super) agency: Option<String>,
    pub(super) format: Option<String>,
    pub(super) path: Option<OneOrMany>,
    pub(super) table: Option<String>,
    pub(super) date_format: Option<String>,
    pub(super) encoding: Option<String>,
    #[schemars(with = "Option<String>")]
    pub(super) data_from: Option<toml::Value>,
    #[schemars(with = "Option<String>")]
    pub(super) data_to: Option<toml::Value>,
    pub(super) cadence: Option<String>,
    pub(super) due_day: Option<i64>,
    pub(super) owner_role: Option<String>,
    pub(super) smallest_shown: Option<i64>,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) codes: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTarget {
    pub(super) measure: Option<String>,
    pub(super) value: Option<f64>,
    #[schemars(with = "Option<String>")]
    pub(super) by: Option<toml::Value>,
    pub(super) owner_role: Option<String>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEvent {
    #[schemars(with = "Option<String>")]
    pub(super) on: Option<toml::Value>,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) measures: Vec<String>,
    #[serde(default)]
    pub(super) rebase: bool,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFinding {
    pub(super) id: Option<String>,
    pub(super) says: Option<String>,
    #[serde(default)]
    pub(super) measures: Vec<String>,
    pub(super) answered_by: Option<String>,
}
