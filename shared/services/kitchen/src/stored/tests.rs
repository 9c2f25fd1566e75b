use super::*;
use crate::domain::{Available, Items, KEPT_FOR, TicketStatus};
use crate::fixture::NOW;
use messaging::{Record, RecordError, UnknownSchema};
use serde_json::json;
use time::UtcOffset;
use uuid::Uuid;

/// These files are what earlier deployments wrote: never edit them, add one per schema version.
#[test]
fn what_schema_1_wrote_is_still_read() {
    let order_id = Uuid::parse_str("6f1c2f5e-8f6a-5d0a-9a53-0d3c6f0f3a11").expect("an id");
    let fixtures = [
        (
            include_str!("../../fixtures/ticket.1.approved.json"),
            TicketStatus::Approved,
            &[("margherita", 2), ("cola", 1)][..],
        ),
        (include_str!("../../fixtures/ticket.1.tombstone.json"), TicketStatus::Rejected, &[][..]),
        (include_str!("../../fixtures/ticket.1.canceled.json"), TicketStatus::Canceled, &[("cola", 1)][..]),
    ];
    for (fixture, status, items) in fixtures {
        let stored: Value = serde_json::from_str(fixture).expect("JSON");
        let ticket = Ticket::read(1, stored.clone()).expect("a ticket");
        let lines: Vec<(&str, u32)> =
            ticket.items().iter().map(|item| (item.product.as_str(), item.quantity.get())).collect();
        assert_eq!((ticket.status(), lines), (status, items.to_vec()));
        let created_at = sortable_time(ticket.created_at());
        assert_eq!((ticket.order_id(), created_at.as_str()), (order_id, "2026-01-02T03:04:05.678Z"));
        assert_eq!(serde_json::to_value(&ticket).expect("JSON"), stored);
    }
    let stored: Value = serde_json::from_str(include_str!("../../fixtures/stock.1.json")).expect("JSON");
    let stock = StoredStock::read(1, stored.clone()).expect("stock");
    assert_eq!(serde_json::to_value(&stock).expect("JSON"), stored);
}

#[test]
fn what_a_newer_deployment_wrote_is_not_misread() {
    for version in [0, 2] {
        let unknown = RecordError::UnknownSchema(UnknownSchema(version));
        assert_eq!(Ticket::read(version, json!({})), Err(unknown.clone()));
        assert_eq!(StoredStock::read(version, json!({})), Err(unknown));
    }
    assert!(matches!(Ticket::read(1, json!({})), Err(RecordError::Malformed(_))));
    assert!(matches!(StoredStock::read(1, json!({})), Err(RecordError::Malformed(_))));
}

#[test]
fn tickets_are_indexed_by_status_and_age_and_expire_once_they_settled() {
    let items = Items::parse([("cola", 1)]).expect("items");
    let created_at = NOW.to_offset(UtcOffset::from_hms(1, 0, 0).expect("an offset"));
    let record =
        Record::of("7".to_owned(), 1, &Ticket::reserve(Uuid::from_u128(7), items, created_at)).expect("a record");
    let expected = json!({"status": "CREATE_PENDING", "created_at": "2026-01-02T02:04:05.600Z"});
    assert_eq!(serde_json::to_value(&record.attributes).expect("JSON"), expected);
    assert_eq!(record.expires_at, None, "the ticket is live");
    let rejected = Record::of("7".to_owned(), 1, &Ticket::tombstone(Uuid::from_u128(7), NOW)).expect("a record");
    assert_eq!(rejected.expires_at, Some((NOW + KEPT_FOR).unix_timestamp()));
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

#[test]
fn stock_that_was_read_says_nothing_about_its_counter() {
    let read = StoredStock::read(1, json!({"product": "cola"})).expect("stock");
    assert!(read.attributes().is_empty(), "a write would set the counter back");
}
