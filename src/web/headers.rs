//! What every answer carries, and what holds a request within bounds.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::guard::Guard;

/// Nothing from anywhere but here; no inline style or script; in nobody's frame.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// A request takes microseconds; one that takes this long is stuck.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Two years, as browsers' lists of sites that are only ever encrypted ask for.
const ENCRYPTED_FROM_NOW_ON: &str = "max-age=63072000";

/// The router with headers, a time limit, and a panic turned into a 500 for its own request alone.
pub(super) fn layered(router: Router, guard: Option<&Arc<Guard>>) -> Router {
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let router = router
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "no-referrer"))
        .layer(set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"));
    if guard.is_some_and(|guard| guard.is_encrypted()) {
        router.layer(set(header::STRICT_TRANSPORT_SECURITY, ENCRYPTED_FROM_NOW_ON))
    } else {
        router
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    async fn breaks() -> &'static str {
        panic!("a secret of the inside")
    }

    #[tokio::test]
    async fn a_panic_is_a_500_for_its_own_request_and_says_nothing() {
        let app = layered(Router::new().route("/breaks", get(breaks)).route("/works", get(async || "works")), None);
        for (path, status) in [("/breaks", 500), ("/works", 200), ("/breaks", 500), ("/works", 200)] {
            let answer = app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            assert!(!String::from_utf8_lossy(&body).contains("secret"));
        }
    }
}
