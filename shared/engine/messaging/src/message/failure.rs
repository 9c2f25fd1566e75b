//! What a caller of the loop can do about a message that was not handled.

use thiserror::Error;

/// Why a message could not be handled; a business refusal is not a failure but a reply.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// Leave the message on its queue: a later attempt may succeed.
    #[error("try again later: {0}")]
    Retry(String),
    /// Move the message to the dead-letter queue with this reason: no attempt can succeed.
    #[error("set aside: {0}")]
    SetAside(String),
}

impl Failure {
    /// A failure that time may heal.
    pub fn retry(reason: impl ToString) -> Self {
        Self::Retry(reason.to_string())
    }

    /// A failure that needs a person.
    pub fn set_aside(reason: impl ToString) -> Self {
        Self::SetAside(reason.to_string())
    }
}
