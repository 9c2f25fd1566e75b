//! ListProducts: the catalogue.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::order_api::v1 as api;
use messaging::{Record, Scan};
use rpc::{Caller, Ownership, Query, RpcError, page_size};

use super::shown;
use crate::domain::Product;

/// Shows what can be ordered.
pub struct ListProducts {
    catalogue: Arc<dyn Scan>,
}

impl ListProducts {
    /// Reads the catalogue.
    pub fn new(catalogue: Arc<dyn Scan>) -> Self {
        Self { catalogue }
    }
}

#[async_trait]
impl Query for ListProducts {
    type Request = api::ListProductsRequest;
    type Response = api::ListProductsResponse;
    const SPEC: Spec = api::ORDER_SERVICE_LIST_PRODUCTS_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("the catalogue is the restaurant's, the same for every customer");
    /// The menu seldom changes, and an order at a price that has changed is refused.
    const CACHE: Option<Duration> = Some(Duration::from_secs(60));

    async fn answer(&self, request: Self::Request, _caller: &Caller) -> Result<Self::Response, RpcError> {
        let size = page_size(request.page_size)?;
        let token = Some(request.page_token.as_str()).filter(|token| !token.is_empty());
        let page = self.catalogue.page(size, token).await?;
        Ok(api::ListProductsResponse {
            products: page.records.iter().map(product).collect::<Result<_, _>>()?,
            next_page_token: page.next.unwrap_or_default(),
            ..Default::default()
        })
    }
}

fn product(record: &Record) -> Result<api::Product, RpcError> {
    let product: Product = record.aggregate()?;
    Ok(api::Product {
        product_id: record.key.clone(),
        name: product.name,
        unit_price: shown::money(product.unit_price).into(),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests;
