//! A page read, and everything that can be wrong with one, all at once.

use super::*;
use crate::charts::fixture::report;

const GOOD: &str = "+++\ntitle = \"Missing\"\ntheme = \"missing\"\norder = 1\nquestion = \"Do children go missing again?\"\n+++\n\nSome *prose* <b>here</b>.\n\n```chart\nmeasure = \"missing_again\"\nby = \"locality\"\nwindow = \"24m\"\n```\n";

#[test]
fn a_page_is_prose_and_blocks_in_order() {
    let page = parse("missing.md", GOOD).unwrap();
    assert_eq!((page.id.as_str(), page.order), ("missing", 1));
    let [(8, Block::Prose(prose)), (10, Block::Chart { measure, window: 24, .. })] = page.blocks.as_slice() else {
        panic!("{:?}", page.blocks);
    };
    assert!(prose.contains("<em>prose</em>") && !prose.contains("<b>"), "{prose}");
    assert_eq!(measure, "missing_again");
    assert!(check(&[page], &report().measures).is_empty());
}

#[test]
fn every_problem_is_listed_at_once_with_its_line() {
    let text =
        GOOD.replace("order = 1", "order = 1\ncolour = \"red\"").replace("locality", "postcode") + "\n```gauge\n```\n";
    let problems = parse("bad.md", &text).unwrap_err();
    let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(lines, [5, 11, 17]);
    assert!(problems[2].to_string().contains("`gauge` is not a block"));
}

#[test]
fn what_a_page_names_is_looked_for_though_the_page_has_other_faults() {
    let text = GOOD.replace("locality", "postcode").replace("24m", "5m").replace("missing_again", "missing_agian");
    let (page, problems) = parse::parse_all("bad.md", &text);
    let all = problems.into_iter().chain(check(&[page.unwrap()], &report().measures));
    let says: Vec<String> = all.map(|problem| problem.says).collect();
    assert_eq!(
        says,
        ["there is no dimension `postcode`", "there is no window `5m`", "there is no measure `missing_agian`"]
    );
}

#[test]
fn prose_leads_to_measures_that_there_are() {
    let with = |link: &str| parse("page.md", &GOOD.replace("Some *prose*", &format!("Some\n[prose]({link})"))).unwrap();
    let page = with("measure:missing_again");
    assert!(check(std::slice::from_ref(&page), &report().measures).is_empty());
    let (_, Block::Prose(prose)) = &page.blocks[0] else { panic!("{:?}", page.blocks) };
    assert!(commentary::led(prose, "../").contains("<a href=\"../measures/missing_again\">"), "{prose}");
    let problems = check(&[with("measure:missing_agian")], &report().measures);
    let told: Vec<(usize, &str)> = problems.iter().map(|one| (one.line, one.says.as_str())).collect();
    assert_eq!(told, [(9, "a link leads to no measure `missing_agian`")]);
}

#[test]
fn a_page_naming_no_such_measure_or_led_by_a_process_measure_is_refused() {
    let pages = [
        parse("typo.md", &GOOD.replace("missing_again", "missing_agian")).unwrap(),
        parse("busy.md", &GOOD.replace("missing_again", "rhi_held_72h")).unwrap(),
    ];
    let problems = check(&pages, &report().measures);
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[0].hint, "did you mean `missing_again`?");
    assert!(problems[1].says.contains("process measure"));
}

#[test]
fn a_page_that_cannot_be_read_hides_no_other_and_a_shipped_one_is_said_to_be_shipped() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), b"+++\xff").unwrap();
    std::fs::write(
        folder.path().join("b.md"),
        GOOD.replace("order = 1", "order = \"first\"").replace("title", "titel"),
    )
    .unwrap();
    let (pages, mut found) = load_all(Some(folder.path()));
    let mut measures = report().measures;
    measures.retain(|measure| measure.id != "missing_again");
    found.extend(check(&pages, &measures));
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(said[0].starts_with("dashboards/a.md:1: cannot be read: it is not UTF-8 text"), "{said:?}");
    assert!(said[1].starts_with("dashboards/b.md:2: unknown field `titel`"), "{said:?}");
    assert!(said[2].starts_with("dashboards/b.md:4: invalid type: string \"first\", expected i64"), "{said:?}");
    assert!(said[3].starts_with("dashboards/b.md:1: missing field `title`"), "{said:?}");
    let about = |file: &str| said.iter().filter(|one| one.starts_with(file) && one.contains("`missing_again`")).count();
    assert!(about("dashboards/b.md") == 1 && about("dashboards/missing.md") >= 1, "{said:?}");
    let is_of_shipped = |one: &&String| one.contains("the page is shipped with Sightline");
    assert!(said.iter().filter(is_of_shipped).all(|one| !one.starts_with("dashboards/b.md")), "{said:?}");
}

#[test]
fn the_shipped_pages_are_well_formed() {
    let pages = load(None).unwrap();
    let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    for shipped in ["missing", "unassessed", "help", "safer", "workforce"] {
        assert!(ids.contains(&shipped), "{shipped}");
    }
}
