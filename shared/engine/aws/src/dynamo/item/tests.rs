use std::collections::BTreeMap;

use messaging::{Address, InboxEntry, OutboxEntry, Outgoing};
use serde_json::{Value, json};
use testkit::till::v1::RefundCard;
use uuid::Uuid;

use super::*;

fn record() -> Record {
    Record {
        key: "sale-1".to_owned(),
        version: u64::MAX,
        schema: 1,
        state: json!({
            "null": null, "empty": {}, "list": [], "text": "", "name": "Zoë 🍕 \u{0} \u{ffff}", "flag": false,
            "least": i64::MIN, "most": u64::MAX, "minus": -7, "nested": [{"a": [1, "2", null]}],
        }),
        inbox: vec![InboxEntry {
            id: Uuid::from_u128(1),
            sent: vec![
                Outgoing::Reply(RefundCard { sale_id: "7".to_owned(), ..Default::default() }.into()),
                Outgoing::Message {
                    to: Address::Handler("refund-card".to_owned()),
                    id: Uuid::from_u128(2),
                    correlation: None,
                    delay_seconds: 9,
                    payload: RefundCard::default().into(),
                },
            ],
        }],
        outbox: vec![OutboxEntry { id: Uuid::from_u128(3), type_name: "a.B".to_owned(), body: "{}".to_owned() }],
        expires_at: Some(1_767_225_600),
        attributes: BTreeMap::from([
            ("buyer".to_owned(), json!("auth0|7")),
            ("available".to_owned(), json!(3)),
            ("nothing".to_owned(), Value::Null),
        ]),
    }
}

#[test]
fn a_record_survives_its_item() {
    assert_eq!(record_of(item_of(&record()).expect("an item")), Ok(record()));
    let plain = Record { inbox: vec![], outbox: vec![], expires_at: None, attributes: BTreeMap::new(), ..record() };
    let item = item_of(&plain).expect("an item");
    let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["key", "schema", "state", "version"]);
    assert_eq!(record_of(item), Ok(plain));
}

#[test]
fn numbers_are_numbers_and_indexed_attributes_stand_at_the_top() {
    let item = item_of(&record()).expect("an item");
    assert_eq!(item["version"], AttributeValue::N(u64::MAX.to_string()));
    assert_eq!(item["expires_at"], AttributeValue::N("1767225600".to_owned()));
    assert_eq!(item["available"], AttributeValue::N("3".to_owned()));
    assert_eq!(item["buyer"], AttributeValue::S("auth0|7".to_owned()));
    let AttributeValue::M(state) = &item["state"] else { panic!("the state is not a map: {item:?}") };
    assert_eq!(state["null"], AttributeValue::Null(true));
    assert_eq!(state["empty"], AttributeValue::M(Item::new()));
    assert_eq!(state["least"], AttributeValue::N(i64::MIN.to_string()));
}

#[test]
fn only_a_write_with_events_says_how_many() {
    assert_eq!(item_of(&record()).expect("an item")["events"], AttributeValue::N("1".to_owned()));
    let silent = Record { outbox: vec![], ..record() };
    assert!(!item_of(&silent).expect("an item").contains_key("events"));
}

#[test]
fn an_attribute_must_not_take_the_place_of_a_field() {
    for name in ["key", "version", "schema", "state", "inbox", "outbox", "expires_at", "events", "touched_at"] {
        let mut record = record();
        record.attributes.insert(name.to_owned(), json!(1));
        assert!(matches!(item_of(&record), Err(SaveError::Rejected(reason)) if reason.contains(name)));
    }
}

#[test]
fn an_item_that_is_no_record_is_unreadable() {
    for name in ["key", "version", "schema", "state"] {
        let mut item = item_of(&record()).expect("an item");
        item.remove(name);
        assert_eq!(record_of(item), Err(LoadError::Unreadable(format!("the item has no {name}"))));
    }
}

/// What stands in the wrong place may be a secret, so the error does not show it.
#[test]
fn what_is_said_of_an_item_that_is_no_record_shows_nothing_of_it() {
    let says = "the item is no record: an attribute is not what it should be";
    let number = AttributeValue::N("92233720368547758080".to_owned());
    for (name, value) in [("version", AttributeValue::S("tok_secret".to_owned())), ("schema", number)] {
        let mut item = item_of(&record()).expect("an item");
        item.insert(name.to_owned(), value);
        assert_eq!(record_of(item), Err(LoadError::Unreadable(says.to_owned())), "{name}");
    }
}

/// The fuzz target `stored_record` found it: such an item could be read, and never be written again.
#[test]
fn an_item_whose_version_is_no_write_is_unreadable() {
    let item = item_of(&Record { version: 0, ..record() }).expect("an item");
    let told = "the item is no record: versions begin at 1".to_owned();
    assert_eq!(record_of(item), Err(LoadError::Unreadable(told)));
    let first = Record { version: 1, ..record() };
    assert_eq!(record_of(item_of(&first).expect("an item")), Ok(first));
}
