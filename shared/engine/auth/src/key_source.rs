//! What an issuer publishes is read with bounds, as a stranger's input is.

use std::time::Duration;

use async_trait::async_trait;
use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// More keys than any issuer rotates through; a longer set is refused as a whole, since any cut could lose the current key.
const MAX_KEYS: usize = 32;
/// A longer key id is neither looked up nor remembered.
pub(crate) const MAX_KEY_ID_BYTES: usize = 128;
/// RS256 is defined for 2048 bits and more; aws-lc verifies up to 8192.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// Where the issuer's current signing keys come from.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// Fetches all signing keys that the issuer publishes now.
    async fn fetch(&self) -> Result<KeySet, KeySourceError>;
}

/// Why the issuer's keys could not be fetched.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeySourceError {
    /// TLS could not be set up on this side.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The connection or the exchange failed.
    #[error("the issuer cannot be reached, or broke off its answer")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The issuer took too long.
    #[error("the issuer did not answer within {0:?}")]
    Timeout(Duration),
    /// The issuer answered something other than 200; redirects are not followed.
    #[error("the issuer answered the status {0}")]
    Status(u16),
    /// The answer exceeds the bound.
    #[error("the issuer's key set is longer than {0} bytes")]
    TooLong(usize),
    /// The answer is not a key set.
    #[error("the issuer's answer is not a JSON Web Key Set")]
    Malformed(#[source] serde_json::Error),
    /// The set holds more keys than anyone rotates through.
    #[error("the issuer's key set holds {0} keys, more than {MAX_KEYS}")]
    TooManyKeys(usize),
    /// The set holds no key that can verify RS256.
    #[error("the issuer's key set holds no RSA signing key of 2048 bits or more")]
    NoSigningKey,
}

/// The issuer's public RS256 keys by key id.
pub struct KeySet(Vec<(String, DecodingKey)>);

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: String,
    e: String,
}

impl KeySet {
    /// Reads a JSON Web Key Set, leaving out every key that is not for RS256 signatures.
    pub fn parse(json: &[u8]) -> Result<Self, KeySourceError> {
        let Jwks { keys } = serde_json::from_slice(json).map_err(KeySourceError::Malformed)?;
        if keys.len() > MAX_KEYS {
            return Err(KeySourceError::TooManyKeys(keys.len()));
        }
        // An issuer may publish keys of kinds unknown here; they must not make the known keys unusable.
        let usable: Vec<_> = keys.into_iter().filter_map(signing_key).collect();
        if usable.is_empty() {
            return Err(KeySourceError::NoSigningKey);
        }
        Ok(Self(usable))
    }

    /// The key with this id.
    pub(crate) fn find(&self, key_id: &str) -> Option<DecodingKey> {
        self.0.iter().find(|(id, _)| id == key_id).map(|(_, key)| key.clone())
    }
}

fn signing_key(jwk: Value) -> Option<(String, DecodingKey)> {
    let jwk: Jwk = serde_json::from_value(jwk).ok()?;
    let for_rs256 = jwk.kty == "RSA"
        && jwk.usage.is_none_or(|usage| usage == "sig")
        && jwk.alg.is_none_or(|algorithm| algorithm == "RS256");
    if !for_rs256 || jwk.kid.is_empty() || jwk.kid.len() > MAX_KEY_ID_BYTES {
        return None;
    }
    let key = DecodingKey::from_rsa_components(&jwk.n, &jwk.e).ok()?;
    let strong =
        matches!(key.kind(), DecodingKeyKind::RsaModulusExponent { n, .. } if MODULUS_BYTES.contains(&n.len()));
    strong.then_some((jwk.kid, key))
}
