//! A partnership with a release, an account for each role, and the server asked as a browser would ask it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use sightline::config::{IdentitySettings, Network, Oidc};
use sightline::domain::Role;
use sightline::identity::passwords::Hasher;
use sightline::identity::totp::TotpSecret;
use sightline::identity::{Door, IdentityKey, Provider, open_file, people};
use sightline::release::{open_board, open_restricted};
use sightline::web::{Guard, Inputs, RESTRICTED_AT, ReleaseListing, Shared, exact_site, guarded, site};
use tower::ServiceExt as _;

use crate::project::Project;

/// A name no page, log or message may hold.
pub(crate) const CANARY: &str = "canary-child-7f3a";

/// The password of every account here.
pub(crate) const PASSWORD: &str = "rivers-over-granite";

/// The secret every account's authenticator holds.
pub(crate) const SECRET: [u8; 20] = *b"authenticator secret";

pub(crate) const KEY: IdentityKey = IdentityKey::from_bytes([9; 32]);

pub(crate) const ORIGIN: &str = "https://sightline.example";

pub(crate) struct House {
    pub(crate) project: Project,
    pub(crate) release: PathBuf,
    pub(crate) app: Router,
    pub(crate) door: Arc<Door>,
    pub(crate) now: Arc<AtomicI64>,
}

/// One answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// The cookies it sets, by name.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.headers.get_all(header::SET_COOKIE).iter().find_map(|cookie| {
            let (key, rest) = cookie.to_str().unwrap().split_once('=')?;
            (key == name).then(|| rest.split(';').next().unwrap_or("").to_owned())
        })
    }
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    /// With a provider's settings and secret.
    pub(crate) fn with(oidc: Option<(Oidc, &str)>) -> Self {
        let rows: Vec<String> = (0..12)
            .map(|child| format!("e{child},{CANARY}-{child},M,2026-02-{:02},2026-02-{:02}", child + 1, child + 2))
            .collect();
        let mut lines = vec!["episode_id,child_id,kind,started_at,ended_at"];
        lines.extend(rows.iter().map(String::as_str));
        let project = Project::as_at("2026-03-31").native("council", "missing_episodes", &lines);
        let dir = project.build().unwrap().written.dir;
        let settings = IdentitySettings {
            base_url: ORIGIN.parse().unwrap(),
            proxies: vec![Network::parse("10.0.0.1").unwrap()],
            folder: "identity".into(),
            key_file: None,
            audit_heads_file: None,
            oidc: oidc.as_ref().map(|(oidc, _)| oidc.clone()),
        };
        let hasher = Hasher::with_memory(64).unwrap();
        let folder = project.path().join("identity");
        let connection = open_file(&folder).unwrap();
        let (hash, sealed) = (hasher.hash(PASSWORD).unwrap(), TotpSecret::from_bytes(SECRET).sealed(&KEY).unwrap());
        for role in Role::ALL {
            people::add(&connection, role.as_str(), role, &hash, &sealed, 0).unwrap();
        }
        drop(connection);
        let provider =
            oidc.map(|(oidc, secret)| Provider::new(oidc, secret.to_owned(), &[], &settings.base_url).unwrap());
        let door = Arc::new(Door::open(&settings, &folder, KEY, hasher, provider).unwrap());
        let now = Arc::new(AtomicI64::new(1_790_000_000));
        let clock = Arc::clone(&now);
        let guard =
            Guard::new(Arc::clone(&door), "Test Partnership", "", Arc::new(move || clock.load(Ordering::SeqCst)));
        let report = open_board(&dir).unwrap();
        let releases = [ReleaseListing {
            id: report.id.clone(),
            as_at: report.about.as_at,
            month: report.about.month,
            status: "verified".into(),
        }];
        let pages = sightline::dashboards::load(None).unwrap();
        let inputs = Inputs {
            report: &report,
            pages: &pages,
            commentary: &[],
            history: &sightline::web::History::default(),
            releases: &releases,
            notices: &[],
            guarded: true,
        };
        let board = Shared::guarded(site(&inputs), "", Arc::clone(&guard));
        let exact = exact_site(&open_restricted(&dir).unwrap());
        let restricted = Shared::guarded(exact, RESTRICTED_AT, Arc::clone(&guard));
        let app = guarded(&board, &restricted, &guard);
        Self { project, release: dir, app, door, now }
    }

    pub(crate) fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// A browser's GET with its session, where it has one.
    pub(crate) async fn get(&self, path: &str, session: Option<&str>) -> Answer {
        self.ask(request("GET", path, session, &[]).body(Body::empty()).unwrap()).await
    }

    /// A POST from a page of this site.
    pub(crate) async fn post(&self, path: &str, session: Option<&str>, form: &str) -> Answer {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        self.ask(request("POST", path, session, &headers).body(Body::from(form.to_owned())).unwrap()).await
    }

    /// The code an authenticator shows now.
    pub(crate) fn code(&self) -> String {
        TotpSecret::from_bytes(SECRET).code_at(self.now.load(Ordering::SeqCst))
    }

    /// Tries to sign in to a local account.
    pub(crate) async fn try_in(&self, name: &str, password: &str, code: &str) -> Answer {
        self.post("/sign-in", None, &format!("name={name}&password={password}&code={code}&to=")).await
    }

    /// A session of a role's account.
    pub(crate) async fn session(&self, role: Role) -> String {
        let answer = self.try_in(role.as_str(), PASSWORD, &self.code()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie("__Host-sightline").unwrap()
    }
}

pub(crate) fn request(
    method: &str,
    path: &str,
    session: Option<&str>,
    headers: &[(&str, &str)],
) -> axum::http::request::Builder {
    let mut request = Request::builder().method(method).uri(path).header("accept", "text/html");
    if let Some(session) = session {
        request = request.header("cookie", format!("__Host-sightline={session}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// Serves a house on a port of its own until the test ends.
pub(crate) async fn listen(house: &House, limits: sightline::web::Limits) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(sightline::web::serve_within(listener, house.app.clone(), limits, std::future::pending()));
    at
}
