//! For administrators: accounts, and who opened what. No figure is here.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::guard::{Guard, private};
use super::pieces::scroll;
use super::plain::{Frame, document};
use super::sign_in::out_of_order;
use crate::identity::audit::{Action, Kept};
use crate::identity::people::Person;
use crate::identity::{Needs, Opened, Seconds, StoreError};

/// Lines of the audit log on its page; `sightline audit verify` walks all of them.
const LINES_SHOWN: usize = 200;

const MENU: [(&str, &str); 2] = [("admin/users", "Accounts"), ("admin/audit", "Audit log")];

/// `GET /admin/users`.
pub(super) async fn users(State(guard): State<Arc<Guard>>, uri: Uri, headers: HeaderMap) -> Response {
    let me = match guard.admit(Needs::Accounts, &uri, &headers, Some(opened("admin/users"))).await {
        Ok(me) => me,
        Err(answer) => return answer,
    };
    match guard.door.people().await {
        Ok(people) => framed(&guard, &uri, "admin/users", "Accounts", &accounts(&guard, &uri, &me, &people)),
        Err(error) => failed(&guard, &uri, &error),
    }
}

/// `POST /admin/users/{id}/disable`.
pub(super) async fn disable(
    State(guard): State<Arc<Guard>>,
    Path(id): Path<i64>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    set_disabled(&guard, id, true, &uri, &headers).await
}

/// `POST /admin/users/{id}/enable`.
pub(super) async fn enable(
    State(guard): State<Arc<Guard>>,
    Path(id): Path<i64>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    set_disabled(&guard, id, false, &uri, &headers).await
}

async fn set_disabled(guard: &Guard, id: i64, disabled: bool, uri: &Uri, headers: &HeaderMap) -> Response {
    let me = match guard.admit(Needs::Accounts, uri, headers, None).await {
        Ok(me) => me,
        Err(answer) => return answer,
    };
    if me.id == id {
        return private((StatusCode::CONFLICT, "you cannot keep yourself out\n").into_response());
    }
    match guard.door.set_disabled(id, disabled, me, guard.now()).await {
        Ok(true) => private(Redirect::to(&format!("{}/admin/users", guard.base_path)).into_response()),
        Ok(false) => private((StatusCode::NOT_FOUND, "there is no such account\n").into_response()),
        Err(error) => failed(guard, uri, &error),
    }
}

/// `GET /admin/audit`.
pub(super) async fn audit(State(guard): State<Arc<Guard>>, uri: Uri, headers: HeaderMap) -> Response {
    if let Err(answer) = guard.admit(Needs::AuditLog, &uri, &headers, Some(opened("admin/audit"))).await {
        return answer;
    }
    match guard.door.latest(LINES_SHOWN).await {
        Ok(lines) => framed(&guard, &uri, "admin/audit", "Audit log", &log(&lines)),
        Err(error) => failed(&guard, &uri, &error),
    }
}

fn opened(what: &str) -> Opened {
    Opened { action: Action::OpenedPage, what: what.to_owned(), edition: "", release: String::new() }
}

fn failed(guard: &Guard, uri: &Uri, error: &StoreError) -> Response {
    tracing::error!(%error, "an administrator's page could not be shown");
    private((StatusCode::SERVICE_UNAVAILABLE, Html(out_of_order(guard, uri))).into_response())
}

fn framed(guard: &Guard, uri: &Uri, here: &str, title: &str, main: &Markup) -> Response {
    let root = guard.root(uri);
    let frame = Frame {
        partnership: &guard.partnership,
        root: &root,
        assets: &root,
        menu: &MENU,
        here,
        banner: None,
        signed_in: true,
    };
    private(Html(document(frame, title, main)).into_response())
}

fn accounts(guard: &Guard, uri: &Uri, me: &Person, people: &[Person]) -> Markup {
    let root = guard.root(uri);
    let table = html! { table {
        caption { "Everyone who has an account or has signed in" }
        thead { tr {
            th scope="col" { "Name" } th scope="col" { "Number" } th scope="col" { "Role" } th scope="col" { "Signs in with" }
            th scope="col" { "Last signed in" } th scope="col" { "Access" } th scope="col" { "Change" }
        } }
        tbody { @for one in people { tr {
            th scope="row" { (one.name) }
            td { (one.id) }
            td { (one.role.in_words()) }
            td { @if one.issuer.is_some() { "Work account" } @else { "Account of this server" } }
            td { (one.signed_in_at.map_or_else(|| "Never".to_owned(), moment)) }
            td { @if one.disabled { "Kept out" } @else { "May come in" } }
            td {
                @if one.id == me.id { "You" } @else {
                    @let verb = if one.disabled { "enable" } else { "disable" };
                    form method="post" action={ (root) "admin/users/" (one.id) "/" (verb) } {
                        button type="submit" {
                            @if one.disabled { "Let in" } @else { "Keep out" }
                            span .hidden { " " (one.name) }
                        }
                    }
                }
            }
        } } }
    } };
    html! {
        h1 { "Accounts" }
        p { "Somebody kept out is out from their next request on. A work account's role comes from its groups each time it signs in. Local accounts are made and given roles with " code { "sightline user" } "." }
        (scroll("Everyone who has an account or has signed in", &table))
    }
}

fn log(lines: &[Kept]) -> Markup {
    let table = html! { table {
        caption { "The last " (LINES_SHOWN) " lines, newest first" }
        thead { tr {
            th scope="col" .n { "Line" } th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "Role" }
            th scope="col" { "Did" } th scope="col" { "What" } th scope="col" { "Edition" } th scope="col" { "Release" } th scope="col" { "From" }
        } }
        tbody { @for line in lines { tr {
            th scope="row" .n { (line.seq) }
            td { (moment(line.at)) }
            td { (line.entry.actor) }
            td { (line.entry.role) }
            td { (line.action) }
            td { (line.entry.what) }
            td { (line.entry.edition) }
            td { (line.entry.release.get(..12).unwrap_or(&line.entry.release)) }
            td { (line.entry.address) }
        } } }
    } };
    html! {
        h1 { "Audit log" }
        p { "Each line is bound to the one before it: " code { "sightline audit verify" } " finds one that was changed, removed, inserted, moved or cut off." }
        (scroll("The audit log", &table))
    }
}

/// `25 November 2026, 09:41:07`, as clocks in the partnership show it.
fn moment(at: Seconds) -> String {
    DateTime::<Utc>::from_timestamp(at, 0).map_or_else(String::new, |at| {
        at.with_timezone(&chrono_tz::Europe::London).format("%-d %B %Y, %H:%M:%S").to_string()
    })
}
