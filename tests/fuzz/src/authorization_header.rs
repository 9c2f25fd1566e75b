//! The Authorization header of a call: raw, or with a token that the issuer has signed whatever it says.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Principal, TokenError, Verifier};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::block_on;
use crate::echoes::repeats_nothing;

const ISSUER: &str = "https://tenant.eu.auth0.com/";
const AUDIENCE: &str = "https://api.example.com";
const NOW_SECONDS: u64 = 1_900_000_000;
/// What the verifier forgives two clocks.
const LEEWAY_SECONDS: f64 = 60.0;
/// Longer headers are refused.
const LONGEST_HEADER: usize = 8 * 1024;

/// Where the refusals' texts stand: a word of them may stand in a token as well.
const TEXTS: [&str; 3] = [include_str!("../../../shared/engine/auth/src/token_error.rs"), ISSUER, AUDIENCE];

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).expect("a key"));

/// The issuer's one key.
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

/// Whether the header is accepted: two lines are a token's header and its claims, which the issuer signs; anything else is the
/// Authorization header as it is.
pub fn check(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Some((header, claims)) = text.split_once('\n') else {
        assert!(verified(text).is_err(), "nobody has signed this token");
        return false;
    };
    let unsigned = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), unsigned.as_bytes(), &mut signature).expect("a signature");
    let authorization = format!("Bearer {unsigned}.{}", URL_SAFE_NO_PAD.encode(&signature));
    let Ok(principal) = verified(&authorization) else { return false };
    is_within_bounds(&principal);
    assert!(authorization.len() <= LONGEST_HEADER, "a header of {} bytes", authorization.len());
    let header: Value = serde_json::from_str(header).expect("a header is JSON");
    let claims: Value = serde_json::from_str(claims).expect("claims are JSON");
    says_what_it_must(&header, &claims, &principal);
    true
}

/// The verdict, after a look at what a refusal says.
fn verified(authorization: &str) -> Result<Principal, TokenError> {
    let now = UNIX_EPOCH + Duration::from_secs(NOW_SECONDS);
    // A verifier of its own for each token: it would remember unknown keys, and how often it has asked for them.
    let (issuer, audience) =
        (Issuer::parse(ISSUER).expect("an issuer"), Audience::parse(AUDIENCE).expect("an audience"));
    let verifier = Verifier::new(issuer, audience, Arc::new(Published));
    let outcome = block_on(verifier.verify(Some(authorization), now));
    if let Err(error) = &outcome {
        assert!(matches!(error, TokenError::Refused(_)), "the keys are at hand: {error}");
        repeats_nothing(&format!("{error} {error:?}"), authorization, &TEXTS);
    }
    outcome
}

fn is_within_bounds(principal: &Principal) {
    let subject = principal.subject.as_str();
    assert!((1..=255).contains(&subject.len()) && !subject.chars().any(char::is_control), "{subject:?}");
    assert!(principal.permissions.len() <= 100, "{} permissions", principal.permissions.len());
    for permission in &principal.permissions {
        let text = permission.to_string();
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_graphic());
        assert!(text.len() <= 128 && is_word(permission.action()) && is_word(permission.resource()), "{text:?}");
    }
}

/// What an accepted token says, read by a reader that knows nothing of the verifier.
fn says_what_it_must(header: &Value, claims: &Value, principal: &Principal) {
    assert_eq!((&header["alg"], &header["kid"]), (&json!("RS256"), &json!("key-a")));
    assert!(header.get("crit").is_none(), "an extension that nobody here understands");
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(ISSUER), &json!(principal.subject.as_str())));
    let audiences = claims["aud"].as_array().map_or_else(|| vec![claims["aud"].clone()], Clone::clone);
    assert!(audiences.contains(&json!(AUDIENCE)), "the token is for {audiences:?}");
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact in 53 bits")]
    let now = NOW_SECONDS as f64;
    let seconds = |claim: &str| claims[claim].as_f64();
    assert!(seconds("exp").is_some_and(|end| now <= end + LEEWAY_SECONDS), "the token is over");
    for claim in ["nbf", "iat"] {
        assert!(seconds(claim).is_none_or(|begin| begin - LEEWAY_SECONDS <= now), "{claim} is in the future");
    }
    for mark in ["nonce", "at_hash", "c_hash", "s_hash"] {
        assert!(claims.get(mark).is_none(), "{mark} marks an ID token");
    }
}
