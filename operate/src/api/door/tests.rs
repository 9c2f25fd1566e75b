//! What the API's and the issuer's answers are taken for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;

fn token() -> Token {
    let payload = URL_SAFE_NO_PAD.encode(json!({"sub": "anna", "aud": ["https://other-api/"]}).to_string());
    Token::parse("COOK_TOKEN", &format!("e30.{payload}.c2ln")).unwrap()
}

fn judged(status: u16, body: Value) -> String {
    match judge(&Answer { status, body }, &token()) {
        Ok(()) => "may come in".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn whoever_is_not_refused_may_come_in() {
    assert_eq!(judged(404, json!({"code": "not_found", "message": "there is no order"})), "may come in");
    // The token is good, and says that its holder may not see orders.
    assert_eq!(judged(403, json!({"code": "permission_denied", "message": "lacks read:orders"})), "may come in");
}

#[test]
fn a_refused_token_is_told_its_audience() {
    let told = judged(401, json!({"message": "Unauthorized"}));
    assert!(told.contains("COOK_TOKEN (401, Unauthorized): it is for [\"https://other-api/\"]"), "{told}");
    assert!(told.contains("TokenAudience"), "{told}");
    // A function refuses in its own words.
    let told = judged(401, json!({"code": "unauthenticated", "message": "the token has expired"}));
    assert!(told.contains("(401, the token has expired)"), "{told}");
}

#[test]
fn an_answer_of_somebody_else_is_no_door() {
    let told = judged(404, json!({"message": "Not Found"}));
    assert!(told.contains("is API the stack's output ApiUrl"), "{told}");
    let told = judged(200, json!("<html>"));
    assert!(told.contains("answers 200"), "{told}");
    assert!(judged(500, json!({"message": "Internal Server Error"})).contains("answers 500"));
}

#[test]
fn an_issuer_must_name_itself_and_keep_its_keys_where_functions_look() {
    let issuer = "https://tenant.example/";
    let good = json!({"issuer": issuer, "jwks_uri": "https://tenant.example/.well-known/jwks.json"});
    check_discovery(&good, issuer).unwrap();
    let told = |name: &str, value: &str| {
        let mut document = good.clone();
        document[name] = json!(value);
        check_discovery(&document, issuer).unwrap_err().to_string()
    };
    assert!(told("issuer", "https://tenant.example").contains("names the issuer https://tenant.example:"));
    assert!(told("jwks_uri", "https://tenant.example/keys").contains("this issuer cannot be used"));
    assert!(check_discovery(&json!({}), issuer).unwrap_err().to_string().contains("nobody"));
}

#[test]
fn an_address_is_an_address() {
    assert_eq!(
        address(" https://abc.execute-api.eu-central-1.amazonaws.com/ ").unwrap(),
        "https://abc.execute-api.eu-central-1.amazonaws.com"
    );
    for wrong in ["", "abc", "ftp://abc", "https://abc?x=1", "file:///etc"] {
        assert!(address(wrong).unwrap_err().to_string().contains("ApiUrl"), "{wrong}");
    }
}

#[test]
fn a_token_leaves_this_machine_by_https_only() {
    for here in ["http://127.0.0.1:4566", "http://localhost", "http://[::1]:80", "http://127.0.0.2"] {
        assert_eq!(address(here).unwrap(), here);
    }
    let elsewhere =
        ["http://abc.example", "HTTP://10.0.0.1:80", "http://127.0.0.1@abc.example", "http://localhost.abc.example"];
    for elsewhere in elsewhere {
        let told = address(elsewhere).unwrap_err().to_string();
        assert!(told.contains("in the clear") && told.contains("https://"), "{elsewhere}: {told}");
    }
}
