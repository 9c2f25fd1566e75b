//! The reasons that every API of this engine has.

use std::time::Duration;

use connectrpc::ErrorCode;

use super::{Retry, Rpcs};

crate::reasons! {
    /// Why the edge of an API refuses a call, whatever the call is about.
    pub enum EdgeReason {
        /// A field of the request is not what the contract says.
        InvalidRequest = Entry {
            name: "INVALID_REQUEST",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "a field of the request is missing, malformed or out of its limits; the BadRequest lists every fault",
            metadata: &[],
            retry: Retry::Never,
            tell: "Something in this form is not right: please check the fields that are marked.",
        },
        /// The body is no message of the RPC.
        UnreadableRequest = Entry {
            name: "UNREADABLE_REQUEST",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the body is no JSON, no ProtoJSON or no Protobuf of the request's type",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app has sent something that the service cannot read: please reload it.",
        },
        /// The body exceeds the bound.
        RequestTooLarge = Entry {
            name: "REQUEST_TOO_LARGE",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the body has more bytes than the limit",
            metadata: &["limit_bytes"],
            retry: Retry::Never,
            tell: "This is too much at once: please send less.",
        },
        /// The content type is not served.
        UnsupportedMediaType = Entry {
            name: "UNSUPPORTED_MEDIA_TYPE",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the body is neither application/json nor application/proto",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app speaks a language that the service does not: please reload it.",
        },
        /// The body is compressed.
        UnsupportedEncoding = Entry {
            name: "UNSUPPORTED_ENCODING",
            code: Some(ErrorCode::Unimplemented),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the body is compressed; the header Accept-Encoding of the answer says what is understood",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app speaks a language that the service does not: please reload it.",
        },
        /// The request is not one of Connect's protocol, version 1.
        UnsupportedProtocol = Entry {
            name: "UNSUPPORTED_PROTOCOL",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the header Connect-Protocol-Version, or the parameter `connect` of a GET, names another version than 1",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app speaks a language that the service does not: please reload it.",
        },
        /// The event or a header of it is not that of an HTTP request.
        MalformedRequest = Entry {
            name: "MALFORMED_REQUEST",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the request's path, query, headers or body are not those of an HTTP request",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app has sent something that the service cannot read: please reload it.",
        },
        /// The HTTP method is not the RPC's.
        MethodNotAllowed = Entry {
            name: "METHOD_NOT_ALLOWED",
            code: Some(ErrorCode::Unimplemented),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the method is neither POST nor, for an RPC that only reads, GET",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app speaks a language that the service does not: please reload it.",
        },
        /// The function serves another RPC.
        UnknownRpc = Entry {
            name: "UNKNOWN_RPC",
            code: Some(ErrorCode::Unimplemented),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the path names no RPC of this function",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app asks for something that the service does not have: please reload it.",
        },
        /// Connect-Timeout-Ms is no number of milliseconds.
        BadTimeout = Entry {
            name: "BAD_TIMEOUT",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the header Connect-Timeout-Ms is not a whole number of 1 to 10 digits",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app has sent something that the service cannot read: please reload it.",
        },
        /// A mutation has no Idempotency-Key.
        IdempotencyKeyMissing = Entry {
            name: "IDEMPOTENCY_KEY_MISSING",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::Mutations,
            by_saga: false,
            when: "the header Idempotency-Key is missing",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app has forgotten something: please reload it.",
        },
        /// The Idempotency-Key is not 1 to 128 visible characters.
        IdempotencyKeyMalformed = Entry {
            name: "IDEMPOTENCY_KEY_MALFORMED",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::Mutations,
            by_saga: false,
            when: "the header Idempotency-Key is not one value of 1 to 128 visible ASCII characters without a comma",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app has sent something that the service cannot read: please reload it.",
        },
        /// The Idempotency-Key belongs to a request with another content.
        IdempotencyKeyReused = Entry {
            name: "IDEMPOTENCY_KEY_REUSED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Mutations,
            by_saga: false,
            when: "the Idempotency-Key was used for a request with another content",
            metadata: &[],
            retry: Retry::Never,
            tell: "What you sent before was done already, and this is something else: please look at it before you start anew.",
        },
        /// There is no access token.
        TokenMissing = Entry {
            name: "TOKEN_MISSING",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the request has no Authorization header",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please sign in.",
        },
        /// The Authorization header holds no access token that can be read.
        TokenMalformed = Entry {
            name: "TOKEN_MALFORMED",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the Authorization header is not a bearer token in the form of a JWT, or is too long",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please sign in again.",
        },
        /// The token is not signed by the issuer with RS256.
        TokenUntrusted = Entry {
            name: "TOKEN_UNTRUSTED",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token's algorithm, key or signature is not the issuer's",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please sign in again.",
        },
        /// The token is no access token for this API.
        TokenNotForThisApi = Entry {
            name: "TOKEN_NOT_FOR_THIS_API",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token comes from another issuer, is for another audience, is no access token, or lacks a sound claim",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please sign in again.",
        },
        /// The token is bound to a key of its holder, whose proof a bearer does not bring.
        TokenSenderConstrained = Entry {
            name: "TOKEN_SENDER_CONSTRAINED",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token has the claim cnf: it is no bearer token",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please sign in again.",
        },
        /// The token's time is over.
        TokenExpired = Entry {
            name: "TOKEN_EXPIRED",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token has expired",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please sign in again.",
        },
        /// The token's time has not begun.
        TokenNotYetValid = Entry {
            name: "TOKEN_NOT_YET_VALID",
            code: Some(ErrorCode::Unauthenticated),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token is not valid yet, or was issued in the future",
            metadata: &[],
            retry: Retry::WithNewToken,
            tell: "Please check the clock of this device, then sign in again.",
        },
        /// The token does not have the permission that the RPC asks for.
        PermissionMissing = Entry {
            name: "PERMISSION_MISSING",
            code: Some(ErrorCode::PermissionDenied),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token lacks the permission that the RPC asks for",
            metadata: &["permission"],
            retry: Retry::Never,
            tell: "Your account may not do this: please ask whoever manages it.",
        },
        /// The policy has no row for the RPC.
        RpcClosed = Entry {
            name: "RPC_CLOSED",
            code: Some(ErrorCode::PermissionDenied),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "no permission opens the RPC: nobody may call it",
            metadata: &[],
            retry: Retry::Never,
            tell: "This is not open to anybody at the moment.",
        },
        /// The issuer's keys cannot be fetched now.
        KeysUnavailable = Entry {
            name: "KEYS_UNAVAILABLE",
            code: Some(ErrorCode::Unavailable),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the token cannot be checked now, as the issuer's signing keys are not at hand",
            metadata: &[],
            retry: Retry::After(Duration::from_secs(5)),
            tell: "The sign-in service does not answer at the moment: please try again soon.",
        },
        /// A repeat may succeed.
        ServiceBusy = Entry {
            name: "SERVICE_BUSY",
            code: Some(ErrorCode::Unavailable),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the service cannot answer now: too many calls want the same thing, or the database is slow",
            metadata: &[],
            retry: Retry::After(Duration::from_secs(1)),
            tell: "The service is busy: please try again in a moment.",
        },
        /// The time that the caller or the function has is over.
        DeadlineExceeded = Entry {
            name: "DEADLINE_EXCEEDED",
            code: Some(ErrorCode::DeadlineExceeded),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the call took longer than Connect-Timeout-Ms (HTTP 499) or than the function may (HTTP 504); it may have been carried out",
            metadata: &[],
            retry: Retry::After(Duration::from_secs(1)),
            tell: "This takes longer than usual and may be done already: please try again here, or look before you start anew.",
        },
        /// The service has failed.
        ServiceFailed = Entry {
            name: "SERVICE_FAILED",
            code: Some(ErrorCode::Internal),
            rpcs: Rpcs::All,
            by_saga: false,
            when: "the service has a fault of its own, which is recorded",
            metadata: &[],
            retry: Retry::Never,
            tell: "Something is broken on our side: we have been told.",
        },
    }
}
