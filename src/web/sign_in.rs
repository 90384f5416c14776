//! The ways in and out, who can see what, and what is said to those who may not.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use url::form_urlencoded;

use super::guard::{Guard, attempt, clear_attempt, clear_session, is_path, private, session, set_attempt, set_session};
use super::plain::{Frame, document};
use crate::domain::Role;
use crate::identity::people::Person;
use crate::identity::{DoorError, Needs, SignIn};

/// Longest form, in bytes.
const LONGEST_FORM: usize = 4096;

fn frame<'a>(guard: &'a Guard, root: &'a str, signed_in: bool) -> Frame<'a> {
    Frame { partnership: &guard.partnership, root, assets: root, menu: &[], here: "", banner: None, signed_in }
}

/// `GET /sign-in`.
pub(super) async fn page(State(guard): State<Arc<Guard>>, uri: Uri) -> Response {
    let to = asked(uri.query().unwrap_or("")).remove("to").filter(|to| is_path(to)).unwrap_or_default();
    private(Html(form(&guard, &uri, &to, None)).into_response())
}

/// `POST /sign-in`: a local account.
pub(super) async fn local(State(guard): State<Arc<Guard>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_FORM).await else {
        return private((StatusCode::PAYLOAD_TOO_LARGE, "too long\n").into_response());
    };
    let mut given = form_urlencoded::parse(&body).into_owned().collect::<BTreeMap<String, String>>();
    let mut field = |name: &str| given.remove(name).unwrap_or_default();
    let to = field("to");
    let sign_in =
        SignIn { name: field("name").trim().to_lowercase(), password: field("password"), code: field("code") };
    let address = guard.address(parts.extensions.get().copied(), &parts.headers);
    match guard.door.sign_in(sign_in, address, session(&parts.headers), guard.now()).await {
        Ok(came_in) => {
            let mut response = Redirect::to(&guard.onward(&to, came_in.person.role)).into_response();
            set_session(&mut response, &came_in.token);
            private(response)
        }
        Err(error) => {
            let to = if is_path(&to) { to.as_str() } else { "" };
            refused(&guard, &parts.uri, to, &error)
        }
    }
}

/// `GET /sign-in/work`: on to the provider. Keeps nothing on the server: what it needs goes along in a cookie.
pub(super) async fn to_provider(State(guard): State<Arc<Guard>>, uri: Uri) -> Response {
    let to = asked(uri.query().unwrap_or("")).remove("to").filter(|to| is_path(to)).unwrap_or_default();
    match guard.door.begin(&to, guard.now()).await {
        Ok((address, cookie)) => {
            let mut response = Redirect::to(address.as_str()).into_response();
            set_attempt(&mut response, &cookie);
            private(response)
        }
        Err(error) => refused(&guard, &uri, &to, &error),
    }
}

/// `GET /sign-in/callback`: back from the provider. The one GET that changes something, since the provider sends
/// browsers here by a link: it needs the cookie of an attempt begun in this browser, its state, and works once.
pub(super) async fn from_provider(State(guard): State<Arc<Guard>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut given = asked(parts.uri.query().unwrap_or(""));
    let (state, code) = (given.remove("state").unwrap_or_default(), given.remove("code"));
    let address = guard.address(parts.extensions.get().copied(), &parts.headers);
    let begun = attempt(&parts.headers).unwrap_or("");
    let old = session(&parts.headers);
    let mut response = match guard.door.finish(begun, &state, code.as_deref(), address, old, guard.now()).await {
        Ok((came_in, to)) => {
            let mut response = Redirect::to(&guard.onward(&to, came_in.person.role)).into_response();
            set_session(&mut response, &came_in.token);
            private(response)
        }
        Err(error) => refused(&guard, &parts.uri, "", &error),
    };
    clear_attempt(&mut response);
    response
}

/// `POST /sign-out`.
pub(super) async fn out(State(guard): State<Arc<Guard>>, headers: HeaderMap) -> Response {
    if let Some(token) = session(&headers)
        && let Err(error) = guard.door.sign_out(token, guard.now()).await
    {
        tracing::error!(%error, "a session could not be ended");
        return private((StatusCode::SERVICE_UNAVAILABLE, "not signed out: try again\n").into_response());
    }
    let mut response = Redirect::to(&format!("{}/signed-out", guard.base_path)).into_response();
    clear_session(&mut response);
    private(response)
}

/// `GET /signed-out`.
pub(super) async fn signed_out(State(guard): State<Arc<Guard>>, uri: Uri) -> Response {
    let main = html! {
        h1 { "You are signed out" }
        p { "Nobody can go on from here without signing in again." }
        @if guard.door.has_provider() {
            p { "You are still signed in to your work account in this browser. On a shared computer, sign out of that as well." }
        }
        p { a .button href={ (guard.root(&uri)) "sign-in" } { "Sign in again" } }
    };
    let root = guard.root(&uri);
    private(Html(document(frame(&guard, &root, false), "Signed out", &main)).into_response())
}

/// `GET /who`.
pub(super) async fn who(State(guard): State<Arc<Guard>>, uri: Uri, headers: HeaderMap) -> Response {
    let person = match guard.admit(Needs::Account, &uri, &headers, None).await {
        Ok(person) => person,
        Err(answer) => return answer,
    };
    let table = html! { table {
        caption { "What each role may see" }
        thead { tr { th scope="col" { "What" } @for role in Role::ALL { th scope="col" { (role.in_words()) } } } }
        tbody { @for needs in Needs::ALL.into_iter().skip(1) { tr {
            th scope="row" { (needs.in_words()) }
            @for role in Role::ALL { td { @if needs.allows(role) { "Yes" } @else { "No" } } }
        } } }
    } };
    let root = guard.root(&uri);
    let main = html! {
        h1 { "Who can see what" }
        p { "You are signed in as " strong { (person.name) } ", " (person.role.in_words().to_lowercase()) "." }
        (super::pieces::scroll("What each role may see", &table))
        h2 { "What is kept about you" }
        ul {
            li { "Your name or account, your role, and when you last signed in." }
            li { "Each page, export and pack you open, with the time, the edition and the release; never a figure. Nobody can change that record unnoticed. Administrators can read it." }
            li { "A session, which ends after 30 minutes unused, after 10 hours, or when you sign out." }
        }
        p { "No child's name, number or date of birth is in anything shown here or kept to show it: these pages are made of counts alone." }
        p { a href=(guard.home(person.role)) { "Go to your first page" } }
    };
    private(Html(document(frame(&guard, &root, true), "Who can see what", &main)).into_response())
}

/// Nothing is there; says no more than that, since whoever asks may not be signed in.
pub(super) async fn not_found(State(guard): State<Arc<Guard>>, uri: Uri) -> Response {
    let root = guard.root(&uri);
    let main = html! {
        h1 { "There is no such page" }
        p { "The address may be mistyped, or the page may belong to another release." }
        p { "Start from the " a href=(root) { "first screen" } "." }
    };
    let page = document(frame(&guard, &root, false), "There is no such page", &main);
    private((StatusCode::NOT_FOUND, Html(page)).into_response())
}

/// What is said to somebody whose role does not allow it.
pub(super) fn not_permitted(guard: &Guard, uri: &Uri, person: &Person, needs: Needs) -> String {
    let allowed: Vec<String> =
        Role::ALL.into_iter().filter(|role| needs.allows(*role)).map(|role| role.in_words().to_lowercase()).collect();
    let root = guard.root(uri);
    let main = html! {
        h1 { "You may not see this" }
        p { "You are signed in as " strong { (person.name) } ", " (person.role.in_words().to_lowercase()) ". This page is for: " (crate::charts::words::listed(&allowed.iter().map(String::as_str).collect::<Vec<_>>(), "or")) "." }
        p { "If your work needs it, ask whoever runs Sightline for " (guard.partnership) " to change your role. That you asked for this page is on record, as every page is." }
        ul {
            li { a href=(guard.home(person.role)) { "Go to your first page" } }
            li { a href={ (root) "who" } { "See who can see what" } }
        }
    };
    document(frame(guard, &root, true), "You may not see this", &main)
}

/// What is said where a record cannot be kept.
pub(super) fn out_of_order(guard: &Guard, uri: &Uri) -> String {
    let main = html! {
        h1 { "Nothing can be shown just now" }
        p { "Every page that is opened is recorded first, and the record cannot be written at the moment. Try again in a minute; if it lasts, tell whoever runs Sightline for " (guard.partnership) "." }
    };
    let root = guard.root(uri);
    document(frame(guard, &root, false), "Out of order", &main)
}

/// What is said to a request that another site made.
pub(super) fn foreign(guard: &Guard, uri: &Uri) -> Response {
    let root = guard.root(uri);
    let main = html! {
        h1 { "This was not asked for from here" }
        p { "The request came from another site or from a program, so nothing was done." }
        p { a href={ (root) "sign-in" } { "Go to the sign-in page" } }
    };
    let page = document(frame(guard, &root, false), "Not asked for from here", &main);
    private((StatusCode::FORBIDDEN, Html(page)).into_response())
}

fn refused(guard: &Guard, uri: &Uri, to: &str, error: &DoorError) -> Response {
    let (status, wait) = match error {
        DoorError::NotRight => (StatusCode::UNAUTHORIZED, None),
        DoorError::TooMany { wait } => (StatusCode::TOO_MANY_REQUESTS, Some(*wait)),
        DoorError::Busy => (StatusCode::SERVICE_UNAVAILABLE, Some(5)),
        DoorError::Provider(refusal) => {
            tracing::warn!(%refusal, "a sign-in through the provider failed");
            (StatusCode::UNAUTHORIZED, None)
        }
        DoorError::Store(error) => {
            tracing::error!(%error, "a sign-in could not be recorded");
            (StatusCode::SERVICE_UNAVAILABLE, None)
        }
    };
    let mut response = (status, Html(form(guard, uri, to, Some(error)))).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    private(response)
}

/// What went wrong, and what to do; never which of name, password and code it was.
fn in_words(error: &DoorError) -> String {
    match error {
        DoorError::NotRight => {
            "The name, password or code is not right. A code works once: wait for the next one.".into()
        }
        DoorError::TooMany { wait } => {
            let minutes = (wait + 59) / 60;
            let unit = if minutes == 1 { "minute" } else { "minutes" };
            format!("There were too many tries. Wait {minutes} {unit}, then try again.")
        }
        DoorError::Busy => "Many people are signing in just now. Try again in a few seconds.".into(),
        DoorError::Provider(refusal) => {
            use crate::identity::OidcRefusal as Refusal;
            match refusal {
                Refusal::Unreachable => "Work accounts cannot be used just now: their service does not answer. Try again in a minute.".into(),
                Refusal::NoRole | Refusal::Tenant => "Your work account is known, but has not been given a role in Sightline. Ask whoever runs it to add you to a group.".into(),
                Refusal::NotBegunHere => "That sign-in took too long or was begun in another browser. Start it again.".into(),
                Refusal::Denied | Refusal::Token(_) => "Your work account could not be confirmed. Start again; if it happens twice, tell whoever runs Sightline.".into(),
            }
        }
        DoorError::Store(_) => {
            "Signing in cannot be recorded just now, so nobody is let in. Try again in a minute.".into()
        }
    }
}

fn form(guard: &Guard, uri: &Uri, to: &str, error: Option<&DoorError>) -> String {
    let root = guard.root(uri);
    let about_local = matches!(error, Some(DoorError::NotRight | DoorError::TooMany { .. } | DoorError::Busy));
    let work = if to.is_empty() { format!("{root}sign-in/work") } else { format!("{root}sign-in/work?to={to}") };
    let main = html! {
        @if let Some(error) = error {
            div .error role="alert" { h2 { "You are not signed in" } p { (in_words(error)) } }
        }
        h1 { "Sign in" }
        p { "These pages are about children at risk, so everyone signs in, and what each person opens is recorded." }
        @if guard.door.has_provider() {
            p { a .button href=(work) { "Sign in with your work account" } }
            details open[about_local] {
                summary { "Sign in with an account of this server" }
                p { "For when work accounts cannot be used." }
                (local_form(&root, to))
            }
        } @else { (local_form(&root, to)) }
        h2 { "If you cannot sign in" }
        p { "Ask whoever runs Sightline for " (guard.partnership) ". They can also give you these pages another way: every page works with a keyboard, a screen reader, large text and on paper." }
    };
    let title = if error.is_some() { "Error: sign in" } else { "Sign in" };
    document(frame(guard, &root, false), title, &main)
}

fn local_form(root: &str, to: &str) -> Markup {
    html! {
        form .sign-in method="post" action={ (root) "sign-in" } {
            input type="hidden" name="to" value=(to);
            label for="name" { "Account name" }
            input #name name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64";
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required maxlength="256";
            label for="code" { "Code" }
            p #code-hint .hint { "Six digits from your authenticator app." }
            input #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint" required maxlength="9";
            button .button type="submit" { "Sign in" }
        }
    }
}

fn asked(query: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Lets through what a page of this site asked for, and anything that changes nothing.
pub(super) async fn from_here(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: axum::middleware::Next,
) -> Response {
    if guard.is_foreign(request.method(), request.headers()) {
        return foreign(&guard, request.uri());
    }
    next.run(request).await
}
