//! Bytes nobody can guess, from the operating system.

use ring::rand::{SecureRandom as _, SystemRandom};

use super::StoreError;

/// `N` random bytes; an error where the system has none, since weak ones would be worse than a stop.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0_u8; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes)
}
