//! Tables of items, written in transactions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use messaging::{AVAILABLE, Counter, Key, OutboxEntry, RESERVED_ATTRIBUTES, Record, SHARDS, SaveError, Write};
use serde_json::Value;

use crate::Faults;

/// The longest item that DynamoDB takes.
const MAX_ITEM_BYTES: usize = 400 * 1024;

/// Tables under one lock, so that a transaction may span them. Clones share the tables.
#[derive(Debug, Clone, Default)]
pub struct MemoryDatabase {
    tables: Arc<Mutex<Tables>>,
    faults: Faults,
}

impl MemoryDatabase {
    /// A database whose operations meet these faults.
    pub fn with_faults(faults: Faults) -> Self {
        Self { tables: Arc::default(), faults }
    }

    /// The faults that its operations meet.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().expect("no test panics while it writes")
    }
}

/// Items as JSON, so that only what survives being stored comes back.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    items: BTreeMap<String, BTreeMap<Key, Value>>,
    /// By table, the outbox of every write that published something, as the table's stream shows it.
    written: BTreeMap<String, Vec<Vec<OutboxEntry>>>,
}

impl Tables {
    pub(crate) fn table(&self, name: &str) -> impl Iterator<Item = (&Key, &Value)> {
        self.items.get(name).into_iter().flatten()
    }

    pub(crate) fn item(&self, table: &str, key: &str) -> Option<&Value> {
        self.items.get(table)?.get(key)
    }

    pub(crate) fn take_written(&mut self, table: &str) -> Vec<Vec<OutboxEntry>> {
        self.written.remove(table).unwrap_or_default()
    }

    pub(crate) fn put(&mut self, table: &str, key: &str, item: Value) {
        self.items.entry(table.to_owned()).or_default().insert(key.to_owned(), item);
    }

    /// Writes everything, or nothing.
    pub(crate) fn write(&mut self, table: &str, counters: Option<&str>, write: &Write) -> Result<(), SaveError> {
        let records: Vec<&Record> = std::iter::once(&write.record).chain(&write.claim).collect();
        let all = || records.iter().copied().chain(&write.beside);
        let items = all().map(item_of).collect::<Result<Vec<_>, _>>()?;
        let counters = match counters {
            None if !write.counters.is_empty() => return Err(rejected("this table goes with no counters")),
            counters => counters.unwrap_or_default(),
        };
        must_differ(all().map(|record| (table, &record.key)), write.counters.iter().map(|c| (counters, &c.key)))?;
        for record in &records {
            if self.version(table, &record.key)? != record.version - 1 {
                return Err(SaveError::Conflict);
            }
        }
        let sums = write.counters.iter().map(|counter| self.sum(counters, counter)).collect::<Result<Vec<_>, _>>()?;
        for (counter, sum) in write.counters.iter().zip(sums) {
            self.items.entry(counters.to_owned()).or_default().entry(counter.key.clone()).or_default()[AVAILABLE] =
                Value::from(sum);
        }
        for (record, item) in all().zip(items) {
            self.put(table, &record.key, item);
            if !record.outbox.is_empty() {
                self.written.entry(table.to_owned()).or_default().push(record.outbox.clone());
            }
        }
        Ok(())
    }

    fn version(&self, table: &str, key: &str) -> Result<u64, SaveError> {
        match self.item(table, key) {
            None => Ok(0),
            Some(item) => item["version"].as_u64().ok_or_else(|| rejected("the stored item has no version")),
        }
    }

    fn sum(&self, table: &str, counter: &Counter) -> Result<i64, SaveError> {
        let item = self.item(table, &counter.key).ok_or_else(|| SaveError::CounterMissing(counter.key.clone()))?;
        let available = item[AVAILABLE].as_i64();
        if counter.delta < 0 && i128::from(available.unwrap_or_default()) < -i128::from(counter.delta) {
            let is_whole = item[SHARDS].is_null();
            let short = if is_whole { SaveError::CounterShort } else { SaveError::ShardShort };
            return Err(short(counter.key.clone()));
        }
        let sum = available.unwrap_or_default().checked_add(counter.delta);
        sum.ok_or_else(|| rejected("the counter would not fit its number"))
    }
}

fn item_of(record: &Record) -> Result<Value, SaveError> {
    if record.version == 0 {
        return Err(rejected("versions begin at 1"));
    }
    if record.key.is_empty() {
        return Err(rejected("a key must not be empty"));
    }
    if let Some(name) = RESERVED_ATTRIBUTES.into_iter().find(|name| record.attributes.contains_key(*name)) {
        return Err(SaveError::Rejected(format!("no attribute may be called {name:?}")));
    }
    let item = serde_json::to_value(record).map_err(|error| SaveError::Rejected(error.to_string()))?;
    if item.to_string().len() > MAX_ITEM_BYTES { Err(rejected("the item is too large")) } else { Ok(item) }
}

/// A transaction touches no item twice.
fn must_differ<'a>(
    records: impl Iterator<Item = (&'a str, &'a Key)>,
    counters: impl Iterator<Item = (&'a str, &'a Key)>,
) -> Result<(), SaveError> {
    let mut seen = BTreeSet::new();
    let twice = records.chain(counters).any(|item| !seen.insert(item));
    if twice { Err(rejected("a transaction must not touch an item twice")) } else { Ok(()) }
}

fn rejected(reason: &str) -> SaveError {
    SaveError::Rejected(reason.to_owned())
}
