//! Pure functions of numbers: intervals, time to event, control charts, tests of change. Nothing here knows of frames, files or requests.
//!
//! "Not defined" is a value (`None`), never NaN and never 0.

mod clustered;
mod control;
mod cusum;
mod delay;
mod dsr;
mod forecast;
mod funnel;
mod history;
mod intervals;
mod linear;
mod logrank;
mod recurrent;
mod segmented;
mod survival;
mod top_share;
mod waiting;
mod xmr;

pub use clustered::clustered_rate;
pub use control::{Basis, ControlChart, ControlPoint, Laney, attributes_chart, count_chart, gap_chart, time_chart};
pub use cusum::{CusumPoint, cusum};
pub use delay::{Recorded, nowcast, reported_share};
pub use dsr::{Events, Stratum, repeatable_rate, standardised_rate};
pub use forecast::{Finish, forecast, forecast_ahead};
pub use funnel::{Band, Funnel, FunnelPoint, Z998, funnel_of_ratios, funnel_of_shares};
pub use history::{HistoryRow, mean_count_by};
pub use intervals::{Estimate, Z95, bootstrap_ratio, clustered_proportion, poisson_rate, wilson};
pub use logrank::{ChiSquaredTest, logrank};
pub use recurrent::{MeanCount, Stretch, mean_cumulative};
pub use segmented::{Family, Segmented, SeriesPoint, Term, segmented};
pub use survival::{EntryNotBeforeTime, Followed, KaplanMeier, SurvivalStep, no_event_bound};
pub use top_share::{TopShare, top_share};
pub use waiting::{Waiting, WaitingSpell};
pub use xmr::{Assurance, Better, Signal, State, Xmr, XmrLimits, XmrOptions, XmrPoint, xmr};
