//! The application asked as a browser would ask it, on the fixture's report.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::charts::fixture::report;
use crate::dashboards;

fn shared(base_path: &str) -> Arc<Shared> {
    Shared::new(shared_site(), base_path)
}

fn shared_site() -> Site {
    let report = report();
    let pages = dashboards::load(None).unwrap();
    let releases = [ReleaseListing::of(&report)];
    let inputs = Inputs { pages: &pages, releases: &releases, ..Inputs::of(&report) };
    site(&inputs)
}

async fn ask(shared: &Arc<Shared>, request: Request<Body>) -> (Response<()>, Vec<u8>) {
    let response = app(Arc::clone(shared)).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    (Response::from_parts(parts, ()), body)
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_link_on_every_page_leads_somewhere() {
    let shared = shared("/sight");
    let mut waiting = vec!["/sight/".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let (response, body) = ask(&shared, get(&path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        if !response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html") {
            continue;
        }
        let text = String::from_utf8(body).unwrap();
        assert!(!text.contains("style=") && !text.contains("<style") && !text.contains("<script"), "{path}");
        let folder = path.rsplit_once('/').unwrap().0.to_owned();
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if let Some(anchor) = link.strip_prefix('#') {
                assert!(text.contains(&format!("id=\"{anchor}\"")), "{path} {link}");
                continue;
            }
            let mut at = folder.clone();
            let mut rest = link;
            while let Some(up) = rest.strip_prefix("../") {
                at = at.rsplit_once('/').unwrap().0.to_owned();
                rest = up;
            }
            waiting.push(format!("{at}/{}", rest.trim_start_matches("./")));
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
    assert!(seen.contains("/sight/measures/missing_again.csv") && seen.contains("/sight/themes/help"));
}

#[tokio::test]
async fn ids_are_unique_on_every_page() {
    let report = report();
    let pages = dashboards::load(None).unwrap();
    let site = site(&Inputs { pages: &pages, ..Inputs::of(&report) });
    for path in site.paths() {
        let text = String::from_utf8_lossy(site.body(path).unwrap());
        let mut ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(all, ids.len(), "{path}");
    }
}

#[tokio::test]
async fn a_page_is_sent_compressed_once_and_not_again() {
    let shared = shared("");
    let zipped = Request::get("/").header("accept-encoding", "br, gzip").body(Body::empty()).unwrap();
    let (response, body) = ask(&shared, zipped).await;
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
    assert!(body.len() < 100_000);
    let etag = response.headers()[header::ETAG].clone();
    let again = Request::get("/").header("if-none-match", etag).body(Body::empty()).unwrap();
    let (response, body) = ask(&shared, again).await;
    assert_eq!((response.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
    let refused = Request::get("/").header("accept-encoding", "gzip;q=0").body(Body::empty()).unwrap();
    assert!(ask(&shared, refused).await.0.headers().get(header::CONTENT_ENCODING).is_none());
    let head = Request::head("/").body(Body::empty()).unwrap();
    let (response, body) = ask(&shared, head).await;
    assert_eq!((response.status(), body.len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn what_is_not_there_says_so_and_leads_on() {
    let shared = shared("");
    for (path, status) in [
        ("/measures/nothing", StatusCode::NOT_FOUND),
        ("/nowhere/at/all", StatusCode::NOT_FOUND),
        ("/?month=2026-13", StatusCode::BAD_REQUEST),
        ("/measures/missing_again?by=postcode", StatusCode::BAD_REQUEST),
        ("/measures/../../etc/passwd", StatusCode::NOT_FOUND),
    ] {
        let (response, body) = ask(&shared, get(path)).await;
        assert_eq!(response.status(), status, "{path}");
        assert!(String::from_utf8(body).unwrap().contains("first screen"), "{path}");
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'")
        );
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    let post = Request::post("/").body(Body::empty()).unwrap();
    assert_eq!(ask(&shared, post).await.0.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_new_release_takes_over_between_requests() {
    let shared = shared("");
    assert_eq!(ask(&shared, get("/readyz")).await.1, b"ready 3fa9c1d2e5\n");
    let mut next = report();
    next.id = "77aa".into();
    shared.replace(site(&Inputs::of(&next)));
    assert_eq!(ask(&shared, get("/readyz")).await.1, b"ready 77aa\n");
    assert_eq!(ask(&shared, get("/healthz")).await.1, b"ok\n");
}

#[tokio::test]
async fn a_download_has_the_columns_of_the_export() {
    let (_, body) = ask(&shared(""), get("/measures/missing_again.csv")).await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!(
        text.lines().next().unwrap(),
        "measure,period,dimension,level,numerator,denominator,value,lower,upper,unit,symbol,provisional"
    );
    assert!(text.contains(",c,"), "a withheld figure is a symbol");
}

#[tokio::test]
async fn the_first_screen_puts_what_misses_its_target_before_what_cannot_be_known() {
    let (_, body) = ask(&shared(""), get("/")).await;
    let text = String::from_utf8(body).unwrap();
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}"));
    let table = place("What needs attention");
    assert!(
        text[table..].find("measures/missing_again").unwrap() < text[table..].find("measures/unmet_need_now").unwrap()
    );
    place("generated from the figures");
    place("Sample data.");
    for never in ["Children are safer", "will meet", "no children are in unassessed risk", "absconded"] {
        assert!(!text.contains(never), "{never}");
    }
}

#[tokio::test]
async fn another_month_is_its_own_site_and_keeps_to_itself() {
    let mut september = report();
    september.id = "09aa".into();
    september.about.month = "2026-09".parse().unwrap();
    let latest = report();
    let earlier = move || Some(site(&Inputs::of(&september)));
    let months = Months::new(latest.about.month, [("2026-09".parse().unwrap(), Box::new(earlier) as Render)]);
    let shown = site(&Inputs::of(&latest)).with_months(months);
    let shared = Shared::new(shown, "/sight");
    for _ in 0..2 {
        let (response, body) = ask(&shared, get("/sight/measures/missing_now?month=2026-09")).await;
        let text = String::from_utf8(body).unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(text.contains("Release 09aa") && text.contains("September 2026 as it was released"));
        assert!(text.contains("href=\"../measures/missing_now.csv?month=2026-09\""), "links keep the month");
        assert!(!text.contains(".css?month") && text.contains("<a href=\"../\">Go to the latest, October 2026</a>"));
    }
    let (_, body) = ask(&shared, get("/sight/api/v1/measures?month=2026-09")).await;
    assert!(String::from_utf8(body).unwrap().contains("\"release\":\"09aa\""));
    let (response, body) = ask(&shared, get("/sight/measures/missing_now?month=2026-10")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(!String::from_utf8(body).unwrap().contains("as it was released"), "the latest needs no name");
    let (response, _) = ask(&shared, get("/sight/?month=2026-08")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND, "never released");
    for query in ["month=october", "by=sex", "month=2026-09&x=1", "x"] {
        let (response, _) = ask(&shared, get(&format!("/sight/?{query}"))).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_program_is_told_in_json_what_it_asked_in_vain() {
    let shared = shared("");
    for (path, status) in
        [("/api/v1/measures/nothing", StatusCode::NOT_FOUND), ("/api/v1/measures?x=1", StatusCode::BAD_REQUEST)]
    {
        let (response, body) = ask(&shared, get(path)).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        let fault: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(fault["error"].is_string() && fault["hint"].is_string());
    }
    let (response, _) = ask(&shared, get("/api/v2/anything")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_says_where_its_metadata_lies() {
    let shared = shared("/sight");
    let (response, _) = ask(&shared, get("/sight/tables/missing_again-total.csv")).await;
    assert_eq!(
        response.headers()[header::LINK],
        "<missing_again-total.csv-metadata.json>; rel=\"describedby\"; type=\"application/csvm+json\""
    );
    let (response, body) = ask(&shared, get("/sight/tables/missing_again-total.csv-metadata.json")).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/csvm+json");
    let says: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(says["url"], "missing_again-total.csv");
    assert_eq!(says["tableSchema"]["columns"].as_array().unwrap().len(), 12);
    let version = report().measures[0].version();
    assert_eq!(says["dc:identifier"], format!("missing_again version {version}"));
    for carried in ["release 3fa9c1d2e5", "2026-10-31", "filters: none", "counts of 1 to 5 are withheld"] {
        assert!(says.to_string().contains(carried), "{carried}");
    }
}

#[tokio::test]
async fn a_chart_is_a_file_of_its_own_with_its_look_in_it() {
    let shared = shared("");
    let (response, body) = ask(&shared, get("/charts/control-missing_again-m.svg")).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "image/svg+xml");
    let text = String::from_utf8(body).unwrap();
    assert!(text.contains("<style>") && text.contains("Measure missing_again version"), "{text}");
}

#[tokio::test]
async fn only_a_site_in_the_making_has_a_script() {
    let report = report();
    let inputs = Inputs::of(&report);
    let shared = Shared::new(site(&inputs).live(), "");
    let (_, body) = ask(&shared, get("/measures/missing_again")).await;
    let text = String::from_utf8(body).unwrap();
    assert!(text.contains("<script src=\"../static/live.js\" defer></script></head>"));
    let version = ask(&shared, get("/static/live.txt")).await.1;
    let notices = ["To mend: a.md:5: no".to_owned()];
    shared.replace(site(&Inputs { notices: &notices, ..inputs }).live());
    assert_ne!(ask(&shared, get("/static/live.txt")).await.1, version, "a banner is a change");
}

#[tokio::test]
async fn a_chart_as_a_file_is_the_chart_on_the_page() {
    let shared = shared("");
    let site = shared_site();
    let mut charts = 0;
    for path in site.paths().filter(|path| !path.contains('.') && !path.starts_with("api/")) {
        let text = String::from_utf8(site.body(path).unwrap().to_vec()).unwrap();
        let root = if path.is_empty() { "./".to_owned() } else { "../".repeat(path.matches('/').count()) };
        let root = if root.is_empty() { "./".to_owned() } else { root };
        for chart in text.split("<svg class=\"chart\"").skip(1).map(|rest| rest.split_once("</svg>").unwrap().0) {
            let id = super::site::id_of_chart(chart).unwrap();
            assert!(text.contains(&format!("href=\"{root}charts/{id}.svg\"")), "{path}: {id} has no link");
            let (response, file) = ask(&shared, get(&format!("/charts/{id}.svg"))).await;
            assert_eq!(response.status(), StatusCode::OK, "{id}");
            let marks = chart.split_once("<title").unwrap().1;
            assert!(String::from_utf8(file).unwrap().contains(marks), "{path}: {id} is another chart as a file");
            charts += 1;
        }
    }
    assert!(charts > 20, "{charts}");
}

#[tokio::test]
async fn a_month_that_was_not_released_is_not_found() {
    let shared = shared("");
    for path in ["/?month=2019-01", "/measures/missing_again?month=2019-01", "/api/v1/measures?month=2019-01"] {
        let (response, body) = ask(&shared, get(path)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(String::from_utf8(body).unwrap().contains("releases"), "{path}");
    }
}

#[tokio::test]
async fn a_month_that_was_not_released_is_answered_with_those_that_were() {
    let report = report();
    let listed = |month: &str, status: &str| ReleaseListing {
        id: format!("{month}-30-3fa9"),
        as_at: format!("{month}-28").parse().unwrap(),
        month: month.parse().unwrap(),
        status: status.into(),
    };
    let releases =
        [listed("2026-10", "verified"), listed("2026-09", "verified"), listed("2026-08", "withdrawn: sent twice")];
    let shared = Shared::new(site(&Inputs { releases: &releases, ..Inputs::of(&report) }), "");
    let (response, body) = ask(&shared, get("/measures/missing_again?month=2026-07")).await;
    let body = String::from_utf8(body).unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(body.contains("That month was not released") && !body.contains("is not offered"), "{body}");
    assert!(body.contains("<a href=\"../?month=2026-09\">September 2026</a>"), "{body}");
    assert!(body.contains("<a href=\"../\">October 2026</a>, the latest"), "{body}");
    assert!(!body.contains("August 2026"), "what was withdrawn cannot be read");
    let (_, body) = ask(&shared, get("/releases")).await;
    let body = String::from_utf8(body).unwrap();
    let link = "Since the one before<span class=\"hidden\">: from 2026-09-30-3fa9 to 2026-10-30-3fa9</span>";
    assert!(body.contains(link), "a link says which two releases it sets side by side: {body}");
}

#[tokio::test]
async fn a_chart_that_there_is_not_is_answered_with_those_that_there_are() {
    let shared = shared("/sight");
    let (response, body) = ask(&shared, get("/sight/charts/missing_again.svg")).await;
    let body = String::from_utf8(body).unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(body.contains("Download this chart (SVG)"), "{body}");
    let first =
        body.split("<a href=\"./").find_map(|rest| rest.split('"').next().filter(|name| name.ends_with(".svg")));
    let (response, _) = ask(&shared, get(&format!("/sight/charts/{}", first.unwrap()))).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn beneath_every_chart_stands_the_link_to_its_file() {
    let site = shared_site();
    let mut charts = 0;
    for path in site.paths().filter(|path| site.is_page(path)) {
        let text = String::from_utf8_lossy(site.body(path).unwrap());
        for chart in text.split("<svg class=\"chart\"").skip(1) {
            let id = chart.split("aria-labelledby=\"").nth(1).unwrap().split("-t ").next().unwrap();
            assert!(text.contains(&format!("charts/{id}.svg\"")), "{path}: {id}");
            charts += 1;
        }
    }
    assert!(charts > 20, "{charts}");
}

#[test]
fn what_cannot_be_known_is_said_once_on_a_page() {
    let text = "+++\ntitle = \"T\"\ntheme = \"missing\"\norder = 1\nquestion = \"Q?\"\n+++\n\n```kpis\nmeasures = [\"missing_again\", \"training_applied\"]\n```\n\n```table\nmeasure = \"training_applied\"\n```\n";
    let pages = [crate::dashboards::parse("t.md", text).unwrap()];
    let report = report();
    let site = site(&Inputs { pages: &pages, ..Inputs::of(&report) });
    let page = String::from_utf8_lossy(site.body("themes/t").unwrap()).into_owned();
    assert_eq!(page.matches("Cannot be known from the data supplied").count(), 1, "{page}");
}
