//! One word for an effect: helps, no clear effect, worse, cannot tell. "Cannot tell" is the default.

use super::effect::{Effect, Settings};

/// What the comparison says of a service and an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval lies below zero: fewer than among those still waiting.
    Helps,
    /// The interval holds zero, and an effect worth having would have been seen.
    NoClearEffect,
    /// The whole interval lies above zero.
    Worse,
    /// Too few children, or an effect worth having could have been missed.
    CannotTell,
}

/// The verdict on an effect. Too few matched children, or comparison children, and it cannot be told.
pub fn verdict(effect: &Effect, settings: &Settings) -> Verdict {
    let (Some(lower), Some(upper), Some(smallest)) = (effect.lower, effect.upper, effect.smallest_detectable) else {
        return Verdict::CannotTell;
    };
    if effect.matched < settings.fewest_children || effect.compared < settings.fewest_children {
        return Verdict::CannotTell;
    }
    let worth_having = effect.started.before * settings.share_worth_having;
    match (lower, upper) {
        (_, upper) if upper < 0.0 => Verdict::Helps,
        (lower, _) if lower > 0.0 => Verdict::Worse,
        _ if smallest <= worth_having => Verdict::NoClearEffect,
        _ => Verdict::CannotTell,
    }
}
