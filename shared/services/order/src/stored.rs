//! How orders and products are stored: their tables, their schema versions, and the attributes by which they are found.

use std::collections::BTreeMap;

use messaging::{Aggregate, Stored, Table, TableIndex, sortable_time};
use serde_json::Value;

use crate::domain::{Order, Product};

/// The table of orders.
pub const ORDERS: Table = Table::new("orders");

/// The orders of a customer by their age.
pub const BY_CUSTOMER: TableIndex = ORDERS.index("by-customer", "customer", "created_at");

/// The table of products.
pub const PRODUCTS: Table = Table::new("products");

impl Stored for Order {
    const TABLE: Table = ORDERS;
}

impl Aggregate for Order {
    const SCHEMA: u32 = 1;

    /// The attributes of the index [`BY_CUSTOMER`].
    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([
            (BY_CUSTOMER.partition, Value::from(self.customer.as_str())),
            (BY_CUSTOMER.sort, Value::from(sortable_time(self.created_at))),
        ])
    }
}

impl Stored for Product {
    const TABLE: Table = PRODUCTS;
}

impl Aggregate for Product {
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests;
