use std::sync::Mutex;

use contracts::billing::v1::AuthorizeCard;
use contracts::kitchen::v1::CreateTicket;
use contracts::order::v1::OrderCreated;
use contracts::order_api::v1::create_order_request::Item;
use contracts::order_api::v1::{Money, OrderStatus};
use messaging::{LoadError, Record, Store as _};
use proptest::prelude::*;
use rpc::{Caller, execute};
use serde_json::{Value, json};
use testkit::MemoryStore;
use time::OffsetDateTime;
use uuid::Uuid;

use super::*;

/// In francs, so that a currency that stands in the code is seen.
const PRICES: [(&str, i64); 3] = [("pizza", 1150), ("tiramisu", 690), ("cola", 295)];

struct Menu;

fn on_the_menu(product: &str, minor_units: i64) -> Record {
    let price = json!({"currency": "CHF", "minor_units": minor_units});
    let product_of: Product = serde_json::from_value(json!({"name": product, "unit_price": price})).expect("a product");
    Record::of(product.to_owned(), 1, &product_of).expect("a record")
}

/// A catalogue that gives what it has, and remembers what it was asked for.
struct Asked {
    menu: BTreeMap<String, i64>,
    keys: Mutex<Vec<Key>>,
}

#[async_trait]
impl LoadMany for Asked {
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError> {
        self.keys.lock().expect("a lock").extend_from_slice(keys);
        if self.menu.is_empty() {
            return Err(LoadError::Transient("the catalogue is away".to_owned()));
        }
        Ok(self.menu.iter().map(|(product, price)| on_the_menu(product, *price)).collect())
    }
}

#[async_trait]
impl LoadMany for Menu {
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError> {
        let known = PRICES.iter().filter(|(product, _)| keys.iter().any(|key| key == product));
        Ok(known.map(|(product, price)| on_the_menu(product, *price)).collect())
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

fn new_call(subject: &str, key: &str) -> Call {
    Call {
        caller: Caller { subject: subject.to_owned() },
        id: ids::request(subject, CreateOrder::SPEC.procedure, key),
        now: OffsetDateTime::UNIX_EPOCH,
        trace_parent: String::new(),
    }
}

fn rpc() -> CreateOrder {
    CreateOrder::new(Arc::new(Menu), 100_000)
}

async fn place(store: &MemoryStore, key: &str, request: &CreateOrderRequest) -> Result<CreateOrderResponse, RpcError> {
    execute(&rpc(), store, request.clone(), &new_call("anna", key)).await
}

fn reason(result: Result<CreateOrderResponse, RpcError>) -> &'static str {
    match result {
        Err(refused) => refused.reason().name,
        Ok(response) => panic!("not refused: {response:?}"),
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
    priced.items[0].unit_price = Money { currency: "CHF".to_owned(), minor_units: 999, ..Default::default() }.into();
    let mut negative = priced.clone();
    negative.items[0].unit_price = Money { currency: "CHF".to_owned(), minor_units: -1, ..Default::default() }.into();
    let cardless = CreateOrderRequest { card_token: String::new(), ..request(&[("pizza", 1)]) };
    let cases = [
        (request(&[]), "INVALID_REQUEST"),
        (request(&many), "INVALID_REQUEST"),
        (request(&[("pizza", -1)]), "INVALID_REQUEST"),
        (request(&[("lasagne", 1)]), "UNKNOWN_PRODUCT"),
        (request(&[("pizza", 100)]), "ABOVE_APPROVAL_LIMIT"),
        (priced, "PRICE_CHANGED"),
        (negative, "INVALID_REQUEST"),
        (cardless, "INVALID_REQUEST"),
    ];
    for (request, expected) in cases {
        assert_eq!(reason(place(&store, "1", &request).await), expected);
    }
    let id = new_call("anna", "1").id;
    assert_eq!(store.load(&id.to_string()).await, Ok(None));
    assert_ne!(id, Uuid::nil());
}

#[tokio::test]
async fn the_item_and_its_event_hold_the_whole_order() {
    let store = MemoryStore::default();
    let request = request(&[("tiramisu", 3), ("pizza", 2), ("cola", 4)]);
    place(&store, "1", &request).await.expect("an order");
    let call = new_call("anna", "1");
    let record = store.peek(&call.id.to_string()).expect("an order");
    let saga = ids::saga(ids::event(&call.id.to_string(), 1, 0));
    let money = |minor_units: i64| json!({"currency": "CHF", "minor_units": minor_units});
    let line = |product: &str, quantity: i64, price: i64| json!({"product": product, "quantity": quantity, "unit_price": money(price)});
    let state = json!({
        "id": call.id,
        "customer": "anna",
        "items": [line("tiramisu", 3, 690), line("pizza", 2, 1150), line("cola", 4, 295)],
        "total": money(3 * 690 + 2 * 1150 + 4 * 295),
        "status": {"name": "APPROVAL_PENDING", "owner": saga},
        "created_at": "1970-01-01T00:00:00Z",
        "fingerprint": ids::fingerprint(&buffa::Message::encode_to_vec(&request)),
        "sagas": [saga],
    });
    assert_eq!((record.version, record.schema, &record.state), (1, 1, &state));
    let attributes = json!({"customer": "anna", "created_at": "1970-01-01T00:00:00.000Z"});
    assert_eq!(serde_json::to_value(&record.attributes).expect("JSON"), attributes);
    assert_eq!((record.inbox.len(), record.expires_at), (0, None));
    let [published] = record.outbox.as_slice() else { panic!("not one event: {:?}", record.outbox) };
    let body: Value = serde_json::from_str(&published.body).expect("JSON");
    let payload = json!({
        "@type": "type.googleapis.com/order.v1.OrderCreated",
        "orderId": call.id,
        "customerId": "anna",
        "items": [
            {"productId": "tiramisu", "quantity": 3},
            {"productId": "pizza", "quantity": 2},
            {"productId": "cola", "quantity": 4},
        ],
        "total": {"currency": "CHF", "minorUnits": "5550"},
        "cardToken": "tok_visa",
    });
    assert_eq!(body["payload"], payload);
}

#[tokio::test]
async fn the_catalogue_is_asked_for_the_basket_and_only_once() {
    let asked = Arc::new(Asked { menu: BTreeMap::from([("pizza".to_owned(), 1150)]), keys: Mutex::default() });
    let (store, request) = (MemoryStore::default(), request(&[("pizza", 1)]));
    let rpc = CreateOrder::new(asked.clone(), 100_000);
    let call = new_call("anna", "1");
    let first = execute(&rpc, &store, request.clone(), &call).await.expect("an order");
    // What is on order already needs no prices, even when there are none to be had.
    let away = CreateOrder::new(Arc::new(Asked { menu: BTreeMap::new(), keys: Mutex::default() }), 100_000);
    assert_eq!(execute(&away, &store, request.clone(), &call).await, Ok(first));
    assert_eq!(*asked.keys.lock().expect("a lock"), ["pizza"]);
    let other = new_call("anna", "2");
    let refused = execute(&away, &store, request.clone(), &other).await;
    assert!(matches!(refused, Err(RpcError::Unavailable(_))), "{refused:?}");
}

#[tokio::test]
async fn a_refusal_says_what_it_is_about() {
    let store = MemoryStore::default();
    let mut priced = request(&[("cola", 1), ("pizza", 1)]);
    priced.items[1].unit_price = Money { currency: "CHF".to_owned(), minor_units: 1149, ..Default::default() }.into();
    let mut euros = request(&[("cola", 1)]);
    euros.items[0].unit_price = Money { currency: "EUR".to_owned(), minor_units: 295, ..Default::default() }.into();
    let cases = [
        (
            request(&[("pizza", 1), ("lasagne", 1)]),
            RpcError::refused(Reason::UnknownProduct, "there is no product lasagne: choose from ListProducts")
                .about("product", "lasagne"),
        ),
        (
            priced,
            RpcError::refused(
                Reason::PriceChanged,
                "pizza costs 11.50 CHF, not 11.49 CHF: show the customer the new price and order again",
            )
            .about("product", "pizza")
            .about("currency", "CHF")
            .about("minor_units", 1150),
        ),
        (
            euros,
            RpcError::refused(
                Reason::PriceChanged,
                "cola costs 2.95 CHF, not 2.95 EUR: show the customer the new price and order again",
            )
            .about("product", "cola")
            .about("currency", "CHF")
            .about("minor_units", 295),
        ),
        (
            request(&[("pizza", 87)]),
            RpcError::refused(
                Reason::AboveApprovalLimit,
                "the total of 1000.50 CHF is above the limit of 1000.00 CHF: order less, or call the restaurant",
            )
            .about("currency", "CHF")
            .about("total_minor_units", 100_050)
            .about("limit_minor_units", 100_000),
        ),
    ];
    for (request, expected) in cases {
        assert_eq!(place(&store, "1", &request).await, Err(expected));
    }
    let dear = Arc::new(Asked { menu: BTreeMap::from([("pizza".to_owned(), i64::MAX)]), keys: Mutex::default() });
    let request = request(&[("pizza", 2)]);
    let endless = execute(&CreateOrder::new(dear, i64::MAX), &store, request.clone(), &new_call("anna", "1")).await;
    assert_eq!(
        endless,
        Err(RpcError::invalid("items", "must have a total that can be reckoned: the amount is too large"))
    );
    assert!(store.is_empty(), "nothing is written for an order that is refused");
}

#[tokio::test]
async fn an_order_up_to_the_limit_is_taken() {
    let request = request(&[("pizza", 2)]);
    for (limit, is_taken) in [(2300, true), (2299, false)] {
        let placed = execute(
            &CreateOrder::new(Arc::new(Menu), limit),
            &MemoryStore::default(),
            request.clone(),
            &new_call("anna", "1"),
        )
        .await;
        assert_eq!(placed.is_ok(), is_taken, "{limit}");
    }
}

#[tokio::test]
async fn a_card_token_is_printable_and_bounded() {
    for (token, is_taken) in [
        ("!".to_owned(), true),
        ("x".repeat(128), true),
        ("x".repeat(129), false),
        (String::new(), false),
        ("tok visa".to_owned(), false),
        ("tok\u{7}".to_owned(), false),
        ("tök".to_owned(), false),
    ] {
        let request = CreateOrderRequest { card_token: token.clone(), ..request(&[("pizza", 1)]) };
        let placed = place(&MemoryStore::default(), "1", &request).await;
        assert_eq!(placed.is_ok(), is_taken, "{token:?}");
        if !is_taken {
            let must = "must be a text of 1 to 128 visible ASCII characters";
            assert_eq!(placed, Err(RpcError::invalid("card_token", must)));
        }
    }
}

proptest! {
    #![proptest_config(testkit::properties())]

    /// From the basket to what the kitchen and the card are asked for: nothing is lost, added or reckoned otherwise.
    #[test]
    fn kitchen_and_card_are_asked_for_the_basket_at_the_menus_prices(
        menu in proptest::collection::btree_map("[a-z]{1,8}", (0..=1_000_000_i64, 1..=1000_i32), 1..=50),
        currency in "[A-Z]{3}",
    ) {
        let basket: Vec<(&str, i32)> = menu.iter().map(|(name, (_, quantity))| (name.as_str(), *quantity)).collect();
        let request = request(&basket);
        let product = |(name, (price, _)): (&String, &(i64, i32))| {
            let price = json!({"currency": currency, "minor_units": price});
            let product = serde_json::from_value(json!({"name": name, "unit_price": price})).expect("a product");
            (name.clone(), product)
        };
        let catalogue = Catalogue(menu.iter().map(product).collect());
        let rpc = CreateOrder::new(Arc::new(Menu), i64::MAX);
        let call = new_call("anna", "1");
        let context = CallContext { call: &call, fingerprint: Uuid::nil(), next_version: 1, facts: &catalogue };
        let change = rpc.decide(None, &rpc.parse(request).expect("an input"), &context);
        let Ok(Change::Save { state, response, events }) = change else { panic!("refused: {change:?}") };
        let created: OrderCreated = events[0].unpack().expect("OrderCreated");
        let total: i64 = menu.values().map(|(price, quantity)| price * i64::from(*quantity)).sum();
        let money = |minor_units: i64| Money { currency: currency.clone(), minor_units, ..Default::default() };
        let saga = crate::sagas::create_order();
        let data = crate::sagas::PlacedOrder::from(created);
        let command = |handler| saga.command(handler, &data, None).expect("a command");

        let ticket: CreateTicket = command("create-ticket").unpack().expect("CreateTicket");
        let asked: Vec<(&str, i32)> =
            ticket.items.iter().map(|item| (item.product_id.as_str(), item.quantity)).collect();
        prop_assert_eq!(asked, basket);
        let charge: AuthorizeCard = command("authorize-card").unpack().expect("AuthorizeCard");
        let expected = AuthorizeCard {
            order_id: state.id.to_string(),
            customer_id: "anna".to_owned(),
            currency: currency.clone(),
            minor_units: total,
            card_token: "tok_visa".to_owned(),
            ..Default::default()
        };
        prop_assert_eq!(charge, expected);
        let order = response.order.into_option().expect("an order");
        prop_assert_eq!(order.total.into_option(), Some(money(total)));
        let lines = order.items.iter().map(|line| (line.product_id.clone(), line.quantity, line.unit_price.as_option()));
        for ((product, quantity, price), (name, (unit_price, wanted))) in lines.zip(&menu) {
            prop_assert_eq!((&product, quantity, price), (name, *wanted, Some(&money(*unit_price))));
        }
        prop_assert_eq!(order.items.len(), menu.len());
    }
}
