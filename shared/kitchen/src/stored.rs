//! How tickets and stock are stored: their schema versions and what they are found by or counted in.

use std::collections::BTreeMap;

use messaging::{Aggregate, sortable_time};
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
        self.counted.map(|counted| ("available", Value::from(counted))).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Available, Items, TicketStatus};
    use crate::fixture::NOW;
    use messaging::{Record, RecordError};
    use serde_json::json;
    use time::UtcOffset;
    use uuid::Uuid;

    /// These files are what earlier deployments wrote: never edit them, add one per schema version.
    #[test]
    fn what_schema_1_wrote_is_still_read() {
        let fixtures = [
            (include_str!("../fixtures/ticket.1.approved.json"), TicketStatus::Approved, 2),
            (include_str!("../fixtures/ticket.1.tombstone.json"), TicketStatus::Rejected, 0),
        ];
        for (fixture, status, items) in fixtures {
            let stored: Value = serde_json::from_str(fixture).expect("JSON");
            let ticket = Ticket::read(1, stored.clone()).expect("a ticket");
            assert_eq!((ticket.status(), ticket.items().len()), (status, items));
            assert_eq!(serde_json::to_value(&ticket).expect("JSON"), stored);
        }
        let stored: Value = serde_json::from_str(include_str!("../fixtures/stock.1.json")).expect("JSON");
        let stock = StoredStock::read(1, stored.clone()).expect("stock");
        assert_eq!(serde_json::to_value(&stock).expect("JSON"), stored);
    }

    #[test]
    fn what_a_newer_deployment_wrote_is_not_misread() {
        assert!(matches!(Ticket::read(2, json!({})), Err(RecordError::UnknownSchema(_))));
        assert!(matches!(Ticket::read(1, json!({})), Err(RecordError::Malformed(_))));
        assert!(matches!(StoredStock::read(2, json!({})), Err(RecordError::UnknownSchema(_))));
        assert!(matches!(StoredStock::read(1, json!({})), Err(RecordError::Malformed(_))));
    }

    #[test]
    fn tickets_are_indexed_by_status_and_age() {
        let items = Items::parse([("cola", 1)]).expect("items");
        let created_at = NOW.to_offset(UtcOffset::from_hms(1, 0, 0).expect("an offset"));
        let record =
            Record::of("7".to_owned(), 1, &Ticket::reserve(Uuid::from_u128(7), items, created_at)).expect("a record");
        assert_eq!(record.attributes.get("status"), Some(&json!("CREATE_PENDING")));
        assert_eq!(record.attributes.get("created_at"), Some(&json!("2026-01-02T02:04:05.600Z")));
    }

    #[test]
    fn a_tombstone_is_not_shown_to_the_cooks() {
        assert!(Ticket::tombstone(Uuid::from_u128(7), NOW).attributes().is_empty());
    }

    #[test]
    fn what_is_available_is_a_counter_beside_the_state() {
        let product = ProductId::parse("cola").expect("a product");
        let stock = Stock { product, available: Available::new(30).expect("a count") };
        let record = Record::of("cola".to_owned(), 1, &StoredStock::from(&stock)).expect("a record");
        assert_eq!(record.state, json!({"product": "cola"}));
        assert_eq!(record.attributes.get("available"), Some(&json!(30)));
    }
}
