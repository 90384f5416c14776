//! When the hidden figures of one sum protect each other: what a reader can work out of each from this sum, the shown figures
//! beside it and the relations between parts.

use super::lattice::{Cap, Lattice, Of, Sum};
use crate::domain::Unit;

/// Stands for "without limit".
const FAR: i64 = 1 << 40;

/// The kinds of count a figure tells: top, rest, bottom.
pub(super) const KINDS: [Kind; 3] = [Kind::Top, Kind::Rest, Kind::Bottom];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Top,
    Rest,
    Bottom,
}

/// The count of a kind, and the least a reader must take it to be while it is hidden and zeros are shown.
pub(super) fn count(lattice: &Lattice<'_>, at: usize, kind: Kind) -> Option<(i64, i64)> {
    let (top, bottom) = lattice.counts(at);
    let unit = lattice.figures.get(at).map(|exact| exact.figure.unit);
    match (kind, top, bottom) {
        (Kind::Top, Some(top), None) => Some((top, 1)),
        (Kind::Top, Some(top), Some(_)) => Some((top, 0)),
        (Kind::Rest, Some(top), Some(bottom)) if unit == Some(Unit::Proportion) => Some((bottom - top, 0)),
        (Kind::Bottom, Some(_), Some(bottom)) if unit == Some(Unit::Proportion) => Some((bottom, 1)),
        (Kind::Bottom, Some(_), Some(bottom)) if unit != Some(Unit::Per10000Children) => Some((bottom, 0)),
        _ => None,
    }
}

/// The largest count that is withheld of a figure.
fn largest_withheld(lattice: &Lattice<'_>, at: usize) -> i64 {
    let dimension = lattice.places.get(at).map(|place| place.2);
    lattice.rules.get(at).zip(dimension).map_or(0, |(rules, dimension)| i64::from(rules.smallest(dimension)) - 1)
}

/// The largest count that is withheld of a sum's terms.
pub(super) fn largest_of(lattice: &Lattice<'_>, sum: &Sum) -> i64 {
    sum.terms.iter().map(|at| largest_withheld(lattice, *at)).max().unwrap_or(0)
}

/// Least and most.
type Range = (i64, i64);

/// What a reader knows of a count whatever the sum says.
fn known(lattice: &Lattice<'_>, at: usize, kind: Kind, zeros_shown: bool) -> Option<Range> {
    let (count, least) = count(lattice, at, kind)?;
    if !lattice.keeps_secret(at) {
        return Some((count, count));
    }
    let mut range = (if zeros_shown { least } else { 0 }, FAR);
    for cap in lattice.caps.get(&at).into_iter().flatten() {
        match *cap {
            Cap::SameBottom(other) if !lattice.is_hidden(other) => {
                let bottom = lattice.counts(other).1.unwrap_or(FAR);
                range = if kind == Kind::Bottom { (bottom, bottom) } else { (range.0, range.1.min(bottom)) };
            }
            Cap::Wider(other) if kind == Kind::Top && !lattice.is_hidden(other) => {
                range.1 = range.1.min(lattice.counts(other).0.unwrap_or(FAR));
            }
            Cap::Narrower(other) if kind == Kind::Top && !lattice.is_hidden(other) => {
                range.0 = range.0.max(lattice.counts(other).0.unwrap_or(0));
            }
            _ => {}
        }
    }
    Some(range)
}

/// What a sum leaves open of a count of one of its terms.
fn left_open(lattice: &Lattice<'_>, sum: &Sum, at: usize, kind: Kind) -> Option<Range> {
    let zeros_shown = !sum.terms.iter().all(|at| lattice.is_hidden(*at));
    let own = known(lattice, at, kind, zeros_shown)?;
    let whole = match sum.of {
        Of::Shares => sum.terms.iter().find(|at| !lattice.is_hidden(**at)).and_then(|at| lattice.counts(*at).1),
        _ if lattice.is_hidden(sum.whole) => None,
        _ => count(lattice, sum.whole, kind).map(|(count, _)| count),
    };
    let (Some(whole), true) = (whole, sum.of != Of::Shares || kind == Kind::Top) else { return Some(own) };
    let (mut least, mut most) = (0, 0);
    for other in sum.terms.iter().filter(|other| **other != at) {
        let (low, high) = known(lattice, *other, kind, zeros_shown)?;
        (least, most) = (least + low, most + high);
    }
    Some((own.0.max(whole - most), own.1.min(whole - least)))
}

/// Whether a sum's hidden figures protect each other, with `others` more beside each: no count of one can be some small
/// numbers and not others, and one count of each can be every small number.
pub(super) fn protects(lattice: &Lattice<'_>, sum: &Sum, others: usize) -> bool {
    let secret: Vec<usize> = sum.terms.iter().copied().filter(|at| lattice.keeps_secret(*at)).collect();
    let all_hidden = sum.terms.iter().chain([&sum.whole]).all(|at| lattice.is_hidden(*at));
    if secret.is_empty() || all_hidden {
        return true;
    }
    let whole_secret = sum.of != Of::Shares && lattice.keeps_secret(sum.whole);
    if secret.len() + usize::from(whole_secret) < 1 + others && secret.len() < sum.terms.len() {
        return false;
    }
    secret.into_iter().all(|at| {
        let small = (1, largest_withheld(lattice, at));
        let mut can_be_small = small.1 < small.0 || KINDS.iter().all(|kind| count(lattice, at, *kind).is_none());
        for kind in KINDS {
            let Some((low, high)) = left_open(lattice, sum, at, kind) else { continue };
            if low >= high && lattice.caps.get(&at).is_some_and(|caps| told_by(lattice, caps, kind)) {
                continue;
            }
            let every = low <= small.0 && high >= small.1;
            let none = low > small.1 || high < small.0;
            if !every && !none {
                return false;
            }
            can_be_small |= every;
        }
        can_be_small
    })
}

/// Whether a shown figure tells this very count.
fn told_by(lattice: &Lattice<'_>, caps: &[Cap], kind: Kind) -> bool {
    kind == Kind::Bottom && caps.iter().any(|cap| matches!(cap, Cap::SameBottom(other) if !lattice.is_hidden(*other)))
}
