//! Kept rows into staged tables: what a row of each format means.

use polars::prelude::*;

use super::dates;
use super::made::{Assessments, care_periods, factors, placements_of_return};
use super::pseudonyms::Pseudonyms;
use super::rows::Rows;
use super::table::Table;

/// A staged table's rows from one table of a source, column by column.
struct Staging<'a> {
    rows: &'a Rows,
    kept: Vec<usize>,
    agency: &'a str,
    columns: Vec<Column>,
}

impl<'a> Staging<'a> {
    fn new(rows: &'a Rows, agency: &'a str) -> Self {
        Self { rows, kept: rows.kept(), agency, columns: Vec::new() }
    }

    /// Staged columns and the fields they come from.
    fn take(mut self, pairs: &[(&str, &str)]) -> Self {
        for (staged, field) in pairs {
            self.columns.push(self.rows.column(field).column(staged, &self.kept));
        }
        self
    }

    /// Staged columns named as their fields.
    fn same(self, names: &[&str]) -> Self {
        let pairs: Vec<(&str, &str)> = names.iter().map(|name| (*name, *name)).collect();
        self.take(&pairs)
    }

    fn at(mut self, staged: &str, field: &str) -> Self {
        let column = self.rows.column(field);
        let instants: Vec<Option<i64>> = self.kept.iter().map(|row| column.instant(*row)).collect();
        self.columns.push(Column::new(staged.into(), instants));
        self
    }

    fn month(mut self, staged: &str, field: &str) -> Self {
        let column = self.rows.column(field);
        let months: Vec<Option<i32>> = self.kept.iter().map(|row| column.day(*row).map(dates::month_of)).collect();
        self.columns.push(Column::new(staged.into(), months));
        self
    }

    /// The row's own agency where it names one, else the sender.
    fn agency(mut self) -> Self {
        let column = self.rows.column("agency");
        let agencies: StringChunked =
            self.kept.iter().map(|row| Some(column.text(*row).unwrap_or(self.agency))).collect();
        self.columns.push(agencies.with_name("agency".into()).into_column());
        self
    }

    fn always(mut self, staged: &str, word: &str) -> Self {
        let words: StringChunked = self.kept.iter().map(|_| Some(word)).collect();
        self.columns.push(words.with_name(staged.into()).into_column());
        self
    }

    fn into_table(self, table: Table) -> PolarsResult<(Table, DataFrame)> {
        Ok((table, table.frame(self.kept.len(), self.columns)?))
    }
}

#[expect(clippy::too_many_lines, reason = "it is a table of what each contract's columns are called when staged")]
/// The staged rows that one table of one source gives; none where it is only recognised.
pub(crate) fn stage(
    rows: &Rows,
    agency: &str,
    pseudonyms: &Pseudonyms,
    assessments: &Assessments,
) -> PolarsResult<Vec<(Table, DataFrame)>> {
    let staging = || Staging::new(rows, agency);
    let one = match rows.contract.name {
        "children" => return children(rows, agency),
        "missing_episodes" => staging()
            .same(&["episode_id", "child_id", "kind", "risk_level", "recorded_on"])
            .take(&[("started_on", "started_at"), ("ended_on", "ended_at")])
            .at("started_at", "started_at")
            .at("ended_at", "ended_at")
            .at("reported_at", "reported_at")
            .agency()
            .into_table(Table::MissingEpisodes)?,
        "return_interviews" => staging()
            .same(&["episode_id", "offered_on", "outcome", "held_on", "independent", "reasons"])
            .agency()
            .into_table(Table::ReturnInterviews)?,
        "risk_signals" => staging()
            .same(&["signal_id", "child_id", "kind", "theme", "raised_on", "recorded_on", "closed_on", "closed_reason"])
            .agency()
            .into_table(Table::RiskSignals)?,
        "risk_assessments" => staging()
            .same(&["assessment_id", "child_id", "kind", "started_on", "completed_on", "child_seen", "theme", "level"])
            .agency()
            .into_table(Table::RiskAssessments)?,
        "needs" => staging()
            .same(&["need_id", "child_id", "service", "identified_on"])
            .take(&[("identified_by", "identified_by")])
            .into_table(Table::Needs)?,
        "services" => staging()
            .same(&["referral_id", "child_id", "service", "referred_on", "offered_on", "outcome", "first_attended_on"])
            .same(&["last_attended_on", "sustained_on", "ended_on", "end_reason"])
            .agency()
            .into_table(Table::Services)?,
        "service_totals" => staging()
            .same(&["service", "needs", "referred", "offered", "accepted", "attended", "sustained"])
            .take(&[("month_on", "month")])
            .agency()
            .into_table(Table::ServiceTotals)?,
        "education" => staging()
            .same(&["child_id", "calendar_sessions", "sessions_possible", "sessions_attended", "status", "suspensions"])
            .take(&[("month_on", "month")])
            .into_table(Table::Education)?,
        "harm_events" => {
            staging().same(&["event_id", "child_id", "kind", "occurred_on"]).agency().into_table(Table::HarmEvents)?
        }
        "population" => staging()
            .same(&["locality", "age_band", "year", "children", "sex"])
            .take(&[("ethnicity_group", "ethnicity")])
            .into_table(Table::Population)?,
        "ssd_person" => staging()
            .take(&[("child_id", "pers_person_id"), ("sex", "pers_sex"), ("ethnicity_group", "pers_ethnicity")])
            .take(&[("died_on", "pers_death_date")])
            .month("birth_month_on", "pers_dob")
            .agency()
            .into_table(Table::Children)?,
        "ssd_missing" => staging()
            .take(&[
                ("episode_id", "miss_table_id"),
                ("child_id", "miss_person_id"),
                ("kind", "miss_missing_episode_type"),
            ])
            .take(&[("started_on", "miss_missing_episode_start_date"), ("ended_on", "miss_missing_episode_end_date")])
            .take(&[("rhi_offered", "miss_missing_rhi_offered"), ("rhi_accepted", "miss_missing_rhi_accepted")])
            .at("started_at", "miss_missing_episode_start_date")
            .at("ended_at", "miss_missing_episode_end_date")
            .agency()
            .into_table(Table::MissingEpisodes)?,
        "ssd_cin_assessments" => staging()
            .take(&[
                ("assessment_id", "cina_assessment_id"),
                ("child_id", "cina_person_id"),
                ("started_on", "cina_assessment_start_date"),
            ])
            .take(&[("completed_on", "cina_assessment_auth_date"), ("child_seen", "cina_assessment_child_seen")])
            .always("kind", "child_and_family")
            .agency()
            .into_table(Table::RiskAssessments)?,
        "ssd_s47_enquiry" => staging()
            .take(&[("assessment_id", "s47e_s47_enquiry_id"), ("child_id", "s47e_person_id")])
            .take(&[("started_on", "s47e_s47_start_date"), ("completed_on", "s47e_s47_start_date")])
            .always("kind", "strategy_discussion")
            .agency()
            .into_table(Table::RiskAssessments)?,
        "ssd_contacts" => staging()
            .take(&[
                ("signal_id", "cont_contact_id"),
                ("child_id", "cont_person_id"),
                ("raised_on", "cont_contact_date"),
            ])
            .always("kind", "contact")
            .always("theme", "missing")
            .agency()
            .into_table(Table::RiskSignals)?,
        "ssd_assessment_factors" => factors(rows, assessments)?,
        "ssd_cla_episodes" => care_periods(
            rows,
            agency,
            ["clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"],
        )?,
        "ssd_cla_placement" => staging()
            .take(&[("child_id", "clap_person_id"), ("started_on", "clap_cla_placement_start_date")])
            .take(&[("ended_on", "clap_cla_placement_end_date"), ("change_reason", "clap_cla_placement_change_reason")])
            .take(&[("kind", "clap_cla_placement_type")])
            .agency()
            .into_table(Table::Placements)?,
        "ssd_involvements" => staging()
            .take(&[("child_id", "invo_person_id"), ("professional_id", "invo_professional_id")])
            .take(&[("started_on", "invo_involvement_start_date"), ("ended_on", "invo_involvement_end_date")])
            .agency()
            .into_table(Table::Involvements)?,
        "ssd_cp_plans" => staging()
            .take(&[("child_id", "cppl_person_id")])
            .take(&[("started_on", "cppl_cp_plan_start_date"), ("ended_on", "cppl_cp_plan_end_date")])
            .always("kind", "child_protection")
            .agency()
            .into_table(Table::Plans)?,
        "ssd_cin_plans" => staging()
            .take(&[("child_id", "cinp_person_id")])
            .take(&[("started_on", "cinp_cin_plan_start_date"), ("ended_on", "cinp_cin_plan_end_date")])
            .always("kind", "child_in_need")
            .agency()
            .into_table(Table::Plans)?,
        "ssd_early_help_episodes" => staging()
            .take(&[("child_id", "earl_person_id")])
            .take(&[("started_on", "earl_episode_start_date"), ("ended_on", "earl_episode_end_date")])
            .always("kind", "early_help")
            .agency()
            .into_table(Table::Plans)?,
        "ed_screening" => staging()
            .same(&["attendances_eligible", "screened", "positive", "acted_within_10_days"])
            .take(&[("month_on", "month")])
            .agency()
            .into_table(Table::EdScreening)?,
        "oversight_audit" => staging()
            .same(&["sampled"])
            .take(&[("quarter_on", "quarter"), ("recorded", "oversight_recorded_safer_or_not")])
            .agency()
            .into_table(Table::OversightAudit)?,
        "voice" => staging()
            .same(&["child_id", "asked_on", "question", "score", "asked_by"])
            .agency()
            .into_table(Table::Voice)?,
        "workforce" => staging()
            .same(&["role", "headcount"])
            .take(&[("month_on", "month")])
            .agency()
            .into_table(Table::Workforce)?,
        "training" => staging()
            .same(&["role", "course", "completed_on", "expires_on", "applied", "audited_on"])
            .take(&[("staff_id", "staff_ref")])
            .agency()
            .into_table(Table::Training)?,
        "actions" => staging()
            .same(&["action_id", "title", "finding", "owner_role", "agreed_on", "original_due_on", "due_on"])
            .same(&["started_on", "completed_on", "evidenced_on", "evidence", "status", "measures", "expected"])
            .agency()
            .into_table(Table::Actions)?,
        "action_history" => {
            staging().same(&["action_id", "recorded_on", "field", "old", "new"]).into_table(Table::ActionHistory)?
        }
        "header" => staging()
            .take(&[("child_id", "child"), ("sex", "sex"), ("ethnicity_group", "ethnic")])
            .month("birth_month_on", "dob")
            .agency()
            .into_table(Table::Children)?,
        "episodes" => {
            return Ok(vec![
                care_periods(rows, agency, ["child", "decom", "dec"])?,
                placements_of_return(rows, agency)?,
            ]);
        }
        "factors" => staging()
            .take(&[("year", "time_period"), ("level", "geographic_level"), ("region", "region_name")])
            .take(&[("area_code", "new_la_code"), ("area", "la_name")])
            .take(&[("episodes", "episodes_with_assessment_factor")])
            .same(&[
                "going_missing",
                "child_sexual_exploitation",
                "child_criminal_exploitation",
                "gangs",
                "trafficking",
            ])
            .into_table(Table::PublishedFactors)?,
        "missing" => return Ok(vec![episodes_of_return(rows, agency, pseudonyms)?]),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![one])
}

/// Native children; periods of being looked after too where the extract has them.
fn children(rows: &Rows, agency: &str) -> PolarsResult<Vec<(Table, DataFrame)>> {
    let children = Staging::new(rows, agency)
        .same(&["child_id", "sex", "locality", "looked_after_from", "looked_after_to", "left_area_on", "died_on"])
        .same(&["disability", "valid_from", "valid_to"])
        .take(&[("birth_month_on", "birth_month"), ("ethnicity_group", "ethnicity")])
        .agency()
        .into_table(Table::Children)?;
    if !rows.is_given("looked_after_from") {
        return Ok(vec![children]);
    }
    Ok(vec![children, care_periods(rows, agency, ["child_id", "looked_after_from", "looked_after_to"])?])
}

/// The return's episodes have no identifier: child, kind and days make one.
fn episodes_of_return(rows: &Rows, agency: &str, pseudonyms: &Pseudonyms) -> PolarsResult<(Table, DataFrame)> {
    let (child, kind, start, end) =
        (rows.column("child"), rows.column("missing"), rows.column("mis_start"), rows.column("mis_end"));
    let mut staging = Staging::new(rows, agency)
        .take(&[("child_id", "child"), ("kind", "missing"), ("started_on", "mis_start"), ("ended_on", "mis_end")])
        .agency();
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let ids: Vec<i64> = staging
        .kept
        .iter()
        .map(|row| {
            let (start, end) = (start.day(*row).map(i64::from), end.day(*row).map(i64::from));
            let parts = [number(child.key(*row)), number(start), number(end)];
            let [child, start, end] = &parts;
            pseudonyms.of(&["return_episode", child, kind.text(*row).unwrap_or_default(), start, end])
        })
        .collect();
    staging.columns.push(Column::new("episode_id".into(), ids));
    staging.into_table(Table::MissingEpisodes)
}

/// The tables that a contract gives when it is supplied, be it empty.
pub(crate) fn tables_of(rows: &Rows) -> Vec<Table> {
    match rows.contract.name {
        "children" if rows.is_given("looked_after_from") => {
            vec![Table::Children, Table::CarePeriods]
        }
        "children" | "ssd_person" | "header" => vec![Table::Children],
        "factors" => vec![Table::PublishedFactors],
        "episodes" => vec![Table::CarePeriods, Table::Placements],
        "missing" | "ssd_missing" => vec![Table::MissingEpisodes],
        "ssd_cin_assessments" => vec![Table::RiskAssessments],
        // A strategy discussion alone does not say whether a child was assessed.
        "ssd_s47_enquiry" => Vec::new(),
        "ssd_contacts" => vec![Table::RiskSignals],
        "ssd_assessment_factors" => vec![Table::AssessmentFactors],
        "ssd_cla_episodes" => vec![Table::CarePeriods],
        "ssd_cla_placement" => vec![Table::Placements],
        "ssd_involvements" => vec![Table::Involvements],
        "ssd_cp_plans" | "ssd_cin_plans" | "ssd_early_help_episodes" => vec![Table::Plans],
        name => Table::ALL.into_iter().filter(|table| table.as_str() == name).collect(),
    }
}
