//! The header, the signature algorithm and the signature.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA384, RSA_PSS_SHA256};
use serde_json::{Value, json};

use super::fixture::{
    SIGNER_A, SIGNER_B, Signer, base64, bearer, claims, claims_with, refusal_of, refusal_of_header, unsigned, verify,
    verify_header,
};
use crate::Rejection;

fn header_with(name: &str, value: Value) -> Value {
    let mut header = SIGNER_A.header();
    header[name] = value;
    header
}

#[tokio::test]
async fn an_access_token_proves_its_caller() {
    let caller = verify(&SIGNER_A.token(&claims())).await.unwrap();
    assert_eq!(caller.subject.as_str(), "auth0|buyer-1");
    let permissions: Vec<_> = caller.permissions.iter().map(ToString::to_string).collect();
    assert_eq!(permissions, ["read:sales", "create:sales"]);
}

#[tokio::test]
async fn the_scheme_may_be_in_any_case() {
    let token = SIGNER_A.token(&claims());
    for header in [format!("bearer {token}"), format!("BEARER  {token} ")] {
        verify_header(Some(&header)).await.unwrap();
    }
}

#[tokio::test]
async fn a_request_without_header_is_refused() {
    assert_eq!(refusal_of_header(None).await, Rejection::Missing);
}

#[tokio::test]
async fn a_header_without_bearer_token_is_refused() {
    let token = SIGNER_A.token(&claims());
    for header in ["", " ", "Bearer", "Bearer ", "Basic dXNlcjpwYXNzd29yZA==", &token, &format!("Bearer\t{token}")] {
        assert_eq!(refusal_of_header(Some(header)).await, Rejection::NotBearer, "{header}");
    }
}

#[tokio::test]
async fn what_is_not_a_jwt_is_refused() {
    let token = SIGNER_A.token(&claims());
    let header = base64(SIGNER_A.header().to_string().as_bytes());
    let not_json = base64(b"not json");
    for malformed in [
        "x".to_owned(),
        "x.y".to_owned(),
        "..".to_owned(),
        format!("{not_json}.{not_json}.{not_json}"),
        format!("{}=.x.y", base64(b"{}")),
        format!("\u{e9}{token}"),
        header,
    ] {
        assert_eq!(refusal_of(&malformed).await, Rejection::Malformed, "{malformed}");
    }
}

#[tokio::test]
async fn a_repeated_header_member_is_refused() {
    let header = format!(r#"{{"alg":"RS256","alg":"RS256","kid":"{}"}}"#, SIGNER_A.key_id);
    let unsigned = format!("{}.{}", base64(header.as_bytes()), base64(claims().to_string().as_bytes()));
    let token = SIGNER_A.sign(&aws_lc_rs::signature::RSA_PKCS1_SHA256, &unsigned);
    assert_eq!(refusal_of(&token).await, Rejection::Malformed);
}

#[tokio::test]
async fn the_header_may_have_8_kib_and_no_more() {
    let token = bearer(&SIGNER_A.token(&claims_with("padding", "x".repeat(5_000).into())));
    let sized = |bytes: usize| format!("{}{token}", " ".repeat(bytes - token.len()));
    verify_header(Some(&sized(8 * 1024))).await.unwrap();
    assert_eq!(refusal_of_header(Some(&sized(8 * 1024 + 1))).await, Rejection::TooLong { limit: 8 * 1024 });
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    for algorithm in ["none", "None", "NONE", ""] {
        let token = unsigned(&header_with("alg", algorithm.into()), &claims());
        assert_eq!(refusal_of(&format!("{token}.")).await, Rejection::Algorithm);
    }
}

#[tokio::test]
async fn an_empty_signature_is_refused() {
    let token = unsigned(&SIGNER_A.header(), &claims());
    assert_eq!(refusal_of(&format!("{token}.")).await, Rejection::Signature);
}

#[tokio::test]
async fn a_public_key_used_as_hmac_secret_is_refused() {
    let public = SIGNER_A.key.public_key();
    let der: PublicKeyX509Der<'_> = public.as_der().unwrap();
    let secrets = [public.as_ref(), der.as_ref(), public.modulus().big_endian_without_leading_zero()];
    for secret in secrets {
        let token = unsigned(&header_with("alg", "HS256".into()), &claims());
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), token.as_bytes());
        assert_eq!(refusal_of(&format!("{token}.{}", base64(tag.as_ref()))).await, Rejection::Algorithm);
    }
}

#[tokio::test]
async fn another_algorithm_is_refused_even_with_a_good_signature() {
    let rs384 = unsigned(&header_with("alg", "RS384".into()), &claims());
    assert_eq!(refusal_of(&SIGNER_A.sign(&RSA_PKCS1_SHA384, &rs384)).await, Rejection::Algorithm);
    let ps256 = unsigned(&header_with("alg", "PS256".into()), &claims());
    assert_eq!(refusal_of(&SIGNER_A.sign(&RSA_PSS_SHA256, &ps256)).await, Rejection::Algorithm);
    for algorithm in ["ES256", "EdDSA", "HS512", "rs256", "RS256 "] {
        let token = SIGNER_A.token_with_header(&header_with("alg", algorithm.into()), &claims());
        assert_eq!(refusal_of(&token).await, Rejection::Algorithm, "{algorithm}");
    }
}

#[tokio::test]
async fn a_signature_of_another_algorithm_is_refused() {
    let token = unsigned(&SIGNER_A.header(), &claims());
    assert_eq!(refusal_of(&SIGNER_A.sign(&RSA_PKCS1_SHA384, &token)).await, Rejection::Signature);
    assert_eq!(refusal_of(&SIGNER_A.sign(&RSA_PSS_SHA256, &token)).await, Rejection::Signature);
}

#[tokio::test]
async fn a_changed_payload_is_refused() {
    let token = SIGNER_A.token(&claims());
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts[1] = base64(claims_with("permissions", json!(["update:shelves"])).to_string().as_bytes());
    assert_eq!(refusal_of(&parts.join(".")).await, Rejection::Signature);
}

#[tokio::test]
async fn a_changed_header_is_refused() {
    let token = SIGNER_A.token(&claims());
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts[0] = base64(header_with("typ", "at+jwt".into()).to_string().as_bytes());
    assert_eq!(refusal_of(&parts.join(".")).await, Rejection::Signature);
}

#[tokio::test]
async fn a_signature_by_another_key_under_a_known_id_is_refused() {
    let forger = Signer { key_id: SIGNER_A.key_id, key: SIGNER_B.key };
    assert_eq!(refusal_of(&forger.token(&claims())).await, Rejection::Signature);
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_is_ignored() {
    let forger = Signer { key_id: "forged", key: SIGNER_B.key };
    let mut header = forger.header();
    header["jwk"] = forger.jwk();
    header["jku"] = "https://evil.example.com/jwks.json".into();
    assert_eq!(refusal_of(&forger.token_with_header(&header, &claims())).await, Rejection::UnknownKey);
}

#[tokio::test]
async fn a_token_without_key_id_is_refused() {
    let header = json!({ "alg": "RS256", "typ": "JWT" });
    assert_eq!(refusal_of(&SIGNER_A.token_with_header(&header, &claims())).await, Rejection::UnknownKey);
}

#[tokio::test]
async fn the_type_of_an_access_token_is_accepted_and_no_other() {
    for typ in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"] {
        verify(&SIGNER_A.token_with_header(&header_with("typ", typ.into()), &claims())).await.unwrap();
    }
    let untyped = json!({ "alg": "RS256", "kid": SIGNER_A.key_id });
    verify(&SIGNER_A.token_with_header(&untyped, &claims())).await.unwrap();
    for typ in ["id_token", "logout+jwt", "dpop+jwt", "secevent+jwt", ""] {
        let token = SIGNER_A.token_with_header(&header_with("typ", typ.into()), &claims());
        assert_eq!(refusal_of(&token).await, Rejection::NotAnAccessToken, "{typ}");
    }
}

#[tokio::test]
async fn an_extension_that_must_be_understood_is_refused() {
    for extension in [json!(["b64"]), json!([]), Value::Null] {
        let token = SIGNER_A.token_with_header(&header_with("crit", extension), &claims());
        assert_eq!(refusal_of(&token).await, Rejection::NotAnAccessToken);
    }
}
