//! The same rows give the same bytes: whatever the order of rows, on one thread or many.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::process::Command;

use sightline::simulate::{Options, simulate};

/// Every file of the releases with its bytes, by path.
fn released(project: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![project.join("releases")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(project).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Puts the rows of every CSV extract in another order, the header apart.
fn shuffle(project: &Path, seed: u64) {
    let mut folders = vec![project.join("extracts")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let header = lines.remove(0);
            lines.sort_by_cached_key(|line| {
                let mut hasher = DefaultHasher::new();
                (seed, line).hash(&mut hasher);
                hasher.finish()
            });
            lines.insert(0, header);
            std::fs::write(&path, lines.concat()).unwrap();
        }
    }
}

/// Builds with the command itself, which makes its threads anew.
fn build(project: &Path, keys: &Path, threads: &str) {
    let done = Command::new(env!("CARGO_BIN_EXE_sightline"))
        .args(["build", "-C"])
        .arg(project)
        .env("XDG_DATA_HOME", keys)
        .env("RAYON_NUM_THREADS", threads)
        .env("POLARS_MAX_THREADS", threads)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn neither_row_order_nor_threads_show_in_a_release() {
    let keys = tempfile::tempdir().unwrap();
    let options = Options { children: 4_000, months: 14, seed: 5, ..Options::default() };
    let builds = [(None, "1"), (Some(1), "8"), (Some(2), "3")].map(|(order, threads)| {
        let project = tempfile::tempdir().unwrap();
        simulate(&options, project.path(), &mut |_, _| {}).unwrap();
        if let Some(seed) = order {
            shuffle(project.path(), seed);
        }
        build(project.path(), keys.path(), threads);
        released(project.path())
    });
    let [first, others @ ..] = &builds;
    assert!(first.keys().any(|name| name.ends_with("board/figures.csv")), "{:?}", first.keys());
    for other in others {
        assert_eq!(first.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        let differ: Vec<&String> = first.keys().filter(|name| first.get(*name) != other.get(*name)).collect();
        assert!(differ.is_empty(), "{differ:?}");
    }
}
