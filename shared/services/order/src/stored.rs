//! How orders and products are stored: their schema versions and what they are found by.

use std::collections::BTreeMap;

use messaging::{Aggregate, sortable_time};
use serde_json::Value;

use crate::domain::{Order, Product};

impl Aggregate for Order {
    const SCHEMA: u32 = 1;

    /// The attributes of the index `by-customer`.
    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([
            ("customer", Value::from(self.customer.as_str())),
            ("created_at", Value::from(sortable_time(self.created_at))),
        ])
    }
}

impl Aggregate for Product {
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests;
