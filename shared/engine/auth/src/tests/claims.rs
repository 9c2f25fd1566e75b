//! What a good token says of its caller, and the moments that `hostile/times.rs` cannot show.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::fixture::{
    AUDIENCE, ISSUER, NOW_SECONDS, PublishedKeys, SIGNER_A, bearer, claims, claims_with, claims_without, now, refusal,
    refusal_of, verifier, verify,
};
use crate::{Permission, Rejection};

#[tokio::test]
async fn the_leeway_ends_within_a_second() {
    let verifier = verifier(&PublishedKeys::of(&[SIGNER_A]));
    let token = bearer(&SIGNER_A.token(&claims_with("exp", json!(NOW_SECONDS - 60))));
    let late = now() + Duration::from_millis(1);
    assert_eq!(refusal(verifier.verify(Some(&token), late).await), Rejection::Expired);
}

#[tokio::test]
async fn a_clock_before_1970_refuses_instead_of_panicking() {
    let verifier = verifier(&PublishedKeys::of(&[SIGNER_A]));
    let token = bearer(&SIGNER_A.token(&claims()));
    let outcome = verifier.verify(Some(&token), UNIX_EPOCH - Duration::from_secs(1)).await;
    assert_eq!(refusal(outcome), Rejection::IssuedInFuture);
}

#[tokio::test]
async fn a_token_without_any_claim_is_told_of_a_claim_that_is_missing() {
    let refusal = refusal_of(&SIGNER_A.token(&json!({}))).await;
    assert!(matches!(refusal, Rejection::MissingClaim("iss" | "aud" | "sub")), "{refusal:?}");
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
