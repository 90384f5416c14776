//! Releases: immutable folders of aggregates in two editions. Written whole or not at all, verified when opened.

mod model;

pub use model::*;
