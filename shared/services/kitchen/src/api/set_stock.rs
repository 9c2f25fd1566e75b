//! The count replaces the counters, whatever reservations have made of them; they change the counters by differences.

use connectrpc::Spec;
use contracts::Reason;
use contracts::kitchen_api::v1;
use messaging::Key;
use rpc::{Call, CallContext, Change, Mutation, Ownership, RpcError};

use crate::StoredStock;
use crate::domain::{Available, ProductId, Shards, Stock};

/// SetStock: sets how much of a product is there, as somebody has just counted it.
pub struct SetStock {
    shards: Shards,
}

impl SetStock {
    /// Spreads what is counted over this many shards.
    pub fn new(shards: Shards) -> Self {
        Self { shards }
    }
}

impl Mutation for SetStock {
    type Request = v1::SetStockRequest;
    type Response = v1::SetStockResponse;
    type Aggregate = StoredStock;
    const SPEC: Spec = v1::KITCHEN_SERVICE_SET_STOCK_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("the stock is the restaurant's: whoever counts it may say so");
    const CLAIMS: bool = true;

    fn key(&self, request: &v1::SetStockRequest, _call: &Call) -> Result<Key, RpcError> {
        counted(request).map(|stock| stock.product.into())
    }

    fn not_found(&self, key: &Key) -> RpcError {
        RpcError::refused(Reason::UnknownProduct, format!("the kitchen does not make {key}")).about("product", key)
    }

    fn decide(
        &self,
        state: Option<&StoredStock>,
        request: &v1::SetStockRequest,
        _context: &CallContext<'_>,
    ) -> Result<Change<StoredStock, v1::SetStockResponse>, RpcError> {
        let stock = counted(request)?;
        let shown =
            v1::Stock { product_id: stock.product.to_string(), available: request.available, ..Default::default() };
        let response = v1::SetStockResponse { stock: shown.into(), ..Default::default() };
        let state = StoredStock::counted(&stock, self.shards, state);
        Ok(Change::Save { state, response, events: Vec::new() })
    }
}

fn counted(request: &v1::SetStockRequest) -> Result<Stock, RpcError> {
    let product =
        ProductId::parse(&request.product_id).map_err(|error| RpcError::invalid("product_id", error.to_string()))?;
    let available =
        Available::new(request.available.into()).map_err(|error| RpcError::invalid("available", error.to_string()))?;
    Ok(Stock { product, available })
}

#[cfg(test)]
mod tests;
