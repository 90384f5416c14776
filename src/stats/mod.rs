//! Pure functions of numbers: intervals, time to event, tests. Nothing here knows of frames, files or requests.
//!
//! "Not defined" is a value (`None`), never NaN and never 0.

mod intervals;
mod linear;
mod logrank;
mod survival;
mod waiting;

pub use intervals::{Estimate, Z95, bootstrap_ratio, clustered_proportion, poisson_rate, wilson};
pub use logrank::{ChiSquaredTest, logrank};
pub use survival::{EntryNotBeforeTime, Followed, KaplanMeier, SurvivalStep, no_event_bound};
pub use waiting::{Waiting, WaitingSpell};
