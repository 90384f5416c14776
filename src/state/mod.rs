//! What a build must remember from one run to the next: keyed hashes and dates, never values. Read by build alone.

mod file;
pub mod plan;
