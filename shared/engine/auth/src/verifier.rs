//! The way through the other modules: header, key, signature, claims.

use std::sync::Arc;
use std::time::SystemTime;

use crate::key_cache::KeyCache;
use crate::token::{Expected, UnverifiedToken};
use crate::{Audience, HttpKeySource, Issuer, KeySource, Principal, TokenError};

/// Verifies access tokens of one issuer for one API; create it once, as it keeps the issuer's keys.
pub struct Verifier {
    expected: Expected,
    keys: KeyCache,
}

impl Verifier {
    /// Verifies with the keys of this source.
    pub fn new(issuer: Issuer, audience: Audience, keys: Arc<dyn KeySource>) -> Self {
        Self { expected: Expected::new(issuer, audience), keys: KeyCache::new(keys) }
    }

    /// Verifies with the keys that the issuer publishes; nothing is fetched before a token needs a key.
    pub fn over_http(issuer: Issuer, audience: Audience) -> Self {
        let keys = Arc::new(HttpKeySource::new(&issuer));
        Self::new(issuer, audience, keys)
    }

    /// The caller whom the request's Authorization header proves.
    pub async fn verify(&self, authorization_header: Option<&str>, now: SystemTime) -> Result<Principal, TokenError> {
        let token = UnverifiedToken::parse(authorization_header)?;
        let key = self.keys.key(token.key_id(), now).await?;
        Ok(token.verify(&key, &self.expected)?.into_principal(now)?)
    }
}
