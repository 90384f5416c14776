//! The second factor of local accounts: six digits from an authenticator app, each good once (RFC 6238, SHA-1, 30 s).

use totp_rs::{Builder, Secret, Totp};
use url::form_urlencoded::byte_serialize;

use super::{IdentityKey, Seconds, StoreError, random};

/// Steps of 30 seconds by which the app's clock may differ either way.
const SKEW: u16 = 1;

/// What secrets are sealed for.
const PURPOSE: &str = "second factor";

/// Base 32, as apps take a secret (RFC 4648).
const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The shared secret: 160 random bits, shown once and then kept sealed.
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// A new one.
    pub fn new() -> Result<Self, StoreError> {
        random::bytes().map(Self)
    }

    /// From bytes: for tests.
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// For the database.
    pub fn sealed(&self, key: &IdentityKey) -> Result<Vec<u8>, StoreError> {
        key.seal(PURPOSE, &self.0)
    }

    /// From the database.
    pub fn unsealed(sealed: &[u8], key: &IdentityKey) -> Result<Self, StoreError> {
        let plain = key.unseal(PURPOSE, sealed)?;
        plain.try_into().map(Self).map_err(|_| StoreError::Unreadable)
    }

    /// The step a code is of, where it is right: to be taken once.
    pub fn step_of(&self, code: &str, now: Seconds) -> Option<u64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        self.totp().check(&digits, u64::try_from(now).ok()?)
    }

    /// The code of a moment: what an app shows.
    pub fn code_at(&self, now: Seconds) -> String {
        self.totp().generate(u64::try_from(now).unwrap_or(0)).to_string()
    }

    /// As an app takes it by hand, in fours: `JBSW Y3DP …`.
    pub fn in_fours(&self) -> String {
        let text = self.base_32();
        let fours: Vec<&str> = (0..text.len()).step_by(4).filter_map(|at| text.get(at..at + 4)).collect();
        fours.join(" ")
    }

    /// As an app takes it by link or picture.
    pub fn link(&self, account: &str) -> String {
        let account: String = byte_serialize(account.as_bytes()).collect();
        format!("otpauth://totp/Sightline:{account}?secret={}&issuer=Sightline", self.base_32())
    }

    fn base_32(&self) -> String {
        self.0
            .chunks(5)
            .flat_map(|five| {
                let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
                (0..8).rev().filter_map(move |place| BASE_32.get((bits >> (place * 5) & 31) as usize))
            })
            .map(|byte| char::from(*byte))
            .collect()
    }

    fn totp(&self) -> Totp {
        Builder::new().with_skew(SKEW).with_secret(Secret::new_stack(self.0)).build_noncompliant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: TotpSecret = TotpSecret::from_bytes(*b"12345678901234567890");

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1: the last six of 94287082 and 07081804.
        assert_eq!((RFC.code_at(59), RFC.code_at(1_111_111_109)), ("287082".to_owned(), "081804".to_owned()));
        assert_eq!(RFC.base_32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_code_is_good_for_a_step_either_way_and_may_be_typed_with_spaces() {
        assert_eq!(RFC.step_of("287 082", 59), Some(1));
        assert_eq!(RFC.step_of("287082", 89), Some(1));
        assert_eq!(RFC.step_of("287082", 121), None);
        assert_eq!(RFC.step_of("", 59), None);
    }
}
