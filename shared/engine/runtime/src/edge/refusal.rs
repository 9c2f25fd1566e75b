//! What the edge refuses by itself: what is no call of the function's RPC, or takes too long.

use connectrpc::ConnectError;
use http::header::{ACCEPT_ENCODING, ALLOW};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use rpc::{EdgeReason, RpcError};

/// No standard has a status for a caller who waits no longer; proxies have this one.
const CLIENT_CLOSED_REQUEST: u16 = 499;
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

/// Why a request is not answered by the RPC. It carries nothing that the caller sent, so that no answer grows with its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The event is no request of an HTTP API in payload format 2.0.
    NoRequest,
    /// A header that HTTP does not know, or more headers than anybody sends.
    BrokenHeader,
    /// The body is no base64 though the event says so.
    BrokenBody,
    /// A GET whose query is not what Connect's protocol says.
    BrokenQuery,
    /// The path is not that of the function's RPC.
    UnknownRpc,
    /// The method is neither POST nor, where the RPC reads, GET: it is none of these.
    Method(&'static str),
    /// The content type, or the encoding of a GET, is not served.
    MediaType,
    /// The request is compressed.
    Compressed,
    /// Another version of Connect's protocol.
    Version,
    /// A timeout that is no number of milliseconds.
    Timeout,
    /// Longer than this many bytes.
    TooLarge(usize),
    /// The time that the caller has set is over.
    OutOfTheCallersTime,
    /// The function would run out of time.
    OutOfTheFunctionsTime,
    /// A defect of ours, with its cause.
    Failed(&'static str),
}

impl Refusal {
    /// What the caller is told. The cause of a defect is logged here.
    pub(crate) fn into_connect(self, domain: &str) -> ConnectError {
        let error = self.error().into_connect(domain);
        let with = |status, name, value| {
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
            (status, headers)
        };
        let (status, headers) = match self {
            Self::UnknownRpc => (StatusCode::NOT_FOUND, HeaderMap::new()),
            Self::Method(allowed) => with(StatusCode::METHOD_NOT_ALLOWED, ALLOW, allowed),
            Self::MediaType => {
                with(StatusCode::UNSUPPORTED_MEDIA_TYPE, ACCEPT_POST, "application/json, application/proto")
            }
            // Connect's own status would be 501, which every count of 5xx takes for a failure of the service.
            Self::Compressed => with(StatusCode::UNSUPPORTED_MEDIA_TYPE, ACCEPT_ENCODING, "identity"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, HeaderMap::new()),
            // Connect's own status would be 504, and what callers choose must not count as a failure of the service. A browser
            // would repeat a 408.
            Self::OutOfTheCallersTime => {
                (StatusCode::from_u16(CLIENT_CLOSED_REQUEST).unwrap_or(StatusCode::BAD_REQUEST), HeaderMap::new())
            }
            _ => return error,
        };
        error.with_http_status(status).with_headers(headers)
    }

    fn error(self) -> RpcError {
        let (reason, message) = match self {
            Self::NoRequest => (
                EdgeReason::MalformedRequest,
                "the function was called with something else than a request of an HTTP API in payload format 2.0: call it \
                 through its API",
            ),
            Self::BrokenHeader => (
                EdgeReason::MalformedRequest,
                "a header has characters that HTTP forbids, or there are too many headers: leave them out",
            ),
            Self::BrokenBody => {
                (EdgeReason::MalformedRequest, "the body is no base64 though it should be: send it again")
            }
            Self::BrokenQuery => (
                EdgeReason::MalformedRequest,
                "the query of the GET is malformed: send encoding=json or encoding=proto and the request as message, in \
                 base64url with base64=1, each of them once",
            ),
            Self::UnknownRpc => (
                EdgeReason::UnknownRpc,
                "there is no such RPC: call /<package>.<Service>/<Method> as the contract spells it",
            ),
            Self::Method(_) => (
                EdgeReason::MethodNotAllowed,
                "the method is not served: send what the header Allow of this answer says",
            ),
            Self::MediaType => (
                EdgeReason::UnsupportedMediaType,
                "the content type is not served: send application/json in UTF-8, or application/proto",
            ),
            Self::Compressed => {
                (EdgeReason::UnsupportedEncoding, "a compressed request is not understood: send it as it is")
            }
            Self::Version => (
                EdgeReason::UnsupportedProtocol,
                "this version of Connect's protocol is not served: send Connect-Protocol-Version: 1 or, in a GET, connect=v1",
            ),
            Self::Timeout => (
                EdgeReason::BadTimeout,
                "the header Connect-Timeout-Ms is malformed: send one whole number of milliseconds in 1 to 10 digits",
            ),
            Self::TooLarge(limit) => {
                let message = format!("the request is too large: send at most {limit} bytes");
                return RpcError::refused(EdgeReason::RequestTooLarge, message).about("limit_bytes", limit);
            }
            Self::OutOfTheCallersTime => (
                EdgeReason::DeadlineExceeded,
                "the call took longer than Connect-Timeout-Ms allows and may have been carried out: repeat it with more time, and \
                 with the same Idempotency-Key if it had one",
            ),
            Self::OutOfTheFunctionsTime => (
                EdgeReason::DeadlineExceeded,
                "the call took longer than it may and may have been carried out: repeat it, with the same Idempotency-Key if \
                 it had one",
            ),
            Self::Failed(cause) => return RpcError::Internal(cause.to_owned()),
        };
        RpcError::refused(reason, message)
    }
}
