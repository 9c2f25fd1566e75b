//! What of Connect's protocol is served: unary calls as uncompressed JSON or binary, in POST and, where an RPC reads, in GET.
//!
//! connectrpc decodes and encodes; it serves more than this, and words what it refuses in its own way. So each request is checked
//! before it, and reaches it as the plainest POST that means the same.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use percent_encoding::percent_decode_str;

use super::deadline::CONNECT_TIMEOUT;
use super::event::{MAX_REQUEST_BYTES, Received};
use super::refusal::Refusal;

const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("connect-protocol-version");
const JSON: &str = "application/json";
const BINARY: &str = "application/proto";

/// Connect's clients leave the padding out; others send it.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How the RPC of a function is called.
pub(super) struct Protocol {
    /// Its path.
    pub(super) procedure: &'static str,
    /// Whether it has no side effects.
    pub(super) reads: bool,
}

impl Protocol {
    /// The request as connectrpc is asked. Its time is kept elsewhere.
    ///
    /// # Errors
    /// What is not served.
    pub(super) fn request(&self, received: Received) -> Result<Request<Full<Bytes>>, Refusal> {
        if received.path != self.procedure {
            return Err(Refusal::UnknownRpc);
        }
        let mut headers = received.headers.clone();
        let (codec, body) = match received.method.as_str() {
            "GET" if self.reads => asked_by(&received.query)?,
            "POST" => {
                let codec = codec(&headers).ok_or(Refusal::MediaType)?;
                check_version(&headers)?;
                check_encoding(&headers)?;
                (codec, received.into_body()?)
            }
            _ => return Err(Refusal::Method(if self.reads { "GET, POST" } else { "POST" })),
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(codec));
        for checked in [CONTENT_ENCODING, CONNECT_TIMEOUT, PROTOCOL_VERSION] {
            headers.remove(checked);
        }
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_static(self.procedure);
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// Codec and message of a GET. What connectrpc reads from its query is read here, as it would be refused without a reason there.
fn asked_by(query: &str) -> Result<(&'static str, Bytes), Refusal> {
    if query.len() > MAX_REQUEST_BYTES {
        return Err(Refusal::TooLarge(MAX_REQUEST_BYTES));
    }
    let one = |name: &str| {
        // As a page's form has it, a parameter without a value is an empty value, and so is given.
        let parameters = query.split('&').map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")));
        let mut values = parameters.filter(|(named, _)| *named == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_none() { Ok(value) } else { Err(Refusal::BrokenQuery) }
    };
    if one("connect")?.is_some_and(|version| version != "v1") {
        return Err(Refusal::Version);
    }
    if one("compression")?.is_some_and(|compression| compression != "identity") {
        return Err(Refusal::Compressed);
    }
    let codec = match one("encoding")?.ok_or(Refusal::BrokenQuery)? {
        "json" => JSON,
        "proto" => BINARY,
        _ => return Err(Refusal::MediaType),
    };
    let message = one("message")?.unwrap_or_default();
    let message = match one("base64")? {
        None | Some("0") => percent_decode_str(&message.replace('+', " ")).collect(),
        Some("1") => {
            let message: Vec<u8> = percent_decode_str(message).collect();
            BASE64_URL.decode(message).map_err(|_| Refusal::BrokenQuery)?
        }
        Some(_) => return Err(Refusal::BrokenQuery),
    };
    Ok((codec, message.into()))
}

fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.get_all(PROTOCOL_VERSION).iter().all(|version| version == "1") { Ok(()) } else { Err(Refusal::Version) }
}

fn check_encoding(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_plain = |encoding: &HeaderValue| encoding.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(is_plain) { Ok(()) } else { Err(Refusal::Compressed) }
}

/// The content type as connectrpc spells it, if it is served.
fn codec(headers: &HeaderMap) -> Option<&'static str> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let mut parts = value.to_str().ok()?.split(';').map(str::trim);
    let name = parts.next()?;
    if name.eq_ignore_ascii_case(JSON) && parts.all(is_utf8) {
        Some(JSON)
    } else if name.eq_ignore_ascii_case(BINARY) && parts.next().is_none() {
        Some(BINARY)
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
