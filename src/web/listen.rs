//! Accepts connections and holds each within bounds: how long a request's head may take, how many connections there may
//! be, from whom. When all places are taken, one that has asked for nothing gives way to the newcomer, so that
//! half-open connections, however many, never keep a reader out.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use crate::config::Network;

/// What a server allows.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// How long the head of a request may take, and how long a connection may stay unused.
    pub head_within: Duration,
    /// How long requests under way may take once the server is told to stop.
    pub stop_within: Duration,
    /// Connections from other addresses are closed at once; empty for anybody.
    pub only_from: Vec<Network>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head_within: Duration::from_secs(10),
            stop_within: Duration::from_secs(10),
            only_from: Vec::new(),
        }
    }
}

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Longest head of a request, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// Most headers of a request.
const MOST_HEADERS: usize = 64;

/// Pause after the system could not accept a connection.
const AFTER_TROUBLE: Duration = Duration::from_millis(20);

struct Open {
    task: AbortHandle,
    /// Milliseconds since the start at which it last asked for something; 0 where it never did.
    asked: Arc<AtomicU64>,
}

/// Serves until `shutdown` resolves, then lets requests under way finish.
pub async fn serve_within(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .keep_alive(true);
    let (start, graceful) = (Instant::now(), GracefulShutdown::new());
    let mut open: Vec<Open> = Vec::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                let all = open.len();
                make_room(&mut open, all);
                tokio::time::sleep(AFTER_TROUBLE).await;
                continue;
            }
        };
        if !limits.only_from.is_empty() && !limits.only_from.iter().any(|network| network.holds(peer.ip())) {
            continue;
        }
        make_room(&mut open, limits.connections);
        let asked = Arc::new(AtomicU64::new(0));
        let task = connection(&http, &graceful, stream, peer, app.clone(), Arc::clone(&asked), start);
        open.push(Open { task: tokio::spawn(task).abort_handle(), asked });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(limits.stop_within) => tracing::warn!("some requests were cut off at the stop"),
    }
}

fn connection(
    http: &http1::Builder,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    asked: Arc<AtomicU64>,
    start: Instant,
) -> impl Future<Output = ()> + use<> {
    // Without this, small answers wait for acknowledgements of earlier ones. One that refuses is served all the same.
    let _ = stream.set_nodelay(true);
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |mut request: Request<Incoming>| {
        asked.store(start.elapsed().as_millis() as u64 + 1, Ordering::Relaxed);
        request.extensions_mut().insert(Peer(peer));
        app.call(request)
    });
    let served = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
    async move {
        // A client that goes away, or sends no request, is no error of ours.
        let _ = served.await;
    }
}

/// Where all places are taken, closes the connection that has asked for nothing the longest, else the one that asked
/// longest ago.
fn make_room(open: &mut Vec<Open>, most: usize) {
    if open.len() < most {
        return;
    }
    open.retain(|one| !one.task.is_finished());
    if open.len() < most {
        return;
    }
    // The earliest comes first among equals: connections stand in the order they came.
    let least = open.iter().enumerate().min_by_key(|(_, one)| one.asked.load(Ordering::Relaxed)).map(|(at, _)| at);
    if let Some(at) = least {
        open.remove(at).task.abort();
    }
}
