//! One board report to pages, rendered whole into memory when the release is opened, and served from there.
//!
//! A request works nothing out: it finds its page by path. Pages link to each other relatively, so the whole may stand
//! beneath any path of a proxy. Nothing here can be given restricted figures: every page is a function of
//! `Report<Board>`.

mod chart_file;
mod data;
mod first;
mod frame;
mod headers;
mod impact;
mod measure;
mod pieces;
mod reference;
mod router;
mod serve;
mod site;
mod tables;
#[cfg(test)]
mod tests;
mod theme;

pub use chart_file::standalone;
pub use router::app;
pub use serve::{Shared, serve};
pub use site::{Inputs, ReleaseListing, Site, site};
