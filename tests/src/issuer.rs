//! The issuer of the tokens that functions in memory are called with, the only time that they know, and their gate.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use local::{AccessToken, SigningKey};
use runtime::Gate;

const ISSUER: &str = "https://tenant.example/";
const AUDIENCE: &str = "https://api.example/";
/// The only time there is, in seconds.
pub const NOW: u64 = 1_900_000_000;

/// The only time there is.
pub(crate) fn clock() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn key() -> Result<&'static SigningKey> {
    static KEY: LazyLock<Result<SigningKey, String>> =
        LazyLock::new(|| SigningKey::generate().map_err(|error| format!("{error:#}")));
    KEY.as_ref().map_err(|error| anyhow!("{error}"))
}

/// An access token of somebody with these permissions, good at the only time there is.
pub fn token(subject: &str, permissions: &[&str]) -> AccessToken {
    AccessToken::new(ISSUER, AUDIENCE, subject, permissions).claim("iat", NOW - 10).claim("exp", NOW + 60)
}

/// The Authorization header with this token.
///
/// # Errors
/// A key that cannot be made.
pub fn bearer(token: &AccessToken) -> Result<String> {
    Ok(format!("Bearer {}", key()?.sign(token)?))
}

/// Where the issuer's keys are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// They are there.
    Published,
    /// The issuer is down.
    Unreachable,
}

#[async_trait]
impl KeySource for Keys {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        match (self, key()) {
            (Self::Published, Ok(key)) => KeySet::parse(key.jwks().to_string().as_bytes()),
            _ => Err(KeySourceError::Status(503)),
        }
    }
}

/// The gate of every function, with these keys and the rows of a policy.
///
/// # Errors
/// A policy that cannot be read.
pub async fn gate(keys: Keys, policy: &str) -> Result<Gate> {
    let verifier = Verifier::new(Issuer::parse(ISSUER)?, Audience::parse(AUDIENCE)?, Arc::new(keys));
    Gate::new(verifier, policy).await.map_err(|error| anyhow!("{error}"))
}
