//! The issuer's keys over a real connection.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpSocket;

use super::fixture::{AUDIENCE, SIGNER_A, bearer, claims_with, now};
use crate::{Audience, HttpKeySource, Issuer, KeySet, KeySource, KeySourceError, Verifier};

/// Answers one request with these bytes, and tells which request came.
fn serve_once(answer: impl Into<Vec<u8>>) -> (u16, JoinHandle<String>) {
    let answer = answer.into();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let request = read_request(&connection);
        // A client that has read enough may hang up on the rest.
        if let Err(error) = connection.write_all(&answer) {
            assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
        }
        request
    });
    (port, server)
}

/// The request's line and headers.
fn read_request(connection: &TcpStream) -> String {
    let lines = BufReader::new(connection).lines().map(Result::unwrap);
    lines.take_while(|line| !line.is_empty()).map(|line| line + "\n").collect()
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn issuer(scheme: &str, port: u16) -> Issuer {
    Issuer::parse(&format!("{scheme}://127.0.0.1:{port}/")).unwrap()
}

async fn fetch(port: u16) -> Result<KeySet, KeySourceError> {
    HttpKeySource::new(&issuer("http", port)).fetch().await
}

fn jwks() -> String {
    json!({ "keys": [SIGNER_A.jwk()] }).to_string()
}

#[tokio::test]
async fn a_token_is_verified_with_the_keys_that_its_issuer_serves() {
    let (port, server) = serve_once(answer("200 OK", &jwks()));
    let issuer = issuer("http", port);
    let token = bearer(&SIGNER_A.token(&claims_with("iss", issuer.as_str().into())));
    let verifier = Verifier::over_http(issuer, Audience::parse(AUDIENCE).unwrap());
    verifier.verify(Some(&token), now()).await.unwrap();
    let request = server.join().unwrap();
    assert!(request.starts_with("GET /.well-known/jwks.json HTTP/1.1\n"), "{request}");
    assert!(request.contains("\naccept: application/json\n"), "{request}");
    assert!(!request.to_lowercase().contains("\nauthorization:"), "the token stays here: {request}");
}

#[tokio::test]
async fn an_answer_other_than_200_is_a_failure_and_redirects_are_not_followed() {
    let others =
        [("500 Oops", 500), ("404 Not Found", 404), ("302 Found\r\nLocation: /other", 302), ("203 Changed", 203)];
    for (status, code) in others {
        let (port, server) = serve_once(answer(status, &jwks()));
        assert!(matches!(fetch(port).await, Err(KeySourceError::Status(found)) if found == code), "{status}");
        server.join().unwrap();
    }
}

#[tokio::test]
async fn an_answer_of_more_than_64_kib_is_a_failure() {
    let padded = |bytes: usize| format!("{}{}", jwks(), " ".repeat(bytes - jwks().len()));
    let (port, server) = serve_once(answer("200 OK", &padded(64 * 1024)));
    assert!(fetch(port).await.is_ok());
    server.join().unwrap();

    let (port, server) = serve_once(answer("200 OK", &padded(64 * 1024 + 1)));
    assert!(matches!(fetch(port).await, Err(KeySourceError::TooLong(65_536))));
    server.join().unwrap();

    let unannounced = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", padded(64 * 1024 + 1));
    let (port, server) = serve_once(unannounced);
    assert!(matches!(fetch(port).await, Err(KeySourceError::TooLong(65_536))));
    server.join().unwrap();
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_failure() {
    let (port, server) = serve_once("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"keys\"");
    assert!(matches!(fetch(port).await, Err(KeySourceError::Unreachable(_))));
    server.join().unwrap();
}

#[tokio::test]
async fn an_answer_without_keys_is_a_failure() {
    let (port, server) = serve_once(answer("200 OK", "<html></html>"));
    assert!(matches!(fetch(port).await, Err(KeySourceError::Malformed(_))));
    server.join().unwrap();
}

#[tokio::test]
async fn an_issuer_that_is_down_is_unreachable() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert!(matches!(fetch(port).await, Err(KeySourceError::Unreachable(_))));
}

#[tokio::test]
async fn an_issuer_that_stays_silent_is_given_up_after_two_seconds() {
    // The system accepts the connection, and nobody ever answers.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let started = Instant::now();
    let outcome = fetch(listener.local_addr().unwrap().port()).await;
    assert!(matches!(outcome, Err(KeySourceError::Timeout(limit)) if limit == Duration::from_secs(2)));
    assert!(started.elapsed() >= Duration::from_secs(2));
}

/// Connecting ends before the whole fetch does, so that one dead address leaves time for the next.
#[tokio::test]
async fn an_issuer_that_takes_no_connection_is_unreachable_before_its_time_is_over() {
    // Nobody accepts: once the queue for that is full, the system answers no further attempt.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let (mut waiting, mut unanswered) = (Vec::new(), 0);
    // On a busy machine a single attempt may go unanswered although there is room.
    while unanswered < 3 {
        match TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
            Ok(connection) => waiting.push(connection),
            Err(_) => unanswered += 1,
        }
        assert!(waiting.len() < 100, "the queue is never full");
    }
    assert!(matches!(fetch(address.port()).await, Err(KeySourceError::Unreachable(_))));
}

#[tokio::test]
async fn an_https_issuer_is_never_asked_in_the_clear() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (connection, _) = listener.accept().unwrap();
        let mut first = [0];
        connection.peek(&mut first).unwrap();
        first[0]
    });
    let outcome = HttpKeySource::new(&issuer("https", port)).fetch().await;
    // If the fetch has not connected, this does, so that the server ends with nothing read.
    drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port)));
    assert!(matches!(outcome, Err(KeySourceError::Unreachable(_))));
    assert_eq!(server.join().unwrap(), 0x16, "the first byte must be that of a TLS handshake");
}
