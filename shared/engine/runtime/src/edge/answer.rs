//! The answer as an HTTP API takes it from a function.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Response};
use serde_json::{Map, Value, json};

/// The longest answer. As JSON or base64 within JSON it grows to twice its length at the most, and Lambda takes 6 MiB.
pub(super) const MAX_ANSWER_BYTES: usize = 5 * 1024 * 1024 / 2;

/// Lets the caller's own browser keep the answer for this long. Another token may be another caller's, and the HTTP API puts the
/// page's origin into the answer.
pub(super) fn keep_for(response: &mut Response<Bytes>, time: Duration) {
    if let Ok(value) = HeaderValue::try_from(format!("private, max-age={}", time.as_secs())) {
        response.headers_mut().insert(CACHE_CONTROL, value);
        response.headers_mut().insert(VARY, HeaderValue::from_static("Authorization, Origin"));
    }
}

/// The event that answers. Unless it was said how long it may be kept, it is not kept at all.
pub(super) fn to_event(response: Response<Bytes>) -> Value {
    let (mut parts, body) = response.into_parts();
    parts.headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    parts.headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let is_json = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let text = if is_json { std::str::from_utf8(&body).ok() } else { None };
    json!({
        "statusCode": parts.status.as_u16(),
        "headers": texts(&parts.headers),
        "body": text.map_or_else(|| STANDARD.encode(&body), str::to_owned),
        "isBase64Encoded": text.is_none(),
    })
}

/// A header that comes twice is joined, as the HTTP API takes one value for each name.
fn texts(headers: &HeaderMap) -> Map<String, Value> {
    let joined = |name| {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values.collect::<Vec<_>>().join(", ")
    };
    headers.keys().map(|name| (name.as_str().to_owned(), joined(name).into())).collect()
}
