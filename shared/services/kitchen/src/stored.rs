//! How tickets and stock are stored: their tables, their schema versions, and the attributes that find or count them.

use std::collections::BTreeMap;

use messaging::{AVAILABLE, Aggregate, Stored, Table, TableIndex, sortable_time};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::domain::{ProductId, Stock, Ticket};

/// The table of tickets.
pub const TICKETS: Table = Table::new("tickets");

/// The tickets of a status by their age.
pub const BY_STATUS: TableIndex = TICKETS.index("by-status", "status", "created_at");

/// The table of stock, whose counters tickets move.
pub const STOCK: Table = Table::new("stock");

impl Stored for Ticket {
    const TABLE: Table = TICKETS;
}

impl Aggregate for Ticket {
    const SCHEMA: u32 = 1;

    /// The attributes of the index [`BY_STATUS`]. A tombstone has no attributes, so the cooks never see it.
    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        if self.is_tombstone() {
            return BTreeMap::new();
        }
        BTreeMap::from([
            (BY_STATUS.partition, Value::from(self.status().as_str())),
            (BY_STATUS.sort, Value::from(sortable_time(self.created_at()))),
        ])
    }

    fn expires_at(&self) -> Option<OffsetDateTime> {
        self.expires_at()
    }
}

/// A product's stock as it is stored.
///
/// How much is available is not part of the state: it is a counter beside the state, which reservations change without
/// reading it. A loaded stock does not know the counter; only a stock that has just been counted does.
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

impl Stored for StoredStock {
    const TABLE: Table = STOCK;
}

impl Aggregate for StoredStock {
    const SCHEMA: u32 = 1;

    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        self.counted.map(|counted| (AVAILABLE, Value::from(counted))).into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
