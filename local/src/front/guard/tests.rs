use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use axum::routing::get;

use super::*;
use crate::front::serving::{Reserved, Server};

fn server() -> Server {
    Reserved::port(None).unwrap().serve(Router::new().route("/", get(|| async { "a secret" }))).unwrap()
}

/// What is answered to a request with these lines, which need not be what a client would send.
fn answer(server: &Server, lines: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    write!(stream, "{lines}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_server_answers_to_its_own_names() {
    let server = server();
    for name in ["127.0.0.1", "localhost", "LOCALHOST"] {
        let told = answer(&server, &format!("GET / HTTP/1.1\r\nhost: {name}:{}", server.port()));
        assert!(told.starts_with("HTTP/1.1 200 ") && told.ends_with("a secret"), "{name}: {told}");
    }
}

#[test]
fn a_server_answers_to_no_other_name_and_says_by_which_to_call_it() {
    let server = server();
    let port = server.port();
    let hosts = [
        format!("host: evil.example:{port}"),
        format!("host: 127.0.0.1.evil.example:{port}"),
        format!("host: localhost.:{port}"),
        format!("host: evil@127.0.0.1:{port}"),
        format!("host: 127.0.0.1:{port}\r\nhost: evil.example:{port}"),
        format!("host: [::1]:{port}"),
        "host: 127.0.0.1".to_owned(),
        "host: 127.0.0.1:1".to_owned(),
        "host:".to_owned(),
        "accept: */*".to_owned(),
    ];
    for host in hosts {
        for asked in ["GET /", "GET /nothing", "POST /", "OPTIONS /"] {
            let told = answer(&server, &format!("{asked} HTTP/1.1\r\n{host}"));
            assert!(told.starts_with("HTTP/1.1 421 ") && !told.contains("secret"), "{asked} {host}: {told}");
            assert!(told.contains("FOREIGN_HOST") && told.contains(&format!("localhost:{port}")), "{told}");
        }
    }
}

#[test]
fn a_page_is_known_by_its_origin() {
    let origins = ["http://127.0.0.1:5173".to_owned()];
    let from = |values: &[&str]| {
        let values = values.iter().map(|value| (header::ORIGIN, value.parse().unwrap()));
        is_page_of(&origins, &values.collect())
    };
    assert_eq!(from(&[]), None);
    assert_eq!(from(&["http://127.0.0.1:5173"]), Some(true));
    for foreign in ["null", "", "http://127.0.0.1:51730", "https://127.0.0.1:5173", "http://localhost:5173"] {
        assert_eq!(from(&[foreign]), Some(false), "{foreign}");
        assert_eq!(from(&["http://127.0.0.1:5173", foreign]), Some(false), "{foreign}");
    }
}
