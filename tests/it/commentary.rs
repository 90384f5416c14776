//! What the sample's board says of its last month is true of the sample's figures, as its board edition shows them.

use std::path::Path;

use sightline::build;
use sightline::config::Key;
use sightline::dashboards::commentary::{check_commentary, load_commentary};
use sightline::dashboards::load;
use sightline::domain::Dimension;
use sightline::judgement::{Variation, headline, judge, latest};
use sightline::release::{Board, Measure, Report, open_board};
use sightline::stats::State;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let at = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &at);
        } else {
            std::fs::copy(entry.path(), at).unwrap();
        }
    }
}

fn measure<'a>(report: &'a Report<Board>, id: &str) -> &'a Measure {
    report.measures.iter().find(|one| one.id == id).unwrap()
}

#[test]
fn the_samples_commentary_is_true_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples"), folder.path());
    let key = Key::from_bytes([7; 32]);
    let checked = build::check(folder.path(), Some(&key), None, "2026-12-31".parse().unwrap()).unwrap();
    let built = build::build(checked, &folder.path().join("releases")).unwrap();
    let report = open_board(&built.written.dir).unwrap();

    // A dashboard of blanks protects nobody: of every measure that has figures the board is shown some of the whole.
    for measure in &report.measures {
        let mut whole =
            report.figures.iter().filter(|one| one.measure == measure.id && one.dimension == Dimension::Total);
        let has_figures = whole.clone().next().is_some();
        assert!(!has_figures || whole.any(|one| one.value.is_some()), "nothing of {} is shown", measure.id);
    }

    let all = load_commentary(&folder.path().join("commentary")).unwrap();
    assert!(check_commentary(&all, &load(None).unwrap(), &report.measures).is_empty());
    assert!(all.iter().all(|one| one.is_approved() && one.month == report.about.month));
    let said: Vec<&str> = all.iter().flat_map(|one| &one.remarks).map(|one| one.text.as_str()).collect();
    let says = |words: &str| assert!(said.iter().any(|one| one.contains(words)), "the sample no longer says: {words}");
    let value = |id| latest(measure(&report, id), &report).unwrap().value.unwrap();

    says("fewer children are still unassessed after 10 days");
    let assessed = judge(measure(&report, "time_to_assessment"), &report);
    assert!(matches!(&assessed.variation, Variation::Changed(seen) if seen.state == State::Improvement));

    says("needs without help have about doubled in a year");
    let waiting = headline(measure(&report, "unmet_need_now"), &report);
    let before = waiting.iter().find(|one| one.period.last_month() == report.about.month.plus(-12)).unwrap();
    let times = value("unmet_need_now") / before.value.unwrap();
    assert!((1.8..=2.2).contains(&times), "{times}");

    says("Fewer than three needs in five get help within 90 days, short of our target and without a clear change");
    let help = measure(&report, "help_started");
    assert!((0.5..0.6).contains(&value("help_started")) && value("help_started") < help.target.as_ref().unwrap().value);
    assert!(judge(help, &report).is_steady());
}
