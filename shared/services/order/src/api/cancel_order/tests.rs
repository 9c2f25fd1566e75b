use contracts::order_api::v1::OrderStatus;
use messaging::{Record, Store, Write};
use rpc::{Caller, execute};
use serde_json::{Value, json};
use testkit::MemoryStore;
use time::OffsetDateTime;
use uuid::Uuid;

use super::*;
use crate::domain::Status;

const ORDER: &str = "3f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a10";

async fn store_with(status: Status) -> MemoryStore {
    let store = MemoryStore::default();
    let fixture = serde_json::from_str(include_str!("../../../fixtures/order.1.approved.json")).expect("JSON");
    let order = Order { status, ..serde_json::from_value(fixture).expect("an order") };
    let record = Record::of(ORDER.to_owned(), 1, &order).expect("a record");
    store.save(&Write::of(record)).await.expect("a save");
    store
}

fn approved() -> Status {
    Status::Approved { cancellation_refused: None }
}

async fn cancel(
    store: &MemoryStore,
    subject: &str,
    key: &str,
    order_id: &str,
) -> Result<CancelOrderResponse, RpcError> {
    let request = CancelOrderRequest { order_id: order_id.to_owned(), ..Default::default() };
    let call = Call {
        caller: Caller { subject: subject.to_owned() },
        id: ids::request(subject, CancelOrder::SPEC.procedure, key),
        now: OffsetDateTime::UNIX_EPOCH,
        trace_parent: String::new(),
    };
    execute(&CancelOrder, store, request, &call).await
}

/// The refusal as its caller sees it.
fn locked(reason: Reason, message: &str) -> RpcError {
    RpcError::refused(reason, message).about("order_id", ORDER)
}

fn reason(result: Result<CancelOrderResponse, RpcError>) -> &'static str {
    match result {
        Err(refused) => refused.reason().name,
        Ok(response) => panic!("not refused: {response:?}"),
    }
}

#[tokio::test]
async fn an_approved_order_is_locked_and_the_saga_is_started() {
    let store = store_with(approved()).await;
    let response = cancel(&store, "auth0|anna", "1", ORDER).await.expect("a cancellation");
    let order = response.order.as_option().expect("an order");
    assert_eq!(order.status, OrderStatus::ORDER_STATUS_CANCEL_PENDING);
    let record = store.load(ORDER).await.expect("a load").expect("a record");
    assert_eq!(record.outbox[0].type_name, "order.v1.CancellationRequested");
    let saga = ids::saga(ids::event(ORDER, 2, 0));
    assert_eq!(record.aggregate::<Order>().expect("an order").status, Status::CancelPending { owner: saga });
}

#[tokio::test]
async fn a_repeat_gets_the_same_response_and_starts_nothing() {
    let store = store_with(approved()).await;
    let first = cancel(&store, "auth0|anna", "1", ORDER).await;
    assert_eq!(cancel(&store, "auth0|anna", "1", ORDER).await, first);
    assert_eq!(store.load(ORDER).await.expect("a load").expect("a record").version, 2);
    assert_eq!(reason(cancel(&store, "auth0|anna", "2", ORDER).await), "ORDER_LOCKED");
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let store = store_with(approved()).await;
    let other = Uuid::from_u128(9).to_string();
    let order: Order = store.load(ORDER).await.expect("a load").expect("a record").aggregate().expect("an order");
    store.save(&Write::of(Record::of(other.clone(), 1, &order).expect("a record"))).await.expect("a save");
    cancel(&store, "auth0|anna", "1", ORDER).await.expect("a cancellation");
    assert_eq!(reason(cancel(&store, "auth0|anna", "1", &other).await), "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn somebody_elses_order_is_not_found() {
    let store = store_with(approved()).await;
    let missing = Uuid::from_u128(9).to_string();
    assert_eq!(reason(cancel(&store, "auth0|bert", "1", ORDER).await), "ORDER_NOT_FOUND");
    assert_eq!(reason(cancel(&store, "auth0|bert", "1", &missing).await), "ORDER_NOT_FOUND");
    assert_eq!(reason(cancel(&store, "auth0|bert", "1", "7").await), "INVALID_REQUEST");
    assert_eq!(store.load(ORDER).await.expect("a load").expect("a record").version, 1);
}

#[tokio::test]
async fn the_semantic_lock_refuses_a_conflicting_call() {
    let owner = Uuid::from_u128(5);
    let wait = "the order is being worked on: wait until it is approved or rejected, then try again";
    let cases = [
        (Status::ApprovalPending { owner }, locked(Reason::OrderLocked, wait)),
        (Status::CancelPending { owner }, locked(Reason::OrderLocked, wait)),
        (
            Status::Rejected { reason: "OUT_OF_STOCK".to_owned() },
            locked(Reason::OrderRejected, "the order was rejected: there is nothing to cancel"),
        ),
        (Status::Canceled, locked(Reason::OrderCanceled, "the order is canceled already")),
    ];
    for (status, expected) in cases {
        let store = store_with(status).await;
        assert_eq!(cancel(&store, "auth0|anna", "1", ORDER).await, Err(expected));
        assert_eq!((store.len(), store.peek(ORDER).map(|record| record.version)), (1, Some(1)), "nothing is written");
    }
}

#[tokio::test]
async fn the_item_its_event_and_the_response_hold_the_whole_cancellation() {
    let store = store_with(Status::Approved { cancellation_refused: Some("COOKING_HAS_STARTED".to_owned()) }).await;
    let before = store.peek(ORDER).expect("an order").state;
    // However the id is written, it is the same order.
    let response = cancel(&store, "auth0|anna", "1", &ORDER.to_uppercase()).await.expect("a cancellation");
    let record = store.peek(ORDER).expect("an order");
    let saga = ids::saga(ids::event(ORDER, 2, 0));
    let mut expected = before.clone();
    expected["status"] = json!({"name": "CANCEL_PENDING", "owner": saga});
    expected["sagas"].as_array_mut().expect("sagas").push(json!(saga));
    assert_eq!((record.version, &record.state), (2, &expected));
    let [published] = record.outbox.as_slice() else { panic!("not one event: {:?}", record.outbox) };
    assert_eq!(published.id, ids::event(ORDER, 2, 0));
    let body: Value = serde_json::from_str(&published.body).expect("JSON");
    let payload = json!({
        "@type": "type.googleapis.com/order.v1.CancellationRequested",
        "orderId": ORDER,
        "customerId": "auth0|anna",
    });
    assert_eq!(body["payload"], payload);
    let shown = json!({"order": {
        "orderId": ORDER,
        "status": "ORDER_STATUS_CANCEL_PENDING",
        "items": [{"productId": "margherita", "quantity": 2, "unitPrice": {"currency": "EUR", "minorUnits": "1150"}}],
        "total": {"currency": "EUR", "minorUnits": "2300"},
        "createdAt": "2026-11-23T07:00:00.123Z",
    }});
    assert_eq!(serde_json::to_value(&response).expect("JSON"), shown);
}

#[tokio::test]
async fn what_is_not_there_is_not_told_from_what_is_somebody_elses() {
    let store = store_with(approved()).await;
    let missing = Uuid::from_u128(9).to_string();
    let not_found = |id: &str| Err(no_order(id));
    assert_eq!(cancel(&store, "auth0|bert", "1", ORDER).await, not_found(ORDER));
    assert_eq!(cancel(&store, "auth0|bert", "1", &missing).await, not_found(&missing));
    assert_eq!(
        cancel(&store, "auth0|bert", "1", "7").await,
        Err(RpcError::invalid("order_id", "must be a UUID of 36 characters"))
    );
}

#[test]
fn the_canonical_request_names_the_order_in_small_letters() {
    for text in [ORDER.to_owned(), ORDER.to_uppercase()] {
        let request = CancelOrderRequest { order_id: text, ..Default::default() };
        let order_id = CancelOrder.parse(request).expect("an id");
        let canonical = CancelOrderRequest { order_id: ORDER.to_owned(), ..Default::default() };
        assert_eq!(CancelOrder.canonical(&order_id), canonical);
    }
}
