use messaging::{LoadError, Record, Store as _, Write};
use serde_json::{Value, json};
use testkit::builders::at;
use testkit::{MemoryStore, Operation};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::*;
use crate::domain::Status;

const ANNA: &str = "auth0|anna";

async fn put(store: &MemoryStore, number: u128, customer: &str, created_at: OffsetDateTime, status: Status) {
    let fixture: Order =
        serde_json::from_str(include_str!("../../../fixtures/order.1.pending.json")).expect("an order");
    let (id, customer) = (Uuid::from_u128(number), customer.to_owned());
    let order = Order { id, customer, created_at, status, ..fixture };
    store.save(&Write::of(Record::of(id.to_string(), 1, &order).expect("a record"))).await.expect("a save");
}

/// Three orders of Anna's and one of Bert's, which was placed in between.
async fn orders() -> MemoryStore {
    let store = MemoryStore::default();
    let owner = Uuid::from_u128(5);
    put(&store, 2, ANNA, at(20), Status::Rejected { reason: "OUT_OF_STOCK".to_owned() }).await;
    put(&store, 3, ANNA, at(30), Status::ApprovalPending { owner }).await;
    put(&store, 1, ANNA, at(10) + Duration::milliseconds(250), Status::Canceled).await;
    put(&store, 4, "auth0|bert", at(25), Status::Approved { cancellation_refused: None }).await;
    store
}

async fn list(store: &MemoryStore, subject: &str, page_size: i32, token: &str) -> Result<ListOrdersResponse, RpcError> {
    let request = ListOrdersRequest { page_size, page_token: token.to_owned(), ..Default::default() };
    let caller = Caller { subject: subject.to_owned() };
    ListOrders::new(Arc::new(store.index("customer", "created_at"))).answer(request, &caller).await
}

fn shown(number: u128, created_at: &str, status: &str, reason: Option<&str>) -> Value {
    let mut order = json!({
        "orderId": Uuid::from_u128(number),
        "status": format!("ORDER_STATUS_{status}"),
        "items": [{"productId": "margherita", "quantity": 2, "unitPrice": {"currency": "EUR", "minorUnits": "1150"}}],
        "total": {"currency": "EUR", "minorUnits": "2300"},
        "createdAt": created_at,
    });
    if let Some(reason) = reason {
        order["reason"] = json!(reason);
    }
    order
}

#[tokio::test]
async fn a_customer_sees_their_own_orders_newest_first_page_by_page() {
    let store = orders().await;
    let first = list(&store, ANNA, 2, "").await.expect("a page");
    let token = first.next_page_token.clone();
    assert!(!token.is_empty());
    let expected = [
        shown(3, "2026-01-01T00:00:30Z", "APPROVAL_PENDING", None),
        shown(2, "2026-01-01T00:00:20Z", "REJECTED", Some("OUT_OF_STOCK")),
    ];
    assert_eq!(serde_json::to_value(&first).expect("JSON"), json!({"orders": expected, "nextPageToken": token}));
    let all = list(&store, ANNA, 3, "").await.expect("a page");
    assert_eq!((all.orders.len(), all.next_page_token.as_str()), (3, ""), "a full page may be the last");
    let last = list(&store, ANNA, 2, &token).await.expect("a page");
    let expected = [shown(1, "2026-01-01T00:00:10.250Z", "CANCELED", None)];
    assert_eq!(serde_json::to_value(&last).expect("JSON"), json!({"orders": expected}));
}

#[tokio::test]
async fn another_customers_orders_are_never_listed() {
    let store = orders().await;
    let bert = list(&store, "auth0|bert", 0, "").await.expect("a page");
    let expected = [shown(4, "2026-01-01T00:00:25Z", "APPROVED", None)];
    assert_eq!(serde_json::to_value(&bert).expect("JSON"), json!({"orders": expected}));
    assert_eq!(list(&store, "auth0|carl", 0, "").await, Ok(ListOrdersResponse::default()));
    let token = list(&store, ANNA, 1, "").await.expect("a page").next_page_token;
    let stolen = list(&store, "auth0|bert", 1, &token).await;
    assert_eq!(stolen, Err(RpcError::from(LoadError::BadToken)));
}

#[tokio::test]
async fn a_page_has_the_size_that_was_asked_for() {
    let store = MemoryStore::default();
    for number in 0..101 {
        put(&store, number, ANNA, at(0), Status::Canceled).await;
    }
    for (asked, found) in [(0, 20), (1, 1), (100, 100)] {
        let page = list(&store, ANNA, asked, "").await.expect("a page");
        assert_eq!(page.orders.len(), found);
    }
    for bad in [-1, 101] {
        let refused = RpcError::invalid("page_size", "must be a whole number from 0 to 100");
        assert_eq!(list(&store, ANNA, bad, "").await, Err(refused));
    }
    let refused = list(&store, ANNA, 0, "nonsense").await;
    assert_eq!(refused, Err(RpcError::from(LoadError::BadToken)));
}

#[tokio::test]
async fn an_outage_is_told_from_an_order_that_cannot_be_read() {
    let store = orders().await;
    store.faults().fail(Operation::Load, 1);
    assert!(matches!(list(&store, ANNA, 0, "").await, Err(RpcError::Unavailable(_))));
    let mut record = store.peek(&Uuid::from_u128(1).to_string()).expect("an order");
    record.schema = 2;
    store.plant(&record.key, serde_json::to_value(&record).expect("JSON"));
    assert_eq!(list(&store, ANNA, 0, "").await, Err(RpcError::Internal("unknown schema version 2".to_owned())));
}
