//! The port through which messages leave.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Envelope, Failure};

/// The longest delay of a message; SQS takes no longer delay.
pub const LONGEST_DELAY: Duration = Duration::from_secs(900);

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// The queue with this URL: a return address.
    Queue(String),
    /// The command queue of the function with this name.
    Handler(String),
    /// The queue that the sender itself consumes.
    Myself,
}

/// Why a message did not leave.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SendError {
    /// A later attempt may succeed.
    #[error("sending failed: {0}")]
    Transient(String),
    /// The receiver can never take what was sent.
    #[error("sending failed for good: {0}")]
    Rejected(String),
    /// No queue is known for the address.
    #[error("no queue is known for {0}")]
    UnknownAddress(String),
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Transient(_) => Self::retry(error),
            SendError::Rejected(_) | SendError::UnknownAddress(_) => Self::set_aside(error),
        }
    }
}

/// An event that is written as ProtoJSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutgoingEvent<'a> {
    /// The type of the event, by which subscribers filter.
    pub type_name: &'a str,
    /// The whole message.
    pub body: &'a str,
}

/// Sends, publishes and sets aside.
#[async_trait]
pub trait Outbound: Send + Sync {
    /// Sends a message to one receiver, to be seen after `delay`: whole seconds, at most [`LONGEST_DELAY`].
    async fn send(&self, to: &Address, message: &Envelope, delay: Duration) -> Result<(), Failure>;

    /// Publishes events, in any order, each to whoever subscribes to its type; tells of each in its place whether it
    /// left.
    async fn publish(&self, events: &[OutgoingEvent<'_>]) -> Vec<Result<(), SendError>>;

    /// Moves a body that can never be handled to the dead-letter queue, with its reason.
    async fn set_aside(&self, body: &str, reason: &str) -> Result<(), SendError>;
}
