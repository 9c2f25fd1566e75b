//! Who is let in.

use serde_json::json;
use testkit::MemoryStore;

use super::fixture::{
    AUDIENCE, FILL_SHELF, FIND_SALE, Finding, ISSUER, NOW, Setting, bearer, claims, find, find_without_keys, post, set,
    unsigned,
};

const SALE: &str = r#"{"saleId":"7"}"#;
const UNAUTHENTICATED: (u16, &str) = (401, "unauthenticated");

#[tokio::test]
async fn a_caller_with_the_permission_is_let_in_and_named_to_the_rpc() {
    let finding = Finding::default();
    for subject in ["auth0|anna", "auth0|bert"] {
        let answer = find(&finding, post(FIND_SALE, subject, &["read:articles", "read:sales"]), SALE).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"sale": {"saleId": "7"}})));
    }
    let callers: Vec<_> = finding.asked().into_iter().map(|(sale, caller)| (sale, caller.subject)).collect();
    assert_eq!(callers, [("7".to_owned(), "auth0|anna".to_owned()), ("7".to_owned(), "auth0|bert".to_owned())]);
}

#[tokio::test]
async fn a_caller_without_the_permission_is_told_which_and_nothing_is_asked_of_the_rpc() {
    for permissions in [&[][..], &["read:parcels"], &["create:sales", "update:shelves", "read:articles"]] {
        let finding = Finding::default();
        // The body is not even read: it is no JSON.
        let answer = find(&finding, post(FIND_SALE, "auth0|anna", permissions), "not json").await;
        let message = "the token lacks the permission read:sales: have it assigned to you, then get a new token";
        assert_eq!(answer.refusal(), (403, "permission_denied".to_owned(), message.to_owned()), "{permissions:?}");
        let (reason, about) = answer.reason();
        assert_eq!(
            (reason.as_str(), about["permission"].as_str(), about.len()),
            ("PERMISSION_MISSING", "read:sales", 1)
        );
        let challenge = r#"Bearer realm="shop.example.com", error="insufficient_scope""#;
        assert_eq!(answer.header("www-authenticate"), Some(challenge));
        assert_eq!(finding.asked(), []);
    }
    let (setting, store) = (Setting::default(), MemoryStore::default());
    let builder = post(FILL_SHELF, "auth0|anna", &["read:sales"]).header("idempotency-key", "k");
    let (status, code, message) = set(&setting, &store, builder, "{}").await.refusal();
    assert_eq!((status, code.as_str()), (403, "permission_denied"));
    assert!(message.contains("update:shelves"), "{message}");
    assert!(setting.decided().is_empty() && store.is_empty());
}

#[tokio::test]
async fn a_scope_is_no_permission() {
    let finding = Finding::default();
    let mut token = claims("auth0|anna", &[]);
    token["scope"] = json!("read:sales");
    let answer = find(&finding, unsigned(FIND_SALE).header("authorization", bearer(&token)), SALE).await;
    assert_eq!(answer.status, 403);
    assert_eq!(finding.asked(), []);
}

#[tokio::test]
async fn a_caller_without_a_good_token_is_challenged_before_the_request_is_read() {
    let good = claims("auth0|anna", &["read:sales"]);
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = good.clone();
        claims[name] = value;
        bearer(&claims)
    };
    let forged = format!("{}AAAA", bearer(&good).trim_end_matches(|c| c != '.'));
    let (nothing, bad) =
        (r#"Bearer realm="shop.example.com""#, r#"Bearer realm="shop.example.com", error="invalid_token""#);
    let tokens = [
        ("no token", vec![], nothing, "TOKEN_MISSING"),
        ("another scheme", vec!["Basic YTpi".to_owned()], nothing, "TOKEN_MALFORMED"),
        ("two tokens", vec![bearer(&good), bearer(&good)], bad, "TOKEN_MALFORMED"),
        ("no JWT", vec!["Bearer abc".to_owned()], bad, "TOKEN_MALFORMED"),
        ("too long", vec![format!("Bearer {}", "a".repeat(20_000))], bad, "TOKEN_MALFORMED"),
        ("a forged signature", vec![forged], bad, "TOKEN_UNTRUSTED"),
        ("expired", vec![with("exp", json!(NOW - 61))], bad, "TOKEN_EXPIRED"),
        ("not yet valid", vec![with("nbf", json!(NOW + 61))], bad, "TOKEN_NOT_YET_VALID"),
        ("issued in the future", vec![with("iat", json!(NOW + 61))], bad, "TOKEN_NOT_YET_VALID"),
        ("another audience", vec![with("aud", json!(ISSUER))], bad, "TOKEN_NOT_FOR_THIS_API"),
        ("another issuer", vec![with("iss", json!(AUDIENCE))], bad, "TOKEN_NOT_FOR_THIS_API"),
        ("an ID token", vec![with("nonce", json!("n"))], bad, "TOKEN_NOT_FOR_THIS_API"),
        ("a bound token", vec![with("cnf", json!({"jkt": "k"}))], bad, "TOKEN_SENDER_CONSTRAINED"),
    ];
    for (case, headers, challenge, reason) in tokens {
        let finding = Finding::default();
        let builder =
            headers.iter().fold(unsigned(FIND_SALE), |builder, header| builder.header("authorization", header));
        let answer = find(&finding, builder, "not json").await;
        let (status, code, message) = answer.refusal();
        assert_eq!((status, code.as_str()), UNAUTHENTICATED, "{case}");
        assert_eq!(answer.header("www-authenticate"), Some(challenge), "{case}");
        assert_eq!((answer.reason().0.as_str(), answer.reason().1.len()), (reason, 0), "{case}");
        assert!(!message.is_empty(), "{case}");
        assert_eq!(finding.asked(), [], "{case}");
    }
}

#[tokio::test]
async fn a_header_that_is_no_text_is_no_token() {
    let header = http::HeaderValue::from_bytes(b"Bearer \xff").expect("a header");
    let answer = find(&Finding::default(), unsigned(FIND_SALE).header("authorization", header), SALE).await;
    let (status, code, message) = answer.refusal();
    assert_eq!((status, code.as_str()), UNAUTHENTICATED);
    assert!(message.contains("not a bearer token"), "{message}");
}

/// The clock that is handed to the gate is the function's own.
#[tokio::test]
async fn a_token_is_good_for_its_time_and_a_minute() {
    for (exp, status) in [(NOW - 60, 200), (NOW - 61, 401)] {
        let mut token = claims("auth0|anna", &["read:sales"]);
        token["exp"] = json!(exp);
        let builder = unsigned(FIND_SALE).header("authorization", bearer(&token));
        assert_eq!(find(&Finding::default(), builder, SALE).await.status, status, "{exp}");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_now_may_be_sent_again_and_its_caller_learns_no_more() {
    let finding = Finding::default();
    let answer = find_without_keys(&finding, post(FIND_SALE, "auth0|anna", &["read:sales"]), SALE).await;
    let message = "the token cannot be checked now, as the issuer's signing keys cannot be fetched: try again soon";
    assert_eq!(answer.refusal(), (503, "unavailable".to_owned(), message.to_owned()));
    assert_eq!(answer.header("www-authenticate"), None, "another token would not help");
    assert_eq!(answer.reason().0, "KEYS_UNAVAILABLE");
    assert_eq!(finding.asked(), []);
    assert_eq!(find_without_keys(&finding, unsigned(FIND_SALE), SALE).await.status, 401, "no token needs no key");
}
