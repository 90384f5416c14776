//! Pure functions of numbers: intervals, time to event, control charts, tests of change. Nothing here knows of frames, files or requests.
//!
//! "Not defined" is a value (`None`), never NaN and never 0.

mod bootstrap;
mod clustered;
mod control;
mod cusum;
mod delay;
mod dsr;
mod forecast;
mod funnel;
mod history;
mod incidence;
mod intervals;
mod linear;
mod logrank;
mod recurrent;
mod risk_ratio;
mod segmented;
mod survival;
mod top_share;
mod waiting;
mod xmr;

pub use bootstrap::bootstrap_ratio;
pub use clustered::clustered_rate;
pub use control::{
    AttributeOptions, Basis, ControlChart, ControlPoint, GapLimits, Laney, TimeLines, attributes_chart,
    attributes_chart_with, count_chart, gap_chart, gap_chart_with, time_chart, time_lines,
};
pub use cusum::{CusumPoint, cusum, level_and_sigma};
pub use delay::{Recorded, nowcast, reported_share};
pub use dsr::{Events, Stratum, repeatable_rate, standardised_rate};
pub use forecast::{Finish, forecast, forecast_ahead};
pub use funnel::{Band, Funnel, FunnelPoint, Z998, funnel_of_ratios, funnel_of_shares, funnel_of_shares_about};
pub use history::{HistoryRow, mean_count_by};
pub use incidence::{CumulativeIncidence, Ending};
pub use intervals::{Estimate, Z95, clustered_proportion, poisson_rate, poisson_rate_at, wilson};
pub use logrank::{ChiSquaredTest, clustered_logrank, logrank};
pub use recurrent::{MeanCount, Stretch, mean_cumulative};
pub use risk_ratio::risk_ratio;
pub use segmented::{Family, Segmented, SegmentedOptions, SeriesPoint, Term, described, segmented, segmented_with};
pub use survival::{EntryNotBeforeTime, Followed, KaplanMeier, SurvivalStep, no_event_bound};
pub use top_share::{TopShare, top_share};
pub use waiting::Waiting;
pub use xmr::{
    Assurance, Better, Placed, Signal, SignalRules, State, Xmr, XmrLimits, XmrOptions, XmrPoint, signals, xmr,
};

#[cfg(test)]
mod peers;
#[cfg(test)]
mod properties;
