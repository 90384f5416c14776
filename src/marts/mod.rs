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
    /// What a row is, and what those columns hold that do not say it themselves.
    pub rows: &'static str,
    /// Staged tables without any one of which it cannot be made.
    pub needs: &'static [Table],
    /// Staged tables at least one of which it needs.
    pub needs_any: &'static [Table],
    /// Staged tables without which it can be made, with something missing: (table, what is missing).
    pub wants: &'static [(Table, &'static str)],
}

/// Every mart a query may read.
pub const MARTS: &[Mart] = &[
    Mart {
        name: "months",
        rows: "a month of the report: first day `month_on`, first day after it `next_month_on`, the day its stocks are counted `counted_on` (its last, or the as-at date), and `until_on`, the first day no longer counted in it",
        needs: &[],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "missing_spells",
        rows: "a spell of a child being missing, the episodes of all agencies merged. `end_kind` is returned, open (still missing), left (moved away, died or turned 18 while missing) or unknown (later records show that it ended, not when); `ended_on` is null while open or unknown; `follow_up_end` is as_at, left_area, died or 18",
        needs: &[Table::MissingEpisodes],
        needs_any: &[],
        wants: &[(
            Table::Children,
            "without dates of birth and of leaving, spells and follow-up cannot end when a child turns 18 or leaves",
        )],
    },
    Mart {
        name: "returns",
        rows: "a return from missing, with the earliest dates on which an interview about it was offered and held; `held_undated` where one was held on a day nobody recorded",
        needs: &[Table::MissingEpisodes, Table::ReturnInterviews],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "interview_offers",
        rows: "a return from missing; `offered` is null where nobody recorded whether an interview was",
        needs: &[Table::MissingEpisodes],
        needs_any: &[],
        wants: &[(Table::ReturnInterviews, "offers are known only where the missing episode itself records one")],
    },
    Mart {
        name: "risk_periods",
        rows: "a period in which a child is at risk; `closed_on` is null while it is open, `opened_by_spell` where a spell of being missing opened it",
        ..AT_RISK
    },
    Mart { name: "days_at_risk", rows: "a child and month with a day at risk; `days` is how many", ..AT_RISK },
    Mart { name: "known_at_month_end", rows: "a child at risk on the day a month is counted", ..AT_RISK },
    Mart {
        name: "looked_after_days",
        rows: "a child and month with a day both looked after and at risk; `days` is how many",
        needs: &[Table::CarePeriods],
        ..AT_RISK
    },
    Mart {
        name: "moves_of_carer",
        rows: "a day on which a looked-after child at risk moved straight from one placement to another",
        needs: &[Table::Placements],
        ..AT_RISK
    },
    Mart {
        name: "children_signalled",
        rows: "a child ever signalled; `ended_for_good` where the child died or turned 18, not where they moved away",
        ..AT_RISK
    },
    Mart {
        name: "signals_raised",
        rows: "a signal that an agency raised, harm events among them",
        needs: &[Table::RiskSignals],
        needs_any: &[],
        wants: &[(Table::HarmEvents, "harm events are not among the signals")],
    },
    Mart {
        name: "harm_days",
        rows: "a child, day at risk and group of harm (`harm` is victim, ed_attendance or arrest); `opened` where that day opened the risk period",
        needs: &[Table::HarmEvents],
        ..AT_RISK
    },
    Mart {
        name: "risk_reductions",
        rows: "a risk period assessed as reduced, from the first time it was; what came next is null where nothing did, `left` where the child left before the as-at date",
        needs: &[Table::RiskAssessments],
        needs_any: &[Table::MissingEpisodes, Table::HarmEvents],
        wants: &[
            (Table::MissingEpisodes, "a child counts as quiet who may have been missing"),
            (Table::HarmEvents, "a child counts as quiet who may have come to harm"),
            (Table::Children, "children who left or turned 18 cannot be taken out"),
        ],
    },
    Mart {
        name: "school_months",
        rows: "a child of school age and at risk, and a month of term; `status` is full_time, part_time or none, null where nobody recorded it",
        needs: &[Table::Education, Table::Children],
        ..AT_RISK
    },
    Mart {
        name: "unassessed_clocks",
        rows: "a clock of unassessed risk; `cause` is assessed, closed_unassessed, left or open, `stopped_on` null while open, `left_reason` left_area, died or 18, `theme` that of its earliest signal that names one",
        needs: &[Table::RiskAssessments],
        needs_any: &[Table::RiskSignals, Table::MissingEpisodes, Table::HarmEvents],
        wants: &[
            (Table::RiskSignals, "clocks start without any agency's signals of exploitation"),
            (Table::MissingEpisodes, "clocks start without returns from missing"),
            (Table::HarmEvents, "clocks start without harm events"),
        ],
    },
    Mart {
        name: "service_journeys",
        rows: "a need of a child for a service and what became of it, never referred included; each step is null where it was not reached, `ending` is declined, not_offered, planned, unplanned, moved, aged_out, left or ended",
        needs: &[Table::Needs, Table::Services],
        needs_any: &[],
        wants: &[],
    },
    Mart { name: "referrals", rows: "a referral to a service", needs: &[Table::Services], needs_any: &[], wants: &[] },
    Mart {
        name: "child_and_family_assessments",
        rows: "a child and family assessment, with the working days it took; `completed_on` is null while open",
        needs: &[Table::RiskAssessments],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "ed_screening",
        rows: "a month of an agency's emergency department, in totals",
        needs: &[Table::EdScreening],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "interviews",
        rows: "a return home interview held; `reasons` are codes with `;` between, null where none was recorded",
        needs: &[Table::ReturnInterviews, Table::MissingEpisodes],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "risk_levels",
        rows: "an assessment that counts; `above_low` is false where the level is low or not known",
        needs: &[Table::RiskAssessments],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "open_plans",
        rows: "a plan of a child (`kind` is that of the extract, or looked_after); `ended_on` is null while open",
        needs: &[Table::Plans],
        needs_any: &[],
        wants: &[(Table::CarePeriods, "being looked after is not among the plans")],
    },
    Mart {
        name: "oversight_audits",
        rows: "an agency and quarter audited, in totals",
        needs: &[Table::OversightAudit],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "involvements",
        rows: "a worker's involvement with a child, as the extract has it",
        needs: &[Table::Involvements],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "voice",
        rows: "an answer of a child, as the extract has it",
        needs: &[Table::Voice],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "population",
        rows: "a locality, age band and year, as the extract has it",
        needs: &[Table::Population],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "trained_months",
        rows: "an agency, role and month; `trained` is null where more are trained than there are people",
        needs: &[Table::Workforce, Table::Training],
        needs_any: &[],
        wants: &[],
    },
    Mart {
        name: "training_audits",
        rows: "an audit of how a trained person applied it",
        needs: &[Table::Training],
        needs_any: &[],
        wants: &[],
    },
];

/// What days at risk rest on.
const AT_RISK: Mart = Mart {
    name: "risk_periods",
    rows: "",
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

    /// Every mart without a row: which columns there are.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn without_rows(definitions: &Definitions, as_at: NaiveDate) -> PolarsResult<Self> {
        let empty = |table: Table| Ok((table, table.frame(0, Vec::new())?));
        let staged: BTreeMap<Table, DataFrame> = Table::ALL.into_iter().map(empty).collect::<PolarsResult<_>>()?;
        Self::build(&staged, definitions, Month::of(as_at), as_at)
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
