//! What makes one call the same as another, and what a call is told of itself.

use std::collections::BTreeSet;

use messaging::ids;
use serde_json::Value;
use testkit::MemoryStore;

use super::super::*;
use super::fixture::{Answer, FILL_SHELF, Setting, clock, post, set};

const FIVE: &str = r#"{"articleId":"glue","available":5}"#;

struct Shop {
    setting: Setting,
    store: MemoryStore,
}

impl Shop {
    fn new() -> Self {
        Self { setting: Setting::default(), store: MemoryStore::default() }
    }

    async fn set(&self, subject: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let builder = post(FILL_SHELF, subject, &["update:shelves"]);
        let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
        set(&self.setting, &self.store, builder, body.to_owned()).await
    }

    /// The call as it was decided, and that was once.
    fn call(&self) -> Call {
        let decided = self.setting.decided();
        assert_eq!(decided.len(), 1, "{decided:?}");
        decided.into_iter().next().expect("a call").1
    }
}

/// The call that FillShelf decides when it is called with this key and body.
async fn call_of(subject: &str, key: &str, body: &str) -> Call {
    let shop = Shop::new();
    assert_eq!(shop.set(subject, &[("idempotency-key", key)], body).await.status, 200);
    shop.call()
}

#[tokio::test]
async fn a_mutation_needs_a_key_of_1_to_128_characters() {
    let shop = Shop::new();
    let missing = shop.set("clerk", &[], FIVE).await.refusal();
    let says =
        "the header Idempotency-Key is missing: send a new UUID with each new request, and the same with a repeat";
    assert_eq!(missing, (400, "invalid_argument".to_owned(), says.to_owned()));
    for key in ["", "x".repeat(129).as_str(), "a b", "a\tb", "a,b"] {
        let malformed = shop.set("clerk", &[("idempotency-key", key)], FIVE).await.refusal();
        let says = "the header Idempotency-Key is malformed: send one key of 1 to 128 visible ASCII characters without a comma";
        assert_eq!(malformed, (400, "invalid_argument".to_owned(), says.to_owned()), "{key}");
    }
    let twice = shop.set("clerk", &[("idempotency-key", "k"), ("idempotency-key", "k")], FIVE).await;
    assert_eq!(twice.status, 400, "the HTTP API joins two headers with a comma");
    assert!(shop.setting.decided().is_empty() && shop.store.is_empty());
    for key in ["x", "x".repeat(128).as_str()] {
        assert_eq!(Shop::new().set("clerk", &[("idempotency-key", key)], FIVE).await.status, 200, "{key}");
    }
}

#[tokio::test]
async fn a_key_that_is_no_text_is_malformed() {
    let header = http::HeaderValue::from_bytes(b"\xff").expect("a header");
    let builder = post(FILL_SHELF, "clerk", &["update:shelves"]).header("idempotency-key", header);
    let (status, code, message) = set(&Setting::default(), &MemoryStore::default(), builder, FIVE).await.refusal();
    assert_eq!((status, code.as_str()), (400, "invalid_argument"));
    assert!(message.contains("malformed"), "{message}");
}

#[tokio::test]
async fn a_calls_identity_is_derived_from_its_caller_its_rpc_and_its_key() {
    assert_eq!(call_of("anna", "k", FIVE).await.id, ids::request("anna", FILL_SHELF, "k"));
    let ids: BTreeSet<_> = [
        call_of("anna", "k", FIVE).await.id,
        call_of("bert", "k", FIVE).await.id,
        call_of("anna", "l", FIVE).await.id,
        ids::request("anna", "/shop.v1.ShopService/StartParcel", "k"),
    ]
    .into();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn a_repeat_is_one_of_the_content_however_it_is_written() {
    let shop = Shop::new();
    let key = [("idempotency-key", "k")];
    let first = shop.set("clerk", &key, FIVE).await;
    let same = r#" {"available": "5", "article_id": "glue", "colour": "red"} "#;
    let again = shop.set("clerk", &key, same).await;
    assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body));
    for other in [r#"{"articleId":"glue","available":6}"#, r#"{"articleId":"glu","available":5}"#] {
        assert_eq!(shop.set("clerk", &key, other).await.json()["code"], "failed_precondition", "{other}");
    }
    assert_eq!(shop.setting.decided().len(), 1);
}

#[tokio::test]
async fn a_repeat_is_answered_without_a_second_effect_and_a_reused_key_is_refused() {
    let shop = Shop::new();
    let key = [("idempotency-key", "k")];
    let first = shop.set("clerk", &key, FIVE).await;
    let again = shop.set("clerk", &key, FIVE).await;
    assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body));
    assert_eq!(shop.setting.decided().len(), 1);
    assert_eq!(shop.store.peek("glue").map(|record| record.version), Some(1));
    let other = shop.set("clerk", &key, r#"{"articleId":"glue","available":6}"#).await;
    let (status, code, message) = other.refusal();
    assert_eq!((status, code.as_str()), (400, "failed_precondition"));
    assert!(message.contains("Idempotency-Key"), "{message}");
    assert_eq!(shop.store.peek("glue").map(|record| record.state), Some(Value::from(5)));
    assert_eq!(shop.set("baker", &key, FIVE).await.status, 200, "the key belongs to its caller");
    assert_eq!(shop.setting.decided().len(), 2);
}

#[tokio::test]
async fn a_call_is_told_who_calls_when_it_is_and_by_which_trace() {
    let shop = Shop::new();
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    shop.set("auth0|clerk", &[("idempotency-key", "k"), ("traceparent", trace)], FIVE).await;
    let call = shop.call();
    assert_eq!(call.caller, Caller { subject: "auth0|clerk".to_owned() });
    assert_eq!(call.now, OffsetDateTime::from(clock()));
    assert_eq!(call.trace_parent, trace);
    let (request, _) = shop.setting.decided().remove(0);
    assert_eq!((request.article_id.as_str(), request.available), ("glue", 5));

    let shop = Shop::new();
    let xray = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";
    shop.set("clerk", &[("idempotency-key", "k"), ("x-amzn-trace-id", xray)], FIVE).await;
    assert_eq!(shop.call().trace_parent, "00-67891233abcdef012345678912345678-53995c3f42cd8ad8-01");
}
