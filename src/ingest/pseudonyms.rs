//! Identifiers into keyed pseudonyms, at the door. Raw identifiers live no longer than the reading of a file.

use std::collections::{BTreeMap, HashMap};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::config::Key;

/// Separates the parts of what is hashed, so that no two lists of parts read alike.
const SEPARATOR: &[u8] = &[0x1f];

/// Makes pseudonyms: the first 8 bytes of HMAC-SHA256 under the project's key.
#[derive(Clone)]
pub(crate) struct Pseudonyms {
    mac: Hmac<Sha256>,
}

impl Pseudonyms {
    pub(crate) fn new(key: &Key) -> Self {
        Self { mac: Hmac::new_from_slice(key.bytes()).expect("HMAC takes keys of any length") }
    }

    /// The pseudonym of an identifier, given by its parts.
    pub(crate) fn of(&self, parts: &[&str]) -> i64 {
        i64::from_be_bytes(self.digest(parts).first_chunk().copied().unwrap_or_default())
    }

    /// The whole digest of parts.
    pub(crate) fn digest(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                mac.update(SEPARATOR);
            }
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// Agencies' identifiers to the partnership's, by agency.
#[derive(Debug, Default)]
pub(crate) struct Crosswalk {
    pub(crate) by_agency: BTreeMap<String, HashMap<String, String>>,
}

/// An identifier as it is in one agency's extracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    /// The pseudonym: of the partnership's child, or of the agency's own where it is not linked.
    pub(crate) key: i64,
    /// The child is known to the partnership.
    pub(crate) linked: bool,
}

impl Crosswalk {
    /// An agency without any row is taken to use the partnership's identifiers.
    pub(crate) fn uses_own_identifiers(&self, agency: &str) -> bool {
        !self.by_agency.contains_key(agency)
    }

    /// The pseudonym of an agency's identifier.
    pub(crate) fn link(&self, pseudonyms: &Pseudonyms, agency: &str, raw: &str) -> Linked {
        let canonical = match self.by_agency.get(agency) {
            None => Some(raw),
            Some(links) => links.get(raw).map(String::as_str),
        };
        match canonical {
            Some(canonical) => Linked { key: pseudonyms.of(&["child", canonical]), linked: true },
            None => Linked { key: pseudonyms.of(&["unlinked", agency, raw]), linked: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_child_of_two_agencies_has_one_pseudonym_and_an_unlinked_one_its_own() {
        let pseudonyms = Pseudonyms::new(&Key::from_bytes([7; 32]));
        let links = HashMap::from([("P1".to_owned(), "001".to_owned())]);
        let crosswalk = Crosswalk { by_agency: BTreeMap::from([("police".to_owned(), links)]) };
        let council = crosswalk.link(&pseudonyms, "council", "001");
        assert_eq!(crosswalk.link(&pseudonyms, "police", "P1"), council);
        assert!(!crosswalk.link(&pseudonyms, "police", "001").linked);
        assert_ne!(crosswalk.link(&pseudonyms, "police", "001").key, council.key);
        assert_ne!(crosswalk.link(&pseudonyms, "council", "1").key, council.key);
    }
}
