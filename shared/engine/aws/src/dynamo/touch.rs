//! Lets a table's stream carry an item once more, so that the events of its last write are published again.

use aws_sdk_dynamodb::types::AttributeValue;
use messaging::{Record, SaveError};
use time::OffsetDateTime;

use super::item::{TOUCHED_AT, item_key};
use super::{DynamoStore, VERSION, save_error};

impl DynamoStore {
    /// Touches the item of a record that was loaded: the item is otherwise the same, version and outbox included.
    ///
    /// The stream tells of changes only, so `now` must not be the moment of an earlier touch.
    ///
    /// # Errors
    /// [`SaveError::Conflict`] when the item was written since it was loaded: the stream carries the newer write anyway.
    pub async fn touch(&self, record: &Record, now: OffsetDateTime) -> Result<(), SaveError> {
        let number = |number: String| AttributeValue::N(number);
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(item_key(&record.key)))
            .update_expression("SET #touched_at = :now")
            .condition_expression("#version = :loaded")
            .expression_attribute_names("#touched_at", TOUCHED_AT)
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":now", number(now.unix_timestamp_nanos().to_string()))
            .expression_attribute_values(":loaded", number(record.version.to_string()))
            .send()
            .await
            .map_err(|error| save_error("UpdateItem", &error))?;
        Ok(())
    }
}
