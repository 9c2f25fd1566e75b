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
mod tests {
    use super::*;
    use messaging::RecordError;
    use serde_json::json;

    /// These files are what earlier deployments wrote: never edit them, add one per schema version.
    #[test]
    fn what_schema_1_wrote_is_still_read() {
        for fixture in
            [include_str!("../fixtures/order.1.approved.json"), include_str!("../fixtures/order.1.pending.json")]
        {
            let stored: Value = serde_json::from_str(fixture).expect("JSON");
            let order = Order::read(1, stored.clone()).expect("an order");
            assert_eq!(serde_json::to_value(&order).expect("JSON"), stored);
        }
        let stored: Value = serde_json::from_str(include_str!("../fixtures/product.1.json")).expect("JSON");
        assert!(Product::read(1, stored).is_ok());
    }

    #[test]
    fn what_a_newer_deployment_wrote_is_not_misread() {
        assert!(matches!(Order::read(2, json!({})), Err(RecordError::UnknownSchema(_))));
        assert!(matches!(Order::read(1, json!({})), Err(RecordError::Malformed(_))));
    }
}
