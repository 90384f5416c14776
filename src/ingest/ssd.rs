//! The Standard Safeguarding Dataset. Names are never read: forename and surname are not in the contract.

use super::contract::Kind::{Child, Code, Date, Factors, Id, Instant, MissingFlag, Word, YesNo};
use super::contract::{Contract, Field, fields, optional, present, readable, required};
use super::native::{EPISODE_KINDS, ETHNICITIES, SEXES};

const fn table(
    name: &'static str,
    fields: &'static [Field],
    key: &'static [&'static str],
    starts: Option<&'static str>,
    ends: Option<&'static str>,
) -> Contract {
    Contract { name, fields, key, starts, ends, timeless: false }
}

/// Every table of the dataset that is recognised.
pub(crate) const CONTRACTS: &[Contract] = &[
    table(
        "ssd_person",
        fields![
            required("pers_person_id", Child),
            optional("pers_sex", Code(&SEXES)),
            optional("pers_ethnicity", Code(&ETHNICITIES)),
            optional("pers_dob", Date),
            readable("pers_death_date", Date),
        ],
        &["pers_person_id"],
        None,
        None,
    ),
    table(
        "ssd_missing",
        fields![
            required("miss_table_id", Id("episode")),
            required("miss_person_id", Child),
            required("miss_missing_episode_start_date", Instant),
            required("miss_missing_episode_type", Code(&EPISODE_KINDS)),
            present("miss_missing_episode_end_date", Instant),
            optional("miss_missing_rhi_offered", YesNo),
            optional("miss_missing_rhi_accepted", YesNo),
        ],
        &["miss_table_id"],
        Some("miss_missing_episode_start_date"),
        Some("miss_missing_episode_end_date"),
    ),
    table(
        "ssd_cin_assessments",
        fields![
            required("cina_assessment_id", Id("assessment")),
            required("cina_person_id", Child),
            required("cina_assessment_start_date", Date),
            present("cina_assessment_auth_date", Date),
            optional("cina_assessment_child_seen", YesNo),
        ],
        &["cina_assessment_id"],
        Some("cina_assessment_start_date"),
        Some("cina_assessment_auth_date"),
    ),
    table(
        "ssd_assessment_factors",
        fields![
            optional("cinf_table_id", Id("factor")),
            required("cinf_assessment_id", Id("assessment")),
            required("cinf_assessment_factors_json", Factors),
        ],
        &["cinf_table_id"],
        None,
        None,
    ),
    table(
        "ssd_s47_enquiry",
        fields![
            required("s47e_s47_enquiry_id", Id("s47_enquiry")),
            required("s47e_person_id", Child),
            required("s47e_s47_start_date", Date),
        ],
        &["s47e_s47_enquiry_id"],
        Some("s47e_s47_start_date"),
        None,
    ),
    table(
        "ssd_contacts",
        fields![
            required("cont_contact_id", Id("signal")),
            required("cont_person_id", Child),
            required("cont_contact_date", Date),
            present("cont_contact_outcome_json", MissingFlag),
        ],
        &["cont_contact_id"],
        Some("cont_contact_date"),
        None,
    ),
    table(
        "ssd_cla_episodes",
        fields![
            optional("clae_cla_episode_id", Id("care_episode")),
            required("clae_person_id", Child),
            required("clae_cla_episode_start_date", Date),
            present("clae_cla_episode_ceased_date", Date),
        ],
        &["clae_cla_episode_id"],
        Some("clae_cla_episode_start_date"),
        Some("clae_cla_episode_ceased_date"),
    ),
    table(
        "ssd_cla_placement",
        fields![
            optional("clap_cla_placement_id", Id("placement")),
            required("clap_person_id", Child),
            required("clap_cla_placement_start_date", Date),
            readable("clap_cla_placement_end_date", Date),
            optional("clap_cla_placement_type", Word),
            optional("clap_cla_placement_change_reason", Word),
        ],
        &["clap_cla_placement_id"],
        Some("clap_cla_placement_start_date"),
        Some("clap_cla_placement_end_date"),
    ),
    table(
        "ssd_involvements",
        fields![
            optional("invo_involvements_id", Id("involvement")),
            required("invo_professional_id", Id("professional")),
            required("invo_person_id", Child),
            required("invo_involvement_start_date", Date),
            readable("invo_involvement_end_date", Date),
        ],
        &["invo_involvements_id"],
        Some("invo_involvement_start_date"),
        Some("invo_involvement_end_date"),
    ),
    table(
        "ssd_cp_plans",
        fields![
            required("cppl_cp_plan_id", Id("protection_plan")),
            required("cppl_person_id", Child),
            required("cppl_cp_plan_start_date", Date),
            present("cppl_cp_plan_end_date", Date),
        ],
        &["cppl_cp_plan_id"],
        Some("cppl_cp_plan_start_date"),
        Some("cppl_cp_plan_end_date"),
    ),
    table(
        "ssd_cin_plans",
        fields![
            required("cinp_cin_plan_id", Id("need_plan")),
            required("cinp_person_id", Child),
            required("cinp_cin_plan_start_date", Date),
            present("cinp_cin_plan_end_date", Date),
        ],
        &["cinp_cin_plan_id"],
        Some("cinp_cin_plan_start_date"),
        Some("cinp_cin_plan_end_date"),
    ),
    table(
        "ssd_early_help_episodes",
        fields![
            required("earl_episode_id", Id("early_help")),
            required("earl_person_id", Child),
            required("earl_episode_start_date", Date),
            present("earl_episode_end_date", Date),
        ],
        &["earl_episode_id"],
        Some("earl_episode_start_date"),
        Some("earl_episode_end_date"),
    ),
    // A referral and its closing: neither a signal (it would start clocks only for children already referred), nor an
    // assessment, nor a plan, so no staged table takes it.
    Contract::recognised("ssd_cin_episodes"),
];
