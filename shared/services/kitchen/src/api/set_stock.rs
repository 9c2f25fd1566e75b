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
mod tests;
