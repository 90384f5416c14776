//! What was revised between releases. Figures that two releases show alike are taken to be of the same children; a quarter in
//! which any figure differs was counted anew, and its counts before and after are different unknowns.
//!
//! So a reader who believes that nothing else changed is always within what is audited, and late records never make two
//! releases contradict each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, is_withheld, place};
use crate::domain::{Figure, Period, Quarter};

/// By quarter, the releases (numbered from the oldest) that show it otherwise than the last one that showed it.
#[derive(Debug, Default)]
pub(super) struct Revisions {
    at: BTreeMap<Quarter, BTreeSet<usize>>,
}

/// What a figure tells, without the interval about it.
type Told = (Option<i64>, Option<i64>, Option<i64>);

impl Revisions {
    /// Between releases of one family of measures, the oldest first.
    pub(super) fn between(releases: &[&[Figure]]) -> Self {
        let mut revisions = Self::default();
        let mut last: BTreeMap<Place<'_>, Told> = BTreeMap::new();
        for (release, figures) in releases.iter().enumerate() {
            let shown = figures.iter().filter(|figure| !is_withheld(figure));
            let differs = |figure: &&Figure| last.get(&place(figure)).is_some_and(|before| *before != told(figure));
            let (mut years, within): (Vec<Period>, Vec<Period>) = shown
                .clone()
                .filter(differs)
                .map(|figure| figure.period)
                .partition(|period| matches!(period, Period::TwelveMonthsTo(_)));
            for period in within {
                revisions.note(period, release);
            }
            // A year that changed though no month or quarter of it is seen to have: any of it may be what changed.
            years.dedup();
            for year in years {
                if revisions.since(year, release) != release {
                    revisions.note(year, release);
                }
            }
            last.extend(shown.map(|figure| (place(figure), told(figure))));
        }
        revisions
    }

    fn note(&mut self, period: Period, release: usize) {
        for quarter in quarters_of(period) {
            self.at.entry(quarter).or_default().insert(release);
        }
    }

    /// The release since which the figures of a period stand as `release` shows them.
    pub(super) fn since(&self, period: Period, release: usize) -> usize {
        let last = |quarter: Quarter| self.at.get(&quarter).and_then(|at| at.range(..=release).next_back().copied());
        quarters_of(period).filter_map(last).max().unwrap_or(0)
    }
}

/// A value is compared to six decimals only where no count stands on top: a curve's share, a median.
fn told(figure: &Figure) -> Told {
    let value = figure.numerator.is_none().then_some(figure.value).flatten();
    (figure.numerator, figure.denominator, value.map(|value| (value * 1e6).round() as i64))
}

/// The calendar quarters that a period touches.
fn quarters_of(period: Period) -> impl Iterator<Item = Quarter> {
    let (first, last) = (period.first_month(), period.last_month());
    let quarters = last.quarter().last_month().since(first.quarter().last_month()) / 3;
    (0..=quarters).map(move |later| first.plus(3 * later).quarter())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{children, month, quarter, year_to};
    use super::*;
    use crate::domain::{Dimension, TOTAL};

    fn whole(period: Period, count: i64) -> Figure {
        children(period, Dimension::Total, TOTAL, Some(count))
    }

    #[test]
    fn a_quarter_stands_since_the_release_that_last_changed_it() {
        let (first, second) = ([whole(month(5), 7), whole(month(8), 9)], [whole(month(5), 8), whole(month(8), 9)]);
        let revisions = Revisions::between(&[&first, &second, &second]);
        assert_eq!([0, 1, 2].map(|release| revisions.since(quarter(6), release)), [0, 1, 1]);
        assert_eq!([0, 1, 2].map(|release| revisions.since(month(8), release)), [0, 0, 0]);
        assert_eq!(revisions.since(year_to(6), 2), 1, "a year stands since the last of its quarters");
        assert_eq!(revisions.since(year_to(3), 2), 0);
    }

    #[test]
    fn a_year_that_changed_by_itself_was_revised_throughout() {
        let revisions = Revisions::between(&[&[whole(year_to(6), 70)], &[whole(year_to(6), 71)]]);
        assert_eq!(revisions.since(month(1), 1), 1);
        assert_eq!(revisions.since(month(7), 1), 0);
    }
}
