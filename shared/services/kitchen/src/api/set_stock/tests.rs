use super::*;
use crate::fixture::call;
use messaging::Aggregate;
use serde_json::json;
use uuid::Uuid;
use wire::shape::{Fault, Shaped as _, faults};

const SET_STOCK: SetStock = SetStock { shards: Shards::ONE };

fn request(product: &str, available: i32) -> v1::SetStockRequest {
    v1::SetStockRequest { product_id: product.to_owned(), available, ..Default::default() }
}

fn counted(product: &str, available: i32) -> Stock {
    SET_STOCK.parse(request(product, available)).expect("a count")
}

fn decide(state: Option<&StoredStock>, stock: &Stock) -> Result<Change<StoredStock, v1::SetStockResponse>, RpcError> {
    let context = CallContext { call: &call(1), fingerprint: Uuid::nil(), next_version: 2, facts: &() };
    SET_STOCK.decide(state, stock, &context)
}

#[test]
fn the_count_replaces_whatever_was_there() {
    let earlier = StoredStock::counted(&counted("cola", 7), Shards::ONE, None);
    for state in [Some(&uncounted()), Some(&earlier)] {
        let Ok(Change::Save { state, response, events }) = decide(state, &counted("cola", 30)) else {
            panic!("not saved")
        };
        assert_eq!(serde_json::to_value(state.attributes()).expect("JSON"), json!({"available": 30}));
        assert_eq!(serde_json::to_value(&state).expect("JSON"), json!({"product": "cola"}));
        let expected = json!({"stock": {"productId": "cola", "available": 30}});
        assert_eq!(serde_json::to_value(&response).expect("JSON"), expected);
        assert_eq!(events, []);
    }
}

fn uncounted() -> StoredStock {
    StoredStock::uncounted(ProductId::parse("cola").expect("a product"))
}

#[test]
fn what_is_not_on_the_menu_is_not_counted() {
    let said = "the kitchen does not make cola: put it on the menu first, with make seed";
    let refused = RpcError::refused(Reason::UnknownProduct, said).about("product", "cola");
    assert_eq!(decide(None, &counted("cola", 30)), Err(refused));
}

#[test]
fn an_empty_shelf_is_a_count() {
    let Ok(Change::Save { state, .. }) = decide(Some(&uncounted()), &counted("cola", 0)) else { panic!("not saved") };
    assert_eq!(state.attributes().get("available"), Some(&json!(0)));
}

#[test]
fn the_product_is_the_counter_that_reservations_change() {
    assert_eq!(SET_STOCK.key(&counted("cola", 1), &call(1)), "cola");
}

#[test]
fn a_caller_is_told_everything_that_is_wrong_as_the_contract_says_it() {
    let product = Fault::new("product_id", "must be a text of 1 to 64 lower-case letters, digits, - or _");
    let available = Fault::new("available", "must be a whole number from 0 to 1000000");
    for (request, told) in [
        (request("", 1), vec![product.clone()]),
        (request("claim#1", 1), vec![product.clone()]),
        (request(&"c".repeat(65), 1), vec![product.clone()]),
        (request("cola", -1), vec![available.clone()]),
        (request("cola", 1_000_001), vec![available.clone()]),
        (request("Cola", i32::MIN), vec![product, available]),
        (request("cola", 1_000_000), Vec::new()),
    ] {
        assert_eq!(faults(&serde_json::to_value(&request).expect("JSON"), v1::SetStockRequest::SHAPE), told);
        match SET_STOCK.parse(request) {
            Err(refused) => assert_eq!(refused, RpcError::Invalid(told)),
            Ok(_) => assert_eq!(told, []),
        }
    }
}

#[test]
fn the_canonical_request_asks_for_the_same() {
    for (product, available) in [("cola", 0), ("pizza", 1_000_000)] {
        assert_eq!(SET_STOCK.canonical(&counted(product, available)), request(product, available));
    }
}
