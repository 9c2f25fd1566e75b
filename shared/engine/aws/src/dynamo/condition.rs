//! The condition under which a record is written.

use aws_sdk_dynamodb::types::AttributeValue;
use messaging::{Record, SaveError};

use super::item::Item;
use super::{KEY, VERSION};

/// What must hold for a record to be written.
pub(super) struct Condition {
    pub(super) expression: &'static str,
    pub(super) name: (&'static str, &'static str),
    pub(super) values: Option<Item>,
}

/// The item must have the version before the record's, and not exist before the first.
pub(super) fn condition(record: &Record) -> Result<Condition, SaveError> {
    match record.version.checked_sub(1) {
        None => Err(SaveError::Rejected("versions begin at 1".to_owned())),
        Some(0) => Ok(Condition { expression: "attribute_not_exists(#key)", name: ("#key", KEY), values: None }),
        Some(loaded) => Ok(Condition {
            expression: "#version = :loaded",
            name: ("#version", VERSION),
            values: Some(Item::from([(":loaded".to_owned(), AttributeValue::N(loaded.to_string()))])),
        }),
    }
}
