//! Tokens that are refused before they are sent, and what their holder is told.

use serde_json::{Value, json};

use super::*;
use crate::api::client::{CREATE_ORDER, FIND_ORDER, SET_STOCK};

const NOW: SystemTime = UNIX_EPOCH;

/// A token with these claims; nobody looks at its signature here.
fn token_of(claims: &Value) -> Result<Token> {
    let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
    Token::parse("TOKEN", &format!("e30.{payload}.c2ln"))
}

fn good() -> Value {
    json!({
        "iss": "https://issuer.example/", "sub": "auth0|anna", "aud": ["https://api/", "https://issuer.example/userinfo"],
        "exp": 60, "permissions": ["create:orders", "read:orders"],
    })
}

fn with(claim: &str, value: Value) -> Token {
    let mut claims = good();
    claims[claim] = value;
    token_of(&claims).unwrap()
}

fn complaint<T>(result: Result<T>) -> String {
    format!("{:#}", result.err().expect("a complaint"))
}

#[tokio::test]
async fn a_good_token_is_read() {
    let token = token_of(&good()).unwrap();
    assert_eq!((token.subject(), token.audiences().len()), ("auth0|anna", 2));
    assert_eq!(token.left(NOW).unwrap(), Duration::from_secs(60));
    token.must_come_from("https://issuer.example/").unwrap();
    let policy = Policy::from_rows(contracts::API.policy).await.unwrap();
    token.must_open(&policy, &[CREATE_ORDER, FIND_ORDER]).unwrap();
    assert_eq!(with("aud", json!("https://api/")).audiences(), ["https://api/"]);
    let text = token.text().to_owned();
    assert_eq!(Token::parse("TOKEN", &format!("Bearer {text}\n")).unwrap().text(), text);
}

#[test]
fn what_is_no_token_is_named_without_being_shown() {
    let none = [
        ("", "TOKEN is empty"),
        ("s3cret", "TOKEN holds no JWT"),
        ("s3cret.s3cret.s3cret", "asked for without an audience"),
    ];
    for (text, expected) in none {
        let complaint = complaint(Token::parse("TOKEN", text));
        assert!(complaint.contains(expected) && !complaint.contains("s3cret"), "{complaint}");
    }
    assert!(complaint(Token::parse("TOKEN", &"x".repeat(MAX_BYTES + 1))).contains("longer than"));
    assert!(complaint(token_of(&json!({"exp": 60}))).contains("has no subject"));
}

#[test]
fn a_token_whose_time_is_over_is_refused() {
    for (exp, expected) in [(json!(0), "has expired"), (json!(-5), "has expired"), (json!(null), "has no `exp`")] {
        let complaint = complaint(with("exp", exp).left(NOW));
        assert!(complaint.contains(expected), "{complaint}");
    }
}

#[test]
fn an_issuer_that_differs_by_its_last_slash_is_another_issuer() {
    let complaint = complaint(token_of(&good()).unwrap().must_come_from("https://issuer.example"));
    assert!(complaint.contains("comes from https://issuer.example/ and not from ISSUER"), "{complaint}");
    assert!(complaint.contains("the last \"/\" included"), "{complaint}");
}

#[tokio::test]
async fn every_permission_that_is_missing_is_named() {
    let policy = Policy::from_rows(contracts::API.policy).await.unwrap();
    let paths = [CREATE_ORDER, SET_STOCK, FIND_ORDER];
    let told = complaint(with("permissions", json!(["read:orders", "nonsense"])).must_open(&policy, &paths));
    assert!(told.contains("TOKEN lacks create:orders, update:stock: have that assigned to \"auth0|anna\""), "{told}");
    let told = complaint(with("permissions", json!(null)).must_open(&policy, &paths));
    assert!(told.contains("turn on RBAC"), "{told}");
}
