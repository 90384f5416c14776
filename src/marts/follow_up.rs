//! How long each child ever signalled has been followed since the first signal, for what happens to them over time.

use polars::prelude::*;

use super::frame::{ByChild, Day, date_column};
use super::leaving::{Leavings, Left, Reason};
use super::signals::Signal;

/// How following a child ends.
///
/// Moving away ends what can be seen: it censors, so that moving a child out of the area never looks like success. Turning
/// 18 or dying ends what can happen, and competes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FollowUp {
    /// The last day on which something could be seen, or the day on which all ended for good.
    pub(crate) until: Day,
    /// Turned 18 or died.
    pub(crate) ended_for_good: bool,
}

impl FollowUp {
    /// To the as-at date, the day before leaving the area, or the day of turning 18 or dying.
    pub(crate) fn of(left: Left, as_at: Day) -> Self {
        match left {
            None => Self { until: as_at, ended_for_good: false },
            Some((on, Reason::LeftArea)) => Self { until: on - 1, ended_for_good: false },
            Some((on, Reason::Died | Reason::Eighteen)) => Self { until: on, ended_for_good: true },
        }
    }
}

/// One row per child ever signalled: `first_signal_on`, `followed_until_on`, and `ended_for_good` (turned 18 or died).
pub(crate) fn children_signalled(
    signals: &ByChild<Signal>,
    leavings: &Leavings,
    as_at: Day,
) -> PolarsResult<DataFrame> {
    let (mut child_id, mut first_on, mut until_on, mut for_good) = (vec![], vec![], vec![], vec![]);
    for child in signals.children() {
        let left = leavings.of(child, as_at);
        let raised = signals.of(child).iter().map(|(_, signal)| signal.raised_on).min();
        let first = raised.filter(|on| *on <= as_at && left.is_none_or(|(left_on, _)| *on < left_on));
        let Some(first) = first else { continue };
        let followed = FollowUp::of(left, as_at);
        child_id.push(child);
        first_on.push(Some(first));
        until_on.push(Some(followed.until));
        for_good.push(followed.ended_for_good);
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("first_signal_on", first_on)?,
        date_column("followed_until_on", until_on)?,
        Column::new("ended_for_good".into(), for_good),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_away_censors_and_turning_eighteen_ends_for_good() {
        let followed = |left| {
            let one = FollowUp::of(left, 100);
            (one.until, one.ended_for_good)
        };
        assert_eq!(followed(None), (100, false));
        assert_eq!(followed(Some((60, Reason::LeftArea))), (59, false));
        assert_eq!(followed(Some((60, Reason::Eighteen))), (60, true));
        assert_eq!(followed(Some((60, Reason::Died))), (60, true));
    }
}
