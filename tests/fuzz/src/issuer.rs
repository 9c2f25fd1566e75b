//! The issuer of the tokens, with one key.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

pub(crate) const ISSUER: &str = "https://tenant.eu.auth0.com/";
pub(crate) const AUDIENCE: &str = "https://api.example.com";
pub(crate) const NOW_SECONDS: u64 = 1_900_000_000;

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).expect("a key"));

/// The time of every target.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW_SECONDS)
}

/// The token with this header and these claims, whatever they say.
pub(crate) fn signed(header: &str, claims: &str) -> String {
    let unsigned = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), unsigned.as_bytes(), &mut signature).expect("a signature");
    format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(&signature))
}

/// A verifier that knows nothing yet: it would remember unknown keys, and how often it has asked for them.
pub(crate) fn verifier() -> Verifier {
    let (issuer, audience) =
        (Issuer::parse(ISSUER).expect("an issuer"), Audience::parse(AUDIENCE).expect("an audience"));
    Verifier::new(issuer, audience, Arc::new(Published))
}

struct Published;

#[async_trait]
impl KeySource for Published {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        let public = KEY.public_key();
        let jwk = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "key-a",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        });
        KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes())
    }
}
