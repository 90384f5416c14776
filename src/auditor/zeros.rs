//! Where a withheld count may be zero: beneath a withheld figure, or where a whole table is withheld. Elsewhere zeros are
//! shown, so that a withheld count of children is at least 1.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, is_withheld, place};
use crate::domain::{Dimension, Figure, Period, TOTAL};

/// What an edition shows of each table.
pub(super) struct Zeros<'a> {
    withheld: BTreeSet<Place<'a>>,
    /// Nothing is shown of anything.
    shows_nothing: bool,
    /// Tables that show something.
    shown_of: BTreeSet<Table<'a>>,
    /// By measure and part, the quarters and years of the whole.
    longer: BTreeMap<(&'a str, &'a str), Vec<Period>>,
}

/// Figures that one sum adds up: measure, part, dimension, and the period whose parts or levels they are.
type Table<'a> = (&'a str, &'a str, Dimension, Period);

impl<'a> Zeros<'a> {
    pub(super) fn of(figures: &'a [Figure]) -> Self {
        let mut zeros = Self {
            withheld: BTreeSet::new(),
            shows_nothing: figures.iter().all(is_withheld),
            shown_of: BTreeSet::new(),
            longer: BTreeMap::new(),
        };
        for figure in figures.iter().filter(|figure| figure.dimension == Dimension::Total) {
            if !matches!(figure.period, Period::Month(_)) {
                let part = figure.part().unwrap_or_default();
                zeros.longer.entry((&figure.measure, part)).or_default().push(figure.period);
            }
        }
        for figure in figures {
            if is_withheld(figure) {
                zeros.withheld.insert(place(figure));
            } else if let Some(table) = zeros.table(figure) {
                zeros.shown_of.insert(table);
            }
        }
        zeros
    }

    /// The table a figure stands in; none for a period of the whole that no longer one holds.
    fn table(&self, figure: &'a Figure) -> Option<Table<'a>> {
        let part = figure.part().unwrap_or_default();
        let of = |period| (figure.measure.as_str(), part, figure.dimension, period);
        if figure.dimension != Dimension::Total {
            return Some(of(figure.period));
        }
        self.longer(figure).map(of)
    }

    /// The quarter of a month, the year of a quarter, where the whole has one.
    fn longer(&self, figure: &Figure) -> Option<Period> {
        let longer = self.longer.get(&(figure.measure.as_str(), figure.part().unwrap_or_default()))?;
        let quarter = Period::Quarter(figure.period.last_month().quarter());
        let holds = |year: &Period| {
            matches!(year, Period::TwelveMonthsTo(_))
                && (year.first_month()..=year.last_month()).contains(&figure.period.last_month())
        };
        match figure.period {
            Period::Month(_) => longer.contains(&quarter).then_some(quarter),
            Period::Quarter(_) => longer.iter().copied().find(holds),
            Period::TwelveMonthsTo(_) => None,
        }
    }

    pub(super) fn are_possible(&self, figure: &'a Figure) -> bool {
        let part = figure.part().unwrap_or_default();
        let is_withheld = |dimension: Dimension, group: &str, part: &str, period: Period| {
            let level = if part.is_empty() { group.to_owned() } else { format!("{group}:{part}") };
            self.withheld.contains(&(figure.measure.as_str(), period, dimension, level.as_str()))
        };
        let beneath_its_level = !part.is_empty() && is_withheld(figure.dimension, figure.group(), "", figure.period);
        let beneath_the_whole = if figure.dimension == Dimension::Total {
            self.longer(figure).is_some_and(|longer| is_withheld(Dimension::Total, TOTAL, part, longer))
        } else {
            is_withheld(Dimension::Total, TOTAL, part, figure.period)
        };
        let nothing_of_it_is_shown = self.table(figure).is_some_and(|table| !self.shown_of.contains(&table));
        self.shows_nothing || beneath_its_level || beneath_the_whole || nothing_of_it_is_shown
    }
}
