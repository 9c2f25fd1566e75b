//! What makes one call the same as another, and what a call is told of itself.

use std::collections::BTreeSet;

use serde_json::Value;
use testkit::MemoryStore;

use super::super::*;
use super::fixture::{Answer, SET_STOCK, Setting, clock, post, set};

const FIVE: &str = r#"{"productId":"gnocchi","available":5}"#;

struct Kitchen {
    setting: Setting,
    store: MemoryStore,
}

impl Kitchen {
    fn new() -> Self {
        Self { setting: Setting::default(), store: MemoryStore::default() }
    }

    async fn set(&self, subject: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let builder = post(SET_STOCK, subject, &["update:stock"]);
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

/// The call that SetStock decides when it is called with this key and body.
async fn call_of(subject: &str, key: &str, body: &str) -> Call {
    let kitchen = Kitchen::new();
    assert_eq!(kitchen.set(subject, &[("idempotency-key", key)], body).await.status, 200);
    kitchen.call()
}

#[tokio::test]
async fn a_mutation_needs_a_key_of_1_to_128_characters() {
    let kitchen = Kitchen::new();
    let missing = kitchen.set("cook", &[], FIVE).await.refusal();
    let says =
        "the header Idempotency-Key is missing: send a new UUID with each new request, and the same with a repeat";
    assert_eq!(missing, (400, "invalid_argument".to_owned(), says.to_owned()));
    for key in ["", "x".repeat(129).as_str()] {
        let malformed = kitchen.set("cook", &[("idempotency-key", key)], FIVE).await.refusal();
        let says = "the header Idempotency-Key is malformed: send 1 to 128 visible ASCII characters";
        assert_eq!(malformed, (400, "invalid_argument".to_owned(), says.to_owned()), "{key}");
    }
    assert!(kitchen.setting.decided().is_empty() && kitchen.store.is_empty());
    for key in ["x", "x".repeat(128).as_str()] {
        assert_eq!(Kitchen::new().set("cook", &[("idempotency-key", key)], FIVE).await.status, 200, "{key}");
    }
}

#[tokio::test]
async fn a_key_that_is_no_text_is_malformed() {
    let header = http::HeaderValue::from_bytes(b"\xff").expect("a header");
    let builder = post(SET_STOCK, "cook", &["update:stock"]).header("idempotency-key", header);
    let (status, code, message) = set(&Setting::default(), &MemoryStore::default(), builder, FIVE).await.refusal();
    assert_eq!((status, code.as_str()), (400, "invalid_argument"));
    assert!(message.contains("malformed"), "{message}");
}

#[tokio::test]
async fn a_calls_identity_is_derived_from_its_caller_its_rpc_and_its_key() {
    assert_eq!(call_of("anna", "k", FIVE).await.id, ids::request("anna", SET_STOCK, "k"));
    let ids: BTreeSet<_> = [
        call_of("anna", "k", FIVE).await.id,
        call_of("bert", "k", FIVE).await.id,
        call_of("anna", "l", FIVE).await.id,
        ids::request("anna", "/kitchen_api.v1.KitchenService/StartTicket", "k"),
    ]
    .into();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn a_calls_fingerprint_is_that_of_its_content_however_it_is_written() {
    let five = call_of("anna", "k", FIVE).await.fingerprint;
    assert_eq!(call_of("bert", "l", FIVE).await.fingerprint, five, "it is the content's alone");
    let same = r#" {"available": "5", "product_id": "gnocchi"} "#;
    assert_eq!(call_of("anna", "k", same).await.fingerprint, five, "it is not the text's");
    for other in [r#"{"productId":"gnocchi","available":6}"#, r#"{"productId":"gnocch","available":5}"#] {
        assert_ne!(call_of("anna", "k", other).await.fingerprint, five, "{other}");
    }
}

#[tokio::test]
async fn a_repeat_is_answered_without_a_second_effect_and_a_reused_key_is_refused() {
    let kitchen = Kitchen::new();
    let key = [("idempotency-key", "k")];
    let first = kitchen.set("cook", &key, FIVE).await;
    let again = kitchen.set("cook", &key, FIVE).await;
    assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body));
    assert_eq!(kitchen.setting.decided().len(), 1);
    assert_eq!(kitchen.store.peek("gnocchi").map(|record| record.version), Some(1));
    let other = kitchen.set("cook", &key, r#"{"productId":"gnocchi","available":6}"#).await;
    let (status, code, message) = other.refusal();
    assert_eq!((status, code.as_str()), (400, "failed_precondition"));
    assert!(message.contains("Idempotency-Key"), "{message}");
    assert_eq!(kitchen.store.peek("gnocchi").map(|record| record.state), Some(Value::from(5)));
    assert_eq!(kitchen.set("baker", &key, FIVE).await.status, 200, "the key belongs to its caller");
    assert_eq!(kitchen.setting.decided().len(), 2);
}

#[tokio::test]
async fn a_call_is_told_who_calls_when_it_is_and_by_which_trace() {
    let kitchen = Kitchen::new();
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    kitchen.set("auth0|cook", &[("idempotency-key", "k"), ("traceparent", trace)], FIVE).await;
    let call = kitchen.call();
    assert_eq!(call.caller, Caller { subject: "auth0|cook".to_owned() });
    assert_eq!(call.now, OffsetDateTime::from(clock()));
    assert_eq!(call.trace_parent, trace);
    let (request, _) = kitchen.setting.decided().remove(0);
    assert_eq!((request.product_id.as_str(), request.available), ("gnocchi", 5));

    let kitchen = Kitchen::new();
    let xray = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";
    kitchen.set("cook", &[("idempotency-key", "k"), ("x-amzn-trace-id", xray)], FIVE).await;
    assert_eq!(kitchen.call().trace_parent, "00-67891233abcdef012345678912345678-53995c3f42cd8ad8-01");
}
