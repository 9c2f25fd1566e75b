//! Who takes messages from a queue.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Envelope, Failure, Handler, Outbound, Store, deliver};
use time::OffsetDateTime;

/// Handles the messages of one queue, of whatever type its state is.
#[async_trait]
pub trait Consumer: Send + Sync {
    /// Handles one message.
    ///
    /// # Errors
    /// See [`Failure`].
    async fn consume(&self, message: &Envelope, outbound: &dyn Outbound, now: OffsetDateTime) -> Result<(), Failure>;
}

#[async_trait]
impl<C: Consumer + ?Sized> Consumer for Box<C> {
    async fn consume(&self, message: &Envelope, outbound: &dyn Outbound, now: OffsetDateTime) -> Result<(), Failure> {
        (**self).consume(message, outbound, now).await
    }
}

/// A [`Handler`] over its table.
pub struct Worker<H> {
    handler: H,
    store: Arc<dyn Store>,
}

impl<H> Worker<H> {
    /// Runs the handler over this table.
    pub fn new(handler: H, store: impl Store + 'static) -> Self {
        Self { handler, store: Arc::new(store) }
    }
}

#[async_trait]
impl<H: Handler> Consumer for Worker<H> {
    async fn consume(&self, message: &Envelope, outbound: &dyn Outbound, now: OffsetDateTime) -> Result<(), Failure> {
        deliver(&self.handler, self.store.as_ref(), outbound, message, now).await
    }
}
