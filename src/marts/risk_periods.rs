//! Risk periods: from a child's first signal or missing spell until the risk has lapsed. The child-days at risk.

use polars::prelude::*;
use rayon::prelude::*;

use super::frame::{ByChild, Day, date_column};
use super::leaving::{Leavings, Left};
use super::missing_spells::{End, Spell};
use super::signals::{Assessment, Signal};

/// One period: the dates `start ≤ d < close` count, the as-at date included where it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RiskPeriod {
    pub(crate) start: Day,
    /// The first day no longer at risk; none while open at the as-at date.
    pub(crate) close: Option<Day>,
    /// A missing spell opened it, on its own or with a signal of that day.
    pub(crate) opened_by_spell: bool,
}

impl RiskPeriod {
    /// Whether the day is one of the period's.
    pub(crate) fn holds_on(&self, day: Day) -> bool {
        self.start <= day && self.close.is_none_or(|close| close > day)
    }
}

/// What can open, extend or hold open a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    on: Day,
    /// Held open until this day, exclusive: a spell that has not ended holds to the end of follow-up.
    holds_until: Day,
    opens: bool,
    spell: bool,
}

/// The risk periods of one child, in order.
pub(crate) fn risk_periods_of(
    spells: &[Spell],
    signals: &[Signal],
    assessments: &[Assessment],
    left: Left,
    as_at: Day,
    lapses_days: Day,
) -> Vec<RiskPeriod> {
    let end = left.map_or(as_at + 1, |(day, _)| day.min(as_at + 1));
    let mut facts = Vec::new();
    for spell in spells {
        let holds_until = match spell.end {
            End::Open | End::Left(_) => end,
            End::Returned(at) => at.on + lapses_days,
            End::Unknown => spell.start.on + lapses_days,
        };
        facts.push(Fact { on: spell.start.on, holds_until, opens: true, spell: true });
    }
    let lapsing = |on: Day, opens: bool| Fact { on, holds_until: on + lapses_days, opens, spell: false };
    facts.extend(signals.iter().map(|signal| lapsing(signal.raised_on, true)));
    let above_low = assessments.iter().filter(|assessment| assessment.above_low);
    facts.extend(above_low.map(|assessment| lapsing(assessment.completed_on, false)));
    facts.retain(|fact| fact.on < end);
    facts.sort_unstable();
    periods(&facts, end, left.is_some())
}

fn periods(facts: &[Fact], end: Day, left: bool) -> Vec<RiskPeriod> {
    let mut done: Vec<(RiskPeriod, Day)> = Vec::new();
    for fact in facts {
        match done.last_mut() {
            Some((period, until)) if fact.on < *until => {
                *until = fact.holds_until.max(*until);
                period.opened_by_spell |= fact.spell && fact.on == period.start;
            }
            _ if fact.opens => {
                let period = RiskPeriod { start: fact.on, close: None, opened_by_spell: fact.spell };
                done.push((period, fact.holds_until));
            }
            _ => {}
        }
    }
    done.into_iter()
        .map(|(period, until)| RiskPeriod { close: (until < end || left).then(|| until.min(end)), ..period })
        .collect()
}

/// The risk periods of every child that has any.
pub(crate) fn risk_periods_by_child(
    spells: &ByChild<Spell>,
    signals: &ByChild<Signal>,
    assessments: &ByChild<Assessment>,
    leavings: &Leavings,
    as_at: Day,
    lapses_days: u32,
) -> ByChild<RiskPeriod> {
    let mut children: Vec<i64> = spells.children().chain(signals.children()).collect();
    children.sort_unstable();
    children.dedup();
    let by_child: Vec<Vec<(i64, RiskPeriod)>> = children
        .into_par_iter()
        .map(|child| {
            let own_spells: Vec<Spell> = spells.of(child).iter().map(|(_, spell)| spell.clone()).collect();
            let own_signals: Vec<Signal> = signals.of(child).iter().map(|(_, signal)| *signal).collect();
            let own_assessments: Vec<Assessment> = assessments.of(child).iter().map(|(_, one)| *one).collect();
            let left = leavings.of(child, as_at);
            let periods = risk_periods_of(&own_spells, &own_signals, &own_assessments, left, as_at, lapses_days as Day);
            periods.into_iter().map(|period| (child, period)).collect()
        })
        .collect();
    ByChild::new(by_child.into_iter().flatten().collect())
}

/// One row per risk period: `started_on`, `closed_on` (null while open), `opened_by_spell`.
pub(crate) fn risk_periods(periods: &ByChild<RiskPeriod>) -> PolarsResult<DataFrame> {
    let (mut child_id, mut started_on, mut closed_on, mut by_spell) = (vec![], vec![], vec![], vec![]);
    for child in periods.children() {
        let mut own: Vec<RiskPeriod> = periods.of(child).iter().map(|(_, period)| *period).collect();
        own.sort_unstable_by_key(|period| period.start);
        for period in own {
            child_id.push(child);
            started_on.push(Some(period.start));
            closed_on.push(period.close);
            by_spell.push(period.opened_by_spell);
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("started_on", started_on)?,
        date_column("closed_on", closed_on)?,
        Column::new("opened_by_spell".into(), by_spell),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::leaving::Reason;
    use super::super::missing_spells::Moment;
    use super::super::signals::Theme;
    use super::*;

    fn signal(raised_on: Day) -> Signal {
        Signal { raised_on, closed_on: None, theme: Theme::Any, strong_kind: false }
    }

    fn spell(start: Day, end: End) -> Spell {
        Spell { start: Moment { at_ms: 0, on: start }, end, episodes: Vec::new() }
    }

    fn told(spells: &[Spell], signals: &[Signal], assessments: &[Assessment], left: Left) -> Vec<(Day, Option<Day>)> {
        risk_periods_of(spells, signals, assessments, left, 1000, 365)
            .into_iter()
            .map(|period| (period.start, period.close))
            .collect()
    }

    #[test]
    fn a_period_lapses_a_year_after_the_last_fact() {
        assert_eq!(told(&[], &[signal(10)], &[], None), [(10, Some(375))]);
        assert_eq!(told(&[], &[signal(10), signal(374)], &[], None), [(10, Some(739))]);
        assert_eq!(told(&[], &[signal(10), signal(375)], &[], None), [(10, Some(375)), (375, Some(740))]);
        assert_eq!(told(&[], &[signal(700)], &[], None), [(700, None)]);
    }

    #[test]
    fn an_open_spell_keeps_it_open_and_leaving_closes_it() {
        assert_eq!(told(&[spell(10, End::Open)], &[], &[], None), [(10, None)]);
        assert_eq!(told(&[spell(10, End::Left(50))], &[], &[], Some((50, Reason::Died))), [(10, Some(50))]);
        let returned = End::Returned(Moment { at_ms: 0, on: 30 });
        assert_eq!(told(&[spell(10, returned)], &[], &[], None), [(10, Some(395))]);
        assert_eq!(told(&[spell(10, End::Unknown)], &[], &[], None), [(10, Some(375))]);
    }

    #[test]
    fn only_an_assessment_above_low_extends_and_none_opens() {
        let at = |completed_on, above_low| Assessment { completed_on, started_on: None, theme: None, above_low };
        assert_eq!(told(&[], &[signal(10)], &[at(100, true)], None), [(10, Some(465))]);
        assert_eq!(told(&[], &[signal(10)], &[at(100, false)], None), [(10, Some(375))]);
        assert_eq!(told(&[], &[], &[at(100, true)], None), []);
    }
}
