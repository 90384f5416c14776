//! Answers from memory: find the page, compare its tag, send it compressed where that is accepted.

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::net::TcpListener;

use super::site::{Entry, Site};

/// What every request sees: the current site, and the path it stands beneath.
#[derive(Debug)]
pub struct Shared {
    current: RwLock<Arc<Site>>,
    base_path: String,
}

impl Shared {
    /// `base_path` is empty, or like `/sightline`, as the proxy in front has it.
    pub fn new(site: Site, base_path: &str) -> Arc<Self> {
        let trimmed = base_path.trim_matches('/');
        let base_path = if trimmed.is_empty() { String::new() } else { format!("/{trimmed}") };
        Arc::new(Self { current: RwLock::new(Arc::new(site)), base_path })
    }

    /// Puts a new release in place; a request under way keeps the one it began with.
    pub fn replace(&self, site: Site) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
    }

    pub(super) fn base_path(&self) -> &str {
        &self.base_path
    }

    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The path within the site: without the base path and without the slash that leads it.
    fn within<'a>(&self, uri: &'a Uri) -> &'a str {
        let path = uri.path().strip_prefix(self.base_path.as_str()).unwrap_or(uri.path());
        path.strip_prefix('/').unwrap_or(path)
    }
}

/// Serves until `shutdown` resolves, then lets requests under way finish.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, app).with_graceful_shutdown(shutdown).await
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, asked: HeaderMap) -> Response {
    let site = shared.site();
    let path = shared.within(&uri);
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return answer(site.bad_query(path), StatusCode::BAD_REQUEST, &asked);
    }
    match site.get(path) {
        Some(entry) => answer(entry, StatusCode::OK, &asked),
        None => answer(site.not_found(path), StatusCode::NOT_FOUND, &asked),
    }
}

pub(super) async fn not_found(State(shared): State<Arc<Shared>>, uri: Uri, asked: HeaderMap) -> Response {
    answer(shared.site().not_found(shared.within(&uri)), StatusCode::NOT_FOUND, &asked)
}

pub(super) async fn to_root(State(shared): State<Arc<Shared>>) -> Redirect {
    Redirect::permanent(&format!("{}/", shared.base_path))
}

pub(super) async fn healthy() -> &'static str {
    "ok\n"
}

/// Ready means that a verified release is open; says which.
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> String {
    format!("ready {}\n", shared.site().release())
}

fn answer(entry: &Entry, status: StatusCode, asked: &HeaderMap) -> Response {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or("");
    let matches = known.split(',').any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.trim_start_matches("W/").as_bytes() == entry.etag.as_bytes()
    });
    if status == StatusCode::OK && matches {
        let headers = [(header::ETAG, entry.etag.clone()), (header::CACHE_CONTROL, entry.cache.clone())];
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let zipped = accepts_gzip(asked);
    let body = if zipped { entry.gzip.clone() } else { entry.body.clone() };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, entry.content_type.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if status == StatusCode::OK {
        headers.insert(header::ETAG, entry.etag.clone());
        headers.insert(header::CACHE_CONTROL, entry.cache.clone());
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if zipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// `gzip` named, and not refused with a quality of nought.
fn accepts_gzip(asked: &HeaderMap) -> bool {
    let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = matches!(parts.next(), Some("gzip" | "*"));
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        named && !refused
    })
}
