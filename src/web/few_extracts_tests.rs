//! What the pages say to a partnership that sends few extracts: one story a test.

use super::{Inputs, site};
use crate::charts::fixture::report;
use crate::dashboards;
use crate::domain::{Dimension, NOT_KNOWN};
use crate::release::{Board, Kind, Report, Sufficiency};

fn page(report: &Report<Board>, path: &str) -> String {
    let pages = dashboards::load(None).unwrap();
    let inputs = Inputs { pages: &pages, ..Inputs::of(report) };
    String::from_utf8(site(&inputs).body(path).unwrap().to_vec()).unwrap()
}

/// The fixture without the extract that these measures would take.
fn without(measures: &[&str], extract: &str) -> Report<Board> {
    let mut report = report();
    for measure in report.measures.iter_mut().filter(|one| measures.contains(&one.id.as_str())) {
        measure.sufficiency = Sufficiency::CannotBeKnown { wanted: vec![extract.into()] };
    }
    report.figures.retain(|figure| !measures.contains(&figure.measure.as_str()));
    report
}

#[test]
fn what_cannot_be_known_takes_two_rows_of_the_first_screen_and_one_link() {
    let outcomes: Vec<String> =
        report().measures.iter().filter(|one| one.kind == Kind::Outcome).map(|one| one.id.clone()).collect();
    let all: Vec<&str> = outcomes.iter().map(String::as_str).collect();
    let text = page(&without(&all, "missing episodes"), "");
    let table = text.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    assert_eq!(table.matches("<tr>").count(), 2, "{table}");
    let rest = text.split("class=\"rest\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(rest.contains("<a href=\"./data\">"), "{rest}");
    assert!(rest.contains("cannot be known from the data supplied</a>"), "{rest}");
}

#[test]
fn a_breakdown_that_nobody_recorded_is_a_sentence_with_the_column_that_would_give_it() {
    let mut report = report();
    for figure in report.figures.iter_mut().filter(|one| one.measure == "missing_again") {
        if figure.dimension == Dimension::Locality {
            figure.level = NOT_KNOWN.into();
        }
    }
    let text = page(&report, "measures/missing_again");
    assert!(!text.contains("by-locality-missing_again"), "no chart of one bar");
    assert!(text.contains("by-age_band-missing_again"), "what is recorded is drawn");
    assert!(
        text.contains(
            "This cannot be broken down by locality, since no extract says it of what is counted here: \
             column <code>locality</code> of the table <code>children</code> would."
        ),
        "{text}"
    );
}

#[test]
fn a_theme_of_which_nothing_can_be_known_names_what_would_answer_each_measure_and_draws_no_table() {
    let text = page(
        &without(
            &["help_started", "help_sustained", "uptake_chain", "unmet_need_now", "wait_for_help", "referrals_made"],
            "needs identified",
        ),
        "themes/help",
    );
    assert!(
        text.contains("The data supplied answers none of this page&#39;s questions")
            || text.contains("The data supplied answers none of this page's questions"),
        "{text}"
    );
    assert!(text.contains(">Help started within 90 days</a> (what would answer it: needs identified)"), "{text}");
    assert!(!text.contains("<table") && !text.contains("<h2"), "nothing empty: {text}");
}

#[test]
fn a_measure_that_cannot_be_known_is_no_empty_row_among_those_that_can() {
    let text = page(&without(&["uptake_chain"], "needs identified"), "themes/help");
    let kpis = text.split("class=\"kpis\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(kpis.contains("measures/help_started") && !kpis.contains("measures/uptake_chain"), "{kpis}");
    assert!(text.contains("Cannot be known from the data supplied: <a href=\"../measures/uptake_chain\""), "{text}");
}

#[test]
fn a_chart_over_short_data_says_how_long_it_is() {
    let mut report = report();
    let last = report.about.month;
    report.figures.retain(|figure| last.since(figure.period.first_month()) < 20);
    let text = page(&report, "measures/missing_now");
    assert!(!text.contains("36 months"), "{text}");
    assert!(text.contains("20 months to October 2026"), "{text}");
}
