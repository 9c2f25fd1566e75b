//! What every adapter of the ports keeps, in memory and on AWS alike. A broken promise ends with a panic that names it.

mod outbound;
mod paging;
mod record;
mod transaction;

use std::sync::Arc;

use messaging::{Address, Index, LoadMany, Outbound, Scan, Store};

pub use outbound::{Mailbox, Mailboxes, Received};

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

/// The whole contract of the ports that hold items.
pub async fn store(fixture: &StoreFixture) {
    record::contract(fixture).await;
    transaction::contract(fixture).await;
    paging::contract(fixture).await;
}

/// The whole contract of the port through which messages leave.
pub async fn outbound(fixture: &OutboundFixture<'_>) {
    outbound::contract(fixture).await;
}
