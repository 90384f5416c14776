//! Extracts written into a folder, and what we say of them. No message may hold a value.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

const KEY: Key = Key::from_bytes([7; 32]);

const CHILDREN: &str = "child_id,birth_month,sex,ethnicity,locality\n001,2010-05,F,WBRI,North\n002,2011-02-17,2,Asian,South\n003,2009-11,M,NOBT,North\n";

/// A project of one council and one police force; each file as given, `children.csv` unless it is replaced.
pub(super) struct Project {
    pub(super) folder: TempDir,
    pub(super) sources: String,
}

impl Project {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), sources: String::new() }.with(
            "council",
            "native",
            "",
            "children.csv",
            CHILDREN.as_bytes(),
        )
    }

    pub(super) fn with(mut self, agency: &str, format: &str, more: &str, file: &str, bytes: &[u8]) -> Self {
        fs::write(self.folder.path().join(file), bytes).unwrap();
        let stem = file.split('.').next().unwrap();
        self.sources.push_str(&format!(
            "[[source]]\nname = \"{agency}-{stem}\"\nagency = \"{agency}\"\nformat = \"{format}\"\npath = \"{file}\"\ndata_to = 2024-06-30\n{more}\n"
        ));
        self
    }

    fn missing(self, more: &str, rows: &str) -> Self {
        let text = format!("episode_id,child_id,kind,started_at,ended_at\n{rows}");
        self.with("police", "native", more, "missing_episodes.csv", text.as_bytes())
    }

    pub(super) fn read(&self) -> Result<Staged, Problems> {
        let config = Config::parse(&format!("name = \"N\"\narea = \"N\"\n{}", self.sources), None).unwrap();
        let staged = ingest(&config, self.folder.path(), |_| "2024-06-30".parse().unwrap(), &KEY);
        if let Ok(staged) = &staged {
            assert!(staged.ledger.totals.values().all(Totals::add_up), "{:?}", staged.ledger.totals);
        }
        staged
    }

    pub(super) fn says(&self) -> String {
        match self.read() {
            Ok(staged) => staged.ledger.findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n"),
            Err(problems) => problems.to_string(),
        }
    }
}

pub(super) fn column(staged: &Staged, table: Table, name: &str) -> Vec<String> {
    let column = staged.tables[&table].column(name).unwrap();
    (0..column.len()).map(|row| column.get(row).unwrap().to_string()).collect()
}

#[test]
fn a_child_of_council_and_police_is_one_child_and_only_the_birth_month_survives() {
    let project = Project::new()
        .with("partnership", "native", "", "crosswalk.csv", b"agency,agency_child_id,child_id\nPolice,P-9,001\n")
        .missing("", "e1,P-9,Missing,2024-05-01T22:15,2024-05-02\ne2,P-8,absent,2024-05-03,\n");
    let staged = project.read().unwrap();
    let children = column(&staged, Table::Children, "child_id");
    let missing = column(&staged, Table::MissingEpisodes, "child_id");
    assert_eq!(missing[0], children[0]);
    assert!(!children.contains(&missing[1]));
    assert_eq!(column(&staged, Table::Children, "birth_month_on"), ["2010-05-01", "2011-02-01", "2009-11-01"]);
    assert_eq!(column(&staged, Table::Children, "ethnicity_group"), ["\"white\"", "\"asian\"", "null"]);
    assert_eq!(column(&staged, Table::MissingEpisodes, "kind"), ["\"M\"", "\"A\""]);
    assert_eq!(column(&staged, Table::MissingEpisodes, "started_at"), ["2024-05-01 21:15:00", "null"]);
    let police = staged.links.iter().find(|link| link.agency == "police").unwrap();
    assert_eq!((police.identifiers, police.linked, police.own_identifiers), (Some(2), Some(1), false));
    assert!(staged.links.iter().any(|link| link.agency == "council" && link.own_identifiers));
    assert_eq!(
        project.says(),
        "\
missing_episodes.csv: K01 child not linked to the partnership's identifiers in `child_id`: 1 kept (row 3)"
    );
}

#[test]
fn wrong_column() {
    let project = Project::new().with(
        "police",
        "native",
        "",
        "missing_episodes.csv",
        b"episode_id,nominal,kind,started,ended_at\n",
    );
    assert_eq!(
        project.says(),
        "\
missing_episodes.csv: contract `missing_episodes`: column `child_id` is missing
hint: if the sender calls it something else, declare it: columns = { child_id = \"their name\" }
missing_episodes.csv: contract `missing_episodes`: column `started_at` is missing
hint: if the sender calls it something else, declare it: columns = { started_at = \"their name\" }"
    );
}

#[test]
fn declared_columns_and_codes_are_followed_in_any_order_and_case() {
    let project = Project::new().with(
        "police",
        "native",
        "columns = { child_id = \"Nominal\", started_at = \"From\" }\ncodes = { kind = { \"MISPER High\" = \"M\" } }",
        "missing_episodes.csv",
        b" FROM ,Kind,Nominal,Episode_ID,Officer\n2024-05-01 10:00,misper-high,001,e1,x\n",
    );
    assert_eq!(project.says(), "missing_episodes.csv: U01 column not used in `officer`: 0 kept");
    assert_eq!(column(&project.read().unwrap(), Table::MissingEpisodes, "kind"), ["\"M\""]);
}

#[test]
fn wrong_date_order() {
    let rows = "e1,001,M,05/13/2024,\ne2,001,M,05/14/2024,\ne3,002,M,05/25/2024,\n";
    assert_eq!(
        Project::new().missing("date_format = \"DD/MM/YYYY\"", rows).says(),
        "\
missing_episodes.csv: contract `missing_episodes`: column `started_at` has 3 unreadable dates (rows 2, 3 and 4)
hint: dates are expected as DD/MM/YYYY; every row reads as MM/DD/YYYY: if that is how the sender writes them, declare date_format = \"MM/DD/YYYY\""
    );
}

#[test]
fn ambiguous_dates_are_held_and_never_guessed() {
    let rows = "e1,001,M,03/04/2024,04/04/2024\ne2,001,M,05/06/2024,06/06/2024\n";
    assert_eq!(
        Project::new().missing("", rows).says(),
        "\
missing_episodes.csv: contract `missing_episodes`: column `ended_at` is held: its dates read in two orders (rows 2 and 3)
hint: every row reads both as DD/MM/YYYY and as MM/DD/YYYY, as different days: ask the sender, then declare date_format
missing_episodes.csv: contract `missing_episodes`: column `started_at` is held: its dates read in two orders (rows 2 and 3)
hint: every row reads both as DD/MM/YYYY and as MM/DD/YYYY, as different days: ask the sender, then declare date_format"
    );
}

#[test]
fn one_unreadable_date_sets_its_row_aside() {
    let rows = "e1,001,M,2024-05-01,\ne2,001,M,soon,\ne3,002,M,2024-05-02,2024-05-32\ne4,002,M,2024-05-03,2024-05-04\ne5,003,M,2024-05-01,2024-05-02\n";
    assert_eq!(
        Project::new().missing("", rows).says(),
        "\
missing_episodes.csv: T02 unreadable date in `ended_at`: 1 quarantined (row 4)
missing_episodes.csv: T02 unreadable date in `started_at`: 1 quarantined (row 3)"
    );
}

#[test]
fn bad_encoding() {
    let windows = b"child_id,locality\n001,North\n002,Caf\xe9\n";
    let project = |more| Project::new().with("school", "native", more, "children_b.csv", windows);
    assert_eq!(
        project("").says(),
        "\
children_b.csv: is not UTF-8 text (row 3)
hint: declare how the sender encodes it, as in encoding = \"windows-1252\""
    );
    let declared = project("encoding = \"windows-1252\"").read().unwrap();
    assert!(column(&declared, Table::Children, "locality").contains(&"\"Café\"".to_owned()));
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_column() {
    let project = Project::new().with(
        "school",
        "native",
        "",
        "children_b.csv",
        b"\xef\xbb\xbfchild_id,locality\n009,\"North, upper\"\n",
    );
    assert_eq!(project.says(), "");
}

#[test]
fn reversed_episode() {
    let rows =
        "e1,001,M,2024-05-03,2024-05-01\ne2,002,M,2024-05-01T10:00,2024-05-01T09:00\ne3,003,M,2024-05-01,2024-05-01\n";
    let project = Project::new().missing("", rows);
    assert_eq!(
        project.says(),
        "missing_episodes.csv: M567 end before start in `ended_at`: 2 quarantined (rows 2 and 3)"
    );
    assert_eq!(project.read().unwrap().tables[&Table::MissingEpisodes].height(), 1);
}

#[test]
fn overlap() {
    let rows = "e1,001,M,2024-05-01,2024-05-05\ne2,001,M,2024-05-04,2024-05-06\ne3,001,M,2024-05-06,2024-05-07\n";
    assert_eq!(
        Project::new().missing("", rows).says(),
        "missing_episodes.csv: M574 starts before the child's last episode had ended in `started_at`: 1 kept (row 3)"
    );
}

#[test]
fn an_episode_open_for_long_is_noted() {
    // To 30 June: from 1 April 90 days, from 31 March 91. The third came back.
    let rows = "e1,001,M,2024-04-01,\ne2,002,M,2024-03-31,\ne3,003,M,2024-01-01,2024-06-01\n";
    assert_eq!(
        Project::new().missing("", rows).says(),
        "missing_episodes.csv: T07 begun over 90 days ago and no end recorded in `ended_at`: 1 kept (row 3)"
    );
}

#[test]
fn future_date() {
    let rows = "e1,001,M,2025-05-01,\ne2,002,M,2024-06-29,2024-07-02\n";
    let project = Project::new().missing("", rows);
    assert_eq!(
        project.says(),
        "\
missing_episodes.csv: T01 starts after the as-at date and the cut date in `started_at`: 1 quarantined (row 2)
missing_episodes.csv: T04 ends after the as-at date: counted as open in `ended_at`: 1 kept (row 3)"
    );
    assert_eq!(column(&project.read().unwrap(), Table::MissingEpisodes, "ended_on"), ["null"]);
}

#[test]
fn duplicate_id_and_repeated_row() {
    let rows =
        "e1,001,M,2024-05-01,2024-05-02\ne1,001,M,2024-05-01,2024-05-02\ne2,002,M,2024-05-01,\ne2,002,M,2024-05-03,\n";
    let project = Project::new().missing("", rows);
    assert_eq!(
        project.says(),
        "\
missing_episodes.csv: D01 exact repeat of another row: 1 dropped (row 3)
missing_episodes.csv: D02 same identifier as another row, with other content in `episode_id`: 2 quarantined (rows 4 and 5)"
    );
    let totals = project.read().unwrap().ledger.totals["police-missing_episodes"];
    assert_eq!(totals, Totals { rows_in: 4, kept: 1, quarantined: 2, dropped: 1 });
}

#[test]
fn unlinked_child() {
    let project = Project::new().missing("", "e1,0001,M,2024-05-01,2024-05-02\n");
    assert_eq!(
        project.says(),
        "missing_episodes.csv: K02 child not among the children supplied in `child_id`: 1 kept (row 2)"
    );
}

#[test]
fn empty_file() {
    let project = Project::new().with("police", "native", "", "missing_episodes.csv", b"");
    assert_eq!(
        project.says(),
        "\
missing_episodes.csv: is empty: it has no header
hint: ask the sender for the file again"
    );
    let header_alone = Project::new().missing("", "").read().unwrap();
    assert!(header_alone.supplied.contains(&Table::MissingEpisodes));
    assert_eq!(header_alone.tables[&Table::MissingEpisodes].height(), 0);
}

fn parquet(path: &Path) -> Vec<u8> {
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("episode_id".into(), ["e1", "e2"]),
        Column::new("child_id".into(), ["001", "002"]),
        Column::new("kind".into(), ["M", "A"]),
        Column::new("started_at".into(), [19_844, 19_845]).cast(&DataType::Date).unwrap(),
        Column::new("ended_at".into(), [Some(1_714_600_000_000_i64), None])
            .cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
            .unwrap(),
    ])
    .unwrap();
    ParquetWriter::new(fs::File::create(path).unwrap()).finish(&mut frame).unwrap();
    fs::read(path).unwrap()
}

#[test]
fn parquet_is_read_as_typed_and_refused_where_cut_short() {
    let scratch = tempfile::tempdir().unwrap();
    let whole = parquet(&scratch.path().join("whole.parquet"));
    let read = |bytes: &[u8]| Project::new().with("police", "native", "", "missing_episodes.parquet", bytes);
    let staged = read(&whole).read().unwrap();
    assert_eq!(column(&staged, Table::MissingEpisodes, "started_on"), ["2024-05-01", "2024-05-02"]);
    // 21:46 in British summer time.
    assert_eq!(column(&staged, Table::MissingEpisodes, "ended_at"), ["2024-05-01 20:46:40", "null"]);
    assert_eq!(
        read(&whole[..whole.len() / 2]).says(),
        "\
missing_episodes.parquet: is not a whole Parquet file
hint: it was probably cut short on its way: copy or export it again"
    );
}

#[test]
fn a_level_or_a_reason_that_nobody_explained_is_told_and_is_not_taken_for_a_known_one() {
    let assessments = b"assessment_id,child_id,kind,completed_on,level\n\
        a1,001,exploitation,2024-05-01,1 Low\na2,002,exploitation,2024-05-01,No apparent risk\na3,003,exploitation,2024-05-01,HIGH\n";
    let interviews = "episode_id,held_on,reasons\n\
        e1,2024-05-01,peers; Boundaries\ne2,2024-05-01,\"exploitation, peer influence\"\ne3,2024-05-01,not disclosed\n";
    let project = Project::new().with("council", "native", "", "risk_assessments.csv", assessments).with(
        "council",
        "native",
        "",
        "return_interviews.csv",
        interviews.as_bytes(),
    );
    let staged = project.read().unwrap();
    assert_eq!(column(&staged, Table::RiskAssessments, "level"), ["null", "\"none\"", "\"high\""]);
    let reasons = ["\"boundaries;other\"", "\"exploitation;peer_influence\"", "null"];
    assert_eq!(column(&staged, Table::ReturnInterviews, "reasons"), reasons);
    let says = project.says();
    assert!(says.contains("risk_assessments.csv: C01 unknown code in `level`: 1 kept (row 2)"), "{says}");
    assert!(says.contains("return_interviews.csv: C01 unknown code in `reasons`: 1 kept (row 2)"), "{says}");
    let more =
        "codes = { reasons = { Peers = \"peer_influence\", \"Home, not safe\" = \"family_conflict; exploitation\" } }";
    let theirs = b"episode_id,held_on,reasons\ne1,2024-05-01,peers; boundaries\ne2,2024-05-01,\"Home, not safe\"\n";
    let explained = Project::new().with("council", "native", more, "return_interviews.csv", theirs);
    assert_eq!(explained.says(), "");
    let reasons = ["\"boundaries;peer_influence\"", "\"exploitation;family_conflict\""];
    assert_eq!(column(&explained.read().unwrap(), Table::ReturnInterviews, "reasons"), reasons);
    let explained = Project::new().with(
        "council",
        "native",
        "codes = { level = { \"1 Low\" = \"low\" } }",
        "risk_assessments.csv",
        assessments,
    );
    assert_eq!(
        column(&explained.read().unwrap(), Table::RiskAssessments, "level"),
        ["\"low\"", "\"none\"", "\"high\""]
    );
}

#[test]
fn rows_whose_code_the_settings_turn_into_nothing_are_left_out_and_counted_as_such() {
    let rows =
        "e1,001,Missing,2024-05-01T22:15,2024-05-02\ne2,002,No apparent risk,2024-05-03,\ne3,003,Hunch,2024-05-03,\n";
    let project = Project::new().missing("codes = { kind = { \"No apparent risk\" = \"\" } }", rows);
    assert_eq!(
        project.says(),
        "\
missing_episodes.csv: C01 unknown code in `kind`: 1 quarantined (row 4)
missing_episodes.csv: C04 left out, as `codes` say: its code stands for nothing that is counted in `kind`: 1 dropped (row 3)"
    );
    let staged = project.read().unwrap();
    let police = staged.ledger.totals.iter().find(|(source, _)| source.contains("missing")).unwrap().1;
    assert_eq!((police.rows_in, police.kept, police.dropped, police.quarantined), (3, 1, 1, 1));
}

#[test]
fn links_of_an_agency_that_sends_nothing_are_told() {
    let links = b"agency,agency_child_id,child_id\nWestmarch Constabulary,P-9,001\n";
    let project = Project::new()
        .with("partnership", "native", "", "crosswalk.csv", links)
        .missing("", "e1,P-9,Missing,2024-05-01T22:15,2024-05-02\n");
    let says = project.says();
    assert!(says.contains("crosswalk.csv: K04 agency that no source is of in `agency`: 1 kept (row 2)"), "{says}");
}

#[test]
fn unknown_code() {
    let signals = b"signal_id,child_id,kind,theme,raised_on\ns1,001,hunch,cse,2024-05-01\ns2,002,Police-Notification,county lines,2024-05-01\ns3,003,nrm,CCE,2024-05-01\n";
    let project = Project::new().with("police", "native", "", "risk_signals.csv", signals);
    assert_eq!(
        project.says(),
        "\
risk_signals.csv: C01 unknown code in `kind`: 1 quarantined (row 2)
risk_signals.csv: C01 unknown code in `theme`: 1 kept (row 3)"
    );
    assert_eq!(column(&project.read().unwrap(), Table::RiskSignals, "theme"), ["null", "\"cce\""]);
}

#[test]
fn ragged_rows_and_empty_values() {
    let rows = "e1,001,M,2024-05-01\ne2,,M,2024-05-01,\ne3,003,M,2024-05-01,,x\ne4,003,M,2024-05-01,\n";
    assert_eq!(
        Project::new().missing("", rows).says(),
        "\
missing_episodes.csv: N01 required value empty in `child_id`: 1 quarantined (row 3)
missing_episodes.csv: R01 more or fewer cells than the header: 2 quarantined (rows 2 and 4)"
    );
}

#[test]
fn no_file_and_unknown_table_and_address_are_all_named_at_once() {
    let mut project = Project::new().with("police", "native", "", "stuff.csv", b"a,b\n1,2\n");
    project
        .sources
        .push_str("[[source]]\nname = \"health\"\nagency = \"health\"\nformat = \"native\"\npath = \"health/*.csv\"\n");
    let says = project.says();
    assert!(says.contains("health/*.csv: source `health`: no file matches the path"), "{says}");
    assert!(says.contains("stuff.csv: neither the file's name nor its columns say which table it is"), "{says}");
}

#[cfg(unix)]
#[test]
fn unreadable_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut project = Project::new();
    let closed = project.folder.path().join("police");
    fs::create_dir(&closed).unwrap();
    fs::write(closed.join("missing_episodes.csv"), "x").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    project
        .sources
        .push_str("[[source]]\nname = \"police\"\nagency = \"police\"\nformat = \"native\"\npath = \"police/*.csv\"\n");
    let may_read_anything = fs::read_dir(&closed).is_ok();
    let says = project.says();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if !may_read_anything {
        assert_eq!(says, "police: cannot be read: permission denied\nhint: check that you may open the folder");
    }
}

#[test]
fn the_order_of_rows_and_files_changes_no_hash() {
    let one = Project::new().missing("", "e1,001,M,2024-05-01,\ne2,002,M,2024-05-02,\n").read().unwrap();
    let other = Project::new().missing("", "e2,002,M,2024-05-02,\ne1,001,M,2024-05-01,\n").read().unwrap();
    let changed = Project::new().missing("", "e2,002,M,2024-05-02,\ne1,001,M,2024-05-03,\n").read().unwrap();
    assert_eq!(one.inputs, other.inputs);
    assert_ne!(one.inputs, changed.inputs);
}

#[test]
fn late_is_counted_from_the_first_period_not_covered() {
    // April's data was due on 10 May; the extract runs to 30 April only, May's was due on 10 June.
    let mut project = Project::new();
    project.sources =
        project.sources.replace("data_to = 2024-06-30", "data_to = 2024-04-30\ncadence = \"monthly\"\ndue_day = 10");
    let staged = project.read().unwrap();
    let source = &staged.sources[0];
    assert_eq!((source.due_on.unwrap().to_string(), source.late_by_days), ("2024-06-10".to_owned(), Some(20)));
}

#[test]
fn semicolons_and_tabs_separate_where_the_header_has_no_comma() {
    for separator in [';', '\t'] {
        let text = "episode_id,child_id,kind,started_at,ended_at,reason\ne1,001,M,2024-05-01,2024-05-02,";
        let text = format!("{}late, then found\n", text.replace(',', &separator.to_string()));
        let project = Project::new().with("police", "native", "", "missing_episodes.csv", text.as_bytes());
        let staged = project.read().unwrap();
        assert_eq!(column(&staged, Table::MissingEpisodes, "started_on"), ["2024-05-01"], "{separator:?}");
        assert_eq!(staged.ledger.totals["police-missing_episodes"].quarantined, 0);
    }
}

#[test]
fn a_workbook_is_called_a_workbook_once() {
    let project = Project::new().with("police", "native", "", "missing_episodes.csv", b"PK\x03\x04\x14\x00\xff\xfe");
    assert_eq!(
        project.says(),
        "missing_episodes.csv: is a workbook, not CSV\nhint: open it in a spreadsheet, and save the sheet as CSV (UTF-8)"
    );
}

#[test]
fn what_the_settings_say_of_columns_and_codes_is_held_against_the_contract() {
    let more = "columns = { recorded = \"Logged\", officer = \"Name\" }\ncodes = { kind = { \"High\" = \"misper\", \"Low\" = \"away\" }, started_at = { \"x\" = \"y\" }, knid = {} }";
    insta::assert_snapshot!(Project::new().missing(more, "e1,001,M,2024-05-01,2024-05-02\n").says());
    let person = "pers_person_id,pers_dob,pers_sex\n001,2010-05-02,F\n";
    let more = "columns = { pers_gender = \"Sex\" }\ncodes = { pers_sex = { \"Girl\" = \"woman\" } }";
    let project = Project::new().with("council", "ssd", more, "ssd_person.csv", person.as_bytes());
    insta::assert_snapshot!(project.says());
}

#[test]
fn a_source_of_which_no_row_is_kept_is_a_fault_and_what_rules_leave_out_is_not() {
    let project = Project::new().missing("", "e1,001,Q,2024-05-01,\ne2,002,Z,2024-05-02,\n");
    insta::assert_snapshot!(project.says());
}

#[test]
fn rows_after_the_cut_date_of_their_source_are_counted_and_said() {
    let mut project = Project::new().missing("", "e1,001,M,2024-05-01,2024-05-02\ne2,002,M,2024-06-02,2024-06-03\n");
    project.sources = project
        .sources
        .replace("missing_episodes.csv\"\ndata_to = 2024-06-30", "missing_episodes.csv\"\ndata_to = 2024-05-31");
    assert_eq!(
        project.says(),
        "missing_episodes.csv: T06 starts after the cut date of its source in `started_at`: 1 kept (row 3)"
    );
}

#[test]
fn a_code_that_settings_turn_into_nothing_is_not_known_where_the_column_may_be_empty() {
    let text =
        "signal_id,child_id,kind,theme,raised_on\ns1,001,contact,MASH,2024-05-01\ns2,002,contact,cse,2024-05-02\n";
    let more = "codes = { theme = { MASH = \"\" } }";
    let project = Project::new().with("council", "native", more, "risk_signals.csv", text.as_bytes());
    assert_eq!(project.says(), "");
    assert_eq!(column(&project.read().unwrap(), Table::RiskSignals, "theme"), ["null", "\"cse\""]);
}
