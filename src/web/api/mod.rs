//! `/api/v1`: what the pages show as JSON, with the same figures and symbols, and the document that describes it.
//!
//! Answers are rendered with the release, like the pages. The document is made from the very types that are written.

mod shapes;

use serde::Serialize;
use utoipa::OpenApi;

use self::shapes::{Fault, Listed, Measures, OfMeasure, OneMeasure, Releases, Sources, about, described, sent, shown};
use super::site::ReleaseListing;
use crate::release::{Board, Measure, Report};

/// Where the answer to an address that is not there is kept; no route leads to it.
pub(super) const NOT_FOUND: &str = "api/not-found";
/// Where the answer to a query that is not offered is kept; no route leads to it.
pub(super) const BAD_QUERY: &str = "api/bad-query";
/// Where the answer to a month that was not released is kept; no route leads to it.
pub(super) const NO_MONTH: &str = "api/no-month";
/// Beneath the base path.
const AT: &str = "api/v1";

/// Every answer but the figures of each measure, by path: (path, JSON).
pub(super) fn answers(report: &Report<Board>, listed: &[ReleaseListing]) -> Vec<(String, String)> {
    let mut all = vec![
        (format!("{AT}/measures"), json(&measures(report))),
        (format!("{AT}/releases"), json(&releases(report, listed))),
        (format!("{AT}/sources"), json(&sources(report))),
        (format!("{AT}/openapi.json"), document()),
        (
            NOT_FOUND.to_owned(),
            json(&Fault {
                error: "there is nothing at this address".into(),
                hint: "api/v1/measures lists every measure; api/v1/openapi.json describes every address".into(),
            }),
        ),
        (
            NO_MONTH.to_owned(),
            json(&Fault {
                error: "that month was not released".into(),
                hint: "api/v1/releases lists every released month; without a month the latest is shown".into(),
            }),
        ),
        (
            BAD_QUERY.to_owned(),
            json(&Fault {
                error: "the query is not offered".into(),
                hint: "write nothing, or month= and a month that was released, as 2026-10".into(),
            }),
        ),
    ];
    for one in &report.measures {
        all.push((format!("{AT}/measures/{}", one.id), json(&measure(report, one))));
    }
    all
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).expect("plain data with text keys serialises")
}

/// Where a measure's figures lie.
pub(super) fn figures_at(measure: &Measure) -> String {
    format!("{AT}/figures/{}", measure.id)
}

/// Every figure of a measure, as [`figures_at`] answers.
pub(super) fn figures_of(report: &Report<Board>, measure: &Measure) -> String {
    json(&figures(report, measure))
}

fn document() -> String {
    let mut document = Document::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    document.to_json().expect("a document serialises")
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Sightline", description = "Figures of the board edition: aggregates that passed disclosure control."),
    servers((url = "./", description = "Where this document lies")),
    paths(measures, measure, figures, releases, sources)
)]
struct Document;

/// Every measure: what it asks and how it is worked out.
#[utoipa::path(
    get, path = "/measures", operation_id = "measures",
    params(("month" = Option<String>, Query, description = "A released month; the latest unless written", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, description = "Every measure", body = Measures), (status = 400, description = "The query is not offered", body = Fault), (status = 404, description = "The month was not released", body = Fault))
)]
fn measures(report: &Report<Board>) -> Measures {
    Measures { about: about(report), measures: report.measures.iter().map(described).collect() }
}

/// One measure.
#[utoipa::path(
    get, path = "/measures/{measure}", operation_id = "measure",
    params(
        ("measure" = String, Path, description = "The measure's id", pattern = "^[a-z0-9_]+$"),
        ("month" = Option<String>, Query, description = "A released month; the latest unless written", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")
    ),
    responses(
        (status = 200, description = "The measure", body = OneMeasure),
        (status = 400, description = "The query is not offered", body = Fault),
        (status = 404, description = "There is no such measure, or the month was not released", body = Fault)
    )
)]
fn measure(report: &Report<Board>, measure: &Measure) -> OneMeasure {
    OneMeasure { about: about(report), measure: described(measure) }
}

/// Every figure of one measure.
#[utoipa::path(
    get, path = "/figures/{measure}", operation_id = "figures",
    params(
        ("measure" = String, Path, description = "The measure's id", pattern = "^[a-z0-9_]+$"),
        ("month" = Option<String>, Query, description = "A released month; the latest unless written", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")
    ),
    responses(
        (status = 200, description = "Its figures; none where the data cannot answer", body = OfMeasure),
        (status = 400, description = "The query is not offered", body = Fault),
        (status = 404, description = "There is no such measure, or the month was not released", body = Fault)
    )
)]
fn figures(report: &Report<Board>, measure: &Measure) -> OfMeasure {
    OfMeasure {
        about: about(report),
        measure: measure.id.clone(),
        version: measure.version(),
        figures: report.figures_of(&measure.id).iter().map(shown).collect(),
    }
}

/// Every release, newest first.
#[utoipa::path(
    get, path = "/releases", operation_id = "releases",
    params(("month" = Option<String>, Query, description = "A released month; the latest unless written", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, description = "Every release", body = Releases), (status = 400, description = "The query is not offered", body = Fault), (status = 404, description = "The month was not released", body = Fault))
)]
fn releases(report: &Report<Board>, listed: &[ReleaseListing]) -> Releases {
    let releases = listed
        .iter()
        .map(|one| Listed {
            name: one.id.clone(),
            month: one.month.to_string(),
            as_at: one.as_at.to_string(),
            status: one.status.clone(),
        })
        .collect();
    Releases { about: about(report), releases }
}

/// Every source as it arrived.
#[utoipa::path(
    get, path = "/sources", operation_id = "sources",
    params(("month" = Option<String>, Query, description = "A released month; the latest unless written", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, description = "Every source", body = Sources), (status = 400, description = "The query is not offered", body = Fault), (status = 404, description = "The month was not released", body = Fault))
)]
fn sources(report: &Report<Board>) -> Sources {
    Sources { about: about(report), sources: report.sources.iter().map(sent).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::fixture::report;

    #[test]
    fn every_address_of_the_document_is_answered_in_the_shape_it_describes() {
        let report = report();
        let mut answers = answers(&report, &[]);
        answers.extend(report.measures.iter().map(|one| (figures_at(one), figures_of(&report, one))));
        let find = |path: &str| {
            let text = answers.iter().find(|(at, _)| at == path).map(|(_, text)| text.as_str());
            serde_json::from_str::<serde_json::Value>(text.unwrap_or_else(|| panic!("{path}"))).unwrap()
        };
        let document = find("api/v1/openapi.json");
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 5);
        for (path, item) in paths {
            let at = format!("api/v1{}", path.replace("{measure}", "missing_again"));
            let answer = find(&at);
            let schema =
                item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].as_str().unwrap();
            let schema = &document["components"]["schemas"][schema.rsplit('/').next().unwrap()];
            for required in schema["required"].as_array().unwrap() {
                assert!(answer.get(required.as_str().unwrap()).is_some(), "{at} lacks {required}");
            }
            assert_eq!(answer["about"]["release"], report.id);
        }
    }

    #[test]
    fn a_withheld_figure_is_null_with_its_symbol() {
        let report = report();
        let measure = report.measures.iter().find(|measure| measure.id == "missing_again").unwrap();
        let all = figures(&report, measure).figures;
        let withheld: Vec<_> = all.iter().filter(|figure| figure.symbol == Some("c")).collect();
        assert!(!withheld.is_empty());
        assert!(withheld.iter().all(|one| one.value.is_none() && one.numerator.is_none() && one.denominator.is_none()));
    }
}
