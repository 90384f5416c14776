//! One simulated authority (5,000 known children, 6 years): reading every input column, and the whole way to a release.
//!
//! `cargo bench` prints both; their ratio is the budget's "ingest to observations ÷ merely reading".

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use polars::prelude::*;
use sightline::build;
use sightline::config::Key;
use sightline::simulate::{Format, Options, simulate};

fn authority(folder: &Path) {
    let options = Options {
        children: 263_000,
        known: Some(5_000),
        months: 72,
        seed: 7,
        format: Format::Parquet,
        ..Options::default()
    };
    simulate(&options, folder, &mut |_, _| {}).expect("the simulator writes into an empty folder");
}

fn parquet_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(next).expect("the folder was written").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "parquet") {
                files.push(path);
            }
        }
    }
    files
}

fn pipeline(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    authority(folder.path());
    let as_at = "2026-10-31".parse().expect("a date");
    let key = Key::from_bytes([7; 32]);
    let files = parquet_files(&folder.path().join("extracts"));
    let mut group = criterion.benchmark_group("authority");
    group.sample_size(10);
    group.bench_function("read every input column", |bench| {
        bench.iter(|| {
            for file in &files {
                let open = std::fs::File::open(file).expect("the file was written");
                ParquetReader::new(open).finish().expect("the file reads back");
            }
        });
    });
    group.bench_function("ingest", |bench| {
        bench.iter(|| build::check(folder.path(), Some(&key), Some(as_at), as_at).expect("the sample is sound"));
    });
    group.bench_function("extracts to release", |bench| {
        bench.iter(|| {
            let releases = tempfile::tempdir().expect("a temporary folder");
            let checked = build::check(folder.path(), Some(&key), Some(as_at), as_at).expect("the sample is sound");
            build::build(checked, releases.path()).expect("the release is written")
        });
    });
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
