//! What the edge refuses by itself: what is no call of the function's RPC, or takes too long.

use connectrpc::{ConnectError, ErrorCode, ErrorDetail};
use http::header::{ACCEPT_ENCODING, ALLOW};
use http::{HeaderName, HeaderValue, StatusCode};
use wire::google::rpc::ErrorInfo;

const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

/// Why a request does not reach the RPC. It carries nothing that the caller sent, so that no answer grows with its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The event is no request of an HTTP API in payload format 2.0.
    NoRequest,
    /// A header's name or value that HTTP does not know.
    BrokenHeader,
    /// The body is no base64 though the event says so.
    BrokenBody,
    /// The path is not that of the function's RPC.
    UnknownRpc,
    /// The method is neither POST nor, where the RPC reads, GET.
    Method(&'static str),
    /// The content type, or the encoding of a GET, is not served.
    MediaType,
    /// The body is compressed.
    Compressed,
    /// Another version of Connect's protocol.
    Version,
    /// A timeout that is no number of milliseconds.
    Timeout,
    /// A GET whose query says not how its message is encoded.
    Query,
    /// Longer than what is read.
    TooLarge,
    /// The caller's timeout or the function's has passed.
    OutOfTime,
    /// A defect of ours, which is logged where it is noticed.
    Failed,
}

impl Refusal {
    /// What the caller is told.
    pub(super) fn into_connect(self, domain: &str) -> ConnectError {
        let error = match self {
            Self::NoRequest => invalid(
                "the function was called with something else than a request of an HTTP API in payload format 2.0: call it through its API",
            ),
            Self::BrokenHeader => {
                invalid("a header is malformed: its name or its value has characters that HTTP forbids")
            }
            Self::BrokenBody => invalid("the body is no base64: send the request again"),
            Self::UnknownRpc => ConnectError::unimplemented(
                "there is no such RPC: call /<package>.<Service>/<Method> as the contract spells it",
            )
            .with_http_status(StatusCode::NOT_FOUND),
            Self::Method(allowed) => ConnectError::method_not_allowed(
                "the method is not served: send POST, or GET where the RPC has no side effects",
            )
            .with_headers(one(ALLOW, allowed)),
            Self::MediaType => ConnectError::unsupported_media_type(
                "the content type is not served: send application/json in UTF-8, or application/proto",
            )
            .with_headers(one(ACCEPT_POST, "application/json, application/proto")),
            // 501 would be Connect's status, and a failure of the service in every count of its answers.
            Self::Compressed => ConnectError::unimplemented("a compressed request is not understood: send it as it is")
                .with_http_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
                .with_headers(one(ACCEPT_ENCODING, "identity")),
            Self::Version => invalid(
                "the version of Connect's protocol is not served: send Connect-Protocol-Version: 1, in a GET connect=v1, or leave it out",
            ),
            Self::Timeout => {
                invalid("the header Connect-Timeout-Ms is malformed: send a number of milliseconds in 1 to 10 digits")
            }
            Self::Query => invalid(
                "the query of the GET is malformed: send encoding=json or encoding=proto, and the request as message",
            ),
            Self::TooLarge => {
                invalid("the request is too large: send at most 1 MiB, and a GET's query of at most 16 KiB")
                    .with_http_status(StatusCode::PAYLOAD_TOO_LARGE)
            }
            Self::OutOfTime => ConnectError::deadline_exceeded(
                "the call took longer than its timeout and may have been carried out: repeat it, with the same Idempotency-Key if it had one",
            ),
            Self::Failed => {
                ConnectError::internal("the service has failed and the failure is recorded: a repeat will not help")
            }
        };
        explained(error, self.reason(), domain)
    }

    fn reason(self) -> &'static str {
        match self {
            Self::UnknownRpc => "UNKNOWN_RPC",
            Self::Method(_) => "METHOD_NOT_ALLOWED",
            Self::MediaType | Self::Compressed => "UNSUPPORTED_MEDIA_TYPE",
            Self::TooLarge => "REQUEST_TOO_LARGE",
            Self::OutOfTime => "DEADLINE_EXCEEDED",
            Self::Failed => "SERVICE_FAILED",
            Self::NoRequest | Self::BrokenHeader | Self::BrokenBody | Self::Version | Self::Timeout | Self::Query => {
                "INVALID_REQUEST"
            }
        }
    }
}

fn invalid(message: &str) -> ConnectError {
    ConnectError::new(ErrorCode::InvalidArgument, message)
}

fn one(name: HeaderName, value: &'static str) -> http::HeaderMap {
    http::HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
}

fn explained(error: ConnectError, reason: &str, domain: &str) -> ConnectError {
    let info = ErrorInfo { reason: reason.to_owned(), domain: domain.to_owned(), ..Default::default() };
    error.with_detail(ErrorDetail::from_message("google.rpc.ErrorInfo", &info))
}
