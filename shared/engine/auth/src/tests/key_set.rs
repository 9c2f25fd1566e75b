//! What counts as a signing key of the issuer.

use aws_lc_rs::signature::KeyPair;
use serde_json::{Value, json};

use super::fixture::{SIGNER_A, SIGNER_B, base64};
use crate::{KeySet, KeySourceError};

fn parse(keys: &[Value]) -> Result<KeySet, KeySourceError> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn jwk_with(name: &str, value: Value) -> Value {
    let mut jwk = SIGNER_A.jwk();
    jwk[name] = value;
    jwk
}

#[test]
fn keys_are_found_by_their_id() {
    let keys = parse(&[SIGNER_A.jwk(), SIGNER_B.jwk()]).unwrap_or_else(|error| panic!("{error}"));
    assert!(keys.find(SIGNER_A.key_id).is_some());
    assert!(keys.find(SIGNER_B.key_id).is_some());
    assert!(keys.find("unknown").is_none());
}

#[test]
fn use_and_algorithm_are_optional() {
    let public = SIGNER_A.key.public_key();
    let bare = json!({
        "kty": "RSA", "kid": "bare",
        "n": base64(public.modulus().big_endian_without_leading_zero()),
        "e": base64(public.exponent().big_endian_without_leading_zero()),
    });
    assert!(parse(&[bare]).is_ok());
}

#[test]
fn a_key_that_is_not_for_rs256_signatures_is_left_out() {
    let others = [
        jwk_with("use", "enc".into()),
        jwk_with("alg", "RS384".into()),
        jwk_with("kty", "oct".into()),
        jwk_with("kid", "".into()),
        jwk_with("kid", "k".repeat(129).into()),
        jwk_with("n", base64(&[0xff; 255]).into()),
        jwk_with("n", "not base64!".into()),
        jwk_with("e", Value::Null),
        json!({ "kty": "EC", "kid": SIGNER_A.key_id, "crv": "P-256", "x": "AA", "y": "AA" }),
        json!("a key?"),
    ];
    for other in others {
        assert!(matches!(parse(std::slice::from_ref(&other)), Err(KeySourceError::NoSigningKey)), "{other}");
        let keys = parse(&[other, SIGNER_B.jwk()]).unwrap_or_else(|error| panic!("{error}"));
        assert!(keys.find(SIGNER_A.key_id).is_none());
        assert!(keys.find(SIGNER_B.key_id).is_some());
    }
}

#[test]
fn a_modulus_has_2048_to_8192_bits() {
    for bytes in [256, 1024] {
        assert!(parse(&[jwk_with("n", base64(&vec![0xff; bytes]).into())]).is_ok(), "{bytes} bytes");
    }
    for bytes in [255, 1025] {
        let outcome = parse(&[jwk_with("n", base64(&vec![0xff; bytes]).into())]);
        assert!(matches!(outcome, Err(KeySourceError::NoSigningKey)), "{bytes} bytes");
    }
}

#[test]
fn a_key_id_has_1_to_128_bytes() {
    for (bytes, is_taken) in [(0, false), (1, true), (128, true), (129, false)] {
        let outcome = parse(&[jwk_with("kid", "k".repeat(bytes).into())]);
        assert_eq!(outcome.is_ok(), is_taken, "{bytes} bytes");
    }
}

#[test]
fn the_number_of_keys_is_bounded() {
    assert!(parse(&vec![SIGNER_A.jwk(); 32]).is_ok());
    assert!(matches!(parse(&vec![SIGNER_A.jwk(); 33]), Err(KeySourceError::TooManyKeys(33))));
}

#[test]
fn what_is_not_a_key_set_is_refused() {
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, "<html></html>"] {
        assert!(matches!(KeySet::parse(text.as_bytes()), Err(KeySourceError::Malformed(_))), "{text}");
    }
    assert!(matches!(parse(&[]), Err(KeySourceError::NoSigningKey)));
}
