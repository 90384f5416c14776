//! Local accounts, sessions, origins, headers.

use axum::body::Body;
use axum::http::StatusCode;
use sightline::domain::Role;
use sightline::identity::audit::{AuditKey, verify};
use sightline::identity::{file_of, open_file};
use sightline::release::open_board;
use sightline::web::{Inputs, Shared, app, site};
use tower::ServiceExt as _;

use super::house::{House, KEY, ORIGIN, PASSWORD, request};

#[tokio::test]
async fn name_password_and_code_are_all_needed_and_none_is_named() {
    let house = House::new();
    let code = house.code();
    let mut said = Vec::new();
    for (name, password, code) in [
        ("nobody-here", PASSWORD, code.as_str()),
        ("analyst", "rivers-over-marble", code.as_str()),
        ("analyst", PASSWORD, "000000"),
        ("analyst", PASSWORD, ""),
    ] {
        let answer = house.try_in(name, password, code).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
        assert!(answer.cookie("__Host-sightline").is_none());
        said.push(answer.body);
    }
    assert!(said.iter().all(|body| *body == said[0]), "which it was cannot be told from the answer");
    assert!(said[0].contains("<title>Error: sign in"));
    assert_eq!(house.try_in("analyst", PASSWORD, &code).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_code_works_once() {
    let house = House::new();
    let code = house.code();
    assert_eq!(house.try_in("board", PASSWORD, &code).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.try_in("board", PASSWORD, &code).await.status, StatusCode::UNAUTHORIZED);
    house.later(30);
    assert_eq!(house.try_in("board", PASSWORD, &house.code()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn each_role_begins_on_its_own_page_or_on_the_one_it_asked_for() {
    let house = House::new();
    for (role, home) in [
        (Role::Board, "/"),
        (Role::Leader, "/"),
        (Role::Analyst, "/restricted/"),
        (Role::Scrutineer, "/restricted/"),
        (Role::Admin, "/admin/users"),
    ] {
        assert_eq!(house.try_in(role.as_str(), PASSWORD, &house.code()).await.to(), home);
    }
    let asked = house.get("/measures/missing_again", None).await;
    assert_eq!(asked.to(), "/sign-in?to=measures/missing_again");
    assert!(house.get(asked.to(), None).await.body.contains("value=\"measures/missing_again\""));
    house.later(30);
    for (to, leads) in [
        ("measures%2Fmissing_again", "/measures/missing_again"),
        ("%2F%2Fevil.example", "/"),
        ("https%3A%2F%2Fevil.example", "/"),
        ("..%2Fx", "/"),
    ] {
        let form = format!("name=board&password={PASSWORD}&code={}&to={to}", house.code());
        assert_eq!(house.post("/sign-in", None, &form).await.to(), leads, "{to}");
        house.later(30);
    }
}

#[tokio::test]
async fn every_sign_in_has_a_session_of_its_own_and_ends_the_one_before() {
    let house = House::new();
    let first = house.session(Role::Board).await;
    house.later(30);
    let form = format!("name=board&password={PASSWORD}&code={}&to=", house.code());
    let second = house.post("/sign-in", Some(&first), &form).await.cookie("__Host-sightline").unwrap();
    assert_ne!(first, second);
    assert_eq!(house.get("/", Some(&first)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/", Some(&second)).await.status, StatusCode::OK);
    let fixed = "ab".repeat(32);
    house.later(30);
    let form = format!("name=board&password={PASSWORD}&code={}&to=", house.code());
    let given = house.post("/sign-in", Some(&fixed), &form).await.cookie("__Host-sightline").unwrap();
    assert_ne!(given, fixed, "a session is never taken from the browser");
    assert_eq!(house.get("/", Some(&fixed)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn sessions_end_by_idleness_age_sign_out_and_at_once_by_order() {
    let house = House::new();
    let session = house.session(Role::Board).await;
    house.later(29 * 60);
    assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::OK);
    house.later(30 * 60);
    assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::SEE_OTHER);

    let session = house.session(Role::Board).await;
    for _ in 0..29 {
        house.later(20 * 60);
        assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::OK);
    }
    house.later(20 * 60);
    assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::SEE_OTHER, "ten hours");

    let session = house.session(Role::Board).await;
    let answer = house.post("/sign-out", Some(&session), "").await;
    assert_eq!((answer.to(), answer.cookie("__Host-sightline").as_deref()), ("/signed-out", Some("")));
    assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::SEE_OTHER);

    house.later(30);
    let (board, admin) = (house.session(Role::Board).await, house.session(Role::Admin).await);
    let answer = house.post("/admin/users/1/disable", Some(&admin), "").await;
    assert_eq!(answer.to(), "/admin/users");
    assert_eq!(house.get("/", Some(&board)).await.status, StatusCode::SEE_OTHER, "from the next request on");
    house.later(30);
    assert_eq!(house.try_in("board", PASSWORD, &house.code()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.post("/admin/users/5/disable", Some(&admin), "").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn another_process_revokes_at_once_too() {
    let house = House::new();
    let session = house.session(Role::Leader).await;
    let connection = open_file(&house.project.path().join("identity")).unwrap();
    sightline::identity::people::set_role(&connection, 2, Role::Board).unwrap();
    assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_another_site_asks_for_is_not_done() {
    let house = House::new();
    let session = house.session(Role::Admin).await;
    let form = format!("name=board&password={PASSWORD}&code={}&to=", house.code());
    for (headers, done) in [
        (vec![("sec-fetch-site", "same-origin")], true),
        (vec![("origin", ORIGIN)], true),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (vec![("sec-fetch-site", "cross-site")], false),
        (vec![("sec-fetch-site", "same-site")], false),
        (vec![("sec-fetch-site", "none")], false),
        (vec![("sec-fetch-site", "cross-site"), ("origin", ORIGIN)], false),
        (vec![("origin", "https://evil.example")], false),
        (vec![("origin", "http://sightline.example")], false),
        (vec![("origin", "null")], false),
        (vec![], false),
    ] {
        house.later(30);
        for (path, body) in [("/sign-in", form.as_str()), ("/admin/users/2/disable", ""), ("/sign-out", "")] {
            // Signing in or out would end the session that the walk goes on with.
            let session = path.starts_with("/admin").then_some(session.as_str());
            let asked = request("POST", path, session, &headers).body(Body::from(body.to_owned())).unwrap();
            let answer = house.ask(asked).await;
            assert_eq!(answer.status != StatusCode::FORBIDDEN, done, "{path} {headers:?}");
            if !done {
                assert!(answer.body.contains("nothing was done"));
            }
        }
        house.post("/admin/users/2/enable", Some(&session), "").await;
        if !done {
            assert!(house.get("/admin/users", Some(&session)).await.status == StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn headers_and_cookies_are_these() {
    let house = House::new();
    let signed_in = house.try_in("board", PASSWORD, &house.code()).await;
    let session = signed_in.cookie("__Host-sightline").unwrap();
    let page = house.get("/", Some(&session)).await;
    let mut said = String::new();
    for (title, answer) in
        [("sign-in", &signed_in), ("a page", &page), ("the way in", &house.get("/sign-in", None).await)]
    {
        said.push_str(&format!("# {title}: {}\n", answer.status));
        let mut lines: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !["content-length", "etag"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap().replace(&session, "SESSION")))
            .collect();
        lines.sort();
        said.push_str(&lines.join("\n"));
        said.push('\n');
    }
    insta::assert_snapshot!("headers", said);
    assert_eq!(session.len(), 64, "256 bits");
}

#[tokio::test]
async fn forms_let_password_managers_and_paste_work() {
    let house = House::new();
    let page = house.get("/sign-in", None).await.body;
    for attribute in [
        "autocomplete=\"username\"",
        "autocomplete=\"current-password\"",
        "autocomplete=\"one-time-code\"",
        "<label for=\"name\">",
        "<label for=\"password\">",
        "<label for=\"code\">",
        "lang=\"en-GB\"",
    ] {
        assert!(page.contains(attribute), "{attribute}");
    }
    assert!(!page.contains("onpaste") && !page.contains("autocomplete=\"off\""));
    assert!(!page.contains("<nav"), "nothing of the release is named before signing in");
}

#[tokio::test]
async fn five_hundred_guesses_at_once_are_ten() {
    let house = std::sync::Arc::new(House::new());
    let tries: Vec<_> = (0..500)
        .map(|number| {
            let house = std::sync::Arc::clone(&house);
            tokio::spawn(
                async move { house.try_in("analyst", &format!("guess-number-{number}"), "123456").await.status },
            )
        })
        .collect();
    let mut answers = std::collections::BTreeMap::new();
    for one in tries {
        *answers.entry(one.await.unwrap().as_u16()).or_insert(0) += 1;
    }
    let looked_at = answers.get(&401).copied().unwrap_or(0);
    assert!(looked_at <= 10, "{answers:?}");
    assert_eq!(looked_at + answers.get(&429).unwrap_or(&0) + answers.get(&503).unwrap_or(&0), 500, "{answers:?}");
    let waits = house.try_in("analyst", PASSWORD, &house.code()).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waits.body.contains("Wait 5 minutes") && waits.headers.contains_key("retry-after"));
    let throttled: Vec<String> = house.door.latest(1000).await.unwrap().into_iter().map(|line| line.action).collect();
    assert!(throttled.iter().filter(|action| *action == "sign-in throttled").count() <= 2, "a flood fills no log");
    house.later(5 * 60);
    assert_eq!(
        house.try_in("analyst", PASSWORD, &house.code()).await.status,
        StatusCode::SEE_OTHER,
        "nobody is locked out"
    );
}

#[tokio::test]
async fn an_outsider_cannot_keep_the_owner_out() {
    let house = House::new();
    // The owner has come in from 203.0.113.5 through the proxy; guesses come from elsewhere.
    let through = async |from: &str, password: &str| {
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", from)];
        let form = format!("name=analyst&password={password}&code={}&to=", house.code());
        let mut asked = request("POST", "/sign-in", None, &headers).body(Body::from(form)).unwrap();
        asked.extensions_mut().clear();
        house.ask(asked).await.status
    };
    // Without the proxy's own address as peer, the header is not believed: all of these come from one address.
    for number in 0..10 {
        assert_eq!(through(&format!("198.51.100.{number}"), "wrong-guess-again").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        through("203.0.113.5", PASSWORD).await,
        StatusCode::TOO_MANY_REQUESTS,
        "a made-up header gives no new tries"
    );
}

#[tokio::test]
async fn the_owner_comes_in_from_home_while_strangers_guess() {
    use sightline::identity::SignIn;
    let house = House::new();
    let now = || house.now.load(std::sync::atomic::Ordering::SeqCst);
    let (home, away) = ("203.0.113.5".parse().unwrap(), "198.51.100.7".parse().unwrap());
    let sign_in = async |from, password: &str| {
        let given = SignIn { name: "analyst".into(), password: password.into(), code: house.code() };
        house.door.sign_in(given, from, None, now()).await.is_ok()
    };
    assert!(sign_in(home, PASSWORD).await);
    house.later(30);
    for _ in 0..20 {
        assert!(!sign_in(away, "a wrong guess").await);
    }
    assert!(!sign_in(away, PASSWORD).await, "strangers wait");
    assert!(sign_in(home, PASSWORD).await, "the owner does not");
}

#[tokio::test]
async fn a_form_that_is_too_long_is_not_read() {
    let house = House::new();
    let answer = house.post("/sign-in", None, &format!("name=board&password={}", "x".repeat(100_000))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_record_of_a_day_is_whole_and_a_missing_line_is_found() {
    let house = House::new();
    let session = house.session(Role::Board).await;
    for _ in 0..5 {
        house.get("/", Some(&session)).await;
    }
    let connection = open_file(&house.project.path().join("identity")).unwrap();
    let key = AuditKey::of(&KEY);
    assert_eq!(verify(&connection, &key, &[]).unwrap().unwrap().seq, 6);
    assert!(file_of(&house.project.path().join("identity")).exists());
    connection.execute_batch("DROP TRIGGER audit_is_never_cut; DELETE FROM audit WHERE seq = 4").unwrap();
    assert_eq!(verify(&connection, &key, &[]).unwrap().unwrap_err(), ["entry 4 was removed"]);
}

#[tokio::test]
async fn without_sign_in_a_name_that_merely_leads_here_is_turned_away() {
    let house = House::new();
    let report = open_board(&house.release).unwrap();
    let inputs = Inputs {
        report: &report,
        pages: &[],
        commentary: &[],
        history: &sightline::web::History::default(),
        releases: &[],
        notices: &["No sign-in is asked for: this is served to this machine alone.".into()],
        guarded: false,
    };
    let app = app(Shared::here_alone(site(&inputs), ""));
    for (host, status) in [
        ("127.0.0.1:8080", StatusCode::OK),
        ("localhost", StatusCode::OK),
        ("[::1]:8080", StatusCode::OK),
        ("evil.example:8080", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let asked = request("GET", "/", None, &[("host", host)]).body(Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(asked).await.unwrap().status(), status, "{host}");
    }
}
