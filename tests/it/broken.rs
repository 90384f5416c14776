//! Broken queries and pages, and what we say of them. Broken extracts are tested beside ingest.

use sightline::build::BuildError;

use super::project::Project;

fn project() -> Project {
    Project::as_at("2026-03-31").native(
        "council",
        "missing_episodes",
        &["episode_id,child_id,kind,started_at,ended_at", "1,a,M,2026-01-01,2026-01-03"],
    )
}

fn query(sql: &str) -> String {
    let header = "/*\nid = \"mine\"\ntitle = \"t\"\nquestion = \"q\"\ntheme = \"missing\"\nkind = \"outcome\"\nbetter = \"lower\"\nshape = \"proportion\"\nunit = \"proportion\"\nsentence = \"s\"\ndefinition = \"d\"\nnumerator = \"n\"\ndenominator = \"d\"\nask = \"a\"\ncannot_tell = \"c\"\nsource = \"s\"\nowner = \"o\"\nreviewed_on = 2026-01-01\nneeds = [\"missing_spells\"]\nhorizon_days = 0\n*/\n";
    format!("{header}{sql}\n")
}

#[test]
fn sql_that_is_not_one_select_over_marts_is_refused() {
    for (sql, says) in [
        ("SELEC child_id FROM missing_spells", "does not parse"),
        ("SELECT 1; SELECT 2", "exactly one SELECT"),
        ("SELECT * FROM read_csv('/any/file')", "no function may stand in their place"),
        ("SELECT * FROM diaries", "`diaries` is no mart"),
    ] {
        let said = project().file("queries/mine.sql", &query(sql)).said();
        assert!(said.starts_with("query `queries/mine.sql`"), "{said}");
        assert!(said.contains(says), "{said}");
        assert!(said.contains("\nhint: "), "{said}");
    }
}

#[test]
fn sql_that_cannot_run_is_told_with_its_line_and_the_columns_there_are() {
    let unknown = "SELECT child_id, -- nobody knows\n       nobody AS event_on,\n       1 AS numerator, 1 AS denominator\nFROM missing_spells";
    let through_a_step = "WITH a AS (SELECT child_id, started_on FROM missing_spells)\nSELECT child_id, started_on AS event_on, 1 AS numerator,\n       CASE WHEN end_kind = 'returned' THEN 1 ELSE 0 END AS denominator\nFROM a";
    let no_denominator = "SELECT child_id, started_on AS event_on, 1 AS numerator FROM missing_spells";
    let words = "SELECT child_id, started_on AS event_on, end_kind AS numerator, 1 AS denominator FROM missing_spells";
    let broken =
        "SELECT child_id, started_on AS event_on,\n       1 AS numerator,, 1 AS denominator\nFROM missing_spells";
    let said: Vec<String> = [unknown, through_a_step, no_denominator, words, broken]
        .map(|sql| match project().file("queries/mine.sql", &query(sql)).check() {
            Err(BuildError::Input(faults)) => {
                faults.iter().map(|fault| format!("{:?} {}\n", fault.rows, fault.says)).collect()
            }
            Err(other) => other.to_string(),
            Ok(_) => "checked".into(),
        })
        .into();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_share_of_more_than_all_is_refused() {
    // The analyst's first query counted days, not children: THEN 2.
    let sql = "SELECT child_id, started_on AS event_on,\nCASE WHEN end_kind = 'returned' THEN 2 ELSE 0 END AS numerator,\n1 AS denominator\nFROM missing_spells";
    insta::assert_snapshot!(project().file("queries/mine.sql", &query(sql)).said());
}

#[test]
fn what_only_the_rows_of_the_extracts_show_is_told_by_check_beside_all_else() {
    let doubled = "SELECT child_id, started_on AS event_on, 2 AS numerator, 1 AS denominator FROM missing_spells";
    let parted =
        "SELECT child_id, started_on AS event_on, 1 AS numerator, 1 AS denominator, 'late' AS part FROM missing_spells";
    let page = "+++\ntitle = \"Mine\"\ntheme = \"missing\"\norder = 90\nquestion = \"Mine?\"\n+++\n\n```kpis\nmeasures = [\"missing_agian\"]\n```\n";
    let project = project()
        .file("queries/mine.sql", &query(doubled))
        .file("queries/parts.sql", &query(parted).replace("\"mine\"", "\"parts\""))
        .file("dashboards/mine.md", page);
    let Err(BuildError::Input(faults)) = project.check() else { panic!("checked") };
    let said: String = faults.iter().map(|fault| format!("{}\n", fault.says)).collect();
    assert_eq!(said, project.said(), "`build` refuses what `check` does");
    insta::assert_snapshot!(said);
}

#[test]
fn every_fault_of_extracts_and_queries_is_told_at_once() {
    let said = project()
        .native("police", "risk_signals", &["signal_id,child_id", "1,a"])
        .file("queries/mine.sql", &query("SELECT 1; SELECT 2"))
        .said();
    assert!(said.contains("queries/mine.sql"), "{said}");
    assert!(said.contains("raised_on"), "{said}");
}

/// One project with every broken input of the field at once: each is told or set aside, none hides another.
fn twenty() -> Project {
    let header = "episode_id,child_id,kind,started_at,ended_at";
    let declared = "date_format = \"DD/MM/YYYY\"";
    Project::as_at("2026-03-31")
        .native("council", "children", &["child_id,birth_month", "a,2012-01", "b,2012-01"])
        .native("north", "missing_episodes", &["episode_id,nominal,kind,started_at,ended_at", "1,a,M,2026-01-01,"]) // wrong column
        .extract(
            "south",
            "missing_episodes",
            format!("{header}\n1,a,M,01/13/2026,\n2,a,M,01/14/2026,\n").as_bytes(),
            declared,
        ) // wrong order
        .extract("east", "missing_episodes", format!("{header}\n1,a,M,03/04/2026,04/04/2026\n").as_bytes(), "") // ambiguous
        .extract(
            "west",
            "missing_episodes",
            b"episode_id,child_id,kind,started_at,ended_at\n1,a,M\xff,2026-01-01,\n",
            "",
        ) // encoding
        .extract("fire", "missing_episodes", b"", "") // empty file
        .extract_as("coast", "missing_episodes", "parquet", b"PAR1 cut short") // truncated Parquet
        .file("queries/bad_sql.sql", &query("SELEC child_id FROM missing_spells"))
        .file("queries/two.sql", &query("SELECT 1; SELECT 2"))
        .file("queries/reads_files.sql", &query("SELECT * FROM read_csv('/any/file')"))
        .file("queries/no_mart.sql", &query("SELECT * FROM diaries"))
        .file("queries/unknown_key.sql", &query("SELECT 1").replace("owner =", "owned_by ="))
        .file(
            "dashboards/mine.md",
            "+++\ntitle = \"Mine\"\ntheme = \"missing\"\norder = 90\nquestion = \"Mine?\"\n+++\n\n```kpis\nmeasures = [\"missing_agian\", \"two\"]\n```\n",
        ) // no such measure; `two` is told of already
        .source("nowhere", "absent/*.csv")
}

#[test]
fn inputs_that_stop_a_build_are_all_told_at_once() {
    insta::assert_snapshot!(twenty().said());
}

#[test]
fn rows_that_break_a_rule_are_set_aside_and_every_row_is_accounted_for() {
    let rows = [
        "\u{feff}episode_id,child_id,kind,started_at,ended_at", // a byte order mark
        "1,a,M,2026-01-01,2026-01-03",
        "2,a,M,2026-01-09,2026-01-08", // reversed
        "3,a,M,2026-01-02,2026-01-05", // overlap
        "4,a,M,2027-01-01,",           // future
        "5,a,M,2026-02-01,2026-02-02", // one identifier, two rows
        "5,b,M,2026-02-01,2026-02-02",
        "6,z,M,2026-02-10,2026-02-11", // not linked
        "7,b,Q,2026-02-12,2026-02-13", // unknown code
        "8,b,M,2026-02-12",            // ragged
        "9,b,M,2026-02-20,2026-02-21",
    ];
    let links = ["agency,agency_child_id,child_id", "police,a,a", "police,b,b"];
    let built = Project::as_at("2026-03-31")
        .native("council", "children", &["child_id,birth_month", "a,2012-01", "b,2012-01"])
        .native("council", "crosswalk", &links)
        .native("police", "missing_episodes", &rows)
        .build()
        .unwrap();
    let police = built.sources.iter().find(|source| source.agency == "police").unwrap();
    let counts = [police.rows_in, police.kept, police.quarantined, police.dropped].map(Option::unwrap);
    assert_eq!(counts, [10, 4, 6, 0]);
    let findings: Vec<String> = police
        .findings
        .iter()
        .map(|found| format!("{} {}: {} {}", found.rule, found.says, found.rows.unwrap(), found.outcome))
        .collect();
    insta::assert_snapshot!(findings.join("\n"));
}

#[test]
fn settings_that_cannot_be_read_hide_no_query_and_no_page() {
    let said = project()
        .setting("[[target]]\nmeasure = \"missing_agian\"\nvalue = 0.2\nby = 2026-12-31\nowner_role = \"Director\"")
        .setting("[[event]]\nevery = \"month\"\non = \"soon\"\ntitle = \"t\"")
        .setting("[disclosures]\npolicy = \"strict\"")
        .file("queries/mine.sql", &query("SELECT 1; SELECT 2").replace("ask = \"a\"\n", ""))
        .file("dashboards/mine.md", "no front matter\n")
        .file("commentary/2026-03/first.md", "+++\npage = \"first\"\nauthor_role = \"a\"\nstatus = \"aproved\"\n+++\n\nA [link](measure:missing_agian).\n")
        .said();
    insta::assert_snapshot!(said);
}

#[test]
fn a_target_of_no_measure_is_refused() {
    let said = project()
        .setting("[[target]]\nmeasure = \"missing_agian\"\nvalue = 0.2\nby = 2026-12-31\nowner_role = \"Director\"")
        .said();
    assert!(
        said.contains("a `[[target]]` names no measure `missing_agian`\nhint: did you mean `missing_again`?"),
        "{said}"
    );
}

#[test]
fn a_key_that_cannot_be_used_hides_no_fault_of_the_extracts() {
    let project = project().native("police", "risk_signals", &["signal_id,child_id", "1,a"]);
    project.settle();
    let settings = project.path().join("partnership.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("pseudonym_key_file = \"pseudonym.key\"\n{text}")).unwrap();
    let checked = sightline::build::check(project.path(), None, None, "2026-12-31".parse().unwrap());
    let Err(BuildError::Input(faults)) = checked else { panic!("checked") };
    let said: String = faults.iter().map(|fault| format!("{}\n", fault.says)).collect();
    assert!(said.contains("lies inside the project folder"), "{said}");
    assert!(said.contains("column `raised_on` is missing"), "{said}");
}
