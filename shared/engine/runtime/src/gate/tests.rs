use std::ffi::OsString;

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
