//! An issuer in memory: it signs tokens of any form and counts how often its keys are fetched.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaEncoding};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::{Audience, Issuer, KeySet, KeySource, KeySourceError, Principal, Rejection, TokenError, Verifier};

pub(super) const ISSUER: &str = "https://tenant.eu.auth0.com/";
pub(super) const AUDIENCE: &str = "https://api.example.com";
pub(super) const NOW_SECONDS: u64 = 1_900_000_000;

static KEY_A: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());
static KEY_B: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

/// One of the issuer's signing keys.
#[derive(Clone, Copy)]
pub(super) struct Signer {
    pub(super) key_id: &'static str,
    pub(super) key: &'static LazyLock<KeyPair>,
}

pub(super) const SIGNER_A: Signer = Signer { key_id: "key-a", key: &KEY_A };
pub(super) const SIGNER_B: Signer = Signer { key_id: "key-b", key: &KEY_B };

impl Signer {
    pub(super) fn jwk(&self) -> Value {
        let public = self.key.public_key();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id,
            "n": base64(public.modulus().big_endian_without_leading_zero()),
            "e": base64(public.exponent().big_endian_without_leading_zero()),
        })
    }

    pub(super) fn header(&self) -> Value {
        json!({ "alg": "RS256", "typ": "JWT", "kid": self.key_id })
    }

    pub(super) fn token(&self, claims: &Value) -> String {
        self.token_with_header(&self.header(), claims)
    }

    pub(super) fn token_with_header(&self, header: &Value, claims: &Value) -> String {
        self.sign(&RSA_PKCS1_SHA256, &unsigned(header, claims))
    }

    /// A token with exactly these texts as its header and its claims, whatever they are.
    pub(super) fn token_of(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
        self.sign(&RSA_PKCS1_SHA256, &format!("{}.{}", base64(header.as_ref()), base64(claims.as_ref())))
    }

    pub(super) fn sign(&self, encoding: &'static dyn RsaEncoding, unsigned: &str) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(encoding, &SystemRandom::new(), unsigned.as_bytes(), &mut signature).unwrap();
        format!("{unsigned}.{}", base64(&signature))
    }
}

pub(super) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()))
}

pub(super) fn now() -> SystemTime {
    after(0)
}

pub(super) fn after(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW_SECONDS + seconds)
}

/// The claims of an Auth0 access token that lives for ten days.
pub(super) fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "sub": "auth0|buyer-1",
        "aud": AUDIENCE,
        "azp": "client-id-of-the-app",
        "iat": NOW_SECONDS - 10,
        "exp": NOW_SECONDS + 10 * 86_400,
        "scope": "openid profile",
        "permissions": ["read:sales", "create:sales"],
    })
}

/// The usual claims with one of them replaced.
pub(super) fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// The usual claims without one of them.
pub(super) fn claims_without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// The usual header with one member replaced.
pub(super) fn header_with(name: &str, value: Value) -> Value {
    let mut header = SIGNER_A.header();
    header[name] = value;
    header
}

/// The issuer's published keys, as a source that counts and can fail or stall.
pub(super) struct PublishedKeys {
    jwks: Mutex<Value>,
    failing: AtomicBool,
    fetches: AtomicUsize,
    /// A fetch finishes only with a permit.
    pub(super) permits: Semaphore,
}

impl PublishedKeys {
    pub(super) fn of(signers: &[Signer]) -> Arc<Self> {
        let keys = Self {
            jwks: Mutex::default(),
            failing: AtomicBool::new(false),
            fetches: AtomicUsize::new(0),
            permits: Semaphore::new(1_000),
        };
        keys.publish(signers);
        Arc::new(keys)
    }

    pub(super) fn publish(&self, signers: &[Signer]) {
        *self.jwks.lock().unwrap() = json!({ "keys": signers.iter().map(Signer::jwk).collect::<Vec<_>>() });
    }

    pub(super) fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }

    pub(super) fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl KeySource for PublishedKeys {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        // Every other task gets its turn before the answer comes.
        tokio::task::yield_now().await;
        self.permits.acquire().await.unwrap().forget();
        if self.failing.load(Ordering::SeqCst) {
            return Err(KeySourceError::Status(503));
        }
        KeySet::parse(self.jwks.lock().unwrap().to_string().as_bytes())
    }
}

pub(super) fn verifier(keys: &Arc<PublishedKeys>) -> Verifier {
    let source: Arc<dyn KeySource> = keys.clone();
    Verifier::new(Issuer::parse(ISSUER).unwrap(), Audience::parse(AUDIENCE).unwrap(), source)
}

pub(super) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Verifies a header, now, against an issuer that publishes key A.
pub(super) async fn verify_header(header: Option<&str>) -> Result<Principal, TokenError> {
    verifier(&PublishedKeys::of(&[SIGNER_A])).verify(header, now()).await
}

pub(super) async fn verify(token: &str) -> Result<Principal, TokenError> {
    verify_header(Some(&bearer(token))).await
}

/// The refusal of a header, which must not repeat any part of it.
pub(super) async fn refusal_of_header(header: Option<&str>) -> Rejection {
    let error = verify_header(header).await.expect_err("the token must be refused");
    let shown = format!("{error} {error:?}");
    let parts = header.unwrap_or_default().split([' ', '.']);
    for part in parts.filter(|part| part.len() > 8) {
        assert!(!shown.contains(part), "the error repeats the token: {shown}");
    }
    refusal(Err(error))
}

pub(super) async fn refusal_of(token: &str) -> Rejection {
    refusal_of_header(Some(&bearer(token))).await
}

pub(super) fn refusal(outcome: Result<Principal, TokenError>) -> Rejection {
    match outcome {
        Err(TokenError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
