//! The gate before every RPC: the token is verified, then Casbin is asked.

use std::time::SystemTime;

use auth::{Audience, Issuer, Policy, TokenError, Verifier};
use connectrpc::ConnectError;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use rpc::Caller;
use serde::Deserialize;

use crate::{Error, configuration};

/// Lets callers in.
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
    /// A gate as `TOKEN_ISSUER` and `TOKEN_AUDIENCE` describe it.
    ///
    /// # Errors
    /// A variable that is missing or malformed.
    pub async fn from_env() -> Result<Self, Error> {
        let Configuration { token_issuer, token_audience } = configuration()?;
        let issuer = Issuer::parse(&token_issuer).map_err(|error| format!("TOKEN_ISSUER: {error}"))?;
        let audience = Audience::parse(&token_audience).map_err(|error| format!("TOKEN_AUDIENCE: {error}"))?;
        Self::new(Verifier::over_http(issuer, audience)).await
    }

    /// A gate that trusts this verifier.
    ///
    /// # Errors
    /// A policy that cannot be read.
    pub async fn new(verifier: Verifier) -> Result<Self, Error> {
        Ok(Self { verifier, policy: Policy::load().await? })
    }

    /// The caller, if the token proves one and the policy lets them call the RPC at `path`.
    pub(crate) async fn admit(&self, headers: &HeaderMap, path: &str, now: SystemTime) -> Result<Caller, ConnectError> {
        // A header that is not text is no bearer token: the verifier says what to send instead.
        let header = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
        let caller = self.verifier.verify(header, now).await.map_err(|error| match error {
            TokenError::Refused(refusal) => ConnectError::unauthenticated(refusal.to_string()),
            TokenError::Unavailable(cause) => {
                tracing::warn!(error = &cause as &dyn std::error::Error, "a token could not be checked");
                ConnectError::unavailable(cause.to_string())
            }
        })?;
        self.policy.require(&caller, path).map_err(|denied| ConnectError::permission_denied(denied.to_string()))?;
        Ok(Caller { subject: caller.subject.as_str().to_owned() })
    }
}
