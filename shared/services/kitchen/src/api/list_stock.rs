//! ListStock: a product's counters are read one after the other and not at one moment, because nothing is decided by their sum.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::kitchen_api::v1;
use messaging::{Key, LoadMany, Record};
use rpc::{Caller, Faults, Ownership, Query, RpcError};

use crate::StoredStock;
use crate::domain::ProductId;
use crate::stored::{available, shard_key};

/// How many products can be asked for at once, and how many counters are read at once.
const MAX_PRODUCTS: usize = 100;

/// ListStock: how much of each of these products is available.
pub struct ListStock {
    stock: Arc<dyn LoadMany>,
}

impl ListStock {
    /// Reads the counters of products.
    pub fn new(stock: Arc<dyn LoadMany>) -> Self {
        Self { stock }
    }

    /// The counters with these keys that there are.
    async fn counters(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, RpcError> {
        let mut counters = BTreeMap::new();
        for keys in keys.chunks(MAX_PRODUCTS) {
            let records = self.stock.load_many(keys).await?;
            counters.extend(records.into_iter().map(|record| (record.key.clone(), record)));
        }
        Ok(counters)
    }
}

#[async_trait]
impl Query for ListStock {
    type Request = v1::ListStockRequest;
    type Response = v1::ListStockResponse;
    const SPEC: Spec = v1::KITCHEN_SERVICE_LIST_STOCK_SPEC;
    const OWNERSHIP: Ownership =
        Ownership::Everybody("what can still be ordered is the same for every customer and for the cooks");

    async fn answer(&self, request: Self::Request, _caller: &Caller) -> Result<Self::Response, RpcError> {
        let products = products(&request.product_ids)?;
        let first: Vec<Key> = products.iter().map(|product| shard_key(product, 0)).collect();
        let mut counters = self.counters(&first).await?;
        let mut shards = BTreeMap::new();
        for (product, key) in products.iter().zip(&first) {
            if let Some(record) = counters.get(key) {
                let keys = record.aggregate::<StoredStock>()?.shards().map(|shard| shard_key(product, shard));
                shards.insert(product, keys.collect::<Vec<Key>>());
            }
        }
        let others: Vec<Key> = shards.values().flat_map(|keys| keys.iter().skip(1).cloned()).collect();
        counters.extend(self.counters(&others).await?);
        let stock = products.iter().filter_map(|product| {
            let left = shards.get(product)?.iter().filter_map(|key| counters.get(key)).map(available);
            Some(shown(product, left.sum()))
        });
        Ok(v1::ListStockResponse { stock: stock.collect(), ..Default::default() })
    }
}

/// The products that a request names.
fn products(product_ids: &[String]) -> Result<Vec<ProductId>, RpcError> {
    // A list that is too long is not looked through.
    if !(1..=MAX_PRODUCTS).contains(&product_ids.len()) {
        return Err(RpcError::invalid("product_ids", format!("must be a list of 1 to {MAX_PRODUCTS} items")));
    }
    let (mut faults, mut seen) = (Faults::default(), BTreeSet::new());
    let mut products = Vec::with_capacity(product_ids.len());
    for (index, product_id) in product_ids.iter().enumerate() {
        let field = format!("product_ids[{index}]");
        if !seen.insert(product_id) {
            faults.add(&field, "must be another product than those before it");
        }
        products.extend(faults.take(&field, ProductId::parse(product_id)));
    }
    faults.or(Some(products))
}

fn shown(product: &ProductId, left: i64) -> v1::Stock {
    // What is given back may come on top of a count, which has at most a million.
    let available = i32::try_from(left.max(0)).unwrap_or(i32::MAX);
    v1::Stock { product_id: product.to_string(), available, ..Default::default() }
}

#[cfg(test)]
mod tests;
