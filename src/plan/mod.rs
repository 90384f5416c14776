//! The pace of the action plan: what is late, by how much, whose it is, when it may end, what finishing changed.
//!
//! Rules over one action's dates and over the list of them, as plain functions of plain data. They rest on the date first
//! agreed, so that a plan on time only because its dates were moved does not look on time. Knows nothing of frames, files or
//! pages.

mod curves;
#[cfg(test)]
pub(crate) mod fixture;
mod forecast;
mod groups;
mod judged;
pub mod moved;
mod open;
mod pace;
mod redated;
mod remembered;
mod section;
#[cfg(test)]
mod tests;
pub mod words;

pub use forecast::{KEPT_WEEKS, keep, score};
pub use judged::{judged, monthly};
pub use moved::{Effect, Moved, Seen, WhyNot, moved};
pub use pace::{completed_by, days_overdue, days_past_original, days_slipped, delivered_on, is_open, standing};
pub use redated::{RecordedChange, redatings};
pub use remembered::{EarlierState, with_earlier_states};
pub use section::{Listed, Settings, plan};
