//! What operators see of each call, and what they must not see.

use rpc::RpcError;
use serde_json::{Value, json};
use testkit::{Logs, MemoryStore};

use super::fixture::{
    FILL_SHELF, FIND_SALE, Finding, No, Setting, bearer, claims, find, find_without_keys, post, set, unsigned,
};

/// What a log must never tell: a key and a body that a caller sent.
const KEY: &str = "key-of-the-caller";
const BODY: &str = r#"{"articleId":"a-secret-article","saleId":"a-sale-of-the-caller"}"#;

/// Level, target and fields of what was logged above the level of a detail. What the caller sent is not in it, nor in any detail.
fn told(logs: &Logs) -> Vec<(String, String, Value)> {
    let everything = format!("{:?}", logs.lines());
    // The token's parts are long; a header of base64 would begin like this.
    for secret in ["eyJ", "Bearer ", KEY, "a-secret-article", "a-sale-of-the-caller"] {
        assert!(!everything.contains(secret), "a log tells {secret}: {everything}");
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = logs.lines().into_iter().filter(|line| line["level"] != "DEBUG" && line["level"] != "TRACE");
    lines.map(|line| (text(&line["level"]), text(&line["target"]), line["fields"].clone())).collect()
}

async fn logged_by_query(refusal: Option<RpcError>) -> Vec<(String, String, Value)> {
    let (logs, _guard) = Logs::capture();
    let finding = Finding::refusing(refusal);
    find(&finding, post(FIND_SALE, "auth0|anna", &["read:sales"]), r#"{"saleId":"a-sale-of-the-caller"}"#).await;
    assert_eq!(finding.asked().len(), 1);
    told(&logs)
}

async fn logged_by_mutation(refusal: Option<RpcError>) -> Vec<(String, String, Value)> {
    let (logs, _guard) = Logs::capture();
    let setting = Setting::refusing(refusal);
    let builder = post(FILL_SHELF, "auth0|clerk", &["update:shelves"]).header("idempotency-key", KEY);
    set(&setting, &MemoryStore::default(), builder, r#"{"articleId":"a-secret-article"}"#).await;
    assert_eq!(setting.decided().len(), 1);
    told(&logs)
}

#[tokio::test]
async fn an_answer_and_a_refusal_of_the_callers_doing_are_not_logged() {
    let refusals = [
        None,
        Some(RpcError::invalid("sale_id", "must be another")),
        Some(RpcError::refused(No::NotFound, "there is none")),
        Some(RpcError::refused(No::Pending, "not now").about("status", "PENDING")),
    ];
    for refusal in refusals {
        assert_eq!(logged_by_query(refusal.clone()).await, [], "{refusal:?}");
        assert_eq!(logged_by_mutation(refusal.clone()).await, [], "{refusal:?}");
    }
}

#[tokio::test]
async fn a_failure_of_ours_is_logged_once_with_its_cause() {
    let cases = [
        (RpcError::Unavailable("the table is busy".to_owned()), "WARN", "a call could not be answered now"),
        (RpcError::Internal("the table is busy".to_owned()), "ERROR", "a call failed"),
    ];
    for (error, level, message) in cases {
        let fields = json!({"message": message, "cause": "the table is busy"});
        let expected = [(level.to_owned(), "rpc::error".to_owned(), fields)];
        assert_eq!(logged_by_query(Some(error.clone())).await, expected);
        assert_eq!(logged_by_mutation(Some(error)).await, expected);
    }
}

#[tokio::test]
async fn callers_who_are_kept_out_are_not_logged_and_neither_are_their_tokens() {
    let (logs, _guard) = Logs::capture();
    let mut expired = claims("auth0|anna", &["read:sales"]);
    expired["exp"] = json!(0);
    let denied = [
        unsigned(FIND_SALE),
        unsigned(FIND_SALE).header("authorization", bearer(&expired)),
        post(FIND_SALE, "auth0|anna", &["create:sales"]),
        post(FIND_SALE, "auth0|anna", &["read:sales"]).header("authorization", "Basic eyJ"),
    ];
    for builder in denied {
        let answer = find(&Finding::default(), builder, BODY).await;
        assert!(answer.status == 401 || answer.status == 403, "{answer:?}");
    }
    assert_eq!(told(&logs), []);
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_logged_once_with_their_cause() {
    let (logs, _guard) = Logs::capture();
    find_without_keys(&Finding::default(), post(FIND_SALE, "auth0|anna", &["read:sales"]), BODY).await;
    let fields = json!({"message": "the issuer's signing keys could not be fetched",
        "error": "the issuer answered the status 503"});
    assert_eq!(told(&logs), [("WARN".to_owned(), "auth::key_cache".to_owned(), fields)]);
}
