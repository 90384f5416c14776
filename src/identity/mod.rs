//! Who is asking, and may they: accounts, second factors, the partnership's own sign-in, sessions, throttling, and the
//! audit log. Knows nothing of pages or figures; reads no clock (`now` comes in, in seconds since 1970).

mod access;
mod address;
mod attempt;
pub mod audit;
mod door;
mod heads;
mod key;
mod oidc;
pub mod passwords;
pub mod people;
mod random;
mod sessions;
mod start;
mod store;
mod throttle;
pub mod totp;

pub use access::Needs;
pub use address::{client_address, shared_key_of};
pub use attempt::Attempt;
pub use door::{Admission, Door, DoorError, Opened, SignIn, SignedIn, Token};
pub use heads::{heads_file, read_heads, write_head};
pub use key::{IdentityKey, file_in_environment, read_secret};
pub use oidc::{OidcRefusal, Provider};
pub use start::{Start, may_start};
pub use store::{Store, StoreError, file_of, open_file};

/// Seconds since the start of 1970, UTC.
pub type Seconds = i64;
