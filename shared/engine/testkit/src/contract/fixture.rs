//! What an adapter gives, to be tried.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use messaging::{Address, Index, KeyIndex, LoadMany, Outbound, Scan, Store};

/// One table with its counters and its paging; empty when a contract begins.
#[derive(Clone)]
pub struct StoreFixture {
    /// The table, whose writes change the counters.
    pub store: Arc<dyn Store>,
    /// The table that the counters are in.
    pub counters: Arc<dyn Store>,
    /// The table once more.
    pub many: Arc<dyn LoadMany>,
    /// The table's index by the attribute `buyer`, in the order of `created_at`.
    pub index: Arc<dyn Index>,
    /// The table's index of keys by the attribute `shelf`, in the order of `created_at`.
    pub keys: Arc<dyn KeyIndex>,
    /// The counters' table once more.
    pub scan: Arc<dyn Scan>,
}

/// Where messages leave, and where they arrive.
pub struct OutboundFixture<'a> {
    /// The adapter; it knows the handler `known` and its own queue.
    pub outbound: &'a dyn Outbound,
    /// A queue by its URL.
    pub queue: Address,
    /// Reads what has arrived.
    pub mailboxes: &'a dyn Mailboxes,
}

/// Where a message can arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailbox {
    /// The queue behind an address.
    Queue(Address),
    /// Whoever subscribes to the topic, to whatever type.
    Subscriber,
    /// The dead-letter queue.
    DeadLetters,
}

/// A message as its receiver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The body.
    pub body: String,
    /// The message attributes.
    pub attributes: BTreeMap<String, String>,
}

/// Reads what has arrived.
#[async_trait]
pub trait Mailboxes: Send + Sync {
    /// Lets `after` pass, then takes what is visible.
    async fn receive(&self, mailbox: &Mailbox, after: Duration) -> Vec<Received>;
}
