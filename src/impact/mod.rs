//! Does support help? Children who started a service, 90 days before and after, against matched children with the same
//! need who had not yet started. Pure rules over plain records: no frames, no files, no clock.
//!
//! Children start a service at their worst and would improve anyway, so a bare before and after says nothing. Each child
//! who started is set beside children who had waited as long for the same service without starting (a risk set), with
//! about as many missing spells in the 90 days before, of the same age band and theme. The effect is the difference
//! between the two changes, with an interval from drawing children again and forming the comparison anew in each draw.
//!
//! What it may not claim: that the service caused the difference. Children who start and children who still wait may differ
//! in ways nobody recorded.

mod draws;
mod effect;
mod matching;
#[cfg(test)]
mod tests;
mod verdict;
mod windows;

pub use effect::{Effect, Means, Settings, effect, effects};
pub use matching::{Balance, Band, Case, Control, Matched, Need, matched};
pub use verdict::{Verdict, verdict};
pub use windows::{ChildRecord, Day, Outcome};
