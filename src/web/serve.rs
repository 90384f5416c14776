//! Answers from memory: find the page, compare its tag, send it compressed where that is accepted.

use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::compare::Comparisons;
use super::guard::{Guard, private};
use super::months::Asked;
use super::site::{Entry, Site};
use crate::identity::audit::Action;
use crate::identity::{Needs, Opened};
use crate::release::{Board, Edition};

/// What every request of one edition sees: the current site, the path it stands beneath, and who guards it.
///
/// A handler of the board edition is given `Shared<Board>`; nothing leads from there to the restricted one.
#[derive(Debug)]
pub struct Shared<E = Board> {
    current: RwLock<Arc<Site<E>>>,
    base_path: String,
    kept: Kept,
}

/// How a site is kept from those it is not for.
#[derive(Debug)]
enum Kept {
    /// Anybody who can reach the server.
    Open,
    /// This machine alone: a name that merely leads to it (DNS rebinding) is turned away.
    Here,
    /// Those who sign in and whose role allows it.
    Guarded(Arc<Guard>),
}

/// `/sightline` from `sightline/`; empty from `/`.
pub(super) fn tidy(base_path: &str) -> String {
    let trimmed = base_path.trim_matches('/');
    if trimmed.is_empty() { String::new() } else { format!("/{trimmed}") }
}

impl<E: Edition> Shared<E> {
    /// For anybody: sample data. `base_path` is empty, or like `/sightline`, as the proxy in front has it.
    pub fn new(site: Site<E>, base_path: &str) -> Arc<Self> {
        Self::kept(site, base_path, Kept::Open)
    }

    /// For this machine alone: requests that name another host are refused, since a page of elsewhere could have sent
    /// them.
    pub fn here_alone(site: Site<E>, base_path: &str) -> Arc<Self> {
        Self::kept(site, base_path, Kept::Here)
    }

    /// For those `guard` lets in.
    pub fn guarded(site: Site<E>, base_path: &str, guard: Arc<Guard>) -> Arc<Self> {
        Self::kept(site, base_path, Kept::Guarded(guard))
    }

    fn kept(site: Site<E>, base_path: &str, kept: Kept) -> Arc<Self> {
        Arc::new(Self { current: RwLock::new(Arc::new(site)), base_path: tidy(base_path), kept })
    }

    /// Puts a new release in place; a request under way keeps the one it began with.
    pub fn replace(&self, site: Site<E>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
    }

    pub(super) fn base_path(&self) -> &str {
        &self.base_path
    }

    fn site(&self) -> Arc<Site<E>> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The path within the site: without the base path and without the slash that leads it.
    fn within<'a>(&self, uri: &'a Uri) -> &'a str {
        let path = uri.path().strip_prefix(self.base_path.as_str()).unwrap_or(uri.path());
        path.strip_prefix('/').unwrap_or(path)
    }
}

/// A page, a download or an asset of one edition: who may, what there is, and the answer. What is opened is on record
/// before it is sent.
pub(super) async fn page<E: Edition>(needs: Needs, shared: &Shared<E>, uri: &Uri, asked: &HeaderMap) -> Response {
    let latest = shared.site();
    let path = shared.within(uri);
    let guard = match &shared.kept {
        Kept::Here if !names_this_machine(asked) => return elsewhere(),
        Kept::Guarded(guard) if needs != Needs::Nothing => Some(guard),
        Kept::Here | Kept::Open | Kept::Guarded(_) => None,
    };
    let month = latest.asked(uri.query());
    let released = !matches!(month, Asked::NotReleased);
    let makes = matches!(month, Asked::Waiting(_)) || Comparisons::is_pair(path);
    if let Some(guard) = guard.filter(|_| makes)
        && let Err(answer) = guard.admit(needs, uri, asked, None).await
    {
        // Nothing is made for those it is not for.
        return answer;
    }
    let site = of_month(&latest, month).await;
    let made = match &site {
        Some(site) if Comparisons::is_pair(path) => {
            let (site, path) = (Arc::clone(site), path.to_owned());
            tokio::task::spawn_blocking(move || site.comparison(&path)).await.ok().flatten()
        }
        _ => None,
    };
    if let Some(site) = site.as_ref().filter(|site| site.is_to_be_made(path)) {
        if let Some(guard) = guard
            && let Err(answer) = guard.admit(needs, uri, asked, None).await
        {
            return answer;
        }
        let (site, path) = (Arc::clone(site), path.to_owned());
        // Where making it fails, the answer below tries again.
        let _ = tokio::task::spawn_blocking(move || site.get(&path).is_some()).await;
    }
    let found = site.as_ref().and_then(|site| site.get(path)).or(made.as_deref());
    if let Some(guard) = guard {
        let release = site.as_ref().map_or(latest.release(), |site| site.release());
        let opened = found.map(|_| opened::<E>(path, release));
        if let Err(answer) = guard.admit(needs, uri, asked, opened).await {
            return answer;
        }
    }
    let response = match (&site, found) {
        (None, _) if !released => answer(latest.no_month(path), StatusCode::NOT_FOUND, asked),
        (None, _) => answer(latest.bad_query(path), StatusCode::BAD_REQUEST, asked),
        (Some(_), Some(entry)) => answer(entry, StatusCode::OK, asked),
        (Some(site), None) => answer(site.not_found(path), StatusCode::NOT_FOUND, asked),
    };
    if guard.is_some() { private(response) } else { response }
}

/// What the audit log says of it. Only paths of the site come here, so nothing a reader typed is written down.
fn opened<E: Edition>(path: &str, release: &str) -> Opened {
    let is_file = path.rsplit_once('/').map_or(path, |(_, name)| name).contains('.');
    let action = if path.starts_with("pack") {
        Action::OpenedPack
    } else if is_file {
        Action::Exported
    } else {
        Action::OpenedPage
    };
    let what = if path.is_empty() { "first screen" } else { path };
    Opened { action, what: what.to_owned(), edition: E::NAME, release: release.to_owned() }
}

/// True where the request is addressed to this machine by one of its own names.
fn names_this_machine(asked: &HeaderMap) -> bool {
    let Some(host) = asked.get(header::HOST).and_then(|host| host.to_str().ok()) else {
        // Browsers always name the host; what does not is no page of elsewhere.
        return !asked.contains_key(header::HOST);
    };
    let name = host.rsplit_once(':').filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit())).map_or(host, |x| x.0);
    let is_loopback = name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    is_loopback || name == "[::1]" || name.eq_ignore_ascii_case("localhost")
}

fn elsewhere() -> Response {
    private((StatusCode::MISDIRECTED_REQUEST, "only this machine is served: use http://127.0.0.1\n").into_response())
}

/// The site of the month asked for, rendered first where nobody asked for it yet; none where it is not offered.
async fn of_month<E: Edition>(latest: &Arc<Site<E>>, asked: Asked<E>) -> Option<Arc<Site<E>>> {
    match asked {
        Asked::Latest => Some(Arc::clone(latest)),
        Asked::Ready(site) => Some(site),
        Asked::NotReleased | Asked::NotOffered => None,
        Asked::Waiting(month) => {
            let latest = Arc::clone(latest);
            tokio::task::spawn_blocking(move || latest.rendered(month)).await.ok().flatten()
        }
    }
}

pub(super) async fn not_found(State(shared): State<Arc<Shared>>, uri: Uri, asked: HeaderMap) -> Response {
    if matches!(shared.kept, Kept::Here) && !names_this_machine(&asked) {
        return elsewhere();
    }
    answer(shared.site().not_found(shared.within(&uri)), StatusCode::NOT_FOUND, &asked)
}

pub(super) async fn to_root(State(shared): State<Arc<Shared>>) -> Redirect {
    Redirect::permanent(&format!("{}/", shared.base_path))
}

/// Alive: says nothing more.
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
    if let Some(link) = &entry.link {
        headers.insert(header::LINK, link.clone());
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
