use super::*;
use crate::fixture::call;
use messaging::Aggregate;
use serde_json::json;

const SET_STOCK: SetStock = SetStock { shards: Shards::ONE };

fn request(product: &str, available: i32) -> v1::SetStockRequest {
    v1::SetStockRequest { product_id: product.to_owned(), available, ..Default::default() }
}

#[test]
fn the_count_replaces_whatever_was_there() {
    let earlier = StoredStock::counted(&counted(&request("cola", 7)).expect("a count"), Shards::ONE, None);
    for state in [None, Some(&earlier)] {
        let change =
            SET_STOCK.decide(state, &request("cola", 30), &CallContext { call: &call(1), next_version: 2, facts: &() });
        let Ok(Change::Save { state, response, events }) = change else { panic!("not saved") };
        assert_eq!(serde_json::to_value(state.attributes()).expect("JSON"), json!({"available": 30}));
        assert_eq!(serde_json::to_value(&state).expect("JSON"), json!({"product": "cola"}));
        let expected = json!({"stock": {"productId": "cola", "available": 30}});
        assert_eq!(serde_json::to_value(&response).expect("JSON"), expected);
        assert_eq!(events, []);
    }
}

#[test]
fn an_empty_shelf_is_a_count() {
    let change =
        SET_STOCK.decide(None, &request("cola", 0), &CallContext { call: &call(1), next_version: 1, facts: &() });
    let Ok(Change::Save { state, .. }) = change else { panic!("not saved") };
    assert_eq!(state.attributes().get("available"), Some(&json!(0)));
}

#[test]
fn the_product_is_the_counter_that_reservations_change() {
    assert_eq!(SET_STOCK.key(&request("cola", 1), &call(1)), Ok("cola".to_owned()));
}

#[test]
fn a_caller_is_told_what_to_change() {
    for (request, field, must) in [
        (request("", 1), "product_id", "\"\" is no product id: send 1 to 64 lower-case letters, digits, - or _"),
        (
            request("claim#1", 1),
            "product_id",
            "\"claim#1\" is no product id: send 1 to 64 lower-case letters, digits, - or _",
        ),
        (request("cola", -1), "available", "available is -1: set 0 to 1000000"),
        (request("cola", 1_000_001), "available", "available is 1000001: set 0 to 1000000"),
    ] {
        assert_eq!(SET_STOCK.key(&request, &call(1)), Err(RpcError::invalid(field, must)));
        assert_eq!(
            SET_STOCK.decide(None, &request, &CallContext { call: &call(1), next_version: 1, facts: &() }),
            Err(RpcError::invalid(field, must))
        );
    }
}
