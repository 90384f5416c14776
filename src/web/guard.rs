//! Between a request and what it asks for: the cookie, the role, the origin of whatever would change something.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::listen::Peer;
use super::sign_in::{not_permitted, out_of_order};
use crate::domain::Role;
use crate::identity::people::Person;
use crate::identity::{Admission, Door, Needs, Opened, Seconds, Token, client_address};

/// Tells what time it is: seconds since 1970.
pub type Clock = Arc<dyn Fn() -> Seconds + Send + Sync>;

/// The cookie of a session. The prefix makes browsers refuse it from any other host and without encryption.
const SESSION: &str = "__Host-sightline";

/// The cookie of a sign-in under way.
const ATTEMPT: &str = "__Host-sightline-attempt";

/// What both cookies have: sent to this host alone, encrypted, out of any script's sight, and not with requests that
/// other sites make, save when somebody follows a link.
const COOKIE: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The door, as the pages see it.
pub struct Guard {
    pub(super) door: Arc<Door>,
    pub(super) partnership: String,
    pub(super) base_path: String,
    clock: Clock,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("base_path", &self.base_path).finish_non_exhaustive()
    }
}

impl Guard {
    /// Guards a server beneath `base_path` (empty, or like `/sightline`).
    pub fn new(door: Arc<Door>, partnership: &str, base_path: &str, clock: Clock) -> Arc<Self> {
        let base_path = super::serve::tidy(base_path);
        Arc::new(Self { door, partnership: partnership.to_owned(), base_path, clock })
    }

    pub(super) fn now(&self) -> Seconds {
        (self.clock)()
    }

    /// Who asks, where they may; else what to answer. What is opened is on record when this answers.
    pub(super) async fn admit(
        &self,
        needs: Needs,
        uri: &Uri,
        headers: &HeaderMap,
        opened: Option<Opened>,
    ) -> Result<Person, Response> {
        match self.door.admit(session(headers), needs, opened, self.now()).await {
            Ok(Admission::Admitted(person)) => Ok(person),
            Ok(Admission::NotSignedIn) => Err(self.to_sign_in(uri, headers)),
            Ok(Admission::NotPermitted(person)) => {
                let page = not_permitted(self, uri, &person, needs);
                Err(private((StatusCode::FORBIDDEN, Html(page)).into_response()))
            }
            Err(error) => {
                tracing::error!(%error, "a page could not be shown, since that could not be recorded");
                Err(private((StatusCode::SERVICE_UNAVAILABLE, Html(out_of_order(self, uri))).into_response()))
            }
        }
    }

    /// A reader goes to the sign-in page and from there back; a program is told.
    fn to_sign_in(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !accepts.contains("text/html") {
            return private((StatusCode::UNAUTHORIZED, "sign in first\n").into_response());
        }
        let path = self.within(uri);
        let to = if path.is_empty() { String::new() } else { format!("?to={path}") };
        private(Redirect::to(&format!("{}/sign-in{to}", self.base_path)).into_response())
    }

    /// The path within the site.
    pub(super) fn within<'a>(&self, uri: &'a Uri) -> &'a str {
        let path = uri.path().strip_prefix(self.base_path.as_str()).unwrap_or(uri.path());
        path.trim_start_matches('/')
    }

    /// From the page that was asked for to the first screen: `./`, `../`.
    pub(super) fn root(&self, uri: &Uri) -> String {
        match self.within(uri).matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }

    /// Where somebody of a role begins.
    pub(super) fn home(&self, role: Role) -> String {
        let page = match role {
            Role::Board | Role::Leader => "",
            Role::Analyst | Role::Scrutineer => "restricted/",
            Role::Admin => "admin/users",
        };
        format!("{}/{page}", self.base_path)
    }

    /// The page `to` within the site, or the role's own first one where `to` is none.
    pub(super) fn onward(&self, to: &str, role: Role) -> String {
        if to.is_empty() || !is_path(to) { self.home(role) } else { format!("{}/{to}", self.base_path) }
    }

    /// Where the request comes from, as far as declared proxies can be believed.
    pub(super) fn address(&self, peer: Option<Peer>, headers: &HeaderMap) -> IpAddr {
        let peer = peer.map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0.ip());
        let forwarded: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        client_address(peer, forwarded.into_iter(), self.door.proxies())
    }

    /// True where the request was made by a page of this site: the browser says so, or its origin is ours.
    pub(super) fn same_origin(&self, headers: &HeaderMap) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match (header("sec-fetch-site"), header("origin")) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => origin == self.door.base_url().origin().ascii_serialization(),
            (None, None) => false,
        }
    }

    /// True for requests that may change something and were not made by a page of this site.
    pub(super) fn is_foreign(&self, method: &Method, headers: &HeaderMap) -> bool {
        !method.is_safe() && !self.same_origin(headers)
    }

    /// True where browsers reach the server encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.door.base_url().scheme() == "https"
    }
}

/// A path within the site, and nothing that leads out of it.
pub(super) fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    text.len() <= 200
        && text.chars().all(plain)
        && !text.starts_with('/')
        && !text.contains("..")
        && !text.contains("//")
}

/// The cookie of a sign-in under way, where there is one.
pub(super) fn attempt(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, ATTEMPT)
}

/// The session a browser holds, where there is one.
pub(super) fn session(headers: &HeaderMap) -> Option<Token> {
    cookie(headers, SESSION).and_then(Token::parse)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Sets the session's cookie; it ends with the browser, and here before that.
pub(super) fn set_session(response: &mut Response, token: &Token) {
    set(response, &format!("{SESSION}={}; {COOKIE}", token.to_cookie()));
}

/// Takes the session's cookie away.
pub(super) fn clear_session(response: &mut Response) {
    set(response, &format!("{SESSION}=; {COOKIE}; Max-Age=0"));
}

/// Sets the cookie of a sign-in under way, for ten minutes.
pub(super) fn set_attempt(response: &mut Response, attempt: &str) {
    set(response, &format!("{ATTEMPT}={attempt}; {COOKIE}; Max-Age=600"));
}

/// Takes the cookie of a sign-in under way away.
pub(super) fn clear_attempt(response: &mut Response) {
    set(response, &format!("{ATTEMPT}=; {COOKIE}; Max-Age=0"));
}

fn set(response: &mut Response, cookie: &str) {
    let value = HeaderValue::from_str(cookie).expect("hexadecimal digits, dots and our own words make a header");
    response.headers_mut().append(header::SET_COOKIE, value);
}

/// Kept by nobody on the way.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_site_lead_on() {
        for fine in ["", "measures/missing_again", "restricted/", "themes/help", "tables/a-b.csv"] {
            assert!(is_path(fine), "{fine}");
        }
        for out in ["//evil.example", "/evil.example", "https://evil.example", "a//b", "../x", "a?b", "a\r\nb", "a\\b"]
        {
            assert!(!is_path(out), "{out}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; __Host-sightline-attempt=x"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-sightline=y; x__Host-sightline=z"));
        assert_eq!((cookie(&headers, SESSION), cookie(&headers, ATTEMPT)), (Some("y"), Some("x")));
        assert!(session(&headers).is_none(), "not 64 hexadecimal digits");
    }
}
