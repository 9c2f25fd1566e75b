//! Two kinds of errors, because their callers do different things: log in again, or come again with the same token.

use thiserror::Error;

use crate::KeySourceError;

/// Why a request has no caller; no variant carries any part of the token.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The caller is at fault (`unauthenticated`): the same token will be refused again.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// Nobody can tell now (`unavailable`): the same token may be accepted on a retry.
    #[error(transparent)]
    Unavailable(#[from] KeysUnavailable),
}

/// What is wrong with the token, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Rejection {
    /// There is no Authorization header.
    #[error("the request has no access token: send the header `Authorization: Bearer <access token>`")]
    Missing,
    /// The header holds something other than a bearer token.
    #[error("the Authorization header is not a bearer token: send `Authorization: Bearer <access token>`")]
    NotBearer,
    /// The header exceeds the bound.
    #[error("the Authorization header is longer than {limit} bytes: get a token with fewer permissions")]
    TooLong {
        /// The longest header that is looked at, in bytes.
        limit: usize,
    },
    /// The token is not three base64url parts holding the JSON of a JWT.
    #[error("the token is not a well-formed JWT: send the access token exactly as the issuer returned it")]
    Malformed,
    /// The signature algorithm is not RS256.
    #[error("the token is not signed with RS256: set the API's signing algorithm to RS256 and get a new token")]
    Algorithm,
    /// The header declares a token of another kind, or an extension that must be understood.
    #[error("the token's header is not that of an access token (`typ` JWT or at+jwt): send an access token")]
    NotAnAccessToken,
    /// The issuer has no such signing key.
    #[error("the token is not signed with a current key of the issuer: get a new one")]
    UnknownKey,
    /// The signature does not fit the content.
    #[error("the token's signature is wrong: send the access token exactly as the issuer returned it")]
    Signature,
    /// A claim that every access token has is absent.
    #[error("the token has no claim `{0}`: get an access token from the issuer")]
    MissingClaim(&'static str),
    /// Another issuer wrote the token.
    #[error("the token comes from another issuer: get one from {expected}")]
    Issuer {
        /// The issuer this API trusts.
        expected: String,
    },
    /// The token tells an app who its user is; it gives no access.
    #[error("the token is an ID token: send the access token instead")]
    IdToken,
    /// The token is bound to a key (RFC 7800), as with DPoP or mutual TLS, or comes under the scheme `DPoP`.
    #[error(
        "tokens that are bound to a key (`cnf`, DPoP, mutual TLS) are not accepted: get an access token without a binding and \
         send `Authorization: Bearer <access token>`"
    )]
    SenderConstrained,
    /// The token is for another API.
    #[error("the token is not for this API: request an access token with the audience {expected}")]
    Audience {
        /// The identifier of this API.
        expected: String,
    },
    /// The token's time is over.
    #[error("the token has expired: get a new one")]
    Expired,
    /// The token's time has not begun.
    #[error("the token is not valid yet: check the clocks, or use it later")]
    NotYetValid,
    /// The token claims to have been issued later than now.
    #[error("the token was issued in the future: check the clocks and get a new one")]
    IssuedInFuture,
    /// The subject is empty, too long, or holds control characters.
    #[error("the token's subject must be 1 to 255 bytes without control characters: use another account")]
    Subject,
}

/// Why the issuer's signing keys are not at hand.
#[derive(Debug, Error)]
pub enum KeysUnavailable {
    /// The keys could not be fetched.
    #[error("the token cannot be checked now, as the issuer's signing keys cannot be fetched: try again soon")]
    Fetch(#[source] KeySourceError),
    /// The issuer is not asked for a while, after a failure or after many fetches.
    #[error("the token cannot be checked now, as the issuer's signing keys were just asked for: try again soon")]
    Paused,
}
