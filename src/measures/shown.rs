//! The months a measure is shown for, and the quarters and years they make. Nothing of figures.

use crate::domain::{Month, Period};

/// The months shown, and where their years end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) first: Month,
    pub(crate) last: Month,
    /// The last complete quarter's end: twelve-month figures end here, a year before, and so on, so that none overlap.
    pub(crate) years_end: Month,
}

impl Shown {
    /// From the first to the last month, with years back from the last quarter end that is shown and complete.
    pub(crate) fn new(first: Month, last: Month, complete_to: Option<Month>) -> Self {
        let complete = complete_to.map_or(last, |complete| complete.min(last));
        let quarter = complete.quarter().last_month();
        Self { first, last, years_end: if quarter <= complete { quarter } else { quarter.plus(-3) } }
    }

    /// Whether a month is shown.
    pub(crate) fn holds(self, month: Month) -> bool {
        (self.first..=self.last).contains(&month)
    }

    /// The calendar quarter that holds a month; none unless all of it is shown.
    pub(crate) fn quarter_with(self, month: Month) -> Option<Period> {
        let quarter = month.quarter();
        (quarter.last_month() <= self.last && quarter.first_month() >= self.first).then_some(Period::Quarter(quarter))
    }

    /// The twelve months that hold a month; none unless all of them are shown and complete.
    pub(crate) fn year_with(self, month: Month) -> Option<Period> {
        let years_before = self.years_end.since(month).div_euclid(12);
        let end = self.years_end.plus(-12 * years_before);
        (years_before >= 0 && end.plus(-11) >= self.first).then_some(Period::TwelveMonthsTo(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn years_end_with_the_last_complete_quarter_and_do_not_overlap() {
        let shown = Shown::new(month("2023-11"), month("2026-10"), Some(month("2026-08")));
        let year = |of: &str| shown.year_with(month(of)).map(|year| year.to_string());
        assert_eq!(year("2026-06").as_deref(), Some("2026-06/P12M"));
        assert_eq!(year("2025-07").as_deref(), Some("2026-06/P12M"));
        assert_eq!(year("2025-06").as_deref(), Some("2025-06/P12M"));
        assert_eq!(year("2026-07"), None, "not complete");
        assert_eq!(year("2024-06"), None, "begins before the first month shown");
    }

    #[test]
    fn a_quarter_is_shown_whole_or_not_at_all() {
        let shown = Shown::new(month("2023-11"), month("2026-10"), None);
        assert_eq!(shown.quarter_with(month("2023-12")), None);
        assert_eq!(shown.quarter_with(month("2024-02")).map(|quarter| quarter.to_string()).as_deref(), Some("2024-Q1"));
        assert_eq!(shown.quarter_with(month("2026-10")), None);
        assert_eq!(shown.years_end, month("2026-09"));
    }
}
