//! The partnership's words as types: months, figures, dimensions, working days.
//!
//! Knows nothing of frames, files, requests or the clock.

mod definitions;
mod figure;
mod period;
mod relation;
mod role;
mod working_days;

pub use definitions::{Definitions, SharedRule};
pub use figure::{Dimension, Figure, NOT_KNOWN, Symbol, TOTAL, Unit};
pub use period::{Month, Period, Quarter, UnreadablePeriod, british_date};
pub use relation::{Count, CountKind, CountOf, DENOMINATOR, NamedCount, Relation, SameCounts};
pub use role::Role;
pub use working_days::{bank_holidays_england, is_working_day, working_days_between};
