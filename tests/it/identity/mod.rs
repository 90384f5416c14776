//! Who gets in: every route as every role, guesses by the hundred, half-open connections, a provider that lies, and what
//! may never be in an answer.

mod flood;
mod house;
mod keys;
mod local;
#[allow(clippy::indexing_slicing, reason = "a claim or parameter that is not there fails the test, as it should")]
mod provider;
mod routes;
mod work;
