//! Pure functions of numbers: intervals and time to event. Nothing here knows of frames, files or requests.
//!
//! "Not defined" is a value (`None`), never NaN and never 0.

mod intervals;
mod waiting;

pub use intervals::{Estimate, Z95, bootstrap_ratio, clustered_proportion, poisson_rate, wilson};
pub use waiting::{Waiting, WaitingSpell};
