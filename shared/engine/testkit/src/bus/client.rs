//! Who calls the services while messages are delivered.

use async_trait::async_trait;
use messaging::Failure;
use time::OffsetDateTime;

/// A call from outside, such as an app's call of an RPC. It takes its turn among the deliveries: at the same time as
/// others, repeated like them, and again a minute later when it fails transiently.
#[async_trait]
pub trait Client: Send + Sync {
    /// Makes the call.
    ///
    /// # Errors
    /// [`Failure::Retry`] when the call was not answered; it is made again then.
    async fn call(&self, now: OffsetDateTime) -> Result<(), Failure>;
}
