//! Only what is on the menu is counted: whoever writes the menu makes a product's item, and this never does. The count replaces
//! the counters, whatever reservations have made of them; they change the counters by differences.

use connectrpc::Spec;
use contracts::Reason;
use contracts::kitchen_api::v1;
use messaging::Key;
use rpc::{Call, CallContext, Change, Faults, Mutation, Ownership, RpcError};

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
    type Input = Stock;
    type Response = v1::SetStockResponse;
    type Aggregate = StoredStock;
    const SPEC: Spec = v1::KITCHEN_SERVICE_SET_STOCK_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("the stock is the restaurant's: whoever counts it may say so");
    const CLAIMS: bool = true;

    fn parse(&self, request: v1::SetStockRequest) -> Result<Stock, RpcError> {
        let mut faults = Faults::default();
        let product = faults.take("product_id", ProductId::parse(&request.product_id));
        let available = faults.take("available", Available::new(request.available.into()));
        faults.or(product.zip(available).map(|(product, available)| Stock { product, available }))
    }

    fn canonical(&self, stock: &Stock) -> v1::SetStockRequest {
        let (product_id, available) = told(stock);
        v1::SetStockRequest { product_id, available, ..Default::default() }
    }

    fn key(&self, stock: &Stock, _call: &Call) -> Key {
        stock.product.to_string()
    }

    fn not_found(&self, key: &Key) -> RpcError {
        let message = format!("the kitchen does not make {key}: put it on the menu first, with make seed");
        RpcError::refused(Reason::UnknownProduct, message).about("product", key)
    }

    fn decide(
        &self,
        state: Option<&StoredStock>,
        stock: &Stock,
        _context: &CallContext<'_>,
    ) -> Result<Change<StoredStock, v1::SetStockResponse>, RpcError> {
        let (product_id, available) = told(stock);
        let before = state.ok_or_else(|| self.not_found(&product_id))?;
        let shown = v1::Stock { product_id, available, ..Default::default() };
        let response = v1::SetStockResponse { stock: shown.into(), ..Default::default() };
        let state = StoredStock::counted(stock, self.shards, Some(before));
        Ok(Change::Save { state, response, events: Vec::new() })
    }
}

/// A count as the API tells it.
fn told(stock: &Stock) -> (String, i32) {
    // A count is at most a million.
    (stock.product.to_string(), i32::try_from(stock.available.get()).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests;
