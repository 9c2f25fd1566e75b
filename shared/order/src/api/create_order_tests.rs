use contracts::order::v1::OrderCreated;
use contracts::order_api::v1::create_order_request::Item;
use contracts::order_api::v1::{Money, OrderStatus};
use messaging::{LoadError, Record, Store as _};
use rpc::{Caller, execute};
use testkit::MemoryStore;
use time::OffsetDateTime;
use uuid::Uuid;

use super::*;

struct Menu;

#[async_trait]
impl LoadMany for Menu {
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError> {
        let currency = crate::domain::Currency::parse("EUR").expect("a currency");
        let unit_price = crate::domain::Money::new(currency, 1150).expect("a price");
        let pizza = Product { name: "Pizza".to_owned(), unit_price };
        let known = keys.iter().filter(|key| key.as_str() == "pizza");
        Ok(known.map(|key| Record::of(key.clone(), 1, &pizza).expect("a record")).collect())
    }
}

fn request(items: &[(&str, i32)]) -> CreateOrderRequest {
    let item = |(product, quantity): &(&str, i32)| Item {
        product_id: (*product).to_owned(),
        quantity: *quantity,
        ..Default::default()
    };
    CreateOrderRequest {
        items: items.iter().map(item).collect(),
        card_token: "tok_visa".to_owned(),
        ..Default::default()
    }
}

fn call(subject: &str, key: &str, request: &CreateOrderRequest) -> Call {
    Call {
        caller: Caller { subject: subject.to_owned() },
        id: ids::request(subject, CreateOrder::SPEC.procedure, key),
        fingerprint: ids::fingerprint(&buffa::Message::encode_to_vec(request)),
        now: OffsetDateTime::UNIX_EPOCH,
        trace_parent: String::new(),
    }
}

fn rpc() -> CreateOrder {
    CreateOrder::new(Arc::new(Menu), 100_000)
}

async fn place(store: &MemoryStore, key: &str, request: &CreateOrderRequest) -> Result<CreateOrderResponse, RpcError> {
    execute(&rpc(), store, request, &call("anna", key, request)).await
}

fn reason(result: Result<CreateOrderResponse, RpcError>) -> &'static str {
    match result {
        Err(RpcError::Forbidden { reason, .. }) => reason,
        Err(RpcError::Invalid(_)) => "INVALID",
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_order_is_one_put_with_the_event_that_starts_its_saga() {
    let store = MemoryStore::default();
    let response = place(&store, "1", &request(&[("pizza", 2)])).await.expect("an order");
    let placed = response.order.as_option().expect("an order");
    assert_eq!(placed.status, OrderStatus::ORDER_STATUS_APPROVAL_PENDING);
    assert_eq!(placed.total.as_option().map(|total| total.minor_units), Some(2300));

    let record = store.load(&placed.order_id).await.expect("a load").expect("a record");
    assert_eq!(record.version, 1);
    let event = messaging::Envelope::parse(&record.outbox[0].body).expect("an event");
    assert_eq!(event.message_id, ids::event(&placed.order_id, 1, 0));
    let created: OrderCreated = event.unpack().expect("OrderCreated");
    assert_eq!((created.customer_id.as_str(), created.card_token.as_str()), ("anna", "tok_visa"));

    let order: Order = record.aggregate().expect("an order");
    assert_eq!(order.sagas, [ids::saga(event.message_id)], "the lock belongs to the saga that the event starts");
}

#[tokio::test]
async fn a_repeat_gets_the_same_response_even_when_the_order_has_moved_on() {
    let store = MemoryStore::default();
    let first = place(&store, "1", &request(&[("pizza", 2)])).await.expect("an order");
    let id = first.order.as_option().expect("an order").order_id.clone();
    let mut record = store.load(&id).await.expect("a load").expect("a record");
    let mut order: Order = record.aggregate().expect("an order");
    order.status = crate::domain::Status::Rejected { reason: "OUT_OF_STOCK".to_owned() };
    record = Record::of(id, 2, &order).expect("a record");
    store.save(&messaging::Write::of(record)).await.expect("a save");

    assert_eq!(place(&store, "1", &request(&[("pizza", 2)])).await, Ok(first));
}

#[tokio::test]
async fn the_same_key_with_another_payload_is_refused_and_another_key_is_another_order() {
    let store = MemoryStore::default();
    let first = place(&store, "1", &request(&[("pizza", 2)])).await.expect("an order");
    assert_eq!(reason(place(&store, "1", &request(&[("pizza", 3)])).await), "IDEMPOTENCY_KEY_REUSED");
    let second = place(&store, "2", &request(&[("pizza", 2)])).await.expect("an order");
    assert_ne!(first, second);
}

#[tokio::test]
async fn bad_requests_are_refused_before_anything_is_written() {
    let store = MemoryStore::default();
    let many: Vec<(String, i32)> = (0..10_000).map(|index| (format!("p{index}"), 1)).collect();
    let many: Vec<(&str, i32)> = many.iter().map(|(product, quantity)| (product.as_str(), *quantity)).collect();
    let mut priced = request(&[("pizza", 1)]);
    priced.items[0].unit_price = Money { currency: "EUR".to_owned(), minor_units: 999, ..Default::default() }.into();
    let mut negative = priced.clone();
    negative.items[0].unit_price = Money { currency: "EUR".to_owned(), minor_units: -1, ..Default::default() }.into();
    let cardless = CreateOrderRequest { card_token: String::new(), ..request(&[("pizza", 1)]) };
    let cases = [
        (request(&[]), "INVALID"),
        (request(&many), "INVALID"),
        (request(&[("pizza", -1)]), "INVALID"),
        (request(&[("lasagne", 1)]), "UNKNOWN_PRODUCT"),
        (request(&[("pizza", 100)]), "ABOVE_APPROVAL_LIMIT"),
        (priced, "PRICE_CHANGED"),
        (negative, "INVALID"),
        (cardless, "INVALID"),
    ];
    for (request, expected) in cases {
        assert_eq!(reason(place(&store, "1", &request).await), expected);
    }
    let id = call("anna", "1", &request(&[])).id;
    assert_eq!(store.load(&id.to_string()).await, Ok(None));
    assert_ne!(id, Uuid::nil());
}
