//! One table of items.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use messaging::{Counted, Key, LoadError, LoadMany, Record, SaveError, Store, Write};

use super::condition::condition;
use super::item::{item_key, item_of, record_of, records_of};
use super::{NO_ITEM, count, load_error, save_error, transaction};

/// How many items one BatchGetItem may ask for.
const BATCH: usize = 100;
/// How often keys are asked for again that a throttled table has left out.
const BATCH_ATTEMPTS: u32 = 5;
const BATCH_BACKOFF: Duration = Duration::from_millis(25);

/// A [`Store`] that is one table.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    pub(super) client: Client,
    pub(super) table: String,
    counters: Option<String>,
}

impl DynamoStore {
    /// The items of this table.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), counters: None }
    }

    /// Lets writes change the attribute [`AVAILABLE`](messaging::AVAILABLE) of this other table's items.
    #[must_use]
    pub fn with_counters(mut self, table: impl Into<String>) -> Self {
        self.counters = Some(table.into());
        self
    }

    /// Opens the connection before the first call needs it: a TLS handshake costs more than a read. A failure does not
    /// matter here; the first call will report it.
    pub async fn connect(&self) {
        let _ = self.load(NO_ITEM).await;
    }

    async fn put(&self, record: &Record) -> Result<(), SaveError> {
        let condition = condition(record)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item_of(record)?));
        put.condition_expression(condition.expression)
            .expression_attribute_names(condition.name.0, condition.name.1)
            .set_expression_attribute_values(condition.values)
            .send()
            .await
            .map_err(|error| save_error("PutItem", &error))?;
        Ok(())
    }

    async fn batch(&self, keys: &[&Key]) -> Result<Vec<Record>, LoadError> {
        let keys = keys.iter().map(|key| item_key(key)).collect();
        let mut asked = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(|error| LoadError::Unreadable(error.to_string()))?;
        let mut records = Vec::new();
        for attempt in 0..BATCH_ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(BATCH_BACKOFF * 2_u32.pow(attempt - 1)).await;
            }
            let request = self.client.batch_get_item().request_items(&self.table, asked);
            let answer = request.send().await.map_err(|error| load_error("BatchGetItem", &error))?;
            let items = answer.responses.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default();
            records.extend(records_of(items)?);
            match answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table)) {
                None => return Ok(records),
                Some(left) => asked = left,
            }
        }
        Err(LoadError::Transient(format!("BatchGetItem: keys were left out {BATCH_ATTEMPTS} times")))
    }
}

#[async_trait]
impl Store for DynamoStore {
    async fn load(&self, key: &str) -> Result<Option<Record>, LoadError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(item_key(key))).consistent_read(true);
        let answer = request.send().await.map_err(|error| load_error("GetItem", &error))?;
        answer.item.map(record_of).transpose()
    }

    async fn save(&self, write: &Write) -> Result<(), SaveError> {
        if write.counters.is_empty() && write.claim.is_none() && write.beside.is_empty() {
            return self.put(&write.record).await;
        }
        transaction::execute(&self.client, &self.table, self.counters.as_deref(), write).await
    }

    async fn count(&self, counters: &[Key]) -> Result<Counted, LoadError> {
        let table = self.counters.as_deref();
        let table = table.ok_or_else(|| LoadError::Unreadable("this table goes with no counters".to_owned()))?;
        count::execute(&self.client, table, counters).await
    }
}

#[async_trait]
impl LoadMany for DynamoStore {
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError> {
        let distinct: Vec<&Key> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut records = Vec::with_capacity(distinct.len());
        for keys in distinct.chunks(BATCH) {
            records.extend(self.batch(keys).await?);
        }
        Ok(records)
    }
}
