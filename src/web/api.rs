//! `/api/v1`: what the pages show as JSON, with the same figures and symbols, and the document that describes it.
//!
//! Answers are rendered with the release, like the pages. The document is made from the very types that are written.

use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::site::ReleaseListing;
use crate::domain::Figure;
use crate::release::{Board, Edition as _, Measure, Report, Source, Sufficiency};

/// Where the answer to an address that is not there is kept; no route leads to it.
pub(super) const NOT_FOUND: &str = "api/not-found";
/// Where the answer to a query that is not offered is kept; no route leads to it.
pub(super) const BAD_QUERY: &str = "api/bad-query";
/// Where the answer to a month that was not released is kept; no route leads to it.
pub(super) const NO_MONTH: &str = "api/no-month";
/// Beneath the base path.
const AT: &str = "api/v1";
/// No answer is filtered but by its month: breakdowns stand beside the whole.
const FILTERS: &str = "none";

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

/// What every answer carries.
#[derive(Serialize, ToSchema)]
struct About {
    /// The release's id: a hash of this edition alone.
    release: String,
    /// `board`.
    edition: &'static str,
    /// Whose report it is.
    partnership: String,
    /// The area.
    area: String,
    /// The report's month, as 2026-10.
    month: String,
    /// The last day counted, as 2026-10-31.
    as_at: String,
    /// `none`: the whole partnership, with breakdowns beside it.
    filters: &'static str,
    /// How small numbers are protected.
    policy: String,
    /// True where the data was made by the simulator.
    sample: bool,
}

/// What went wrong, and what to do.
#[derive(Serialize, ToSchema)]
struct Fault {
    /// What went wrong.
    error: String,
    /// What to do.
    hint: String,
}

/// Every measure.
#[derive(Serialize, ToSchema)]
struct Measures {
    /// Where it comes from.
    about: About,
    /// In the order of the registry.
    measures: Vec<Described>,
}

/// One measure.
#[derive(Serialize, ToSchema)]
struct OneMeasure {
    /// Where it comes from.
    about: About,
    /// The measure.
    measure: Described,
}

/// What a measure asks, how it is worked out, whether the data can answer.
#[derive(Serialize, ToSchema)]
struct Described {
    /// As in `missing_again`.
    id: String,
    /// Changes with its query, definition or thresholds.
    version: String,
    /// Short name.
    title: String,
    /// The question it answers.
    question: String,
    /// The theme it belongs to.
    theme: String,
    /// `outcome`, `process` or `context`.
    kind: String,
    /// For a process measure, the outcome it stands beneath.
    explains: Option<String>,
    /// Which way is better: `lower`, `higher` or `neither`.
    better: String,
    /// The nature of the number: `proportion`, `rate`, `stock`, `survival`, `chain` and others.
    shape: String,
    /// Unit of the headline value.
    unit: &'static str,
    /// The definition in words.
    definition: String,
    /// The rules that it shares with other measures, each with its title.
    rules: Vec<String>,
    /// What the numerator counts.
    numerator: String,
    /// What the denominator counts.
    denominator: String,
    /// How intervals were made.
    method: String,
    /// What it cannot tell.
    cannot_tell: String,
    /// Days after a month's end before the month is complete.
    horizon_days: u32,
    /// The dimensions it is broken down by.
    dimensions: Vec<&'static str>,
    /// The level to reach, where one is set.
    target: Option<Aim>,
    /// `sufficient`, `partial` or `cannot_be_known`.
    data: &'static str,
    /// Reservations, or the extracts that would answer it.
    data_notes: Vec<String>,
}

/// A level to reach by a date.
#[derive(Serialize, ToSchema)]
struct Aim {
    /// In the measure's unit.
    value: f64,
    /// By when, as 2027-03-31.
    by: String,
    /// Whose it is.
    owner_role: String,
}

/// The figures of one measure.
#[derive(Serialize, ToSchema)]
#[schema(as = Figures)]
struct OfMeasure {
    /// Where they come from.
    about: About,
    /// The measure's id.
    measure: String,
    /// The measure's version.
    version: String,
    /// Ordered by dimension, level and period.
    figures: Vec<Shown>,
}

/// One figure.
#[derive(Serialize, ToSchema)]
struct Shown {
    /// `2026-10`, `2026-Q3`, or `2026-10/P12M` for the twelve months to October.
    period: String,
    /// `total` for the whole.
    dimension: &'static str,
    /// The level of the dimension, the part of the figure after a colon.
    level: String,
    /// Whole count on top.
    numerator: Option<i64>,
    /// Whole count beneath.
    denominator: Option<i64>,
    /// In the unit; null where the symbol says why.
    value: Option<f64>,
    /// Lower end of the 95 % interval.
    lower: Option<f64>,
    /// Upper end of the 95 % interval.
    upper: Option<f64>,
    /// A proportion lies between 0 and 1.
    unit: &'static str,
    /// `c` withheld, `x` cannot be known, `z` not defined, `k` rounds to zero, `u` low reliability.
    symbol: Option<&'static str>,
    /// The period is not yet complete.
    provisional: bool,
}

/// Every release there is.
#[derive(Serialize, ToSchema)]
struct Releases {
    /// The release that answers.
    about: About,
    /// Newest first.
    releases: Vec<Listed>,
}

/// One release.
#[derive(Serialize, ToSchema)]
struct Listed {
    /// Its name.
    name: String,
    /// The report's month.
    month: String,
    /// The last day counted.
    as_at: String,
    /// `verified`, `withdrawn: …`, `damaged: …`.
    status: String,
}

/// Every source as it arrived.
#[derive(Serialize, ToSchema)]
struct Sources {
    /// Where it comes from.
    about: About,
    /// In the order of the settings.
    sources: Vec<Sent>,
}

/// One source; a count is null where it is withheld or not stated.
#[derive(Serialize, ToSchema)]
struct Sent {
    /// Its name.
    name: String,
    /// Who sent it.
    agency: String,
    /// How it is written.
    format: String,
    /// The declared cut date.
    data_to: String,
    /// The month of its latest event.
    latest_event: Option<String>,
    /// Whole days late at the as-at date.
    late_by_days: Option<i64>,
    /// Rows in the files.
    rows_in: Option<u64>,
    /// Rows kept.
    kept: Option<u64>,
    /// Rows set aside for the sender to mend.
    quarantined: Option<u64>,
    /// Rows dropped by a rule.
    dropped: Option<u64>,
}

fn about(report: &Report<Board>) -> About {
    About {
        release: report.id.clone(),
        edition: Board::NAME,
        partnership: report.about.partnership.clone(),
        area: report.about.area.clone(),
        month: report.about.month.to_string(),
        as_at: report.about.as_at.to_string(),
        filters: FILTERS,
        policy: report.about.policy.clone(),
        sample: report.about.sample,
    }
}

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
        figures: report.figures.iter().filter(|figure| figure.measure == measure.id).map(shown).collect(),
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

fn described(measure: &Measure) -> Described {
    let (data, data_notes) = match &measure.sufficiency {
        Sufficiency::Sufficient => ("sufficient", Vec::new()),
        Sufficiency::Partial { because } => ("partial", because.clone()),
        Sufficiency::CannotBeKnown { wanted } => ("cannot_be_known", wanted.clone()),
    };
    Described {
        id: measure.id.clone(),
        version: measure.version(),
        title: measure.title.clone(),
        question: measure.question.clone(),
        theme: measure.theme.clone(),
        kind: word(measure.kind),
        explains: measure.explains.clone(),
        better: word(measure.better),
        shape: word(measure.shape),
        unit: measure.unit.id(),
        definition: measure.definition.clone(),
        rules: measure.rules.iter().map(|rule| format!("{}: {}", rule.title, rule.says)).collect(),
        numerator: measure.numerator.clone(),
        denominator: measure.denominator.clone(),
        method: measure.method.clone(),
        cannot_tell: measure.cannot_tell.clone(),
        horizon_days: measure.horizon_days,
        dimensions: measure.dimensions.iter().map(|dimension| dimension.id()).collect(),
        target: measure.target.as_ref().map(|target| Aim {
            value: target.value,
            by: target.by.to_string(),
            owner_role: target.owner_role.clone(),
        }),
        data,
        data_notes,
    }
}

/// A word of the registry as its files write it.
fn word(value: impl Serialize) -> String {
    let written = serde_json::to_value(value).ok();
    written.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn shown(figure: &Figure) -> Shown {
    Shown {
        period: figure.period.to_string(),
        dimension: figure.dimension.id(),
        level: figure.level.clone(),
        numerator: figure.numerator,
        denominator: figure.denominator,
        value: figure.value,
        lower: figure.lower,
        upper: figure.upper,
        unit: figure.unit.id(),
        symbol: figure.symbol.map(crate::domain::Symbol::letter),
        provisional: figure.provisional,
    }
}

fn sent(source: &Source) -> Sent {
    Sent {
        name: source.name.clone(),
        agency: source.agency.clone(),
        format: source.format.clone(),
        data_to: source.data_to.to_string(),
        latest_event: source.latest_event.map(|month| month.to_string()),
        late_by_days: source.late_by_days,
        rows_in: source.rows_in,
        kept: source.kept,
        quarantined: source.quarantined,
        dropped: source.dropped,
    }
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
