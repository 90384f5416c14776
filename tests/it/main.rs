//! Integration tests, one binary: whole projects in, figures out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod broken;
mod canaries;
mod command;
mod commentary;
mod determinism;
mod drift;
mod identity;
mod kill;
mod miniatures;
mod miniatures_of_care;
mod miniatures_of_extent;
mod miniatures_of_leaders;
mod miniatures_of_outcomes;
mod project;
mod public;
mod published;
mod reference;
mod relations;
mod release;
mod signals;
mod ssda903;
mod stat;
mod support;
mod truth;
mod truth_of_outcomes;
mod twins;
