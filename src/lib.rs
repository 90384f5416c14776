//! Sightline shows the leaders of a children's safeguarding partnership whether children are actually safer.
//!
//! The modules stand in the order of the pipeline; each uses only those above it:
//!
//! ```text
//! extracts ─ingest▶ staged frames ─marts▶ one row per spell ─measures▶ exact figures ─disclosure▶ release ─web▶ pages
//! ```

pub mod domain;
pub mod impact;
pub mod published;
pub mod stats;

pub mod auditor;
pub mod disclosure;
pub mod release;

pub mod plan;
pub mod workforce;

pub mod config;
pub mod ingest;
pub mod marts;
pub mod measures;
pub mod state;

pub mod judgement;

pub mod charts;
pub mod dashboards;
pub mod identity;
pub mod web;

pub mod pack;

pub mod build;
pub mod simulate;

pub mod reference;

pub mod cli;
