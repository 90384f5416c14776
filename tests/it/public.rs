//! The public edition: what anyone may read, beside a board edition that shows more.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sightline::domain::{Figure, Symbol};
use sightline::release::{Protected, Reason, audit, open_board, open_protected, verify};

use super::project::Project;

const INTERNAL: &str = "[disclosure]\npolicy = \"internal\"\napproved_by = \"Caldicott Guardian\"\nimpact_assessment = \"DPIA-2026-014\"\napproved_on = 2026-01-31\n";
const EPISODES: [&str; 10] = [
    "episode_id,child_id,kind,started_at,ended_at",
    "1,a,M,2026-01-01,2026-01-03",
    "2,b,M,2026-01-02,2026-01-04",
    "3,c,M,2026-01-05,2026-01-06",
    "4,d,M,2026-02-07,2026-02-08",
    "5,e,M,2026-02-09,2026-02-10",
    "6,f,M,2026-02-11,2026-02-12",
    "7,g,M,2026-02-13,2026-02-14",
    "8,h,M,2026-02-20,2026-02-21",
    "9,i,M,2026-02-22,2026-02-23",
];

/// January has three spells of three children, February six of six.
fn partnership(disclosure: &str) -> Project {
    Project::as_at("2026-02-28").native("police", "missing_episodes", &EPISODES).setting(disclosure)
}

fn spells_started(figures: &[Figure]) -> BTreeMap<String, (Option<i64>, Option<Symbol>)> {
    let started = figures.iter().filter(|one| one.measure == "missing_now" && one.level == "total:started");
    started.map(|one| (one.period.to_string(), (one.numerator, one.symbol))).collect()
}

#[test]
fn the_board_is_shown_exact_totals_and_the_public_none_that_are_small() {
    let project = partnership(&format!("{INTERNAL}public_edition = \"dfe\""));
    let written = project.build().unwrap().written;
    let public = open_protected(&written.dir, Protected::Public).unwrap();
    let board = open_board(&written.dir).unwrap();
    assert_eq!(spells_started(&board.figures)["2026-01"].0, Some(3));
    assert_eq!(spells_started(&public.figures)["2026-01"], (None, Some(Symbol::Confidential)));
    assert!(board.about.policy.contains("DPIA-2026-014") && !public.about.policy.contains("DPIA"));
    for edition in Protected::ALL {
        assert!(audit(&written.dir, edition, &BTreeMap::new()).unwrap().passed(), "{edition:?}");
    }
    let without = partnership(INTERNAL);
    let without = open_board(&without.build().unwrap().written.dir).unwrap();
    assert_eq!(board.id, without.id, "the board is shown the same whether or not the public is shown something");
    let withheld = |figures: &[Figure]| figures.iter().filter(|one| one.symbol == Some(Symbol::Confidential)).count();
    assert_eq!(written.public.unwrap().withheld, withheld(&public.figures));
    assert!(withheld(&public.figures) > withheld(&board.figures));
}

#[test]
fn the_public_is_shown_what_a_board_would_be_under_the_same_policy() {
    let (beside, alone) = (partnership(&format!("{INTERNAL}public_edition = \"dfe\"")), partnership(""));
    let public = open_protected(&beside.build().unwrap().written.dir, Protected::Public).unwrap();
    let board = open_board(&alone.build().unwrap().written.dir).unwrap();
    assert_eq!(public.figures, board.figures);
    assert_eq!(public.sources, board.sources);
    assert_eq!(public.about.policy, board.about.policy);
}

#[test]
fn what_the_public_edition_withheld_stays_withheld_whatever_the_board_was_shown() {
    let january = |rows: &[&str]| {
        let disclosure = format!("{INTERNAL}public_edition = \"dfe\"");
        Project::as_at("2026-02-28").native("police", "missing_episodes", rows).setting(&disclosure)
    };
    // First three spells in January; then late records make them six, which by themselves could be shown.
    let late = ["10,j,M,2026-01-20,2026-01-21", "11,k,M,2026-01-22,2026-01-23", "12,l,M,2026-01-24,2026-01-25"];
    let more: Vec<&str> = EPISODES.iter().copied().chain(late).collect();
    let fresh = january(&more);
    let alone = open_protected(&fresh.build().unwrap().written.dir, Protected::Public).unwrap();
    assert_eq!(spells_started(&alone.figures)["2026-01"].0, Some(6));
    let first = january(&EPISODES);
    first.build().unwrap();
    let later = first.file("police_missing_episodes.csv", &format!("{}\n", more.join("\n")));
    let dir = later.build().unwrap().written.dir;
    let public = open_protected(&dir, Protected::Public).unwrap();
    assert_eq!(spells_started(&open_board(&dir).unwrap().figures)["2026-01"].0, Some(6));
    assert_eq!(spells_started(&public.figures)["2026-01"], (None, Some(Symbol::Confidential)));
    assert!(audit(&dir, Protected::Public, &BTreeMap::new()).unwrap().passed());
}

#[test]
fn what_boards_were_shown_before_there_was_a_public_edition_is_known_to_the_public() {
    let before = partnership("");
    let first = before.build().unwrap().written.dir;
    assert_eq!(spells_started(&open_board(&first).unwrap().figures)["2026-01"], (None, Some(Symbol::Confidential)));
    // Late records make the three six; and the board's edition is its own from now on.
    let late = ["10,j,M,2026-01-20,2026-01-21", "11,k,M,2026-01-22,2026-01-23", "12,l,M,2026-01-24,2026-01-25"];
    let more: Vec<&str> = EPISODES.iter().copied().chain(late).collect();
    let after = Project::as_at("2026-02-28").native("police", "missing_episodes", &more);
    let after = after.setting(&format!("{INTERNAL}public_edition = \"dfe\""));
    copy(&before.releases(), &after.releases());
    let dir = after.build().unwrap().written.dir;
    let public = open_protected(&dir, Protected::Public).unwrap();
    assert_eq!(spells_started(&public.figures)["2026-01"], (None, Some(Symbol::Confidential)));
    assert!(audit(&dir, Protected::Public, &BTreeMap::new()).unwrap().passed());
    // What one of the two withholds is not said to have changed.
    let first = after.releases().join(first.file_name().unwrap());
    let compared = sightline::release::compare(&first, &dir, false).unwrap();
    let started = compared.changed.iter().filter_map(|change| Some((change.new.as_ref()?, &change.because)));
    let started: Vec<_> = started.filter(|(now, _)| now.level == "total:started").map(|(_, because)| because).collect();
    assert_eq!(started, [&vec![Reason::WithheldInOne, Reason::PolicyChanged]]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn a_changed_public_edition_is_found_and_one_that_was_not_made_is_asked_for_in_vain() {
    let with = partnership("[disclosure]\npublic_edition = \"strict\"");
    let dir = with.build().unwrap().written.dir;
    assert!(verify(&dir).unwrap().public_figures.is_some_and(|figures| figures > 0));
    let path = dir.join("public/figures.csv");
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap().replace(",6,", ",7,") + "x").unwrap();
    assert_eq!(verify(&dir).unwrap_err(), ["public/figures.csv was changed after it was written"]);
    let without = partnership("");
    let without = &without.build().unwrap().written.dir;
    let said = open_protected(without, Protected::Public).unwrap_err().to_string();
    assert!(said.contains("has no public edition\nhint: write `public_edition = \"dfe\"`"), "{said}");
    assert!(!without.join("public").exists() && verify(without).unwrap().public_figures.is_none());
}

#[test]
fn nothing_is_published_under_the_policy_that_a_board_alone_may_read() {
    let said = partnership(&format!("{INTERNAL}public_edition = \"internal\"")).said();
    let hint = "hint: write public_edition = \"dfe\" or \"strict\"";
    assert_eq!(
        said,
        format!("partnership.toml: `disclosure.public_edition` is not a policy to publish under\n{hint}\n")
    );
}

fn sightline(project: &Path, keys: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightline"));
    let done = command.args(arguments).current_dir(project).env("XDG_DATA_HOME", keys).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn its_pack_and_export_hold_nothing_of_the_boards() {
    let words = "+++\npage = \"first\"\nauthor_role = \"Lead\"\nstatus = \"approved\"\napproved_by = \"Chair\"\napproved_on = 2026-03-09\n+++\n\nThree in January, [the chair knows](measure:missing_now).\n";
    let actions = [
        "action_id,title,agency,owner_role,agreed_on,original_due_on,due_on,finding_id,measure_id,status,completed_on",
        "A1,Mend the front door,council,Director,2026-01-05,2026-02-05,2026-02-20,,missing_rate,in_progress,",
    ];
    let project =
        partnership(&format!("{INTERNAL}public_edition = \"dfe\"")).file("commentary/2026-02/first.md", words);
    let of_a_page = words.replace("\"first\"", "\"missing\"").replace("the chair knows", "and of the page too");
    let project = project.native("council", "actions", &actions).file("commentary/2026-02/missing.md", &of_a_page);
    project.settle();
    let keys = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| sightline(project.path(), keys.path(), arguments);
    let built = run(&["build"]);
    assert!(built.contains("\npublic edition: "), "{built}");
    assert!(run(&["verify"]).contains("figures in the public edition; none of the"));
    let out = |name: &str| project.path().join(name).to_str().unwrap().to_owned();
    let pack = |name: &str, more: &[&str]| {
        run(&[&["pack", "--month", "2026-02", "--out", &out(name)], more].concat());
        std::fs::read_to_string(out(name)).unwrap()
    };
    let (board, public) = (pack("board.html", &[]), pack("public.html", &["--public"]));
    for only_the_boards in
        ["the chair knows", "and of the page too", "DPIA-2026-014", "id=\"p-plan-A1", "board edition"]
    {
        assert!(board.to_lowercase().contains(&only_the_boards.to_lowercase()), "{only_the_boards}");
        assert!(!public.to_lowercase().contains(&only_the_boards.to_lowercase()), "{only_the_boards}");
    }
    assert!(public.contains("public edition: counts of 1 to 5"), "each sheet says which edition it is");
    let export = |edition: &str| run(&["export", "--edition", edition, "--measure", "missing_now"]);
    let january =
        |text: &str| text.lines().find(|line| line.contains(",2026-01,total,total:started,")).unwrap().to_owned();
    assert!(january(&export("board")).contains(",3,"), "{}", january(&export("board")));
    assert!(january(&export("public")).ends_with(",c,false"), "{}", january(&export("public")));
}
