//! A provider as they are: discovery, keys, codes bound to a challenge, tokens signed with RS256. It can be told to lie.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::keys;

/// JSON, as providers send it.
type Json = ([(&'static str, &'static str); 1], String);

fn as_json(value: &Value) -> Json {
    ([("content-type", "application/json")], value.to_string())
}

pub(crate) const CLIENT: &str = "sightline-client";
pub(crate) const CLIENT_SECRET: &str = "client-secret-canary";
pub(crate) const TENANT: &str = "tenant-1";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Signed {
    Well,
    NotAtAll,
    WithTheSharedSecret,
    WithAnUnknownKey,
    WithAnUnknownKeyUnderTheKnownName,
    AndThenChanged,
}

pub(crate) struct Lies {
    pub(crate) signed: Signed,
    /// Claims put in place of the right ones; null takes one away.
    pub(crate) claims: Value,
    /// The key's name, which changes when the provider has a new key.
    pub(crate) key_name: &'static str,
    pub(crate) now: i64,
}

pub(crate) struct Desk {
    pub(crate) issuer: String,
    pub(crate) lies: Mutex<Lies>,
    codes: Mutex<BTreeMap<String, BTreeMap<String, String>>>,
}

fn pair(text: &str) -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).unwrap()
}

impl Desk {
    pub(crate) async fn open(now: i64) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let lies = Lies { signed: Signed::Well, claims: json!({}), key_name: "first", now };
        let desk = Arc::new(Self {
            issuer: format!("http://{}/tenant", listener.local_addr().unwrap()),
            lies: Mutex::new(lies),
            codes: Mutex::default(),
        });
        let app = Router::new()
            .route("/tenant/.well-known/openid-configuration", get(discovery))
            .route("/tenant/keys", get(published))
            .route("/tenant/token", post(token))
            .with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        desk
    }

    /// What a person's browser does there: signs in and is sent back with a code. Gives the code.
    pub(crate) fn sign_in(&self, address: &url::Url) -> (String, String) {
        assert!(address.as_str().starts_with(&format!("{}/authorize", self.issuer)), "{address}");
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["redirect_uri"], "https://sightline.example/sign-in/callback");
        assert!(asked["scope"].contains("openid"));
        let code = format!("code-{}", self.codes.lock().unwrap().len());
        let state = asked["state"].clone();
        self.codes.lock().unwrap().insert(code.clone(), asked);
        (code, state)
    }

    fn token(&self, nonce: &str) -> String {
        let lies = self.lies.lock().unwrap();
        let mut claims = json!({
            "iss": self.issuer, "sub": "subject-1", "aud": CLIENT, "tid": TENANT, "nonce": nonce,
            "iat": lies.now, "exp": lies.now + 300,
            "preferred_username": "amina@northmoor.example", "email": "amina@northmoor.example",
            "groups": ["everyone", "group-analyst"],
        });
        for (name, value) in lies.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let (algorithm, key_name) = match lies.signed {
            Signed::NotAtAll => ("none", lies.key_name),
            Signed::WithTheSharedSecret => ("HS256", lies.key_name),
            Signed::WithAnUnknownKey => ("RS256", "never-published"),
            _ => ("RS256", lies.key_name),
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({ "alg": algorithm, "typ": "JWT", "kid": key_name }));
        let body = format!("{head}.{}", part(&claims));
        let signature = match lies.signed {
            Signed::NotAtAll => Vec::new(),
            Signed::WithTheSharedSecret => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
                ring::hmac::sign(&key, body.as_bytes()).as_ref().to_vec()
            }
            Signed::Well | Signed::AndThenChanged => rs256(keys::PUBLISHED, &body),
            Signed::WithAnUnknownKey | Signed::WithAnUnknownKeyUnderTheKnownName => rs256(keys::UNKNOWN, &body),
        };
        let body = if lies.signed == Signed::AndThenChanged {
            claims["groups"] = json!(["group-admin"]);
            format!("{head}.{}", part(&claims))
        } else {
            body
        };
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn rs256(key: &str, text: &str) -> Vec<u8> {
    let pair = pair(key);
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    signature
}

async fn discovery(State(desk): State<Arc<Desk>>) -> Json {
    let issuer = &desk.issuer;
    as_json(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
    }))
}

async fn published(State(desk): State<Arc<Desk>>) -> Json {
    let pair = pair(keys::PUBLISHED);
    let parts: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
    let name = desk.lies.lock().unwrap().key_name;
    as_json(&json!({ "keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": name,
        "n": URL_SAFE_NO_PAD.encode(parts.n), "e": URL_SAFE_NO_PAD.encode(parts.e),
    }] }))
}

async fn token(
    State(desk): State<Arc<Desk>>,
    Query(_): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, Json) {
    let given: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let refused = |why: &str| (StatusCode::BAD_REQUEST, as_json(&json!({ "error": why })));
    let proof = STANDARD.encode(format!("{CLIENT}:{CLIENT_SECRET}"));
    if headers.get("authorization").map(|value| value.to_str().unwrap()) != Some(&format!("Basic {proof}")) {
        return refused("invalid_client");
    }
    let Some(asked) = given.get("code").and_then(|code| desk.codes.lock().unwrap().remove(code)) else {
        return refused("invalid_grant");
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(given.get("code_verifier").map_or("", String::as_str)));
    if asked["code_challenge"] != challenge || given.get("redirect_uri") != asked.get("redirect_uri") {
        return refused("invalid_grant");
    }
    let token = desk.token(&asked["nonce"]);
    (StatusCode::OK, as_json(&json!({ "access_token": "unused", "token_type": "Bearer", "id_token": token })))
}
