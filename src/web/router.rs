//! Every route, on one page. All are GET (and HEAD); all answer from the pages rendered when the release was opened.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::headers;
use super::serve::{Shared, healthy, not_found, page, ready, to_root};

/// The whole application, beneath the base path of `shared`.
pub fn app(shared: Arc<Shared>) -> Router {
    let base = shared.base_path().to_owned();
    let at = |path: &str| format!("{base}{path}");
    let mut router = Router::new()
        // The board
        .route(&at("/"), get(page))
        .route(&at("/measures/{id}"), get(page)) // a page, or every figure of it as `{id}.csv`
        .route(&at("/themes/{name}"), get(page))
        .route(&at("/impact"), get(page))
        // How far the figures can be trusted
        .route(&at("/data"), get(page))
        .route(&at("/definitions"), get(page))
        .route(&at("/methods"), get(page))
        .route(&at("/releases"), get(page))
        .route(&at("/accessibility"), get(page))
        // Downloads and what pages need
        .route(&at("/tables/{name}"), get(page))
        .route(&at("/static/{name}"), get(page))
        // Operations
        .route(&at("/healthz"), get(healthy))
        .route(&at("/readyz"), get(ready));
    if !base.is_empty() {
        router = router.route(&base, get(to_root));
    }
    headers::layered(router.fallback(not_found).with_state(shared))
}
