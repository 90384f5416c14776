//! The two statutory formats: what we say of them, and what their rows mean.

use std::fs;

use super::tests::{Project, column};
use super::*;

#[test]
fn the_return_of_looked_after_children() {
    let project = Project { folder: tempfile::tempdir().unwrap(), sources: String::new() }.with(
        "council",
        "ssda903",
        "",
        "header.csv",
        b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,2,27/03/2008,WROM,,,\n2,M,09/09/2011,REFU,,,\n",
    );
    fs::write(
        project.folder.path().join("episodes.csv"),
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
         1,15/02/2023,S,C2,N3,T2,PR0,14/08/2023,X1,,,,\n1,14/08/2023,L,C2,N3,T2,PR0,01/02/2024,X1,CARPL,,,\n1,01/02/2024,P,C2,N3,A3,PR3,,,,,,\n\
         2,01/01/2024,S,C2,N3,T2,PR0,31/03/2024,E3,,,,\n",
    )
    .unwrap();
    fs::write(
        project.folder.path().join("missing.csv"),
        "CHILD,DOB,MISSING,MIS_START,MIS_END\n\
         1,27/03/2008,M,01/08/2023,20/08/2023\n\
         2,09/09/2011,A,30/03/2024,02/04/2024\n\
         2,09/09/2012,M,01/02/2024,01/02/2024\n\
         3,01/01/2010,M,01/02/2024,\n\
         1,27/03/2008,M,01/02/2024,31/01/2024\n\
         2,09/09/2025,M,01/02/2024,03/02/2024\n\
         1,27/03/2008,M,01/08/2023,20/08/2023\n",
    )
    .unwrap();
    let project = Project { sources: project.sources.replace("\"header.csv\"", "\"*.csv\""), ..project };
    assert_eq!(
        project.says(),
        "\
missing.csv: D01 exact repeat of another row: 1 quarantined (row 8)
missing.csv: INT04 child not in the header in `child`: 1 kept (row 5)
missing.csv: INT13 date of birth differs from the header's in `dob`: 1 kept (row 4)
missing.csv: M567 end before start in `mis_end`: 1 quarantined (row 6)
missing.csv: M576 open at the end of last year and not carried in: cannot be checked within one return: 0 kept
missing.csv: M577 outside a period of care in `mis_start`: 2 kept (rows 3 and 5)
missing.csv: M586 starts before birth in `mis_start`: 1 quarantined (row 7)
missing.csv: T07 begun over 90 days ago and no end recorded in `mis_end`: 1 kept (row 5)"
    );
    let staged = project.read().unwrap();
    assert_eq!(staged.tables[&Table::CarePeriods].height(), 2);
    assert_eq!(column(&staged, Table::Placements, "started_on").len(), 3);
    assert_eq!(staged.tables[&Table::MissingEpisodes].height(), 4);
}

#[test]
fn the_standard_safeguarding_dataset() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "ssd_person.csv",
        "pers_person_id,pers_forename,pers_surname,pers_sex,pers_dob\n10,Ann,Other,F,2010-05-17 00:00:00\n",
    );
    write(
        "ssd_missing.csv",
        "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,miss_missing_episode_end_date,miss_missing_rhi_offered,miss_missing_rhi_accepted\n\
         1,10,2024-05-01 00:00:00,Missing,2024-05-02 00:00:00,Y,NA\n",
    );
    write(
        "ssd_contacts.csv",
        "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_outcome_json\n1,10,2024-05-01,\"{\"\"MISSING_FLAG\"\":\"\"Y\"\"}\"\n2,10,2024-05-02,\n",
    );
    write(
        "ssd_cin_assessments.csv",
        "cina_assessment_id,cina_person_id,cina_assessment_start_date,cina_assessment_auth_date,cina_assessment_child_seen\n7,10,2024-05-03,2024-06-03,Y\n",
    );
    write(
        "ssd_assessment_factors.csv",
        "cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json\n1,7,\"[\"\"24A\"\",\"\"10A\"\"]\"\n2,8,[]\n",
    );
    write("ssd_s47_enquiry.csv", "s47e_s47_enquiry_id,s47e_person_id,s47e_s47_start_date\n5,10,2024-05-04\n");
    let sources =
        "[[source]]\nname = \"ssd\"\nagency = \"council\"\nformat = \"ssd\"\npath = \"*.csv\"\ndata_to = 2024-06-30\n"
            .to_owned();
    let project = Project { folder, sources };
    assert_eq!(
        project.says(),
        "\
ssd_assessment_factors.csv: K03 assessment not among those supplied in `cinf_assessment_id`: 1 quarantined (row 3)
ssd_contacts.csv: S01 contact without a missing flag: not a signal in `cont_contact_outcome_json`: 1 dropped (row 3)
ssd_person.csv: U01 column not used in `pers_forename`: 0 kept
ssd_person.csv: U01 column not used in `pers_surname`: 0 kept"
    );
    let staged = project.read().unwrap();
    assert_eq!(column(&staged, Table::AssessmentFactors, "factor"), ["\"10A\"", "\"24A\""]);
    assert_eq!(column(&staged, Table::RiskAssessments, "kind"), ["\"child_and_family\"", "\"strategy_discussion\""]);
    assert_eq!(column(&staged, Table::MissingEpisodes, "started_at"), ["null"]);
    assert_eq!(column(&staged, Table::MissingEpisodes, "rhi_offered"), ["true"]);
    assert_eq!(column(&staged, Table::MissingEpisodes, "rhi_accepted"), ["null"]);
    assert_eq!(column(&staged, Table::Children, "birth_month_on"), ["2010-05-01"]);
}

#[test]
fn the_partnerships_own_tables_are_staged() {
    let empty = Project { folder: tempfile::tempdir().unwrap(), sources: String::new() };
    let project = [
        ("voice.csv", "child_id,asked_on,question,score,asked_by\n1,2024-05-02,Feels safe,4,Advocate\n1,2024-05-02,feels_safe,6,advocate\n"),
        ("oversight_audit.csv", "quarter,agency,sampled,oversight_recorded_safer_or_not\n2024-Q2,council,30,12\n"),
        ("workforce.csv", "agency,role,month,headcount\npolice,Response officer,2024-05,240\n"),
        ("training.csv", "agency,role,staff_ref,course,completed_on,expires_on,applied,audited_on\npolice,response officer,S1,Together,2024-05-01,2026-05-01,,\n"),
        ("ed_screening.csv", "month,attendances_eligible,screened,positive,acted_within_10_days\n2024-05,300,140,8,4\n"),
        (
            "actions.csv",
            "action_id,title,agency,owner_role,agreed_on,original_due_on,due_on,completed_on,status,measures,expected\n\
             A1,Front door,council,Head,2024-01-01,2024-03-01,2025-03-01,,in progress,missing_again,down\n",
        ),
        ("action_history.csv", "action_id,recorded_on,field,old,new\nA1,2024-02-20,due_on,2024-03-01,2025-03-01\n"),
    ]
    .into_iter()
    .fold(empty, |project, (file, text)| project.with("health", "native", "", file, text.as_bytes()));
    assert_eq!(project.says(), "voice.csv: C03 not a whole number of its scale in `score`: 1 quarantined (row 3)");
    let staged = project.read().unwrap();
    let one = |table, name| column(&staged, table, name).remove(0);
    assert_eq!(one(Table::Voice, "question"), "\"feels_safe\"");
    assert_eq!(one(Table::OversightAudit, "quarter_on"), "2024-04-01");
    assert_eq!(one(Table::Workforce, "role"), "\"response_officer\"");
    assert_eq!(one(Table::Training, "expires_on"), "2026-05-01");
    assert_eq!(one(Table::EdScreening, "agency"), "\"health\"");
    assert_eq!(one(Table::Actions, "due_on"), "2025-03-01");
    assert_eq!(one(Table::ActionHistory, "new"), "\"2025-03-01\"");
}

#[test]
fn plans_and_workers_of_the_dataset_are_staged() {
    let empty = Project { folder: tempfile::tempdir().unwrap(), sources: String::new() };
    let project = [
        ("ssd_cp_plans.csv", "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date\n1,10,2024-01-02 00:00:00,\n"),
        ("ssd_cin_plans.csv", "cinp_cin_plan_id,cinp_person_id,cinp_cin_plan_start_date,cinp_cin_plan_end_date\n1,10,2024-01-01,2024-02-01\n"),
        ("ssd_early_help_episodes.csv", "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date\n1,10,2023-01-01,2023-02-01\n"),
        ("ssd_involvements.csv", "invo_involvements_id,invo_professional_id,invo_person_id,invo_involvement_start_date,invo_involvement_end_date\n1,W1,10,2023-01-01,\n"),
    ]
    .into_iter()
    .fold(empty, |project, (file, text)| project.with("council", "ssd", "", file, text.as_bytes()));
    assert_eq!(project.says(), "");
    let staged = project.read().unwrap();
    assert_eq!(column(&staged, Table::Plans, "kind"), ["\"child_protection\"", "\"child_in_need\"", "\"early_help\""]);
    assert_eq!(column(&staged, Table::Involvements, "ended_on"), ["null"]);
}
