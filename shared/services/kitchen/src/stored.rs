//! How tickets and stock are stored: their tables, their schema versions, and the attributes that find or count them.

use std::collections::BTreeMap;

use messaging::{AVAILABLE, Aggregate, Key, Record, SHARDS, Stored, Table, TableIndex, sortable_time};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::domain::{ProductId, Shards, Stock, Ticket};

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

/// A product's stock as it is stored: its first shard, with the others beside it. See `domain/shards.rs`.
///
/// How much is available is not part of the state: it is a counter beside the state, which reservations change without
/// reading it. A loaded stock does not know the counters; only a stock that has just been counted does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredStock {
    product: ProductId,
    /// Over how many shards the stock is spread.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    shards: u32,
    /// Whether nobody has counted the product since it came on the menu.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    uncounted: bool,
    /// What has just been counted: the share of this shard first, then of each other shard, also of those that were in use
    /// before.
    #[serde(skip)]
    counted: Vec<u32>,
}

fn one() -> u32 {
    Shards::ONE.get()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(shards: &u32) -> bool {
    *shards == one()
}

impl StoredStock {
    /// The stock of a product that comes on the menu: from now on the kitchen makes it, and has none of it. Whoever writes the
    /// menu writes this too; SetStock counts only what is there.
    pub fn uncounted(product: ProductId) -> Self {
        Self { product, shards: one(), uncounted: true, counted: vec![0] }
    }

    /// Whether nobody has counted the product since it came on the menu.
    pub fn is_uncounted(&self) -> bool {
        self.uncounted
    }

    /// The shards over which the stock is spread, the first shard first.
    pub(crate) fn shards(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.shards
    }

    /// The stock as it has just been counted, over this many shards, in place of the stock as it was.
    pub fn counted(stock: &Stock, shards: Shards, before: Option<&Self>) -> Self {
        let mut counted: Vec<u32> = shards.shares(stock.available.get()).collect();
        let given_up = before.map_or(0, |before| before.shards);
        counted.resize(counted.len().max(usize::try_from(given_up).unwrap_or_default()), 0);
        Self { product: stock.product.clone(), shards: shards.get(), uncounted: false, counted }
    }
}

/// What the keys of a product's shards have after the product, which cannot have it.
const SHARD: char = '/';

/// The counter of a product's shard; the first shard is the product's own item.
pub fn shard_key(product: &ProductId, shard: u32) -> Key {
    if shard == 0 { product.to_string() } else { format!("{product}{}", ending(shard)) }
}

fn ending(shard: u32) -> String {
    format!("{SHARD}{shard}")
}

/// What is left in the counter beside a stored shard; an item without a counter has nothing.
pub(crate) fn available(shard: &Record) -> i64 {
    shard.attributes.get(AVAILABLE).and_then(Value::as_i64).unwrap_or_default()
}

/// Whether this is the counter of a product's first shard.
pub(crate) fn is_first_shard(key: &str) -> bool {
    !key.contains(SHARD)
}

impl Stored for StoredStock {
    const TABLE: Table = STOCK;
}

impl Aggregate for StoredStock {
    const SCHEMA: u32 = 1;

    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        let Some(own) = self.counted.first() else { return BTreeMap::new() };
        let shards = (self.shards > one()).then(|| (SHARDS, Value::from(self.shards)));
        shards.into_iter().chain([(AVAILABLE, Value::from(*own))]).collect()
    }

    fn beside(&self) -> Vec<(String, Self)> {
        let others = (0..).zip(&self.counted).skip(1);
        others.map(|(shard, counted)| (ending(shard), Self { counted: vec![*counted], ..self.clone() })).collect()
    }
}

#[cfg(test)]
mod tests;
