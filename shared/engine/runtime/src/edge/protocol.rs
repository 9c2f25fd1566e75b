//! What of Connect's protocol is served: unary calls as uncompressed JSON or binary, in POST and, where an RPC reads, in GET.
//!
//! connectrpc decodes and encodes; it serves more than this, and what it refuses it words in its own way. So each request is
//! checked before it, and is made anew from what was checked.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::deadline::CONNECT_TIMEOUT;
use super::event::Received;
use super::refusal::Refusal;

const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("connect-protocol-version");

/// Above what API Gateway takes (10,240 bytes for the request line and all headers), and encoded still short enough for a URI.
const MAX_QUERY_BYTES: usize = 16 * 1024;

/// What a URI's query must not hold. Browsers encode the same; curl does not.
const FORBIDDEN: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// How the RPC of a function is called.
pub(super) struct Protocol {
    /// Its path.
    pub(super) procedure: &'static str,
    /// Whether it has no side effects.
    pub(super) reads: bool,
}

impl Protocol {
    /// The request as connectrpc is asked: with the one content type that was meant, uncompressed and without a timeout.
    ///
    /// # Errors
    /// What is not served.
    pub(super) fn request(&self, received: Received) -> Result<Request<Full<Bytes>>, Refusal> {
        if received.path != self.procedure {
            return Err(Refusal::UnknownRpc);
        }
        let mut headers = received.headers.clone();
        let (method, target, body) = match received.method.as_str() {
            "GET" if self.reads => (Method::GET, self.target(&received.query)?, Bytes::new()),
            "POST" => {
                let codec = codec(&headers).ok_or(Refusal::MediaType)?;
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(codec));
                check_post(&headers)?;
                (Method::POST, self.procedure.to_owned(), received.into_body()?)
            }
            _ => return Err(Refusal::Method(if self.reads { "GET, POST" } else { "POST" })),
        };
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONNECT_TIMEOUT);
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = target.parse::<Uri>().map_err(|_| Refusal::Query)?;
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// The path and the checked query of a GET. A parameter that comes twice is checked twice.
    fn target(&self, query: &str) -> Result<String, Refusal> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(Refusal::TooLarge);
        }
        let mut is_encoded = false;
        for parameter in query.split('&') {
            match parameter.split_once('=').unwrap_or((parameter, "")) {
                ("encoding", "json" | "proto") => is_encoded = true,
                ("encoding", _) => return Err(Refusal::MediaType),
                ("compression", "" | "identity") | ("connect", "v1") => (),
                ("compression", _) => return Err(Refusal::Compressed),
                ("connect", _) => return Err(Refusal::Version),
                _ => (),
            }
        }
        if !is_encoded {
            return Err(Refusal::Query);
        }
        Ok(format!("{}?{}", self.procedure, utf8_percent_encode(query, FORBIDDEN)))
    }
}

fn check_post(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.get_all(PROTOCOL_VERSION).iter().any(|version| version != "1") {
        return Err(Refusal::Version);
    }
    let is_plain = |encoding: &HeaderValue| encoding.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(is_plain) { Ok(()) } else { Err(Refusal::Compressed) }
}

/// The content type as connectrpc spells it, if it is served.
fn codec(headers: &HeaderMap) -> Option<&'static str> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let mut parts = value.to_str().ok()?.split(';').map(str::trim);
    let name = parts.next()?;
    if name.eq_ignore_ascii_case("application/json") && parts.all(is_utf8) {
        Some("application/json")
    } else if name.eq_ignore_ascii_case("application/proto") && parts.next().is_none() {
        Some("application/proto")
    } else {
        None
    }
}

/// Whether a parameter says what JSON always is.
fn is_utf8(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset") && value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    })
}
