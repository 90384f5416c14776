//! Secrets that come from files: the identity key, the provider's client secret. One that others may read is refused.

use std::fmt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

use super::{StoreError, random};
use crate::config::key as files;
use crate::config::{Problem, Problems, in_words};

/// Longest secret read from a file, in bytes.
const LONGEST_SECRET: u64 = 4096;

/// The key from which the audit log, second factors and sign-in attempts have theirs. Never printed.
#[derive(Clone)]
pub struct IdentityKey([u8; 32]);

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey(withheld)")
    }
}

impl IdentityKey {
    /// A key from bytes: for tests.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key in `named`, or in the usual place beside the pseudonym key; made where there is none yet.
    pub fn of_project(named: Option<&Path>, folder: &Path) -> Result<Self, Problems> {
        let path = match named {
            Some(path) => folder.join(path),
            None => files::usual_place("identity.key").map_err(|problem| Problems(vec![problem]))?,
        };
        let refused = |says: String, hint: &str| {
            Problems(vec![
                Problem::new(&path.display().to_string(), "K03", format!("the identity key {says}")).hint(hint),
            ])
        };
        if files::lies_inside(&path, folder) {
            return Err(refused(
                "lies inside the project folder".into(),
                "whoever copies the folder would copy the key: name a file elsewhere in `identity.key_file`",
            ));
        }
        if !path.exists() {
            files::create(&path).map_err(|error| {
                refused(
                    format!("cannot be made: {}", in_words(&error)),
                    "name a file that can be written in `identity.key_file`",
                )
            })?;
        }
        let text = read_secret(&path, "the identity key")?;
        files::from_hex(&text).map(Self).ok_or_else(|| {
            refused(
                "is not 64 hexadecimal digits".into(),
                "restore it from its copy; with a new key the audit log cannot be verified",
            )
        })
    }

    /// A key for one purpose: knowing it tells nothing of the others.
    pub(super) fn derived(&self, purpose: &str) -> [u8; 32] {
        mac(&self.0, &[purpose.as_bytes()])
    }

    /// `plain`, sealed for one purpose.
    pub(super) fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce = random::bytes::<NONCE_LEN>()?;
        let mut sealed = plain.to_vec();
        self.aead(purpose)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed)
            .map_err(|_| StoreError::Unreadable)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed for one purpose; an error where the key or the bytes are not the same.
    pub(super) fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(StoreError::Unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| StoreError::Unreadable)?;
        let mut body = body.to_vec();
        let plain = self
            .aead(purpose)?
            .open_in_place(nonce, Aad::from(purpose), &mut body)
            .map_err(|_| StoreError::Unreadable)?;
        Ok(plain.to_vec())
    }

    fn aead(&self, purpose: &str) -> Result<LessSafeKey, StoreError> {
        UnboundKey::new(&CHACHA20_POLY1305, &self.derived(purpose))
            .map(LessSafeKey::new)
            .map_err(|_| StoreError::Unreadable)
    }
}

/// HMAC-SHA-256 of parts, each with its length before it, so that no two lists of parts are the same bytes.
pub(super) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The text of a secret file without the white space around it; refused where others may read it.
pub fn read_secret(path: &Path, what: &str) -> Result<String, Problems> {
    let refused = |says: String, hint: &str| {
        Problems(vec![Problem::new(&path.display().to_string(), "K03", format!("{what} {says}")).hint(hint)])
    };
    if files::others_may_read(path) {
        return Err(refused("can be read by others".into(), "take their rights away: chmod 600"));
    }
    if std::fs::metadata(path).is_ok_and(|about| about.len() > LONGEST_SECRET) {
        return Err(refused("is too long to be one".into(), "the file holds the secret and nothing else"));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| refused(format!("cannot be read: {}", in_words(&error)), "check the path and who owns it"))?;
    let text = text.trim().to_owned();
    if text.is_empty() {
        return Err(refused("is empty".into(), "write the secret into it"));
    }
    Ok(text)
}

/// The path an environment variable ending in `_FILE` gives for a secret; none where it is not set.
pub fn file_in_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_purpose_alone() {
        let key = IdentityKey::from_bytes([3; 32]);
        let sealed = key.seal("a", b"twenty bytes of it").unwrap();
        assert_eq!(key.unseal("a", &sealed).unwrap(), b"twenty bytes of it");
        assert!(key.unseal("b", &sealed).is_err());
        assert!(IdentityKey::from_bytes([4; 32]).unseal("a", &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.unseal("a", &changed).is_err());
        assert!(key.unseal("a", b"").is_err());
    }

    #[test]
    fn parts_cannot_be_shifted() {
        let key = [1; 32];
        assert_ne!(mac(&key, &[b"ab", b"c"]), mac(&key, &[b"a", b"bc"]));
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, " s3cret\n").unwrap();
        for (mode, read) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read_secret(&path, "it").is_ok(), read, "{mode:o}");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_secret(&path, "it").unwrap(), "s3cret");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let said = read_secret(&path, "it").unwrap_err().to_string();
        assert!(said.contains("can be read by others") && !said.contains("s3cret"));
    }
}
