//! ListOrders: the caller's own orders, newest first.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::order_api::v1::{ListOrdersRequest, ListOrdersResponse, ORDER_SERVICE_LIST_ORDERS_SPEC};
use messaging::Index;
use rpc::{Caller, Ownership, Query, RpcError, page_size};

use super::shown;
use crate::domain::Order;

/// Shows the caller's orders.
pub struct ListOrders {
    by_customer: Arc<dyn Index>,
}

impl ListOrders {
    /// Reads orders by their customer.
    pub fn new(by_customer: Arc<dyn Index>) -> Self {
        Self { by_customer }
    }
}

#[async_trait]
impl Query for ListOrders {
    type Request = ListOrdersRequest;
    type Response = ListOrdersResponse;
    const SPEC: Spec = ORDER_SERVICE_LIST_ORDERS_SPEC;
    const OWNERSHIP: Ownership = Ownership::Caller;

    async fn answer(&self, request: Self::Request, caller: &Caller) -> Result<Self::Response, RpcError> {
        let size = page_size(request.page_size)?;
        let token = Some(request.page_token.as_str()).filter(|token| !token.is_empty());
        let page = self.by_customer.page(&caller.subject, size, messaging::SortOrder::NewestFirst, token).await?;
        let order = |record: &messaging::Record| Ok::<_, RpcError>(shown::order(&record.aggregate::<Order>()?));
        Ok(ListOrdersResponse {
            orders: page.records.iter().map(order).collect::<Result<_, _>>()?,
            next_page_token: page.next.unwrap_or_default(),
            ..Default::default()
        })
    }
}

#[cfg(test)]
mod tests;
