//! An RPC that reads.

use std::time::Duration;

use async_trait::async_trait;
use connectrpc::Spec;
use wire::WireMessage;
use wire::shape::Shaped;

use crate::{Caller, Ownership, RpcError};

/// An RPC without side effects.
#[async_trait]
pub trait Query: Send + Sync + 'static {
    /// What is asked.
    type Request: WireMessage + Shaped + Send + Sync + 'static;
    /// What is answered.
    type Response: WireMessage + Send + Sync + 'static;
    /// The RPC's path and idempotency level, as generated.
    const SPEC: Spec;
    /// Whose things are shown. [`Query::answer`] keeps to it.
    const OWNERSHIP: Ownership;
    /// How long a caller may keep an answer that it got by GET and show it again. `None`: not at all.
    const CACHE: Option<Duration> = None;

    /// Answers; what belongs to somebody else is not found.
    ///
    /// # Errors
    /// See [`RpcError`].
    async fn answer(&self, request: Self::Request, caller: &Caller) -> Result<Self::Response, RpcError>;
}
