//! One board report to pages, rendered whole into memory when the release is opened, and served from there.
//!
//! A request works nothing out: it finds its page by path. Pages link to each other relatively, so the whole may stand
//! beneath any path of a proxy. The board's pages are functions of `Report<Board>` and its handlers are given
//! `Shared<Board>`: nothing leads from there to an exact figure. Those are `exact`, behind a door of their own.

mod action;
mod admin;
mod affected;
mod annual;
mod api;
mod chart_file;
mod compare;
mod data;
mod exact;
#[cfg(test)]
mod few_extracts_tests;
mod findings;
mod first;
mod frame;
mod guard;
mod headers;
mod history;
mod impact;
mod listen;
mod live;
mod measure;
mod metadata;
mod months;
mod moved;
mod pieces;
mod plain;
mod plan;
mod plan_pieces;
mod plan_tables;
mod published;
mod reference;
mod router;
mod serve;
mod sign_in;
mod site;
mod slot;
mod tables;
#[cfg(test)]
mod tests;
mod theme;
#[cfg(test)]
mod truth_tests;
mod workforce;

pub use chart_file::standalone;
pub use compare::{Compare, Compared};
pub use exact::exact_site;
pub(crate) use frame::TO_MEND;
pub use guard::{Clock, Guard};
pub use history::History;
pub use listen::{Limits, serve_within};
pub use months::{Months, Render};
pub use router::{RESTRICTED_AT, app, guarded, routes};
pub use serve::Shared;
pub use site::{Inputs, ReleaseListing, Site, site};
