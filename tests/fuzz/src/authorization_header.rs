//! The Authorization header of a call: raw, or with a token that the issuer has signed whatever it says.

use auth::{Principal, TokenError};
use serde_json::{Value, json};

use crate::block_on;
use crate::echoes::repeats_nothing;
use crate::issuer::{AUDIENCE, ISSUER, NOW_SECONDS, now, signed, verifier};

/// What the verifier forgives two clocks.
const LEEWAY_SECONDS: f64 = 60.0;
/// Longer headers are refused.
const LONGEST_HEADER: usize = 8 * 1024;

/// Where the refusals' texts stand: a word of them may stand in a token as well.
const TEXTS: [&str; 3] = [include_str!("../../../shared/engine/auth/src/token_error.rs"), ISSUER, AUDIENCE];

/// Whether the header is accepted: two lines are a token's header and its claims, which the issuer signs; anything else is the
/// Authorization header as it is.
pub fn check(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Some((header, claims)) = text.split_once('\n') else {
        assert!(verified(text).is_err(), "nobody has signed this token");
        return false;
    };
    let authorization = format!("Bearer {}", signed(header, claims));
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
    let outcome = block_on(verifier().verify(Some(authorization), now()));
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
