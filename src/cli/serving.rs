//! Serving an app until the process is asked to stop.

use std::net::SocketAddr;

use anyhow::anyhow;
use axum::Router;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::tell::Tell;
use crate::web::{Limits, serve_within};

/// A runtime, and the wish to stop, which is heard from the moment this is made: whoever starts it may write files that
/// must not outlive the process, and a reader may press Ctrl-C as soon as an address is told.
pub(super) struct Serving {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
}

impl Serving {
    pub(super) fn new() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (interrupt, terminate) = {
            let _within = runtime.enter();
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
        };
        Ok(Self { runtime, interrupt, terminate })
    }

    /// Binds, says where, calls `beside` for what else runs, and serves until the process is asked to stop.
    pub(super) fn until_stopped(
        self,
        app: Router,
        limits: Limits,
        addr: SocketAddr,
        tell: &Tell,
        beside: impl FnOnce(),
    ) -> anyhow::Result<()> {
        let Self { runtime, mut interrupt, mut terminate } = self;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(addr)
                .await
                .map_err(|error| anyhow!("cannot listen on {addr}: {error}\nhint: choose another with --addr"))?;
            let at = format!("http://{}", listener.local_addr()?);
            tell.say(&format!("open {at} (Ctrl-C stops)"), &json!({ "serving": at }));
            beside();
            let stopped = async move {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            };
            serve_within(listener, app, limits, stopped).await;
            Ok(())
        })
    }
}
