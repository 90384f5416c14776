//! `manifest.json`: what a release is made of, as hashes. Holds no count, so that it can lie beside the board edition.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Protected;
use crate::disclosure::Policy;

/// Characters of the id in the folder's name.
const ID_IN_NAME: usize = 12;

/// A release's contents by hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout of the files.
    pub schema: u32,
    /// The version of Sightline that wrote it.
    pub sightline: String,
    /// A hash of everything below but the sequence and the seal.
    pub id: String,
    /// The last day counted.
    pub as_at: NaiveDate,
    /// 1 + the highest among the releases that were there: which of two with one as-at date is later.
    pub sequence: u64,
    /// The policy of the board edition.
    pub policy: Policy,
    /// The policy of the public edition; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<Policy>,
    /// By edition, its printed id.
    pub editions: BTreeMap<String, String>,
    /// By source, a hash of its sorted rows.
    pub inputs: BTreeMap<String, String>,
    /// By source, a hash of how the settings read it: columns, codes, dates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub readings: BTreeMap<String, String>,
    /// By source, the declared cut date.
    pub data_to: BTreeMap<String, NaiveDate>,
    /// A hash of every threshold.
    pub definitions: String,
    /// By measure, a hash of its query and definition.
    pub queries: BTreeMap<String, String>,
    /// By file, the hash of its bytes.
    pub hashes: BTreeMap<String, String>,
    /// A hash of this manifest with the seal blank.
    pub seal: String,
}

impl Manifest {
    /// `2026-10-31-0123456789ab`.
    pub fn name(&self) -> String {
        self.named(&self.id)
    }

    /// Its name to a reader of an edition: made of that edition's id alone. The folder's name is made of everything, the exact
    /// figures too, and would tell a reader which guess at them is right.
    pub fn name_to(&self, reader: Protected) -> String {
        self.named(self.editions.get(reader.name()).map_or("", String::as_str))
    }

    /// Its name to a reader of the board edition.
    pub fn board_name(&self) -> String {
        self.name_to(Protected::Board)
    }

    /// The policy of an edition; none where there is no such edition.
    pub fn policy_of(&self, edition: Protected) -> Option<Policy> {
        match edition {
            Protected::Board => Some(self.policy),
            Protected::Public => self.public,
        }
    }

    fn named(&self, id: &str) -> String {
        let id: String = id.chars().take(ID_IN_NAME).collect();
        format!("{}-{id}", self.as_at)
    }

    /// With its id filled in.
    pub(super) fn identified(mut self) -> Self {
        self.id = self.id_of_contents();
        self
    }

    /// With its sequence and seal filled in: nothing may change after.
    pub(super) fn sealed(mut self, sequence: u64) -> Self {
        self.sequence = sequence;
        self.seal = self.seal_of_contents();
        self
    }

    /// The id that its contents call for.
    pub(super) fn id_of_contents(&self) -> String {
        let bare = Self { id: String::new(), sequence: 0, seal: String::new(), ..self.clone() };
        hash(&bare.bytes())
    }

    /// The seal that its contents call for.
    pub(super) fn seal_of_contents(&self) -> String {
        let open = Self { seal: String::new(), ..self.clone() };
        hash(&open.bytes())
    }

    /// As written.
    pub(super) fn bytes(&self) -> Vec<u8> {
        json(self)
    }
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes what is written to it");
        text
    })
}

/// JSON for people and machines: indented, with a last line end.
pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain data with text keys serialises");
    bytes.push(b'\n');
    bytes
}
