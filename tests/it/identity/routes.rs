//! Every route as every role and as nobody.

use axum::body::Body;
use axum::http::StatusCode;
use sightline::domain::Role;
use sightline::web::routes;

use super::house::{CANARY, House, PASSWORD, request};

/// A real address of a route: its placeholders filled.
fn address(path: &str) -> String {
    match path {
        "/static/{name}" => "/static/icon.svg".into(),
        "/tables/{name}" | "/restricted/tables/{name}" => path.replace("{name}", "sources.csv"),
        "/restricted/figures/{name}" => path.replace("{name}", "all.csv"),
        "/admin/users/{id}/disable" | "/admin/users/{id}/enable" => path.replace("{id}", "999"),
        "/api/v1/{what}" => "/api/v1/measures".into(),
        "/compare/{from}/{to}" => "/compare/one/other".into(),
        other => other.replace("{id}", "missing_again").replace("{name}", "help"),
    }
}

#[tokio::test]
async fn every_route_lets_in_exactly_those_it_is_for() {
    let house = House::new();
    let mut sessions = Vec::new();
    for role in Role::ALL {
        sessions.push((role, house.session(role).await));
        house.later(30);
    }
    let mut table = String::new();
    for (path, method, needs) in routes() {
        if path == "/sign-out" {
            continue; // ends the session it is tried with: walked apart
        }
        let at = address(&path);
        let ask = async |session: Option<&str>| {
            let headers = [("sec-fetch-site", "same-origin")];
            house.ask(request(method, &at, session, &headers).body(Body::empty()).unwrap()).await
        };
        let nobody = ask(None).await;
        let mut seen_by = Vec::new();
        if needs == sightline::identity::Needs::Nothing {
            assert!(!nobody.to().contains("/sign-in?"), "{method} {path} is for anybody");
            seen_by.push("nobody");
        } else {
            assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{method} {path}");
            assert!(nobody.to().starts_with("/sign-in"), "{method} {path} {}", nobody.to());
            assert!(nobody.body.is_empty(), "{method} {path}");
        }
        for (role, session) in &sessions {
            let answer = ask(Some(session)).await;
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{method} {path}");
            if answer.status == StatusCode::FORBIDDEN {
                assert!(answer.body.contains("You may not see this"), "{method} {path}");
                assert!(!needs.allows(*role), "{method} {path} {role}");
            } else {
                assert!(needs.allows(*role), "{method} {path} {role} {}", answer.status);
                assert!(!answer.to().starts_with("/sign-in?"), "{method} {path} {role}");
                seen_by.push(role.as_str());
            }
        }
        table.push_str(&format!("{method:<4} {path:<28} {}\n", seen_by.join(" ")));
    }
    insta::assert_snapshot!("routes", table);
}

#[tokio::test]
async fn what_is_no_route_is_nothing_to_anybody() {
    let house = House::new();
    let admin = house.session(Role::Admin).await;
    for path in ["/admin", "/restricted", "/.env", "/identity/identity.sqlite", "/board/figures.csv", "/api", "/who/x"]
    {
        for session in [None, Some(admin.as_str())] {
            let answer = house.get(path, session).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.body.contains("missing"), "{path}: no measure is named");
        }
    }
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT"] {
        let asked = request(method, "/", Some(&admin), &[("sec-fetch-site", "same-origin")]);
        let answer = house.ask(asked.body(Body::empty()).unwrap()).await;
        assert!(answer.status.is_client_error(), "{method} {}", answer.status);
    }
}

#[tokio::test]
async fn the_board_is_never_shown_what_the_restricted_edition_holds() {
    let house = House::new();
    let (board, analyst) = (house.session(Role::Board).await, house.session(Role::Analyst).await);
    house.later(30);
    let exact = house.get("/restricted/measures/missing_again", Some(&analyst)).await;
    assert_eq!(exact.status, StatusCode::OK);
    assert!(exact.body.contains("Restricted edition") && exact.body.contains("not to be shown"));
    let refused = house.get("/restricted/measures/missing_again", Some(&board)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for path in ["/restricted/measures/missing_again.csv", "/restricted/figures/all.json"] {
        assert_eq!(house.get(path, Some(&board)).await.status, StatusCode::FORBIDDEN, "{path}");
        let answer = house.get(path, Some(&analyst)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn every_link_of_the_restricted_edition_leads_somewhere() {
    let house = House::new();
    let session = house.session(Role::Analyst).await;
    let mut waiting = vec!["/restricted/".to_owned(), "/who".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = house.get(&path, Some(&session)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        if !path.starts_with("/restricted") && path != "/who"
            || !answer.headers["content-type"].to_str().unwrap().starts_with("text/html")
        {
            continue;
        }
        assert!(!answer.body.contains("style=") && !answer.body.contains("<script"), "{path}");
        let folder = path.rsplit_once('/').unwrap().0.to_owned();
        let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| !link.starts_with('#')) {
            if let Some(root) = link.strip_prefix('/') {
                waiting.push(format!("/{root}"));
                continue;
            }
            let (mut at, mut rest) = (folder.clone(), link);
            while let Some(up) = rest.strip_prefix("../") {
                at = at.rsplit_once('/').unwrap().0.to_owned();
                rest = up;
            }
            waiting.push(format!("{at}/{}", rest.trim_start_matches("./")));
        }
    }
    assert!(seen.len() > 15 && seen.contains("/restricted/figures/all.json") && seen.contains("/"), "{seen:?}");
}

#[tokio::test]
async fn nothing_that_must_stay_secret_is_in_any_answer_or_record() {
    let house = House::new();
    let folder = house.project.path().to_str().unwrap().to_owned();
    let mut secrets = vec![CANARY.to_owned(), PASSWORD.to_owned(), folder, "identity.sqlite".into(), "$argon2".into()];
    secrets.push(String::from_utf8(super::house::SECRET.to_vec()).unwrap());
    for role in Role::ALL {
        let session = house.session(role).await;
        house.later(30);
        for (path, method, _) in routes() {
            if path == "/sign-out" {
                continue;
            }
            for at in [address(&path), format!("{}?child={CANARY}", path.replace(['{', '}'], ""))] {
                let headers = [("sec-fetch-site", "same-origin")];
                let asked = request(method, &at, Some(&session), &headers).body(Body::empty()).unwrap();
                let answer = house.ask(asked).await;
                let said = format!("{:?} {}", answer.headers, answer.body);
                for secret in &secrets {
                    assert!(!said.contains(secret), "{method} {at} says {secret}");
                }
                assert!(!said.contains(&session), "{method} {at} says the session");
                assert!(!said.contains("src/") && !said.contains("panicked"), "{method} {at}");
            }
        }
        let typed = house.get(&format!("/measures/{CANARY}"), Some(&session)).await;
        assert!(typed.status == StatusCode::NOT_FOUND || role == Role::Admin);
        house.try_in(CANARY, PASSWORD, "000000").await;
        secrets.push(session);
        house.later(5 * 60); // so that none of these tries is refused for their number
    }
    // What was typed, asked for or held is not written down either: the log names pages of the site and accounts alone.
    for line in house.door.latest(10_000).await.unwrap() {
        let said = format!("{line:?}");
        for secret in &secrets {
            assert!(!said.contains(secret), "the log says {secret}");
        }
    }
}

#[tokio::test]
async fn who_opened_what_is_on_record_and_never_a_figure() {
    let house = House::new();
    let session = house.session(Role::Analyst).await;
    house.get("/", Some(&session)).await;
    house.get("/restricted/figures/all.csv", Some(&session)).await;
    house.get("/admin/audit", Some(&session)).await;
    house.get("/measures/nothing", Some(&session)).await;
    house.get("/static/icon.svg", Some(&session)).await;
    let said: Vec<String> = house
        .door
        .latest(20)
        .await
        .unwrap()
        .into_iter()
        .rev()
        .map(|line| format!("{} {} {} {}", line.entry.actor, line.action, line.entry.what, line.entry.edition))
        .collect();
    assert_eq!(
        said,
        [
            "#3 analyst signed in  ",
            "#3 analyst opened page first screen board",
            "#3 analyst exported figures/all.csv restricted",
            "#3 analyst refused admin/audit ",
        ]
    );
}

#[tokio::test]
async fn reading_changes_nothing_but_the_record() {
    let house = House::new();
    let session = house.session(Role::Admin).await;
    let before = house.door.people().await.unwrap();
    for (path, method, _) in routes() {
        if method == "GET" {
            house.get(&address(&path), Some(&session)).await;
        }
    }
    assert_eq!(house.door.people().await.unwrap(), before);
    assert_eq!(house.get("/admin/users", Some(&session)).await.status, StatusCode::OK, "the session lives");
}
