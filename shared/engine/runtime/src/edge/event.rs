//! The event that an HTTP API hands to a function, read without anything that can panic.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;

use super::refusal::Refusal;

/// The longest request that is read, decoded: ten times what a request with the longest list of items takes.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// The only payload format that is read. It joins the values of a repeated header with commas.
const FORMAT: &str = "2.0";

/// The members that an RPC is made of. The others, such as the authorizer's claims, are not read, so that nothing depends on their
/// form; `aws_lambda_events` would refuse the event for them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    version: String,
    raw_path: String,
    raw_query_string: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    request_context: Context,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

#[derive(Deserialize)]
struct Context {
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

/// A request as the HTTP API received it.
pub(super) struct Received {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    body: String,
    is_base64: bool,
}

impl Received {
    /// Reads an event.
    ///
    /// # Errors
    /// Whatever is no request of an HTTP API, or has a header that HTTP does not know.
    pub(super) fn read(event: Value) -> Result<Self, Refusal> {
        let event: Event = serde_json::from_value(event).map_err(|_| Refusal::NoRequest)?;
        if event.version != FORMAT {
            return Err(Refusal::NoRequest);
        }
        Ok(Self {
            method: event.request_context.http.method,
            path: event.raw_path,
            query: event.raw_query_string.unwrap_or_default(),
            headers: headers(event.headers.unwrap_or_default())?,
            body: event.body.unwrap_or_default(),
            is_base64: event.is_base64_encoded.unwrap_or_default(),
        })
    }

    /// The body as it was sent.
    ///
    /// # Errors
    /// A body that is too long, or that is no base64 though the event says so.
    pub(super) fn into_body(self) -> Result<Bytes, Refusal> {
        let longest = if self.is_base64 { MAX_REQUEST_BYTES.div_ceil(3) * 4 } else { MAX_REQUEST_BYTES };
        if self.body.len() > longest {
            return Err(Refusal::TooLarge(MAX_REQUEST_BYTES));
        }
        if !self.is_base64 {
            return Ok(self.body.into());
        }
        let body = STANDARD.decode(self.body).map_err(|_| Refusal::BrokenBody)?;
        // The last of the four characters that stand for three bytes may be padding.
        if body.len() > MAX_REQUEST_BYTES { Err(Refusal::TooLarge(MAX_REQUEST_BYTES)) } else { Ok(body.into()) }
    }
}

fn headers(texts: BTreeMap<String, String>) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    for (name, value) in texts {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Refusal::BrokenHeader)?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| Refusal::BrokenHeader)?;
        // Two spellings of a name are two headers. There is a most that a map takes, beyond which `append` panics.
        headers.try_append(name, value).map_err(|_| Refusal::BrokenHeader)?;
    }
    Ok(headers)
}
