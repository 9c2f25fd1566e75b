//! What a function behind a queue runs: a [`Receiver`], most often the [`Loop`] of a [`Handler`].

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::{Envelope, Failure, Handler, Key, Outbound, Store, deliver};

/// Takes the messages of one queue.
#[async_trait]
pub trait Receiver: Send + Sync {
    /// Takes one message, and promises what [`deliver`] promises.
    ///
    /// # Errors
    /// See [`Failure`].
    async fn receive(&self, message: &Envelope, now: OffsetDateTime) -> Result<(), Failure>;

    /// See [`Handler::contends`].
    fn contends(&self, message: &Envelope) -> Vec<Key> {
        let _ = message;
        Vec::new()
    }
}

/// A [`Handler`] as a receiver: [`deliver`] with its ports.
pub struct Loop<'a, H> {
    /// The handler that decides.
    pub handler: H,
    /// The table of its items.
    pub store: &'a dyn Store,
    /// How its messages leave.
    pub outbound: &'a dyn Outbound,
}

#[async_trait]
impl<H: Handler> Receiver for Loop<'_, H> {
    async fn receive(&self, message: &Envelope, now: OffsetDateTime) -> Result<(), Failure> {
        deliver(&self.handler, self.store, self.outbound, message, now).await
    }

    fn contends(&self, message: &Envelope) -> Vec<Key> {
        self.handler.contends(message)
    }
}
