//! What the latest complete point of a chart says, and when nothing may be said.

use super::choose::Method;
use super::{FEWEST_POINTS, Judged, Phase};
use crate::domain::{Month, Period};
use crate::stats::{Signal, State};

/// Steps back within which a shown point still stands for the latest where that is withheld.
const STALE_STEPS: usize = 3;
/// A line whose latest point is older than this says nothing of today.
const STALE_MONTHS: i32 = 12;

/// What the latest complete point says.
#[derive(Clone, Debug, PartialEq)]
pub enum Variation {
    /// Special.
    Changed(Seen),
    /// Nothing but what always varies; with what the point before it said, where that was special.
    NoClearChange {
        /// "Until last month".
        until_last: Option<Seen>,
    },
    /// Nothing may be said.
    NotJudged(NotJudged),
}

/// A special point.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Better, worse, or neither.
    pub state: State,
    /// Why it is special.
    pub signal: Signal,
    /// How many points in a row, ending here, make it so.
    pub run: usize,
    /// Which point.
    pub period: Period,
}

/// Why nothing may be said of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotJudged {
    /// The data supplied cannot answer the question.
    CannotBeKnown,
    /// Every complete period is withheld, or none is complete.
    NothingShown,
    /// Fewer than seven complete periods since the start, or since limits began anew.
    TooFew {
        /// Complete periods with a value.
        shown: usize,
        /// Whether limits began anew.
        since_rebase: bool,
    },
    /// The latest shown point is too old, the later ones withheld or not supplied.
    OutOfDate {
        /// The latest shown.
        last: Period,
    },
    /// Yearly figures have no limits.
    Yearly,
    /// The measure asks for no chart.
    NoChart,
}

/// Judges the latest complete point. `month` is the report's.
pub(super) fn variation(points: &[Judged], phases: &[Phase], method: Method, month: Month) -> Variation {
    match method {
        Method::None => return Variation::NotJudged(NotJudged::NoChart),
        Method::Yearly => return Variation::NotJudged(NotJudged::Yearly),
        _ => {}
    }
    let Some(last) = points.iter().rposition(|point| !point.provisional && point.value.is_some()) else {
        return Variation::NotJudged(NotJudged::NothingShown);
    };
    let Some(point) = points.get(last) else {
        return Variation::NotJudged(NotJudged::NothingShown);
    };
    let later = points.iter().skip(last + 1).filter(|point| !point.provisional).count();
    if later > STALE_STEPS || month.since(point.period.last_month()) > STALE_MONTHS {
        return Variation::NotJudged(NotJudged::OutOfDate { last: point.period });
    }
    let shown = phases.get(point.phase - 1).map_or(0, |phase| phase.points);
    if shown < FEWEST_POINTS {
        return Variation::NotJudged(NotJudged::TooFew { shown, since_rebase: point.phase > 1 });
    }
    if let Some(seen) = seen(points, last) {
        return Variation::Changed(seen);
    }
    let before = last.checked_sub(1).filter(|before| points.get(*before).is_some_and(|one| one.phase == point.phase));
    Variation::NoClearChange { until_last: before.and_then(|before| seen(points, before)) }
}

/// The point at `at`, where it is special.
fn seen(points: &[Judged], at: usize) -> Option<Seen> {
    let point = points.get(at)?;
    let signal = point.signal?;
    Some(Seen { state: point.state?, signal, run: run(points, at, signal), period: point.period })
}

/// How many points in a row up to `at` make the signal; for two of three, how many of the last three are far out.
fn run(points: &[Judged], at: usize, signal: Signal) -> usize {
    let high = signal.high();
    let own: Vec<&Judged> = points.iter().take(at + 1).rev().take_while(|one| complete(one, points.get(at))).collect();
    let side = |one: &&&Judged| {
        one.value.zip(one.centre).is_some_and(|(value, centre)| if high { value > centre } else { value < centre })
    };
    match signal {
        Signal::Beyond { .. } => 1,
        Signal::Shift { .. } => own.iter().take_while(side).count(),
        Signal::Trend { .. } => {
            let steps = own.iter().zip(own.iter().skip(1));
            let one_way = |(after, before): &(&&Judged, &&Judged)| {
                after
                    .value
                    .zip(before.value)
                    .is_some_and(|(after, before)| if high { after > before } else { after < before })
            };
            steps.take_while(one_way).count() + 1
        }
        Signal::TwoOfThree { .. } => {
            let far = |one: &&&Judged| {
                one.value.zip(one.centre).zip(one.limits).is_some_and(|((value, centre), (lower, upper))| {
                    let near = (if high { upper } else { lower } - centre) * 2.0 / 3.0;
                    if high { value > centre + near } else { value < centre + near }
                })
            };
            own.iter().take(3).filter(far).count().clamp(2, 3)
        }
    }
}

fn complete(one: &Judged, like: Option<&Judged>) -> bool {
    !one.provisional && one.value.is_some() && like.is_some_and(|like| like.phase == one.phase)
}
