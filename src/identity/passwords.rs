//! Passwords of local accounts: what may be one, and Argon2id over 46 MiB. A name nobody has costs as much to refuse as
//! one that somebody has.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use super::{StoreError, random};

/// Memory a hash takes, in KiB: 46 MiB, as OWASP's password storage cheat sheet has it for Argon2id.
pub const MEMORY_KIB: u32 = 46 * 1024;

/// Passes over that memory.
const PASSES: u32 = 1;

/// Fewest characters.
const FEWEST: usize = 12;

/// Longest, in bytes, so that hashing cannot be made work for nothing.
const LONGEST: usize = 256;

/// Passwords of twelve characters and more that are guessed first, in small letters.
const COMMON: &str = include_str!("common_passwords.txt");

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Hasher {
    memory_kib: u32,
    dummy: String,
}

impl Hasher {
    /// As in use.
    pub fn new() -> Result<Self, StoreError> {
        Self::with_memory(MEMORY_KIB)
    }

    /// With other memory: for tests, where there is nobody to protect.
    pub fn with_memory(memory_kib: u32) -> Result<Self, StoreError> {
        let mut hasher = Self { memory_kib, dummy: String::new() };
        hasher.dummy = hasher.hash("no account has this password")?;
        Ok(hasher)
    }

    /// The hash of a password, with its salt and parameters, for the database.
    pub fn hash(&self, password: &str) -> Result<String, StoreError> {
        let salt = random::bytes::<16>()?;
        let params = Params::new(self.memory_kib, PASSES, 1, None).map_err(|_| StoreError::Unreadable)?;
        let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|_| StoreError::Unreadable)?;
        Ok(hash.to_string())
    }

    /// True where the password is the one hashed; for no hash, false after the same work.
    pub fn matches(&self, password: &str, hash: Option<&str>) -> bool {
        let matches = Argon2::default().verify_password(password.as_bytes(), hash.unwrap_or(&self.dummy)).is_ok();
        matches && hash.is_some()
    }
}

/// What is wrong with a password for a name; none where nothing is.
///
/// ```
/// use sightline::identity::passwords::fault;
///
/// assert_eq!(fault("rivers-over-granite", "amina"), None);
/// assert!(fault("password1234", "amina").unwrap().contains("first"));
/// assert!(fault("short", "amina").unwrap().contains("12"));
/// ```
pub fn fault(password: &str, name: &str) -> Option<&'static str> {
    let lower = password.to_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if password.chars().count() < FEWEST {
        Some("a password has at least 12 characters; three or four words make a good one")
    } else if password.len() > LONGEST {
        Some("a password has at most 256 bytes")
    } else if COMMON.lines().any(|common| lower.trim() == common) {
        Some("this password is among those that are guessed first")
    } else if letters.len() < 5 {
        Some("a password has at least five different characters")
    } else if lower.contains("sightline") || name.len() > 3 && lower.contains(name) {
        Some("a password does not hold the account's name or the name Sightline")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_says_that_it_took_46_mib_and_argon2id() {
        let hash = Hasher::new().unwrap().hash("rivers-over-granite").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
    }

    #[test]
    fn only_the_right_password_matches() {
        let hasher = Hasher::with_memory(64).unwrap();
        let hash = hasher.hash("rivers-over-granite").unwrap();
        assert!(hasher.matches("rivers-over-granite", Some(&hash)));
        assert!(!hasher.matches("rivers-over-granitE", Some(&hash)));
        assert!(!hasher.matches("no account has this password", None));
        assert_ne!(hash, hasher.hash("rivers-over-granite").unwrap(), "each has its salt");
    }

    #[test]
    fn common_short_and_dull_passwords_are_refused() {
        for (password, name) in [
            ("", "amina"),
            ("elevenchars", "amina"),
            ("Password1234", "amina"),
            ("qwertyuiop12", "amina"),
            ("aaaaaaaaaaaaaaaa", "amina"),
            ("abcabcabcabc", "amina"),
            ("mysightlinepassword", "amina"),
            ("hello amina hello", "amina"),
        ] {
            assert!(fault(password, name).is_some(), "{password}");
        }
        assert!(fault(&"ab cde".repeat(60), "amina").is_some());
        assert_eq!(fault("correct horse battery", "amina"), None);
        assert_eq!(fault("пароль для совета", "amina"), None);
    }

    #[test]
    fn the_list_holds_only_what_the_length_would_let_through() {
        assert!(COMMON.lines().count() > 150);
        for common in COMMON.lines() {
            assert!(common.chars().count() >= FEWEST && common == common.to_lowercase().trim(), "{common}");
        }
    }
}
