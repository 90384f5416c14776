//! Column names of every extract, as the formats write them.

// The Standard Safeguarding Dataset.
#[rustfmt::skip]
pub(super) const PERSON: &[&str] = &[
    "pers_person_id", "pers_sex", "pers_gender", "pers_ethnicity", "pers_dob",
    "pers_common_child_id", "pers_upn_unknown", "pers_send_flag", "pers_death_date",
];
#[rustfmt::skip]
pub(in crate::simulate) const PUBLISHED_FACTORS: &[&str] = &[
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
    "new_la_code", "la_name", "Episodes_with_assessment_factor", "Going_missing", "Child_sexual_exploitation",
    "Child_criminal_exploitation", "Gangs", "Trafficking",
];
#[rustfmt::skip]
pub(super) const MISSING: &[&str] = &[
    "miss_table_id", "miss_person_id", "miss_missing_episode_start_date",
    "miss_missing_episode_type", "miss_missing_episode_end_date", "miss_missing_rhi_offered",
    "miss_missing_rhi_accepted",
];
#[rustfmt::skip]
pub(super) const CIN_ASSESSMENTS: &[&str] = &[
    "cina_assessment_id", "cina_person_id", "cina_referral_id", "cina_assessment_start_date",
    "cina_assessment_child_seen", "cina_assessment_auth_date", "cina_assessment_outcome_json",
    "cina_assessment_outcome_nfa",
];
#[rustfmt::skip]
pub(super) const FACTORS: &[&str] = &[
    "cinf_table_id", "cinf_assessment_id", "cinf_assessment_factors_json",
];
#[rustfmt::skip]
pub(super) const ENQUIRIES: &[&str] = &[
    "s47e_s47_enquiry_id", "s47e_referral_id", "s47e_person_id", "s47e_s47_start_date",
    "s47e_s47_end_date", "s47e_s47_nfa", "s47e_s47_outcome_json",
];
#[rustfmt::skip]
pub(super) const CONTACTS: &[&str] = &[
    "cont_contact_id", "cont_person_id", "cont_contact_date", "cont_contact_source_code",
    "cont_contact_source_desc", "cont_contact_outcome_json",
];
#[rustfmt::skip]
pub(super) const CARE: &[&str] = &[
    "clae_cla_episode_id", "clae_person_id", "clae_cla_episode_start_date",
    "clae_cla_episode_ceased_date",
];
#[rustfmt::skip]
pub(super) const PLACEMENTS: &[&str] = &[
    "clap_cla_placement_id", "clap_cla_placement_start_date", "clap_cla_placement_type",
    "clap_cla_id", "clap_cla_placement_end_date", "clap_cla_placement_change_reason",
    "clap_person_id",
];
#[rustfmt::skip]
pub(super) const INVOLVEMENTS: &[&str] = &[
    "invo_involvements_id", "invo_professional_id", "invo_professional_role_id",
    "invo_professional_team", "invo_involvement_start_date", "invo_involvement_end_date",
    "invo_worker_change_reason", "invo_person_id", "invo_referral_id",
];
#[rustfmt::skip]
pub(super) const PROTECTION_PLANS: &[&str] = &[
    "cppl_cp_plan_id", "cppl_referral_id", "cppl_icpc_id", "cppl_person_id",
    "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_cp_plan_initial_category",
];
#[rustfmt::skip]
pub(super) const NEED_PLANS: &[&str] = &[
    "cinp_cin_plan_id", "cinp_referral_id", "cinp_person_id", "cinp_cin_plan_start_date",
    "cinp_cin_plan_end_date",
];
#[rustfmt::skip]
pub(super) const EARLY_HELP: &[&str] = &[
    "earl_episode_id", "earl_person_id", "earl_episode_start_date", "earl_episode_end_date",
    "earl_episode_reason",
];

// Native.
#[rustfmt::skip]
pub(super) const CHILDREN: &[&str] = &[
    "child_id", "birth_month", "sex", "ethnicity", "locality", "left_area_on", "disability",
];
#[rustfmt::skip]
pub(super) const INTERVIEWS: &[&str] = &[
    "episode_id", "child_id", "offered_on", "outcome", "held_on", "independent", "reasons",
];
#[rustfmt::skip]
pub(super) const SIGNALS: &[&str] = &[
    "signal_id", "child_id", "agency", "kind", "theme", "raised_on", "recorded_on", "closed_on",
    "closed_reason",
];
#[rustfmt::skip]
pub(super) const EXPLOITATION: &[&str] = &[
    "assessment_id", "child_id", "agency", "kind", "started_on", "completed_on", "child_seen",
    "theme", "level",
];
#[rustfmt::skip]
pub(super) const NEEDS: &[&str] = &[
    "need_id", "child_id", "service", "identified_on", "identified_by",
];
#[rustfmt::skip]
pub(super) const SERVICES: &[&str] = &[
    "referral_id", "child_id", "service", "agency", "referred_on", "offered_on", "outcome",
    "first_attended_on", "last_attended_on", "sustained_on", "ended_on", "end_reason",
];
#[rustfmt::skip]
pub(super) const CROSSWALK: &[&str] = &[
    "agency", "agency_child_id", "child_id", "match_weight",
];
#[rustfmt::skip]
pub(super) const POPULATION: &[&str] = &[
    "locality", "age_band", "year", "children", "sex", "ethnicity",
];
#[rustfmt::skip]
pub(super) const HARM: &[&str] = &[
    "event_id", "child_id", "agency", "kind", "occurred_on",
];
#[rustfmt::skip]
pub(super) const EPISODES: &[&str] = &[
    "episode_id", "child_id", "kind", "started_at", "ended_at", "risk_level", "recorded_on",
];
#[rustfmt::skip]
pub(super) const SERVICE_TOTALS: &[&str] = &[
    "agency", "service", "month", "needs", "referred", "offered", "accepted", "attended",
    "sustained",
];
#[rustfmt::skip]
pub(super) const ATTENDANCE: &[&str] = &[
    "pupil_ref", "attendance_month", "calendar_sessions", "sessions_possible", "sessions_attended",
    "timetable", "suspensions",
];
