//! How much of what happened is made by the few children with most of it.

use super::cells::Cell;
use super::header::PartHeader;
use crate::disclosure::Contributors;
use crate::stats::{Estimate, top_share};

/// A figure's counts, its estimate, and what it tells of children.
pub(crate) type Worked = ((Option<i64>, Option<i64>), Option<Estimate>, Contributors);

/// The share of the total made by the `percent` of children with most of it; as its part, how many children those are.
///
/// The counts are the few's events and all events; behind them stand the few and all children.
pub(crate) fn of_cell(cell: &Cell, part: Option<&PartHeader>, percent: u64) -> Worked {
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let counts: Vec<(u64, u64)> = cell.children.iter().map(|((events, _), alike)| (whole(*events), *alike)).collect();
    let Some(top) = top_share(&counts, percent) else {
        return ((Some(0), Some(0)), None, Contributors::default());
    };
    let children = cell.numerator_children();
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let signed = |number: u64| i64::try_from(number).ok();
    let contributors =
        Contributors { numerator_children: small(top.few), denominator_children: small(children), largest_share: None };
    if part.is_none() {
        return ((signed(top.theirs), signed(top.all)), Some(top.share), contributors);
    }
    let value = Estimate { value: top.few as f64, lower: None, upper: None };
    ((signed(top.few), None), Some(value), contributors)
}
