//! A whole partnership built, served, exported, packed and made to fail; then everything it said or wrote is swept for what
//! must never leave: a child's or worker's identifier, a child's date finer than a month, a small count, the pseudonym's
//! key, a folder of the machine.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use sightline::domain::Unit;
use sightline::release::{Board, Report, open_board};
use sightline::simulate::{Options, simulate};
use sightline::web::{Inputs, ReleaseListing, site};

/// Extracts about plans, areas and totals: their dates and numbers are not a child's.
const NOT_ABOUT_CHILDREN: [&str; 7] = [
    "actions.csv",
    "action_history.csv",
    "population.csv",
    "service_totals.csv",
    "workforce.csv",
    "ed_screening.csv",
    "oversight_audit.csv",
];

/// What a row of the police's missing episodes holds here and nowhere else, each part of it wrong.
const BROKEN_ROWS: &str = "canaryepisode1,canarychild1,canarykind,2026-02-31 canarytime,,canarylevel,\n\
                           canaryepisode2,canarychild2,M,31/12/2025,canaryend,high,canaryrecorded\n";

/// The simulator's as-at date.
const AS_AT: &str = "2026-10-31";

/// Everything said or written, by where it stood.
type Said = Vec<(String, String)>;

struct Told {
    /// Runs of letters and digits that identify a child, a row of one or a worker.
    identifiers: BTreeSet<String>,
    /// Days on which something happened to a child.
    days: BTreeSet<String>,
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|run| !run.is_empty())
}

/// Whether a cell is written as identifiers are: with at least six digits in a row.
fn is_identifier(cell: &str) -> bool {
    cell.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() >= 6)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2026-02-03` or `3 February 2026`, wherever in a text, as the first.
fn days(text: &str) -> BTreeSet<String> {
    let written = MONTHS.iter().zip(1..).flat_map(|(month, number)| {
        let whole = format!(" {month} ");
        let found = text.match_indices(&whole).filter_map(|(at, _)| {
            let digits = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
            let day: u32 = text[at - digits..at].parse().ok()?;
            let year = text.get(at + whole.len()..at + whole.len() + 4)?;
            year.parse::<u32>().is_ok().then(|| format!("{year}-{number:02}-{day:02}"))
        });
        found.collect::<Vec<_>>()
    });
    written.chain(iso_days(text).into_iter().map(str::to_owned)).collect()
}

fn iso_days(text: &str) -> BTreeSet<&str> {
    let is_day = |at: usize| {
        let day = text.get(at..at + 10)?;
        let shaped = day.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        shaped.then_some(day)
    };
    text.match_indices('-').filter_map(|(at, _)| is_day(at.checked_sub(4)?)).collect()
}

/// What the extracts hold of children and workers. Dates written in another order are read as they are in the extract's.
fn told(project: &Path) -> Told {
    let mut told = Told { identifiers: BTreeSet::new(), days: BTreeSet::new() };
    for path in files(&project.join("extracts")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if NOT_ABOUT_CHILDREN.contains(&name) {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for cell in text.lines().skip(1).flat_map(|line| line.split(',')) {
            let date = cell.get(..10).and_then(|day| match day.as_bytes() {
                [_, _, b'/', _, _, b'/', ..] => Some(format!("{}-{}-{}", &day[6..], &day[3..5], &day[..2])),
                [_, _, _, _, b'-', _, _, b'-', ..] => Some(day.to_owned()),
                _ => None,
            });
            match date {
                // The end of a month says no more than the month; later than the as-at date nothing happened.
                Some(date) if date.as_str() <= AS_AT && !ends_month(&date) => _ = told.days.insert(date),
                None if is_identifier(cell) => {
                    told.identifiers.extend(runs(cell).filter(|run| is_identifier(run)).map(str::to_owned));
                }
                Some(_) | None => {}
            }
        }
    }
    told
}

fn ends_month(day: &str) -> bool {
    let next = day.parse().ok().and_then(|day: chrono::NaiveDate| day.succ_opt());
    next.is_some_and(|next| next.format("%d").to_string() == "01")
}

struct World {
    home: tempfile::TempDir,
    said: Said,
}

impl World {
    fn project(&self) -> std::path::PathBuf {
        self.home.path().join("canaryfolder")
    }

    /// Runs the command in the project's folder and keeps what it says, whether or not it succeeds.
    fn run(&mut self, arguments: &[&str]) -> bool {
        let done = Command::new(env!("CARGO_BIN_EXE_sightline"))
            .args(arguments)
            .current_dir(self.project())
            .env("XDG_DATA_HOME", self.home.path().join("keys"))
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        self.said.push((arguments.join(" "), said));
        done.status.success()
    }

    fn keep(&mut self, folder: &str) {
        for path in files(&self.project().join(folder)) {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(self.project()).unwrap().display().to_string();
            // The bytes of a workbook are compressed; those of a PDF are full of numbers that mean places in it.
            let text = match path.extension().and_then(|extension| extension.to_str()) {
                Some("xlsx") => Some(in_workbook(&bytes)),
                Some("pdf") => in_pdf(&path),
                _ => Some(String::from_utf8_lossy(&bytes).into_owned()),
            };
            self.said.extend(text.map(|text| (name, text)));
        }
    }
}

/// Every part of a workbook, uncompressed.
fn in_workbook(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for at in 0..archive.len() {
        archive.by_index(at).unwrap().read_to_string(&mut text).unwrap();
    }
    assert!(text.contains("Missing again within 28 days"), "it can be read");
    text
}

/// The text of a PDF, where the machine has a reader of PDFs.
fn in_pdf(path: &Path) -> Option<String> {
    let read = Command::new("pdftotext").arg(path).arg("-").output().ok()?;
    let text = String::from_utf8_lossy(&read.stdout).into_owned();
    assert!(text.contains("Missing again within 28 days"), "it can be read");
    Some(text)
}

/// The board edition of the release.
fn newest(project: &Path) -> Report<Board> {
    let folder = std::fs::read_dir(project.join("releases")).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
    open_board(&folder).unwrap()
}

/// Pages, exports, API and headers of the board edition.
fn pages(project: &Path) -> Said {
    let report = newest(project);
    let pages = sightline::dashboards::load(None).unwrap();
    let site = site(&Inputs {
        report: &report,
        pages: &pages,
        commentary: &[],
        history: &sightline::web::History::default(),
        releases: &[ReleaseListing::of(&report)],
        notices: &[],
        guarded: true,
    });
    let page = |path: &str| (path.to_owned(), String::from_utf8_lossy(site.body(path).unwrap()).into_owned());
    site.paths().map(page).collect()
}

#[test]
fn nothing_of_a_child_leaves_the_build() {
    let mut world = World { home: tempfile::tempdir().unwrap(), said: Vec::new() };
    let project = world.project();
    std::fs::create_dir_all(project.join("out")).unwrap();
    simulate(&Options { children: 4_000, months: 14, seed: 11, ..Options::default() }, &project, &mut |_, _| {})
        .unwrap();
    let police = project.join("extracts/police/missing_episodes.csv");
    let rows = std::fs::read_to_string(&police).unwrap();
    std::fs::write(&police, format!("{rows}{BROKEN_ROWS}")).unwrap();
    let told = told(&project);
    assert!(told.identifiers.len() > 300 && told.days.len() > 200, "the sweep knows what it looks for");

    for arguments in [
        &["check"][..],
        &["build"],
        &["verify"],
        &["releases", "--json"],
        &["explain", "missing_again"],
        &["export", "--format", "csv"],
        &["export", "--format", "json"],
        &["pack", "--month", "2026-10", "--out", "out/pack.html", "--draft"],
        &["pack", "--month", "2026-10", "--out", "out/pack.xlsx", "--draft"],
        &["pack", "--month", "2026-10", "--out", "out/pack.pdf", "--draft", "--brief"],
        &["export", "--out", "out/figures.xlsx"],
    ] {
        assert!(world.run(arguments), "{arguments:?}: {}", world.said.last().unwrap().1);
    }
    // And once more with what stops a build: a column gone, a query that names what is not there.
    std::fs::write(&police, rows.replacen("child_id", "canarycolumn", 1)).unwrap();
    std::fs::create_dir_all(project.join("queries")).unwrap();
    std::fs::write(project.join("queries/mine.sql"), "/* id = 1 */ SELECT 'canaryliteral' FROM nowhere").unwrap();
    assert!(!world.run(&["build"]));
    for folder in ["releases", "state", "out"] {
        world.keep(folder);
    }
    world.said.extend(pages(&project));

    // A plan's, a source's and a definition's dates are no child's; nor is the day a whole extract goes up to.
    let mut public: BTreeSet<String> = BTreeSet::new();
    let extracts = project.join("extracts/partnership");
    for path in ["partnership.toml", "events.csv"].map(|name| project.join(name)).into_iter().chain(files(&extracts)) {
        if path.parent() != Some(&extracts) || path.ends_with("actions.csv") || path.ends_with("action_history.csv") {
            public.extend(days(&std::fs::read_to_string(&path).unwrap()));
        }
    }
    public.extend(newest(&project).sources.iter().filter_map(|source| Some(source.due_on?.to_string())));
    let key = std::fs::read(world.home.path().join("keys/sightline/pseudonym.key")).unwrap();
    let key = String::from_utf8_lossy(&key).trim().to_owned();
    assert!(key.len() >= 32, "the key is a text that can be looked for");
    let home = world.home.path().to_str().unwrap().to_owned();
    let swept = |place: &str, text: &str| {
        let mut faults = Vec::new();
        let leaked = runs(text).filter(|run| told.identifiers.contains(*run) || run.starts_with("canary"));
        // The one column's name that a user of ours wrote into a header is told, as a hint must.
        faults.extend(leaked.filter(|run| *run != "canarycolumn").map(|_| format!("{place}: an identifier")));
        if !place.starts_with("state") {
            let finer = days(text).into_iter().filter(|day| told.days.contains(day) && !public.contains(day));
            faults.extend(finer.map(|day| format!("{place}: the day {day}")));
        }
        faults.extend((text.contains(&key)).then(|| format!("{place}: the key")));
        let names_a_file = place.starts_with("pack") || place.starts_with("export") && !text.starts_with('{');
        faults.extend((text.contains(&home) && !names_a_file).then(|| format!("{place}: a folder of the machine")));
        faults.extend(text.contains("panicked at").then(|| format!("{place}: a panic")));
        faults
    };
    let row = rows.lines().nth(1).unwrap();
    assert!(swept("an extract's row", row).len() >= 3, "an identifier, its child's and a day would be found");
    assert!(!swept("a page", &format!("{home}/releases {key}")).is_empty());
    let mut faults: Vec<String> = world.said.iter().flat_map(|(place, text)| swept(place, text)).collect();
    faults.dedup();
    assert!(faults.is_empty(), "{} faults, first {:#?}", faults.len(), &faults[..faults.len().min(20)]);
    small_counts(&project);
}

/// No count of children from 1 to 5, nor of those who were not counted, stands in the board edition.
fn small_counts(project: &Path) {
    let report = newest(project);
    let mut seen = 0;
    for figure in report.figures.iter().filter(|figure| matches!(figure.unit, Unit::Children | Unit::Proportion)) {
        let of = figure.denominator.filter(|_| figure.unit == Unit::Proportion);
        let rest = figure.numerator.zip(of).map(|(counted, of)| of - counted);
        for count in [figure.numerator, of, rest].into_iter().flatten() {
            assert!(!(1..=5).contains(&count), "{} {} {}", figure.measure, figure.period, figure.level);
            seen += 1;
        }
    }
    assert!(seen > 50, "figures were looked at");
}
