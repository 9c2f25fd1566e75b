//! The gate before every RPC: the token is verified, then Casbin is asked.

use std::time::SystemTime;

use auth::{Audience, Issuer, Policy, TokenError, Verifier};
use connectrpc::ConnectError;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use rpc::Caller;
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
    pub(crate) async fn admit(&self, headers: &HeaderMap, path: &str, now: SystemTime) -> Result<Caller, ConnectError> {
        let caller = self.verifier.verify(authorization(headers), now).await.map_err(|error| match error {
            TokenError::Refused(refusal) => {
                let challenge = HeaderMap::from_iter([(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))]);
                ConnectError::unauthenticated(refusal.to_string()).with_headers(challenge)
            }
            // Its cause was logged where it arose.
            TokenError::Unavailable(cause) => ConnectError::unavailable(cause.to_string()),
        })?;
        self.policy.require(&caller, path).map_err(|denied| ConnectError::permission_denied(denied.to_string()))?;
        Ok(Caller { subject: caller.subject.as_str().to_owned() })
    }
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
