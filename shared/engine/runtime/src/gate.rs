//! The gate before every RPC: the token is verified, then Casbin is asked.

use std::time::SystemTime;

use auth::{Audience, Issuer, PermissionDenied, Policy, Rejection, TokenError, Verifier};
use connectrpc::ConnectError;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use rpc::{Caller, EdgeReason, RpcError};
use serde::Deserialize;

use crate::Error;
use crate::configuration::Environment;

/// Admits callers whose token is valid and whose permissions open the RPC.
pub struct Gate {
    verifier: Verifier,
    policy: Policy,
}

#[derive(Deserialize)]
struct Configuration {
    token_issuer: String,
    token_audience: String,
}

impl Gate {
    /// A gate to an API with this policy, as `TOKEN_ISSUER` and `TOKEN_AUDIENCE` describe it.
    ///
    /// # Errors
    /// A variable that is missing or malformed.
    pub async fn from_env(policy: &str) -> Result<Self, Error> {
        Self::in_environment(&Environment::of_the_process(), policy).await
    }

    async fn in_environment(environment: &Environment, policy: &str) -> Result<Self, Error> {
        let Configuration { token_issuer, token_audience } = environment.read()?;
        let issuer = Issuer::parse(&token_issuer).map_err(|error| format!("TOKEN_ISSUER: {error}"))?;
        let audience = Audience::parse(&token_audience).map_err(|error| format!("TOKEN_AUDIENCE: {error}"))?;
        Self::new(Verifier::over_http(issuer, audience), policy).await
    }

    /// A gate that trusts this verifier, with the rows of a policy.
    ///
    /// # Errors
    /// A policy that cannot be read.
    pub async fn new(verifier: Verifier, policy: &str) -> Result<Self, Error> {
        Ok(Self { verifier, policy: Policy::from_rows(policy).await? })
    }

    /// The caller, if the token proves one and the policy lets them call the RPC at `path`.
    pub(crate) async fn admit(&self, headers: &HeaderMap, path: &str, now: SystemTime) -> Result<Caller, TurnedAway> {
        let caller = self.verifier.verify(authorization(headers), now).await?;
        self.policy.require(&caller, path)?;
        Ok(Caller { subject: caller.subject.as_str().to_owned() })
    }
}

/// Why a caller is not let in.
#[derive(Debug)]
pub(crate) struct TurnedAway {
    error: RpcError,
    /// What the caller is asked for; `None` when nothing that the caller could bring would help now.
    challenge: Option<Challenge>,
}

/// The challenges of RFC 6750, section 3.
#[derive(Debug, Clone, Copy)]
enum Challenge {
    /// There was no bearer token, so there is nothing to say about one.
    Token,
    /// The token is no good.
    OtherToken,
    /// The token lacks a permission. The attribute `scope` is left out, since a permission is assigned and not asked for.
    MorePermissions,
}

impl Challenge {
    /// The header's value; a challenge must have an attribute, so each has the realm.
    fn header(self, realm: &str) -> Option<HeaderValue> {
        let error = match self {
            Self::Token => "",
            Self::OtherToken => ", error=\"invalid_token\"",
            Self::MorePermissions => ", error=\"insufficient_scope\"",
        };
        HeaderValue::try_from(format!("Bearer realm=\"{realm}\"{error}")).ok()
    }
}

impl TurnedAway {
    /// What the caller is told by an API of this error domain.
    pub(crate) fn into_connect(self, domain: &str) -> ConnectError {
        let error = self.error.into_connect(domain);
        match self.challenge.and_then(|challenge| challenge.header(domain)) {
            Some(value) => error.with_headers(HeaderMap::from_iter([(WWW_AUTHENTICATE, value)])),
            None => error,
        }
    }
}

impl From<TokenError> for TurnedAway {
    fn from(error: TokenError) -> Self {
        let message = error.to_string();
        match error {
            TokenError::Refused(rejection) => {
                let (reason, challenge) = reason(&rejection);
                Self { error: RpcError::refused(reason, message), challenge: Some(challenge) }
            }
            // Its cause was logged where it arose.
            TokenError::Unavailable(_) => {
                Self { error: RpcError::refused(EdgeReason::KeysUnavailable, message), challenge: None }
            }
        }
    }
}

impl From<PermissionDenied> for TurnedAway {
    fn from(denied: PermissionDenied) -> Self {
        let message = denied.to_string();
        match denied {
            PermissionDenied::Lacks(permission) => Self {
                error: RpcError::refused(EdgeReason::PermissionMissing, message).about("permission", permission),
                challenge: Some(Challenge::MorePermissions),
            },
            PermissionDenied::Closed(_) => {
                Self { error: RpcError::refused(EdgeReason::RpcClosed, message), challenge: None }
            }
        }
    }
}

/// The reason that a caller is told, and what the caller is asked for.
fn reason(rejection: &Rejection) -> (EdgeReason, Challenge) {
    let reason = match rejection {
        Rejection::Missing => return (EdgeReason::TokenMissing, Challenge::Token),
        Rejection::NotBearer => return (EdgeReason::TokenMalformed, Challenge::Token),
        Rejection::TooLong { .. } | Rejection::Malformed => EdgeReason::TokenMalformed,
        Rejection::Algorithm | Rejection::UnknownKey | Rejection::Signature => EdgeReason::TokenUntrusted,
        Rejection::NotAnAccessToken
        | Rejection::MissingClaim(_)
        | Rejection::Issuer { .. }
        | Rejection::IdToken
        | Rejection::Audience { .. }
        | Rejection::Subject => EdgeReason::TokenNotForThisApi,
        Rejection::SenderConstrained => EdgeReason::TokenSenderConstrained,
        Rejection::Expired => EdgeReason::TokenExpired,
        Rejection::NotYetValid | Rejection::IssuedInFuture => EdgeReason::TokenNotYetValid,
    };
    (reason, Challenge::OtherToken)
}

/// The Authorization header. Two headers, or a header that is not text, count as an empty header: the verifier refuses
/// it and says what to send instead.
fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => None,
        (Some(value), None) => Some(value.to_str().unwrap_or_default()),
        (Some(_), Some(_)) => Some(""),
    }
}

#[cfg(test)]
mod tests;
