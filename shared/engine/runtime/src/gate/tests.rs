use std::ffi::OsString;

use auth::{Permission, Rejection};
use rpc::Reason as _;

use super::*;
use crate::rpc_service::tests::fixture::API;

async fn problem(variables: &[(&str, &str)]) -> String {
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let gate = Gate::in_environment(&Environment::of(variables), API.policy).await;
    gate.err().map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn a_gate_says_what_is_wrong_with_its_environment() {
    let issuer = ("TOKEN_ISSUER", "https://tenant.example/");
    let audience = ("TOKEN_AUDIENCE", "https://api.example/");
    assert_eq!(problem(&[issuer, audience]).await, "");
    assert!(problem(&[audience]).await.contains("TOKEN_ISSUER is not set"));
    assert!(problem(&[issuer]).await.contains("TOKEN_AUDIENCE is not set"));
    let open = problem(&[("TOKEN_ISSUER", "http://tenant.example/"), audience]).await;
    assert!(open.starts_with("TOKEN_ISSUER: the token issuer must use https"), "{open}");
    let spaced = problem(&[issuer, ("TOKEN_AUDIENCE", "shop api")]).await;
    assert!(spaced.starts_with("TOKEN_AUDIENCE: the token audience must be"), "{spaced}");
}

#[test]
fn one_authorization_header_is_read_and_no_more() {
    let read = |values: &[&[u8]]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).expect("a value"));
        }
        authorization(&headers).map(str::to_owned)
    };
    assert_eq!(read(&[]), None);
    assert_eq!(read(&[b"Bearer a"]), Some("Bearer a".to_owned()));
    for none_to_trust in [&[&b"Bearer a"[..], b"Bearer a"][..], &[b"Bearer a", b"Bearer b", b"c"], &[b"Bearer \xff"]] {
        assert_eq!(read(none_to_trust), Some(String::new()));
    }
}

fn permission() -> Permission {
    Permission::parse("read:sales").expect("a permission")
}

/// Every rejection, and the reason that a caller is told.
fn rejections() -> [(Rejection, EdgeReason); 17] {
    let expected = || "https://tenant.example/".to_owned();
    [
        (Rejection::Missing, EdgeReason::TokenMissing),
        (Rejection::NotBearer, EdgeReason::TokenMalformed),
        (Rejection::TooLong { limit: 1 }, EdgeReason::TokenMalformed),
        (Rejection::Malformed, EdgeReason::TokenMalformed),
        (Rejection::Algorithm, EdgeReason::TokenUntrusted),
        (Rejection::UnknownKey, EdgeReason::TokenUntrusted),
        (Rejection::Signature, EdgeReason::TokenUntrusted),
        (Rejection::NotAnAccessToken, EdgeReason::TokenNotForThisApi),
        (Rejection::MissingClaim("exp"), EdgeReason::TokenNotForThisApi),
        (Rejection::Issuer { expected: expected() }, EdgeReason::TokenNotForThisApi),
        (Rejection::IdToken, EdgeReason::TokenNotForThisApi),
        (Rejection::Audience { expected: expected() }, EdgeReason::TokenNotForThisApi),
        (Rejection::Subject, EdgeReason::TokenNotForThisApi),
        (Rejection::SenderConstrained, EdgeReason::TokenSenderConstrained),
        (Rejection::Expired, EdgeReason::TokenExpired),
        (Rejection::NotYetValid, EdgeReason::TokenNotYetValid),
        (Rejection::IssuedInFuture, EdgeReason::TokenNotYetValid),
    ]
}

#[test]
fn whoever_is_turned_away_is_told_the_reason() {
    for (rejection, reason) in rejections() {
        let turned_away = TurnedAway::from(TokenError::Refused(rejection));
        assert_eq!(turned_away.error.reason(), reason.entry());
        assert_eq!(reason.entry().code, Some(rpc::ErrorCode::Unauthenticated));
        assert_eq!(turned_away.into_connect("shop.example.com").response_headers().len(), 1, "{reason:?}");
    }
    let closed = TurnedAway::from(PermissionDenied::Closed("/shop.v1.ShopService/FindSale".to_owned()));
    assert_eq!(closed.error.reason(), EdgeReason::RpcClosed.entry());
    assert!(closed.into_connect("shop.example.com").response_headers().is_empty(), "no token would help");
    let lacks = TurnedAway::from(PermissionDenied::Lacks(permission().into()));
    assert_eq!(lacks.error.reason(), EdgeReason::PermissionMissing.entry());
}
