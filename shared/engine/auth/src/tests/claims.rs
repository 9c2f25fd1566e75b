//! The claims of a token whose signature is good.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::fixture::{
    AUDIENCE, ISSUER, NOW_SECONDS, PublishedKeys, SIGNER_A, bearer, claims, claims_with, claims_without, now, refusal,
    refusal_of, refusal_of_claims, verifier, verify,
};
use crate::{Permission, Rejection};

async fn accepted(claims: &Value) {
    verify(&SIGNER_A.token(claims)).await.unwrap();
}

#[tokio::test]
async fn another_issuer_is_refused() {
    let expected = Rejection::Issuer { expected: ISSUER.to_owned() };
    for issuer in ["https://other.eu.auth0.com/", "https://tenant.eu.auth0.com", "HTTPS://tenant.eu.auth0.com/", ""] {
        assert_eq!(refusal_of_claims(&claims_with("iss", issuer.into())).await, expected, "{issuer}");
    }
    let several = claims_with("iss", json!([ISSUER]));
    assert_eq!(refusal_of_claims(&several).await, Rejection::Malformed);
}

#[tokio::test]
async fn the_audience_may_be_one_of_several() {
    accepted(&claims_with("aud", json!([AUDIENCE]))).await;
    accepted(&claims_with("aud", json!(["https://tenant.eu.auth0.com/userinfo", AUDIENCE]))).await;
}

#[tokio::test]
async fn a_token_for_another_api_is_refused() {
    let expected = Rejection::Audience { expected: AUDIENCE.to_owned() };
    let prefix = AUDIENCE.split_at(AUDIENCE.len() - 1).0;
    for audience in [json!("https://other.example.com"), json!([]), json!(["a", "b"]), json!(""), json!(prefix)] {
        assert_eq!(refusal_of_claims(&claims_with("aud", audience)).await, expected);
    }
}

#[tokio::test]
async fn a_token_without_a_required_claim_is_refused() {
    for name in ["iss", "aud", "exp", "sub"] {
        assert_eq!(refusal_of_claims(&claims_without(name)).await, Rejection::MissingClaim(name));
        assert_eq!(refusal_of_claims(&claims_with(name, Value::Null)).await, Rejection::MissingClaim(name));
    }
}

#[tokio::test]
async fn a_claim_of_another_type_is_refused() {
    for name in ["iss", "aud", "exp", "sub", "nbf", "iat", "azp"] {
        for value in [json!({}), json!(true)] {
            assert_eq!(refusal_of_claims(&claims_with(name, value)).await, Rejection::Malformed, "{name}");
        }
    }
    assert_eq!(refusal_of_claims(&claims_with("exp", json!("1900000100"))).await, Rejection::Malformed);
    assert_eq!(refusal_of_claims(&json!([1])).await, Rejection::Malformed);
}

#[tokio::test]
async fn a_repeated_claim_is_refused() {
    let claims = claims().to_string().replacen('{', r#"{"sub":"auth0|somebody-else","#, 1);
    let unsigned = format!(
        "{}.{}",
        super::fixture::base64(SIGNER_A.header().to_string().as_bytes()),
        super::fixture::base64(claims.as_bytes())
    );
    let token = SIGNER_A.sign(&aws_lc_rs::signature::RSA_PKCS1_SHA256, &unsigned);
    assert_eq!(refusal_of(&token).await, Rejection::Malformed);
}

#[tokio::test]
async fn a_token_expires_with_60_seconds_of_leeway() {
    accepted(&claims_with("exp", json!(NOW_SECONDS - 60))).await;
    for expiry in [json!(NOW_SECONDS - 61), json!(NOW_SECONDS as f64 - 60.25), json!(0), json!(-1)] {
        assert_eq!(refusal_of_claims(&claims_with("exp", expiry)).await, Rejection::Expired);
    }
}

#[tokio::test]
async fn the_leeway_ends_within_a_second() {
    let verifier = verifier(&PublishedKeys::of(&[SIGNER_A]));
    let token = bearer(&SIGNER_A.token(&claims_with("exp", json!(NOW_SECONDS - 60))));
    let late = now() + Duration::from_millis(1);
    assert_eq!(refusal(verifier.verify(Some(&token), late).await), Rejection::Expired);
}

#[tokio::test]
async fn a_token_is_not_valid_before_its_time_but_for_60_seconds_of_leeway() {
    accepted(&claims_with("nbf", json!(NOW_SECONDS + 60))).await;
    for not_before in [json!(NOW_SECONDS + 61), json!(NOW_SECONDS as f64 + 60.25), json!(1e300)] {
        assert_eq!(refusal_of_claims(&claims_with("nbf", not_before)).await, Rejection::NotYetValid);
    }
}

#[tokio::test]
async fn a_token_from_the_future_is_refused_but_for_60_seconds_of_leeway() {
    accepted(&claims_with("iat", json!(NOW_SECONDS + 60))).await;
    accepted(&claims_without("iat")).await;
    for issued_at in [json!(NOW_SECONDS + 61), json!(NOW_SECONDS as f64 + 60.25)] {
        assert_eq!(refusal_of_claims(&claims_with("iat", issued_at)).await, Rejection::IssuedInFuture);
    }
}

#[tokio::test]
async fn a_clock_before_1970_refuses_instead_of_panicking() {
    let verifier = verifier(&PublishedKeys::of(&[SIGNER_A]));
    let token = bearer(&SIGNER_A.token(&claims()));
    let outcome = verifier.verify(Some(&token), UNIX_EPOCH - Duration::from_secs(1)).await;
    assert_eq!(refusal(outcome), Rejection::IssuedInFuture);
}

#[tokio::test]
async fn the_id_token_of_an_app_is_refused() {
    let id_token = json!({
        "iss": ISSUER, "sub": "auth0|buyer-1", "aud": "client-id-of-the-app",
        "iat": NOW_SECONDS - 10, "exp": NOW_SECONDS + 3_600, "sid": "session", "name": "A Buyer",
    });
    assert_eq!(refusal_of_claims(&id_token).await, Rejection::Audience { expected: AUDIENCE.to_owned() });
}

#[tokio::test]
async fn an_id_token_is_refused_even_when_its_audience_fits() {
    for name in ["nonce", "at_hash", "c_hash", "s_hash"] {
        for value in [json!("n-0S6_WzA2Mj"), Value::Null] {
            assert_eq!(refusal_of_claims(&claims_with(name, value)).await, Rejection::IdToken, "{name}");
        }
    }
    assert_eq!(refusal_of_claims(&claims_with("azp", json!(AUDIENCE))).await, Rejection::IdToken);
    let app_among_audiences = claims_with("aud", json!([AUDIENCE, "client-id-of-the-app"]));
    assert_eq!(refusal_of_claims(&app_among_audiences).await, Rejection::IdToken);
}

#[tokio::test]
async fn the_subject_is_bounded() {
    accepted(&claims_with("sub", "s".repeat(255).into())).await;
    for subject in [String::new(), "s".repeat(256), "auth0|a\nb".to_owned(), "auth0|\u{0}".to_owned()] {
        assert_eq!(refusal_of_claims(&claims_with("sub", subject.into())).await, Rejection::Subject);
    }
}

/// The claims that Auth0 writes for a program that signs in as itself, with the client credentials grant.
fn program() -> Value {
    json!({
        "iss": ISSUER, "sub": "AbCdEfGhIjKlMnOpQrStUvWxYz012345@clients", "aud": AUDIENCE,
        "iat": NOW_SECONDS, "exp": NOW_SECONDS + 7_200, "scope": "create:sales read:sales", "gty": "client-credentials",
        "azp": "AbCdEfGhIjKlMnOpQrStUvWxYz012345", "permissions": ["create:sales", "read:sales"],
    })
}

/// Those for a person who has signed in to an app that asked for a refresh token as well.
fn person() -> Value {
    json!({
        "iss": ISSUER, "sub": "auth0|6650f1c2a7b3d4e5f6071829", "aud": [AUDIENCE, format!("{ISSUER}userinfo")],
        "iat": NOW_SECONDS, "exp": NOW_SECONDS + 7_200, "scope": "openid profile offline_access",
        "azp": "AbCdEfGhIjKlMnOpQrStUvWxYz012345", "permissions": ["create:sales", "read:sales"],
    })
}

#[tokio::test]
async fn programs_and_persons_are_callers_alike() {
    for claims in [program(), person()] {
        let caller = verify(&SIGNER_A.token(&claims)).await.unwrap();
        assert_eq!(caller.subject.as_str(), claims["sub"]);
        let permissions: Vec<_> = caller.permissions.iter().map(Permission::to_string).collect();
        assert_eq!(permissions, ["create:sales", "read:sales"]);
    }
}

async fn permissions(claim: Value) -> Vec<String> {
    let caller = verify(&SIGNER_A.token(&claims_with("permissions", claim))).await.unwrap();
    caller.permissions.iter().map(Permission::to_string).collect()
}

#[tokio::test]
async fn what_is_not_a_permission_is_ignored() {
    let long = format!("read:{}", "x".repeat(124));
    let claim = json!(["read:sales", "read", "", ":", ":sales", "read:", "a:b:c", "read:or ders", 7, null, long]);
    assert_eq!(permissions(claim).await, ["read:sales"]);
    assert!(permissions(json!("read:sales")).await.is_empty());
    assert!(permissions(Value::Null).await.is_empty());
    assert!(verify(&SIGNER_A.token(&claims_without("permissions"))).await.unwrap().permissions.is_empty());
}

#[tokio::test]
async fn no_more_than_100_permissions_count() {
    let many: Vec<_> = (0..101).map(|n| format!("read:thing-{n}")).collect();
    assert_eq!(permissions(json!(many)).await, many[..100]);
    let noise = vec!["not a permission".to_owned(); 100];
    assert_eq!(
        permissions(json!([noise, many.clone()].concat())).await,
        many[..100],
        "what grants nothing counts for nothing"
    );
}
