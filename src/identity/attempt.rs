//! One sign-in through the provider, under way in one browser. Everything it needs lies in a cookie that only this server
//! can have made, so that starting one keeps nothing on the server, and nobody else's browser can finish it.

use super::key::mac;
use super::{IdentityKey, Seconds, StoreError, random};
use crate::config::{from_hex, to_hex};

/// An attempt not finished in ten minutes is over.
const GOOD_FOR: Seconds = 10 * 60;

/// A sign-in under way.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    began_at: Seconds,
    secret: [u8; 32],
    to: String,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempt").field("began_at", &self.began_at).field("to", &self.to).finish_non_exhaustive()
    }
}

impl Attempt {
    /// A new one, that leads to the page `to` once finished.
    pub fn new(to: &str, now: Seconds) -> Result<Self, StoreError> {
        Ok(Self { began_at: now, secret: random::bytes()?, to: to.to_owned() })
    }

    /// The page it leads to.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// For a cookie.
    pub fn to_cookie(&self, key: &IdentityKey) -> String {
        let code = self.code(key);
        format!("{}.{}.{}.{}", self.began_at, to_hex(&self.secret), to_hex(self.to.as_bytes()), to_hex(&code))
    }

    /// From a cookie; none where this server did not make it, or too long ago.
    pub fn from_cookie(text: &str, key: &IdentityKey, now: Seconds) -> Option<Self> {
        let mut parts = text.split('.');
        let (began_at, secret, to, code) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let attempt = Self {
            began_at: began_at.parse().ok()?,
            secret: from_hex(secret)?,
            to: String::from_utf8(bytes_of(to)?).ok()?,
        };
        let right = parts.next().is_none() && same(&attempt.code(key), &from_hex(code)?);
        (right && (0..GOOD_FOR).contains(&(now - attempt.began_at))).then_some(attempt)
    }

    /// What the provider must send back unchanged.
    pub(super) fn state(&self, key: &IdentityKey) -> String {
        self.derived(key, b"state")
    }

    /// What the provider must put into the token.
    pub(super) fn nonce(&self, key: &IdentityKey) -> String {
        self.derived(key, b"nonce")
    }

    /// What proves to the provider that whoever began is whoever ends (PKCE).
    pub(super) fn verifier(&self, key: &IdentityKey) -> String {
        self.derived(key, b"verifier")
    }

    fn derived(&self, key: &IdentityKey, what: &[u8]) -> String {
        to_hex(&mac(&key.derived("sign-in attempt"), &[what, &self.began_at.to_be_bytes(), &self.secret]))
    }

    fn code(&self, key: &IdentityKey) -> [u8; 32] {
        let began_at = self.began_at.to_be_bytes();
        mac(&key.derived("sign-in attempt"), &[b"cookie", &began_at, &self.secret, self.to.as_bytes()])
    }
}

/// Compares without saying by its time where two differ.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    if !hex.len().is_multiple_of(2) || hex.len() > 512 {
        return None;
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_server_makes_an_attempt_and_only_for_ten_minutes() {
        let key = IdentityKey::from_bytes([1; 32]);
        let attempt = Attempt::new("measures/missing_again", 1000).unwrap();
        let cookie = attempt.to_cookie(&key);
        assert_eq!(Attempt::from_cookie(&cookie, &key, 1599), Some(attempt.clone()));
        assert_eq!(Attempt::from_cookie(&cookie, &key, 1600), None);
        assert_eq!(Attempt::from_cookie(&cookie, &key, 999), None);
        assert_eq!(Attempt::from_cookie(&cookie, &IdentityKey::from_bytes([2; 32]), 1001), None);
        let elsewhere = cookie.replace(&to_hex(b"measures"), &to_hex(b"elsewher"));
        assert_eq!(Attempt::from_cookie(&elsewhere, &key, 1001), None);
        assert_eq!(Attempt::from_cookie(&format!("{cookie}.0"), &key, 1001), None);
        assert_eq!(Attempt::from_cookie("", &key, 1001), None);
        let three = [attempt.state(&key), attempt.nonce(&key), attempt.verifier(&key)];
        assert!(three[0] != three[1] && three[1] != three[2] && three.iter().all(|one| one.len() == 64));
    }
}
