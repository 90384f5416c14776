//! Broken queries and pages, and what we say of them. Broken extracts are tested beside ingest.

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
        assert!(said.starts_with("query `queries/mine.sql`: "), "{said}");
        assert!(said.contains(says), "{said}");
        assert!(said.contains("\nhint: "), "{said}");
    }
}

#[test]
fn a_query_that_names_no_such_column_is_told_by_its_name() {
    let said =
        project().file("queries/mine.sql", &query("SELECT child_id, nobody AS event_on FROM missing_spells")).said();
    assert!(said.contains("measure `mine`"), "{said}");
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
