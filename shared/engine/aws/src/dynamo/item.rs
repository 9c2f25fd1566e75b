//! A record as an item: its fields are top-level attributes, numbers stay numbers.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use messaging::{LoadError, RESERVED_ATTRIBUTES, Record, SaveError};

use super::KEY;

/// An item's attributes.
pub(super) type Item = HashMap<String, AttributeValue>;

/// How many events the last write published. The stream's filter asks for this attribute, because a filter cannot tell
/// whether a list is there.
const EVENTS: &str = "events";

/// When the item was last touched, so that its table's stream carries it once more; the next write forgets it.
pub(super) const TOUCHED_AT: &str = "touched_at";

/// The attributes that every record has.
const NEEDED: [&str; 4] = ["key", "version", "schema", "state"];

/// The key of an item as DynamoDB wants it.
pub(super) fn item_key(key: &str) -> Item {
    Item::from([(KEY.to_owned(), AttributeValue::S(key.to_owned()))])
}

/// The item that holds a record.
pub(super) fn item_of(record: &Record) -> Result<Item, SaveError> {
    if let Some(name) = RESERVED_ATTRIBUTES.into_iter().find(|name| record.attributes.contains_key(*name)) {
        return Err(SaveError::Rejected(format!("no attribute may be called {name:?}")));
    }
    let mut item: Item =
        serde_dynamo::to_item(record).map_err(|error| SaveError::Rejected(format!("not an item: {error}")))?;
    if !record.outbox.is_empty() {
        item.insert(EVENTS.to_owned(), AttributeValue::N(record.outbox.len().to_string()));
    }
    Ok(item)
}

/// The record that an item holds.
pub(super) fn record_of(mut item: Item) -> Result<Record, LoadError> {
    item.remove(EVENTS);
    item.remove(TOUCHED_AT);
    let absent = NEEDED.into_iter().find(|name| !item.contains_key(*name));
    let record: Record = serde_dynamo::from_item(item).map_err(|_| LoadError::Unreadable(fault(absent)))?;
    // It could be read, but never be written again: no write is the one after no write.
    match record.version {
        0 => Err(LoadError::Unreadable("the item is no record: versions begin at 1".to_owned())),
        _ => Ok(record),
    }
}

/// What is wrong with an item, in words of our own: those of the error may quote a value, which may be a secret.
fn fault(absent: Option<&str>) -> String {
    match absent {
        Some(name) => format!("the item has no {name}"),
        None => "the item is no record: an attribute is not what it should be".to_owned(),
    }
}

/// The records that a page of items holds.
pub(super) fn records_of(items: Vec<Item>) -> Result<Vec<Record>, LoadError> {
    items.into_iter().map(record_of).collect()
}

#[cfg(test)]
mod tests;
