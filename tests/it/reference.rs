//! What is generated and committed is fresh, and describes what is shipped.

use std::path::Path;

use serde_json::Value;

fn files() -> Vec<(String, String)> {
    let (files, problems) = sightline::reference::files(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert_eq!(problems, []);
    files
}

fn schema(path: &str) -> Value {
    serde_json::from_str(&files().iter().find(|(at, _)| at == path).unwrap().1).unwrap()
}

/// Keys that a table has and the schema does not know.
fn unknown(schema: &Value, table: &toml::Table) -> Vec<String> {
    table.keys().filter(|key| schema["properties"].get(key.as_str()).is_none()).cloned().collect()
}

#[test]
fn generated_files_are_fresh() {
    for (path, text) in files() {
        let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap_or_default();
        assert!(kept == text, "{path} is not fresh: run `cargo run -- reference` and commit it");
    }
}

#[test]
fn the_schemas_know_every_key_that_is_shipped_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let partnership = schema("data-samples/partnership.schema.json");
    let sample = std::fs::read_to_string(root.join("data-samples/partnership.toml")).unwrap();
    let sample: toml::Table = sample.parse().unwrap();
    assert_eq!(unknown(&partnership, &sample), Vec::<String>::new());
    assert_eq!(partnership["additionalProperties"], false);
    let measure = schema("queries/schema.json");
    assert_eq!(measure["additionalProperties"], false);
    let mut queries = 0;
    for file in std::fs::read_dir(root.join("queries")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "sql") {
            let text = std::fs::read_to_string(&file).unwrap();
            let header = text.split_once("/*").unwrap().1.split_once("*/").unwrap().0;
            assert_eq!(unknown(&measure, &header.parse().unwrap()), Vec::<String>::new(), "{}", file.display());
            for required in measure["required"].as_array().unwrap() {
                assert!(header.contains(&format!("\n{} =", required.as_str().unwrap())), "{}", file.display());
            }
            queries += 1;
        }
    }
    assert!(queries > 30, "{queries}");
    let pages = schema("dashboards/schema.json");
    for file in std::fs::read_dir(root.join("dashboards")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "md") {
            let text = std::fs::read_to_string(&file).unwrap();
            let front = text.split("+++").nth(1).unwrap();
            assert_eq!(unknown(&pages["$defs"]["page"], &front.parse().unwrap()), Vec::<String>::new());
            for block in text.split("```").skip(1).step_by(2) {
                let (kind, inside) = block.split_once('\n').unwrap();
                let known = &pages["$defs"][kind.trim()];
                assert_eq!(
                    unknown(known, &inside.parse().unwrap()),
                    Vec::<String>::new(),
                    "{}: {kind}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn the_reference_of_tables_names_every_column_with_what_it_allows() {
    let files = files();
    let (_, tables) = files.iter().find(|(at, _)| at == "docs/tables.md").unwrap();
    let rows: Vec<&str> = tables.split("### `missing_episodes`").nth(1).unwrap().lines().collect();
    assert!(
        rows.iter().any(|row| row.starts_with("| `kind` | code | column and value | `M`, `A`; also `missing` (M)"))
    );
    for table in sightline::ingest::tables(sightline::config::Format::Native) {
        assert!(tables.contains(&format!("### `{table}`")), "{table}");
    }
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    assert!(readme.contains("docs/tables.md"));
}

#[test]
fn the_reference_says_how_cells_dates_and_ages_are_read() {
    let files = files();
    let (_, tables) = files.iter().find(|(at, _)| at == "docs/tables.md").unwrap();
    for said in ["by semicolons or tabs", "HH:MM or HH:MM:SS", "that of London", "18, from the first day of that month"]
    {
        assert!(tables.contains(said), "{said}");
    }
}

#[test]
fn the_reference_of_measures_ends_with_the_marts_and_their_columns() {
    let files = files();
    let (_, measures) = files.iter().find(|(at, _)| at == "queries/README.md").unwrap();
    let marts = measures.split("## Marts").nth(1).unwrap();
    for mart in sightline::marts::MARTS {
        let own = marts.split(&format!("### `{}`\n", mart.name)).nth(1).unwrap().split("###").next().unwrap();
        assert!(own.starts_with("\nOne row: ") && own.contains("\n- `"), "{}", mart.name);
        assert!(!mart.rows.is_empty(), "{}", mart.name);
    }
    let spells = marts.split("### `missing_spells`").nth(1).unwrap();
    assert!(spells.contains("- `end_kind`: word") && spells.contains("`end_kind` is returned, open"), "{spells}");
}

#[test]
fn whoever_adds_a_measure_or_a_page_is_told_what_its_parts_and_blocks_hold() {
    let told = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    let pages = schema("dashboards/schema.json");
    for (block, schema) in pages["$defs"].as_object().unwrap().iter().filter(|(name, _)| *name != "commentary-file") {
        assert!(told.contains(&format!("`{block}`")) || block == "page", "{block}");
        let keys = schema["properties"].as_object().unwrap().keys();
        keys.for_each(|key| assert!(told.contains(&format!("`{key}")) || block == "page", "{block}: {key}"));
    }
    for part in ["`s10`", "`n10`", "`median`", "`p90`", "`rmst45`", "`m90`", "`n90`"] {
        assert!(told.contains(part), "{part}");
    }
}

#[test]
fn a_new_measure_names_no_file_that_is_not_written() {
    let template = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/templates/measure.sql"));
    let written: Vec<String> = files().into_iter().map(|(at, _)| at).collect();
    for word in template.unwrap().split(|c: char| c.is_whitespace() || c == ';' || c == ',') {
        if word.ends_with(".json") || word.ends_with(".md") {
            assert!(written.iter().any(|at| at == word), "{word}");
        }
    }
}

#[test]
fn what_says_how_a_header_is_written_is_written_though_one_cannot_be_read() {
    let project = tempfile::tempdir().unwrap();
    std::fs::create_dir(project.path().join("queries")).unwrap();
    std::fs::write(project.path().join("queries/mine.sql"), "SELECT 1").unwrap();
    let (files, problems) = sightline::reference::files(project.path());
    assert_eq!(problems.len(), 1);
    assert!(files.iter().any(|(at, _)| at == "queries/schema.json") && files.iter().any(|(at, _)| at == "tables.md"));
}
