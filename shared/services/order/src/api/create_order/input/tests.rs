use buffa::Message as _;
use proptest::prelude::*;
use rpc::{Mutation as _, fingerprint};
use serde_json::json;
use wire::shape::{Fault, Shaped as _, faults};

use super::*;
use crate::api::CreateOrder;

fn item(product_id: &str, quantity: i32, price: Option<(&str, i64)>) -> Item {
    let money = |(currency, minor_units): (&str, i64)| api::Money {
        currency: currency.to_owned(),
        minor_units,
        ..Default::default()
    };
    Item { product_id: product_id.to_owned(), quantity, unit_price: price.map(money).into(), ..Default::default() }
}

fn request(items: Vec<Item>, card_token: &str) -> CreateOrderRequest {
    CreateOrderRequest { items, card_token: card_token.to_owned(), ..Default::default() }
}

/// What the contract's own check says of a request.
fn by_the_contract(request: &CreateOrderRequest) -> Vec<Fault> {
    faults(&serde_json::to_value(request).expect("JSON"), CreateOrderRequest::SHAPE)
}

fn faults_of(request: CreateOrderRequest) -> Vec<Fault> {
    match Input::parse(request) {
        Ok(_) => Vec::new(),
        Err(RpcError::Invalid(faults)) => faults,
        Err(other) => panic!("{other:?}"),
    }
}

fn fault(field: &str, must: &str) -> Fault {
    Fault::new(field, must)
}

#[test]
fn all_faults_are_told_at_once_each_with_its_path() {
    let items = vec![item("", 0, None), item("cola", 1001, Some(("eur", -1))), item("pizza", 1, Some(("EUR", 0)))];
    let request = request(items, "tok visa");
    let product = "must be a text of 1 to 64 lower-case letters, digits, - or _";
    let quantity = "must be a whole number from 1 to 1000";
    let expected = [
        fault("items[0].product_id", product),
        fault("items[0].quantity", quantity),
        fault("items[1].quantity", quantity),
        fault("items[1].unit_price.currency", "must be a text of 3 capital letters"),
        fault("items[1].unit_price.minor_units", "must be a whole number from 0 to 9223372036854775807"),
        fault("card_token", "must be a text of 1 to 128 visible ASCII characters"),
    ];
    assert_eq!(by_the_contract(&request), expected);
    assert_eq!(faults_of(request), expected);
}

#[test]
fn each_further_item_of_a_product_is_told() {
    let items = ["a", "b", "a", "c", "b", "a"].map(|product| item(product, 1, None)).to_vec();
    let must = "must be the only item of its product: send one item with the whole quantity";
    let expected = [2, 4, 5].map(|index| fault(&format!("items[{index}].product_id"), must));
    assert_eq!(faults_of(request(items, "tok_visa")), expected);
}

#[test]
fn a_list_without_items_or_with_too_many_is_told_as_such_and_no_further() {
    for count in [0, 51, 10_000] {
        let request = request(vec![item("", 0, None); count], "tok_visa");
        let expected = [fault("items", "must be a list of 1 to 50 items")];
        assert_eq!(by_the_contract(&request), expected);
        assert_eq!(faults_of(request), expected);
    }
}

#[test]
fn a_cards_number_is_refused_and_never_repeated() {
    for token in ["4242424242424242", "4242-4242-4242-4242", "tok_4242424242424242"] {
        let refused = Input::parse(request(vec![item("pizza", 1, None)], token)).expect_err("a refusal");
        assert_eq!(refused.reason().name, "CARD_NUMBER_SENT");
        let told = refused.into_connect("order.example").to_json();
        assert!(!String::from_utf8_lossy(&told).contains("4242"), "{told:?}");
        let faulty = faults_of(request(vec![item("pizza", 0, None)], token));
        assert_eq!(faulty, [fault("items[0].quantity", "must be a whole number from 1 to 1000")]);
    }
}

/// Recorded before requests were parsed into an input: a stored order still recognises its repeat.
#[test]
fn an_ordinary_request_keeps_the_fingerprint_that_it_always_had() {
    let items = vec![item("margherita", 2, Some(("EUR", 1150))), item("cola", 1, None)];
    let request = request(items, "tok_visa");
    assert_eq!(fingerprint_of(request).to_string(), "2c0a5495-0267-5751-a857-62a53179c7d8");
}

fn fingerprint_of(request: CreateOrderRequest) -> uuid::Uuid {
    let rpc = CreateOrder::new(std::sync::Arc::new(testkit::MemoryStore::default()), 0);
    let input = rpc.parse(request).expect("an input");
    fingerprint(&rpc, &input)
}

/// The same request in ProtoJSON as another client writes it: other names, texts for numbers, members in another order,
/// defaults that are given, and members that the contract does not know.
fn otherwise_written(request: &CreateOrderRequest) -> CreateOrderRequest {
    let item = |item: &Item| {
        let price = item
            .unit_price
            .as_option()
            .map(|price| json!({"minor_units": price.minor_units, "colour": "red", "currency": price.currency}));
        json!({"unit_price": price, "quantity": f64::from(item.quantity), "product_id": item.product_id, "colour": [1]})
    };
    let items: Vec<_> = request.items.iter().map(item).collect();
    let json = json!({"card_token": request.card_token, "unknown": {"a": 1}, "items": items});
    assert_eq!(faults(&json, CreateOrderRequest::SHAPE), []);
    serde_json::from_value(json).expect("a request")
}

/// The same request in Protobuf with fields that the contract does not know, before and behind.
fn with_unknown_fields(request: &CreateOrderRequest) -> CreateOrderRequest {
    let unknown = [0x98, 0x06, 0x01];
    let bytes = [unknown.as_slice(), &request.encode_to_vec(), &unknown].concat();
    CreateOrderRequest::decode_from_slice(&bytes).expect("a request")
}

fn any_item() -> impl Strategy<Value = Item> {
    let price = proptest::option::of(("[A-Z]{3}", prop_oneof![Just(0), 0..=i64::MAX]));
    ("[a-z0-9_-]{1,64}", 1..=1000_i32, price).prop_map(|(product, quantity, price)| {
        item(&product, quantity, price.as_ref().map(|(currency, units)| (currency.as_str(), *units)))
    })
}

fn any_request() -> impl Strategy<Value = CreateOrderRequest> {
    (proptest::collection::vec(any_item(), 1..6), "tok_[a-z]{1,20}")
        .prop_filter("different products", |(items, _)| {
            (1..items.len())
                .all(|index| items[..index].iter().all(|before| before.product_id != items[index].product_id))
        })
        .prop_map(|(items, card_token)| request(items, &card_token))
}

/// Requests of which the contract may say anything.
fn anything() -> impl Strategy<Value = CreateOrderRequest> {
    let product = prop_oneof!["[a-z]{1,8}", ".{0,70}"];
    let quantity = prop_oneof![1..=1000_i32, Just(0), Just(1001), any::<i32>()];
    let price = proptest::option::of((prop_oneof!["[A-Z]{3}", ".{0,4}"], any::<i64>()));
    let item = (product, quantity, price).prop_map(|(product, quantity, price)| {
        item(&product, quantity, price.as_ref().map(|(currency, units)| (currency.as_str(), *units)))
    });
    let items =
        prop_oneof![8 => proptest::collection::vec(item.clone(), 0..4), 1 => proptest::collection::vec(item, 49..53)];
    (items, prop_oneof!["[a-z_]{1,20}", ".{0,140}"]).prop_map(|(items, token)| request(items, &token))
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn the_same_meaning_has_the_same_fingerprint_however_it_is_written(request in any_request()) {
        let expected = messaging::ids::fingerprint(&request.encode_to_vec());
        prop_assert_eq!(fingerprint_of(otherwise_written(&request)), expected);
        prop_assert_eq!(fingerprint_of(with_unknown_fields(&request)), expected);
        prop_assert_eq!(fingerprint_of(request), expected);
    }

    #[test]
    fn another_meaning_has_another_fingerprint(request in any_request(), other in any_request()) {
        let same = request == other;
        prop_assert_eq!(fingerprint_of(request.clone()) == fingerprint_of(other), same);
        let original = fingerprint_of(request.clone());
        let changed = |change: fn(&mut CreateOrderRequest)| {
            let mut request = request.clone();
            change(&mut request);
            fingerprint_of(request)
        };
        let mut seen = vec![
            original,
            changed(|request| request.card_token.push('x')),
            changed(|request| request.items.push(item("-another-", 1, None))),
            changed(|request| request.items[0].product_id = "-another-".to_owned()),
            changed(|request| request.items[0].quantity = request.items[0].quantity % 1000 + 1),
            changed(|request| {
                let shown = request.items[0].unit_price.as_option().map_or(0, |price| price.minor_units);
                let (currency, minor_units) = ("XTS".to_owned(), shown / 2 + 1);
                request.items[0].unit_price = api::Money { currency, minor_units, ..Default::default() }.into();
            }),
        ];
        seen.sort();
        seen.dedup();
        prop_assert_eq!(seen.len(), 6);
    }

    /// The contract's options and the domain's own rules are one.
    #[test]
    fn the_contract_and_the_domain_find_the_same_faults(request in anything()) {
        let expected = by_the_contract(&request);
        let found = match Input::parse(request) {
            Err(RpcError::Invalid(faults)) => faults,
            Ok(_) | Err(_) => Vec::new(),
        };
        let repeated = |fault: &Fault| fault.must.starts_with("must be the only item");
        prop_assert_eq!(found.into_iter().filter(|fault| !repeated(fault)).collect::<Vec<_>>(), expected);
    }
}
