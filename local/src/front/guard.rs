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
mod tests;
