//! Every route, on one page, each with what it needs of whoever asks. Deny by default: a path that is not here does not
//! exist, and a route cannot be written without its [`Needs`]. All but the ways in, out and of keeping accounts are GET
//! (and HEAD), and are answered from the pages rendered when the release was opened.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use super::guard::Guard;
use super::serve::{Shared, healthy, not_found, page, ready, to_root};
use super::{admin, headers, sign_in};
use crate::identity::Needs;
use crate::release::{Edition, Restricted};

/// What the board edition answers.
const BOARD: &[(&str, Needs)] = &[
    // The board
    ("/", Needs::BoardEdition),
    ("/measures/{id}", Needs::BoardEdition), // a page, or every figure of it as `{id}.csv`
    ("/themes/{name}", Needs::BoardEdition),
    ("/impact", Needs::BoardEdition),
    ("/plan", Needs::BoardEdition),
    ("/plan/{id}", Needs::PlanDetail), // one action
    ("/findings", Needs::BoardEdition),
    ("/affected", Needs::BoardEdition),
    ("/annual", Needs::BoardEdition),
    ("/published", Needs::BoardEdition),
    ("/workforce", Needs::BoardEdition),
    // How far the figures can be trusted
    ("/data", Needs::BoardEdition),
    ("/definitions", Needs::BoardEdition),
    ("/methods", Needs::BoardEdition),
    ("/releases", Needs::BoardEdition),
    ("/compare/{from}/{to}", Needs::BoardEdition),
    ("/accessibility", Needs::BoardEdition),
    // Downloads and what pages need
    ("/tables/{name}", Needs::BoardEdition),
    ("/charts/{name}", Needs::BoardEdition),
    ("/api/v1/{what}", Needs::BoardEdition), // measures, releases, sources, openapi.json
    ("/api/v1/measures/{id}", Needs::BoardEdition),
    ("/api/v1/figures/{id}", Needs::BoardEdition),
    ("/static/{name}", Needs::Nothing),
];

/// Where the restricted edition stands.
pub const RESTRICTED_AT: &str = "/restricted";

/// What the restricted edition answers, beneath [`RESTRICTED_AT`].
const RESTRICTED: &[(&str, Needs)] = &[
    ("/", Needs::RestrictedEdition),
    ("/measures/{id}", Needs::RestrictedEdition), // a page, or its figures as `{id}.csv`
    ("/data", Needs::RestrictedEdition),
    ("/tables/{name}", Needs::RestrictedEdition),
    ("/figures/{name}", Needs::RestrictedEdition), // every figure as CSV or JSON
];

/// The ways in and out, and accounts: only where people sign in.
fn door() -> [(&'static str, Needs, MethodRouter<Arc<Guard>>); 10] {
    [
        ("/sign-in", Needs::Nothing, get(sign_in::page).post(sign_in::local)),
        ("/sign-in/work", Needs::Nothing, get(sign_in::to_provider)),
        ("/sign-in/callback", Needs::Nothing, get(sign_in::from_provider)), // the one GET that changes something
        ("/sign-out", Needs::Nothing, post(sign_in::out)),
        ("/signed-out", Needs::Nothing, get(sign_in::signed_out)),
        ("/who", Needs::Account, get(sign_in::who)),
        ("/admin/users", Needs::Accounts, get(admin::users)),
        ("/admin/users/{id}/disable", Needs::Accounts, post(admin::disable)),
        ("/admin/users/{id}/enable", Needs::Accounts, post(admin::enable)),
        ("/admin/audit", Needs::AuditLog, get(admin::audit)),
    ]
}

/// Operations: they say that it lives and which release is open, to anybody.
const OPERATIONS: [(&str, Needs); 2] = [(HEALTHZ, Needs::Nothing), (READYZ, Needs::Nothing)];
const HEALTHZ: &str = "/healthz";
const READYZ: &str = "/readyz";

/// The application for anybody who can reach it: the board edition alone, beneath the base path of `shared`.
pub fn app(shared: Arc<Shared>) -> Router {
    headers::layered(board(&shared).fallback(not_found).with_state(shared), None)
}

/// The application for those who sign in: each edition to those whose role allows it.
pub fn guarded(board_edition: &Arc<Shared>, restricted: &Arc<Shared<Restricted>>, guard: &Arc<Guard>) -> Router {
    let mut router = board(board_edition)
        .with_state(Arc::clone(board_edition))
        .merge(pages(restricted.base_path(), RESTRICTED).with_state(Arc::clone(restricted)));
    for (path, _, answers) in door() {
        let at = format!("{}{path}", guard.base_path);
        router = router.merge(Router::new().route(&at, answers).with_state(Arc::clone(guard)));
    }
    let router = router
        .fallback_service(get(sign_in::not_found).with_state(Arc::clone(guard)))
        .layer(from_fn_with_state(Arc::clone(guard), sign_in::from_here));
    headers::layered(router, Some(guard))
}

fn board(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let base = shared.base_path();
    let router = pages(base, BOARD)
        .route(&format!("{base}{HEALTHZ}"), get(healthy))
        .route(&format!("{base}{READYZ}"), get(ready));
    if base.is_empty() { router } else { router.route(base, get(to_root)) }
}

fn pages<E: Edition>(base: &str, routes: &[(&str, Needs)]) -> Router<Arc<Shared<E>>> {
    routes.iter().fold(Router::new(), |router, (path, needs)| {
        let needs = *needs;
        let answers = get(move |State(shared): State<Arc<Shared<E>>>, uri: Uri, asked: HeaderMap| async move {
            page(needs, &shared, &uri, &asked).await
        });
        router.route(&format!("{base}{path}"), answers)
    })
}

/// Every route there is where people sign in: path, method, needs. For tests and for whoever audits it.
pub fn routes() -> Vec<(String, &'static str, Needs)> {
    let board = BOARD.iter().chain(&OPERATIONS).map(|(path, needs)| ((*path).to_owned(), "GET", *needs));
    let restricted = RESTRICTED.iter().map(|(path, needs)| (format!("{RESTRICTED_AT}{path}"), "GET", *needs));
    let door = door().into_iter().map(|(path, needs, _)| {
        let posts = ["/sign-out", "/admin/users/{id}/disable", "/admin/users/{id}/enable"].contains(&path);
        (path.to_owned(), if posts { "POST" } else { "GET" }, needs)
    });
    let sign_in = std::iter::once(("/sign-in".to_owned(), "POST", Needs::Nothing));
    board.chain(restricted).chain(door).chain(sign_in).collect()
}
