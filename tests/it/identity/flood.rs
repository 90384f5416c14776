//! Half-open connections, slow ones, and a flood of sign-ins: pages still answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sightline::domain::Role;
use sightline::web::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::house::{House, listen};

/// One page over a connection of its own: its first line.
async fn first_line(at: std::net::SocketAddr, path: &str, session: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\ncookie: __Host-sightline={session}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).lines().next().unwrap_or("").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_open_connections_keep_nobody_out() {
    let house = House::new();
    let session = house.session(Role::Board).await;
    let at = listen(&house, Limits { connections: 32, ..Limits::default() }).await;
    let mut half_open = Vec::new();
    for number in 0..1000 {
        if let Ok(mut stream) = TcpStream::connect(at).await {
            // Half of them send half a request.
            if number % 2 == 0 {
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await;
            }
            half_open.push(stream);
        }
        if number % 100 == 99 {
            assert_eq!(first_line(at, "/", &session).await, "HTTP/1.1 200 OK", "after {number}");
        }
    }
    assert!(half_open.len() > 900, "{}", half_open.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_takes_too_long_is_cut_off() {
    let house = House::new();
    let at = listen(&house, Limits { head_within: Duration::from_millis(200), ..Limits::default() }).await;
    let mut slow = TcpStream::connect(at).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let begun = Instant::now();
    let mut answer = Vec::new();
    // Closed by the server, with or without a word: reading ends.
    let _ = tokio::time::timeout(Duration::from_secs(20), slow.read_to_end(&mut answer)).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(150), "not before its time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_that_are_no_proxy_are_closed_where_only_proxies_may_come() {
    let house = House::new();
    let only_from = vec![sightline::config::Network::parse("10.0.0.1").unwrap()];
    let at = listen(&house, Limits { only_from, ..Limits::default() }).await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_leaves_the_pages_to_readers() {
    let house = Arc::new(House::new());
    let session = house.session(Role::Board).await;
    let flood: Vec<_> = (0..300)
        .map(|number| {
            let house = Arc::clone(&house);
            tokio::spawn(async move {
                house.try_in(&format!("name{number}"), "a wrong guess", "000000").await.status.as_u16()
            })
        })
        .collect();
    for _ in 0..10 {
        assert_eq!(house.get("/", Some(&session)).await.status, 200);
    }
    for one in flood {
        assert!([401, 429, 503].contains(&one.await.unwrap()));
    }
    assert_eq!(house.get("/", Some(&session)).await.status, 200);
}
