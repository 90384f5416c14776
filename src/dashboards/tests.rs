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
fn the_shipped_pages_are_well_formed() {
    let pages = load(None).unwrap();
    let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    for shipped in ["missing", "unassessed", "help", "safer", "workforce"] {
        assert!(ids.contains(&shipped), "{shipped}");
    }
}
