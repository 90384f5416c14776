//! Marts: staged rows in, one row per spell out. Grains and rules are those of the measures' definitions.
//!
//! The rules are state machines over one child's facts, so each is a plain function of that child's rows (and is tested
//! as one); a mart gathers rows by child, applies its rule to every child in parallel, and hands a frame to the queries.

mod actions;
mod assessments;
mod calendar;
mod care;
mod days_at_risk;
mod follow_up;
mod frame;
mod histories;
mod leaving;
mod missing_spells;
mod month_ends;
mod published;
mod recorded;
mod returns;
mod risk_periods;
mod risk_reductions;
mod rules;
mod school_months;
mod service_journeys;
mod signals;
mod signals_raised;
mod unassessed_clocks;
mod workforce;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

pub use actions::actions;
use frame::Names;
pub use frame::{Day, date_of, day_of};
use leaving::Leavings;
pub use published::printed;
pub use rules::{all_rules, rules_of};
pub use workforce::{headcounts, trainings};

use crate::domain::{Definitions, Month};
use crate::impact::ChildRecord;
use crate::ingest::Table;

/// One mart by its name in SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mart {
    /// As queries write it.
    pub name: &'static str,
    /// Staged tables without any one of which it cannot be made.
    pub needs: &'static [Table],
    /// Staged tables at least one of which it needs.
    pub needs_any: &'static [Table],
    /// Staged tables without which it can be made, with something missing: (table, what is missing).
    pub wants: &'static [(Table, &'static str)],
}

/// Every mart a query may read.
pub const MARTS: &[Mart] = &[
    Mart { name: "months", needs: &[], needs_any: &[], wants: &[] },
    Mart {
        name: "missing_spells",
        needs: &[Table::MissingEpisodes],
        needs_any: &[],
        wants: &[(
            Table::Children,
            "without dates of birth and of leaving, spells and follow-up cannot end when a child turns 18 or leaves",
        )],
    },
    Mart { name: "returns", needs: &[Table::MissingEpisodes, Table::ReturnInterviews], needs_any: &[], wants: &[] },
    Mart {
        name: "interview_offers",
        needs: &[Table::MissingEpisodes],
        needs_any: &[],
        wants: &[(Table::ReturnInterviews, "offers are known only where the missing episode itself records one")],
    },
    Mart { name: "risk_periods", ..AT_RISK },
    Mart { name: "days_at_risk", ..AT_RISK },
    Mart { name: "known_at_month_end", ..AT_RISK },
    Mart { name: "looked_after_days", needs: &[Table::CarePeriods], ..AT_RISK },
    Mart { name: "moves_of_carer", needs: &[Table::Placements], ..AT_RISK },
    Mart { name: "children_signalled", ..AT_RISK },
    Mart {
        name: "signals_raised",
        needs: &[Table::RiskSignals],
        needs_any: &[],
        wants: &[(Table::HarmEvents, "harm events are not among the signals")],
    },
    Mart { name: "harm_days", needs: &[Table::HarmEvents], ..AT_RISK },
    Mart {
        name: "risk_reductions",
        needs: &[Table::RiskAssessments],
        needs_any: &[Table::MissingEpisodes, Table::HarmEvents],
        wants: &[
            (Table::MissingEpisodes, "a child counts as quiet who may have been missing"),
            (Table::HarmEvents, "a child counts as quiet who may have come to harm"),
            (Table::Children, "children who left or turned 18 cannot be taken out"),
        ],
    },
    Mart { name: "school_months", needs: &[Table::Education, Table::Children], ..AT_RISK },
    Mart {
        name: "unassessed_clocks",
        needs: &[Table::RiskAssessments],
        needs_any: &[Table::RiskSignals, Table::MissingEpisodes, Table::HarmEvents],
        wants: &[
            (Table::RiskSignals, "clocks start without any agency's signals of exploitation"),
            (Table::MissingEpisodes, "clocks start without returns from missing"),
            (Table::HarmEvents, "clocks start without harm events"),
        ],
    },
    Mart { name: "service_journeys", needs: &[Table::Needs, Table::Services], needs_any: &[], wants: &[] },
    Mart { name: "referrals", needs: &[Table::Services], needs_any: &[], wants: &[] },
    Mart { name: "child_and_family_assessments", needs: &[Table::RiskAssessments], needs_any: &[], wants: &[] },
    Mart { name: "ed_screening", needs: &[Table::EdScreening], needs_any: &[], wants: &[] },
    Mart { name: "interviews", needs: &[Table::ReturnInterviews, Table::MissingEpisodes], needs_any: &[], wants: &[] },
    Mart { name: "risk_levels", needs: &[Table::RiskAssessments], needs_any: &[], wants: &[] },
    Mart {
        name: "open_plans",
        needs: &[Table::Plans],
        needs_any: &[],
        wants: &[(Table::CarePeriods, "being looked after is not among the plans")],
    },
    Mart { name: "oversight_audits", needs: &[Table::OversightAudit], needs_any: &[], wants: &[] },
    Mart { name: "involvements", needs: &[Table::Involvements], needs_any: &[], wants: &[] },
    Mart { name: "voice", needs: &[Table::Voice], needs_any: &[], wants: &[] },
    Mart { name: "population", needs: &[Table::Population], needs_any: &[], wants: &[] },
    Mart { name: "trained_months", needs: &[Table::Workforce, Table::Training], needs_any: &[], wants: &[] },
    Mart { name: "training_audits", needs: &[Table::Training], needs_any: &[], wants: &[] },
];

/// What days at risk rest on.
const AT_RISK: Mart = Mart {
    name: "risk_periods",
    needs: &[],
    needs_any: &[Table::RiskSignals, Table::MissingEpisodes],
    wants: &[
        (Table::RiskSignals, "child-days at risk are counted without any agency's signals of exploitation"),
        (Table::MissingEpisodes, "child-days at risk are counted without missing episodes"),
        (Table::RiskAssessments, "child-days at risk are counted without assessed levels of risk"),
    ],
};

/// The marts as frames, by name.
pub struct Marts {
    frames: BTreeMap<&'static str, DataFrame>,
    histories: Vec<ChildRecord>,
}

impl Marts {
    /// Every mart from the staged tables. Tables that no source gives are empty, and so are the marts that need them.
    ///
    /// # Errors
    /// Where a staged table lacks a column: a defect of ingest, not of the user's data.
    pub fn build(
        staged: &BTreeMap<Table, DataFrame>,
        definitions: &Definitions,
        first_month: Month,
        as_at: NaiveDate,
    ) -> PolarsResult<Self> {
        let none = DataFrame::empty();
        let table = |table: Table| staged.get(&table).unwrap_or(&none);
        let today = day_of(as_at);
        let mut names = Names::default();
        let leavings = Leavings::new(table(Table::Children))?;
        let episodes = missing_spells::episodes_by_child(table(Table::MissingEpisodes), &mut names)?;
        let spells = missing_spells::spells_by_child(&episodes, &leavings, today, definitions);
        let signals = signals::signals_by_child(
            table(Table::RiskSignals),
            table(Table::HarmEvents),
            &spells,
            definitions,
            &mut names,
        )?;
        let risk_assessments = table(Table::RiskAssessments);
        let assessments = signals::assessments_by_child(risk_assessments, definitions, &mut names)?;
        let clocks = unassessed_clocks::unassessed_clocks(
            &signals,
            &assessments,
            &leavings,
            today,
            definitions.assessment_valid_days,
            &names,
        )?;
        let periods = risk_periods::risk_periods_by_child(
            &spells,
            &signals,
            &assessments,
            &leavings,
            today,
            definitions.risk_lapses_days,
        );
        let journeys = service_journeys::service_journeys(
            table(Table::Needs),
            table(Table::Services),
            &leavings,
            today,
            definitions,
            &mut names,
        )?;
        let reported = (table(Table::RiskSignals), table(Table::HarmEvents));
        let mut frames = BTreeMap::from([
            ("months", calendar::months(first_month, today)?),
            ("missing_spells", missing_spells::missing_spells(&spells, &leavings, today)?),
            ("returns", returns::returns(&spells, table(Table::ReturnInterviews), today, &mut names)?),
            (
                "interview_offers",
                returns::interview_offers(
                    &spells,
                    table(Table::ReturnInterviews),
                    table(Table::MissingEpisodes),
                    &mut names,
                )?,
            ),
            ("risk_periods", risk_periods::risk_periods(&periods)?),
            ("days_at_risk", days_at_risk::days_at_risk(&periods, first_month, today)?),
            ("known_at_month_end", month_ends::known_at_month_end(&periods, first_month, today)?),
            ("looked_after_days", care::looked_after_days(table(Table::CarePeriods), &periods, (first_month, today))?),
            ("moves_of_carer", care::moves_of_carer(table(Table::Placements), &periods, today)?),
            ("children_signalled", follow_up::children_signalled(&signals, &leavings, today)?),
            ("signals_raised", signals_raised::signals_raised(reported, &leavings, today, definitions, &mut names)?),
            ("harm_days", signals_raised::harm_days(table(Table::HarmEvents), &periods, &leavings, today, &mut names)?),
            (
                "risk_reductions",
                risk_reductions::risk_reductions(
                    &periods,
                    &spells,
                    (risk_assessments, table(Table::HarmEvents)),
                    &leavings,
                    today,
                    &mut names,
                )?,
            ),
            (
                "school_months",
                school_months::school_months(
                    (table(Table::Children), table(Table::Education)),
                    &periods,
                    &leavings,
                    (first_month, today),
                    &mut names,
                )?,
            ),
            ("unassessed_clocks", clocks),
            ("service_journeys", journeys),
            ("referrals", signals_raised::referrals(table(Table::Services), &leavings, today, &mut names)?),
            (
                "child_and_family_assessments",
                assessments::child_and_family_assessments(risk_assessments, &leavings, today, &mut names)?,
            ),
            ("ed_screening", table(Table::EdScreening).clone()),
            ("population", table(Table::Population).clone()),
        ]);
        frames.extend(recorded::marts(&table, today)?);
        let staff = (table(Table::Workforce), table(Table::Training));
        frames.extend(workforce::marts(staff, definitions.training_valid_days, as_at)?);
        let histories = histories::histories(&table, &spells, &leavings, today)?;
        Ok(Self { frames, histories })
    }

    /// The frame of a mart.
    pub fn frame(&self, name: &str) -> Option<&DataFrame> {
        self.frames.get(name)
    }

    /// What is known of each child over time, in order of their keys.
    pub fn histories(&self) -> &[ChildRecord] {
        &self.histories
    }

    /// Every mart with its name, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &DataFrame)> {
        self.frames.iter().map(|(name, frame)| (*name, frame))
    }
}

/// The mart named, where there is one.
pub fn mart(name: &str) -> Option<Mart> {
    MARTS.iter().find(|mart| mart.name == name).copied()
}
