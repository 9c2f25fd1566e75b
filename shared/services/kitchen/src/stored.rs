//! How tickets and stock are stored: their schema versions and what they are found by or counted in.

use std::collections::BTreeMap;

use messaging::{AVAILABLE, Aggregate, sortable_time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{ProductId, Stock, Ticket};

impl Aggregate for Ticket {
    const SCHEMA: u32 = 1;

    /// The attributes of the index `by-status`. A tombstone has none: to the cooks there is no such ticket.
    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        if self.is_tombstone() {
            return BTreeMap::new();
        }
        BTreeMap::from([
            ("status", Value::from(self.status().as_str())),
            ("created_at", Value::from(sortable_time(self.created_at()))),
        ])
    }
}

/// A product's stock as it is stored.
///
/// How much is available is not part of the state but a counter beside it, which reservations change without reading
/// it. So only who has just set the counter knows it, and a loaded stock says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredStock {
    product: ProductId,
    #[serde(skip)]
    counted: Option<u32>,
}

impl From<&Stock> for StoredStock {
    fn from(stock: &Stock) -> Self {
        Self { product: stock.product.clone(), counted: Some(stock.available.get()) }
    }
}

impl Aggregate for StoredStock {
    const SCHEMA: u32 = 1;

    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        self.counted.map(|counted| (AVAILABLE, Value::from(counted))).into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
