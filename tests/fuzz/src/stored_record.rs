//! An item of a table, as DynamoDB gives it: what an earlier or a later deployment, or a person, has written.

use aws::DynamoStore;
use billing::domain::Authorization;
use kitchen::StoredStock;
use kitchen::domain::Ticket;
use messaging::{Aggregate, LoadError, Record, RecordError, Store, Write};
use orchestration::SagaInstance;
use order::domain::{Order, Product};
use serde_json::Value;

use crate::block_on;
use crate::dynamo::OneItem;
use crate::echoes::{repeats_nothing, values_of};

/// Where the texts of failures stand.
const TEXTS: [&str; 4] = [
    include_str!("../../../shared/engine/aws/src/dynamo/item.rs"),
    include_str!("../../../shared/engine/messaging/src/store/record.rs"),
    include_str!("../../../shared/engine/wire/src/fault.rs"),
    include_str!("../../../shared/engine/wire/src/payload.rs"),
];

/// Whether the item holds a state that is known. If it can be read, its record survives being written, and so does each state that
/// can be read of it; if not, what is said shows nothing of it.
pub fn check(input: &[u8]) -> bool {
    let Ok(item) = serde_json::from_slice::<Value>(input) else { return false };
    if !is_item(&item) {
        return false;
    }
    let dynamo = OneItem::default();
    let store = DynamoStore::new(dynamo.client(), "items");
    dynamo.hold(item.clone());
    let record = match block_on(store.load("any")) {
        Ok(record) => record.expect("an item"),
        Err(LoadError::Unreadable(told)) => {
            repeats_nothing(&told, &values_of(&item), &TEXTS);
            return false;
        }
        // The SDK cannot read what is no item; it says so in its own words.
        Err(_) => return false,
    };
    assert_eq!(saved_and_loaded(&store, &record), record);
    let said = values_of(&item);
    let read = [
        survives::<Order>(&store, &record, &said),
        survives::<Product>(&store, &record, &said),
        survives::<Ticket>(&store, &record, &said),
        survives::<StoredStock>(&store, &record, &said),
        survives::<Authorization>(&store, &record, &said),
        survives::<SagaInstance>(&store, &record, &said),
    ];
    let known = read.into_iter().filter(|read| *read).count();
    assert!(record.schema == 1 || known == 0, "nobody has written schema {}", record.schema);
    known > 0
}

/// Whether this is an item of DynamoDB's: `serde_dynamo` panics at a value of another kind, and DynamoDB has no other kinds.
fn is_item(item: &Value) -> bool {
    item.as_object().is_some_and(|attributes| attributes.values().all(is_value))
}

fn is_value(value: &Value) -> bool {
    let Some(kinds) = value.as_object() else { return false };
    let mut kinds = kinds.iter();
    let (Some((kind, value)), None) = (kinds.next(), kinds.next()) else { return false };
    match kind.as_str() {
        "S" | "B" => value.is_string(),
        "N" => value.as_str().is_some_and(is_number),
        "BOOL" => value.is_boolean(),
        "NULL" => *value == Value::Bool(true),
        "NS" => value.as_array().is_some_and(|values| values.iter().all(|value| value.as_str().is_some_and(is_number))),
        "SS" | "BS" => value.as_array().is_some_and(|values| values.iter().all(Value::is_string)),
        "L" => value.as_array().is_some_and(|values| values.iter().all(is_value)),
        "M" => is_item(value),
        _ => false,
    }
}

/// Whether DynamoDB would give this number: it drops zeros that say nothing, so `115.` is never read, which would be a fraction
/// when it is read and a whole number once it is written again.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_short = whole == "0" || !whole.starts_with('0');
    digits(whole) && is_short && fraction.is_none_or(|fraction| digits(fraction) && !fraction.ends_with('0'))
}

/// Writes the record over the item, as the adapter does it.
fn saved_and_loaded(store: &DynamoStore, record: &Record) -> Record {
    block_on(async {
        store.save(&Write::of(record.clone())).await.expect("what was read can be written");
        store.load("any").await.expect("what was written can be read").expect("an item")
    })
}

/// Whether the record holds such a state; if it does, the state is the same after it was written.
fn survives<A: Aggregate>(store: &DynamoStore, record: &Record, said: &str) -> bool {
    let state: A = match record.aggregate() {
        Ok(state) => state,
        Err(error) => {
            if let RecordError::Malformed(_) = error {
                repeats_nothing(&error.to_string(), said, &TEXTS);
            }
            return false;
        }
    };
    let written = Record::of(record.key.clone(), 2, &state).expect("a state that was read can be written");
    let loaded = saved_and_loaded(store, &written);
    assert_eq!(loaded, written);
    let again = loaded.aggregate::<A>().expect("a state that was written can be read");
    assert_eq!(Record::of(record.key.clone(), 2, &again), Ok(written));
    true
}
