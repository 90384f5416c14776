//! Releases: immutable folders of aggregates in editions. Written whole or not at all, verified when opened.
//!
//! A release is `releases/<as-at>-<id>/` with `manifest.json`, `board/`, `restricted/` and, where one is asked for, `public/`,
//! each `report.json` and `figures.csv`. The only way to write one is from a [`Draft`] of exact figures, so that no figure
//! reaches the board or the public edition past disclosure. No clock, no host name, no thread shows in the bytes.

mod common;
mod compare;
mod draft;
mod editions;
mod error;
pub mod export;
mod faults;
mod figures_csv;
mod findings;
mod folder;
mod found;
mod gate;
mod manifest;
mod model;
mod open;
mod plan;
mod protect;
mod protect_workforce;
mod reasons;
mod reporting;
mod rounds;
mod support;
#[cfg(test)]
mod tests;
mod workforce;
mod write;
mod xlsx;
mod xlsx_cell;

pub use compare::{Change, Comparison, compare};
pub use draft::{Approval, Draft};
pub use error::ReleaseError;
pub use findings::{AnsweredBy, InspectionFinding};
pub use folder::{Listed, State, Withdrawal, list, newest_verified, withdraw};
pub use gate::{Withheld, WithheldOf};
pub use manifest::Manifest;
pub use model::*;
pub use open::{Verified, audit, open_about, open_board, open_protected, open_restricted, read_manifest, verify};
pub use plan::*;
pub use protect::{protect_links, protect_sources};
pub use protect_workforce::protect_workforce;
pub use reasons::Reason;
pub use reporting::{LagPoint, ReportedMonth, Reporting};
pub use support::{SupportComparison, SupportEffect, SupportVerdict};
pub use workforce::{ExpiringMonth, RoleCoverage, Staff, Workforce};
pub use write::{Written, write};
