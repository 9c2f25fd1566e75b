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
    for (fixture, shards, is_uncounted) in [
        (include_str!("../../fixtures/stock.1.json"), 1, false),
        (include_str!("../../fixtures/stock.1.spread.json"), 4, false),
        (include_str!("../../fixtures/stock.1.uncounted.json"), 1, true),
    ] {
        let stored: Value = serde_json::from_str(fixture).expect("JSON");
        let stock = StoredStock::read(1, stored.clone()).expect("stock");
        assert_eq!((serde_json::to_value(&stock).expect("JSON"), stock.shards), (stored, shards));
        assert_eq!(stock.is_uncounted(), is_uncounted);
    }
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
    let record = Record::of("cola".to_owned(), 1, &StoredStock::counted(&stock, Shards::ONE, None)).expect("a record");
    assert_eq!(record.state, json!({"product": "cola"}));
    assert_eq!(record.attributes.get("available"), Some(&json!(30)));
}

#[test]
fn what_comes_on_the_menu_is_made_from_now_on_and_there_is_none_of_it() {
    let stock = StoredStock::uncounted(ProductId::parse("cola").expect("a product"));
    let record = Record::of("cola".to_owned(), 1, &stock).expect("a record");
    assert_eq!(record.state, json!({"product": "cola", "uncounted": true}));
    assert_eq!(record.attributes.get("available"), Some(&json!(0)));
    assert_eq!((stock.is_uncounted(), stock.beside()), (true, Vec::new()));
}

fn spread(total: i64, shards: u32, before: Option<&StoredStock>) -> StoredStock {
    let product = ProductId::parse("cola").expect("a product");
    let stock = Stock { product, available: Available::new(total).expect("a count") };
    StoredStock::counted(&stock, Shards::try_from(shards).expect("a number"), before)
}

/// The counters beside the item, each with its state.
fn beside(stock: &StoredStock) -> Vec<(String, Value, Value)> {
    let shown = |(ending, shard): (String, StoredStock)| {
        let attributes = serde_json::to_value(shard.attributes()).expect("JSON");
        assert!(shard.beside().is_empty(), "nothing is written beside what is beside");
        (ending, attributes, serde_json::to_value(&shard).expect("JSON"))
    };
    stock.beside().into_iter().map(shown).collect()
}

#[test]
fn stock_that_is_spread_lies_in_items_that_say_how_many_they_are() {
    let stock = spread(8, 3, None);
    assert_eq!(serde_json::to_value(stock.attributes()).expect("JSON"), json!({"available": 3, "shards": 3}));
    let state = || json!({"product": "cola", "shards": 3});
    assert_eq!(serde_json::to_value(&stock).expect("JSON"), state());
    let other = |ending: &str, available| (ending.to_owned(), json!({"available": available, "shards": 3}), state());
    assert_eq!(beside(&stock), [other("/1", 3), other("/2", 2)]);
    let product = ProductId::parse("cola").expect("a product");
    assert_eq!([0, 1, 9].map(|shard| shard_key(&product, shard)), ["cola", "cola/1", "cola/9"]);
}

#[test]
fn stock_that_is_not_spread_is_stored_as_it_always_was() {
    assert!(spread(8, 1, None).beside().is_empty());
    assert!(spread(8, 1, Some(&spread(9, 1, None))).beside().is_empty(), "whatever was there before");
}

#[test]
fn shards_that_are_given_up_are_emptied() {
    let before = spread(9, 4, None);
    let stored: StoredStock = serde_json::from_value(serde_json::to_value(&before).expect("JSON")).expect("stock");
    let given_up = |ending: &str| {
        (ending.to_owned(), json!({"available": 0, "shards": 2}), json!({"product": "cola", "shards": 2}))
    };
    let beside_two = beside(&spread(4, 2, Some(&stored)));
    assert_eq!((beside_two.len(), &beside_two[1..]), (3, &[given_up("/2"), given_up("/3")][..]));
    let alone = |ending: &str| (ending.to_owned(), json!({"available": 0}), json!({"product": "cola"}));
    assert_eq!(beside(&spread(4, 1, Some(&stored))), [alone("/1"), alone("/2"), alone("/3")]);
}

#[test]
fn stock_that_was_read_says_nothing_about_its_counter() {
    let read = StoredStock::read(1, json!({"product": "cola"})).expect("stock");
    assert!(read.attributes().is_empty(), "a write would set the counter back");
}
