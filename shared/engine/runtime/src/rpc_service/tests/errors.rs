//! What a caller is told when a call is not answered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use buffa::Message;
use rpc::RpcError;
use serde_json::{Value, json};
use testkit::{MemoryStore, Operation};
use wire::google::rpc::ErrorInfo;

use super::fixture::{FILL_SHELF, FIND_SALE, Finding, No, Setting, find, post, set};

/// The cause of a failure of ours, as the SDK words it.
const CAUSE: &str = "shop-sales: ProvisionedThroughputExceededException at dynamodb.eu-central-1.amazonaws.com";
const BUSY: &str = "the service is busy: repeat the call, with the same Idempotency-Key if it had one";
const FAILED: &str = "the service has failed and the failure is recorded: a repeat will not help";

/// The whole answer of a query that fails like this.
async fn answer_to_query(refusal: RpcError) -> (u16, Value) {
    let finding = Finding::refusing(Some(refusal));
    let answer = find(&finding, post(FIND_SALE, "auth0|anna", &["read:sales"]), "{}").await;
    (answer.status, answer.json())
}

/// The whole answer of a mutation that fails like this.
async fn answer_to_mutation(refusal: RpcError) -> (u16, Value) {
    let (setting, store) = (Setting::refusing(Some(refusal)), MemoryStore::default());
    let builder = post(FILL_SHELF, "auth0|clerk", &["update:shelves"]).header("idempotency-key", "k");
    let answer = set(&setting, &store, builder, r#"{"articleId":"a"}"#).await;
    assert!(store.is_empty(), "what is refused leaves nothing");
    (answer.status, answer.json())
}

#[tokio::test]
async fn each_kind_of_error_has_its_code_and_a_cause_of_ours_is_not_told() {
    let cases = [
        (RpcError::invalid("quantity", "must be 1"), 400, "invalid_argument", "quantity must be 1"),
        (RpcError::refused(No::NotFound, "there is no 7"), 404, "not_found", "there is no 7"),
        (RpcError::Unavailable(CAUSE.to_owned()), 503, "unavailable", BUSY),
        (RpcError::Internal(CAUSE.to_owned()), 500, "internal", FAILED),
    ];
    for (error, status, code, message) in cases {
        let said = |(status, body): (u16, Value)| (status, body["code"].clone(), body["message"].clone());
        let expected = (status, json!(code), json!(message));
        assert_eq!(said(answer_to_query(error.clone()).await), expected);
        assert_eq!(said(answer_to_mutation(error).await), expected);
    }
}

#[tokio::test]
async fn a_refusal_carries_its_reason_and_what_it_is_about() {
    let refusal = RpcError::refused(No::Pending, "wait until it is decided").about("status", "PLACED");
    let (status, body) = answer_to_mutation(refusal.about("sale", 7)).await;
    assert_eq!(
        (status, &body["code"], &body["message"]),
        (400, &json!("failed_precondition"), &json!("wait until it is decided"))
    );
    let details = body["details"].as_array().cloned().unwrap_or_default();
    let [detail] = details.as_slice() else { panic!("{body}") };
    assert_eq!(detail["type"], "google.rpc.ErrorInfo");
    let value = STANDARD_NO_PAD.decode(detail["value"].as_str().expect("a value")).expect("base64");
    let info = ErrorInfo::decode_from_slice(&value).expect("an ErrorInfo");
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("SALE_PENDING", "shop.example.com"));
    let metadata =
        info.metadata.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<serde_json::Map<_, _>>();
    assert_eq!(Value::from(metadata), json!({"status": "PLACED", "sale": "7"}));
}

#[tokio::test]
async fn a_store_that_fails_for_a_while_makes_the_service_busy() {
    for operation in [Operation::Load, Operation::Save] {
        let (setting, store) = (Setting::default(), MemoryStore::default());
        store.faults().fail(operation, 1);
        let call = || post(FILL_SHELF, "auth0|clerk", &["update:shelves"]).header("idempotency-key", "k");
        let answer = set(&setting, &store, call(), r#"{"articleId":"a"}"#).await;
        assert_eq!(answer.refusal(), (503, "unavailable".to_owned(), BUSY.to_owned()));
        assert_eq!(set(&setting, &store, call(), r#"{"articleId":"a"}"#).await.status, 200, "a repeat helps");
    }
}

#[tokio::test]
async fn a_stored_item_that_cannot_be_read_is_a_failure_of_the_service() {
    let store = MemoryStore::default();
    store.plant("a", serde_json::to_value(testkit::builders::record("a", 1)).expect("JSON"));
    let builder = post(FILL_SHELF, "auth0|clerk", &["update:shelves"]).header("idempotency-key", "k");
    let answer = set(&Setting::default(), &store, builder, r#"{"articleId":"a"}"#).await;
    assert_eq!(answer.refusal(), (500, "internal".to_owned(), FAILED.to_owned()));
}
