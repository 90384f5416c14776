//! Pages as files: TOML front matter, prose, and fenced TOML blocks. Order is layout.
//!
//! A page is parsed without a report; its references are checked against the registry apart, so that `check` can list
//! every problem of every page at once. A partnership's commentary is read likewise. Default pages are embedded; a user's folder adds to them or overrides them.

pub mod commentary;
mod load;
mod page;
mod parse;
mod resolve;
mod schema;
#[cfg(test)]
mod tests;

pub use commentary::{Commentary, check_commentary, load_all_commentary, load_commentary};
pub use load::{embedded, load, load_all};
pub use page::{Block, FOLDER, Page, Problem};
pub use parse::parse;
pub use resolve::check;
pub(crate) use resolve::nearest;
pub use schema::schema;
