//! Sightline shows the leaders of a children's safeguarding partnership whether children are actually safer.
#![warn(missing_docs)]

pub mod domain;
pub mod release;
