//! One table.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use messaging::{
    AVAILABLE, Counted, Key, LoadError, LoadMany, OutboxEntry, Record, SaveError, Store, TRANSACTION_LIMIT, Write,
};
use serde_json::Value;
use tokio::task::yield_now;

use super::MemoryDatabase;
use crate::{Faults, Operation};

/// A [`Store`] in memory, with the semantics of DynamoDB. Clones share the table.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    database: MemoryDatabase,
    table: String,
    counters: Option<String>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        MemoryDatabase::default().table("items")
    }
}

impl MemoryDatabase {
    /// The table with this name, there as soon as it is named.
    pub fn table(&self, name: impl Into<String>) -> MemoryStore {
        MemoryStore { database: self.clone(), table: name.into(), counters: None }
    }
}

impl MemoryStore {
    /// Lets writes change the attribute [`AVAILABLE`](messaging::AVAILABLE) of the items in this table of the same database.
    #[must_use]
    pub fn with_counters(mut self, table: impl Into<String>) -> Self {
        self.counters = Some(table.into());
        self
    }

    /// The faults that its operations meet.
    pub fn faults(&self) -> &Faults {
        self.database.faults()
    }

    /// The item, whatever faults are planned.
    pub fn peek(&self, key: &str) -> Option<Record> {
        let item = self.database.tables().item(&self.table, key).cloned()?;
        Some(serde_json::from_value(item).expect("a record"))
    }

    /// Every item in the order of the keys, whatever faults are planned.
    pub fn peek_all(&self) -> Vec<Record> {
        self.records().expect("records")
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.database.tables().table(&self.table).count()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts an item there as it is, even if no [`Record`] can be read from it.
    pub fn plant(&self, key: &str, item: Value) {
        self.database.tables().put(&self.table, key, item);
    }

    /// The outbox of every write that published something, since this was last asked.
    pub(crate) fn take_written(&self) -> Vec<Vec<OutboxEntry>> {
        self.database.tables().take_written(&self.table)
    }

    /// All items as they are, whether or not a record can be read from them.
    pub(super) fn items(&self) -> BTreeMap<Key, Value> {
        let tables = self.database.tables();
        tables.table(&self.table).map(|(key, item)| (key.clone(), item.clone())).collect()
    }

    /// All items, ordered by key.
    pub(super) fn records(&self) -> Result<Vec<Record>, LoadError> {
        self.database.tables().table(&self.table).map(|(_, item)| record_of(item.clone())).collect()
    }

    pub(super) async fn enter_load(&self) -> Result<(), LoadError> {
        let injected = self.faults().enter(Operation::Load).await;
        // Other tasks may come between a load and a save, as they do on AWS.
        yield_now().await;
        if injected.fail || injected.crash {
            return Err(LoadError::Transient("injected".to_owned()));
        }
        Ok(())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn load(&self, key: &str) -> Result<Option<Record>, LoadError> {
        self.enter_load().await?;
        if key.is_empty() {
            return Err(LoadError::Unreadable("a key must not be empty".to_owned()));
        }
        let item = self.database.tables().item(&self.table, key).cloned();
        item.map(record_of).transpose()
    }

    async fn save(&self, write: &Write) -> Result<(), SaveError> {
        let injected = self.faults().enter(Operation::Save).await;
        yield_now().await;
        if injected.fail {
            return Err(SaveError::Transient("injected".to_owned()));
        }
        if injected.conflict {
            return Err(SaveError::Conflict);
        }
        self.database.tables().write(&self.table, self.counters.as_deref(), write)?;
        if injected.crash { Err(SaveError::Transient("injected after the write".to_owned())) } else { Ok(()) }
    }

    async fn count(&self, counters: &[Key]) -> Result<Counted, LoadError> {
        self.enter_load().await?;
        let table = self.counters.as_deref().ok_or_else(|| unreadable("this table goes with no counters"))?;
        let distinct: BTreeSet<&Key> = counters.iter().collect();
        if counters.is_empty() || counters.len() > TRANSACTION_LIMIT || distinct.len() < counters.len() {
            return Err(unreadable("a look at counters names 1 to 100 keys, each once"));
        }
        let tables = self.database.tables();
        let left = |key: &Key| Some((key.clone(), tables.item(table, key)?[AVAILABLE].as_i64().unwrap_or_default()));
        Ok(counters.iter().filter_map(left).collect())
    }
}

#[async_trait]
impl LoadMany for MemoryStore {
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError> {
        self.enter_load().await?;
        if keys.iter().any(String::is_empty) {
            return Err(LoadError::Unreadable("a key must not be empty".to_owned()));
        }
        let asked = self.items().into_iter().filter(|(key, _)| keys.contains(key));
        asked.map(|(_, item)| record_of(item)).collect()
    }
}

fn unreadable(reason: &str) -> LoadError {
    LoadError::Unreadable(reason.to_owned())
}

fn record_of(item: Value) -> Result<Record, LoadError> {
    serde_json::from_value(item).map_err(|error| LoadError::Unreadable(error.to_string()))
}
