//! Whom the servers of this machine answer. They listen on the loopback interface alone, and yet any page that a browser here shows
//! can send to them; it could read the answers as well, once a name of its own led here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde_json::json;

/// The names by which people and programs call the server that listens on `port`.
pub(crate) fn own_hosts(port: u16) -> [String; 2] {
    ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"))
}

/// Lets `router`, which is served on `port`, answer those only who call it by one of its own names.
pub(crate) fn by_its_own_names(router: Router, port: u16) -> Router {
    router.layer(from_fn_with_state(Arc::new(own_hosts(port)), let_in))
}

async fn let_in(State(own): State<Arc<[String; 2]>>, request: Request, next: Next) -> Response {
    if says_only(request.headers(), &header::HOST, own.as_slice()) == Some(true) {
        return next.run(request).await;
    }
    let message = format!("call this server as {} or {}: it takes no other name", own[0], own[1]);
    refused(StatusCode::MISDIRECTED_REQUEST, "FOREIGN_HOST", &message)
}

/// Whether a page of `origins` has sent the request; `None` when no page has, as browsers name the page whenever it sends.
pub(crate) fn is_page_of(origins: &[String], headers: &HeaderMap) -> Option<bool> {
    says_only(headers, &header::ORIGIN, origins)
}

/// Whether every header `name` has one of these values; `None` when there is no such header.
fn says_only(headers: &HeaderMap, name: &HeaderName, values: &[String]) -> Option<bool> {
    let mut said = headers.get_all(name).iter().peekable();
    said.peek()?;
    Some(said.all(|said| values.iter().any(|value| said.as_bytes().eq_ignore_ascii_case(value.as_bytes()))))
}

/// The answer that says why nothing is done, and what to do.
pub(crate) fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

#[cfg(test)]
mod tests {
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
}
