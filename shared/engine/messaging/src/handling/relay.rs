//! The outbox's way out: publishes the events of a written item.

use futures_util::future::try_join_all;

use crate::{Failure, Outbound, OutboxEntry};

/// Publishes the events of one write; a repeat publishes the same events under the same identities.
///
/// # Errors
/// [`Failure::Retry`] when an event could not be published; the others may have been.
pub async fn relay(outbound: &dyn Outbound, outbox: &[OutboxEntry]) -> Result<(), Failure> {
    try_join_all(outbox.iter().map(|entry| outbound.publish(&entry.type_name, &entry.body))).await?;
    Ok(())
}
