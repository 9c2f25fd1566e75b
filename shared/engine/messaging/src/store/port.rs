//! The ports to a table: [`Store`] for one item, [`LoadMany`], [`Index`], [`KeyIndex`] and [`Scan`] for several.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Failure, Key, Record};

/// A change of a counter in the counters' table; any order of such changes gives the same sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The counter's key.
    pub key: Key,
    /// What is added; a negative change is refused when less than that is left.
    pub delta: i64,
}

/// What is left in counters, by their keys; a counter that does not exist is not in it.
pub type Counted = BTreeMap<Key, i64>;

/// How many counters one look can show, and how many items one write can change.
pub const TRANSACTION_LIMIT: usize = 100;

/// One write: an item, and what must change with it or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The whole item, with the version it gets; the item must now have the version before.
    pub record: Record,
    /// Counters that change in the same transaction.
    pub counters: Vec<Counter>,
    /// A new item in the same table and transaction; it must not exist yet.
    pub claim: Option<Record>,
    /// Items of the same table that are replaced in the same transaction, whatever they were.
    pub beside: Vec<Record>,
}

impl Write {
    /// A write of one item alone.
    pub fn of(record: Record) -> Self {
        Self { record, counters: Vec::new(), claim: None, beside: Vec::new() }
    }
}

/// Why an item could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoadError {
    /// A later attempt may succeed.
    #[error("loading failed: {0}")]
    Transient(String),
    /// The item is there but cannot be read.
    #[error("the stored item cannot be read: {0}")]
    Unreadable(String),
    /// No page of this list ended with the page token: the caller has to begin with the first page.
    #[error("the page token does not belong to this list: ask for the first page again, without a token")]
    BadToken,
    /// The list goes no further back: the caller has to ask for less.
    #[error("the list goes no further back: ask for one saga, or for fewer states")]
    TooFar,
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Transient(_) => Self::retry(error),
            LoadError::Unreadable(_) | LoadError::BadToken | LoadError::TooFar => Self::set_aside(error),
        }
    }
}

/// Why a write did not happen; no part of it did.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SaveError {
    /// The item changed since it was loaded, or the claim exists, or another transaction was under way: load again.
    #[error("the item has changed since it was loaded")]
    Conflict,
    /// Less is left in this counter than the write takes.
    #[error("counter {0} has too little left")]
    CounterShort(Key),
    /// Less is left in this counter than the write takes, but it is one of several over which a sum is spread.
    #[error("counter {0} has too little left; there are others beside it")]
    ShardShort(Key),
    /// No counter has this key.
    #[error("there is no counter {0}")]
    CounterMissing(Key),
    /// A later attempt may succeed.
    #[error("saving failed: {0}")]
    Transient(String),
    /// No attempt can succeed; the item may be too large, for example.
    #[error("the item cannot be saved: {0}")]
    Rejected(String),
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Conflict | SaveError::Transient(_) => Self::retry(error),
            SaveError::CounterShort(_)
            | SaveError::ShardShort(_)
            | SaveError::CounterMissing(_)
            | SaveError::Rejected(_) => Self::set_aside(error),
        }
    }
}

/// One table of items, written conditionally.
#[async_trait]
pub trait Store: Send + Sync {
    /// The item, read consistently, or `None` if no item has this key.
    async fn load(&self, key: &str) -> Result<Option<Record>, LoadError>;

    /// Writes the item if the stored version is the version before the record's.
    async fn save(&self, write: &Write) -> Result<(), SaveError>;

    /// What is left in these counters of the counters' table, all at one moment; at most [`TRANSACTION_LIMIT`] keys, each
    /// once.
    async fn count(&self, counters: &[Key]) -> Result<Counted, LoadError>;
}

/// Several items of one table at once.
#[async_trait]
pub trait LoadMany: Send + Sync {
    /// The items that exist among these keys, in no particular order; at most 100 keys are asked for.
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError>;
}

/// Where a page begins: the last key of the page before, opaque to callers.
pub type PageToken = String;

/// One page of items.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The page's items, at most as many as were asked for.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<PageToken>,
}

/// In which order an index gives its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// The oldest first.
    OldestFirst,
    /// The newest first.
    NewestFirst,
}

/// An index of a table: the items that share a value, by age. It may lag behind the table, and of each record it has the
/// [`INDEXED_ATTRIBUTES`](crate::INDEXED_ATTRIBUTES) and its own keys, so whoever handles messages loads the item itself.
#[async_trait]
pub trait Index: Send + Sync {
    /// One page of the items that have this value.
    async fn page(&self, value: &str, limit: u32, order: SortOrder, token: Option<&str>) -> Result<Page, LoadError>;
}

/// An item as an index of keys knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedKey {
    /// The item's key in its table.
    pub key: Key,
    /// The value of the attribute that sorts the index.
    pub sort: String,
}

/// From where to where in the order of an index; both ends belong to it, and `None` is no end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// The lowest value of the attribute that sorts the index.
    pub from: Option<String>,
    /// The highest.
    pub to: Option<String>,
}

impl Span {
    /// Whether no value is in it.
    pub fn is_empty(&self) -> bool {
        self.from.as_ref().zip(self.to.as_ref()).is_some_and(|(from, to)| from > to)
    }
}

/// An index of a table that has keys and nothing else: it is written only when the value changes by which it groups items.
/// It may lag behind the table, so an item can be found by its earlier value, or by none, for a moment.
#[async_trait]
pub trait KeyIndex: Send + Sync {
    /// The latest of the items that have this value and are in the span, the latest first; at most `limit`.
    async fn latest(&self, value: &str, span: &Span, limit: u32) -> Result<Vec<IndexedKey>, LoadError>;
}

/// A whole table, in no order that means anything.
#[async_trait]
pub trait Scan: Send + Sync {
    /// One page of the items.
    async fn page(&self, limit: u32, token: Option<&str>) -> Result<Page, LoadError>;
}
