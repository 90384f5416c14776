//! Sign-in through a provider, truthful and lying.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use sightline::config::Oidc;
use sightline::domain::Role;

use super::house::{Answer, House};
use super::provider::{CLIENT, CLIENT_SECRET, Desk, Signed, TENANT};

const ATTEMPT: &str = "__Host-sightline-attempt";

async fn opened() -> (House, Arc<Desk>) {
    let desk = Desk::open(1_790_000_000).await;
    let oidc = Oidc {
        issuer: desk.issuer.parse().unwrap(),
        client_id: CLIENT.into(),
        client_secret_file: "unused".into(),
        ca_file: None,
        tenant: Some(TENANT.into()),
        groups_claim: "groups".into(),
        groups: vec![
            ("group-board".into(), Role::Board),
            ("group-analyst".into(), Role::Analyst),
            ("group-admin".into(), Role::Admin),
        ],
    };
    (House::with(Some((oidc, CLIENT_SECRET))), desk)
}

/// Begins in a browser: the cookie it holds and where it is sent.
async fn begin(house: &House) -> (String, url::Url) {
    let answer = house.get("/sign-in/work", None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    (answer.cookie(ATTEMPT).unwrap(), answer.to().parse().unwrap())
}

async fn back(house: &House, cookie: &str, state: &str, code: &str) -> Answer {
    let asked = Request::get(format!("/sign-in/callback?code={code}&state={state}"))
        .header("accept", "text/html")
        .header("cookie", format!("{ATTEMPT}={cookie}"))
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    house.ask(asked).await
}

async fn through(house: &House, desk: &Desk) -> Answer {
    let (cookie, address) = begin(house).await;
    let (code, state) = desk.sign_in(&address);
    back(house, &cookie, &state, &code).await
}

#[tokio::test]
async fn somebody_the_provider_vouches_for_comes_in_with_the_role_of_their_group() {
    let (house, desk) = opened().await;
    let answer = through(&house, &desk).await;
    assert_eq!((answer.status, answer.to()), (StatusCode::SEE_OTHER, "/restricted/"));
    let session = answer.cookie("__Host-sightline").unwrap();
    assert_eq!(answer.cookie(ATTEMPT).as_deref(), Some(""), "the attempt is over");
    let who = house.get("/who", Some(&session)).await.body;
    assert!(who.contains("amina@northmoor.example") && who.contains("analyst"));
    assert_eq!(house.get("/restricted/", Some(&session)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_lie_is_refused() {
    let (house, desk) = opened().await;
    let now = 1_790_000_000;
    let lies: Vec<(&str, Signed, Value)> = vec![
        ("issuer", Signed::Well, json!({ "iss": "https://other.example" })),
        ("audience", Signed::Well, json!({ "aud": "another-application" })),
        ("two audiences", Signed::Well, json!({ "aud": [CLIENT, "another-application"] })),
        ("authorised party", Signed::Well, json!({ "azp": "another-application" })),
        ("nonce", Signed::Well, json!({ "nonce": "of another sign-in" })),
        ("no nonce", Signed::Well, json!({ "nonce": null })),
        ("tenant", Signed::Well, json!({ "tid": "tenant-2" })),
        ("no tenant", Signed::Well, json!({ "tid": null })),
        ("expired", Signed::Well, json!({ "exp": now - 1 })),
        ("long ago", Signed::Well, json!({ "iat": now - 3600 })),
        ("from the future", Signed::Well, json!({ "iat": now + 3600 })),
        ("unmapped group", Signed::Well, json!({ "groups": ["everyone"] })),
        ("no group", Signed::Well, json!({ "groups": null })),
        ("a group that only begins so", Signed::Well, json!({ "groups": ["group-analyst-2", "GROUP-ANALYST"] })),
        ("alg none", Signed::NotAtAll, json!({})),
        ("alg HS256 with the shared secret", Signed::WithTheSharedSecret, json!({})),
        ("unknown key", Signed::WithAnUnknownKey, json!({})),
        ("unknown key under the known name", Signed::WithAnUnknownKeyUnderTheKnownName, json!({})),
        ("changed after signing", Signed::AndThenChanged, json!({})),
    ];
    for (lie, signed, claims) in lies {
        {
            let mut told = desk.lies.lock().unwrap();
            told.signed = signed;
            told.claims = claims;
        }
        let answer = through(&house, &desk).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{lie}");
        assert!(answer.cookie("__Host-sightline").is_none(), "{lie}");
        assert!(answer.body.contains("You are not signed in"), "{lie}");
        assert!(!answer.body.contains(CLIENT_SECRET) && !answer.body.contains(&desk.issuer), "{lie}");
    }
    assert_eq!(house.door.people().await.unwrap().len(), 5, "nobody was added");
    {
        let mut told = desk.lies.lock().unwrap();
        told.signed = Signed::Well;
        told.claims = json!({});
    }
    assert_eq!(through(&house, &desk).await.status, StatusCode::SEE_OTHER, "and the truth is believed");
}

#[tokio::test]
async fn a_sign_in_ends_in_the_browser_it_began_in_and_once() {
    let (house, desk) = opened().await;
    let (cookie, address) = begin(&house).await;
    let (code, state) = desk.sign_in(&address);
    let (others_cookie, others_address) = begin(&house).await;
    let (_, others_state) = desk.sign_in(&others_address);
    for (cookie, state, why) in [
        ("", state.as_str(), "no cookie"),
        (others_cookie.as_str(), state.as_str(), "another browser's cookie"),
        (cookie.as_str(), others_state.as_str(), "another browser's state"),
        (cookie.as_str(), "", "no state"),
        (&cookie.replace(&cookie[12..20], "00000000"), state.as_str(), "a cookie made up"),
    ] {
        let answer = back(&house, cookie, state, &code).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}");
        assert!(answer.cookie("__Host-sightline").is_none(), "{why}");
    }
    assert_eq!(back(&house, &cookie, &state, &code).await.status, StatusCode::SEE_OTHER);
    let replayed = back(&house, &cookie, &state, &code).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED, "a replay");
    assert!(replayed.cookie("__Host-sightline").is_none());

    let (cookie, address) = begin(&house).await;
    let (code, state) = desk.sign_in(&address);
    house.later(10 * 60);
    assert_eq!(back(&house, &cookie, &state, &code).await.status, StatusCode::UNAUTHORIZED, "too late");
}

#[tokio::test]
async fn the_same_address_with_another_subject_is_somebody_else() {
    let (house, desk) = opened().await;
    through(&house, &desk).await;
    let first = house.door.people().await.unwrap().pop().unwrap();
    let admin = house.door.people().await.unwrap().into_iter().find(|one| one.role == Role::Admin).unwrap();
    house.door.set_disabled(first.id, true, admin, house.now.load(Ordering::SeqCst)).await.unwrap();
    assert_eq!(through(&house, &desk).await.status, StatusCode::UNAUTHORIZED, "kept out, though the provider vouches");
    desk.lies.lock().unwrap().claims = json!({ "sub": "subject-2", "groups": ["group-board"] });
    let answer = through(&house, &desk).await;
    assert_eq!(answer.to(), "/", "another person, with their own role");
    let people = house.door.people().await.unwrap();
    let second = people.last().unwrap();
    assert_eq!(second.name, first.name);
    assert_ne!(second.id, first.id);
    assert!(people.iter().find(|one| one.id == first.id).unwrap().disabled);
}

#[tokio::test]
async fn a_new_role_begins_with_the_next_sign_in_and_ends_the_old_sessions() {
    let (house, desk) = opened().await;
    let before = through(&house, &desk).await.cookie("__Host-sightline").unwrap();
    desk.lies.lock().unwrap().claims = json!({ "groups": ["group-analyst", "group-board"] });
    assert_eq!(through(&house, &desk).await.to(), "/", "the first group in the settings' order counts");
    assert_eq!(house.get("/restricted/", Some(&before)).await.status, StatusCode::SEE_OTHER, "the old session is over");
}

#[tokio::test]
async fn a_key_the_provider_changed_is_learnt_within_a_minute() {
    let (house, desk) = opened().await;
    assert_eq!(through(&house, &desk).await.status, StatusCode::SEE_OTHER);
    desk.lies.lock().unwrap().key_name = "second";
    assert_eq!(through(&house, &desk).await.status, StatusCode::UNAUTHORIZED, "not asked again at once");
    house.later(61);
    desk.lies.lock().unwrap().now = 1_790_000_061;
    assert_eq!(through(&house, &desk).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_said_to_be_away() {
    let oidc = Oidc {
        issuer: "http://127.0.0.1:9/tenant".parse().unwrap(),
        client_id: CLIENT.into(),
        client_secret_file: "unused".into(),
        ca_file: None,
        tenant: None,
        groups_claim: "groups".into(),
        groups: vec![("group".into(), Role::Board)],
    };
    let house = House::with(Some((oidc, CLIENT_SECRET)));
    let answer = house.get("/sign-in/work", None).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("their service does not answer"));
    let code = house.code();
    assert_eq!(
        house.try_in("board", super::house::PASSWORD, &code).await.status,
        StatusCode::SEE_OTHER,
        "break the glass"
    );
}
