//! The tables of a deployed stack, whose names follow from its own.

use anyhow::{Context, Result};
use aws::DynamoStore;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use messaging::Table;

/// The tables of a stack.
#[derive(Clone, Debug)]
pub struct Tables {
    dynamodb: Client,
    stack: String,
}

impl Tables {
    /// The tables of the stack named `stack`, by this client.
    #[must_use]
    pub fn of(dynamodb: Client, stack: &str) -> Self {
        Self { dynamodb, stack: stack.to_owned() }
    }

    /// The real name of a table, such as `order-saga-stock`.
    #[must_use]
    pub fn name(&self, table: Table) -> String {
        format!("{}-{}", self.stack, table.name)
    }

    /// The items of a table.
    #[must_use]
    pub fn store(&self, table: Table) -> DynamoStore {
        DynamoStore::new(self.dynamodb.clone(), self.name(table))
    }

    /// Whether there is an item with this key; a table that this lane does without has none.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(crate) async fn has(&self, table: Table, key: &str) -> Result<bool> {
        let key = AttributeValue::S(key.to_owned());
        let asked =
            self.dynamodb.get_item().table_name(self.name(table)).key("key", key).consistent_read(true).send().await;
        match asked {
            Ok(found) => Ok(found.item.is_some()),
            Err(error) if error.as_service_error().is_some_and(GetItemError::is_resource_not_found_exception) => {
                Ok(false)
            }
            Err(error) => Err(error).with_context(|| format!("cannot read the table {}", self.name(table))),
        }
    }

    /// Removes an item, and says whether it was there.
    ///
    /// # Errors
    /// When the table does not let it go.
    pub(crate) async fn remove(&self, table: Table, key: &str) -> Result<bool> {
        let key = AttributeValue::S(key.to_owned());
        let asked = self.dynamodb.delete_item().table_name(self.name(table)).key("key", key);
        let removed = asked.return_values(ReturnValue::AllOld).send().await;
        let removed = removed.with_context(|| format!("cannot remove an item of the table {}", self.name(table)))?;
        Ok(removed.attributes.is_some())
    }

    /// The name of the stack.
    pub(crate) fn stack(&self) -> &str {
        &self.stack
    }
}
