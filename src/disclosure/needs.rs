//! When the hidden figures of one sum protect each other.

use super::lattice::{Lattice, Sum};
use crate::domain::Unit;

/// The kinds of count a figure tells: top, rest, bottom.
pub(super) const KINDS: [Kind; 3] = [Kind::Top, Kind::Rest, Kind::Bottom];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Top,
    Rest,
    Bottom,
}

/// The count of a kind, and the least a reader must take it to be while it is hidden.
pub(super) fn count(lattice: &Lattice<'_>, at: usize, kind: Kind) -> Option<(i64, i64)> {
    let (top, bottom) = lattice.counts(at);
    let unit = lattice.figures.get(at).map(|exact| exact.figure.unit);
    match (kind, top, bottom) {
        (Kind::Top, Some(top), None) => Some((top, 1)),
        (Kind::Top, Some(top), Some(_)) => Some((top, 0)),
        (Kind::Rest, Some(top), Some(bottom)) if unit == Some(Unit::Proportion) => Some((bottom - top, 0)),
        (Kind::Bottom, Some(_), Some(bottom)) if unit != Some(Unit::Per10000Children) => Some((bottom, 0)),
        _ => None,
    }
}

/// The largest count that is withheld of the sum's terms.
pub(super) fn largest_withheld(lattice: &Lattice<'_>, sum: &Sum) -> i64 {
    let of = |at: &usize| {
        let dimension = lattice.places.get(*at).map(|place| place.2);
        lattice.rules.get(*at).zip(dimension).map(|(rules, dimension)| i64::from(rules.smallest(dimension)) - 1)
    };
    sum.terms.iter().filter_map(of).max().unwrap_or(0)
}

/// Whether a hidden term has a small count of this kind: then every small number must stay possible for it.
pub(super) fn is_told(lattice: &Lattice<'_>, sum: &Sum, kind: Kind) -> bool {
    let largest = largest_withheld(lattice, sum);
    sum.terms
        .iter()
        .filter(|at| lattice.is_hidden(**at))
        .filter_map(|at| count(lattice, *at, kind))
        .any(|(count, least)| (1..=largest).contains(&count) || least == 1)
}

/// What hidden terms must have between them beyond their least, so that one of them can be anything small.
pub(super) fn room_needed(lattice: &Lattice<'_>, sum: &Sum, kind: Kind) -> i64 {
    let least = sum.terms.iter().find_map(|at| count(lattice, *at, kind)).map_or(0, |(_, least)| least);
    largest_withheld(lattice, sum) - least
}

/// What a term brings to that.
pub(super) fn room(lattice: &Lattice<'_>, at: usize, kind: Kind) -> i64 {
    count(lattice, at, kind).map_or(0, |(count, least)| count - least)
}

/// Whether a sum's hidden figures protect each other, with `others` more beside each.
pub(super) fn protects(lattice: &Lattice<'_>, sum: &Sum, others: usize) -> bool {
    let is_hidden = |at: &&usize| lattice.is_hidden(**at);
    let hidden_terms = sum.terms.iter().filter(is_hidden).count();
    let whole_hidden = lattice.is_hidden(sum.whole);
    if hidden_terms == 0 {
        return true;
    }
    if sum.terms.iter().chain([&sum.whole]).all(|at| lattice.is_hidden(*at)) {
        return true;
    }
    let secret = sum.terms.iter().chain([&sum.whole]).filter(|at| lattice.keeps_secret(**at)).count();
    // Those an earlier release told are hidden in name only.
    let needs_others = sum.terms.iter().any(|at| lattice.keeps_secret(*at));
    if needs_others && secret < 1 + others {
        return false;
    }
    whole_hidden
        || KINDS.into_iter().all(|kind| {
            let room: i64 =
                sum.terms.iter().filter(|at| lattice.keeps_secret(**at)).map(|at| room(lattice, *at, kind)).sum();
            !needs_others || !is_told(lattice, sum, kind) || room >= room_needed(lattice, sum, kind)
        })
}
