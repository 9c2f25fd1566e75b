//! What every adapter of the ports keeps, in memory and on AWS alike. A broken promise ends with a panic that names it.

mod fixture;
mod keys;
mod outbound;
mod paging;
mod record;
mod transaction;

pub use fixture::{Mailbox, Mailboxes, OutboundFixture, Received, StoreFixture};

/// The whole contract of the ports that hold items.
pub async fn store(fixture: &StoreFixture) {
    record::contract(fixture).await;
    transaction::contract(fixture).await;
    paging::contract(fixture).await;
    keys::contract(fixture).await;
}

/// The whole contract of the port through which messages leave.
pub async fn outbound(fixture: &OutboundFixture<'_>) {
    outbound::contract(fixture).await;
}
