//! Integration tests, one binary: whole projects in, figures out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod broken;
mod drift;
mod identity;
mod miniatures;
mod miniatures_of_leaders;
mod miniatures_of_outcomes;
mod project;
mod release;
mod signals;
mod stat;
mod support;
mod truth_of_outcomes;
