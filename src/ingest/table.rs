//! The staged tables: their names and columns, the one agreement between ingest and marts.

use polars::prelude::*;

/// A staged table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One row per child, or per child and period of validity.
    Children,
    /// One row per unbroken period of being looked after.
    CarePeriods,
    /// One row per placement.
    Placements,
    /// One row per missing or away episode as an agency recorded it.
    MissingEpisodes,
    /// One row per return home interview, offered or held.
    ReturnInterviews,
    /// One row per signal of risk.
    RiskSignals,
    /// One row per assessment or strategy discussion.
    RiskAssessments,
    /// One row per factor found at an assessment.
    AssessmentFactors,
    /// One row per need identified.
    Needs,
    /// One row per referral to a service.
    Services,
    /// One row per agency, service and month, where only totals are shared.
    ServiceTotals,
    /// One row per child and month at school.
    Education,
    /// One row per harm event.
    HarmEvents,
    /// One row per locality, age band and year, and per sex and ethnicity group where the source tells them.
    Population,
    /// One row per professional's involvement with a child.
    Involvements,
    /// One row per plan of a child: in need, protection or early help.
    Plans,
    /// One row per month of emergency department screening.
    EdScreening,
    /// One row per agency and quarter of the audit of oversight.
    OversightAudit,
    /// One row per answer a child gave.
    Voice,
    /// One row per agency, role and month.
    Workforce,
    /// One row per person and course completed.
    Training,
    /// One row per action of the plan.
    Actions,
    /// One row per recorded change to an action.
    ActionHistory,
    /// One row per area and year of the published table of factors.
    PublishedFactors,
    /// Agencies' identifiers to the partnership's; used up at the door.
    Crosswalk,
}

use Kind::{At, Code, Key, Number, On, Truth};

/// What a staged column holds.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A pseudonym.
    Key,
    /// A word.
    Code,
    /// A date.
    On,
    /// An instant of UTC.
    At,
    /// A whole number.
    Number,
    /// Yes or no.
    Truth,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 25] = [
        Self::Children,
        Self::CarePeriods,
        Self::Placements,
        Self::MissingEpisodes,
        Self::ReturnInterviews,
        Self::RiskSignals,
        Self::RiskAssessments,
        Self::AssessmentFactors,
        Self::Needs,
        Self::Services,
        Self::ServiceTotals,
        Self::Education,
        Self::HarmEvents,
        Self::Population,
        Self::Involvements,
        Self::Plans,
        Self::EdScreening,
        Self::OversightAudit,
        Self::Voice,
        Self::Workforce,
        Self::Training,
        Self::Actions,
        Self::ActionHistory,
        Self::PublishedFactors,
        Self::Crosswalk,
    ];

    /// As extracts and `partnership.toml` name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Children => "children",
            Self::CarePeriods => "care_periods",
            Self::Placements => "placements",
            Self::MissingEpisodes => "missing_episodes",
            Self::ReturnInterviews => "return_interviews",
            Self::RiskSignals => "risk_signals",
            Self::RiskAssessments => "risk_assessments",
            Self::AssessmentFactors => "assessment_factors",
            Self::Needs => "needs",
            Self::Services => "services",
            Self::ServiceTotals => "service_totals",
            Self::Education => "education",
            Self::HarmEvents => "harm_events",
            Self::Population => "population",
            Self::Involvements => "involvements",
            Self::Plans => "plans",
            Self::EdScreening => "ed_screening",
            Self::OversightAudit => "oversight_audit",
            Self::Voice => "voice",
            Self::Workforce => "workforce",
            Self::Training => "training",
            Self::Actions => "actions",
            Self::ActionHistory => "action_history",
            Self::PublishedFactors => "published_factors",
            Self::Crosswalk => "crosswalk",
        }
    }

    /// In the plural, for a reader: `missing episodes`.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Children => "children's details",
            Self::CarePeriods => "periods of being looked after",
            Self::Placements => "placements",
            Self::MissingEpisodes => "missing episodes",
            Self::ReturnInterviews => "return home interviews",
            Self::RiskSignals => "signals of risk",
            Self::RiskAssessments => "risk assessments",
            Self::AssessmentFactors => "factors found at assessment",
            Self::Needs => "needs identified",
            Self::Services => "referrals to services",
            Self::ServiceTotals => "totals of services",
            Self::Education => "school attendance records",
            Self::HarmEvents => "harm events",
            Self::Population => "population figures",
            Self::Involvements => "workers' involvements",
            Self::Plans => "plans",
            Self::EdScreening => "emergency department screening totals",
            Self::OversightAudit => "audits of oversight",
            Self::Voice => "what children said",
            Self::Workforce => "counts of the workforce",
            Self::Training => "training records",
            Self::Actions => "actions of the plan",
            Self::ActionHistory => "changes to actions",
            Self::PublishedFactors => "published factors at assessment",
            Self::Crosswalk => "links between agencies' identifiers",
        }
    }

    #[expect(clippy::too_many_lines, reason = "it is the list of every staged column")]
    fn columns(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Children => &[
                ("child_id", Key),
                ("agency", Code),
                ("birth_month_on", On),
                ("sex", Code),
                ("ethnicity_group", Code),
                ("locality", Code),
                ("looked_after_from", On),
                ("looked_after_to", On),
                ("left_area_on", On),
                ("died_on", On),
                ("disability", Code),
                ("valid_from", On),
                ("valid_to", On),
            ],
            Self::CarePeriods => &[("child_id", Key), ("agency", Code), ("started_on", On), ("ended_on", On)],
            Self::Placements => &[
                ("child_id", Key),
                ("agency", Code),
                ("started_on", On),
                ("ended_on", On),
                ("kind", Code),
                ("change_reason", Code),
            ],
            Self::MissingEpisodes => &[
                ("episode_id", Key),
                ("child_id", Key),
                ("agency", Code),
                ("kind", Code),
                ("started_on", On),
                ("started_at", At),
                ("ended_on", On),
                ("ended_at", At),
                ("reported_at", At),
                ("recorded_on", On),
                ("risk_level", Code),
                ("rhi_offered", Truth),
                ("rhi_accepted", Truth),
            ],
            Self::ReturnInterviews => &[
                ("episode_id", Key),
                ("agency", Code),
                ("offered_on", On),
                ("outcome", Code),
                ("held_on", On),
                ("independent", Truth),
                ("reasons", Code),
            ],
            Self::RiskSignals => &[
                ("signal_id", Key),
                ("child_id", Key),
                ("agency", Code),
                ("kind", Code),
                ("theme", Code),
                ("raised_on", On),
                ("recorded_on", On),
                ("closed_on", On),
                ("closed_reason", Code),
            ],
            Self::RiskAssessments => &[
                ("assessment_id", Key),
                ("child_id", Key),
                ("agency", Code),
                ("kind", Code),
                ("started_on", On),
                ("completed_on", On),
                ("child_seen", Truth),
                ("theme", Code),
                ("level", Code),
            ],
            Self::AssessmentFactors => {
                &[("assessment_id", Key), ("child_id", Key), ("factor", Code), ("completed_on", On)]
            }
            Self::Needs => &[
                ("need_id", Key),
                ("child_id", Key),
                ("service", Code),
                ("identified_on", On),
                ("identified_by", Code),
            ],
            Self::Services => &[
                ("referral_id", Key),
                ("child_id", Key),
                ("service", Code),
                ("agency", Code),
                ("referred_on", On),
                ("offered_on", On),
                ("outcome", Code),
                ("first_attended_on", On),
                ("last_attended_on", On),
                ("sustained_on", On),
                ("ended_on", On),
                ("end_reason", Code),
            ],
            Self::ServiceTotals => &[
                ("agency", Code),
                ("service", Code),
                ("month_on", On),
                ("needs", Number),
                ("referred", Number),
                ("offered", Number),
                ("accepted", Number),
                ("attended", Number),
                ("sustained", Number),
            ],
            Self::Education => &[
                ("child_id", Key),
                ("month_on", On),
                ("calendar_sessions", Number),
                ("sessions_possible", Number),
                ("sessions_attended", Number),
                ("status", Code),
                ("suspensions", Number),
            ],
            Self::HarmEvents => {
                &[("event_id", Key), ("child_id", Key), ("agency", Code), ("kind", Code), ("occurred_on", On)]
            }
            Self::Population => &[
                ("locality", Code),
                ("age_band", Code),
                ("year", Number),
                ("children", Number),
                ("sex", Code),
                ("ethnicity_group", Code),
            ],
            Self::Involvements => {
                &[("child_id", Key), ("agency", Code), ("professional_id", Key), ("started_on", On), ("ended_on", On)]
            }
            Self::Plans => &[("child_id", Key), ("agency", Code), ("kind", Code), ("started_on", On), ("ended_on", On)],
            Self::EdScreening => &[
                ("agency", Code),
                ("month_on", On),
                ("attendances_eligible", Number),
                ("screened", Number),
                ("positive", Number),
                ("acted_within_10_days", Number),
            ],
            Self::OversightAudit => &[("agency", Code), ("quarter_on", On), ("sampled", Number), ("recorded", Number)],
            Self::Voice => &[
                ("child_id", Key),
                ("agency", Code),
                ("asked_on", On),
                ("question", Code),
                ("score", Number),
                ("asked_by", Code),
            ],
            Self::Workforce => &[("agency", Code), ("role", Code), ("month_on", On), ("headcount", Number)],
            Self::Training => &[
                ("agency", Code),
                ("role", Code),
                ("staff_id", Key),
                ("course", Code),
                ("completed_on", On),
                ("expires_on", On),
                ("applied", Number),
                ("audited_on", On),
            ],
            Self::Actions => &[
                ("action_id", Code),
                ("title", Code),
                ("finding", Code),
                ("agency", Code),
                ("owner_role", Code),
                ("agreed_on", On),
                ("original_due_on", On),
                ("due_on", On),
                ("started_on", On),
                ("completed_on", On),
                ("evidenced_on", On),
                ("evidence", Code),
                ("status", Code),
                ("measures", Code),
                ("expected", Code),
            ],
            Self::ActionHistory => {
                &[("action_id", Code), ("recorded_on", On), ("field", Code), ("old", Code), ("new", Code)]
            }
            Self::PublishedFactors => &[
                ("year", Number),
                ("level", Code),
                ("region", Code),
                ("area_code", Code),
                ("area", Code),
                ("episodes", Code),
                ("going_missing", Code),
                ("child_sexual_exploitation", Code),
                ("child_criminal_exploitation", Code),
                ("gangs", Code),
                ("trafficking", Code),
            ],
            Self::Crosswalk => &[],
        }
    }

    /// The table from the columns a source gives: the others are not known, all of them in the agreed order.
    pub(crate) fn frame(self, height: usize, given: Vec<Column>) -> PolarsResult<DataFrame> {
        let mut columns = Vec::with_capacity(self.columns().len());
        let mut given = given;
        for (name, kind) in self.columns() {
            let dtype = match kind {
                Key | Number => DataType::Int64,
                Code => DataType::String,
                On => DataType::Date,
                At => DataType::Datetime(TimeUnit::Milliseconds, None),
                Truth => DataType::Boolean,
            };
            let place = given.iter().position(|column| column.name().as_str() == *name);
            columns.push(match place {
                Some(place) => given.swap_remove(place).cast(&dtype)?,
                None => Column::full_null((*name).into(), height, &dtype),
            });
        }
        DataFrame::new(height, columns)
    }
}
