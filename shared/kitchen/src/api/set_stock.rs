//! SetStock: somebody has counted what is there.

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::kitchen_api::v1 as wire;
use messaging::Key;
use rpc::{Call, Change, Mutation, RpcError};

use crate::StoredStock;
use crate::domain::{Available, ProductId, Stock};

/// SetStock: somebody has counted what is there.
pub struct SetStock;

#[async_trait]
impl Mutation for SetStock {
    type Request = wire::SetStockRequest;
    type Response = wire::SetStockResponse;
    type Aggregate = StoredStock;
    type Facts = ();
    const SPEC: Spec = wire::KITCHEN_SERVICE_SET_STOCK_SPEC;
    const CLAIMS: bool = true;

    fn key(&self, request: &wire::SetStockRequest, _call: &Call) -> Result<Key, RpcError> {
        counted(request).map(|stock| stock.product.into())
    }

    fn owner<'a>(&self, _state: &'a StoredStock) -> Option<&'a str> {
        None
    }

    async fn facts(&self, _state: Option<&StoredStock>, _request: &wire::SetStockRequest) -> Result<(), RpcError> {
        Ok(())
    }

    fn decide(
        &self,
        _state: Option<&StoredStock>,
        request: &wire::SetStockRequest,
        (): (),
        _call: &Call,
        _next_version: u64,
    ) -> Result<Change<StoredStock, wire::SetStockResponse>, RpcError> {
        let stock = counted(request)?;
        let shown =
            wire::Stock { product_id: stock.product.to_string(), available: request.available, ..Default::default() };
        let response = wire::SetStockResponse { stock: shown.into(), ..Default::default() };
        Ok(Change::Save { state: StoredStock::from(&stock), response, events: Vec::new() })
    }
}

fn counted(request: &wire::SetStockRequest) -> Result<Stock, RpcError> {
    let product =
        ProductId::parse(&request.product_id).map_err(|error| RpcError::invalid(format!("product_id: {error}")))?;
    let available = Available::new(request.available.into()).map_err(|error| RpcError::invalid(error.to_string()))?;
    Ok(Stock { product, available })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::call;
    use messaging::Aggregate;
    use serde_json::json;

    fn request(product: &str, available: i32) -> wire::SetStockRequest {
        wire::SetStockRequest { product_id: product.to_owned(), available, ..Default::default() }
    }

    #[test]
    fn the_count_replaces_whatever_was_there() {
        let earlier = StoredStock::from(&counted(&request("cola", 7)).expect("a count"));
        for state in [None, Some(&earlier)] {
            let change = SetStock.decide(state, &request("cola", 30), (), &call(1), 2);
            let Ok(Change::Save { state, response, events }) = change else { panic!("not saved") };
            assert_eq!(state.attributes().get("available"), Some(&json!(30)));
            let expected = json!({"stock": {"productId": "cola", "available": 30}});
            assert_eq!(serde_json::to_value(&response).expect("JSON"), expected);
            assert_eq!(events, []);
        }
    }

    #[test]
    fn an_empty_shelf_is_a_count() {
        let change = SetStock.decide(None, &request("cola", 0), (), &call(1), 1);
        let Ok(Change::Save { state, .. }) = change else { panic!("not saved") };
        assert_eq!(state.attributes().get("available"), Some(&json!(0)));
    }

    #[test]
    fn the_product_is_the_counter_that_reservations_change() {
        assert_eq!(SetStock.key(&request("cola", 1), &call(1)), Ok("cola".to_owned()));
    }

    #[test]
    fn a_caller_is_told_what_to_change() {
        for (request, said) in [
            (request("", 1), "send 1 to 64 lower-case letters"),
            (request("claim#1", 1), "send 1 to 64 lower-case letters"),
            (request("cola", -1), "available is -1: set 0 to 1000000"),
            (request("cola", 1_000_001), "available is 1000001: set 0 to 1000000"),
        ] {
            let Err(RpcError::Invalid(message)) = SetStock.key(&request, &call(1)) else { panic!("not refused") };
            assert!(message.contains(said), "{message}");
        }
    }
}
